//! One file's part of the call graph as bytes, and back.
//!
//! Positions are deltas to the row before, symbols share their beginning with the one before, and a list of targets that
//! several sites of the file have is written once. Files are named by their id, functions by their place in their file, so
//! that an edit changes the blocks of its own file and of those that call into it.

use drift_graph::{CallGraph, FunctionKind, SiteKind, Status, Support, Target};
use drift_text::LineSpan;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::plain;

/// Names a file of the index for as long as it is there.
pub type FileId = u32;

/// One file's part of the call graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileBlocks {
    /// What [`decode_functions`] reads.
    pub functions: Vec<u8>,
    /// What [`decode_sites`] reads.
    pub sites: Vec<u8>,
    /// What [`decode_callers`] reads.
    pub callers: Vec<u8>,
}

impl FileBlocks {
    /// XXH3-64 of functions, sites and callers.
    pub fn checks(&self) -> [u64; 3] {
        [&self.functions, &self.sites, &self.callers].map(|block| check_of(block))
    }
}

/// XXH3-64 of a block.
pub fn check_of(block: &[u8]) -> u64 {
    xxh3_64(block)
}

/// A function of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionRow {
    /// Its id behind the path, `#` included.
    pub symbol: String,
    /// The last part of the qualified name.
    pub name: String,
    /// What sort of definition it is.
    pub kind: FunctionKind,
    /// The whole definition.
    pub span: LineSpan,
}

/// Where a call can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetRow {
    /// The function at this place of a file.
    Function {
        /// The file.
        file: FileId,
        /// Its place there.
        function: u32,
        /// What it rests on.
        support: Support,
    },
    /// The top level of a file.
    Module {
        /// The file.
        file: FileId,
        /// What it rests on.
        support: Support,
    },
    /// Something outside the project.
    External {
        /// Its name.
        name: String,
        /// What it rests on.
        support: Support,
    },
}

/// A call site of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRow {
    /// How it is written.
    pub kind: SiteKind,
    /// The whole expression.
    pub span: LineSpan,
    /// Place of the function around it in its file; `None` at the top level.
    pub caller: Option<u32>,
    /// What is known.
    pub status: Status,
    /// Index into [`Sites::targets`].
    pub targets: u32,
}

/// The call sites of one file, by position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites {
    /// Lists of targets, most probable first; several sites may share one.
    pub targets: Vec<Vec<TargetRow>>,
    /// The sites.
    pub sites: Vec<SiteRow>,
}

/// For a function of the file (or behind them its top level): the files with sites that can reach it, by id.
pub type CallersRow = (u32, Vec<FileId>);

/// The blocks of every file of a graph. `paths` and `ids` are by the graph's file indices.
///
/// # Panics
/// When the graph is not what it promises: ordered by file, every id beginning with its file's path.
pub fn blocks_of(graph: &CallGraph, paths: &[&str], ids: &[FileId]) -> Vec<FileBlocks> {
    let function_starts = starts(paths.len(), graph.functions.iter().map(|function| function.file));
    let site_starts = starts(paths.len(), graph.sites.iter().map(|site| site.file));
    let place = |function: u32| {
        let file = graph.functions[function as usize].file;
        (file, function - function_starts[file as usize])
    };
    let functions_in = |file: usize| function_starts[file + 1] - function_starts[file];
    let parts: Vec<(FileBlocks, Vec<(u32, u32)>)> = (0..paths.len())
        .into_par_iter()
        .map(|file| {
            let functions = &graph.functions[function_starts[file] as usize..function_starts[file + 1] as usize];
            let rows: Vec<FunctionRow> = functions
                .iter()
                .map(|function| FunctionRow {
                    symbol: function.id.strip_prefix(paths[file]).expect("an id begins with its path").to_owned(),
                    name: function.name.clone(),
                    kind: function.kind,
                    span: function.span,
                })
                .collect();
            let mut reached = Vec::new();
            let mut lists = Lists::default();
            let sites = graph.sites[site_starts[file] as usize..site_starts[file + 1] as usize]
                .iter()
                .map(|site| {
                    let targets = lists.of(&site.targets, |target| match *target {
                        Target::Function { function, support } => {
                            let (file, function) = place(function);
                            reached.push((file, function));
                            TargetRow::Function { file: ids[file as usize], function, support }
                        }
                        Target::Module { file, support } => {
                            reached.push((file, functions_in(file as usize)));
                            TargetRow::Module { file: ids[file as usize], support }
                        }
                        Target::External { ref name, support } => TargetRow::External { name: name.clone(), support },
                    });
                    let caller = site.caller.map(|caller| place(caller).1);
                    SiteRow { kind: site.kind, span: site.span, caller, status: site.status, targets }
                })
                .collect();
            reached.sort_unstable();
            reached.dedup();
            let sites = encode_sites(&Sites { targets: lists.rows, sites });
            (FileBlocks { functions: encode_functions(&rows), sites, callers: Vec::new() }, reached)
        })
        .collect();
    let mut callers: Vec<Vec<(u32, FileId)>> = vec![Vec::new(); paths.len()];
    let mut blocks = Vec::with_capacity(paths.len());
    for ((block, reached), &id) in parts.into_iter().zip(ids) {
        for (file, function) in reached {
            callers[file as usize].push((function, id));
        }
        blocks.push(block);
    }
    blocks.par_iter_mut().zip(callers).for_each(|(block, mut callers)| {
        callers.sort_unstable();
        block.callers = encode_callers(&callers);
    });
    blocks
}

/// Where each file's rows start, and behind them the end.
fn starts(files: usize, rows: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; files + 1];
    for file in rows {
        starts[file as usize + 1] += 1;
    }
    for file in 0..files {
        starts[file + 1] += starts[file];
    }
    starts
}

/// The lists of targets of one file, each once.
#[derive(Default)]
struct Lists<'g> {
    known: FxHashMap<Vec<TargetKey<'g>>, u32>,
    rows: Vec<Vec<TargetRow>>,
}

type TargetKey<'g> = (u32, &'g str, Support);

impl<'g> Lists<'g> {
    fn of(&mut self, targets: &'g [Target], row: impl FnMut(&'g Target) -> TargetRow) -> u32 {
        let key = targets.iter().map(|target| match target {
            Target::Function { function, support } => (*function, "f", *support),
            Target::Module { file, support } => (*file, "m", *support),
            Target::External { name, support } => (u32::MAX, name.as_str(), *support),
        });
        let next = self.rows.len() as u32;
        *self.known.entry(key.collect()).or_insert_with(|| {
            self.rows.push(targets.iter().map(row).collect());
            next
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Position {
    line: u32,
    column: u32,
    lines: u32,
    end_column: u32,
}

impl Position {
    fn of(span: LineSpan, line_before: u32) -> Self {
        let lines = span.end_line.wrapping_sub(span.line);
        let end_column = if lines == 0 { span.end_column.wrapping_sub(span.column) } else { span.end_column };
        Self { line: span.line.wrapping_sub(line_before), column: span.column, lines, end_column }
    }

    fn span(&self, line_before: u32) -> LineSpan {
        let line = line_before.wrapping_add(self.line);
        let end_column = if self.lines == 0 { self.column.wrapping_add(self.end_column) } else { self.end_column };
        LineSpan { line, column: self.column, end_line: line.wrapping_add(self.lines), end_column }
    }
}

#[derive(Serialize, Deserialize)]
struct FunctionWire<'b> {
    /// Bytes that the symbol has in common with the one before.
    shared: u32,
    rest: &'b str,
    /// Where it is not what the symbol says.
    name: Option<&'b str>,
    kind: FunctionKind,
    position: Position,
}

/// Functions of one file, by position, as bytes.
pub fn encode_functions(rows: &[FunctionRow]) -> Vec<u8> {
    let (mut before, mut line) = ("", 0);
    let wires: Vec<FunctionWire<'_>> = rows
        .iter()
        .map(|row| {
            let shared = common_prefix(before, &row.symbol);
            let wire = FunctionWire {
                shared: shared as u32,
                rest: &row.symbol[shared..],
                name: (name_of(&row.symbol) != row.name).then_some(&row.name),
                kind: row.kind,
                position: Position::of(row.span, line),
            };
            (before, line) = (&row.symbol, row.span.line);
            wire
        })
        .collect();
    plain::append(&wires, Vec::new())
}

/// The functions behind [`encode_functions`]; `None` when these are not such bytes.
pub fn decode_functions(block: &[u8]) -> Option<Vec<FunctionRow>> {
    let wires: Vec<FunctionWire<'_>> = postcard::from_bytes(block).ok()?;
    let mut rows: Vec<FunctionRow> = Vec::with_capacity(wires.len());
    for wire in wires {
        let (before, line) = rows.last().map_or(("", 0), |row| (row.symbol.as_str(), row.span.line));
        let symbol = format!("{}{}", before.get(..wire.shared as usize)?, wire.rest);
        let name = wire.name.unwrap_or_else(|| name_of(&symbol)).to_owned();
        rows.push(FunctionRow { name, symbol, kind: wire.kind, span: wire.position.span(line) });
    }
    Some(rows)
}

fn common_prefix(left: &str, right: &str) -> usize {
    let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    (0..=same).rev().find(|&at| right.is_char_boundary(at)).unwrap_or(0)
}

/// What the name is in nearly all cases: the last part of the symbol without its number.
fn name_of(symbol: &str) -> &str {
    let qualified = symbol.strip_prefix('#').unwrap_or(symbol);
    let qualified = qualified.rsplit_once('~').map_or(qualified, |(qualified, _)| qualified);
    qualified.rsplit_once('.').map_or(qualified, |(_, name)| name)
}

#[derive(Serialize, Deserialize)]
struct SiteWire {
    kind: SiteKind,
    status: Status,
    position: Position,
    /// 0: the top level; else the caller's place, from 1.
    caller: u32,
    targets: u32,
}

/// File or name in the tables with what it is in the two lowest bits, function, support.
type TargetWire = (u32, u32, u32);

#[derive(Serialize, Deserialize)]
struct SitesWire<'b> {
    files: Vec<FileId>,
    #[serde(borrow)]
    externals: Vec<&'b str>,
    supports: Vec<Support>,
    targets: Vec<Vec<TargetWire>>,
    sites: Vec<SiteWire>,
}

const FUNCTION: u32 = 0;
const MODULE: u32 = 1;
const EXTERNAL: u32 = 2;

/// Call sites of one file as bytes.
pub fn encode_sites(rows: &Sites) -> Vec<u8> {
    let (mut files, mut externals, mut supports) = (Table::default(), Table::default(), Table::default());
    let mut targets = Vec::with_capacity(rows.targets.len());
    for list in &rows.targets {
        let mut wires: Vec<TargetWire> = Vec::with_capacity(list.len());
        for target in list {
            let (at, function, support) = match target {
                TargetRow::Function { file, function, support } => {
                    (files.place(*file) << 2 | FUNCTION, *function, support)
                }
                TargetRow::Module { file, support } => (files.place(*file) << 2 | MODULE, 0, support),
                TargetRow::External { name, support } => (externals.place(name.as_str()) << 2 | EXTERNAL, 0, support),
            };
            wires.push((at, function, supports.place(*support)));
        }
        targets.push(wires);
    }
    let mut line = 0;
    let sites = rows.sites.iter().map(|row| {
        let position = Position::of(row.span, line);
        line = row.span.line;
        let caller = row.caller.map_or(0, |caller| caller + 1);
        SiteWire { kind: row.kind, status: row.status, position, caller, targets: row.targets }
    });
    let wire = SitesWire {
        sites: sites.collect(),
        targets,
        files: files.values,
        externals: externals.values,
        supports: supports.values,
    };
    plain::append(&wire, Vec::new())
}

/// The sites behind [`encode_sites`]; `None` when these are not such bytes.
pub fn decode_sites(block: &[u8]) -> Option<Sites> {
    let wire: SitesWire<'_> = postcard::from_bytes(block).ok()?;
    let row = |&(at, function, support): &TargetWire| {
        let (index, support) = ((at >> 2) as usize, *wire.supports.get(support as usize)?);
        Some(match at & 3 {
            FUNCTION => TargetRow::Function { file: *wire.files.get(index)?, function, support },
            MODULE => TargetRow::Module { file: *wire.files.get(index)?, support },
            EXTERNAL => TargetRow::External { name: (*wire.externals.get(index)?).to_owned(), support },
            _ => return None,
        })
    };
    let targets: Vec<Vec<TargetRow>> =
        wire.targets.iter().map(|list| list.iter().map(row).collect()).collect::<Option<_>>()?;
    let mut line = 0;
    let mut sites = Vec::with_capacity(wire.sites.len());
    for site in &wire.sites {
        let span = site.position.span(line);
        line = span.line;
        let (caller, list) = (site.caller.checked_sub(1), site.targets);
        targets.get(list as usize)?;
        sites.push(SiteRow { kind: site.kind, span, caller, status: site.status, targets: list });
    }
    Some(Sites { targets, sites })
}

/// Values by the order in which they are first asked for.
struct Table<T> {
    places: FxHashMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), values: Vec::new() }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Table<T> {
    fn place(&mut self, value: T) -> u32 {
        let next = self.values.len() as u32;
        *self.places.entry(value).or_insert_with(|| {
            self.values.push(value);
            next
        })
    }
}

/// Pairs of a function's place and a file that calls it, sorted, as bytes.
fn encode_callers(pairs: &[(u32, FileId)]) -> Vec<u8> {
    let mut rows: Vec<CallersRow> = Vec::new();
    let (mut function_before, mut file_before) = (0, 0);
    for chunk in pairs.chunk_by(|left, right| left.0 == right.0) {
        let function = chunk[0].0;
        let files = chunk.iter().map(|&(_, file)| std::mem::replace(&mut file_before, file).abs_diff(file)).collect();
        rows.push((function - function_before, files));
        (function_before, file_before) = (function, 0);
    }
    plain::append(&rows, Vec::new())
}

/// What [`blocks_of`] says about callers, by function; `None` when these are not such bytes.
pub fn decode_callers(block: &[u8]) -> Option<Vec<CallersRow>> {
    let mut rows: Vec<CallersRow> = postcard::from_bytes(block).ok()?;
    let mut function_before = 0_u32;
    for (function, files) in &mut rows {
        *function = function_before.wrapping_add(*function);
        function_before = *function;
        let mut before = 0_u32;
        for file in files {
            *file = before.wrapping_add(*file);
            before = *file;
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_that_does_not_say_its_name_keeps_it() {
        let row = |symbol: &str, name: &str| FunctionRow {
            symbol: symbol.into(),
            name: name.into(),
            kind: FunctionKind::Method,
            span: LineSpan { line: 7, column: 3, end_line: 7, end_column: 9 },
        };
        let rows = [row("#A.é", "é"), row("#A.è~2", "è"), row("#A.[x.y]", "[x.y]"), row("#", "")];
        assert_eq!(decode_functions(&encode_functions(&rows)).as_deref(), Some(&rows[..]));
        assert_eq!(decode_functions(&[9, 9, 9]), None);
    }

    #[test]
    fn callers_come_back_by_function_and_file() {
        let pairs = [(0, 4), (0, 9), (3, 1), (3, 2), (9, 0)];
        let rows = decode_callers(&encode_callers(&pairs)).expect("callers");
        assert_eq!(rows, [(0, vec![4, 9]), (3, vec![1, 2]), (9, vec![0])]);
    }
}
