//! Text in, facts out: parsing, scopes and lowering of one file after the other.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use drift_bench::project;
use drift_facts::extract;
use drift_store::StoredFacts;
use drift_syntax::Language;

fn facts(c: &mut Criterion) {
    let input = project(50);
    let extract_all = || input.files.iter().map(|(_, text)| extract(Language::TypeScript, text));
    assert!(extract_all().all(|extracted| extracted.problems.is_empty()));
    assert_eq!(extract_all().map(|extracted| extracted.facts.functions.len()).sum::<usize>(), input.function_count());

    let mut group = c.benchmark_group("facts");
    group.throughput(Throughput::Bytes(input.byte_count() as u64));
    group.bench_function(BenchmarkId::new("extract", 50), |b| b.iter(|| extract_all().count()));

    let stored: Vec<StoredFacts> =
        extract_all().map(|extracted| StoredFacts { facts: Some(extracted.facts), notes: Vec::new() }).collect();
    let encoded: Vec<Vec<u8>> = stored.iter().map(StoredFacts::encode).collect();
    assert!(encoded.iter().zip(&stored).all(|(data, facts)| StoredFacts::decode(data).as_ref() == Some(facts)));
    group.bench_function(BenchmarkId::new("encode", 50), |b| {
        b.iter(|| stored.iter().map(|facts| facts.encode().len()).sum::<usize>());
    });
    group.bench_function(BenchmarkId::new("decode", 50), |b| {
        b.iter(|| encoded.iter().filter_map(|data| StoredFacts::decode(data)).count());
    });
    group.finish();
}

criterion_group!(benches, facts);
criterion_main!(benches);
