//! What the solver found, as an answer: certain, likely, external or unknown.

use drift_facts::{CalleeShape, FunctionKind, Library, SiteFact, SiteKind};
use rustc_hash::FxHashMap;

use crate::SourceFile;
use crate::library;
use crate::model::{Basis, CallGraph, Evidence, Function, FunctionIndex, Site, Status, Support, Target, UnknownReason};
use crate::python_library;
use crate::solve::{FunctionId, MAX_TARGETS, Origin, SiteTargets, Solution};

/// Names outside the project that one site may list.
const MAX_EXTERNALS: usize = 256;
/// Candidates that a name alone may offer.
const MAX_BY_NAME: usize = 3;

/// Functions and sites of all files with stable ids, in order of file and position. `groups` says which files can
/// exchange values.
pub fn answer(files: &[SourceFile<'_>], groups: &[u32], solution: &Solution) -> CallGraph {
    let (functions, place) = functions(files);
    let by_name = by_name(files, groups, &place);
    let mut sites = Vec::with_capacity(solution.sites.iter().map(Vec::len).sum());
    let mut first_function = 0;
    for (file, source) in files.iter().enumerate() {
        let first_site = sites.len();
        let caller = |caller: Option<u32>| caller.map(|caller| place[(first_function + caller) as usize]);
        for (site, targets) in source.facts.sites.iter().zip(&solution.sites[file]) {
            let (status, targets) =
                state(source, site, targets, &place, &Named { functions: &by_name, group: groups[file] });
            let SiteFact { kind, span, .. } = *site;
            sites.push(Site { file: file as u32, kind, span, caller: caller(site.caller), status, targets });
        }
        let facts = source.facts;
        let accesses = solution.accesses[file].iter().map(|(access, targets)| {
            let access = &facts.accesses[*access as usize];
            (SiteKind::Accessor, access.span, access.caller, targets)
        });
        let iterations = solution.iterations[file].iter().map(|(iteration, targets)| {
            let iteration = &facts.iterations[*iteration as usize];
            (SiteKind::Iteration, iteration.span, iteration.caller, targets)
        });
        let calls = solution.implicit_calls[file].iter().map(|(call, targets)| {
            let call = &facts.implicit_calls[*call as usize];
            (call.kind, call.span, call.caller, targets)
        });
        for (kind, span, around, targets) in accesses.chain(iterations).chain(calls) {
            let (status, targets) = tracked(targets, &place);
            sites.push(Site { file: file as u32, kind, span, caller: caller(around), status, targets });
        }
        sites[first_site..].sort_by_key(|site| (site.span, site.kind));
        first_function += source.facts.functions.len() as u32;
    }
    CallGraph { functions, sites }
}

/// All functions in order of file and position, and where each function of the facts went.
fn functions(files: &[SourceFile<'_>]) -> (Vec<Function>, Vec<FunctionIndex>) {
    let mut functions = Vec::new();
    let mut place = Vec::new();
    for (file, source) in files.iter().enumerate() {
        let facts = &source.facts.functions;
        let mut order: Vec<usize> = (0..facts.len()).collect();
        order.sort_by_key(|&index| (facts[index].span, facts[index].kind, index));
        let first = functions.len() as u32;
        let mut places = vec![0; facts.len()];
        for (position, index) in order.into_iter().enumerate() {
            let fact = &facts[index];
            places[index] = first + position as u32;
            functions.push(Function {
                file: file as u32,
                id: format!("{}#{}", source.path, fact.name),
                name: fact.name.rsplit_once('.').map_or(fact.name.as_str(), |(_, last)| last).to_owned(),
                kind: fact.kind,
                span: fact.span,
            });
        }
        place.extend(places);
    }
    (functions, place)
}

type ByName = FxHashMap<(u32, String), Vec<FunctionIndex>>;

/// [`by_name`] as seen from one file.
struct Named<'n> {
    functions: &'n ByName,
    group: u32,
}

/// Methods and stored functions by their group of files and their name, for calls of which nothing else is known.
fn by_name(files: &[SourceFile<'_>], groups: &[u32], place: &[FunctionIndex]) -> ByName {
    let mut found = ByName::default();
    let all = files.iter().zip(groups).flat_map(|(source, &group)| {
        source.facts.functions.iter().map(move |function| (function, group, source.facts.library))
    });
    for ((function, group, source_library), &place) in all.zip(place) {
        let is_member = match function.kind {
            FunctionKind::Method => true,
            FunctionKind::Function | FunctionKind::Arrow => function.name.contains('.'),
            _ => false,
        };
        let last = function.name.rsplit('.').next().unwrap_or_default();
        let last = last.split('~').next().unwrap_or_default();
        let is_common = match source_library {
            Library::JavaScript => library::is_common_member(last),
            Library::Python => python_library::common_member(last).is_some(),
        };
        if is_member && !last.starts_with('<') && !is_common {
            found.entry((group, last.to_owned())).or_default().push(place);
        }
    }
    found
}

fn state(
    source: &SourceFile<'_>,
    site: &SiteFact,
    found: &SiteTargets,
    place: &[FunctionIndex],
    by_name: &Named<'_>,
) -> (Status, Vec<Target>) {
    let inside = found.functions.len() + found.modules.len();
    if inside == 0 && !found.externals.is_empty() {
        let (basis, evidence) =
            if found.unknown { (Basis::Open, Evidence::OutsideOpen) } else { (Basis::Tracked, Evidence::Outside) };
        let support = Support { evidence, among: found.externals.len() as u32 };
        let targets = found.externals.iter().take(MAX_EXTERNALS).map(|name| external(name, support)).collect();
        return (Status::External(basis), targets);
    }
    if inside == 0 {
        return unknown(source, site, found, by_name);
    }
    tracked(found, place)
}

fn external(name: &str, support: Support) -> Target {
    Target::External { name: name.to_owned(), support }
}

/// Functions or modules of the project were tracked to the site.
fn tracked(found: &SiteTargets, place: &[FunctionIndex]) -> (Status, Vec<Target>) {
    let inside = found.functions.len() + found.modules.len();
    if inside > MAX_TARGETS {
        return (Status::Unknown(UnknownReason::TooManyTargets), Vec::new());
    }
    let basis = basis(found);
    let is_certain = inside == 1
        && basis == Basis::Tracked
        && !found.declared
        && found.origins.iter().all(|&origin| origin == Origin::Followed);
    let functions = found.functions.iter().map(|&function: &FunctionId| (place[function as usize], function));
    let mut functions: Vec<(FunctionIndex, FunctionId)> = functions.collect();
    functions.sort_unstable();
    let of = |(index, function)| Target::Function { function: index, support: best(found, function) };
    let mut targets: Vec<Target> = functions.into_iter().map(of).collect();
    let support = Support { evidence: evidence(found), among: inside as u32 };
    targets.extend(found.modules.iter().map(|&file| Target::Module { file, support }));
    let beside = Support { evidence: Evidence::Beside, among: inside as u32 };
    targets.extend(found.externals.iter().take(4).map(|name| external(name, beside)));
    (if is_certain { Status::Certain } else { Status::Likely(basis) }, targets)
}

/// A declaration without a body is no sign that anything else is called.
fn basis(found: &SiteTargets) -> Basis {
    if found.unknown || !found.externals.is_empty() { Basis::Open } else { Basis::Tracked }
}

fn evidence(found: &SiteTargets) -> Evidence {
    if basis(found) == Basis::Open { Evidence::Open } else { Evidence::Tracked }
}

/// What a target rests on in that call's context in which it is most probable.
fn best(found: &SiteTargets, function: FunctionId) -> Support {
    let of = |one: &SiteTargets| {
        let at = one.functions.binary_search(&function).ok()?;
        let inside = one.functions.len() + one.modules.len();
        let rivals = one.rivals.get(at).map_or(inside, |&rivals| rivals as usize);
        let among = if inside == 1 { 1 } else { rivals.clamp(2, inside) };
        let evidence = match one.origins.get(at) {
            Some(Origin::Family) => Evidence::Family,
            Some(Origin::Suggested) => Evidence::Suggested,
            _ => evidence(one),
        };
        Some(Support { evidence, among: among as u32 })
    };
    let more_probable = |left: Support, right: Support| {
        let order = right.probability().total_cmp(&left.probability()).then(left.cmp(&right));
        if order.is_le() { left } else { right }
    };
    let contexts = found.contexts.iter().filter_map(of).reduce(more_probable);
    contexts.or_else(|| of(found)).unwrap_or(Support { evidence: Evidence::Open, among: u32::MAX })
}

/// The library member that a name alone suggests.
fn only_in_library(library: Library, member: &str) -> Option<String> {
    match library {
        Library::JavaScript => library::only_in_library(member),
        Library::Python => python_library::common_member(member).map(|class| format!("{class}.{member}")),
    }
}

/// Nothing tracked: candidates by name where they are few, else the reason.
fn unknown(
    source: &SourceFile<'_>,
    site: &SiteFact,
    found: &SiteTargets,
    by_name: &Named<'_>,
) -> (Status, Vec<Target>) {
    if let CalleeShape::Member(name) = site.shape
        && let Some(candidates) = by_name.functions.get(&(by_name.group, source.facts.names[name as usize].clone()))
        && candidates.len() <= MAX_BY_NAME
    {
        let support = Support { evidence: Evidence::Name, among: candidates.len() as u32 };
        let mut candidates = candidates.clone();
        candidates.sort_unstable();
        let targets = candidates.into_iter().map(|function| Target::Function { function, support }).collect();
        return (Status::Likely(Basis::Name), targets);
    }
    if let CalleeShape::Member(name) = site.shape
        && let Some(library) = only_in_library(source.facts.library, &source.facts.names[name as usize])
    {
        let support = Support { evidence: Evidence::OutsideName, among: 1 };
        return (Status::External(Basis::Name), vec![Target::External { name: library, support }]);
    }
    let reason = if found.unresolved_import {
        UnknownReason::UnresolvedImport
    } else if found.declared {
        UnknownReason::NoImplementation
    } else {
        match site.shape {
            CalleeShape::Computed => UnknownReason::DynamicProperty,
            CalleeShape::Parameter(_) => UnknownReason::UnknownParameter,
            CalleeShape::Imported(_) => UnknownReason::UnresolvedImport,
            CalleeShape::Eval => UnknownReason::Eval,
            CalleeShape::Member(_) if found.receiver_known && !found.unknown => UnknownReason::MissingMember,
            CalleeShape::Member(_) => UnknownReason::UnknownReceiver,
            CalleeShape::Name(_) | CalleeShape::Super | CalleeShape::Value => UnknownReason::UnknownValue,
        }
    };
    (Status::Unknown(reason), Vec::new())
}
