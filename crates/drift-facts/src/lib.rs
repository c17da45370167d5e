//! Syntax tree in; the facts of one file out.

mod flow;
mod javascript;
mod python;
pub mod values;
mod versions;

pub use flow::{
    ANY, AccessFact, AccessKind, Binding, CalleeShape, ClassFact, Detail, DetailFact, ELEMENT, EMITTING_MEMBER,
    ExportFact, Extent, FileFacts, Flow, FunctionFact, FunctionKind, ImplicitCallFact, ImportFact, ImportKind,
    IterationFact, LISTENING_MEMBERS, Library, MADE, MAX_INDEX, MemberFact, MemberKind, NO_NAME, NONE, Name, Node,
    RECEIVER, RETURNED, SENT, SharedClass, SiteFact, SiteKind, TypeFact, accessor_property, getter_field, setter_field,
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
    let mut extracted = match language {
        Language::Python => python::extract(text),
        Language::Notebook => python::extract_notebook(text),
        _ => javascript::extract(language, text),
    };
    extracted.facts.tighten();
    extracted
}
