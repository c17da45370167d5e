//! What an index keeps, and what becomes of one that cannot be used.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drift_facts::{FileFacts, FunctionKind, SiteKind};
use drift_graph::{Basis, CallGraph, Evidence, Function, Site, Status, Support, Target, UnknownReason};
use drift_store::{
    Counts, FileBlocks, FileRow, IndexedFile, Part, SkippedRow, State, Store, StoreError, StoredFacts, TargetRow,
    Update, blocks_of, decode_callers, decode_functions, decode_sites,
};
use drift_text::LineSpan;

const TOOL: &str = "test";

fn span(line: u32) -> LineSpan {
    LineSpan { line, column: 1, end_line: line, end_column: 9 }
}

fn site(status: Status, caller: Option<u32>, targets: Vec<Target>) -> Site {
    Site { file: 1, kind: SiteKind::OptionalCall, span: span(3), caller, status, targets }
}

fn support(evidence: Evidence, among: u32) -> Support {
    Support { evidence, among }
}

fn graph() -> CallGraph {
    let function = |file: u32, id: &str, kind| Function {
        file,
        id: id.to_owned(),
        name: "f".to_owned(),
        kind,
        span: span(file + 1),
    };
    let external = |name: &str, evidence| Target::External { name: name.to_owned(), support: support(evidence, 2) };
    CallGraph {
        functions: vec![
            function(0, "a.ts#f", FunctionKind::Function),
            function(1, "b.ts#C.static", FunctionKind::StaticBlock),
        ],
        sites: vec![
            site(Status::Certain, None, vec![Target::Function { function: 0, support: support(Evidence::Tracked, 1) }]),
            site(
                Status::Likely(Basis::Open),
                Some(1),
                vec![
                    Target::Function { function: 1, support: support(Evidence::Open, 300) },
                    external("x", Evidence::Beside),
                ],
            ),
            site(Status::External(Basis::Name), Some(1), vec![external("x", Evidence::OutsideName)]),
            site(Status::Certain, None, vec![Target::Module { file: 0, support: support(Evidence::Tracked, 1) }]),
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

/// A state with its blocks, by the order of its files.
struct Whole {
    state: State,
    blocks: Vec<Arc<FileBlocks>>,
}

fn whole(rows: Vec<FileRow>, graph: &CallGraph, input: u128) -> Whole {
    let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    let ids: Vec<u32> = (0..rows.len() as u32).map(|at| at + 5).collect();
    let blocks: Vec<Arc<FileBlocks>> = blocks_of(graph, &paths, &ids).into_iter().map(Arc::new).collect();
    let files = rows.into_iter().zip(&ids).zip(&blocks);
    let files = files.map(|((row, &id), blocks)| Arc::new(IndexedFile::new(id, row, blocks.checks()))).collect();
    let skipped = vec![SkippedRow { path: "dist/".into(), reason: "ignored-by-rule".into() }];
    Whole { state: State { frame: 7, input, policy: 5, files, skipped, counts: Counts::of(graph) }, blocks }
}

fn state(input: u128) -> Whole {
    whole(vec![file("a.ts", 1), file("b.ts", 2)], &graph(), input)
}

fn save(store: &mut Store, whole: &Whole) -> Result<bool, StoreError> {
    save_over(store, whole, &State::default())
}

fn save_over(store: &mut Store, whole: &Whole, before: &State) -> Result<bool, StoreError> {
    store.add_facts(
        [(101, facts(1)), (102, facts(2)), (999, facts(9))].into_iter().map(|(key, facts)| (key, facts.encode())),
    )?;
    let at = |file: &IndexedFile| whole.state.files.iter().position(|other| other.id == file.id);
    let blocks = |file: &IndexedFile| at(file).map(|at| Arc::clone(&whole.blocks[at]));
    store.save(&Update { tool: TOOL, state: &whole.state, blocks: &blocks, before })
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
    let saved = state(42);
    assert!(save(&mut open(&place.path).0, &saved).expect("saved"));

    let store = Store::open_existing(&place.path).expect("readable").expect("there");
    assert_eq!(store.state("another build").expect("read"), None);
    let read = store.state(TOOL).expect("read").expect("saved");
    assert_eq!(read, saved.state);
    assert_eq!(read.counts, Counts { functions: 2, certain: 2, likely: 1, external: 1, unknown: 1 });
    assert_eq!(
        store.blocks(&read).expect("read"),
        saved.blocks.iter().map(|blocks| (**blocks).clone()).collect::<Vec<_>>()
    );
    let facts_read = store.load_facts(&[102, 7]).expect("read");
    assert_eq!(facts_read[0].as_deref().and_then(StoredFacts::decode), Some(facts(2)));
    assert_eq!(facts_read[1], None);
}

#[test]
fn one_file_is_read_without_the_others() {
    let place = place();
    save(&mut open(&place.path).0, &state(42)).expect("saved");
    let (store, _) = open(&place.path);
    assert_eq!(store.file_at("c.ts").expect("read"), None);
    let file = store.file_at("b.ts").expect("read").expect("there");
    assert_eq!(store.file(file.id).expect("read").as_ref(), Some(&file));
    let functions = decode_functions(&store.block(&file, Part::Functions).expect("read")).expect("functions");
    assert_eq!((functions.len(), functions[0].symbol.as_str(), functions[0].name.as_str()), (1, "#C.static", "f"));
    let sites = decode_sites(&store.block(&file, Part::Sites).expect("read")).expect("sites");
    let site = &sites.sites[1];
    assert_eq!((site.caller, site.status, site.span), (Some(0), Status::Likely(Basis::Open), span(3)));
    assert_eq!(
        sites.targets[site.targets as usize],
        [
            TargetRow::Function { file: file.id, function: 0, support: support(Evidence::Open, 300) },
            TargetRow::External { name: "x".into(), support: support(Evidence::Beside, 2) }
        ]
    );
    // The function of the file, and behind it the top level of the other.
    assert_eq!(decode_callers(&store.block(&file, Part::Callers).expect("read")), Some(vec![(0, vec![file.id])]));
    let other = store.file_at("a.ts").expect("read").expect("there");
    let callers = decode_callers(&store.block(&other, Part::Callers).expect("read"));
    assert_eq!(callers, Some(vec![(0, vec![file.id]), (1, vec![file.id])]));
}

#[test]
fn facts_that_no_file_needs_go() {
    let place = place();
    let (mut store, _) = open(&place.path);
    let first = state(1);
    save(&mut store, &first).expect("saved");
    let keys = |store: &Store| {
        let mut keys: Vec<u128> = store.facts_keys().expect("read").into_iter().collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(keys(&store), [101, 102]);
}

#[test]
fn a_later_save_replaces_the_earlier_one_and_a_read_sees_one_of_them() {
    let place = place();
    let (mut writer, _) = open(&place.path);
    let (reader, _) = open(&place.path);
    let first = state(1);
    save(&mut writer, &first).expect("saved");
    let later = whole(vec![file("c.ts", 3)], &CallGraph::default(), 2);
    let (before, during) = reader
        .read::<_, StoreError>(|reader| {
            let before = reader.state(TOOL)?;
            save_over(&mut writer, &later, &first.state)?;
            Ok((before, reader.state(TOOL)?))
        })
        .expect("read");
    assert_eq!((before.as_ref(), during.as_ref()), (Some(&first.state), Some(&first.state)));
    let read = reader.state(TOOL).expect("read").expect("saved");
    assert_eq!(read, later.state);
    assert_eq!(reader.blocks(&read).expect("read").len(), 1);
}

#[test]
fn rows_can_change_under_the_same_blocks() {
    let place = place();
    let (mut store, _) = open(&place.path);
    let first = state(1);
    save(&mut store, &first).expect("saved");
    let mut touched = first.state.clone();
    let file = &first.state.files[0];
    let row = FileRow { modified_ns: 99, ..file.row.clone() };
    touched.files[0] = Arc::new(IndexedFile::new(file.id, row, file.checks));
    let update = Update { tool: TOOL, state: &touched, blocks: &|_| None, before: &first.state };
    assert!(store.save(&update).expect("saved"));
    assert_eq!(store.state(TOOL).expect("read").as_ref(), Some(&touched));
    assert_eq!(store.blocks(&touched).expect("read").len(), 2);
    // Another process has saved meanwhile: without blocks there is nothing to replace its state by.
    assert!(!store.save(&update).expect("no failure"));
    assert_eq!(store.state(TOOL).expect("read").as_ref(), Some(&touched));
}

#[test]
fn what_is_skipped_stays_when_no_file_is_left() {
    let place = place();
    let (mut store, _) = open(&place.path);
    let empty = whole(Vec::new(), &CallGraph::default(), 1);
    save(&mut store, &empty).expect("saved");
    let later = State { input: 2, ..empty.state.clone() };
    let update = Update { tool: TOOL, state: &later, blocks: &|_| None, before: &empty.state };
    assert!(store.save(&update).expect("saved"));
    assert_eq!(store.state(TOOL).expect("read"), Some(later));
}

#[test]
fn an_index_of_version_1_is_emptied_and_used_again() {
    let place = place();
    fs::create_dir_all(place.path.parent().expect("a folder")).expect("made");
    let database = rusqlite::Connection::open(&place.path).expect("opened");
    database.execute_batch(include_str!("../src/migrations/001_index.sql")).expect("made");
    database.pragma_update(None, "application_id", 0x4452_4654).expect("set");
    database.pragma_update(None, "user_version", 1).expect("set");
    database
        .execute_batch(
            "INSERT INTO meta VALUES ('tool', CAST('test' AS BLOB)), ('input', x'00');
             INSERT INTO file VALUES (0, 'a.ts', x'00', x'00', 1, 1, 1, 1);
             INSERT INTO function VALUES (0, 0, '#f', 'f', 0, 1, 1, 1, 1);
             INSERT INTO skipped VALUES (0, 'dist/', 'ignored-by-rule');",
        )
        .expect("filled");
    drop(database);
    let (mut store, warning) = open(&place.path);
    assert_eq!((warning, store.state(TOOL).expect("read")), (None, None));
    let saved = state(1);
    save(&mut store, &saved).expect("saved");
    assert_eq!(store.state(TOOL).expect("read"), Some(saved.state));
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
    assert_eq!(store.state(TOOL).expect("read"), None);
    save(&mut store, &state(1)).expect("saved");
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
        save(&mut open(path).0, &state(1)).expect("saved");
        rusqlite::Connection::open(path).expect("opened").pragma_update(None, "journal_mode", "delete").expect("set");
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

/// Changes the saved rows behind the store's back; they must not be given out.
fn check_noticed(sql: &str) {
    let place = place();
    save(&mut open(&place.path).0, &state(1)).expect("saved");
    let database = rusqlite::Connection::open(&place.path).expect("opened");
    database.pragma_update(None, "foreign_keys", false).expect("set");
    database.execute_batch(sql).expect("changed");
    drop(database);
    let (store, _) = open(&place.path);
    let read = store.state(TOOL).and_then(|state| state.map(|state| store.blocks(&state)).transpose());
    assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{sql}: {read:?}");
    let opened = store.reset().expect("reset");
    assert!(opened.warning.expect("said").contains("is damaged"));
    assert_eq!(opened.store.state(TOOL).expect("read"), None);
}

#[test]
fn an_index_that_is_not_what_was_saved_is_noticed() {
    check_noticed("UPDATE sites SET data = x'00' WHERE file = 6");
    check_noticed("UPDATE functions SET data = x'' WHERE file = 5");
    check_noticed("UPDATE callers SET data = CAST(data || x'00' AS BLOB)");
    check_noticed("DELETE FROM sites WHERE file = 6");
    check_noticed("UPDATE callers SET file = 55 WHERE file = 5");
    check_noticed("DELETE FROM file WHERE id = 6");
    check_noticed("UPDATE file SET path = 'c.ts' WHERE id = 6");
    check_noticed("UPDATE file SET sites_check = 0");
    check_noticed("UPDATE file SET lines = 4");
    check_noticed("UPDATE meta SET value = x'00' WHERE key = 'input'");
    check_noticed("DELETE FROM meta WHERE key = 'counts'");
}

#[test]
fn a_block_that_is_not_what_was_saved_is_noticed_alone() {
    let place = place();
    save(&mut open(&place.path).0, &state(1)).expect("saved");
    let database = rusqlite::Connection::open(&place.path).expect("opened");
    database.execute_batch("UPDATE sites SET data = x'00' WHERE file = 6").expect("changed");
    let (store, _) = open(&place.path);
    let file = store.file_at("b.ts").expect("read").expect("there");
    assert!(store.block(&file, Part::Functions).is_ok());
    assert!(matches!(store.block(&file, Part::Sites), Err(StoreError::Corrupt { .. })));
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
    let first = state(1);
    save(&mut store, &first).expect("saved");
    store.limit_pages(1).expect("limited");
    let mut bigger = graph();
    let many = (0..5_000).map(|line| Site { span: span(line), ..bigger.sites[1].clone() }).collect::<Vec<_>>();
    bigger.sites.extend(many);
    let bigger = whole(vec![file("a.ts", 1), file("b.ts", 2)], &bigger, 2);
    assert!(matches!(save_over(&mut store, &bigger, &first.state), Err(StoreError::Database { .. })));
    drop(store);
    let (store, warning) = open(&place.path);
    let read = store.state(TOOL).expect("read");
    assert_eq!((warning, read.as_ref()), (None, Some(&first.state)));
    assert_eq!(store.blocks(&first.state).expect("read").len(), 2);
}

#[test]
fn two_writers_at_once_both_succeed() {
    let place = place();
    std::thread::scope(|scope| {
        for input in 1..=4_u128 {
            let path = place.path.clone();
            scope.spawn(move || {
                for _ in 0..5 {
                    save(&mut open(&path).0, &state(input)).expect("saved");
                }
            });
        }
    });
    let (store, warning) = open(&place.path);
    assert_eq!(warning, None);
    let read = store.state(TOOL).expect("read").expect("saved");
    assert!((1..=4).contains(&read.input));
    assert_eq!(store.blocks(&read).expect("read").len(), 2);
}
