use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use drift_store::{FileBlocks, FileId, FunctionRow, IndexedFile, Part, State, Store, StoreError, decode_functions};

use crate::EngineError;
use crate::edges::Edges;
use crate::query::{CallSite, FunctionSymbol, IndexStats, Reach, Reached, SkippedFile, SymbolQuery};
use crate::reader::{Blocks, Reader};

/// One consistent answer about a project, in memory; later indexing does not change it.
pub struct Snapshot {
    pub(crate) state: Arc<State>,
    /// By the order of the state's files.
    pub(crate) blocks: Vec<Arc<FileBlocks>>,
    /// From ids to places in the state's files.
    places: Vec<u32>,
    /// Read from their blocks when they are first asked for.
    decoded: Vec<Decoded>,
}

#[derive(Default)]
struct Decoded {
    functions: OnceLock<Arc<Vec<FunctionRow>>>,
    edges: OnceLock<Arc<Edges>>,
}

impl Snapshot {
    pub(crate) fn new(state: Arc<State>, blocks: Vec<Arc<FileBlocks>>) -> Self {
        let most = state.files.iter().map(|file| file.id as usize + 1).max().unwrap_or(0);
        let mut places = vec![u32::MAX; most];
        for (place, file) in state.files.iter().enumerate() {
            places[file.id as usize] = place as u32;
        }
        let decoded = state.files.iter().map(|_| Decoded::default()).collect();
        Self { state, blocks, places, decoded }
    }

    /// Reads the whole saved state.
    pub(crate) fn load(store: &Store, tool: &str) -> Result<Option<Self>, StoreError> {
        store.read(|store| {
            let Some(state) = store.state(tool)? else { return Ok(None) };
            let blocks = store.blocks(&state)?.into_iter().map(Arc::new).collect();
            Ok(Some(Self::new(Arc::new(state), blocks)))
        })
    }

    /// Functions by file, then position. O(functions).
    ///
    /// # Errors
    /// Never for a snapshot that was just made.
    pub fn symbols(&self, query: &SymbolQuery) -> Result<Vec<FunctionSymbol>, EngineError> {
        Reader::new(self).symbols(query)
    }

    /// Sites that can reach a function, or load the file of `path#<module>`, by file, then position. O(sites of the files
    /// that call it).
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`
    pub fn callers(&self, id: &str) -> Result<Vec<CallSite>, EngineError> {
        Reader::new(self).callers(id)
    }

    /// Sites inside a function, or `path#<module>`, by position. O(sites of the file).
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`
    pub fn callees(&self, id: &str) -> Result<Vec<CallSite>, EngineError> {
        Reader::new(self).callees(id)
    }

    /// What is reached from a function along calls, see [`Reach`].
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`
    pub fn reach(&self, id: &str, reach: Reach) -> Result<Vec<Reached>, EngineError> {
        Reader::new(self).reach(id, reach)
    }

    /// Counts over the whole index.
    pub fn stats(&self) -> IndexStats {
        IndexStats::of(&self.state)
    }

    /// What was not analysed, or only in part, by path.
    pub fn skipped(&self) -> impl Iterator<Item = SkippedFile> {
        SkippedFile::of(&self.state)
    }

    /// The blocks of a file, if it is there.
    pub(crate) fn blocks_of(&self, id: FileId) -> Option<Arc<FileBlocks>> {
        self.place(id).ok().map(|place| Arc::clone(&self.blocks[place]))
    }

    fn place(&self, id: FileId) -> Result<usize, StoreError> {
        let place = self.places.get(id as usize).copied().filter(|&place| place != u32::MAX);
        place.map(|place| place as usize).ok_or_else(|| self.damaged("a file is missing"))
    }
}

impl Blocks for Snapshot {
    fn files(&self) -> Result<Vec<Arc<IndexedFile>>, StoreError> {
        Ok(self.state.files.clone())
    }

    fn file_at(&self, path: &str) -> Result<Option<Arc<IndexedFile>>, StoreError> {
        Ok(self.state.file(path).cloned())
    }

    fn file(&self, id: FileId) -> Result<Arc<IndexedFile>, StoreError> {
        Ok(Arc::clone(&self.state.files[self.place(id)?]))
    }

    fn block(&self, file: &IndexedFile, part: Part) -> Result<Cow<'_, [u8]>, StoreError> {
        Ok(Cow::Borrowed(part.of(&self.blocks[self.place(file.id)?])))
    }

    fn functions(&self, file: &IndexedFile) -> Result<Arc<Vec<FunctionRow>>, StoreError> {
        let place = self.place(file.id)?;
        let known = &self.decoded[place].functions;
        if let Some(functions) = known.get() {
            return Ok(Arc::clone(functions));
        }
        let read = decode_functions(&self.blocks[place].functions).ok_or_else(|| self.damaged("functions"))?;
        Ok(Arc::clone(known.get_or_init(|| Arc::new(read))))
    }

    fn edges(&self, file: &IndexedFile) -> Result<Arc<Edges>, StoreError> {
        let place = self.place(file.id)?;
        let known = &self.decoded[place].edges;
        if let Some(edges) = known.get() {
            return Ok(Arc::clone(edges));
        }
        let read = Edges::of(&self.blocks[place].sites).ok_or_else(|| self.damaged("sites"))?;
        Ok(Arc::clone(known.get_or_init(|| Arc::new(read))))
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::Corrupt { path: "in memory".into(), what: what.to_owned() }
    }
}
