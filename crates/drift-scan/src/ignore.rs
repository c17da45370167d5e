//! Git's ignore rules and `.driftignore`, as a chain from a folder up to the top of its repository.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::ignore::Match;
use ::ignore::gitignore::{Gitignore, GitignoreBuilder};

const GIT_RULES: &str = ".gitignore";
const DRIFT_RULES: &str = ".driftignore";

/// The rules that hold in one folder.
pub struct Rules {
    parent: Option<Arc<Rules>>,
    git: Option<Gitignore>,
    drift: Option<Gitignore>,
    /// `Some` in the top folder of a repository: what its `info/exclude` says. Git's rules from further up end here.
    repository: Option<Gitignore>,
    global: Arc<Gitignore>,
}

/// What a folder holds that bears on its rules.
#[derive(Clone, Copy, Default)]
pub struct RuleFiles {
    /// A regular file `.gitignore`; git follows no link here, and a pipe would block.
    pub git: bool,
    /// A regular file `.driftignore`.
    pub drift: bool,
    /// `.git`, folder or file.
    pub repository: bool,
}

impl RuleFiles {
    /// Takes note of one entry of the folder.
    pub fn note(&mut self, name: &OsStr, is_file: bool) {
        self.git |= is_file && name == GIT_RULES;
        self.drift |= is_file && name == DRIFT_RULES;
        self.repository |= name == ".git";
    }

    fn of_folder(folder: &Path) -> Self {
        let is_file = |name: &str| fs::symlink_metadata(folder.join(name)).is_ok_and(|found| found.is_file());
        Self {
            git: is_file(GIT_RULES),
            drift: is_file(DRIFT_RULES),
            repository: folder.join(".git").symlink_metadata().is_ok(),
        }
    }
}

impl Rules {
    /// The rules that reach into `root` from outside of it: the user's own, and those of the folders above it up to
    /// the top of its repository. A root that its repository ignores was named on purpose, so then only the former.
    pub fn above(root: &Path) -> Arc<Self> {
        let global = Arc::new(GitignoreBuilder::new(root).build_global().0);
        let none = Arc::new(Self { parent: None, git: None, drift: None, repository: None, global });
        if RuleFiles::of_folder(root).repository {
            return none;
        }
        let mut outer: Vec<&Path> = Vec::new();
        for folder in root.ancestors().skip(1) {
            outer.push(folder);
            if RuleFiles::of_folder(folder).repository {
                let mut rules = Arc::clone(&none);
                for (depth, folder) in outer.iter().enumerate().rev() {
                    rules = rules.enter(folder, RuleFiles::of_folder(folder));
                    let inner = if depth == 0 { root } else { outer[depth - 1] };
                    if rules.ignores(inner, true) {
                        return none;
                    }
                }
                return rules;
            }
        }
        none
    }

    /// The rules inside `folder`, given those around it.
    pub fn enter(self: &Arc<Self>, folder: &Path, files: RuleFiles) -> Arc<Self> {
        if !(files.git || files.drift || files.repository) {
            return Arc::clone(self);
        }
        let load = |present: bool, name: &str| present.then(|| load(folder, &folder.join(name))).flatten();
        Arc::new(Self {
            parent: Some(Arc::clone(self)),
            git: load(files.git, GIT_RULES),
            drift: load(files.drift, DRIFT_RULES),
            repository: files.repository.then(|| {
                exclude_file(folder).and_then(|file| self::load(folder, &file)).unwrap_or_else(Gitignore::empty)
            }),
            global: Arc::clone(&self.global),
        })
    }

    /// Whether a rule excludes `path`; the deepest folder's last matching pattern decides, `.driftignore` before git.
    pub fn ignores(&self, path: &Path, is_folder: bool) -> bool {
        let chain = || std::iter::successors(Some(self), |rules| rules.parent.as_deref());
        for rules in chain() {
            if let Some(verdict) = decide(rules.drift.as_ref(), path, is_folder) {
                return verdict;
            }
        }
        for rules in chain() {
            if let Some(verdict) = decide(rules.git.as_ref(), path, is_folder) {
                return verdict;
            }
            if rules.repository.is_some() {
                if let Some(verdict) = decide(rules.repository.as_ref(), path, is_folder) {
                    return verdict;
                }
                break;
            }
        }
        decide(Some(&self.global), path, is_folder).unwrap_or(false)
    }
}

fn decide(rules: Option<&Gitignore>, path: &Path, is_folder: bool) -> Option<bool> {
    match rules?.matched(path, is_folder) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// Patterns that make no sense are passed over, as git does.
fn load(folder: &Path, file: &Path) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    builder.add(file);
    builder.build().ok().filter(|rules| !rules.is_empty())
}

/// `info/exclude` of the repository at `folder`; in a worktree or submodule `.git` is a file that says where that is.
fn exclude_file(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    let kind = fs::symlink_metadata(&git).ok()?;
    let own = if kind.is_file() {
        let text = fs::read_to_string(&git).ok()?;
        folder.join(text.strip_prefix("gitdir:")?.trim())
    } else {
        git
    };
    let common = fs::read_to_string(own.join("commondir")).map_or(own.clone(), |to| own.join(to.trim()));
    let file = common.join("info/exclude");
    fs::metadata(&file).is_ok_and(|found| found.is_file()).then_some(file)
}
