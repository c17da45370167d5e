//! Work off the main thread. `compute` never fails, so that `resolve` can give the failure its code.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use drift_engine::{EngineError, IndexOptions, OpenOptions, Project};
use napi::bindgen_prelude::{Buffer, Either4};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status, Task};

use crate::NativeProject;
use crate::error::to_js;
use crate::values::{CallSite, FunctionSymbol, IndexProgress, IndexStats, IndexSummary};

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
    Stats,
}

pub struct QueryTask {
    pub project: Arc<Project>,
    pub question: Question,
}

type Reply = Either4<Vec<u8>, Vec<FunctionSymbol>, Vec<CallSite>, IndexStats>;

impl QueryTask {
    fn answer(&self) -> Outcome<Reply> {
        let snapshot = self.project.snapshot()?;
        let sites = |sites: Vec<drift_engine::CallSite<'_>>| sites.into_iter().map(Into::into).collect();
        Ok(match &self.question {
            Question::CallGraph => Either4::A(snapshot.to_json()),
            Question::Symbols(query) => Either4::B(snapshot.symbols(query).into_iter().map(Into::into).collect()),
            Question::Callers(id) => Either4::C(sites(snapshot.callers(id)?)),
            Question::Callees(id) => Either4::C(sites(snapshot.callees(id)?)),
            Question::Stats => Either4::D(snapshot.stats().into()),
        })
    }
}

impl Task for QueryTask {
    type Output = Outcome<Reply>;
    type JsValue = Either4<Buffer, Vec<FunctionSymbol>, Vec<CallSite>, IndexStats>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(self.answer())
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(match output.map_err(|error| to_js(env, &error))? {
            Either4::A(json) => Either4::A(json.into()),
            Either4::B(symbols) => Either4::B(symbols),
            Either4::C(sites) => Either4::C(sites),
            Either4::D(stats) => Either4::D(stats),
        })
    }
}
