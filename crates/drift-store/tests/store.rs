//! What an index keeps, and what becomes of one that cannot be used.

use std::fs;
use std::path::{Path, PathBuf};

use drift_facts::{FileFacts, FunctionKind, SiteKind};
use drift_graph::{Basis, CallGraph, Function, Site, Status, Target, UnknownReason};
use drift_store::{Counts, FileRow, SkippedRow, Store, StoreError, StoredFacts, Update};
use drift_text::LineSpan;

const TOOL: &str = "test";

fn span(line: u32) -> LineSpan {
    LineSpan { line, column: 1, end_line: line, end_column: 9 }
}

fn site(status: Status, caller: Option<u32>, targets: Vec<Target>) -> Site {
    Site { file: 1, kind: SiteKind::OptionalCall, span: span(3), caller, status, targets }
}

fn graph() -> CallGraph {
    let function = |file: u32, id: &str, kind| Function {
        file,
        id: id.to_owned(),
        name: "f".to_owned(),
        kind,
        span: span(file + 1),
    };
    let external = |name: &str, probability| Target::External { name: name.to_owned(), probability };
    CallGraph {
        functions: vec![
            function(0, "a.ts#f", FunctionKind::Function),
            function(1, "b.ts#C.static", FunctionKind::StaticBlock),
        ],
        sites: vec![
            site(Status::Certain, None, vec![Target::Function { function: 0, probability: 1.0 }]),
            site(
                Status::Likely(Basis::Open),
                Some(1),
                vec![Target::Function { function: 1, probability: 0.7 }, external("x", 0.2)],
            ),
            site(Status::External(Basis::Name), Some(0), vec![external("x", 1.0)]),
            site(Status::Certain, None, vec![Target::Module { file: 0, probability: 1.0 }]),
            site(Status::Unknown(UnknownReason::Eval), None, Vec::new()),
        ],
    }
}

fn file(path: &str, number: u128) -> FileRow {
    FileRow {
        path: path.to_owned(),
        hash: number,
        facts: number + 100,
        bytes: 10,
        modified_ns: -5,
        changed_ns: 7,
        lines: 3,
    }
}

fn facts(lines: u32) -> StoredFacts {
    let facts = FileFacts { line_count: lines, ..FileFacts::default() };
    StoredFacts { facts: Some(facts), notes: vec!["syntax-error: x (1:1)".into()] }
}

struct State {
    files: Vec<FileRow>,
    skipped: Vec<SkippedRow>,
    graph: CallGraph,
}

fn state() -> State {
    State {
        files: vec![file("a.ts", 1), file("b.ts", 2)],
        skipped: vec![SkippedRow { path: "dist/".into(), reason: "ignored-by-rule".into() }],
        graph: graph(),
    }
}

fn save(store: &mut Store, state: &State, input: u128) -> Result<(), StoreError> {
    let facts = [(101, facts(1).encode()), (102, facts(2).encode()), (999, facts(9).encode())];
    store.save(&Update {
        tool: TOOL,
        input,
        files: &state.files,
        skipped: &state.skipped,
        facts: &facts,
        graph: Some(&state.graph),
    })
}

struct Place {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(".drift/index.db");
    Place { _folder: folder, path }
}

fn open(path: &Path) -> (Store, Option<String>) {
    let opened = Store::open(path).expect("opened");
    (opened.store, opened.warning)
}

#[test]
fn what_was_saved_comes_back_from_disk() {
    let place = place();
    let saved = state();
    save(&mut open(&place.path).0, &saved, 42).expect("saved");

    let store = Store::open_existing(&place.path).expect("readable").expect("there");
    assert_eq!(store.input(TOOL).expect("read"), Some(42));
    assert_eq!(store.input("another build").expect("read"), None);
    let files = store.files().expect("read");
    assert_eq!(files, saved.files);
    assert_eq!(store.skipped().expect("read"), saved.skipped);
    assert_eq!(store.graph(&files).expect("read"), saved.graph);
    assert_eq!(store.counts().expect("read"), Counts { functions: 2, certain: 2, likely: 1, external: 1, unknown: 1 });
    let read = store.load_facts(&[102, 7]).expect("read");
    assert_eq!(read[0].as_deref().and_then(StoredFacts::decode), Some(facts(2)));
    assert_eq!(read[1], None);
}

#[test]
fn facts_that_no_file_needs_go() {
    let place = place();
    let (mut store, _) = open(&place.path);
    save(&mut store, &state(), 1).expect("saved");
    let mut keys: Vec<u128> = store.facts_keys().expect("read").into_iter().collect();
    keys.sort_unstable();
    assert_eq!(keys, [101, 102]);
}

#[test]
fn a_later_save_replaces_the_earlier_one_and_a_read_sees_one_of_them() {
    let place = place();
    let (mut writer, _) = open(&place.path);
    let (reader, _) = open(&place.path);
    save(&mut writer, &state(), 1).expect("saved");
    let (before, during) = reader
        .read(|reader| {
            let before = reader.files()?;
            let later = State { files: vec![file("c.ts", 3)], skipped: Vec::new(), graph: CallGraph::default() };
            save(&mut writer, &later, 2)?;
            Ok((before, reader.input(TOOL)?))
        })
        .expect("read");
    assert_eq!((before.len(), during), (2, Some(1)));
    assert_eq!(reader.input(TOOL).expect("read"), Some(2));
    assert_eq!(reader.graph(&reader.files().expect("read")).expect("read"), CallGraph::default());
}

#[test]
fn rows_can_change_under_the_same_graph() {
    let place = place();
    let (mut store, _) = open(&place.path);
    save(&mut store, &state(), 1).expect("saved");
    let mut files = state().files;
    files[0].modified_ns = 99;
    let update = Update { tool: TOOL, input: 1, files: &files, skipped: &[], facts: &[], graph: None };
    store.save(&update).expect("saved");
    assert_eq!(store.files().expect("read"), files);
    assert_eq!(store.graph(&files).expect("read"), graph());
}

#[test]
fn the_folder_keeps_itself_out_of_version_control() {
    let place = place();
    drop(open(&place.path));
    let rules = place.path.with_file_name(".gitignore");
    assert_eq!(fs::read_to_string(rules).expect("written"), "*\n");
}

/// Puts `make` in the index's place; opening must set it aside, say why, and give an empty index.
fn check_set_aside(make: impl FnOnce(&Path), fault: &str) {
    let place = place();
    fs::create_dir_all(place.path.parent().expect("a folder")).expect("made");
    make(&place.path);
    let before = fs::read(&place.path).expect("there");
    assert!(Store::open_existing(&place.path).expect("no error").is_none());
    let (mut store, warning) = open(&place.path);
    let warning = warning.expect("said");
    assert!(warning.contains(fault), "{warning}");
    assert_eq!(store.input(TOOL).expect("read"), None);
    save(&mut store, &state(), 1).expect("saved");
    drop(store);
    let mut kept = place.path.clone().into_os_string();
    kept.push(".unusable");
    assert_eq!(fs::read(kept).expect("kept"), before);
    assert_eq!(open(&place.path).1, None, "the new one is sound");
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    check_set_aside(|path| fs::write(path, "not a database at all".repeat(100)).expect("written"), "is damaged");
}

#[test]
fn half_a_database_is_set_aside() {
    let half = |path: &Path| {
        save(&mut open(path).0, &state(), 1).expect("saved");
        let bytes = fs::read(path).expect("there");
        let mut broken = bytes[..bytes.len() / 2].to_vec();
        broken[100..].fill(0xA5);
        fs::write(path, broken).expect("written");
    };
    check_set_aside(half, "is damaged");
}

#[test]
fn another_programs_database_is_kept_whole() {
    let foreign = |path: &Path| {
        let database = rusqlite::Connection::open(path).expect("opened");
        database.execute_batch("CREATE TABLE precious (x); INSERT INTO precious VALUES (1);").expect("made");
    };
    check_set_aside(foreign, "was not made by Drift");
}

#[test]
fn a_later_drifts_index_is_kept() {
    let later = |path: &Path| {
        drop(open(path));
        let database = rusqlite::Connection::open(path).expect("opened");
        database.pragma_update(None, "user_version", 9_999).expect("set");
        database.pragma_update(None, "journal_mode", "delete").expect("set");
    };
    check_set_aside(later, "was made by a later Drift");
}

#[test]
fn an_empty_file_becomes_an_index() {
    let place = place();
    fs::create_dir_all(place.path.parent().expect("a folder")).expect("made");
    fs::write(&place.path, "").expect("written");
    assert_eq!(open(&place.path).1, None);
}

/// Changes the saved rows behind the store's back; the graph must not be given out.
fn check_noticed(sql: &str) {
    let place = place();
    save(&mut open(&place.path).0, &state(), 1).expect("saved");
    let database = rusqlite::Connection::open(&place.path).expect("opened");
    database.pragma_update(None, "foreign_keys", false).expect("set");
    database.execute_batch(sql).expect("changed");
    drop(database);
    let (store, _) = open(&place.path);
    let graph = store.files().and_then(|files| store.graph(&files));
    assert!(matches!(graph, Err(StoreError::Corrupt { .. })), "{sql}: {graph:?}");
    let opened = store.reset().expect("reset");
    assert!(opened.warning.expect("said").contains("is damaged"));
    assert_eq!(opened.store.input(TOOL).expect("read"), None);
}

#[test]
fn a_graph_that_is_not_what_was_saved_is_noticed() {
    check_noticed("UPDATE site SET line = 4 WHERE id = 2");
    check_noticed("DELETE FROM target WHERE site = 1 AND rank = 1");
    check_noticed("DELETE FROM site WHERE id = 4");
    check_noticed("UPDATE site SET kind = 200");
    check_noticed("UPDATE site SET status = 77");
    check_noticed("UPDATE function SET file = 55");
    check_noticed("UPDATE target SET function = 55 WHERE function IS NOT NULL");
    check_noticed("UPDATE target SET module = 55 WHERE module IS NOT NULL");
    check_noticed("UPDATE target SET external = 55 WHERE external IS NOT NULL");
    check_noticed("UPDATE target SET external = NULL");
    check_noticed("UPDATE target SET site = 55 WHERE site = 0");
    check_noticed("UPDATE meta SET value = x'00' WHERE key = 'graph'");
    check_noticed("DELETE FROM meta WHERE key = 'graph'");
}

#[test]
fn damaged_facts_are_not_given_out() {
    let mut data = facts(3).encode();
    assert_eq!(StoredFacts::decode(&data), Some(facts(3)));
    let last = data.len() - 1;
    data[last] ^= 1;
    assert_eq!(StoredFacts::decode(&data), None);
    assert_eq!(StoredFacts::decode(&data[..4]), None);
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(".drift"), "in the way").expect("written");
    let opened = Store::open(&folder.path().join(".drift/index.db"));
    assert!(matches!(opened, Err(StoreError::Folder { .. })));
}

#[test]
fn a_full_disk_is_told_apart_and_leaves_the_old_state() {
    let place = place();
    let (mut store, _) = open(&place.path);
    save(&mut store, &state(), 1).expect("saved");
    store.limit_pages(1).expect("limited");
    let mut bigger = state();
    let many = bigger.graph.sites[1].clone();
    bigger.graph.sites.extend(std::iter::repeat_n(many, 5_000));
    assert!(matches!(save(&mut store, &bigger, 2), Err(StoreError::Database { .. })));
    drop(store);
    let (store, warning) = open(&place.path);
    assert_eq!((warning, store.input(TOOL).expect("read")), (None, Some(1)));
    assert_eq!(store.graph(&state().files).expect("read"), graph());
}

#[test]
fn two_writers_at_once_both_succeed() {
    let place = place();
    std::thread::scope(|scope| {
        for input in 1..=4_u128 {
            let path = place.path.clone();
            scope.spawn(move || {
                for _ in 0..5 {
                    save(&mut open(&path).0, &state(), input).expect("saved");
                }
            });
        }
    });
    let (store, warning) = open(&place.path);
    assert_eq!(warning, None);
    assert!((1..=4).contains(&store.input(TOOL).expect("read").expect("saved")));
    assert_eq!(store.graph(&store.files().expect("read")).expect("read"), graph());
}
