//! Positions and ids: the vocabulary every other crate shares.

mod line_index;
mod span;

pub use line_index::LineIndex;
pub use span::{LineSpan, Span};
