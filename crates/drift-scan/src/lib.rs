//! Folder in; paths, texts and content hashes out. The only crate that reads sources.
//!
//! Nothing is left out silently: what [`walk`] does not list as a file to read it lists under [`Walked::skipped`], and
//! [`read`] says why a file cannot be had, [`Policy::check`] why it is not wanted.

mod hash;
mod ignore;
mod policy;
mod read;
mod skip;
mod walk;

pub use hash::content_hash;
pub use policy::{DEFAULT_MAX_FILE_BYTES, Minified, Policy, generated_by_line};
pub use read::{Source, read};
pub use skip::{SkipReason, Skipped};
pub use walk::{Entry, Look, Role, ScanError, Stamp, Walked, checked_root, look, walk};
