//! Work off the main thread. `compute` never fails, so that `resolve` can give the failure its code.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use drift_engine::{EngineError, IndexOptions, OpenOptions, Project};
use napi::bindgen_prelude::{Buffer, Either7};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status, Task};

use crate::NativeProject;
use crate::error::to_js;
use crate::values::{CallSite, FunctionSymbol, IndexProgress, IndexStats, IndexSummary, Reached, SkippedFile};

type Outcome<T> = std::result::Result<T, EngineError>;

pub struct OpenTask {
    pub root: PathBuf,
    pub options: OpenOptions,
}

impl Task for OpenTask {
    type Output = Outcome<Project>;
    type JsValue = NativeProject;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(Project::open(&self.root, self.options.clone()))
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<NativeProject> {
        let project = output.map_err(|error| to_js(env, &error))?;
        Ok(NativeProject { project: Arc::new(project) })
    }
}

/// Called with null when no more calls follow. Released with its task, so it does not keep the process alive.
pub type OnProgress = ThreadsafeFunction<Option<IndexProgress>, (), Option<IndexProgress>, Status, false>;

pub struct IndexTask {
    pub project: Arc<Project>,
    pub cancel: Arc<AtomicBool>,
    pub threads: u32,
    pub now_ms: f64,
    pub on_progress: Option<OnProgress>,
    pub changed: Option<Vec<String>>,
}

impl Task for IndexTask {
    type Output = Outcome<drift_engine::IndexSummary>;
    type JsValue = IndexSummary;

    fn compute(&mut self) -> Result<Self::Output> {
        let tell = |progress: Option<IndexProgress>| {
            if let Some(on_progress) = &self.on_progress {
                on_progress.call(progress, ThreadsafeFunctionCallMode::NonBlocking);
            }
        };
        let output = self.project.index(&IndexOptions {
            threads: NonZeroUsize::new(self.threads as usize),
            cancel: &self.cancel,
            progress: &|progress| tell(Some(progress.into())),
            now_ns: Some((self.now_ms * 1e6) as i64),
            changed: self.changed.as_deref(),
        });
        tell(None);
        Ok(output)
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<IndexSummary> {
        output.map(Into::into).map_err(|error| to_js(env, &error))
    }
}

/// What to ask a project.
pub enum Question {
    CallGraph,
    Symbols(drift_engine::SymbolQuery),
    Callers(String),
    Callees(String),
    Reach(String, drift_engine::Reach),
    Flows(drift_engine::FlowPlace),
    Skipped,
    Folders,
    Rest,
    Stats,
}

pub struct QueryTask {
    pub project: Arc<Project>,
    pub question: Question,
}

type Reply =
    Either7<Vec<u8>, Vec<FunctionSymbol>, Vec<CallSite>, Vec<Reached>, Vec<String>, IndexStats, Vec<SkippedFile>>;

impl QueryTask {
    fn answer(&self) -> Outcome<Reply> {
        let sites = |sites: Vec<drift_engine::CallSite>| sites.into_iter().map(Into::into).collect();
        let project = &self.project;
        Ok(match &self.question {
            Question::CallGraph => Either7::A(project.snapshot()?.to_json()),
            Question::Symbols(query) => Either7::B(project.symbols(query)?.into_iter().map(Into::into).collect()),
            Question::Callers(id) => Either7::C(sites(project.callers(id)?)),
            Question::Callees(id) => Either7::C(sites(project.callees(id)?)),
            Question::Reach(id, reach) => Either7::D(project.reach(id, *reach)?.into_iter().map(Into::into).collect()),
            Question::Flows(place) => Either7::A(project.flows(place)?.to_json()),
            Question::Skipped => Either7::G(project.skipped()?.into_iter().map(Into::into).collect()),
            Question::Folders => Either7::E(project.folders()),
            Question::Rest => {
                project.rest();
                Either7::E(Vec::new())
            }
            Question::Stats => Either7::F(project.stats()?.into()),
        })
    }
}

impl Task for QueryTask {
    type Output = Outcome<Reply>;
    type JsValue =
        Either7<Buffer, Vec<FunctionSymbol>, Vec<CallSite>, Vec<Reached>, Vec<String>, IndexStats, Vec<SkippedFile>>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(self.answer())
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(match output.map_err(|error| to_js(env, &error))? {
            Either7::A(json) => Either7::A(json.into()),
            Either7::B(symbols) => Either7::B(symbols),
            Either7::C(sites) => Either7::C(sites),
            Either7::D(reached) => Either7::D(reached),
            Either7::E(texts) => Either7::E(texts),
            Either7::F(stats) => Either7::F(stats),
            Either7::G(skipped) => Either7::G(skipped),
        })
    }
}
