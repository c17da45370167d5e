use drift_scan::ScanError;
use drift_store::StoreError;

/// An expected failure, with a stable code and, where there is one, the next step.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The project's folder cannot be walked.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The saved index cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The caller asked to stop. What was there before is as it was.
    #[error("indexing was cancelled")]
    Cancelled,
    /// There is no answer yet.
    #[error("the project has not been indexed yet")]
    NotIndexed,
    /// No function or module has this id.
    #[error("no function of the project has the id \"{id}\"")]
    UnknownSymbol {
        /// As it was asked for.
        id: String,
    },
    /// No value is read at this place.
    #[error("no value is read at {file}:{line}:{column}")]
    UnknownPlace {
        /// As it was asked for.
        file: String,
        /// From 1.
        line: u32,
        /// From 1.
        column: u32,
    },
    /// The system gives no thread for one question.
    #[error("cannot start a thread")]
    Thread {
        /// Why not.
        source: std::io::Error,
    },
    /// The system gives no threads.
    #[error("cannot start {threads} threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// Why not.
        source: rayon::ThreadPoolBuildError,
    },
}

impl EngineError {
    /// Stable, upper case; scripts may depend on it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scan(ScanError::RootMissing { .. }) => "ROOT_MISSING",
            Self::Scan(ScanError::RootNotAFolder { .. }) => "ROOT_NOT_A_FOLDER",
            Self::Scan(ScanError::RootUnreadable { .. }) => "ROOT_UNREADABLE",
            Self::Store(StoreError::Locked { .. }) => "INDEX_LOCKED",
            Self::Store(StoreError::Corrupt { .. }) => "INDEX_DAMAGED",
            Self::Store(_) => "INDEX_UNUSABLE",
            Self::Cancelled => "CANCELLED",
            Self::NotIndexed => "NOT_INDEXED",
            Self::UnknownSymbol { .. } => "SYMBOL_UNKNOWN",
            Self::UnknownPlace { .. } => "PLACE_UNKNOWN",
            Self::Thread { .. } | Self::Threads { .. } => "THREADS_UNAVAILABLE",
        }
    }

    /// The next step, as a sentence.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Scan(ScanError::RootMissing { .. }) => Some("Check the path; it is relative to the current folder."),
            Self::Scan(ScanError::RootNotAFolder { .. }) => Some("Give the folder that holds the project."),
            Self::Scan(ScanError::RootUnreadable { .. }) => Some("Check the folder's permissions."),
            Self::Store(StoreError::Locked { .. }) => Some("Wait for the other process, or index in memory."),
            Self::Store(_) => Some("Delete the index, or index in memory."),
            Self::Cancelled => None,
            Self::NotIndexed => Some("Call index() first."),
            Self::UnknownSymbol { .. } => Some("Ids are those that symbols() gives, or \"path#<module>\"."),
            Self::UnknownPlace { .. } => {
                Some("Give the place of an expression in a file of JavaScript, TypeScript or Python that is indexed.")
            }
            Self::Thread { .. } => Some("Free memory, or close other programs."),
            Self::Threads { .. } => Some("Ask for fewer threads."),
        }
    }
}
