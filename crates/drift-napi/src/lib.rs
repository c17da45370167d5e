//! The engine as a Node addon: converts values, runs every call off the main thread, nothing else.

mod error;
mod tasks;
mod values;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use drift_engine::{Direction, OpenOptions, Project, Reach};
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use tasks::{IndexTask, OnProgress, OpenTask, QueryTask, Question};
use values::{FlowPlace, SymbolQuery};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stops an indexing run from the main thread.
#[napi]
#[derive(Default)]
pub struct CancelToken {
    flag: Arc<AtomicBool>,
}

#[napi]
impl CancelToken {
    /// Not cancelled yet.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The run that holds this token ends with `CANCELLED` at the next file.
    #[napi]
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }
}

/// An open project.
#[napi]
pub struct NativeProject {
    project: Arc<Project>,
}

/// Opens a folder. Without `indexPath` the index is kept in memory and nothing is written. The other arguments say what
/// becomes of huge, minified and generated files.
#[napi(ts_return_type = "Promise<NativeProject>")]
pub fn open_project(
    root: String,
    index_path: Option<String>,
    max_file_bytes: Option<i64>,
    read_minified: Option<bool>,
    leave_out_generated: Option<bool>,
) -> AsyncTask<OpenTask> {
    let mut options = OpenOptions { index_path: index_path.map(PathBuf::from), ..OpenOptions::in_memory() };
    if let Some(bytes) = max_file_bytes {
        options.policy.max_file_bytes = u64::try_from(bytes).unwrap_or(0);
    }
    options.policy.read_minified = read_minified.unwrap_or_default();
    options.policy.leave_out_generated = leave_out_generated.unwrap_or_default();
    AsyncTask::new(OpenTask { root: root.into(), options })
}

#[napi]
impl NativeProject {
    /// Brings the index up to date. `nowMs` is the clock, `threads` 0 means one per core; `onProgress` is called with
    /// null when no more calls follow. `changed`: paths beside which nothing has changed.
    #[napi(ts_return_type = "Promise<IndexSummary>")]
    pub fn index(
        &self,
        now_ms: f64,
        threads: u32,
        cancel: &CancelToken,
        #[napi(ts_arg_type = "((progress: IndexProgress | null) => void) | undefined | null")] on_progress: Option<
            OnProgress,
        >,
        changed: Option<Vec<String>>,
    ) -> AsyncTask<IndexTask> {
        let (project, cancel) = (Arc::clone(&self.project), Arc::clone(&cancel.flag));
        AsyncTask::new(IndexTask { project, cancel, threads, now_ms, on_progress, changed })
    }

    /// The whole answer as JSON, in UTF-8.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn call_graph_json(&self) -> AsyncTask<QueryTask> {
        self.ask(Question::CallGraph)
    }

    /// Functions by file, then position.
    #[napi(ts_return_type = "Promise<FunctionSymbol[]>")]
    pub fn symbols(&self, query: SymbolQuery) -> AsyncTask<QueryTask> {
        self.ask(Question::Symbols(query.into()))
    }

    /// Sites that can reach a function.
    #[napi(ts_return_type = "Promise<CallSite[]>")]
    pub fn callers(&self, id: String) -> AsyncTask<QueryTask> {
        self.ask(Question::Callers(id))
    }

    /// Sites inside a function or module.
    #[napi(ts_return_type = "Promise<CallSite[]>")]
    pub fn callees(&self, id: String) -> AsyncTask<QueryTask> {
        self.ask(Question::Callees(id))
    }

    /// What is reached from a function along calls, or with `toCallers` against them.
    #[napi(ts_return_type = "Promise<Reached[]>")]
    pub fn reach(&self, id: String, to_callers: bool, depth: u32) -> AsyncTask<QueryTask> {
        let direction = if to_callers { Direction::Callers } else { Direction::Callees };
        self.ask(Question::Reach(id, Reach { direction, depth }))
    }

    /// Where a value that is read at a place arrives, as JSON.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn flows_json(&self, place: FlowPlace) -> AsyncTask<QueryTask> {
        self.ask(Question::Flows(place.into()))
    }

    /// What was not analysed, or only in part.
    #[napi(ts_return_type = "Promise<SkippedFile[]>")]
    pub fn skipped(&self) -> AsyncTask<QueryTask> {
        self.ask(Question::Skipped)
    }

    /// The folders that the last run listed.
    #[napi(ts_return_type = "Promise<string[]>")]
    pub fn folders(&self) -> AsyncTask<QueryTask> {
        self.ask(Question::Folders)
    }

    /// Lets go of what is kept in memory to be fast.
    #[napi(ts_return_type = "Promise<string[]>")]
    pub fn rest(&self) -> AsyncTask<QueryTask> {
        self.ask(Question::Rest)
    }

    /// Counts over the whole index.
    #[napi(ts_return_type = "Promise<IndexStats>")]
    pub fn stats(&self) -> AsyncTask<QueryTask> {
        self.ask(Question::Stats)
    }

    fn ask(&self, question: Question) -> AsyncTask<QueryTask> {
        AsyncTask::new(QueryTask { project: Arc::clone(&self.project), question })
    }
}
