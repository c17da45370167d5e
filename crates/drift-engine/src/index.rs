use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use crate::query::IndexStats;

/// A stage of indexing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Listing the folder.
    Scan,
    /// Reading files.
    Parse,
    /// Solving the call graph.
    Resolve,
    /// Saving.
    Store,
}

impl Phase {
    /// The stable name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Parse => "parse",
            Self::Resolve => "resolve",
            Self::Store => "store",
        }
    }
}

/// How far indexing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub phase: Phase,
    /// Steps done.
    pub done: usize,
    /// Steps in all; files in [`Phase::Parse`], else 1.
    pub total: usize,
}

/// How to index.
pub struct IndexOptions<'o> {
    /// Workers; `None` is one per core.
    pub threads: Option<NonZeroUsize>,
    /// Set to stop; looked at between files and between phases.
    pub cancel: &'o AtomicBool,
    /// Told about every percent; from any worker.
    pub progress: &'o (dyn Fn(Progress) + Sync),
    /// The time in nanoseconds since 1970; `None` relies on no file's times.
    pub now_ns: Option<i64>,
    /// Paths, relative to the root with `/` separators, beside which nothing has changed since the last run of this
    /// project; `None` walks over the folder. Where a path alone does not tell what changed, the folder is walked over.
    pub changed: Option<&'o [String]>,
}

static NEVER: AtomicBool = AtomicBool::new(false);

impl Default for IndexOptions<'_> {
    fn default() -> Self {
        Self { threads: None, cancel: &NEVER, progress: &|_| (), now_ns: None, changed: None }
    }
}

/// What indexing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexSummary {
    /// Files read anew.
    pub parsed: usize,
    /// Files whose facts were at hand.
    pub reused: usize,
    /// Files that were in the index and are no longer in the project.
    pub removed: usize,
    /// Whether anything that bears on the answer is not as the index had it before.
    pub changed: bool,
    /// Counts over the whole index.
    pub stats: IndexStats,
    /// What the user should know, as sentences: an index that was replaced, or could not be saved.
    pub warnings: Vec<String>,
}
