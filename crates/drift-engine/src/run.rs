//! Bringing the index up to date: walk, read what changed, resolve, save.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use drift_facts::FileFacts;
use drift_graph::{Manifest, SourceFile};
use drift_scan::{Entry, Role, Walked};
use drift_store::{Counts, FactsKey, FileRow, SkippedRow, Store, StoreError, StoredFacts, Update};
use drift_syntax::Language;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use crate::analyse::{WORKER_STACK_BYTES, analyse};
use crate::project::Memory;
use crate::query::{IndexStats, Snapshot};
use crate::{EngineError, IndexOptions, IndexSummary, Phase, Progress, Project};

/// Names this build in an index.
pub const TOOL: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("DRIFT_BUILD"));

/// A file changed less long ago than this may change again within the same tick of its file system's clock, so its
/// stamp is not relied on. Two seconds is the coarsest clock in use (FAT).
const RACY_NS: i64 = 2_000_000_000;

type Done = (IndexSummary, Option<Arc<Snapshot>>);

pub fn run(
    project: &Project,
    options: &IndexOptions<'_>,
    memory: &mut Memory,
    current: Option<Arc<Snapshot>>,
) -> Result<Done, EngineError> {
    let threads = options.threads.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(WORKER_STACK_BYTES)
        .thread_name(|index| format!("drift-{index}"))
        .build()
        .map_err(|source| EngineError::Threads { threads, source })?;
    let warnings = std::mem::take(&mut memory.warnings);
    pool.install(|| Run { project, options, warnings }.run(memory, current))
}

struct Run<'r> {
    project: &'r Project,
    options: &'r IndexOptions<'r>,
    warnings: Vec<String>,
}

/// What is known from before.
#[derive(Default)]
struct Base {
    input: Option<u128>,
    files: FxHashMap<String, FileRow>,
    /// Lines by facts that are at hand.
    lines: FxHashMap<FactsKey, u32>,
    skipped: Vec<SkippedRow>,
    counts: Counts,
}

/// What became of one source file.
struct Outcome {
    row: FileRow,
    /// `Some` when it was read anew.
    parsed: Option<Arc<StoredFacts>>,
}

impl Run<'_> {
    fn run(mut self, memory: &mut Memory, current: Option<Arc<Snapshot>>) -> Result<Done, EngineError> {
        self.step(Phase::Scan, 0, 1)?;
        let mut walked = drift_scan::walk(&self.project.root, &role)?;
        let manifests = self.read_manifests(&mut walked);
        self.step(Phase::Scan, 1, 1)?;

        let mut store = self.open_store(memory)?;
        let base = self.base(&mut store, memory, current.as_deref())?;
        let (outcomes, refused) = self.read_sources(&walked, &base)?;
        let mut parsed: FxHashMap<FactsKey, Arc<StoredFacts>> = FxHashMap::default();
        let mut parsed_files = 0;
        let mut files = Vec::with_capacity(outcomes.len());
        for Outcome { row, parsed: fresh } in outcomes {
            if let Some(facts) = fresh {
                parsed.insert(row.facts, facts);
                parsed_files += 1;
            }
            files.push(row);
        }
        let mut skipped: Vec<SkippedRow> = walked.skipped.into_iter().map(skipped_row).chain(refused).collect();
        let input = input_of(&files, &manifests);
        let removed = base.files.keys().filter(|path| !contains(&files, path)).count();

        let mut summary = IndexSummary {
            parsed: parsed_files,
            reused: files.len() - parsed_files,
            removed,
            stats: IndexStats::default(),
            warnings: Vec::new(),
        };
        let snapshot = if base.input == Some(input) {
            // Notes on files that are still what they were.
            skipped.extend(base.skipped.iter().filter(|row| contains(&files, &row.path)).cloned());
            skipped.sort();
            self.save_rows(store.as_mut(), &base, input, &files, &skipped)?;
            summary.stats = IndexStats::of(&files, &skipped, base.counts);
            current
                .filter(|current| current.input == input)
                .map(|current| Arc::new(Snapshot::new(input, files, skipped, Arc::clone(&current.graph))))
        } else {
            let facts = self.gather(store.as_mut(), memory, parsed, &mut files, &mut summary);
            for (row, facts) in files.iter().zip(&facts) {
                skipped.extend(
                    facts.notes.iter().map(|reason| SkippedRow { path: row.path.clone(), reason: reason.clone() }),
                );
            }
            skipped.sort();
            self.step(Phase::Resolve, 0, 1)?;
            let graph = solve(&files, &facts, &manifests);
            self.step(Phase::Resolve, 1, 1)?;
            let snapshot = Snapshot::new(input, files, skipped, Arc::new(graph));
            self.save_all(store, &snapshot, &facts)?;
            memory.facts = snapshot.files.iter().map(|row| row.facts).zip(facts).collect();
            summary.stats = snapshot.stats();
            Some(Arc::new(snapshot))
        };
        summary.warnings = self.warnings;
        Ok((summary, snapshot))
    }

    fn step(&self, phase: Phase, done: usize, total: usize) -> Result<(), EngineError> {
        self.check_cancelled()?;
        (self.options.progress)(Progress { phase, done, total });
        Ok(())
    }

    fn check_cancelled(&self) -> Result<(), EngineError> {
        if self.options.cancel.load(Ordering::Relaxed) { Err(EngineError::Cancelled) } else { Ok(()) }
    }

    /// Path and text of each manifest; those that cannot be had are noted.
    fn read_manifests(&self, walked: &mut Walked) -> Vec<(String, String)> {
        let read = |entry: &Entry| drift_scan::read(&self.project.root, entry, self.project.options.max_file_bytes);
        let texts: Vec<_> = walked.manifests.par_iter().map(read).collect();
        let mut manifests = Vec::with_capacity(texts.len());
        for (entry, text) in std::mem::take(&mut walked.manifests).into_iter().zip(texts) {
            match text {
                Ok(source) => manifests.push((entry.path, source.text)),
                Err(reason) => walked.skipped.push(drift_scan::Skipped { path: entry.path, reason }),
            }
        }
        manifests
    }

    /// `None` when the index is kept in memory, by choice or for want of a place to write.
    fn open_store(&mut self, memory: &mut Memory) -> Result<Option<Store>, EngineError> {
        let Some(path) = &self.project.options.index_path else { return Ok(None) };
        let opened = Store::open(path).and_then(|opened| {
            if std::mem::take(&mut memory.distrust_index) { opened.store.reset() } else { Ok(opened) }
        });
        match opened {
            Ok(opened) => {
                self.warnings.extend(opened.warning);
                Ok(Some(opened.store))
            }
            Err(error) => self.without_store(error).map(|()| None),
        }
    }

    /// Goes on in memory, unless another writer is the only obstacle.
    fn without_store(&mut self, error: StoreError) -> Result<(), EngineError> {
        if matches!(error, StoreError::Locked { .. }) {
            return Err(error.into());
        }
        self.warnings.push(format!("the index is kept in memory only: {error}"));
        Ok(())
    }

    fn base(
        &mut self,
        store: &mut Option<Store>,
        memory: &Memory,
        current: Option<&Snapshot>,
    ) -> Result<Base, EngineError> {
        let Some(open) = store.take() else {
            return Ok(current.map_or_else(Base::default, |now| in_memory(now, memory)));
        };
        let (base, kept) = match open.read(saved) {
            Ok(base) => (base, Some(open)),
            Err(StoreError::Corrupt { .. }) => match open.reset() {
                Ok(opened) => {
                    self.warnings.extend(opened.warning);
                    (Base::default(), Some(opened.store))
                }
                Err(error) => self.without_store(error).map(|()| (Base::default(), None))?,
            },
            Err(error) => self.without_store(error).map(|()| (Base::default(), None))?,
        };
        *store = kept;
        Ok(base)
    }

    /// Reads every source that is not known to be as it was, largest first so that none is left for the end.
    fn read_sources(&self, walked: &Walked, base: &Base) -> Result<(Vec<Outcome>, Vec<SkippedRow>), EngineError> {
        let total = walked.sources.len();
        let mut order: Vec<usize> = (0..total).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(walked.sources[at].stamp.bytes));
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let found = Mutex::new((BTreeMap::new(), Vec::new()));
        self.step(Phase::Parse, 0, total)?;
        rayon::broadcast(|_| {
            let (mut outcomes, mut refused) = (Vec::new(), Vec::new());
            while !self.options.cancel.load(Ordering::Relaxed) {
                let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                match self.read_source(&walked.sources[at], base) {
                    Ok(outcome) => outcomes.push((at, outcome)),
                    Err(row) => refused.push(row),
                }
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if done * 100 / total != (done - 1) * 100 / total {
                    (self.options.progress)(Progress { phase: Phase::Parse, done, total });
                }
            }
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.0.extend(outcomes);
            found.1.append(&mut refused);
        });
        self.check_cancelled()?;
        let (outcomes, refused) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((outcomes.into_values().collect(), refused))
    }

    fn read_source(&self, entry: &Entry, base: &Base) -> Result<Outcome, SkippedRow> {
        let stamp = entry.stamp;
        if let Some(row) = base.files.get(&entry.path) {
            let same = row.modified_ns != 0
                && (row.bytes, row.modified_ns, row.changed_ns) == (stamp.bytes, stamp.modified_ns, stamp.changed_ns);
            if same && base.lines.contains_key(&row.facts) {
                return Ok(Outcome { row: row.clone(), parsed: None });
            }
        }
        let source = drift_scan::read(&self.project.root, entry, self.project.options.max_file_bytes)
            .map_err(|reason| SkippedRow { path: entry.path.clone(), reason: reason.to_string() })?;
        let language = Language::of_path(&entry.path).expect("only paths of a language are sources");
        let facts = facts_key(source.hash, language);
        let parsed = match base.lines.get(&facts) {
            Some(_) => None,
            None => Some(Arc::new(analyse(language, &source.text, source.damage))),
        };
        let lines = match (&parsed, base.lines.get(&facts)) {
            (Some(stored), _) => stored.facts.as_ref().map_or(REFUSED, |facts| facts.line_count.max(1)),
            (None, known) => *known.expect("facts at hand have lines"),
        };
        let settled = self
            .options
            .now_ns
            .is_some_and(|now| stamp.modified_ns.max(stamp.changed_ns).saturating_add(RACY_NS) < now);
        let row = FileRow {
            path: entry.path.clone(),
            hash: source.hash,
            facts,
            bytes: stamp.bytes,
            modified_ns: if settled { stamp.modified_ns } else { 0 },
            changed_ns: stamp.changed_ns,
            lines,
        };
        Ok(Outcome { row, parsed })
    }

    /// The facts of every file, in order. Those that were at hand a moment ago and are not now are read anew.
    fn gather(
        &mut self,
        store: Option<&mut Store>,
        memory: &Memory,
        mut at_hand: FxHashMap<FactsKey, Arc<StoredFacts>>,
        files: &mut [FileRow],
        summary: &mut IndexSummary,
    ) -> Vec<Arc<StoredFacts>> {
        let mut wanted: Vec<FactsKey> = Vec::new();
        for row in files.iter() {
            if let Some(facts) = memory.facts.get(&row.facts) {
                at_hand.entry(row.facts).or_insert_with(|| Arc::clone(facts));
            } else if !at_hand.contains_key(&row.facts) {
                wanted.push(row.facts);
            }
        }
        if let Some(store) = store
            && let Ok(encoded) = store.load_facts(&wanted)
        {
            let decoded: Vec<_> = encoded
                .into_par_iter()
                .map(|data| data.and_then(|data| StoredFacts::decode(&data)).map(Arc::new))
                .collect();
            at_hand.extend(wanted.iter().zip(decoded).filter_map(|(&key, facts)| Some((key, facts?))));
        }
        let mut facts = Vec::with_capacity(files.len());
        for row in files.iter_mut() {
            let stored = if let Some(stored) = at_hand.get(&row.facts) {
                Arc::clone(stored)
            } else {
                summary.parsed += 1;
                summary.reused -= 1;
                self.read_again(row)
            };
            facts.push(stored);
        }
        facts
    }

    /// Reads a file whose facts the index named and could not give.
    fn read_again(&self, row: &mut FileRow) -> Arc<StoredFacts> {
        let stamp = drift_scan::Stamp { bytes: row.bytes, ..Default::default() };
        let entry = Entry { path: row.path.clone(), stamp };
        row.modified_ns = 0; // Whatever is read now, the next run looks at the content.
        Arc::new(match drift_scan::read(&self.project.root, &entry, self.project.options.max_file_bytes) {
            Ok(source) => {
                let language = Language::of_path(&row.path).expect("only paths of a language are sources");
                row.hash = source.hash;
                row.facts = facts_key(source.hash, language);
                analyse(language, &source.text, source.damage)
            }
            Err(reason) => {
                row.lines = REFUSED;
                StoredFacts { facts: None, notes: vec![reason.to_string()] }
            }
        })
    }

    /// Saves new stamps and skipped files when the graph is as it was; nothing when those are, too.
    fn save_rows(
        &mut self,
        store: Option<&mut Store>,
        base: &Base,
        input: u128,
        files: &[FileRow],
        skipped: &[SkippedRow],
    ) -> Result<(), EngineError> {
        let Some(store) = store else { return Ok(()) };
        if skipped == base.skipped && files.iter().all(|row| base.files.get(&row.path) == Some(row)) {
            return Ok(());
        }
        self.step(Phase::Store, 0, 1)?;
        let update = Update { tool: TOOL, input, files, skipped, facts: &[], graph: None };
        if let Err(error) = store.save(&update) {
            self.without_store(error)?;
        }
        self.step(Phase::Store, 1, 1)
    }

    fn save_all(
        &mut self,
        store: Option<Store>,
        snapshot: &Snapshot,
        facts: &[Arc<StoredFacts>],
    ) -> Result<(), EngineError> {
        let Some(mut store) = store else { return Ok(()) };
        self.step(Phase::Store, 0, 1)?;
        let saved = save_snapshot(&mut store, snapshot, facts).or_else(|error| match error {
            StoreError::Corrupt { .. } => {
                let mut opened = store.reset()?;
                self.warnings.extend(opened.warning);
                save_snapshot(&mut opened.store, snapshot, facts)
            }
            error => Err(error),
        });
        if let Err(error) = saved {
            self.without_store(error)?;
        }
        // What is saved is saved: from here on there is nothing to cancel.
        (self.options.progress)(Progress { phase: Phase::Store, done: 1, total: 1 });
        Ok(())
    }
}

/// Stands for the lines of a file that was refused; one that was read has at least one.
pub const REFUSED: u32 = 0;

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

fn in_memory(now: &Snapshot, memory: &Memory) -> Base {
    let lines = now.files.iter().filter(|row| memory.facts.contains_key(&row.facts));
    Base {
        input: Some(now.input),
        lines: lines.map(|row| (row.facts, row.lines)).collect(),
        files: now.files.iter().map(|row| (row.path.clone(), row.clone())).collect(),
        skipped: now.skipped.clone(),
        counts: now.counts(),
    }
}

fn saved(store: &Store) -> Result<Base, StoreError> {
    let Some(input) = store.input(TOOL)? else { return Ok(Base::default()) };
    let (keys, files) = (store.facts_keys()?, store.files()?);
    Ok(Base {
        input: Some(input),
        lines: files.iter().filter(|row| keys.contains(&row.facts)).map(|row| (row.facts, row.lines)).collect(),
        files: files.into_iter().map(|row| (row.path.clone(), row)).collect(),
        skipped: store.skipped()?,
        counts: store.counts()?,
    })
}

fn save_snapshot(store: &mut Store, snapshot: &Snapshot, facts: &[Arc<StoredFacts>]) -> Result<(), StoreError> {
    let there = store.facts_keys()?;
    let mut missing: BTreeMap<FactsKey, &StoredFacts> = BTreeMap::new();
    for (row, facts) in snapshot.files.iter().zip(facts) {
        if !there.contains(&row.facts) {
            missing.insert(row.facts, facts);
        }
    }
    let encoded: Vec<(FactsKey, Vec<u8>)> = missing.into_par_iter().map(|(key, facts)| (key, facts.encode())).collect();
    store.save(&Update {
        tool: TOOL,
        input: snapshot.input,
        files: &snapshot.files,
        skipped: &snapshot.skipped,
        facts: &encoded,
        graph: Some(&snapshot.graph),
    })
}

fn solve(files: &[FileRow], facts: &[Arc<StoredFacts>], manifests: &[(String, String)]) -> drift_graph::CallGraph {
    let none = FileFacts::default();
    let sources: Vec<SourceFile<'_>> = files
        .iter()
        .zip(facts)
        .map(|(row, stored)| SourceFile { path: &row.path, facts: stored.facts.as_ref().unwrap_or(&none) })
        .collect();
    let manifests: Vec<Manifest<'_>> = manifests.iter().map(|(path, text)| Manifest { path, text }).collect();
    drift_graph::build(&sources, &manifests)
}

fn skipped_row(skipped: drift_scan::Skipped) -> SkippedRow {
    SkippedRow { path: skipped.path, reason: skipped.reason.to_string() }
}

fn contains(files: &[FileRow], path: &str) -> bool {
    files.binary_search_by(|row| row.path.as_str().cmp(path)).is_ok()
}

fn facts_key(hash: u128, language: Language) -> FactsKey {
    let mut hasher = Xxh3::new();
    hasher.update(&hash.to_le_bytes());
    hasher.update(format!("{language:?} {TOOL}").as_bytes());
    hasher.digest128()
}

/// Names everything the graph is made from.
fn input_of(files: &[FileRow], manifests: &[(String, String)]) -> u128 {
    let mut hasher = Xxh3::new();
    let mut feed = |part: &[u8]| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    };
    feed(TOOL.as_bytes());
    for row in files {
        feed(row.path.as_bytes());
        feed(&row.facts.to_le_bytes());
    }
    for (path, text) in manifests {
        feed(path.as_bytes());
        feed(text.as_bytes());
    }
    hasher.digest128()
}
