//! Syntax tree in; the facts of one file out.

mod flow;
mod javascript;

pub use flow::{
    AccessFact, AccessKind, CalleeShape, ClassFact, ELEMENT, ExportFact, FileFacts, Flow, FunctionFact, FunctionKind,
    ImportFact, ImportKind, IterationFact, MAX_INDEX, MemberFact, MemberKind, NONE, Name, Node, SiteFact, SiteKind,
    TypeFact, accessor_property, getter_field, setter_field,
};

use drift_syntax::{Language, Problem};

/// What one file says, and what in it could not be understood.
pub struct Extracted {
    /// Facts; as much as could be read.
    pub facts: FileFacts,
    /// Empty when everything was understood; ordered by position.
    pub problems: Vec<Problem>,
}

/// Reads one file. Deterministic; keeps no state; O(bytes). Recurses as deep as the text nests, see
/// [`drift_syntax::nesting_estimate`].
pub fn extract(language: Language, text: &str) -> Extracted {
    javascript::extract(language, text)
}
