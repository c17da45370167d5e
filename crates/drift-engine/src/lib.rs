//! The façade: open a project, index it, ask it. Plain values in and out. Read `project.rs` first.

mod analyse;
mod edges;
mod error;
mod flows;
mod index;
mod json;
mod positions;
mod project;
mod query;
mod reader;
mod run;
mod snapshot;
mod sources;

pub use analyse::{WORKER_STACK_BYTES, analyse};
pub use error::EngineError;
pub use flows::{FlowAnswer, FlowPlace, FlowSink, FlowStep};
pub use index::{IndexOptions, IndexSummary, Phase, Progress};
pub use project::{OpenOptions, Project};
pub use query::{
    CallSite, CallTarget, Direction, FunctionSymbol, IndexStats, Reach, Reached, SkippedFile, SymbolQuery,
};
pub use run::TOOL;
pub use snapshot::Snapshot;

/// The version in every answer.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
