//! What one file does with values of every kind, for questions about where a value arrives.
//!
//! [`crate::flow`] follows what can be called, for all files at once; texts and numbers are nothing to it. This follows one
//! value, and is made on demand, from the few files that the value comes through: every expression is a value, with edges to
//! those that are made of it. Variables have a value per assignment, as far as statements tell which one is read.

mod build;
mod javascript;
mod javascript_definitions;
mod python;
mod python_definitions;
#[cfg(test)]
mod tests;

use drift_syntax::Language;
use drift_text::LineSpan;

/// Index of a value; [`NOTHING`] is none.
pub type Value = u32;
/// No value that matters.
pub const NOTHING: Value = 0;
/// Stands for the function around code at the top level of a file.
pub const TOP: u32 = u32::MAX;
/// The field of all elements of a container, and of fields under names made at run time.
pub const ELEMENT: &str = "[]";

/// What becomes of a value on its way; several may be true of one.
pub mod effect {
    /// It is a part of a text that was put together.
    pub const JOINED: u8 = 1;
    /// Quotes in it were replaced, or it was escaped for the language that it is put into.
    pub const QUOTED: u8 = 2;
    /// It was encoded: as a part of a URL, in base 64.
    pub const ENCODED: u8 = 4;
    /// A digest of it.
    pub const HASHED: u8 = 8;
    /// Made a number.
    pub const NUMBER: u8 = 16;
}

/// How one value is made of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is the same.
    Same,
    /// It is made of it, with this [`effect`].
    Made(u8),
    /// The source is put under this name into the target.
    Into(String),
    /// The target is what the source has under this name.
    From(String),
}

/// One value is made of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The source.
    pub from: Value,
    /// The target.
    pub to: Value,
    /// How.
    pub how: How,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// An argument by position, or by name.
    One,
    /// An argument by name alone.
    Named,
    /// All further arguments by position.
    Rest,
    /// All further arguments by name.
    NamedRest,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Empty where it is a pattern.
    pub name: String,
    /// What it holds.
    pub value: Value,
    /// What it takes.
    pub takes: Takes,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The whole definition.
    pub span: LineSpan,
    /// Without the receiver that methods of Python declare.
    pub parameters: Vec<Parameter>,
    /// What it returns; of a generator a container of what it yields.
    pub returns: Value,
    /// Place of the class whose instances it is called on.
    pub class: Option<u32>,
    /// It makes instances of its class.
    pub is_constructor: bool,
}

/// A class; its instances are one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The whole definition.
    pub span: LineSpan,
    /// Any of its instances.
    pub instance: Value,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// What is given.
    pub value: Value,
    /// By which name, if by one.
    pub name: Option<String>,
    /// The elements of a container are given, or by name its fields.
    pub is_spread: bool,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The whole expression.
    pub span: LineSpan,
    /// The last part of what is called; empty where that is no name.
    pub name: String,
    /// What is called as far as it is written in names: `db.query`, `query`.
    pub callee: String,
    /// What the member that is called belongs to.
    pub receiver: Value,
    /// In order.
    pub arguments: Vec<Argument>,
    /// What it yields.
    pub result: Value,
    /// Place of the function around it; [`TOP`].
    pub around: u32,
}

/// What one file does with values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileValues {
    /// Of each value the function around it; [`TOP`]. Value 0 is [`NOTHING`].
    pub around: Vec<u32>,
    /// By their targets, in the order of the text.
    pub edges: Vec<Edge>,
    /// In the order in which they begin.
    pub functions: Vec<Function>,
    /// In the order in which they begin.
    pub classes: Vec<Class>,
    /// In the order in which they are evaluated.
    pub calls: Vec<Call>,
    /// Expressions and declared names, with the value that each has.
    pub places: Vec<(LineSpan, Value)>,
    /// Values that are texts which are written out, regular expressions with their slashes.
    pub texts: Vec<(Value, String)>,
    /// Values that are functions of this file.
    pub function_values: Vec<(Value, u32)>,
}

/// Reads what a file does with values; broken source as far as it goes. `None` for languages without such a reader. Recurses
/// as deep as the text nests, see [`drift_syntax::nesting_estimate`].
pub fn values(language: Language, text: &str) -> Option<FileValues> {
    match language {
        Language::Python => python::read(text),
        Language::Notebook | Language::TypeScriptDeclaration => None,
        _ => Some(javascript::read(language, text)),
    }
}
