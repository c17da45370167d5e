use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use drift_graph::{Basis, CallGraph, FileIndex, FunctionIndex, Status, Target};
use drift_store::{Counts, FileRow, SkippedRow};
use drift_text::LineSpan;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::EngineError;
use crate::run::REFUSED;

/// One consistent answer about a project; later indexing does not change it.
pub struct Snapshot {
    pub(crate) input: u128,
    pub(crate) files: Vec<FileRow>,
    pub(crate) skipped: Vec<SkippedRow>,
    pub(crate) graph: Arc<CallGraph>,
    lookup: OnceLock<Lookup>,
}

/// Which functions to list. Absent fields do not narrow.
#[derive(Clone, Debug, Default)]
pub struct SymbolQuery {
    /// The function's name, or its qualified name (`Class.method`), exactly.
    pub name: Option<String>,
    /// The file's path, exactly.
    pub file: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// A function of the project. Lines and columns are 1-based, columns in UTF-16 units, ends exclusive.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionSymbol<'s> {
    /// `path#Qualified.name`
    pub id: &'s str,
    /// The last part of the qualified name.
    pub name: &'s str,
    /// What sort of definition it is.
    pub kind: &'static str,
    /// Its file.
    pub file: &'s str,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last one.
    pub end_column: u32,
}

/// Where a call can go: exactly one of `id` and `external` is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallTarget<'s> {
    /// A function of the project, or `path#<module>`: the top level of a file that is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Cow<'s, str>>,
    /// Something outside of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<&'s str>,
    /// In (0, 1), as measured.
    pub probability: f32,
}

/// A place where code is called.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSite<'s> {
    /// How the call is written.
    pub kind: &'static str,
    /// Its file.
    pub file: &'s str,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last one.
    pub end_column: u32,
    /// The function around it, or `path#<module>`.
    pub caller: Cow<'s, str>,
    /// `certain | likely | external | unknown`
    pub status: &'static str,
    /// `tracked | open | name`: what its targets rest on; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Most probable first; empty when unknown.
    pub targets: Vec<CallTarget<'s>>,
}

/// A file that was not analysed, or only in part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkippedFile<'s> {
    /// Its path; a folder ends in `/`.
    pub file: &'s str,
    /// A stable code, then details behind `: `.
    pub reason: &'s str,
}

/// Counts over the whole index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexStats {
    /// Files analysed, in part or whole.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// Their lines.
    pub lines: u64,
    /// Functions in them.
    pub functions: u64,
    /// Call sites in them: the sum of the next four.
    pub call_sites: u64,
    /// With exactly one possible target.
    pub certain: u64,
    /// With candidates.
    pub likely: u64,
    /// That leave the project.
    pub external: u64,
    /// About which nothing can be said.
    pub unknown: u64,
    /// Rows of skipped files: not analysed, or only in part.
    pub skipped: u64,
}

impl IndexStats {
    pub(crate) fn of(files: &[FileRow], skipped: &[SkippedRow], counts: Counts) -> Self {
        let read = || files.iter().filter(|row| row.lines != REFUSED);
        Self {
            files: read().count() as u64,
            bytes: read().map(|row| row.bytes).sum(),
            lines: read().map(|row| u64::from(row.lines)).sum(),
            functions: counts.functions,
            call_sites: counts.certain + counts.likely + counts.external + counts.unknown,
            certain: counts.certain,
            likely: counts.likely,
            external: counts.external,
            unknown: counts.unknown,
            skipped: skipped.len() as u64,
        }
    }
}

/// From ids to places; built on the first question.
struct Lookup {
    functions: FxHashMap<String, FunctionIndex>,
    /// Sites that can reach each function: those of function `f` are `callers[starts[f]..starts[f + 1]]`, those that
    /// load file `i` stand at `functions + i`.
    callers: Vec<u32>,
    caller_starts: Vec<u32>,
    /// Sites inside each function or top level, in the same form.
    callees: Vec<u32>,
    callee_starts: Vec<u32>,
}

impl Snapshot {
    pub(crate) fn new(input: u128, files: Vec<FileRow>, skipped: Vec<SkippedRow>, graph: Arc<CallGraph>) -> Self {
        Self { input, files, skipped, graph, lookup: OnceLock::new() }
    }

    /// Functions by file, then position. O(functions).
    pub fn symbols<'s>(&'s self, query: &SymbolQuery) -> Vec<FunctionSymbol<'s>> {
        let matches = |symbol: &FunctionSymbol<'_>| {
            query.file.as_deref().is_none_or(|file| symbol.file == file)
                && query
                    .name
                    .as_deref()
                    .is_none_or(|name| symbol.name == name || symbol.id.get(symbol.file.len() + 1..) == Some(name))
        };
        self.functions().filter(matches).take(query.limit.unwrap_or(usize::MAX)).collect()
    }

    /// Sites that can reach a function, or load the file of `path#<module>`, by file, then position. O(answer) after
    /// the first question.
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`
    pub fn callers(&self, id: &str) -> Result<Vec<CallSite<'_>>, EngineError> {
        let lookup = self.lookup();
        let place = self.place(id)?;
        Ok(sites_of(&lookup.callers, &lookup.caller_starts, place).iter().map(|&site| self.site(site)).collect())
    }

    /// Sites inside a function, or `path#<module>`, by position. O(answer) after the first question.
    ///
    /// # Errors
    /// `SYMBOL_UNKNOWN`
    pub fn callees(&self, id: &str) -> Result<Vec<CallSite<'_>>, EngineError> {
        let lookup = self.lookup();
        let place = self.place(id)?;
        Ok(sites_of(&lookup.callees, &lookup.callee_starts, place).iter().map(|&site| self.site(site)).collect())
    }

    /// Counts over the whole index.
    pub fn stats(&self) -> IndexStats {
        IndexStats::of(&self.files, &self.skipped, self.counts())
    }

    /// Every function, by file, then position.
    pub fn functions(&self) -> impl Iterator<Item = FunctionSymbol<'_>> {
        self.graph.functions.iter().map(|function| {
            let LineSpan { line, column, end_line, end_column } = function.span;
            FunctionSymbol {
                id: &function.id,
                name: &function.name,
                kind: function.kind.as_str(),
                file: &self.files[function.file as usize].path,
                line,
                column,
                end_line,
                end_column,
            }
        })
    }

    /// Every call site, by file, then position.
    pub fn sites(&self) -> impl Iterator<Item = CallSite<'_>> {
        (0..self.graph.sites.len() as u32).map(|site| self.site(site))
    }

    /// What was not analysed, or only in part, by path.
    pub fn skipped(&self) -> impl Iterator<Item = SkippedFile<'_>> {
        self.skipped.iter().map(|row| SkippedFile { file: &row.path, reason: &row.reason })
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts::of(&self.graph)
    }

    fn site(&self, at: u32) -> CallSite<'_> {
        let site = &self.graph.sites[at as usize];
        let file = &self.files[site.file as usize].path;
        let LineSpan { line, column, end_line, end_column } = site.span;
        let (status, basis, reason) = match site.status {
            Status::Certain => ("certain", Some(Basis::Tracked), None),
            Status::Likely(basis) => ("likely", Some(basis), None),
            Status::External(basis) => ("external", Some(basis), None),
            Status::Unknown(reason) => ("unknown", None, Some(reason.as_str())),
        };
        CallSite {
            kind: site.kind.as_str(),
            file,
            line,
            column,
            end_line,
            end_column,
            caller: match site.caller {
                Some(caller) => Cow::Borrowed(&self.graph.functions[caller as usize].id),
                None => self.module_id(site.file),
            },
            status,
            basis: basis.map(Basis::as_str),
            reason,
            targets: site.targets.iter().map(|target| self.target(target)).collect(),
        }
    }

    fn target<'s>(&'s self, target: &'s Target) -> CallTarget<'s> {
        match target {
            Target::Function { function, probability } => CallTarget {
                id: Some(Cow::Borrowed(&self.graph.functions[*function as usize].id)),
                external: None,
                probability: *probability,
            },
            Target::Module { file, probability } => {
                CallTarget { id: Some(self.module_id(*file)), external: None, probability: *probability }
            }
            Target::External { name, probability } => {
                CallTarget { id: None, external: Some(name), probability: *probability }
            }
        }
    }

    fn module_id(&self, file: FileIndex) -> Cow<'_, str> {
        Cow::Owned(format!("{}#<module>", self.files[file as usize].path))
    }

    /// The index of a function, or behind the functions that of a module.
    fn place(&self, id: &str) -> Result<usize, EngineError> {
        if let Some(&function) = self.lookup().functions.get(id) {
            return Ok(function as usize);
        }
        let file = id
            .strip_suffix("#<module>")
            .and_then(|path| self.files.binary_search_by(|row| row.path.as_str().cmp(path)).ok());
        let unknown = || EngineError::UnknownSymbol { id: id.to_owned() };
        Ok(self.graph.functions.len() + file.ok_or_else(unknown)?)
    }

    fn lookup(&self) -> &Lookup {
        self.lookup.get_or_init(|| {
            let functions = self.graph.functions.len();
            let sites = || self.graph.sites.iter().enumerate().map(|(at, site)| (at as u32, site));
            let reached = sites().flat_map(|(at, site)| {
                site.targets.iter().filter_map(move |target| match target {
                    Target::Function { function, .. } => Some((*function as usize, at)),
                    Target::Module { file, .. } => Some((functions + *file as usize, at)),
                    Target::External { .. } => None,
                })
            });
            let inside = sites().map(|(at, site)| {
                let caller = site.caller.map(|caller| caller as usize);
                (caller.unwrap_or(functions + site.file as usize), at)
            });
            let places = functions + self.files.len();
            let (caller_starts, callers) = grouped(places, reached);
            let (callee_starts, callees) = grouped(places, inside);
            let ids = self.graph.functions.iter().enumerate();
            let functions = ids.map(|(at, function)| (function.id.clone(), at as u32)).collect();
            Lookup { functions, callers, caller_starts, callees, callee_starts }
        })
    }
}

fn sites_of<'l>(sites: &'l [u32], starts: &[u32], place: usize) -> &'l [u32] {
    &sites[starts[place] as usize..starts[place + 1] as usize]
}

/// Values by group, each group in the order it came: group `g` is `values[starts[g]..starts[g + 1]]`.
fn grouped(groups: usize, pairs: impl Iterator<Item = (usize, u32)> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; groups + 1];
    for (group, _) in pairs.clone() {
        starts[group + 1] += 1;
    }
    for group in 0..groups {
        starts[group + 1] += starts[group];
    }
    let mut values = vec![0; starts[groups] as usize];
    let mut next = starts.clone();
    for (group, value) in pairs {
        values[next[group] as usize] = value;
        next[group] += 1;
    }
    (starts, values)
}
