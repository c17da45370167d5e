//! Facts of many files in, call graph out.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use drift_bench::project;
use drift_facts::{FileFacts, extract};
use drift_graph::{SourceFile, Status, build};
use drift_syntax::Language;

fn graph(c: &mut Criterion) {
    let mut group = c.benchmark_group("graph");
    group.sample_size(20);
    for files in [50, 500] {
        let input = project(files);
        let facts: Vec<FileFacts> =
            input.files.iter().map(|(_, text)| extract(Language::TypeScript, text).facts).collect();
        let sources: Vec<SourceFile<'_>> =
            input.files.iter().zip(&facts).map(|((path, _), facts)| SourceFile { path, facts }).collect();
        let solved = build(&sources, &[]);
        assert_eq!(solved.functions.len(), input.function_count());
        assert_eq!(solved.sites.len(), input.site_count());
        let told = solved.sites.iter().filter(|site| !matches!(site.status, Status::Unknown(_))).count();
        assert!(told * 10 > solved.sites.len() * 9, "{told} of {}", solved.sites.len());
        group.throughput(Throughput::Elements(solved.sites.len() as u64));
        group.bench_function(BenchmarkId::new("build", files), |b| b.iter(|| build(&sources, &[])));
    }
    group.finish();
}

criterion_group!(benches, graph);
criterion_main!(benches);
