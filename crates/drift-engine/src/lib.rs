//! The façade: open a project, index it, ask it. Plain values in and out. Read `project.rs` first.

mod analyse;
mod error;
mod index;
mod json;
mod project;
mod query;
mod run;

pub use analyse::{WORKER_STACK_BYTES, analyse};
pub use error::EngineError;
pub use index::{IndexOptions, IndexSummary, Phase, Progress};
pub use project::{OpenOptions, Project};
pub use query::{CallSite, CallTarget, FunctionSymbol, IndexStats, SkippedFile, Snapshot, SymbolQuery};
pub use run::TOOL;

/// The version in every answer.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
