//! A project from the first index to the last edit.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use drift_engine::{EngineError, IndexOptions, IndexSummary, OpenOptions, Phase, Progress, Project, SymbolQuery};
use tempfile::TempDir;

/// Long after the files were written: their times are to be relied on.
const NEVER_RACY: i64 = i64::MAX;

fn folder() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    write(root.path(), "a.ts", "import { g } from './b';\nexport function f() { g(); }\n");
    write(root.path(), "b.ts", "export function g() { h?.(1); }\n");
    write(root.path(), "broken.ts", "function k() { k() }\nconst x;");
    root
}

fn write(root: &Path, path: &str, text: &str) {
    fs::write(root.join(path), text).expect("written");
}

fn on_disk(root: &TempDir) -> Project {
    Project::open(root.path(), OpenOptions::in_folder(root.path())).expect("a folder")
}

fn index(project: &Project) -> IndexSummary {
    project.index(&IndexOptions { now_ns: Some(NEVER_RACY), ..IndexOptions::default() }).expect("indexed")
}

fn counts(summary: &IndexSummary) -> (usize, usize, usize) {
    (summary.parsed, summary.reused, summary.removed)
}

fn json(project: &Project) -> String {
    String::from_utf8(project.snapshot().expect("indexed").to_json()).expect("text")
}

fn cold(root: &TempDir) -> String {
    let project = Project::open(root.path(), OpenOptions::in_memory()).expect("a folder");
    index(&project);
    json(&project)
}

#[test]
fn the_answer_is_kept_on_disk_and_follows_edits() {
    let root = folder();
    let first = index(&on_disk(&root));
    assert_eq!(counts(&first), (3, 0, 0));
    assert_eq!(first.warnings, Vec::<String>::new());
    assert_eq!((first.stats.files, first.stats.functions, first.stats.call_sites), (3, 3, 3));

    let project = on_disk(&root);
    assert_eq!(json(&project), cold(&root), "before it is indexed here");
    let again = index(&project);
    assert_eq!((counts(&again), again.stats), ((0, 3, 0), first.stats));

    write(root.path(), "b.ts", "export const g = () => 1;\n");
    assert_eq!(counts(&index(&project)), (1, 2, 0));
    assert_eq!(json(&project), cold(&root));
    fs::remove_file(root.path().join("broken.ts")).expect("removed");
    assert_eq!(counts(&index(&on_disk(&root))), (0, 2, 1));
    assert_eq!(json(&on_disk(&root)), cold(&root));
    // Another project has saved meanwhile; this one's answer is that of its own last index until the next.
    assert_eq!(counts(&index(&project)), (0, 2, 0));
    assert_eq!(json(&project), cold(&root));
}

#[test]
fn times_that_may_lie_are_not_relied_on() {
    let root = folder();
    let project = on_disk(&root);
    // Without a clock every file is compared by content.
    project.index(&IndexOptions::default()).expect("indexed");
    assert_eq!(counts(&project.index(&IndexOptions::default()).expect("indexed")), (0, 3, 0));
}

#[test]
fn a_snapshot_outlives_later_indexing() {
    let root = folder();
    let project = on_disk(&root);
    index(&project);
    let before = project.snapshot().expect("indexed");
    write(root.path(), "b.ts", "");
    index(&project);
    assert_eq!(before.callers("b.ts#g").expect("known").len(), 1);
    let code = project.snapshot().expect("indexed").callers("b.ts#g").expect_err("gone").code();
    assert_eq!(code, "SYMBOL_UNKNOWN");
}

#[test]
fn questions_are_answered() {
    let root = folder();
    let project = on_disk(&root);
    index(&project);
    let snapshot = project.snapshot().expect("indexed");
    let ids = |query: &SymbolQuery| -> Vec<String> {
        snapshot.symbols(query).expect("read").into_iter().map(|symbol| symbol.id).collect()
    };
    assert_eq!(ids(&SymbolQuery { file: Some("a.ts".into()), ..SymbolQuery::default() }), ["a.ts#f"]);
    assert_eq!(ids(&SymbolQuery { name: Some("k".into()), ..SymbolQuery::default() }), ["broken.ts#k"]);
    let callers = snapshot.callers("b.ts#g").expect("known");
    let [site] = callers.as_slice() else { panic!("one caller: {callers:?}") };
    assert_eq!((site.caller.as_str(), site.status, site.line, site.column), ("a.ts#f", "certain", 2, 23));
    let callees = snapshot.callees("b.ts#g").expect("known");
    assert_eq!(callees[0].kind, "optional-call");
    assert_eq!(snapshot.callees("a.ts#<module>").expect("known"), []);
    let skipped: Vec<_> = snapshot.skipped().collect();
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].reason.starts_with("syntax-error: "), "{skipped:?}");
}

#[test]
fn a_cancelled_run_changes_nothing() {
    let root = folder();
    let project = on_disk(&root);
    index(&project);
    let before = json(&project);
    write(root.path(), "b.ts", "");
    for stop_at in [Phase::Scan, Phase::Parse, Phase::Resolve, Phase::Store] {
        let cancel = AtomicBool::new(false);
        let progress = |progress: Progress| {
            if progress.phase == stop_at && progress.done == 0 {
                cancel.store(true, Ordering::Relaxed);
            }
        };
        let options = IndexOptions { cancel: &cancel, progress: &progress, ..IndexOptions::default() };
        let outcome = project.index(&options);
        if stop_at == Phase::Store {
            assert!(outcome.is_ok(), "what is about to be saved is saved");
        } else {
            assert_eq!(outcome.expect_err("stopped").code(), "CANCELLED");
            assert_eq!(json(&project), before);
        }
    }
    assert_eq!(json(&project), cold(&root));
}

#[test]
fn progress_counts_every_file_once_with_any_number_of_threads() {
    let root = folder();
    for threads in [1, 3] {
        let seen = Mutex::new(Vec::new());
        let project = Project::open(root.path(), OpenOptions::in_memory()).expect("a folder");
        let progress = |progress: Progress| seen.lock().expect("no panic").push(progress);
        let options =
            IndexOptions { threads: NonZeroUsize::new(threads), progress: &progress, ..IndexOptions::default() };
        project.index(&options).expect("indexed");
        let mut files: Vec<usize> = seen
            .into_inner()
            .expect("no panic")
            .into_iter()
            .filter(|progress| progress.phase == Phase::Parse)
            .map(|progress| progress.done)
            .collect();
        files.sort_unstable();
        assert_eq!(files, [0, 1, 2, 3]);
        assert_eq!(json(&project), cold(&root));
    }
}

#[test]
fn failures_have_codes_and_next_steps() {
    let root = folder();
    let open = |path: &str| Project::open(&root.path().join(path), OpenOptions::in_memory()).err().expect("no folder");
    assert_eq!(open("missing").code(), "ROOT_MISSING");
    assert_eq!(open("a.ts").code(), "ROOT_NOT_A_FOLDER");
    assert!(open("missing").hint().is_some());
    let error = on_disk(&root).snapshot().err().expect("not indexed");
    assert!(matches!(error, EngineError::NotIndexed));
    assert_eq!(error.hint(), Some("Call index() first."));
}
