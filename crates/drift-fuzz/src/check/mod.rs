//! What must hold on every case.

mod facts;
mod graph;
mod position;

use std::panic::{self, AssertUnwindSafe};
use std::sync::LazyLock;
use std::thread;

use drift_engine::{WORKER_STACK_BYTES, analyse};
use drift_facts::FileFacts;
use drift_graph::{CallGraph, Manifest, SourceFile, Target as GraphTarget, build_in_order};
use drift_store::StoredFacts;
use drift_syntax::Language;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::case::{Case, Content, Input};

/// A promise that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its stable name.
    pub property: &'static str,
    /// What was seen.
    pub detail: String,
}

impl Failure {
    fn new(property: &'static str, detail: impl Into<String>) -> Self {
        Self { property, detail: detail.into() }
    }
}

/// Runs something on a stack as large as that of the engine's workers, on which it reads files.
///
/// # Panics
/// When `inner` does.
pub fn on_worker_stack<T: Send>(inner: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(WORKER_STACK_BYTES);
        let worker = builder.spawn_scoped(scope, inner).expect("a thread is to be had");
        worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
    })
}

/// [`check`], with a panic as a failure too. To be called in [`on_worker_stack`].
///
/// # Errors
/// The first promise that does not hold.
pub fn check_caught(case: &Case) -> Result<(), Failure> {
    panic::catch_unwind(AssertUnwindSafe(|| check(case))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Failure::new("panic", text.unwrap_or_default()))
    })
}

/// Checks everything that is promised about the case.
///
/// # Errors
/// The first promise that does not hold.
///
/// # Panics
/// When the engine does.
pub fn check(case: &Case) -> Result<(), Failure> {
    let read = Read::of(&case.files)?;
    for (path, text, stored) in read.texts() {
        facts::check_text(path, text, stored)?;
    }
    for (path, facts) in &read.facts {
        facts::check_facts(path, facts)?;
    }
    let graph = read.solve_every_way()?;
    graph::check_graph(&read.facts, &graph)?;
    if read.is_sound() {
        check_trailing_comment(&read, &graph)?;
        check_unrelated(&read, &graph)?;
        if !case.renamed.is_empty() {
            check_renamed(&graph, &Read::of(&case.renamed)?)?;
        }
    }
    Ok(())
}

/// A case whose texts have become facts.
struct Read<'c> {
    files: Vec<(&'c str, &'c str, StoredFacts)>,
    facts: Vec<(&'c str, FileFacts)>,
    manifests: Vec<Manifest<'c>>,
}

impl<'c> Read<'c> {
    fn of(inputs: &'c [Input]) -> Result<Self, Failure> {
        let mut read = Self { files: Vec::new(), facts: Vec::new(), manifests: Vec::new() };
        for Input { path, content } in inputs {
            match (content, Language::of_path(path)) {
                (Content::Facts(facts), _) => read.facts.push((path, (**facts).clone())),
                (Content::Text(text), Some(language)) => {
                    let stored = analyse(language, text, None);
                    if let Some(note) = stored.notes.iter().find(|note| note.starts_with("internal-error")) {
                        return Err(Failure::new("panic", format!("{path}: {note}")));
                    }
                    read.facts.push((path, stored.facts.clone().unwrap_or_default()));
                    read.files.push((path, text, stored));
                }
                (Content::Text(text), None) => read.manifests.push(Manifest { path, text }),
            }
        }
        Ok(read)
    }

    fn texts(&self) -> impl Iterator<Item = &(&'c str, &'c str, StoredFacts)> {
        self.files.iter()
    }

    /// Everything is text that was understood.
    fn is_sound(&self) -> bool {
        self.files.len() == self.facts.len() && self.files.iter().all(|(_, _, stored)| stored.notes.is_empty())
    }

    fn solve(&self) -> CallGraph {
        solve(&self.facts, &self.manifests, None)
    }

    /// With one thread, with two, and with the solver's work done in another order: the same graph.
    fn solve_every_way(&self) -> Result<CallGraph, Failure> {
        let graph = POOLS[0].install(|| self.solve());
        let again = POOLS[1].install(|| self.solve());
        if graph != again {
            return Err(Failure::new("same-answer-with-any-threads", difference(&graph, &again)));
        }
        // Of facts that no front end makes the order can decide which names outside are kept.
        if self.files.len() == self.facts.len() {
            let shuffled = solve(&self.facts, &self.manifests, Some(graph.sites.len() as u64));
            if graph != shuffled {
                return Err(Failure::new("same-answer-in-any-order", difference(&graph, &shuffled)));
            }
        }
        Ok(graph)
    }
}

static POOLS: LazyLock<[ThreadPool; 2]> = LazyLock::new(|| {
    [1, 2].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().expect("two threads are to be had"))
});

fn solve(facts: &[(&str, FileFacts)], manifests: &[Manifest<'_>], order: Option<u64>) -> CallGraph {
    let sources: Vec<SourceFile<'_>> = facts.iter().map(|(path, facts)| SourceFile { path, facts }).collect();
    build_in_order(&sources, manifests, order)
}

/// A comment and a blank line behind the last line change no function and no edge.
fn check_trailing_comment(read: &Read<'_>, graph: &CallGraph) -> Result<(), Failure> {
    let facts: Vec<(&str, FileFacts)> = read
        .files
        .iter()
        .map(|(path, text, _)| {
            let language = Language::of_path(path).expect("it was read as a language");
            let mark = if language == Language::Python { "#" } else { "//" };
            let stored = analyse(language, &format!("{text}\n{mark} the end\n\n"), None);
            (*path, stored.facts.unwrap_or_default())
        })
        .collect();
    let with_comment = solve(&facts, &read.manifests, None);
    if *graph == with_comment {
        Ok(())
    } else {
        Err(Failure::new("a-trailing-comment-changes-nothing", difference(graph, &with_comment)))
    }
}

/// Files that have nothing to do with the others, save that they use the names which generated programs use.
const UNRELATED: [(&str, &str); 2] = [
    (
        "~/unrelated.py",
        "class A:\n    def run(self, f=None):\n        return f() if f else self.go()\n    def go(self):\n        return A()\n\n\
         def wrap(f):\n    def inner(*args):\n        return f(*args)\n    return inner\n\n@wrap\ndef f(x):\n    return x.run(f)\n\nf(A())\n",
    ),
    (
        "~/unrelated.ts",
        "export class A { run(f?: () => A): A { return f ? f() : this.go() } go() { return new A() } }\n\
         export const f = (x: A) => x.run(() => new A());\nf(new A()).go();\n",
    ),
];

/// More files, which the others neither import nor share globals with, change nothing in these.
fn check_unrelated(read: &Read<'_>, graph: &CallGraph) -> Result<(), Failure> {
    let unrelated = UNRELATED.map(|(path, text)| {
        let language = Language::of_path(path).expect("they are of a language");
        (path, analyse(language, text, None).facts.unwrap_or_default())
    });
    let files = read.facts.len() as u32;
    let facts: Vec<(&str, FileFacts)> = read.facts.iter().cloned().chain(unrelated).collect();
    let mut with_others = solve(&facts, &read.manifests, None);
    with_others.functions.retain(|function| function.file < files);
    with_others.sites.retain(|site| site.file < files);
    if *graph == with_others {
        Ok(())
    } else {
        Err(Failure::new("unrelated-files-change-nothing", difference(graph, &with_others)))
    }
}

/// Other names of the same lengths: everything but the names is as it was.
fn check_renamed(graph: &CallGraph, renamed: &Read<'_>) -> Result<(), Failure> {
    let (graph, renamed) = (without_names(graph.clone()), without_names(renamed.solve()));
    if graph == renamed { Ok(()) } else { Err(Failure::new("names-do-not-decide", difference(&graph, &renamed))) }
}

/// A graph without what names are. The outside is one target: of the names outside the project a node keeps a few, the first in
/// alphabetical order, so how many of them a site lists depends on how they are called.
fn without_names(mut graph: CallGraph) -> CallGraph {
    for function in &mut graph.functions {
        function.id.clear();
        function.name.clear();
    }
    for site in &mut graph.sites {
        for target in &mut site.targets {
            if let GraphTarget::External { name, support } = target {
                name.clear();
                support.among = 0;
            }
        }
        site.targets.dedup_by(|one, before| one == before && matches!(one, GraphTarget::External { .. }));
    }
    graph
}

/// The first thing in which two graphs differ.
fn difference(left: &CallGraph, right: &CallGraph) -> String {
    let functions = left.functions.iter().zip(&right.functions).find(|(left, right)| left != right);
    let sites = left.sites.iter().zip(&right.sites).find(|(left, right)| left != right);
    match (functions, sites) {
        (Some((left, right)), _) => format!("{left:?} / {right:?}"),
        (_, Some((left, right))) => format!("{left:?} / {right:?}"),
        _ => format!(
            "{} and {} functions, {} and {} sites",
            left.functions.len(),
            right.functions.len(),
            left.sites.len(),
            right.sites.len()
        ),
    }
}
