use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use drift_scan::{Policy, Walked};
use drift_store::{FactsKey, State, Store, StoreError, StoredFacts};
use rustc_hash::FxHashMap;

use crate::flows::on_large_stack;
use crate::reader::{Reader, Saved};
use crate::run::TOOL;
use crate::snapshot::Snapshot;
use crate::{
    CallSite, EngineError, FlowAnswer, FlowPlace, FunctionSymbol, IndexOptions, IndexStats, IndexSummary, Reach,
    Reached, SkippedFile, SymbolQuery,
};

/// How to open a project.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Where the index is kept; `None` keeps it in memory.
    pub index_path: Option<PathBuf>,
    /// What becomes of huge, minified and generated files.
    pub policy: Policy,
}

impl OpenOptions {
    /// The index in `.drift/index.db` under the root.
    pub fn in_folder(root: &Path) -> Self {
        Self { index_path: Some(root.join(".drift").join("index.db")), policy: Policy::default() }
    }

    /// Nothing is written.
    pub fn in_memory() -> Self {
        Self { index_path: None, policy: Policy::default() }
    }
}

/// A folder of code, and what is known about it: [`Project::open`], [`Project::index`], then [`Project::ask`] it or its
/// [`Project::snapshot`].
///
/// The index is opened for each piece of work and closed again, so any number of processes may use one folder.
pub struct Project {
    pub(crate) root: PathBuf,
    pub(crate) options: OpenOptions,
    /// The newest answer; `None` until indexed here or read from disk.
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    /// One question was answered from the index on disk; the next one loads it.
    asked: AtomicBool,
    /// Held by the one indexing run at a time.
    indexing: Mutex<Memory>,
}

/// What one indexing run leaves for the next.
#[derive(Default)]
pub struct Memory {
    /// Facts of the newest state.
    pub facts: FxHashMap<FactsKey, Arc<StoredFacts>>,
    /// The newest state.
    pub state: Option<Arc<State>>,
    /// What the folder held; `None` when that is not known, as after a run that failed.
    pub seen: Option<Seen>,
    /// The newest state is on disk.
    pub is_saved: bool,
    /// The saved index was found damaged: it is to be replaced, not read.
    pub distrust_index: bool,
    /// What the next summary has to tell.
    pub warnings: Vec<String>,
}

/// What a folder holds.
pub struct Seen {
    /// Its files.
    pub walked: Walked,
    /// Path and text of each manifest.
    pub manifests: Vec<(String, String)>,
}

impl Project {
    /// Opens a folder. Cheap: nothing is read but the folder's own entry.
    ///
    /// # Errors
    /// `ROOT_MISSING`, `ROOT_NOT_A_FOLDER`, `ROOT_UNREADABLE`
    pub fn open(root: &Path, options: OpenOptions) -> Result<Self, EngineError> {
        let root = drift_scan::checked_root(root)?;
        let (snapshot, asked, indexing) = (RwLock::default(), AtomicBool::new(false), Mutex::default());
        Ok(Self { root, options, snapshot, asked, indexing })
    }

    /// Brings the index up to date with the folder: reads what changed, and resolves the whole project again if
    /// anything did that bears on it. An unchanged project costs a walk over its folders.
    ///
    /// # Errors
    /// `CANCELLED`, `INDEX_LOCKED`, `THREADS_UNAVAILABLE`, and those of [`Project::open`]. The state before stays.
    pub fn index(&self, options: &IndexOptions<'_>) -> Result<IndexSummary, EngineError> {
        let mut memory = self.lock();
        let (summary, snapshot) = crate::run::run(self, options, &mut memory, self.current().as_deref())?;
        self.remember(snapshot);
        Ok(summary)
    }

    /// The newest answer: of the last [`Project::index`] here, else what is saved. A saved one that is damaged is made
    /// anew from the folder.
    ///
    /// # Errors
    /// `NOT_INDEXED`, `INDEX_LOCKED`
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, EngineError> {
        if let Some(snapshot) = self.current() {
            return Ok(snapshot);
        }
        let saved = self.open_saved().and_then(|store| match store {
            Some(store) => Snapshot::load(&store, TOOL),
            None => Ok(None),
        });
        match saved {
            Ok(Some(snapshot)) => {
                let snapshot = Arc::new(snapshot);
                self.remember(Some(Arc::clone(&snapshot)));
                Ok(snapshot)
            }
            Ok(None) => Err(EngineError::NotIndexed),
            Err(StoreError::Corrupt { .. }) => self.make_anew(),
            Err(error) => Err(error.into()),
        }
    }

    /// Answers a question from the newest answer, as [`Project::snapshot`] finds it. The first question to a saved index
    /// reads only what it needs; with the second one the whole answer is loaded.
    ///
    /// # Errors
    /// What `question` gives, `NOT_INDEXED`, `INDEX_LOCKED`
    fn ask<T>(&self, question: impl Fn(&Reader<'_>) -> Result<T, EngineError>) -> Result<T, EngineError> {
        if self.current().is_some() || self.asked.swap(true, Ordering::Relaxed) {
            return question(&Reader::new(&*self.snapshot()?));
        }
        let Some(store) = self.open_saved()? else { return Err(EngineError::NotIndexed) };
        let answer = store.read(|store| match store.saved_check(TOOL)? {
            Some(_) => question(&Reader::new(&Saved::new(store, TOOL))),
            None => Err(EngineError::NotIndexed),
        });
        match answer {
            Err(EngineError::Store(StoreError::Corrupt { .. })) => {
                drop(store);
                question(&Reader::new(&*self.make_anew()?))
            }
            answer => answer,
        }
    }

    /// Counts over the whole index.
    ///
    /// # Errors
    /// As [`Project::snapshot`].
    pub fn stats(&self) -> Result<IndexStats, EngineError> {
        self.about(IndexStats::of)
    }

    /// What was not analysed, or only in part, by path.
    ///
    /// # Errors
    /// As [`Project::snapshot`].
    pub fn skipped(&self) -> Result<Vec<SkippedFile>, EngineError> {
        self.about(|state| SkippedFile::of(state).collect())
    }

    fn about<T>(&self, say: impl Fn(&State) -> T) -> Result<T, EngineError> {
        if let Some(snapshot) = self.current() {
            return Ok(say(&snapshot.state));
        }
        // An indexing run that is under way is not waited for.
        let last = self.indexing.try_lock().ok().and_then(|memory| memory.state.clone());
        if let Some(state) = last {
            return Ok(say(&state));
        }
        let Some(store) = self.open_saved()? else { return Err(EngineError::NotIndexed) };
        match store.read(|store| store.state(TOOL)) {
            Ok(state) => state.map(|state| say(&state)).ok_or(EngineError::NotIndexed),
            Err(StoreError::Corrupt { .. }) => {
                drop(store);
                Ok(say(&self.make_anew()?.state))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The folders that the last run listed, relative to the root, which is empty; none before the first run.
    pub fn folders(&self) -> Vec<String> {
        self.lock().seen.as_ref().map(|seen| seen.walked.folders.clone()).unwrap_or_default()
    }

    /// Lets go of everything that is kept in memory to be fast; what is saved answers from then on. An index that is
    /// kept in memory only is not let go of.
    pub fn rest(&self) {
        let mut memory = self.lock();
        if memory.is_saved || memory.state.is_none() && self.options.index_path.is_some() {
            memory.facts = FxHashMap::default();
            memory.seen = None;
            memory.state = None;
            self.remember(None);
            self.asked.store(false, Ordering::Relaxed);
        }
    }

    /// See [`Snapshot::symbols`].
    ///
    /// # Errors
    /// As [`Project::snapshot`].
    pub fn symbols(&self, query: &SymbolQuery) -> Result<Vec<FunctionSymbol>, EngineError> {
        self.ask(|reader| reader.symbols(query))
    }

    /// See [`Snapshot::callers`].
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`, and as [`Project::snapshot`].
    pub fn callers(&self, id: &str) -> Result<Vec<CallSite>, EngineError> {
        self.ask(|reader| reader.callers(id))
    }

    /// See [`Snapshot::callees`].
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`, and as [`Project::snapshot`].
    pub fn callees(&self, id: &str) -> Result<Vec<CallSite>, EngineError> {
        self.ask(|reader| reader.callees(id))
    }

    /// See [`Snapshot::reach`].
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`, and as [`Project::snapshot`].
    pub fn reach(&self, id: &str, reach: Reach) -> Result<Vec<Reached>, EngineError> {
        self.ask(|reader| reader.reach(id, reach))
    }

    /// Where a value arrives: see [`crate::FlowAnswer`].
    ///
    /// # Errors
    /// `PLACE_UNKNOWN`, and as [`Project::snapshot`].
    pub fn flows(&self, place: &FlowPlace) -> Result<FlowAnswer, EngineError> {
        on_large_stack(|| self.ask(|reader| crate::flows::flows(self, reader, place)))
    }

    fn open_saved(&self) -> Result<Option<Store>, StoreError> {
        self.options.index_path.as_deref().map_or(Ok(None), Store::open_existing)
    }

    fn make_anew(&self) -> Result<Arc<Snapshot>, EngineError> {
        self.lock().distrust_index = true;
        let summary = self.index(&IndexOptions::default())?;
        self.lock().warnings = summary.warnings;
        self.current().ok_or(EngineError::NotIndexed)
    }

    pub(crate) fn current(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, snapshot: Option<Arc<Snapshot>>) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.indexing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
