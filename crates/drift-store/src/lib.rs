//! The index on disk: facts by content hash, and the solved graph. The only crate that opens a database.
//!
//! A [`Store`] is opened for one piece of work and dropped. Everything is written in one transaction: a process that is
//! killed leaves the old index or the new one, and two that write at once leave the later one whole.

mod counts;
mod error;
mod facts;
mod graph;
mod migrate;
mod open;
mod plain;
mod save;

pub use counts::Counts;
pub use error::StoreError;
pub use facts::{FactsKey, StoredFacts};
pub use open::{Opened, Store};
pub use save::{FileRow, SkippedRow, Update};
