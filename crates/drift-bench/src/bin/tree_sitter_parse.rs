//! A floor to compare with: reads the sources of a folder and parses them with tree-sitter, keeping nothing.
//!
//! `tree_sitter_parse <folder> [threads]` prints `{"files":…,"bytes":…,"refused":…}`.

use std::cmp::Reverse;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use drift_scan::{DEFAULT_MAX_FILE_BYTES, Entry, Role};
use drift_syntax::Language;
use tree_sitter::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Default)]
struct Counts {
    files: AtomicU64,
    bytes: AtomicU64,
    refused: AtomicU64,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(root) = arguments.next() else {
        eprintln!("usage: tree_sitter_parse <folder> [threads]");
        return ExitCode::from(2);
    };
    let threads = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(2);
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else {
        eprintln!("cannot start {threads} threads");
        return ExitCode::from(3);
    };
    let counts = Counts::default();
    if let Err(error) = pool.install(|| parse_all(Path::new(&root), &counts)) {
        eprintln!("{error}");
        return ExitCode::from(3);
    }
    let [files, bytes, refused] =
        [&counts.files, &counts.bytes, &counts.refused].map(|count| count.load(Ordering::Relaxed));
    println!(r#"{{"files":{files},"bytes":{bytes},"refused":{refused}}}"#);
    ExitCode::SUCCESS
}

fn parse_all(root: &Path, counts: &Counts) -> Result<(), drift_scan::ScanError> {
    let role = |path: &str| match Language::of_path(path) {
        Some(Language::Notebook) | None => Role::Other,
        Some(_) => Role::Source,
    };
    let mut sources = drift_scan::walk(root, &role)?.sources;
    sources.sort_by_key(|entry| Reverse(entry.stamp.bytes));
    let next = AtomicUsize::new(0);
    rayon::broadcast(|_| {
        let mut parser = Parser::new();
        while let Some(entry) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
            parse(root, entry, &mut parser, counts);
        }
    });
    Ok(())
}

fn parse(root: &Path, entry: &Entry, parser: &mut Parser, counts: &Counts) {
    let grammar = match Language::of_path(&entry.path) {
        Some(Language::Python) => tree_sitter_python::LANGUAGE,
        Some(Language::TypeScriptJsx) => tree_sitter_typescript::LANGUAGE_TSX,
        Some(Language::TypeScript | Language::TypeScriptDeclaration) => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        _ => tree_sitter_javascript::LANGUAGE,
    };
    let source = drift_scan::read(root, entry, DEFAULT_MAX_FILE_BYTES).ok();
    let tree = source.as_ref().and_then(|source| {
        parser.set_language(&grammar.into()).ok()?;
        parser.parse(&source.text, None)
    });
    let (Some(source), Some(_)) = (source, tree) else {
        counts.refused.fetch_add(1, Ordering::Relaxed);
        return;
    };
    counts.files.fetch_add(1, Ordering::Relaxed);
    counts.bytes.fetch_add(source.text.len() as u64, Ordering::Relaxed);
}
