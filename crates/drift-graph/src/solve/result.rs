//! What is known of each call site when nothing changes any more.

use std::cell::RefCell;

use drift_facts::{FunctionKind, SiteKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::declared::Declared;
use super::guesses::Guesses;
use super::model::{FunctionId, Object, ObjectId, Origin, Site, SiteId, SiteTargets};
use super::rivals::Rivals;
use super::{Solution, Solver, is_promise_member};

impl Solver<'_> {
    pub(super) fn finish(mut self) -> Solution {
        let mut solution =
            Solution { sites: Vec::new(), accesses: Vec::new(), iterations: Vec::new(), implicit_calls: Vec::new() };
        let replaced = self.replaced();
        self.come_to_rest();
        let readers = std::mem::take(&mut self.readers_of_any);
        let edges = self.graph.take_edges_backwards(&readers);
        drop(readers);
        let rivals = RefCell::new(Rivals::new(&self, edges));
        for (file, source) in self.files.iter().enumerate() {
            let (facts, first) = (source.facts, self.bases[file].site);
            let found = |site: SiteId| self.found(&rivals, site, replaced[site as usize]);
            solution.sites.push((first..).take(facts.sites.len()).map(found).collect());
            let accesses = self.accesses[file].iter();
            let accesses = accesses.map(|&(index, site)| (index, found(site)));
            solution.accesses.push(accesses.filter(|(_, found)| !found.functions.is_empty()).collect());
            let iterations = self.iterations[file].iter().map(|&(index, of_iterable, of_iterator)| {
                let (mut all, next) = (found(of_iterable), found(of_iterator));
                all.join(next);
                all.externals.clear(); // What the language's own iterators do is no call of the project.
                (index, all)
            });
            solution.iterations.push(iterations.filter(|(_, found)| !found.functions.is_empty()).collect());
            let calls = self.implicit_calls[file].iter();
            let calls = calls.map(|&(index, site)| (index, found(site)));
            let mut at_one_place: Vec<(u32, SiteTargets)> = Vec::new();
            for (index, found) in calls.filter(|(_, found)| !found.functions.is_empty()) {
                let place = |index: u32| {
                    let call = &facts.implicit_calls[index as usize];
                    (call.span, call.kind)
                };
                match at_one_place.last_mut() {
                    Some((last, all)) if place(*last) == place(index) => all.join(found),
                    _ => at_one_place.push((index, found)),
                }
            }
            solution.implicit_calls.push(at_one_place);
        }
        solution
    }

    /// Lets go of what is needed only as long as values flow.
    fn come_to_rest(&mut self) {
        self.graph.come_to_rest();
        self.copies.come_to_rest();
        (self.declared, self.guesses) = (Declared::default(), Guesses::default());
        (self.fields_of, self.are_readers_of_any) = (FxHashMap::default(), FxHashSet::default());
        (self.called, self.made_by) = (FxHashSet::default(), FxHashSet::default());
        (self.name_ids, self.object_ids) = (FxHashMap::default(), FxHashMap::default());
        (self.types, self.typed) = (Vec::new(), Vec::new());
    }

    /// What is known of a site as it is written: what is known of all its copies, and of itself unless these replace it.
    fn found(&self, rivals: &RefCell<Rivals<'_>>, id: SiteId, is_replaced: bool) -> SiteTargets {
        let own = self.found_at(rivals, id);
        let Some(copies) = self.copies.sites.get(&id) else { return own };
        let mut contexts: Vec<SiteTargets> = copies.iter().map(|&copy| self.found_at(rivals, copy)).collect();
        let is_something = |one: &SiteTargets| {
            one.unknown
                || one.declared
                || !one.functions.is_empty()
                || !one.modules.is_empty()
                || !one.externals.is_empty()
        };
        contexts.retain(is_something);
        if is_replaced && contexts.is_empty() {
            return own;
        }
        let mut all = SiteTargets { unresolved_import: own.unresolved_import, ..SiteTargets::default() };
        if !is_replaced {
            contexts.push(own);
        }
        for one in &contexts {
            all.functions.extend(&one.functions);
            all.modules.extend(&one.modules);
            all.externals.extend(one.externals.iter().cloned());
            all.unknown |= one.unknown;
            all.declared |= one.declared;
            all.holds_something |= one.holds_something;
            all.receiver_known |= one.receiver_known;
        }
        all.functions.sort_unstable();
        all.functions.dedup();
        all.origins = SiteTargets::best_origins(&all.functions, &contexts.iter().collect::<Vec<_>>());
        all.modules.sort_unstable();
        all.modules.dedup();
        all.externals.sort_unstable();
        all.externals.dedup();
        all.contexts = contexts;
        all
    }

    fn found_at(&self, rivals: &RefCell<Rivals<'_>>, id: SiteId) -> SiteTargets {
        let at = id as usize;
        let mut site = SiteTargets::default();
        let stand_ins = self.stand_ins.get(&id).map_or(&[][..], Vec::as_slice);
        let mut origins: Vec<(FunctionId, Origin)> = Vec::new();
        let sites = || [id].into_iter().chain(stand_ins.iter().copied());
        let all =
            sites().flat_map(|site| self.targets.of(site).iter().enumerate().map(move |(at, &to)| (site, at, to)));
        for (from, at, object) in all {
            match self.objects[object as usize] {
                Object::Function(function) => origins.push((function, self.suggestions.origin(from, at))),
                Object::External(name) => site.externals.push(self.names[name as usize].clone()),
                Object::Module(file) => site.modules.push(file),
                Object::Settle(_) => site.externals.push("Promise.resolve".to_owned()),
                Object::Signature(_) => site.declared = true,
                Object::Unknown => site.unknown = true,
                _ => {}
            }
        }
        let Site { callee, this, .. } = self.sites[at];
        let is_something = |object: ObjectId| object != self.undefined;
        site.holds_something = self.graph.objects(callee).iter().any(|&object| is_something(object));
        let receivers = self.graph.objects(this).iter();
        site.receiver_known = receivers.copied().any(|object| object != self.unknown && is_something(object));
        site.unresolved_import = self.unresolved.contains(&callee);
        origins.sort_unstable();
        origins.dedup_by_key(|&mut (function, _)| function);
        (site.functions, site.origins) = origins.into_iter().unzip();
        site.modules.sort_unstable();
        site.externals.sort_unstable();
        site.externals.dedup();
        self.drop_empty_constructors(&mut site, self.sites[at].kind);
        if site.functions.len() > 1 {
            site.rivals = rivals.borrow_mut().of_site(&site.functions, [id].iter().chain(stand_ins));
        }
        if !site.functions.is_empty() {
            // A member of the project's own hides what every object and promise has.
            site.externals.retain(|name| !name.starts_with("Object.prototype.") && !is_promise_member(name));
        }
        site
    }

    /// An implicit constructor that passes on to a written one is not where the call ends.
    pub(super) fn drop_empty_constructors(&self, site: &mut SiteTargets, kind: SiteKind) {
        if !matches!(kind, SiteKind::New | SiteKind::SuperCall | SiteKind::Jsx) || site.functions.len() < 2 {
            return;
        }
        let is_implicit = |function: FunctionId| {
            let file = self.bases.partition_point(|base| base.function <= function) - 1;
            let local = (function - self.bases[file].function) as usize;
            self.files[file].facts.functions[local].kind == FunctionKind::ImplicitConstructor
        };
        if site.functions.iter().any(|&function| !is_implicit(function)) {
            let all = site.functions.iter().copied().zip(site.origins.iter().copied());
            (site.functions, site.origins) = all.filter(|&(function, _)| !is_implicit(function)).unzip();
        }
    }
}
