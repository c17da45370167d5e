//! What a call graph promises: every site has one answer, the answer's parts agree, and what they name is there.

use drift_facts::FileFacts;
use drift_graph::{CallGraph, Site, SiteKind, Status, Target};
use rustc_hash::FxHashSet;

use super::Failure;

/// What holds between facts and their graph.
pub fn check_graph(facts: &[(&str, FileFacts)], graph: &CallGraph) -> Result<(), Failure> {
    let fail = |property, detail: String| Err(Failure::new(property, detail));
    let functions: usize = facts.iter().map(|(_, facts)| facts.functions.len()).sum();
    let called = graph.sites.iter().filter(|site| !is_implicit(site.kind)).count();
    let sites: usize = facts.iter().map(|(_, facts)| facts.sites.len()).sum();
    if graph.functions.len() != functions || called != sites {
        let told = format!("{} functions of {functions}, {called} sites of {sites}", graph.functions.len());
        return fail("nothing-is-left-out", told);
    }
    let mut seen = FxHashSet::default();
    if let Some(twice) = graph.functions.iter().find(|function| !seen.insert(function.id.as_str())) {
        return fail("nothing-comes-twice", format!("{twice:?}"));
    }
    let mut seen = FxHashSet::default();
    if let Some(twice) = graph.sites.iter().find(|site| !seen.insert((site.file, site.span, site.kind))) {
        return fail("nothing-comes-twice", format!("{twice:?}"));
    }
    if !graph.functions.is_sorted_by_key(|function| (function.file, function.span))
        || !graph.sites.is_sorted_by_key(|site| (site.file, site.span))
    {
        return fail("sorted-by-position", String::new());
    }
    for site in &graph.sites {
        let in_file = |function: u32| graph.functions.get(function as usize).map(|function| function.file);
        if site.file as usize >= facts.len() || site.caller.is_some_and(|caller| in_file(caller) != Some(site.file)) {
            return fail("every-number-means-something", format!("{site:?}"));
        }
        check_site(site, graph.functions.len(), facts.len())?;
    }
    Ok(())
}

/// Sites that are there only if a method is found that runs without being called.
fn is_implicit(kind: SiteKind) -> bool {
    matches!(kind, SiteKind::Accessor | SiteKind::Iteration | SiteKind::Operator | SiteKind::Raise)
}

fn check_site(site: &Site, functions: usize, files: usize) -> Result<(), Failure> {
    let fail = |property| Err(Failure::new(property, format!("{site:?}")));
    let mut seen = FxHashSet::default();
    let mut last = 1.0;
    for target in &site.targets {
        let (name, is_there) = match target {
            Target::Function { function, .. } => (format!("function {function}"), (*function as usize) < functions),
            Target::Module { file, .. } => (format!("module {file}"), (*file as usize) < files),
            Target::External { name, .. } => (format!("external {name}"), true),
        };
        let probability = target.support().probability();
        if target.support().among == 0 {
            return fail("every-target-is-one-of-some");
        }
        if !is_there {
            return fail("every-number-means-something");
        }
        if !seen.insert(name) {
            return fail("nothing-comes-twice");
        }
        if !(probability > 0.0 && probability <= 1.0) {
            return fail("probabilities-are-probabilities");
        }
        if probability > last {
            return fail("most-probable-first");
        }
        last = probability;
    }
    let inside = site.targets.iter().filter(|target| !matches!(target, Target::External { .. })).count();
    let agrees = match site.status {
        Status::Certain => inside == 1 && site.targets.len() == 1,
        Status::Likely(_) => inside > 0,
        Status::External(_) => inside == 0 && !site.targets.is_empty(),
        Status::Unknown(_) => site.targets.is_empty(),
    };
    if agrees { Ok(()) } else { fail("status-agrees-with-targets") }
}
