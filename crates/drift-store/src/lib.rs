//! The index on disk: facts by content hash, and the solved graph. The only crate that opens a database.
//!
//! A [`Store`] is opened for one piece of work and dropped. A state is written in one transaction: a process that is killed
//! leaves the old index or the new one, and two that write at once leave the later one whole.

mod blocks;
mod counts;
mod error;
mod facts;
mod migrate;
mod open;
mod plain;
mod save;
mod state;

pub use blocks::{
    CallersRow, FileBlocks, FileId, FunctionRow, SiteRow, Sites, TargetRow, blocks_of, check_of, decode_callers,
    decode_functions, decode_sites, encode_functions, encode_sites,
};
pub use counts::Counts;
pub use error::StoreError;
pub use facts::{FactsKey, StoredFacts};
pub use open::{Opened, Store};
pub use save::Update;
pub use state::{FileRow, IndexedFile, Part, SkippedRow, State};
