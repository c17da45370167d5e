use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has been writing for longer than the store waits.
    #[error("the index {path} is being written by another process")]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// Its content is damaged, or not what was written.
    #[error("the index {path} is damaged: {what}")]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Its folder cannot be written: read-only, full, or in the way of something else.
    #[error("the index {path} cannot be written: {source}")]
    Folder {
        /// The database.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// `SQLite` cannot open or write it: read-only, full, I/O.
    #[error("the index {path} cannot be used: {source}")]
    Database {
        /// The database.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    pub(crate) fn sqlite(path: impl Into<PathBuf>, source: rusqlite::Error) -> Self {
        let path = path.into();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, what: source.to_string() }
            }
            None => Self::Corrupt { path, what: source.to_string() }, // A value of the wrong type: not ours.
            Some(_) => Self::Database { path, source },
        }
    }
}
