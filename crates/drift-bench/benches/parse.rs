//! Text in, syntax tree and bindings out; and the estimate of its depth that comes before.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use drift_bench::project;
use drift_syntax::{Language, javascript, nesting_estimate};
use oxc::allocator::Allocator;

fn parse(c: &mut Criterion) {
    let input = project(50);
    let deepest = || input.files.iter().map(|(_, text)| nesting_estimate(text)).max();
    assert!(deepest().is_some_and(|depth| (5..500).contains(&depth)), "{:?}", deepest());
    let parse_all = || {
        let mut allocator = Allocator::default();
        let mut statements = 0;
        for (_, text) in &input.files {
            let parsed = javascript::parse(&allocator, Language::TypeScript, text);
            assert!(parsed.problems.is_empty());
            statements += parsed.program.body.len();
            allocator.reset();
        }
        statements
    };
    // Two imports, and a class, a function and a constant four times.
    assert_eq!(parse_all(), 50 * (2 + 4 * 3));

    let mut group = c.benchmark_group("parse");
    group.throughput(Throughput::Bytes(input.byte_count() as u64));
    group.bench_function(BenchmarkId::new("nesting-estimate", 50), |b| b.iter(deepest));
    group.bench_function(BenchmarkId::new("tree-and-bindings", 50), |b| b.iter(parse_all));
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
