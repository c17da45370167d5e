//! What can be asked, and the shape of answers.

use drift_store::State;
use serde::Serialize;

use crate::run::REFUSED;

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
pub struct FunctionSymbol {
    /// `path#Qualified.name`
    pub id: String,
    /// The last part of the qualified name.
    pub name: String,
    /// What sort of definition it is.
    pub kind: &'static str,
    /// Its file.
    pub file: String,
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
pub struct CallTarget {
    /// A function of the project, or `path#<module>`: the top level of a file that is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Something outside of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
    /// In (0, 1), as measured.
    pub probability: f32,
    /// `tracked | open | name | outside | outside-open | outside-name | beside`: in which way it was found.
    pub evidence: &'static str,
    /// Of how many it is one, itself included; with the evidence it decides how probable it is.
    pub among: u32,
}

/// A place where code is called.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSite {
    /// How the call is written.
    pub kind: &'static str,
    /// Its file.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last one.
    pub end_column: u32,
    /// The function around it, or `path#<module>`.
    pub caller: String,
    /// `certain | likely | external | unknown`
    pub status: &'static str,
    /// `tracked | open | name`: what its targets rest on; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Most probable first; empty when unknown.
    pub targets: Vec<CallTarget>,
}

/// A file that was not analysed, or only in part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkippedFile {
    /// Its path; a folder ends in `/`.
    pub file: String,
    /// A stable code, then details behind `: `.
    pub reason: String,
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

impl SkippedFile {
    pub(crate) fn of(state: &State) -> impl Iterator<Item = Self> {
        state.skipped.iter().map(|row| Self { file: row.path.clone(), reason: row.reason.clone() })
    }
}

impl IndexStats {
    pub(crate) fn of(state: &State) -> Self {
        let read = || state.files.iter().map(|file| &file.row).filter(|row| row.lines != REFUSED);
        let counts = state.counts;
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
            skipped: state.skipped.len() as u64,
        }
    }
}

/// Which way along calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what a function calls.
    Callees,
    /// To what calls it.
    Callers,
}

/// How far to follow calls.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Which way.
    pub direction: Direction,
    /// At most so many calls; from 1.
    pub depth: u32,
}

/// A function, or `path#<module>`, that calls lead to or from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Which one.
    pub id: String,
    /// The fewest calls on the way there. Calls about which nothing is known are not followed, so it is an upper bound,
    /// and the answer a lower one.
    pub depth: u32,
}
