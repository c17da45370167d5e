//! Questions to a project that is indexed and loaded.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use drift_bench::project;
use drift_engine::{Direction, IndexOptions, OpenOptions, Project, Reach, SymbolQuery};

const CALLED: &str = "src/part01/module00001.ts#step0";

fn query(c: &mut Criterion) {
    let input = project(500);
    let root = input.write();
    let opened = Project::open(root.path(), OpenOptions::in_memory()).expect("a folder");
    opened.index(&IndexOptions::default()).expect("indexed");
    let snapshot = opened.snapshot().expect("indexed");
    assert!(snapshot.callers(CALLED).expect("known").len() >= CALLERS_AT_LEAST);
    assert_eq!(snapshot.callees(CALLED).expect("known").len(), 3);
    let by_name = SymbolQuery { name: Some("step3".into()), ..SymbolQuery::default() };
    assert_eq!(snapshot.symbols(&by_name).expect("read").len(), 500);

    let mut group = c.benchmark_group("query");
    group.bench_function("callers/500", |b| b.iter(|| snapshot.callers(black_box(CALLED)).map(|sites| sites.len())));
    group.bench_function("callees/500", |b| b.iter(|| snapshot.callees(black_box(CALLED)).map(|sites| sites.len())));
    group.bench_function("symbols/500", |b| {
        b.iter(|| snapshot.symbols(black_box(&by_name)).map(|symbols| symbols.len()));
    });
    let reach = Reach { direction: Direction::Callers, depth: 5 };
    assert!(snapshot.reach(CALLED, reach).expect("known").len() > CALLERS_AT_LEAST);
    group.bench_function("reach-5/500", |b| {
        b.iter(|| snapshot.reach(black_box(CALLED), reach).map(|reached| reached.len()));
    });
    group.throughput(Throughput::Elements(input.site_count() as u64));
    group.bench_function("json/500", |b| b.iter(|| snapshot.to_json().len()));
    group.finish();
}

/// Four classes of the module before it call it through `add`.
const CALLERS_AT_LEAST: usize = 4;

criterion_group!(benches, query);
criterion_main!(benches);
