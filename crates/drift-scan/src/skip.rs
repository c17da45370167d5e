use std::fmt;

use crate::Minified;

/// Why a file or folder was not read. The text form starts with a stable code; details follow behind `: `.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// A rule of git or of `.driftignore` excludes it.
    IgnoredByRule,
    /// `node_modules`: code of others, installed rather than written here.
    DependencyFolder,
    /// `.git`
    VersionControlFolder,
    /// The operating system refused; its own words.
    Unreadable(String),
    /// It holds a NUL byte near its start, as text never does.
    Binary,
    /// More bytes than the limit.
    TooLarge {
        /// How many it has.
        bytes: u64,
        /// How many it may have.
        limit: u64,
    },
    /// A minifier wrote it.
    Minified(Minified),
    /// A program wrote it, and that is not to be read.
    Generated {
        /// The line, from 1, that says so.
        line: u32,
    },
    /// A named pipe, socket or device: never opened.
    NotARegularFile,
    /// Its name cannot be written as text.
    NameNotUtf8,
    /// A symbolic link to something inside the project, which is read at its own place.
    Symlink,
    /// A symbolic link that leaves the project.
    SymlinkOutsideRoot,
    /// A symbolic link that leads back to itself or to a folder around it.
    SymlinkLoop,
    /// A symbolic link to nothing.
    SymlinkDangling,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IgnoredByRule => f.write_str("ignored-by-rule"),
            Self::DependencyFolder => f.write_str("dependency-folder"),
            Self::VersionControlFolder => f.write_str("version-control-folder"),
            Self::Unreadable(error) => write!(f, "unreadable: {error}"),
            Self::Binary => f.write_str("binary"),
            Self::TooLarge { bytes, limit } => write!(f, "too-large: {bytes} bytes, limit {limit}"),
            Self::Minified(how) => write!(f, "minified: {how}"),
            Self::Generated { line } => write!(f, "generated: line {line} says so"),
            Self::NotARegularFile => f.write_str("not-a-regular-file"),
            Self::NameNotUtf8 => f.write_str("name-not-utf8"),
            Self::Symlink => f.write_str("symlink"),
            Self::SymlinkOutsideRoot => f.write_str("symlink-outside-root"),
            Self::SymlinkLoop => f.write_str("symlink-loop"),
            Self::SymlinkDangling => f.write_str("symlink-dangling"),
        }
    }
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Relative to the root with `/` separators; a folder ends in `/`.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}
