use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use drift_scan::DEFAULT_MAX_FILE_BYTES;
use drift_store::{FactsKey, Store, StoreError, StoredFacts};
use rustc_hash::FxHashMap;

use crate::query::Snapshot;
use crate::run::TOOL;
use crate::{EngineError, IndexOptions, IndexSummary};

/// How to open a project.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Where the index is kept; `None` keeps it in memory.
    pub index_path: Option<PathBuf>,
    /// Larger files are skipped and reported.
    pub max_file_bytes: u64,
}

impl OpenOptions {
    /// The index in `.drift/index.db` under the root.
    pub fn in_folder(root: &Path) -> Self {
        Self { index_path: Some(root.join(".drift").join("index.db")), max_file_bytes: DEFAULT_MAX_FILE_BYTES }
    }

    /// Nothing is written.
    pub fn in_memory() -> Self {
        Self { index_path: None, max_file_bytes: DEFAULT_MAX_FILE_BYTES }
    }
}

/// A folder of code, and what is known about it: [`Project::open`], [`Project::index`], then ask its
/// [`Project::snapshot`].
///
/// The index is opened for each piece of work and closed again, so any number of processes may use one folder.
pub struct Project {
    pub(crate) root: PathBuf,
    pub(crate) options: OpenOptions,
    /// The newest answer; `None` until indexed here or read from disk.
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    /// Held by the one indexing run at a time.
    indexing: Mutex<Memory>,
}

/// What one indexing run leaves for the next.
#[derive(Default)]
pub struct Memory {
    /// Facts of the newest state.
    pub facts: FxHashMap<FactsKey, Arc<StoredFacts>>,
    /// The saved index was found damaged: it is to be replaced, not read.
    pub distrust_index: bool,
    /// What the next summary has to tell.
    pub warnings: Vec<String>,
}

impl Project {
    /// Opens a folder. Cheap: nothing is read but the folder's own entry.
    ///
    /// # Errors
    /// `ROOT_MISSING`, `ROOT_NOT_A_FOLDER`, `ROOT_UNREADABLE`
    pub fn open(root: &Path, options: OpenOptions) -> Result<Self, EngineError> {
        let root = drift_scan::checked_root(root)?;
        Ok(Self { root, options, snapshot: RwLock::default(), indexing: Mutex::default() })
    }

    /// Brings the index up to date with the folder: reads what changed, and resolves the whole project again if
    /// anything did. An unchanged project costs a walk over its folders.
    ///
    /// # Errors
    /// `CANCELLED`, `INDEX_LOCKED`, `THREADS_UNAVAILABLE`, and those of [`Project::open`]. The state before stays.
    pub fn index(&self, options: &IndexOptions<'_>) -> Result<IndexSummary, EngineError> {
        let mut memory = self.lock();
        let (summary, snapshot) = crate::run::run(self, options, &mut memory, self.current())?;
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
        let saved = self.saved();
        match saved {
            Ok(Some(snapshot)) => {
                let snapshot = Arc::new(snapshot);
                self.remember(Some(Arc::clone(&snapshot)));
                Ok(snapshot)
            }
            Ok(None) => Err(EngineError::NotIndexed),
            Err(StoreError::Corrupt { .. }) => {
                self.lock().distrust_index = true;
                let summary = self.index(&IndexOptions::default())?;
                self.lock().warnings = summary.warnings;
                self.current().ok_or(EngineError::NotIndexed)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn saved(&self) -> Result<Option<Snapshot>, StoreError> {
        let Some(path) = &self.options.index_path else { return Ok(None) };
        let Some(store) = Store::open_existing(path)? else { return Ok(None) };
        store.read(|store| {
            let Some(input) = store.input(TOOL)? else { return Ok(None) };
            let files = store.files()?;
            let graph = store.graph(&files)?;
            Ok(Some(Snapshot::new(input, files, store.skipped()?, Arc::new(graph))))
        })
    }

    fn current(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, snapshot: Option<Arc<Snapshot>>) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.indexing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
