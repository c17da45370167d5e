//! Bringing the index up to date: look at the folder, read what changed, resolve, save.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use drift_facts::FileFacts;
use drift_graph::{Manifest, SourceFile};
use drift_store::{
    Counts, FactsKey, FileBlocks, FileId, IndexedFile, Part, SkippedRow, State, Store, StoreError, StoredFacts, Update,
    blocks_of,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::Xxh3;

use crate::analyse::WORKER_STACK_BYTES;
use crate::positions::Moves;
use crate::project::{Memory, Seen};
use crate::reader::Blocks;
use crate::snapshot::Snapshot;
use crate::sources::{Reading, Source, lines_of};
use crate::{EngineError, IndexOptions, IndexStats, IndexSummary, Phase, Progress, Project};

/// Names this build in an index.
pub const TOOL: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("DRIFT_BUILD"));

/// Stands for the lines of a file that was refused; one that was read has at least one.
pub const REFUSED: u32 = 0;

type Done = (IndexSummary, Option<Arc<Snapshot>>);

pub fn run(
    project: &Project,
    options: &IndexOptions<'_>,
    memory: &mut Memory,
    current: Option<&Snapshot>,
) -> Result<Done, EngineError> {
    let threads = options.threads.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(WORKER_STACK_BYTES)
        .thread_name(|index| format!("drift-{index}"))
        .build()
        .map_err(|source| EngineError::Threads { threads, source })?;
    let warnings = std::mem::take(&mut memory.warnings);
    pool.install(|| Run { reading: Reading { project, options }, warnings }.run(memory, current))
}

struct Run<'r> {
    reading: Reading<'r>,
    warnings: Vec<String>,
}

/// A new state, and the blocks of it that are new.
struct Solved {
    state: State,
    blocks: FxHashMap<FileId, Arc<FileBlocks>>,
    /// Facts that are not on disk yet.
    fresh: BTreeMap<FactsKey, Arc<StoredFacts>>,
}

impl Run<'_> {
    fn run(mut self, memory: &mut Memory, current: Option<&Snapshot>) -> Result<Done, EngineError> {
        self.reading.step(Phase::Scan, 0, 1)?;
        let seen = match (memory.seen.take(), self.reading.options.changed) {
            (Some(seen), Some(paths)) => self.reading.look_again(seen, paths),
            _ => None,
        };
        let narrow = seen.is_some();
        let seen = seen.map_or_else(|| self.reading.walk(), Ok)?;
        self.reading.step(Phase::Scan, 1, 1)?;

        let mut store = self.open_store(memory)?;
        let base = self.base(&mut store, memory, current)?;
        let stored = facts_on_disk(store.as_ref(), &base);
        let whole = IndexOptions { changed: None, ..*self.reading.options };
        let narrowed =
            Reading { project: self.reading.project, options: if narrow { self.reading.options } else { &whole } };
        let (mut sources, refused) = narrowed.sources(&seen.walked.sources, &base, &stored)?;

        let parsed = sources.iter().filter(|source| matches!(source, Source::Read { parsed: Some(_), .. })).count();
        let mut summary = IndexSummary {
            parsed,
            reused: sources.len() - parsed,
            removed: base.files.len() - known_of(&sources, &base),
            changed: false,
            stats: IndexStats::default(),
            warnings: Vec::new(),
        };
        let mut skipped: Vec<SkippedRow> = seen.walked.skipped.iter().map(skipped_row).chain(refused).collect();
        let policy = self.reading.project.options.policy.number();
        let frame = frame_of(&sources, &seen);
        let input = input_of(frame, &sources);
        let was = base.input;
        let may_be_moved = base.frame == frame && was != input && was != 0;
        let moved = if may_be_moved { moved(store.as_ref(), memory, current, &base, &sources) } else { None };
        let is_same = was == input && was != 0;
        let solved = if is_same || moved.is_some() {
            // Notes on files that are still what they were, and on those that are not.
            let moved = moved.unwrap_or_default();
            let mut fresh = BTreeMap::new();
            let notes =
                base.skipped.iter().filter(|row| contains(&sources, &row.path) && !moved.contains_key(&*row.path));
            skipped.extend(notes.cloned());
            for (path, (_, facts)) in &moved {
                skipped.extend(notes_of(path, facts));
                if let Some(file) = base.file(path) {
                    memory.facts.remove(&file.row.facts);
                }
                let key = facts_of(&sources, path);
                memory.facts.insert(key, Arc::clone(facts));
                fresh.insert(key, Arc::clone(facts));
            }
            let blocks = moved.into_iter().filter_map(|(path, (blocks, _))| Some((base.file(&path)?.id, blocks)));
            let blocks: FxHashMap<FileId, Arc<FileBlocks>> = blocks.collect();
            let files = sources.into_iter().map(|source| indexed(source, &base, &blocks)).collect();
            Solved { state: State { frame, input, policy, files, skipped, counts: base.counts }, blocks, fresh }
        } else {
            let facts = self.gather(store.as_ref(), memory, &mut sources, &mut summary);
            for (source, facts) in sources.iter().zip(&facts) {
                skipped.extend(notes_of(&source.row().path, facts));
            }
            let input = input_of(frame, &sources);
            let (graph, counts) = self.solve(&mut store, &stored, &sources, &facts, &seen)?;
            memory.facts = sources.iter().map(|source| source.row().facts).zip(facts).collect();
            let ids = ids_for(&sources, &base);
            let blocks = {
                let paths: Vec<&str> = sources.iter().map(|source| source.row().path.as_str()).collect();
                blocks_of(&graph, &paths, &ids)
            };
            drop(graph);
            let files = sources.into_iter().zip(&ids).zip(&blocks).map(|((source, &id), blocks)| {
                let (row, checks) = (source.row().clone(), blocks.checks());
                base.file(&row.path)
                    .filter(|file| file.id == id && file.checks == checks && file.row == row)
                    .map_or_else(|| Arc::new(IndexedFile::new(id, row, checks)), Arc::clone)
            });
            let files = files.collect();
            let blocks = ids.iter().copied().zip(blocks.into_iter().map(Arc::new)).collect();
            Solved { state: State { frame, input, policy, files, skipped, counts }, blocks, fresh: BTreeMap::new() }
        };
        let Solved { mut state, blocks, fresh } = solved;
        state.skipped.sort();
        let is_new = state != *base;
        let state = if is_new { Arc::new(state) } else { Arc::clone(&base) };
        let snapshot = snapshot_of(&state, &blocks, current, &base);
        if is_new {
            let at_hand = |file: &IndexedFile| match blocks.get(&file.id) {
                Some(blocks) => Some(Arc::clone(blocks)),
                None => snapshot.as_ref().and_then(|snapshot| snapshot.blocks_of(file.id)),
            };
            let update = Update { tool: TOOL, state: &state, blocks: &at_hand, before: &base };
            store = self.save(store, &update, &fresh, memory)?;
        }
        memory.is_saved = store.is_some();
        (summary.changed, summary.stats) = (state.input != base.input, IndexStats::of(&state));
        memory.state = Some(state);
        memory.seen = Some(seen);
        summary.warnings = self.warnings;
        Ok((summary, snapshot.map(Arc::new)))
    }

    /// `None` when the index is kept in memory, by choice or for want of a place to write.
    fn open_store(&mut self, memory: &mut Memory) -> Result<Option<Store>, EngineError> {
        let Some(path) = &self.reading.project.options.index_path else { return Ok(None) };
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

    /// What is known from before: of the index on disk, else of this project's last run.
    fn base(
        &mut self,
        store: &mut Option<Store>,
        memory: &Memory,
        current: Option<&Snapshot>,
    ) -> Result<Arc<State>, EngineError> {
        let Some(open) = store.take() else {
            return Ok(current.map(|now| Arc::clone(&now.state)).unwrap_or_default());
        };
        let known = memory.state.as_ref();
        let saved = open.read(|open| match (open.saved_check(TOOL)?, known) {
            (Some(check), Some(known)) if known.check() == check => Ok(Arc::clone(known)),
            _ => Ok(Arc::new(open.state(TOOL)?.unwrap_or_default())),
        });
        let (base, kept) = match saved {
            Ok(base) => (base, Some(open)),
            Err(error @ StoreError::Corrupt { .. }) => (Arc::default(), self.reset(open, error)?),
            Err(error) => self.without_store(error).map(|()| (Arc::default(), None))?,
        };
        *store = kept;
        Ok(base)
    }

    /// Sets a damaged index aside.
    fn reset(&mut self, store: Store, error: StoreError) -> Result<Option<Store>, EngineError> {
        if !matches!(error, StoreError::Corrupt { .. }) {
            return self.without_store(error).map(|()| None);
        }
        match store.reset() {
            Ok(opened) => {
                self.warnings.extend(opened.warning);
                Ok(Some(opened.store))
            }
            Err(error) => self.without_store(error).map(|()| None),
        }
    }

    /// The facts of every file, in order. Those that were at hand a moment ago and are not now are read anew.
    fn gather(
        &self,
        store: Option<&Store>,
        memory: &Memory,
        sources: &mut [Source],
        summary: &mut IndexSummary,
    ) -> Vec<Arc<StoredFacts>> {
        let mut at_hand: FxHashMap<FactsKey, Arc<StoredFacts>> = FxHashMap::default();
        let mut wanted: Vec<FactsKey> = Vec::new();
        for source in &*sources {
            let key = source.row().facts;
            if let Source::Read { parsed: Some(facts), .. } = source {
                at_hand.insert(key, Arc::clone(facts));
            } else if let Some(facts) = memory.facts.get(&key) {
                at_hand.entry(key).or_insert_with(|| Arc::clone(facts));
            } else {
                wanted.push(key);
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
        let mut facts = Vec::with_capacity(sources.len());
        for source in sources {
            let stored = if let Some(stored) = at_hand.get(&source.row().facts) {
                Arc::clone(stored)
            } else {
                summary.parsed += 1;
                summary.reused -= 1;
                self.reading.read_again(source.row_mut())
            };
            if source.row().lines != lines_of(&stored) {
                source.row_mut().lines = lines_of(&stored);
            }
            facts.push(stored);
        }
        facts
    }

    /// Solves the whole project, while facts that are not on disk yet go there.
    fn solve(
        &mut self,
        store: &mut Option<Store>,
        stored: &FxHashSet<FactsKey>,
        sources: &[Source],
        facts: &[Arc<StoredFacts>],
        seen: &Seen,
    ) -> Result<(drift_graph::CallGraph, Counts), EngineError> {
        let mut missing: BTreeMap<FactsKey, Arc<StoredFacts>> = BTreeMap::new();
        for (source, facts) in sources.iter().zip(facts) {
            let is_new = !matches!(source, Source::Kept(_));
            if is_new && !stored.contains(&source.row().facts) {
                missing.insert(source.row().facts, Arc::clone(facts));
            }
        }
        self.reading.step(Phase::Resolve, 0, 1)?;
        let (graph, added) = rayon::join(
            || solve(sources, facts, &seen.manifests),
            || store.as_mut().map_or(Ok(()), |store| store.add_facts(encoded(&missing))),
        );
        self.reading.step(Phase::Resolve, 1, 1)?;
        if let Err(error) = added
            && let Some(broken) = store.take()
        {
            *store = self.reset(broken, error)?;
        }
        let counts = Counts::of(&graph);
        Ok((graph, counts))
    }

    /// Saves what differs from before; the store comes back if the state is on disk.
    fn save(
        &mut self,
        store: Option<Store>,
        update: &Update<'_>,
        fresh: &BTreeMap<FactsKey, Arc<StoredFacts>>,
        memory: &Memory,
    ) -> Result<Option<Store>, EngineError> {
        let Some(mut store) = store else { return Ok(None) };
        self.reading.step(Phase::Store, 0, 1)?;
        let added = if fresh.is_empty() { Ok(()) } else { store.add_facts(encoded(fresh)) };
        let saved = added.and_then(|()| store.save(update));
        let kept = match saved {
            Ok(_) => Some(store),
            Err(error) => match self.reset(store, error)? {
                None => None,
                Some(mut anew) => {
                    let all = memory.facts.iter().map(|(&key, facts)| (key, facts.encode()));
                    match anew.add_facts(all).and_then(|()| anew.save(update)) {
                        Ok(_) => Some(anew),
                        Err(error) => self.without_store(error).map(|()| None)?,
                    }
                }
            },
        };
        if let Some(store) = &kept
            && update.before.files.is_empty()
            && let Err(StoreError::Database { source, .. }) = store.settle()
        {
            self.warnings.push(format!("the index is saved, but its log could not be tidied: {source}"));
        }
        // What is saved is saved: from here on there is nothing to cancel.
        (self.reading.options.progress)(Progress { phase: Phase::Store, done: 1, total: 1 });
        Ok(kept)
    }
}

/// New blocks and facts of files that only moved, by path.
type Moved = BTreeMap<String, (Arc<FileBlocks>, Arc<StoredFacts>)>;

/// Facts that a run which came to no end has left; those of the state are known from it.
fn facts_on_disk(store: Option<&Store>, base: &State) -> FxHashSet<FactsKey> {
    match store {
        Some(store) if base.files.is_empty() => store.facts_keys().unwrap_or_default(),
        _ => FxHashSet::default(),
    }
}

/// New blocks and facts by path, when the files that changed are the same code at other places.
fn moved(
    store: Option<&Store>,
    memory: &Memory,
    current: Option<&Snapshot>,
    base: &State,
    sources: &[Source],
) -> Option<Moved> {
    let facts = |key: FactsKey| -> Option<Arc<StoredFacts>> {
        if let Some(facts) = memory.facts.get(&key) {
            return Some(Arc::clone(facts));
        }
        let data = store?.load_facts(&[key]).ok()?.pop()??;
        StoredFacts::decode(&data).map(Arc::new)
    };
    let current = current.filter(|current| current.state.input == base.input);
    let block = |file: &IndexedFile, part: Part| match current {
        Some(current) => current.block(file, part).ok().map(std::borrow::Cow::into_owned),
        None => store?.block(file, part).ok(),
    };
    let mut found = BTreeMap::new();
    for source in sources {
        let Source::Read { row, parsed } = source else { continue };
        let file = base.file(&row.path)?;
        if file.row.facts == row.facts {
            continue;
        }
        let new = parsed.clone().or_else(|| facts(row.facts))?;
        let moves = Moves::between(facts(file.row.facts)?.facts.as_ref()?, new.facts.as_ref()?)?;
        let blocks = FileBlocks {
            functions: block(file, Part::Functions)?,
            sites: block(file, Part::Sites)?,
            callers: block(file, Part::Callers)?,
        };
        found.insert(row.path.clone(), (Arc::new(moves.apply(&blocks)?), new));
    }
    Some(found)
}

fn encoded(facts: &BTreeMap<FactsKey, Arc<StoredFacts>>) -> impl Iterator<Item = (FactsKey, Vec<u8>)> {
    facts.iter().map(|(&key, facts)| (key, facts.encode()))
}

fn solve(sources: &[Source], facts: &[Arc<StoredFacts>], manifests: &[(String, String)]) -> drift_graph::CallGraph {
    let none = FileFacts::default();
    let files: Vec<SourceFile<'_>> = sources
        .iter()
        .zip(facts)
        .map(|(source, stored)| SourceFile { path: &source.row().path, facts: stored.facts.as_ref().unwrap_or(&none) })
        .collect();
    let manifests: Vec<Manifest<'_>> = manifests.iter().map(|(path, text)| Manifest { path, text }).collect();
    drift_graph::build(&files, &manifests)
}

/// The new state with its blocks; `None` when those of files that stayed are on disk only.
fn snapshot_of(
    state: &Arc<State>,
    new: &FxHashMap<FileId, Arc<FileBlocks>>,
    current: Option<&Snapshot>,
    base: &State,
) -> Option<Snapshot> {
    let current = current.filter(|current| current.state.input == base.input);
    let blocks = state.files.iter().map(|file| match new.get(&file.id) {
        Some(blocks) => Some(Arc::clone(blocks)),
        None => current?.blocks_of(file.id),
    });
    Some(Snapshot::new(Arc::clone(state), blocks.collect::<Option<Vec<_>>>()?))
}

/// A file of a project whose files are those of `base`.
fn indexed(source: Source, base: &State, blocks: &FxHashMap<FileId, Arc<FileBlocks>>) -> Arc<IndexedFile> {
    match source {
        Source::Kept(file) => file,
        Source::Read { row, .. } => {
            let was = base.file(&row.path).expect("the paths are those of the base");
            let checks = blocks.get(&was.id).map_or(was.checks, |blocks| blocks.checks());
            Arc::new(IndexedFile::new(was.id, row, checks))
        }
    }
}

/// Ids of the files: those that they had, else new ones behind all that are in use.
fn ids_for(sources: &[Source], base: &State) -> Vec<FileId> {
    let mut next = base.files.iter().map(|file| file.id + 1).max().unwrap_or(0);
    let id = |source: &Source| match base.file(&source.row().path) {
        Some(file) => file.id,
        None => {
            next += 1;
            next - 1
        }
    };
    sources.iter().map(id).collect()
}

fn notes_of<'n>(path: &'n str, facts: &'n StoredFacts) -> impl Iterator<Item = SkippedRow> + 'n {
    facts.notes.iter().map(|reason| SkippedRow { path: path.to_owned(), reason: reason.clone() })
}

fn facts_of(sources: &[Source], path: &str) -> FactsKey {
    let at = sources.binary_search_by(|source| source.row().path.as_str().cmp(path));
    sources[at.expect("a path of the sources")].row().facts
}

fn skipped_row(skipped: &drift_scan::Skipped) -> SkippedRow {
    SkippedRow { path: skipped.path.clone(), reason: skipped.reason.to_string() }
}

fn contains(sources: &[Source], path: &str) -> bool {
    sources.binary_search_by(|source| source.row().path.as_str().cmp(path)).is_ok()
}

/// How many of the files are in the base. Both are sorted by path.
fn known_of(sources: &[Source], base: &State) -> usize {
    let mut was = base.files.iter().peekable();
    let is_known = |source: &&Source| {
        let is_same = |file: &Arc<IndexedFile>| matches!(source, Source::Kept(kept) if Arc::ptr_eq(kept, file));
        while was.next_if(|file| !is_same(file) && file.row.path < source.row().path).is_some() {}
        was.next_if(|file| is_same(file) || file.row.path == source.row().path).is_some()
    };
    sources.iter().filter(is_known).count()
}

/// Names everything that decides over the graph but the files' content. Never 0.
fn frame_of(sources: &[Source], seen: &Seen) -> u128 {
    let mut hasher = Xxh3::new();
    let mut feed = |part: &[u8]| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    };
    feed(TOOL.as_bytes());
    for source in sources {
        feed(source.row().path.as_bytes());
    }
    for (path, text) in &seen.manifests {
        feed(path.as_bytes());
        feed(text.as_bytes());
    }
    hasher.digest128().max(1)
}

/// Names everything the graph is made from. Never 0.
fn input_of(frame: u128, sources: &[Source]) -> u128 {
    let mut hasher = Xxh3::new();
    hasher.update(&frame.to_le_bytes());
    for source in sources {
        hasher.update(&source.row().facts.to_le_bytes());
    }
    hasher.digest128().max(1)
}
