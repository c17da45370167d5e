//! What the criterion benches share: generated projects and the addon's allocator.
//!
//! `cargo bench -p drift-bench` measures; `cargo test -p drift-bench --benches` runs each case once, so that the
//! assertions in its first lines hold. Criterion leaves the raw samples of case `<group>/<case>` in
//! `target/criterion/<group>/<case>/new/sample.json` (`iters` and `times` in nanoseconds, pairwise). A case keeps its
//! name for life; a changed workload gets a new one.

mod inputs;

pub use inputs::{Project, project};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
