//! Names the build: what is kept in an index was made by this very reading of the languages, or it is made again.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

/// What decides over the content of an index.
const SOURCES: &[&str] = &[
    "../drift-text",
    "../drift-syntax",
    "../drift-facts",
    "../drift-graph",
    "../drift-scan",
    "../drift-store/src",
    "src/analyse.rs",
];

fn main() {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        for file in files(Path::new(source)) {
            hasher.write(file.to_string_lossy().as_bytes());
            hasher.write(&fs::read(&file).unwrap_or_default());
        }
    }
    // The parser's version is pinned here.
    for table in ["../../Cargo.toml", "../../Cargo.lock"] {
        println!("cargo::rerun-if-changed={table}");
        hasher.write(&fs::read(table).unwrap_or_default());
    }
    println!("cargo::rustc-env=DRIFT_BUILD={:016x}", hasher.finish());
}

fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut found: Vec<PathBuf> = entries.flatten().flat_map(|entry| files(&entry.path())).collect();
    found.sort();
    found
}
