//! Where a value arrives: the analysis of `drift-analysis`, over the files on disk and the newest call graph.

use std::panic;
use std::rc::Rc;
use std::thread;

use drift_analysis::{Arrives, Code, Hop, TargetOf};
use drift_facts::values::{FileValues, effect, values};
use drift_scan::{Entry, Stamp};
use drift_syntax::{Language, nesting_estimate};
use drift_text::LineSpan;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::analyse::WORKER_STACK_BYTES;
use crate::query::CallSite;
use crate::reader::Reader;
use crate::{EngineError, Project};

/// Files that nest deeper than this are not read.
const MAX_NESTING: u32 = 2_000;
/// As in the rest of Drift: what is at least as likely as not is taken to be so.
const TAKEN_FROM: f32 = 0.5;

/// A stretch of a file; one that is empty is a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowPlace {
    /// Relative to the root.
    pub file: String,
    /// What is read there.
    pub span: LineSpan,
}

impl FlowPlace {
    /// `at`: first line and column, last line, column behind the last one.
    pub fn new(file: String, [line, column, end_line, end_column]: [u32; 4]) -> Self {
        Self { file, span: LineSpan { line, column, end_line, end_column } }
    }
}

/// A call on the way of a value. Lines and columns are 1-based, columns in UTF-16 units, ends exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowStep {
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
    /// What is called, as far as it is written in names.
    pub callee: String,
}

/// An argument in which a value arrives.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowSink {
    /// The call.
    pub call: FlowStep,
    /// Place of the argument among those that are written, from 0.
    pub argument: u32,
    /// Its name, if it is given by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `whole | text | inside`: as itself, as a part of a text that was put together, inside of the argument.
    pub arrives: &'static str,
    /// `quoted | encoded | hashed | number`: what was done to it on the way.
    pub effects: Vec<&'static str>,
    /// Another argument is a text with a place for a value in it, as that of a query with parameters.
    pub bound: bool,
    /// Of the calls on the way together, in (0, 1].
    pub probability: f32,
    /// Calls that it came through, in their order.
    pub through: Vec<FlowStep>,
}

/// Where a value arrives.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FlowAnswer {
    /// By file, then position.
    pub sinks: Vec<FlowSink>,
    /// Nothing was left out for want of room.
    pub complete: bool,
}

impl FlowAnswer {
    /// In UTF-8.
    ///
    /// # Panics
    /// Never: memory takes everything, and plain values are JSON.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain values are JSON")
    }
}

/// See [`Project::flows`].
pub fn flows(project: &Project, reader: &Reader<'_>, place: &FlowPlace) -> Result<FlowAnswer, EngineError> {
    let mut code = Indexed { project, reader, targets: FxHashMap::default() };
    let found = drift_analysis::flows(&mut code, &place.file, place.span)?;
    if found.sources == 0 {
        let FlowPlace { file, span: LineSpan { line, column, .. } } = place.clone();
        return Err(EngineError::UnknownPlace { file, line, column });
    }
    let sinks = found.sinks.into_iter().map(|sink| FlowSink {
        call: step(sink.at),
        argument: sink.argument,
        name: sink.name,
        arrives: match sink.arrives {
            Arrives::Whole => "whole",
            Arrives::Text => "text",
            Arrives::Inside => "inside",
        },
        effects: EFFECTS.iter().filter(|(effect, _)| sink.effects & effect != 0).map(|&(_, name)| name).collect(),
        bound: sink.is_bound,
        probability: sink.probability,
        through: sink.through.into_iter().map(step).collect(),
    });
    Ok(FlowAnswer { sinks: sinks.collect(), complete: found.is_complete })
}

const EFFECTS: [(u8, &str); 4] =
    [(effect::QUOTED, "quoted"), (effect::ENCODED, "encoded"), (effect::HASHED, "hashed"), (effect::NUMBER, "number")];

/// Runs what recurses as deep as texts nest.
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> Result<T, EngineError> + Send) -> Result<T, EngineError> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(WORKER_STACK_BYTES).spawn_scoped(scope, work);
        match worker {
            Ok(worker) => worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic)),
            Err(source) => Err(EngineError::Thread { source }),
        }
    })
}

fn step(Hop { path, span, callee }: Hop) -> FlowStep {
    let LineSpan { line, column, end_line, end_column } = span;
    FlowStep { file: path, line, column, end_line, end_column, callee }
}

struct Indexed<'r> {
    project: &'r Project,
    reader: &'r Reader<'r>,
    /// Functions that the calls of a file are taken to enter, by file and place.
    targets: FxHashMap<String, FxHashMap<LineSpan, Vec<TargetOf>>>,
}

impl Code for Indexed<'_> {
    type Error = EngineError;

    fn values(&mut self, path: &str) -> Result<Option<Rc<FileValues>>, EngineError> {
        let Some(language) = Language::of_path(path) else { return Ok(None) };
        let entry = Entry { path: path.to_owned(), stamp: Stamp::default() };
        let read = drift_scan::read(&self.project.root, &entry, self.project.options.policy.max_file_bytes);
        let Ok(source) = read else { return Ok(None) };
        if language != Language::Python && nesting_estimate(&source.text) > MAX_NESTING {
            return Ok(None);
        }
        Ok(values(language, &source.text).map(Rc::new))
    }

    fn targets(&mut self, path: &str, call: LineSpan) -> Result<Vec<TargetOf>, EngineError> {
        if !self.targets.contains_key(path) {
            let mut found = FxHashMap::default();
            for site in self.reader.sites_of(path)? {
                if CALLS.contains(&site.kind) {
                    let span = LineSpan {
                        line: site.line,
                        column: site.column,
                        end_line: site.end_line,
                        end_column: site.end_column,
                    };
                    found.insert(span, self.taken(&site)?);
                }
            }
            self.targets.insert(path.to_owned(), found);
        }
        Ok(self.targets.get(path).and_then(|sites| sites.get(&call)).cloned().unwrap_or_default())
    }

    fn callers(&mut self, path: &str, function: LineSpan) -> Result<Vec<(String, LineSpan)>, EngineError> {
        let Some(id) = self.reader.function_at(path, function)? else { return Ok(Vec::new()) };
        let sites = self.reader.callers(&id)?;
        let taken = sites.into_iter().filter(|site| taken_of(site).any(|target| target.id.as_ref() == Some(&id)));
        Ok(taken
            .map(|site| {
                let CallSite { file, line, column, end_line, end_column, .. } = site;
                (file, LineSpan { line, column, end_line, end_column })
            })
            .collect())
    }
}

/// Kinds of sites that are calls in the text.
const CALLS: [&str; 6] = ["call", "new", "optional-call", "tagged-template", "super-call", "jsx"];

impl Indexed<'_> {
    fn taken(&self, site: &CallSite) -> Result<Vec<TargetOf>, EngineError> {
        let mut found = Vec::new();
        for target in taken_of(site) {
            let Some(id) = &target.id else { continue };
            if let Some((path, span)) = self.reader.definition(id)? {
                found.push(TargetOf { path, span, probability: target.probability });
            }
        }
        Ok(found)
    }
}

/// What is at least as likely as not, else the likeliest.
fn taken_of(site: &CallSite) -> impl Iterator<Item = &crate::CallTarget> {
    site.targets
        .iter()
        .enumerate()
        .filter(|(at, target)| *at == 0 || target.probability >= TAKEN_FROM)
        .map(|(_, target)| target)
}
