use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use crate::ignore::{RuleFiles, Rules};
use crate::{SkipReason, Skipped};

/// The project's root cannot be walked.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It does not exist.
    #[error("there is no folder {path}")]
    RootMissing {
        /// As it was asked for.
        path: String,
    },
    /// It is a file, or something else that holds no files.
    #[error("{path} is not a folder")]
    RootNotAFolder {
        /// As it was asked for.
        path: String,
    },
    /// It cannot be listed.
    #[error("cannot read the folder {path}")]
    RootUnreadable {
        /// As it was asked for.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
}

/// What a file is to the project, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Code to analyse.
    Source,
    /// Steers how code is found.
    Manifest,
    /// Neither: not listed.
    Other,
}

/// What tells a file from an edited one without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Size.
    pub bytes: u64,
    /// Time of the last change of content, in nanoseconds since 1970; 0 where unknown.
    pub modified_ns: i64,
    /// Time of the last change of content or attributes, which no program can set; 0 where the system has none.
    pub changed_ns: i64,
}

/// A file that is there to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root, with `/` separators.
    pub path: String,
    /// As it was when the folder was walked.
    pub stamp: Stamp,
}

/// What a folder holds. Every list is sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Code.
    pub sources: Vec<Entry>,
    /// Files that steer how code is found.
    pub manifests: Vec<Entry>,
    /// Folders that were listed; the root is empty.
    pub folders: Vec<String>,
    /// Folders and source files left out, and why. What is in a folder left out has no rows of its own.
    pub skipped: Vec<Skipped>,
}

/// Lists a project by git's rules and `.driftignore`. Follows no symbolic link; opens nothing but folders and rules.
///
/// `role` is asked with relative paths. Runs on the rayon pool it is called in; O(entries).
///
/// # Errors
/// When the root itself cannot be listed.
pub fn walk(root: &Path, role: &(dyn Fn(&str) -> Role + Sync)) -> Result<Walked, ScanError> {
    let root = &checked_root(root)?;
    let walk = Walk { root, role, found: Mutex::default() };
    let rules = Rules::above(root);
    rayon::scope(|scope| walk.folder(scope, root, "", &rules));
    let mut found = walk.found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sources.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.manifests.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.skipped.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.folders.sort_unstable();
    Ok(found)
}

/// The root as an absolute path without links.
///
/// # Errors
/// When it is not a folder that can be listed.
pub fn checked_root(root: &Path) -> Result<PathBuf, ScanError> {
    let path = || root.display().to_string();
    let found = root.canonicalize().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ScanError::RootMissing { path: path() },
        io::ErrorKind::NotADirectory => ScanError::RootNotAFolder { path: path() },
        _ => ScanError::RootUnreadable { path: path(), source },
    })?;
    if !found.is_dir() {
        return Err(ScanError::RootNotAFolder { path: path() });
    }
    fs::read_dir(&found).map_err(|source| ScanError::RootUnreadable { path: path(), source })?;
    Ok(found)
}

/// What is at one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing.
    Gone,
    /// A regular file that can be reached without following a link.
    File(Stamp),
    /// A folder, a link, or something that cannot be looked at: only a walk tells.
    Other,
}

/// Looks at one path of a project, relative to its root with `/` separators, as a walk would meet it.
pub fn look(root: &Path, path: &str) -> Look {
    let mut at = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let found = match fs::symlink_metadata(&at) {
            Ok(found) => found,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Look::Gone;
            }
            Err(_) => return Look::Other,
        };
        let is_last = parts.peek().is_none();
        if is_last && found.is_file() {
            return Look::File(stamp(&found));
        }
        if is_last || !found.is_dir() {
            return Look::Other;
        }
    }
    Look::Other
}

struct Walk<'w> {
    root: &'w Path,
    role: &'w (dyn Fn(&str) -> Role + Sync),
    found: Mutex<Walked>,
}

impl Walk<'_> {
    /// Lists one folder and leaves its subfolders to the pool. `prefix` is empty or ends in `/`.
    fn folder<'s>(&'s self, scope: &rayon::Scope<'s>, folder: &Path, prefix: &str, rules: &Arc<Rules>) {
        let mut here = Walked::default();
        match list(folder) {
            Ok((entries, files)) => {
                let rules = rules.enter(folder, files);
                for entry in entries {
                    if let Some(name) = self.entry(&entry, prefix, &rules, &mut here) {
                        let (folder, rules) = (entry.path(), Arc::clone(&rules));
                        scope.spawn(move |scope| self.folder(scope, &folder, &name, &rules));
                    }
                }
            }
            Err(error) => here.skip(prefix.to_owned(), SkipReason::Unreadable(error.to_string())),
        }
        here.folders.push(prefix.trim_end_matches('/').to_owned());
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.sources.append(&mut here.sources);
        found.manifests.append(&mut here.manifests);
        found.skipped.append(&mut here.skipped);
        found.folders.append(&mut here.folders);
    }

    /// Files one entry under `here`; the prefix of a subfolder to go into comes back.
    fn entry(&self, entry: &DirEntry, prefix: &str, rules: &Rules, here: &mut Walked) -> Option<String> {
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        let role = (self.role)(&path);
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                here.skip(path, SkipReason::Unreadable(error.to_string()));
                return None;
            }
        };
        if kind.is_dir() {
            return Self::subfolder(entry, path + "/", rules, here);
        }
        let ignored = || rules.ignores(&entry.path(), false);
        if kind.is_symlink() {
            if let Some(reason) = self.link(&entry.path(), role == Role::Source)
                && !ignored()
            {
                here.skip(path, reason);
            }
        } else if role == Role::Other {
            // Not a file of the project's code.
        } else if ignored() {
            if role == Role::Source {
                here.skip(path, SkipReason::IgnoredByRule);
            }
        } else if name.to_str().is_none() {
            here.skip(path, SkipReason::NameNotUtf8);
        } else if kind.is_file() {
            match entry.metadata() {
                Ok(found) => {
                    let list = if role == Role::Source { &mut here.sources } else { &mut here.manifests };
                    list.push(Entry { path, stamp: stamp(&found) });
                }
                Err(error) => here.skip(path, SkipReason::Unreadable(error.to_string())),
            }
        } else {
            here.skip(path, SkipReason::NotARegularFile);
        }
        None
    }

    fn subfolder(entry: &DirEntry, path: String, rules: &Rules, here: &mut Walked) -> Option<String> {
        let name = entry.file_name();
        let reason = if name == ".drift" {
            return None; // Drift's own index: naming it would change the answer by asking.
        } else if name == ".git" {
            SkipReason::VersionControlFolder
        } else if name == "node_modules" {
            SkipReason::DependencyFolder
        } else if rules.ignores(&entry.path(), true) {
            SkipReason::IgnoredByRule
        } else if name.to_str().is_none() {
            SkipReason::NameNotUtf8
        } else {
            return Some(path);
        };
        here.skip(path, reason);
        None
    }

    /// Why a link is not followed; `None` when it stands for nothing that would have been read.
    fn link(&self, path: &Path, named_as_source: bool) -> Option<SkipReason> {
        // ELOOP, which `std` cannot name yet, is neither of these kinds.
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return named_as_source.then_some(SkipReason::SymlinkDangling);
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return named_as_source.then(|| SkipReason::Unreadable(error.to_string()));
            }
            Err(_) => return Some(SkipReason::SymlinkLoop),
        };
        if !(named_as_source || target.is_dir()) {
            return None;
        }
        Some(if path.starts_with(&target) {
            SkipReason::SymlinkLoop
        } else if target.starts_with(self.root) {
            SkipReason::Symlink
        } else {
            SkipReason::SymlinkOutsideRoot
        })
    }
}

impl Walked {
    fn skip(&mut self, path: String, reason: SkipReason) {
        self.skipped.push(Skipped { path, reason });
    }
}

fn list(folder: &Path) -> io::Result<(Vec<DirEntry>, RuleFiles)> {
    let mut files = RuleFiles::default();
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.note(&entry.file_name(), entry.file_type().is_ok_and(|kind| kind.is_file()));
        entries.push(entry);
    }
    Ok((entries, files))
}

fn stamp(found: &Metadata) -> Stamp {
    let since_1970 = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Stamp {
        bytes: found.len(),
        modified_ns: since_1970.map_or(0, |time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)),
        changed_ns: changed_ns(found),
    }
}

#[cfg(unix)]
fn changed_ns(found: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    found.ctime().saturating_mul(1_000_000_000).saturating_add(found.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(_: &Metadata) -> i64 {
    0
}
