//! Whole runs on disk: a first index, one after an edit, one with nothing to do, and loading.

use std::fs;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use drift_bench::project;
use drift_engine::{IndexOptions, OpenOptions, Project};

/// Long after the files were written: their times are to be relied on.
const NEVER_RACY: i64 = i64::MAX;

fn store(c: &mut Criterion) {
    let input = project(500);
    let root = input.write();
    let open = || Project::open(root.path(), OpenOptions::in_folder(root.path())).expect("a folder");
    let options = IndexOptions { now_ns: Some(NEVER_RACY), ..IndexOptions::default() };
    let index = |project: &Project| {
        let summary = project.index(&options).expect("indexed");
        assert_eq!(summary.warnings, Vec::<String>::new());
        (summary.parsed, summary.reused)
    };
    let forget = || fs::remove_dir_all(root.path().join(".drift"));
    assert_eq!(index(&open()), (500, 0));
    assert_eq!(index(&open()), (0, 500));

    let mut group = c.benchmark_group("store");
    group.sample_size(10);
    group.bench_function("load/500", |b| {
        b.iter(|| open().snapshot().expect("saved").stats());
    });
    group.bench_function("unchanged/500", |b| b.iter(|| assert_eq!(index(&open()), (0, 500))));
    let (path, text) = &input.files[0];
    let mut edits = 0;
    group.bench_function("edit-one/500", |b| {
        b.iter_batched_ref(
            || {
                edits += 1;
                fs::write(root.path().join(path), format!("{text}// edit {edits}\n")).expect("written");
                open()
            },
            |project| assert_eq!(index(project), (1, 499)),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("first/500", |b| {
        b.iter_batched_ref(
            || {
                forget().expect("it was there");
                open()
            },
            |project| assert_eq!(index(project), (500, 0)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, store);
criterion_main!(benches);
