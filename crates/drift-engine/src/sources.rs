//! From a folder to what was read of each file: the walk, and the files that are not known to be as they were.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use drift_scan::{Entry, Look, Role, SkipReason};
use drift_store::{FactsKey, FileRow, IndexedFile, SkippedRow, State, StoredFacts};
use drift_syntax::Language;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::Xxh3;

use crate::analyse::analyse;
use crate::project::{Project, Seen};
use crate::run::{REFUSED, TOOL};
use crate::{EngineError, IndexOptions, Phase, Progress};

/// A file changed less long ago than this may change again within the same tick of its file system's clock, so its
/// stamp is not relied on. Two seconds is the coarsest clock in use (FAT).
const RACY_NS: i64 = 2_000_000_000;

/// Files that say what is ignored.
const RULE_FILES: [&str; 3] = [".gitignore", ".driftignore", ".git"];

/// What became of one source file.
pub enum Source {
    /// It is as it was.
    Kept(Arc<IndexedFile>),
    /// It was read.
    Read {
        /// Lines are [`REFUSED`] as long as its facts are not at hand.
        row: FileRow,
        /// `None` when its facts are known from before.
        parsed: Option<Arc<StoredFacts>>,
    },
}

/// Sources by their place in the list, and what could not be read.
type Found = (Vec<(usize, Source)>, Vec<SkippedRow>);

impl Source {
    pub fn row(&self) -> &FileRow {
        match self {
            Self::Kept(file) => &file.row,
            Self::Read { row, .. } => row,
        }
    }

    pub fn row_mut(&mut self) -> &mut FileRow {
        match self {
            Self::Kept(file) => &mut Arc::make_mut(file).row,
            Self::Read { row, .. } => row,
        }
    }
}

/// Reads a project's folder.
pub struct Reading<'r> {
    pub project: &'r Project,
    pub options: &'r IndexOptions<'r>,
}

impl Reading<'_> {
    /// Lists the folder and reads its manifests; those that cannot be had are noted.
    pub fn walk(&self) -> Result<Seen, EngineError> {
        let mut walked = drift_scan::walk(&self.project.root, &role)?;
        let read =
            |entry: &Entry| drift_scan::read(&self.project.root, entry, self.project.options.policy.max_file_bytes);
        let texts: Vec<_> = walked.manifests.par_iter().map(read).collect();
        let mut manifests = Vec::with_capacity(texts.len());
        for (entry, text) in walked.manifests.iter().zip(texts) {
            match text {
                Ok(source) => manifests.push((entry.path.clone(), source.text)),
                Err(reason) => walked.skipped.push(drift_scan::Skipped { path: entry.path.clone(), reason }),
            }
        }
        Ok(Seen { walked, manifests })
    }

    /// What the folder holds now, if nothing but `paths` has changed since `seen`; `None` when only a walk tells.
    pub fn look_again(&self, mut seen: Seen, paths: &[String]) -> Option<Seen> {
        for path in paths {
            let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name);
            if RULE_FILES.contains(&name) || role(path) == Role::Manifest {
                return None;
            }
            let sources = &mut seen.walked.sources;
            let at = sources.binary_search_by(|entry| entry.path.as_str().cmp(path));
            match (drift_scan::look(&self.project.root, path), at) {
                (Look::File(stamp), Ok(at)) => sources[at].stamp = stamp,
                (Look::Gone, Ok(at)) => drop(sources.remove(at)),
                // Neither a file of the code nor a folder that could hold some.
                (Look::File(_), Err(_)) if role(path) == Role::Other => {}
                (Look::Gone, Err(at)) => {
                    let inside =
                        |entry: &Entry| entry.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
                    let is_known = seen.walked.skipped.iter().any(|row| row.path.trim_end_matches('/') == path);
                    if is_known
                        || sources[at..].iter().take_while(|entry| entry.path.starts_with(path.as_str())).any(inside)
                    {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        Some(seen)
    }

    /// Reads every source that is not known to be as it was, largest first so that none is left for the end.
    pub fn sources(
        &self,
        entries: &[Entry],
        base: &State,
        stored: &FxHashSet<FactsKey>,
    ) -> Result<(Vec<Source>, Vec<SkippedRow>), EngineError> {
        let changed: Option<FxHashSet<&str>> =
            self.options.changed.map(|paths| paths.iter().map(String::as_str).collect());
        let is_same_policy = base.policy == self.project.options.policy.number();
        let is_kept = |entry: &Entry, file: &IndexedFile| match &changed {
            _ if !is_same_policy => false,
            Some(changed) => !changed.contains(entry.path.as_str()),
            None => {
                let (row, stamp) = (&file.row, entry.stamp);
                row.modified_ns != 0
                    && (row.bytes, row.modified_ns, row.changed_ns)
                        == (stamp.bytes, stamp.modified_ns, stamp.changed_ns)
            }
        };
        let is_unchanged =
            |path: &str| changed.as_ref().is_some_and(|changed| !changed.contains(path)) && base.file(path).is_none();
        // Both are sorted by path.
        let mut was = base.files.iter().peekable();
        let mut sources: Vec<Option<Source>> = Vec::with_capacity(entries.len());
        let mut order: Vec<usize> = Vec::new();
        let mut refused: Vec<SkippedRow> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            while was.next_if(|file| file.row.path < entry.path).is_some() {}
            let known = was.next_if(|file| file.row.path == entry.path).filter(|file| is_kept(entry, file));
            if known.is_none() {
                match refused_before(base, &entry.path) {
                    Some(row) if is_same_policy && is_unchanged(&entry.path) => refused.push(row.clone()),
                    _ => order.push(at),
                }
            }
            sources.push(known.map(|file| Source::Kept(Arc::clone(file))));
        }
        order.sort_by_key(|&at| Reverse(entries[at].stamp.bytes));
        let (read, mut refused_now) = self.read_all(entries, &order, base, stored)?;
        refused.append(&mut refused_now);
        for (at, source) in read {
            sources[at] = Some(source);
        }
        Ok((sources.into_iter().flatten().collect(), refused))
    }

    fn read_all(
        &self,
        entries: &[Entry],
        order: &[usize],
        base: &State,
        stored: &FxHashSet<FactsKey>,
    ) -> Result<Found, EngineError> {
        let lines: FxHashMap<FactsKey, u32> = match order {
            [] => FxHashMap::default(),
            _ => base.files.iter().map(|file| (file.row.facts, file.row.lines)).collect(),
        };
        let at_hand = |key: FactsKey| lines.get(&key).copied().or_else(|| stored.contains(&key).then_some(REFUSED));
        let total = entries.len();
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(total - order.len()));
        let found = Mutex::new((Vec::new(), Vec::new()));
        self.step(Phase::Parse, 0, total)?;
        let work = || {
            let (mut sources, mut refused) = (Vec::new(), Vec::new());
            while !self.options.cancel.load(Ordering::Relaxed) {
                let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                match self.read_source(&entries[at], &at_hand) {
                    Ok(source) => sources.push((at, source)),
                    Err(row) => refused.push(row),
                }
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if done * 100 / total != (done - 1) * 100 / total {
                    (self.options.progress)(Progress { phase: Phase::Parse, done, total });
                }
            }
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.0.append(&mut sources);
            found.1.append(&mut refused);
        };
        if order.len() > 1 {
            rayon::broadcast(|_| work());
        } else {
            work();
        }
        self.check_cancelled()?;
        Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn read_source(&self, entry: &Entry, at_hand: &impl Fn(FactsKey) -> Option<u32>) -> Result<Source, SkippedRow> {
        let stamp = entry.stamp;
        let source =
            self.wanted(entry).map_err(|reason| SkippedRow { path: entry.path.clone(), reason: reason.to_string() })?;
        let language = language_of(&entry.path);
        let facts = facts_key(source.hash, language);
        let (parsed, lines) = match at_hand(facts) {
            Some(lines) => (None, lines),
            None => {
                let stored = analyse(language, &source.text, source.damage);
                let lines = lines_of(&stored);
                (Some(Arc::new(stored)), lines)
            }
        };
        let settled = self
            .options
            .now_ns
            .is_some_and(|now| stamp.modified_ns.max(stamp.changed_ns).saturating_add(RACY_NS) < now);
        let row = FileRow {
            path: entry.path.clone(),
            hash: source.hash,
            facts,
            bytes: source.bytes,
            modified_ns: if settled { stamp.modified_ns } else { 0 },
            changed_ns: stamp.changed_ns,
            lines,
        };
        Ok(Source::Read { row, parsed })
    }

    /// The text of a file that is not to be left out.
    fn wanted(&self, entry: &Entry) -> Result<drift_scan::Source, SkipReason> {
        let policy = self.project.options.policy;
        let source = drift_scan::read(&self.project.root, entry, policy.max_file_bytes)?;
        // A notebook is data around its code.
        if language_of(&entry.path) != Language::Notebook {
            policy.check(&entry.path, &source.text)?;
        }
        Ok(source)
    }

    /// Reads a file whose facts the index named and could not give.
    pub fn read_again(&self, row: &mut FileRow) -> Arc<StoredFacts> {
        let stamp = drift_scan::Stamp { bytes: row.bytes, ..Default::default() };
        let entry = Entry { path: row.path.clone(), stamp };
        row.modified_ns = 0; // Whatever is read now, the next run looks at the content.
        let stored = match self.wanted(&entry) {
            Ok(source) => {
                let language = language_of(&row.path);
                row.hash = source.hash;
                row.bytes = source.bytes;
                row.facts = facts_key(source.hash, language);
                analyse(language, &source.text, source.damage)
            }
            Err(reason) => StoredFacts { facts: None, notes: vec![reason.to_string()] },
        };
        row.lines = lines_of(&stored);
        Arc::new(stored)
    }

    pub fn step(&self, phase: Phase, done: usize, total: usize) -> Result<(), EngineError> {
        self.check_cancelled()?;
        (self.options.progress)(Progress { phase, done, total });
        Ok(())
    }

    pub fn check_cancelled(&self) -> Result<(), EngineError> {
        if self.options.cancel.load(Ordering::Relaxed) { Err(EngineError::Cancelled) } else { Ok(()) }
    }
}

/// Why a file that the index does not hold was left out.
fn refused_before<'s>(base: &'s State, path: &str) -> Option<&'s SkippedRow> {
    let at = base.skipped.binary_search_by(|row| row.path.as_str().cmp(path)).ok()?;
    Some(&base.skipped[at])
}

fn language_of(path: &str) -> Language {
    Language::of_path(path).expect("only paths of a language are sources")
}

/// Lines of a file with these facts.
pub fn lines_of(stored: &StoredFacts) -> u32 {
    stored.facts.as_ref().map_or(REFUSED, |facts| facts.line_count.max(1))
}

fn role(path: &str) -> Role {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    if Language::of_path(path).is_some() {
        Role::Source
    } else if matches!(name, "package.json" | "jsconfig.json" | "pyproject.toml")
        || (name.starts_with("tsconfig") && name.ends_with(".json"))
    {
        Role::Manifest
    } else {
        Role::Other
    }
}

fn facts_key(hash: u128, language: Language) -> FactsKey {
    let mut hasher = Xxh3::new();
    hasher.update(&hash.to_le_bytes());
    hasher.update(format!("{language:?} {TOOL}").as_bytes());
    hasher.digest128()
}
