//! Copies of functions for single calls.
//!
//! A function that makes functions or objects, or that calls or returns what it is given, mixes up what its callers pass: each of
//! them would seem to get what any of them got. So a call enters a copy of such a function, which has variables,
//! functions, classes and objects of its own (call-site sensitivity of depth 1 with a cloned heap, bounded in size and
//! number). What is found at the copies of a call site counts for the site as it is written.

use drift_facts::{CalleeShape, FileFacts, Flow, FunctionFact, FunctionKind, NONE, SiteKind};
use drift_text::LineSpan;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::model::{Ancestor, ClassId, FunctionId, Object, Site, SiteId};
use super::place::{Place, PlaceId, Shift};

/// Flows of a function that is copied because it has functions in it or calls a parameter.
const MAX_FLOWS: usize = 200;
/// Flows of a function that is copied because it makes objects.
const MAX_FLOWS_OF_MAKERS: usize = 40;
/// Nodes that hold what a function is given, looked at to see whether it returns that.
const MAX_GIVEN: usize = 16;
/// Copies of one function.
const MAX_COPIES: u32 = 200;
/// Flows that are copied in all, beside as many as the project has.
const FREE_FLOWS: usize = 50_000;
/// Flows that are copied in all in a project of any size.
const MAX_FLOWS_OF_COPIES: usize = 400_000;

/// Which functions have copies.
#[derive(Default)]
pub(super) struct Copies {
    /// By function as it is written, the first function behind it that is not nested in it; 0: it is never copied.
    behind: Vec<u32>,
    entered: FxHashMap<(SiteId, FunctionId), FunctionId>,
    count: FxHashMap<FunctionId, u32>,
    /// Functions that something enters without a copy.
    pub(super) entered_itself: FxHashSet<FunctionId>,
    /// Functions that hold what was passed before they are called.
    fixed: FxHashSet<FunctionId>,
    flows_left: usize,
    /// By site as it is written, its copies.
    pub(super) sites: FxHashMap<SiteId, Vec<SiteId>>,
}

impl Copies {
    /// The functions that have copies.
    pub(super) fn originals(&self) -> impl Iterator<Item = FunctionId> {
        self.count.iter().filter(|&(_, &count)| count > 0).map(|(&function, _)| function)
    }
}

impl Solver<'_> {
    /// Finds the functions that are worth copying.
    pub(super) fn find_copied(&mut self) {
        let mut flows = FREE_FLOWS;
        for (source, base) in self.files.iter().zip(&self.bases) {
            flows += source.facts.flows.len();
            let behind = behind(source.facts).into_iter();
            self.copies.behind.extend(behind.map(|behind| if behind == 0 { 0 } else { base.function + behind }));
        }
        self.copies.flows_left = flows.min(MAX_FLOWS_OF_COPIES);
    }

    /// The function that a call enters: a copy for this call, or the function itself.
    pub(super) fn entered(&mut self, site: SiteId, function: FunctionId) -> FunctionId {
        // A call that is itself part of a copy enters functions as they are: copies within copies cost more than they tell.
        let files = self.files.len() as PlaceId;
        let is_copy = self.functions[function as usize].place >= files || self.sites[site as usize].place >= files;
        if is_copy
            || self.copies.behind[function as usize] == 0
            || self.sites[site as usize].kind == SiteKind::New
            || self.mixed.contains(&(site, function))
            || self.copies.fixed.contains(&function)
        {
            self.copies.entered_itself.insert(function);
            return function;
        }
        if let Some(&entered) = self.copies.entered.get(&(site, function)) {
            return entered;
        }
        let entered = if self.is_copied(function) {
            self.copy(function)
        } else {
            self.copies.entered_itself.insert(function);
            function
        };
        self.copies.entered.insert((site, function), entered);
        entered
    }

    /// By function of a file, whether copies are all that is ever entered of it or of a function around it.
    pub(super) fn replaced(&self, file: u32) -> Vec<bool> {
        let first = self.bases[file as usize].function;
        let mut replaced: Vec<bool> = Vec::new();
        for (index, fact) in self.files[file as usize].facts.functions.iter().enumerate() {
            let function = first + index as FunctionId;
            let has_copies = self.copies.count.contains_key(&function);
            let is_around = fact.parent.is_some_and(|parent| replaced.get(parent as usize) == Some(&true));
            replaced.push(is_around || (has_copies && !self.copies.entered_itself.contains(&function)));
        }
        replaced
    }

    /// The function that holds what `bind` at this site passes.
    pub(super) fn bound(&mut self, site: SiteId, function: FunctionId) -> FunctionId {
        let bound = self.entered(site, function);
        self.copies.fixed.insert(bound);
        bound
    }

    /// Whether there is room for one more copy.
    fn is_copied(&mut self, origin: FunctionId) -> bool {
        let flows = self.fact_of(origin).extent.flows.len();
        let count = self.copies.count.entry(origin).or_insert(0);
        if *count >= MAX_COPIES || self.copies.flows_left < flows {
            return false;
        }
        *count += 1;
        self.copies.flows_left -= flows;
        true
    }

    fn fact_of(&self, origin: FunctionId) -> &drift_facts::FunctionFact {
        let file = self.bases.partition_point(|base| base.function <= origin) - 1;
        &self.files[file].facts.functions[(origin - self.bases[file].function) as usize]
    }

    /// The nodes that a function as it is written has of its own.
    pub(super) fn own_nodes(&self, origin: FunctionId) -> std::ops::Range<u32> {
        let nodes = &self.fact_of(origin).extent.nodes;
        let place = self.functions[origin as usize].place;
        self.at(place, nodes.start)..self.at(place, nodes.start) + nodes.len() as u32
    }

    fn copy(&mut self, origin: FunctionId) -> FunctionId {
        let around = self.functions[origin as usize].place;
        let file = self.places[around as usize].file;
        let (facts, first_function) = (self.files[file as usize].facts, self.bases[file as usize].function);
        let functions = origin - first_function..self.copies.behind[origin as usize] - first_function;
        let fact = &facts.functions[functions.start as usize];
        let flows = &facts.flows[fact.extent.flows.start as usize..fact.extent.flows.end as usize];
        let classes = range(facts.classes.iter().enumerate(), |(index, class)| {
            functions.contains(&class.constructor).then_some(index as u32)
        });
        let objects = range(flows, |flow| match *flow {
            Flow::Object { object, .. } | Flow::Array { object, .. } => Some(object),
            _ => None,
        });
        let place = self.places.len() as PlaceId;
        let (variables, nodes) = (fact.extent.variables.clone(), fact.extent.nodes.clone());
        let first_node = self.graph.len() as u32;
        self.places.push(Place {
            file,
            around: Some(around),
            variables: Shift { from: variables.clone(), to: first_node },
            nodes: Shift { from: nodes.clone(), to: first_node + variables.len() as u32 },
            functions: Shift { from: functions.clone(), to: self.functions.len() as u32 },
            classes: Shift { from: classes.clone(), to: self.classes.len() as u32 },
            objects: Shift { from: objects.clone(), to: self.objects.len() as u32 },
        });
        self.graph.grow(variables.len() + nodes.len());
        self.typed.resize(self.graph.len(), false);
        for node in variables.chain(nodes.clone()) {
            let (like, to) = (self.at(around, node), self.at(place, node));
            self.typed[to as usize] = self.typed[like as usize];
            self.filter_like(to, like);
        }
        self.objects.resize(self.objects.len() + objects.len(), Object::Plain);
        for &(object, class) in facts.instances.iter().filter(|(object, _)| objects.contains(object)) {
            self.library_of.insert(self.object_at(place, object), self.local(file, class));
        }
        for index in functions.clone() {
            let copy = self.function_in(place, &facts.functions[index as usize], first_function + index);
            self.functions.push(copy);
        }
        for index in classes.clone() {
            let fact = &facts.classes[index as usize];
            let mut copy = self.class_in(place, fact);
            copy.origin = Some(self.class_at(around, index));
            self.classes.push(copy);
            self.copy_order(self.class_at(around, index), &classes);
            self.copy_ancestors(self.class_at(around, index));
        }
        for index in classes {
            self.load_class(place, index, &facts.classes[index as usize]);
        }
        for flow in flows {
            self.load_flow(place, flow);
        }
        for import in facts.imports.iter().filter(|import| nodes.contains(&import.to)) {
            self.edge(self.at(around, import.to), self.at(place, import.to));
        }
        self.copy_sites(place, &functions, fact.span);
        self.function_at(place, functions.start)
    }

    /// The call sites of a copied function.
    fn copy_sites(&mut self, place: PlaceId, functions: &std::ops::Range<u32>, span: LineSpan) {
        let file = self.places[place as usize].file;
        let facts = self.files[file as usize].facts;
        let is_inside = |caller: Option<u32>| caller.is_some_and(|caller| functions.contains(&caller));
        let start = (span.line, span.column);
        let is_before = |span: &LineSpan| (span.line, span.column) < start;
        let is_within = |at: &LineSpan| (at.line, at.column) < (span.end_line, span.end_column);
        let first = facts.sites.partition_point(|fact| is_before(&fact.span));
        for (index, fact) in facts.sites.iter().enumerate().skip(first).take_while(|(_, fact)| is_within(&fact.span)) {
            if is_inside(fact.caller) {
                let copy = self.site_in(place, fact);
                let id = self.copy_of(self.bases[file as usize].site + index as u32, copy);
                self.load_site(place, id, fact);
            }
        }
        let accesses = &self.accesses[file as usize];
        let first = accesses.partition_point(|&(index, _)| is_before(&facts.accesses[index as usize].span));
        let accesses: Vec<(u32, SiteId)> = accesses[first..]
            .iter()
            .copied()
            .take_while(|&(index, _)| is_within(&facts.accesses[index as usize].span))
            .filter(|&(index, _)| is_inside(facts.accesses[index as usize].caller))
            .collect();
        for (index, origin) in accesses {
            let fact = &facts.accesses[index as usize];
            let copy = self.access_in(place, fact);
            let id = self.copy_of(origin, copy);
            self.load_access(place, id, fact);
        }
        let iterations = &self.iterations[file as usize];
        let first = iterations.partition_point(|&(index, _, _)| is_before(&facts.iterations[index as usize].span));
        let iterations: Vec<(u32, SiteId, SiteId)> = iterations[first..]
            .iter()
            .copied()
            .take_while(|&(index, _, _)| is_within(&facts.iterations[index as usize].span))
            .filter(|&(index, _, _)| is_inside(facts.iterations[index as usize].caller))
            .collect();
        for (index, of_iterable, of_iterator) in iterations {
            let fact = &facts.iterations[index as usize];
            let [iterable, iterator] = self.iteration_in(place, fact);
            let (from, iterable) = (iterable.this, self.copy_of(of_iterable, iterable));
            let iterator = self.copy_of(of_iterator, iterator);
            self.iterate_by_calls(from, iterable, iterator);
        }
        let calls = &self.implicit_calls[file as usize];
        let first = calls.partition_point(|&(index, _)| is_before(&facts.implicit_calls[index as usize].span));
        let calls: Vec<(u32, SiteId)> = calls[first..]
            .iter()
            .copied()
            .take_while(|&(index, _)| is_within(&facts.implicit_calls[index as usize].span))
            .filter(|&(index, _)| is_inside(facts.implicit_calls[index as usize].caller))
            .collect();
        for (index, origin) in calls {
            let fact = &facts.implicit_calls[index as usize];
            let copy = self.implicit_call_in(place, fact);
            let id = self.copy_of(origin, copy);
            self.load_implicit_call(place, id, fact);
        }
    }

    fn copy_of(&mut self, origin: SiteId, copy: Site) -> SiteId {
        let id = self.sites.len() as SiteId;
        self.sites.push(copy);
        self.targets.push(FxHashSet::default());
        self.copies.sites.entry(origin).or_default().push(id);
        id
    }

    /// The order of bases of the newest class, which is a copy; `copied`: classes that are copied with it, from whose
    /// number in their file follows the number that their copies have.
    fn copy_order(&mut self, origin: ClassId, copied: &std::ops::Range<u32>) {
        let copy = (self.classes.len() - 1) as ClassId;
        let Some(shared) = self.classes[origin as usize].shared.as_ref() else { return };
        let (mut order, open, bases) = (shared.order.clone(), shared.open.clone(), shared.bases.clone());
        let place = (self.places.len() - 1) as PlaceId;
        let first = self.class_at(self.places[place as usize].around.unwrap_or(place), copied.start);
        for ancestor in &mut order {
            if let Ancestor::Class(class) = ancestor
                && (first..first + copied.len() as u32).contains(class)
            {
                *ancestor = Ancestor::Class(self.class_at(place, copied.start + (*class - first)));
            }
        }
        if let Some(shared) = &mut self.classes[copy as usize].shared {
            let own = bases.iter().zip(&shared.bases).filter(|(base, _)| open.contains(base));
            shared.open = own.map(|(_, &copy)| copy).collect();
            shared.order = order;
        }
    }

    /// Whether calls of a function enter copies of it.
    pub(super) fn has_copies(&self, function: FunctionId) -> bool {
        (self.functions[function as usize].place as usize) < self.files.len()
            && self.copies.behind.get(function as usize).is_some_and(|&behind| behind != 0)
    }

    /// A copy of a class extends what the class extends, and counts as the class.
    fn copy_ancestors(&mut self, class: ClassId) {
        let ancestors = self.declared.ancestors[class as usize].clone().map(|mut ancestors| {
            ancestors.insert(class);
            ancestors
        });
        self.declared.ancestors.push(ancestors);
    }
}

/// See [`Copies::behind`], with the numbers of one file.
fn behind(facts: &FileFacts) -> Vec<u32> {
    let mut ends: Vec<u32> = (1..=facts.functions.len() as u32).collect();
    for (index, function) in facts.functions.iter().enumerate().rev() {
        if let Some(parent) = function.parent {
            ends[parent as usize] = ends[parent as usize].max(ends[index]);
        }
    }
    let mut calls_parameter = vec![false; ends.len()];
    for site in &facts.sites {
        if let (CalleeShape::Parameter(_), Some(caller)) = (site.shape, site.caller) {
            calls_parameter[caller as usize] = true;
        }
    }
    for (index, function) in facts.functions.iter().enumerate() {
        let flows = &function.extent.flows;
        let flows = facts.flows.get(flows.start as usize..flows.end as usize).unwrap_or_default();
        let makes = |flow: &Flow| matches!(flow, Flow::Object { .. } | Flow::Array { .. });
        let makes_or_passes = || flows.iter().any(makes) || passes(function, flows);
        let is_told_apart = if ends[index] as usize > index + 1 || calls_parameter[index] {
            flows.len() <= MAX_FLOWS
        } else {
            flows.len() <= MAX_FLOWS_OF_MAKERS && makes_or_passes()
        };
        let is_called = matches!(function.kind, FunctionKind::Function | FunctionKind::Arrow | FunctionKind::Method);
        if flows.is_empty() || !is_called || !is_told_apart {
            ends[index] = 0;
        }
    }
    ends
}

/// Whether a function returns what it is given.
fn passes(function: &FunctionFact, flows: &[Flow]) -> bool {
    let mut given: Vec<u32> = function.params.iter().copied().filter(|&param| param != NONE).collect();
    for flow in flows {
        match *flow {
            Flow::Assign { to, from } | Flow::Default { to, from, .. } if given.contains(&from) => {
                if to == function.returns {
                    return true;
                }
                if given.len() < MAX_GIVEN {
                    given.push(to);
                }
            }
            _ => {}
        }
    }
    false
}

/// The numbers that follow each other, from the first to the last that is found.
fn range<T>(all: impl IntoIterator<Item = T>, of: impl Fn(T) -> Option<u32>) -> std::ops::Range<u32> {
    let mut found = 0..0;
    for number in all.into_iter().filter_map(of) {
        if found.is_empty() {
            found = number..number + 1;
        } else {
            found = found.start.min(number)..found.end.max(number + 1);
        }
    }
    found
}
