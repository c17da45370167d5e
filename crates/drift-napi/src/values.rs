//! What crosses to JavaScript, apart from the engine's own types so that those stay free to change.

use drift_engine as engine;
use napi_derive::napi;

/// Which functions to list. Absent fields do not narrow.
#[napi(object)]
pub struct SymbolQuery {
    /// The function's name, or its qualified name, exactly.
    pub name: Option<String>,
    /// The file's path, exactly.
    pub file: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

impl From<SymbolQuery> for engine::SymbolQuery {
    fn from(query: SymbolQuery) -> Self {
        Self { name: query.name, file: query.file, limit: query.limit.map(|limit| limit as usize) }
    }
}

/// A stretch of a file; one that is empty is a point.
#[napi(object)]
pub struct FlowPlace {
    /// Relative to the root.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in UTF-16 units.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last one.
    pub end_column: u32,
}

impl From<FlowPlace> for engine::FlowPlace {
    fn from(place: FlowPlace) -> Self {
        let FlowPlace { file, line, column, end_line, end_column } = place;
        Self::new(file, [line, column, end_line, end_column])
    }
}

/// A function of the project.
#[napi(object)]
pub struct FunctionSymbol {
    /// `path#Qualified.name`
    pub id: String,
    /// The last part of the qualified name.
    pub name: String,
    /// What sort of definition it is.
    #[napi(
        ts_type = "\"function\" | \"arrow\" | \"method\" | \"constructor\" | \"getter\" | \"setter\" | \"implicit-constructor\" | \"static-block\""
    )]
    pub kind: String,
    /// Its file.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in UTF-16 units.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last one.
    pub end_column: u32,
}

impl From<engine::FunctionSymbol> for FunctionSymbol {
    fn from(symbol: engine::FunctionSymbol) -> Self {
        Self {
            id: symbol.id,
            name: symbol.name,
            kind: symbol.kind.to_owned(),
            file: symbol.file,
            line: symbol.line,
            column: symbol.column,
            end_line: symbol.end_line,
            end_column: symbol.end_column,
        }
    }
}

/// Where a call can go.
#[napi(object)]
pub struct CallTarget {
    /// A function of the project, or `path#<module>`.
    pub id: Option<String>,
    /// Something outside of it.
    pub external: Option<String>,
    /// In (0, 1), as measured.
    pub probability: f64,
    /// In which way it was found.
    #[napi(
        ts_type = "\"tracked\" | \"open\" | \"name\" | \"outside\" | \"outside-open\" | \"outside-name\" | \"beside\" | \"suggested\" | \"family\""
    )]
    pub evidence: String,
    /// Of how many it is one, itself included.
    pub among: u32,
}

impl From<engine::CallTarget> for CallTarget {
    fn from(target: engine::CallTarget) -> Self {
        Self {
            id: target.id,
            external: target.external,
            probability: shortest(target.probability),
            evidence: target.evidence.to_owned(),
            among: target.among,
        }
    }
}

/// The number that is written as the 32-bit one is, so that this API and the JSON agree.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}

/// A place where code is called.
#[napi(object)]
pub struct CallSite {
    /// How the call is written.
    #[napi(
        ts_type = "\"call\" | \"new\" | \"optional-call\" | \"tagged-template\" | \"super-call\" | \"dynamic-import\" | \"require\" | \"jsx\" | \"decorator\" | \"accessor\" | \"iteration\" | \"operator\" | \"raise\""
    )]
    pub kind: String,
    /// Its file.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in UTF-16 units.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last one.
    pub end_column: u32,
    /// The function around it, or `path#<module>`.
    pub caller: String,
    /// What is known.
    #[napi(ts_type = "\"certain\" | \"likely\" | \"external\" | \"unknown\"")]
    pub status: String,
    /// What its targets rest on; absent when it is unknown.
    #[napi(ts_type = "\"tracked\" | \"open\" | \"name\"")]
    pub basis: Option<String>,
    /// Why it is unknown.
    pub reason: Option<String>,
    /// Most probable first.
    pub targets: Vec<CallTarget>,
}

impl From<engine::CallSite> for CallSite {
    fn from(site: engine::CallSite) -> Self {
        Self {
            kind: site.kind.to_owned(),
            file: site.file,
            line: site.line,
            column: site.column,
            end_line: site.end_line,
            end_column: site.end_column,
            caller: site.caller,
            status: site.status.to_owned(),
            basis: site.basis.map(str::to_owned),
            reason: site.reason.map(str::to_owned),
            targets: site.targets.into_iter().map(Into::into).collect(),
        }
    }
}

/// A function, or `path#<module>`, that calls lead to or from.
#[napi(object)]
pub struct Reached {
    /// Which one.
    pub id: String,
    /// The fewest calls on the way there.
    pub depth: u32,
}

impl From<engine::Reached> for Reached {
    fn from(reached: engine::Reached) -> Self {
        Self { id: reached.id, depth: reached.depth }
    }
}

/// A file that was not analysed, or only in part.
#[napi(object)]
pub struct SkippedFile {
    /// Its path; a folder ends in `/`.
    pub file: String,
    /// A stable code, then details behind `: `.
    pub reason: String,
}

impl From<engine::SkippedFile> for SkippedFile {
    fn from(skipped: engine::SkippedFile) -> Self {
        Self { file: skipped.file, reason: skipped.reason }
    }
}

/// Counts over the whole index.
#[napi(object)]
pub struct IndexStats {
    /// Files analysed, in part or whole.
    pub files: i64,
    /// Their size.
    pub bytes: i64,
    /// Their lines.
    pub lines: i64,
    /// Functions in them.
    pub functions: i64,
    /// Call sites in them.
    pub call_sites: i64,
    /// With exactly one possible target.
    pub certain: i64,
    /// With candidates.
    pub likely: i64,
    /// That leave the project.
    pub external: i64,
    /// About which nothing can be said.
    pub unknown: i64,
    /// Rows of skipped files.
    pub skipped: i64,
}

impl From<engine::IndexStats> for IndexStats {
    fn from(stats: engine::IndexStats) -> Self {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            files: number(stats.files),
            bytes: number(stats.bytes),
            lines: number(stats.lines),
            functions: number(stats.functions),
            call_sites: number(stats.call_sites),
            certain: number(stats.certain),
            likely: number(stats.likely),
            external: number(stats.external),
            unknown: number(stats.unknown),
            skipped: number(stats.skipped),
        }
    }
}

/// What indexing did.
#[napi(object)]
pub struct IndexSummary {
    /// Files read anew.
    pub parsed: u32,
    /// Files whose facts were at hand.
    pub reused: u32,
    /// Files no longer in the project.
    pub removed: u32,
    /// Whether anything that bears on the answer is not as the index had it before.
    pub changed: bool,
    /// Counts over the whole index.
    pub stats: IndexStats,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl From<engine::IndexSummary> for IndexSummary {
    fn from(summary: engine::IndexSummary) -> Self {
        Self {
            parsed: summary.parsed as u32,
            reused: summary.reused as u32,
            removed: summary.removed as u32,
            changed: summary.changed,
            stats: summary.stats.into(),
            warnings: summary.warnings,
        }
    }
}

/// How far indexing is.
#[napi(object)]
pub struct IndexProgress {
    /// The stage.
    #[napi(ts_type = "\"scan\" | \"parse\" | \"resolve\" | \"store\"")]
    pub phase: String,
    /// Steps done.
    pub done: u32,
    /// Steps in all.
    pub total: u32,
}

impl From<engine::Progress> for IndexProgress {
    fn from(progress: engine::Progress) -> Self {
        Self { phase: progress.phase.as_str().to_owned(), done: progress.done as u32, total: progress.total as u32 }
    }
}
