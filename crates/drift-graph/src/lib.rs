//! Many files' facts in, one call graph out.
//!
//! [`build`] is the whole flow: find what imports mean ([`imports`]), solve what calls can reach ([`solve`]), and state it
//! as certain, likely, external or unknown ([`answer`]).

mod answer;
mod imports;
mod library;
mod model;
mod probability;
mod python_imports;
mod python_library;
mod python_manifest;
mod solve;

pub use model::{
    Basis, CallGraph, Evidence, FileIndex, Function, FunctionIndex, FunctionKind, Site, SiteKind, Status, Support,
    Target, UnknownReason,
};
pub use solve::{MAX_FUNCTIONS, MAX_OBJECTS};

use drift_facts::FileFacts;

/// One analysed file.
pub struct SourceFile<'a> {
    /// Relative to the project root, with `/` separators.
    pub path: &'a str,
    /// What was read from it.
    pub facts: &'a FileFacts,
}

/// A file that steers how imports are found: `package.json`, `tsconfig*.json`, `jsconfig.json`, `pyproject.toml`.
pub struct Manifest<'a> {
    /// Relative to the project root, with `/` separators.
    pub path: &'a str,
    /// Its text; a broken one is ignored.
    pub text: &'a str,
}

/// Resolves every call site of the project. `files` are sorted by path. Same input, same output.
pub fn build(files: &[SourceFile<'_>], manifests: &[Manifest<'_>]) -> CallGraph {
    build_in_order(files, manifests, None)
}

/// The same with the solver's work done in another order, which `order` chooses; for tests that nothing depends on it.
pub fn build_in_order(files: &[SourceFile<'_>], manifests: &[Manifest<'_>], order: Option<u64>) -> CallGraph {
    let imports = imports::Imports::resolve(files, manifests);
    let groups = imports.groups(files);
    let solution = solve::solve(files, &imports, &groups, order);
    let mut graph = answer::answer(files, &groups, &solution);
    for site in &mut graph.sites {
        // Equals stay in the order of functions, modules, names.
        let probability = |target: &Target| target.support().probability();
        site.targets.sort_by(|left, right| probability(right).total_cmp(&probability(left)));
    }
    graph
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod order_tests;
