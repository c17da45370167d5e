//! What is known of each call site when nothing changes any more.

use drift_facts::{FunctionKind, SiteKind};

use super::model::{FunctionId, Object, ObjectId, Site, SiteId, SiteTargets};
use super::{Solution, Solver, is_promise_member};

impl Solver<'_> {
    pub(super) fn finish(self) -> Solution {
        let mut solution =
            Solution { sites: Vec::new(), accesses: Vec::new(), iterations: Vec::new(), implicit_calls: Vec::new() };
        for (file, source) in self.files.iter().enumerate() {
            let first = self.bases[file].site;
            let sites = first..first + source.facts.sites.len() as u32;
            solution.sites.push(sites.map(|site| self.found(site)).collect());
            let accesses = self.accesses[file].iter().map(|&(index, site)| (index, self.found(site)));
            solution.accesses.push(accesses.filter(|(_, found)| !found.functions.is_empty()).collect());
            let iterations = self.iterations[file].iter().map(|&(index, of_iterable, of_iterator)| {
                let (mut found, next) = (self.found(of_iterable), self.found(of_iterator));
                found.functions.extend(next.functions);
                found.functions.sort_unstable();
                found.functions.dedup();
                found.unknown |= next.unknown;
                found.externals.clear(); // What the language's own iterators do is no call of the project.
                (index, found)
            });
            solution.iterations.push(iterations.filter(|(_, found)| !found.functions.is_empty()).collect());
            let calls = self.implicit_calls[file].iter().map(|&(index, site)| (index, self.found(site)));
            solution.implicit_calls.push(calls.filter(|(_, found)| !found.functions.is_empty()).collect());
        }
        solution
    }

    pub(super) fn found(&self, id: SiteId) -> SiteTargets {
        let at = id as usize;
        let mut site = SiteTargets::default();
        let stand_ins = self.stand_ins.get(&id).map_or(&[][..], Vec::as_slice);
        for &object in [id].iter().chain(stand_ins).flat_map(|&site| &self.targets[site as usize]) {
            match self.objects[object as usize] {
                Object::Function(function) => site.functions.push(function),
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
        site.functions.sort_unstable();
        site.modules.sort_unstable();
        site.externals.sort_unstable();
        site.externals.dedup();
        site.functions.dedup();
        self.drop_empty_constructors(&mut site, self.sites[at].kind);
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
            site.functions.retain(|&function| !is_implicit(function));
        }
    }
}
