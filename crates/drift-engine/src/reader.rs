//! Questions, answered from the few blocks that each needs: of an index on disk, or of a [`crate::Snapshot`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use drift_graph::{Basis, Status, Support};
use drift_store::{
    FileId, FunctionRow, IndexedFile, Part, SiteRow, Sites, Store, StoreError, TargetRow, decode_callers,
    decode_functions, decode_sites,
};
use drift_text::LineSpan;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::EngineError;
use crate::edges::{Edges, MODULE, Place, place_of};
use crate::query::{CallSite, CallTarget, Direction, FunctionSymbol, Reach, Reached, SymbolQuery};

/// Where blocks come from.
pub trait Blocks {
    /// All files, by path.
    fn files(&self) -> Result<Vec<Arc<IndexedFile>>, StoreError>;
    fn file_at(&self, path: &str) -> Result<Option<Arc<IndexedFile>>, StoreError>;
    fn file(&self, id: FileId) -> Result<Arc<IndexedFile>, StoreError>;
    fn block(&self, file: &IndexedFile, part: Part) -> Result<Cow<'_, [u8]>, StoreError>;
    fn functions(&self, file: &IndexedFile) -> Result<Arc<Vec<FunctionRow>>, StoreError>;
    fn edges(&self, file: &IndexedFile) -> Result<Arc<Edges>, StoreError>;
    /// A block is not what it should be.
    fn damaged(&self, what: &str) -> StoreError;
}

/// Blocks of an index on disk; to be used within [`Store::read`].
pub struct Saved<'s> {
    store: &'s Store,
    tool: &'s str,
    /// What several rows of an answer ask for.
    files: RefCell<FxHashMap<FileId, Arc<IndexedFile>>>,
    functions: RefCell<FxHashMap<FileId, Arc<Vec<FunctionRow>>>>,
    edges: RefCell<FxHashMap<FileId, Arc<Edges>>>,
}

impl<'s> Saved<'s> {
    pub fn new(store: &'s Store, tool: &'s str) -> Self {
        Self { store, tool, files: RefCell::default(), functions: RefCell::default(), edges: RefCell::default() }
    }
}

impl Blocks for Saved<'_> {
    fn files(&self) -> Result<Vec<Arc<IndexedFile>>, StoreError> {
        Ok(self.store.state(self.tool)?.unwrap_or_default().files)
    }

    fn file_at(&self, path: &str) -> Result<Option<Arc<IndexedFile>>, StoreError> {
        Ok(self.store.file_at(path)?.map(Arc::new))
    }

    fn file(&self, id: FileId) -> Result<Arc<IndexedFile>, StoreError> {
        remembered(&self.files, id, || {
            self.store.file(id)?.map(Arc::new).ok_or_else(|| self.damaged("a file is missing"))
        })
    }

    fn block(&self, file: &IndexedFile, part: Part) -> Result<Cow<'_, [u8]>, StoreError> {
        self.store.block(file, part).map(Cow::Owned)
    }

    fn functions(&self, file: &IndexedFile) -> Result<Arc<Vec<FunctionRow>>, StoreError> {
        remembered(&self.functions, file.id, || {
            let block = self.store.block(file, Part::Functions)?;
            decode_functions(&block).map(Arc::new).ok_or_else(|| self.damaged("functions cannot be read"))
        })
    }

    fn edges(&self, file: &IndexedFile) -> Result<Arc<Edges>, StoreError> {
        remembered(&self.edges, file.id, || {
            let block = self.store.block(file, Part::Sites)?;
            Edges::of(&block).map(Arc::new).ok_or_else(|| self.damaged("sites cannot be read"))
        })
    }

    fn damaged(&self, what: &str) -> StoreError {
        self.store.corrupt(what)
    }
}

fn remembered<T: Clone>(
    known: &RefCell<FxHashMap<FileId, T>>,
    id: FileId,
    read: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Some(known) = known.borrow().get(&id) {
        return Ok(known.clone());
    }
    let value = read()?;
    known.borrow_mut().insert(id, value.clone());
    Ok(value)
}

/// Answers questions from blocks.
pub struct Reader<'b> {
    blocks: &'b dyn Blocks,
}

impl<'b> Reader<'b> {
    pub fn new(blocks: &'b dyn Blocks) -> Self {
        Self { blocks }
    }

    /// Functions by file, then position.
    pub fn symbols(&self, query: &SymbolQuery) -> Result<Vec<FunctionSymbol>, EngineError> {
        let files = match &query.file {
            Some(path) => self.blocks.file_at(path)?.into_iter().collect(),
            None => self.blocks.files()?,
        };
        let limit = query.limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        for file in files {
            if found.len() >= limit {
                break;
            }
            let functions = self.blocks.functions(&file)?;
            let matching = functions.iter().filter(|row| {
                query.name.as_deref().is_none_or(|name| row.name == name || row.symbol.get(1..) == Some(name))
            });
            found.extend(matching.map(|row| symbol(&file, row)));
        }
        found.truncate(limit);
        Ok(found)
    }

    pub fn callers(&self, id: &str) -> Result<Vec<CallSite>, EngineError> {
        let target = self.place(id)?;
        let mut answer = Vec::new();
        for file in self.caller_files(target)? {
            let rows = self.sites(&file)?;
            let reaches: Vec<bool> =
                rows.targets.iter().map(|list| list.iter().any(|to| place_of(to) == Some(target))).collect();
            for site in rows.sites.iter().filter(|site| reaches[site.targets as usize]) {
                answer.push(self.call_site(&file, &rows, site)?);
            }
        }
        Ok(answer)
    }

    pub fn callees(&self, id: &str) -> Result<Vec<CallSite>, EngineError> {
        let place = self.place(id)?;
        let file = self.blocks.file(place.file)?;
        let caller = (place.function != MODULE).then_some(place.function);
        self.sites_where(&file, |site| site.caller == caller)
    }

    /// The sites of a file, by position.
    pub fn sites_where(
        &self,
        file: &IndexedFile,
        keep: impl Fn(&SiteRow) -> bool,
    ) -> Result<Vec<CallSite>, EngineError> {
        let rows = self.sites(file)?;
        rows.sites.iter().filter(|site| keep(site)).map(|site| self.call_site(file, &rows, site)).collect()
    }

    /// Breadth first, so that each function comes with the fewest calls it takes; by that, then by file and position.
    pub fn reach(&self, id: &str, reach: Reach) -> Result<Vec<Reached>, EngineError> {
        let start = self.place(id)?;
        let mut seen: FxHashSet<Place> = FxHashSet::default();
        seen.insert(start);
        let (mut front, mut answer) = (vec![start], Vec::new());
        for depth in 1..=reach.depth {
            let mut next: Vec<Place> = Vec::new();
            for &place in &front {
                match reach.direction {
                    Direction::Callees => {
                        let edges = self.blocks.edges(&*self.blocks.file(place.file)?)?;
                        next.extend(edges.from(place.function).filter(|&to| seen.insert(to)));
                    }
                    Direction::Callers => {
                        for file in self.caller_files(place)? {
                            let edges = self.blocks.edges(&file)?;
                            let callers = edges.to(place).map(|function| Place { file: file.id, function });
                            next.extend(callers.filter(|&from| seen.insert(from)));
                        }
                    }
                }
            }
            let mut rows: Vec<(Arc<IndexedFile>, u32)> = Vec::with_capacity(next.len());
            for place in &next {
                rows.push((self.blocks.file(place.file)?, place.function));
            }
            rows.sort_by(|(left, at), (right, to)| left.row.path.cmp(&right.row.path).then(at.cmp(to)));
            for (file, function) in rows {
                answer.push(Reached { id: self.id_of(&file, function)?, depth });
            }
            if next.is_empty() {
                break;
            }
            front = next;
        }
        Ok(answer)
    }

    /// The file of a function with its definition; nothing for the top level of a file.
    pub fn definition(&self, id: &str) -> Result<Option<(String, LineSpan)>, EngineError> {
        let Place { file, function } = self.place(id)?;
        let file = self.blocks.file(file)?;
        let functions = self.blocks.functions(&file)?;
        Ok(functions.get(function as usize).map(|row| (file.row.path.clone(), row.span)))
    }

    /// The function of a file that ends where a definition does and starts nearest to it.
    pub fn function_at(&self, path: &str, span: LineSpan) -> Result<Option<String>, EngineError> {
        let Some(file) = self.blocks.file_at(path)? else { return Ok(None) };
        let functions = self.blocks.functions(&file)?;
        let ending =
            functions.iter().filter(|row| (row.span.end_line, row.span.end_column) == (span.end_line, span.end_column));
        let nearest =
            ending.min_by_key(|row| (row.span.line.abs_diff(span.line), row.span.column.abs_diff(span.column)));
        Ok(nearest.map(|row| format!("{path}{}", row.symbol)))
    }

    /// The sites of a file by its path, by position; none where it is not indexed.
    pub fn sites_of(&self, path: &str) -> Result<Vec<CallSite>, EngineError> {
        match self.blocks.file_at(path)? {
            Some(file) => self.sites_where(&file, |_| true),
            None => Ok(Vec::new()),
        }
    }

    /// The files with calls of a function, by path.
    fn caller_files(&self, target: Place) -> Result<Vec<Arc<IndexedFile>>, EngineError> {
        let file = self.blocks.file(target.file)?;
        let block = self.blocks.block(&file, Part::Callers)?;
        let rows = decode_callers(&block).ok_or_else(|| self.blocks.damaged("callers cannot be read"))?;
        let function = match target.function {
            MODULE => self.blocks.functions(&file)?.len() as u32,
            function => function,
        };
        let Ok(at) = rows.binary_search_by_key(&function, |row| row.0) else { return Ok(Vec::new()) };
        let mut files = Vec::with_capacity(rows[at].1.len());
        for &id in &rows[at].1 {
            files.push(self.blocks.file(id)?);
        }
        files.sort_by(|left, right| left.row.path.cmp(&right.row.path));
        Ok(files)
    }

    /// Which function or top level an id names.
    fn place(&self, id: &str) -> Result<Place, EngineError> {
        for (at, _) in id.match_indices('#') {
            let Some(file) = self.blocks.file_at(&id[..at])? else { continue };
            if &id[at..] == "#<module>" {
                return Ok(Place { file: file.id, function: MODULE });
            }
            let functions = self.blocks.functions(&file)?;
            if let Some(function) = functions.iter().position(|row| row.symbol == id[at..]) {
                return Ok(Place { file: file.id, function: function as u32 });
            }
        }
        Err(EngineError::UnknownSymbol { id: id.to_owned() })
    }

    fn sites(&self, file: &IndexedFile) -> Result<Sites, EngineError> {
        let block = self.blocks.block(file, Part::Sites)?;
        Ok(decode_sites(&block).ok_or_else(|| self.blocks.damaged("sites cannot be read"))?)
    }

    fn call_site(&self, file: &IndexedFile, rows: &Sites, site: &SiteRow) -> Result<CallSite, EngineError> {
        let (status, basis, reason) = match site.status {
            Status::Certain => ("certain", Some(Basis::Tracked), None),
            Status::Likely(basis) => ("likely", Some(basis), None),
            Status::External(basis) => ("external", Some(basis), None),
            Status::Unknown(reason) => ("unknown", None, Some(reason.as_str())),
        };
        let targets = rows.targets[site.targets as usize].iter().map(|target| self.target(target));
        Ok(CallSite {
            kind: site.kind.as_str(),
            file: file.row.path.clone(),
            line: site.span.line,
            column: site.span.column,
            end_line: site.span.end_line,
            end_column: site.span.end_column,
            caller: self.id_of(file, site.caller.unwrap_or(MODULE))?,
            status,
            basis: basis.map(Basis::as_str),
            reason,
            targets: targets.collect::<Result<_, _>>()?,
        })
    }

    fn target(&self, target: &TargetRow) -> Result<CallTarget, EngineError> {
        let (TargetRow::Function { support, .. }
        | TargetRow::Module { support, .. }
        | TargetRow::External { support, .. }) = *target;
        let (id, external) = match (place_of(target), target) {
            (Some(Place { file, function }), _) => (Some(self.id_of(&*self.blocks.file(file)?, function)?), None),
            (None, TargetRow::External { name, .. }) => (None, Some(name.clone())),
            (None, _) => return Err(self.blocks.damaged("a target is nothing").into()),
        };
        let Support { evidence, among } = support;
        Ok(CallTarget { id, external, probability: support.probability(), evidence: evidence.as_str(), among })
    }

    fn id_of(&self, file: &IndexedFile, function: u32) -> Result<String, EngineError> {
        if function == MODULE {
            return Ok(format!("{}#<module>", file.row.path));
        }
        let functions = self.blocks.functions(file)?;
        let row = functions.get(function as usize).ok_or_else(|| self.blocks.damaged("a function is missing"))?;
        Ok(format!("{}{}", file.row.path, row.symbol))
    }
}

/// A function as the API shows it.
pub fn symbol(file: &IndexedFile, row: &FunctionRow) -> FunctionSymbol {
    FunctionSymbol {
        id: format!("{}{}", file.row.path, row.symbol),
        name: row.name.clone(),
        kind: row.kind.as_str(),
        file: file.row.path.clone(),
        line: row.span.line,
        column: row.span.column,
        end_line: row.span.end_line,
        end_column: row.span.end_column,
    }
}
