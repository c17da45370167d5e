//! Listing and reading a folder.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use drift_bench::project;
use drift_scan::{DEFAULT_MAX_FILE_BYTES, Role, read, walk};

fn role(path: &str) -> Role {
    if path.ends_with(".ts") { Role::Source } else { Role::Other }
}

fn scan(c: &mut Criterion) {
    let mut group = c.benchmark_group("scan");
    for files in [50, 1_000] {
        let input = project(files);
        let root = input.write();
        let listed = walk(root.path(), &role).expect("a folder").sources;
        assert_eq!(listed.len(), files);
        group.throughput(Throughput::Elements(files as u64));
        group.bench_function(BenchmarkId::new("walk", files), |b| b.iter(|| walk(root.path(), &role)));
        group.bench_function(BenchmarkId::new("read", files), |b| {
            b.iter(|| {
                let texts = listed.iter().map(|entry| read(root.path(), entry, DEFAULT_MAX_FILE_BYTES));
                texts.map(|source| source.expect("readable").text.len()).sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
