//! Folder in; paths, texts and content hashes out. The only crate that reads sources.
//!
//! Nothing is left out silently: what [`walk`] does not list as a file to read it lists under [`Walked::skipped`], and
//! [`read`] says why a file cannot be had.

mod hash;
mod ignore;
mod read;
mod skip;
mod walk;

pub use hash::content_hash;
pub use read::{Source, read};
pub use skip::{SkipReason, Skipped};
pub use walk::{Entry, Look, Role, ScanError, Stamp, Walked, checked_root, look, walk};

/// Files larger than this are skipped unless asked otherwise: 10 MB. Larger ones are generated or data in practice.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 10_000_000;
