//! Copies of functions for single calls.
//!
//! A function that makes functions or objects, that calls or returns what it is given, or that reads members under names it puts
//! together, mixes up what its callers pass: each of them would seem to get what any of them got. So a call enters a copy of such a function, which has variables,
//! functions, classes and objects of its own (call-site sensitivity of depth 1 with a cloned heap, bounded in size and
//! number). What is found at the copies of a call site counts for the site as it is written.

use std::rc::Rc;

use drift_facts::{CalleeShape, FileFacts, Flow, FunctionFact, FunctionKind, NONE, SiteKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::calls::MAX_STAND_INS;
use super::forwards::Forwards;
use super::model::{Ancestor, ClassId, Function, FunctionId, Object, ObjectId, Pending, Site, SiteId};
use super::place::{Place, PlaceId, Shift};
use super::slices::Slice;

/// What reads a member under a name in Python.
const READ_MEMBER: &str = "getattr";
/// Flows of a function that is copied because it has functions in it or calls a parameter.
const MAX_FLOWS: usize = 200;
/// Flows of a function that is copied because it makes objects.
const MAX_FLOWS_OF_MAKERS: usize = 40;
/// Nodes that hold what a function is given, looked at to see whether it returns that.
const MAX_GIVEN: usize = 16;
/// Copies of one function.
const MAX_COPIES: u32 = 200;
/// Copies of one function for what it decorates, or for an object that stands for that.
const MAX_COPIES_FOR_DECORATED: u32 = 2_000;
/// Flows that are copied in all for what is decorated.
const MAX_FLOWS_FOR_ALL_DECORATED: usize = 1_000_000;
/// Flows of a method that is copied for such an object.
pub(super) const MAX_FLOWS_FOR_DECORATED: usize = 300;
/// Flows that are copied of the functions of one file, beside as many as it has.
const FREE_FLOWS: usize = 20_000;
/// Flows of a function so small that calls within copies enter copies of it as well.
const MAX_FLOWS_OF_SMALL: usize = 12;
/// Copies of such a function, and how many of them enter each other.
const MAX_COPIES_OF_SMALL: u32 = 1_000;
const MAX_DEPTH_OF_SMALL: u8 = 6;

/// Copies that enter each other where something is decorated.
pub(super) const MAX_DEPTH: u8 = 2;

/// Why calls enter copies of a function, if they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Copied {
    Never,
    /// It makes objects, returns what it is given, or reads members under names that it puts together.
    AsMaker,
    /// It has functions in it, or calls a parameter.
    AsFunction,
}

/// Which functions have copies.
#[derive(Default)]
pub(super) struct Copies {
    /// By function as it is written, the first function behind it that is not nested in it.
    behind: Vec<u32>,
    /// By function as it is written, whether calls enter copies of it.
    is_copied: Vec<Copied>,
    entered: FxHashMap<(SiteId, FunctionId), FunctionId>,
    /// Copies for one receiver.
    of_receiver: FxHashMap<(ObjectId, FunctionId), FunctionId>,
    count: FxHashMap<FunctionId, u32>,
    /// Functions that something enters without a copy.
    pub(super) entered_itself: FxHashSet<FunctionId>,
    /// Functions that hold what was passed before they are called.
    fixed: FxHashSet<FunctionId>,
    /// Those that hold it since this round.
    newly_fixed: Vec<FunctionId>,
    /// Calls in this round of which it is not decided yet whether they enter a copy.
    wanted: Vec<(FunctionId, SiteId, ObjectId, Option<ObjectId>)>,
    /// By file, how many flows of its functions may still be copied.
    flows_left: Vec<usize>,
    flows_left_for_decorated: usize,
    slices: FxHashMap<FunctionId, Rc<Slice>>,
    /// By site as it is written, its copies.
    pub(super) sites: FxHashMap<SiteId, Vec<SiteId>>,
    pub(super) forwards: Forwards,
}

impl Copies {
    /// The first function behind one as it is written that is not nested in it.
    pub(super) fn behind(&self, origin: FunctionId) -> FunctionId {
        self.behind[origin as usize]
    }

    /// Lets go of what is needed only as long as values flow.
    pub(super) fn come_to_rest(&mut self) {
        self.entered = FxHashMap::default();
        self.slices = FxHashMap::default();
    }

    /// The functions that have copies.
    pub(super) fn originals(&self) -> impl Iterator<Item = FunctionId> {
        self.count.iter().filter(|&(_, &count)| count > 0).map(|(&function, _)| function)
    }
}

impl Solver<'_> {
    /// Finds the functions that are worth copying.
    pub(super) fn find_copied(&mut self) {
        for (source, base) in self.files.iter().zip(&self.bases) {
            self.copies.flows_left.push(FREE_FLOWS + source.facts.flows.len());
            let behind = behind(source.facts);
            self.copies.is_copied.extend(are_copied(source.facts, &behind));
            self.copies.behind.extend(behind.into_iter().map(|behind| base.function + behind));
        }
        self.copies.flows_left_for_decorated = MAX_FLOWS_FOR_ALL_DECORATED;
    }

    /// The function that a call enters: a copy for this call, or the function itself.
    pub(super) fn entered(&mut self, site: SiteId, function: FunctionId) -> FunctionId {
        let entered = match self.copies.entered.get(&(site, function)) {
            Some(&entered) if self.may_be_copied(site, function) => entered,
            _ => function,
        };
        if entered == function {
            self.copies.entered_itself.insert(function);
        }
        entered
    }

    fn may_be_copied(&self, site: SiteId, function: FunctionId) -> bool {
        // A call that is itself part of a copy enters larger functions as they are: copies within copies cost more than they
        // tell. What a decorator makes is told apart all the same, where one copy made the decorator.
        let Function { place, origin, .. } = self.functions[function as usize];
        let Site { decorates, place: of_site, kind, depth: stand_ins, .. } = self.sites[site as usize];
        let [depth, depth_of_function] = [of_site, place].map(|place| self.places[place as usize].depth);
        let most = if decorates { MAX_DEPTH } else { 0 };
        let is_small = depth < MAX_DEPTH_OF_SMALL && depth_of_function == 0 && self.is_tiny(origin);
        let wanted = if depth == 0 || is_small { Copied::AsMaker } else { Copied::AsFunction };
        (depth <= most || is_small)
            && depth_of_function <= most
            && self.copies.is_copied[origin as usize] >= wanted
            && kind != SiteKind::New
            && stand_ins < MAX_STAND_INS
            && !self.mixed.contains(&(site, function))
            && !self.copies.fixed.contains(&function)
    }

    /// Whether a function has little in it, and no function.
    fn is_tiny(&self, origin: FunctionId) -> bool {
        self.copies.behind[origin as usize] == origin + 1
            && self.fact_of(origin).extent.flows.len() <= MAX_FLOWS_OF_SMALL
    }

    /// Puts a call off until the end of the round where it is not decided yet whether it enters a copy.
    pub(super) fn waits_for_copy(&mut self, site: SiteId, callee: ObjectId, receiver: Option<ObjectId>) -> bool {
        let function = match self.objects[callee as usize] {
            Object::Method(_, 0) => return false,
            Object::Method(_, receiver) if self.stands_for_one(receiver) => return false,
            Object::Function(function)
            | Object::Method(function, _)
            | Object::Call(function)
            | Object::Apply(function)
            | Object::Bind(function) => function,
            _ => return false,
        };
        let waits = !self.copies.entered.contains_key(&(site, function)) && self.may_be_copied(site, function);
        if waits {
            self.copies.wanted.push((function, site, callee, receiver));
        }
        waits
    }

    /// Decides for all calls of a round which of them get copies: the first by their place in the text, while there is room.
    pub(super) fn grant_copies(&mut self) {
        let mut wanted = std::mem::take(&mut self.copies.wanted);
        wanted.sort_unstable();
        for (function, site, callee, receiver) in wanted {
            if !self.copies.entered.contains_key(&(site, function)) {
                let Function { place, origin, .. } = self.functions[function as usize];
                let Site { decorates, place: of_site, .. } = self.sites[site as usize];
                let depth = self.places[place as usize].depth.max(self.places[of_site as usize].depth) + 1;
                let is_copied = self.is_copied(origin, decorates);
                let entered = if is_copied { self.copy(function, depth, decorates) } else { function };
                self.copies.entered.insert((site, function), entered);
            }
            self.pending.push(Pending::Call { site, callee, receiver });
        }
        self.copies.fixed.extend(std::mem::take(&mut self.copies.newly_fixed));
    }

    /// The function that a call on an object which stands for what it decorates enters: a copy for that object.
    pub(super) fn entered_on(&mut self, receiver: ObjectId, function: FunctionId) -> FunctionId {
        if let Some(&entered) = self.copies.of_receiver.get(&(receiver, function)) {
            return entered;
        }
        let is_written = (self.functions[function as usize].place as usize) < self.files.len();
        let flows = self.fact_of(self.functions[function as usize].origin).extent.flows.len();
        let most = if self.is_special(function) { MAX_FLOWS_FOR_DECORATED } else { MAX_FLOWS_OF_MAKERS };
        let is_small = (1..=most).contains(&flows);
        let entered = if is_written && is_small && self.is_copied(function, true) {
            self.copy(function, self.depth_of(receiver), true)
        } else {
            self.copies.entered_itself.insert(function);
            let depth = self.depth_of(receiver);
            is_written.then(|| self.copy_forwards(function, depth)).flatten().unwrap_or(function)
        };
        self.copies.of_receiver.insert((receiver, function), entered);
        entered
    }

    /// The copy that a call enters which makes a decorator, of a function that makes an object and is too large for others.
    pub(super) fn entered_to_decorate(&mut self, site: SiteId, function: FunctionId) -> Option<FunctionId> {
        let Site { decorates, place, .. } = self.sites[site as usize];
        let depth = self.places[place as usize].depth + 1;
        if !decorates || depth > MAX_DEPTH || !self.is_maker(function) || self.has_copies(function) {
            return None;
        }
        if let Some(&entered) = self.copies.entered.get(&(site, function)) {
            return Some(entered);
        }
        let is_written = (self.functions[function as usize].place as usize) < self.files.len();
        let entered = is_written.then(|| self.copy_forwards(function, depth)).flatten().unwrap_or(function);
        self.copies.entered.insert((site, function), entered);
        Some(entered)
    }

    /// A copy of what a function does with what it is given, while there is room.
    fn copy_forwards(&mut self, function: FunctionId, depth: u8) -> Option<FunctionId> {
        let slice = self.forwards(function)?;
        if !self.has_room(function, slice.flows.len(), true) {
            return None;
        }
        let copy = self.copy_slice(function, &slice, depth, true);
        self.copies.forwards.add(copy, function);
        Some(copy)
    }

    /// By site, whether what is known of its copies is all that is known of it: copies are all that is ever entered of a
    /// function that it stands in, and each of these has the site as its own.
    pub(super) fn replaced(&mut self) -> Vec<bool> {
        let mut replaced = vec![false; self.sites.len()];
        let entered_as_copies: Vec<FunctionId> =
            self.copies.originals().filter(|function| !self.copies.entered_itself.contains(function)).collect();
        for function in entered_as_copies {
            let slice = self.slice_of(function);
            let first = self.bases[self.functions[function as usize].place as usize].site;
            let sites = slice.sites.iter().map(|&site| first + site);
            let accesses = slice.accesses.iter().map(|&(_, site)| site);
            let iterations = slice.iterations.iter().flat_map(|&(_, iterable, iterator)| [iterable, iterator]);
            let implicit_calls = slice.implicit_calls.iter().map(|&(_, site)| site);
            for site in sites.chain(accesses).chain(iterations).chain(implicit_calls) {
                replaced[site as usize] = true;
            }
        }
        replaced
    }

    /// The function that holds what `bind` at this site passes.
    pub(super) fn bound(&mut self, site: SiteId, function: FunctionId) -> FunctionId {
        let bound = self.entered(site, function);
        self.copies.newly_fixed.push(bound);
        bound
    }

    /// Whether a method makes an object, or is what calling or reading it runs.
    fn is_special(&self, function: FunctionId) -> bool {
        self.is_maker(function) || matches!(self.last_name(function), "__call__" | "__get__")
    }

    /// Whether a method makes an object.
    pub(super) fn is_maker(&self, function: FunctionId) -> bool {
        matches!(self.last_name(function), "__new__" | "__init__")
    }

    /// The name of a function without what is around it.
    pub(super) fn last_name(&self, function: FunctionId) -> &str {
        let name = &self.fact_of(self.functions[function as usize].origin).name;
        name.rsplit('.').next().unwrap_or_default()
    }

    /// Whether there is room for one more copy.
    fn is_copied(&mut self, origin: FunctionId, decorates: bool) -> bool {
        let flows = self.slice_of(origin).flows.len();
        self.has_room(origin, flows, decorates)
    }

    fn has_room(&mut self, origin: FunctionId, flows: usize, decorates: bool) -> bool {
        let most = if self.is_tiny(origin) { MAX_COPIES_OF_SMALL } else { MAX_COPIES };
        let count = self.copies.count.entry(origin).or_insert(0);
        let (left, most) = if decorates {
            (&mut self.copies.flows_left_for_decorated, MAX_COPIES_FOR_DECORATED)
        } else {
            (&mut self.copies.flows_left[self.functions[origin as usize].place as usize], most)
        };
        if *count >= most || *left < flows {
            return false;
        }
        *count += 1;
        *left -= flows;
        true
    }

    pub(super) fn fact_of(&self, origin: FunctionId) -> &drift_facts::FunctionFact {
        let file = self.bases.partition_point(|base| base.function <= origin) - 1;
        &self.files[file].facts.functions[(origin - self.bases[file].function) as usize]
    }

    /// The nodes that a function as it is written has of its own.
    pub(super) fn own_nodes(&self, origin: FunctionId) -> std::ops::Range<u32> {
        let nodes = &self.fact_of(origin).extent.nodes;
        let place = self.functions[origin as usize].place;
        self.at(place, nodes.start)..self.at(place, nodes.start) + nodes.len() as u32
    }

    fn copy(&mut self, function: FunctionId, depth: u8, decorates: bool) -> FunctionId {
        let slice = self.slice_of(self.functions[function as usize].origin);
        self.copy_slice(function, &slice, depth, decorates)
    }

    /// A copy that has of its own what is in the slice.
    fn copy_slice(&mut self, function: FunctionId, slice: &Slice, depth: u8, decorates: bool) -> FunctionId {
        let Function { place: around, .. } = self.functions[function as usize];
        let file = self.places[around as usize].file;
        let (facts, first_function) = (self.files[file as usize].facts, self.bases[file as usize].function);
        let place = self.places.len() as PlaceId;
        let first_node = self.graph.len() as u32;
        let [variables, nodes] = slice.shifts(first_node);
        let shift = |from: &std::ops::Range<u32>, to: usize| Shift::of_range(from.clone(), to as u32);
        self.places.push(Place {
            file,
            around: Some(around),
            variables,
            nodes,
            functions: shift(&slice.functions, self.functions.len()),
            classes: shift(&slice.classes, self.classes.len()),
            objects: shift(&slice.objects, self.objects.len()),
            depth,
            decorates,
        });
        self.graph.grow(slice.count() as usize);
        self.typed.resize(self.graph.len(), false);
        for node in slice.own() {
            let (like, to) = (self.at(around, node), self.at(place, node));
            self.typed[to as usize] = self.typed[like as usize];
            self.filter_like(to, like);
        }
        self.objects.resize(self.objects.len() + slice.objects.len(), Object::Plain);
        for &(object, class) in facts.instances.iter().filter(|(object, _)| slice.objects.contains(object)) {
            self.library_of.insert(self.object_at(place, object), self.local(file, class));
        }
        for index in slice.functions.clone() {
            let copy = self.function_in(place, &facts.functions[index as usize], first_function + index);
            self.functions.push(copy);
        }
        for index in slice.classes.clone() {
            let fact = &facts.classes[index as usize];
            let mut copy = self.class_in(place, fact);
            copy.origin = Some(self.class_at(around, index));
            self.classes.push(copy);
            self.copy_order(self.class_at(around, index), &slice.classes);
            self.copy_ancestors(self.class_at(around, index));
        }
        for index in slice.classes.clone() {
            self.load_class(place, index, &facts.classes[index as usize]);
        }
        for &flow in &slice.flows {
            self.load_flow(place, &facts.flows[flow as usize]);
        }
        for &import in &slice.imports {
            let to = facts.imports[import as usize].to;
            self.edge(self.at(around, to), self.at(place, to));
        }
        self.copy_sites(place, slice);
        self.function_at(place, slice.functions.start)
    }

    fn slice_of(&mut self, origin: FunctionId) -> Rc<Slice> {
        if let Some(slice) = self.copies.slices.get(&origin) {
            return Rc::clone(slice);
        }
        let slice = Rc::new(self.slice_function(origin));
        self.copies.slices.insert(origin, Rc::clone(&slice));
        slice
    }

    /// The call sites of a copied function.
    fn copy_sites(&mut self, place: PlaceId, slice: &Slice) {
        let file = self.places[place as usize].file;
        let facts = self.files[file as usize].facts;
        for &index in &slice.sites {
            let fact = &facts.sites[index as usize];
            let copy = self.site_in(place, fact);
            let origin = self.bases[file as usize].site + index;
            self.guess_receiver_like(self.sites[origin as usize].this, copy.this);
            let id = self.copy_of(origin, copy);
            self.load_site(place, id, fact);
        }
        for &(index, origin) in &slice.accesses {
            let fact = &facts.accesses[index as usize];
            let copy = self.access_in(place, fact);
            let id = self.copy_of(origin, copy);
            self.load_access(place, id, fact);
        }
        for &(index, of_iterable, of_iterator) in &slice.iterations {
            let [iterable, iterator] = self.iteration_in(place, &facts.iterations[index as usize]);
            let (from, iterable) = (iterable.this, self.copy_of(of_iterable, iterable));
            let iterator = self.copy_of(of_iterator, iterator);
            self.iterate_by_calls(from, iterable, iterator);
        }
        for &(index, origin) in &slice.implicit_calls {
            let fact = &facts.implicit_calls[index as usize];
            let copy = self.implicit_call_in(place, fact);
            let id = self.copy_of(origin, copy);
            self.load_implicit_call(place, id, fact);
        }
    }

    fn copy_of(&mut self, origin: SiteId, copy: Site) -> SiteId {
        let id = self.sites.len() as SiteId;
        self.sites.push(copy);
        self.targets.grow(1);
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
            && self.copies.is_copied.get(function as usize).is_some_and(|&copied| copied > Copied::Never)
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
    ends
}

/// See [`Copies::is_copied`].
fn are_copied(facts: &FileFacts, ends: &[u32]) -> Vec<Copied> {
    let mut calls_parameter = vec![false; ends.len()];
    let mut reads_members = vec![false; ends.len()];
    for site in &facts.sites {
        match (site.shape, site.caller) {
            (CalleeShape::Parameter(_), Some(caller)) => calls_parameter[caller as usize] = true,
            (CalleeShape::Name(name), Some(caller)) if facts.names[name as usize] == READ_MEMBER => {
                reads_members[caller as usize] = true;
            }
            _ => {}
        }
    }
    let mut copied = Vec::with_capacity(ends.len());
    for (index, function) in facts.functions.iter().enumerate() {
        let flows = &function.extent.flows;
        let flows = facts.flows.get(flows.start as usize..flows.end as usize).unwrap_or_default();
        let makes = |flow: &Flow| matches!(flow, Flow::Object { .. } | Flow::Array { .. });
        let is_worth_a_copy =
            || flows.iter().any(makes) || passes(function, flows) || reads_by_parts(flows, reads_members[index]);
        let of_functions = ends[index] as usize > index + 1 || calls_parameter[index];
        let is_told_apart = if of_functions {
            flows.len() <= MAX_FLOWS
        } else {
            flows.len() <= MAX_FLOWS_OF_MAKERS && is_worth_a_copy()
        };
        let is_called = matches!(function.kind, FunctionKind::Function | FunctionKind::Arrow | FunctionKind::Method);
        copied.push(match !flows.is_empty() && is_called && is_told_apart {
            false => Copied::Never,
            true if of_functions => Copied::AsFunction,
            true => Copied::AsMaker,
        });
    }
    copied
}

/// Whether a function puts names together and reads members under them; `reads_members`: it calls what reads a member.
fn reads_by_parts(flows: &[Flow], reads_members: bool) -> bool {
    let reads = |flow: &Flow| matches!(flow, Flow::LoadAny { key, .. } if *key != NONE);
    flows.iter().any(|flow| matches!(flow, Flow::Join { .. })) && (reads_members || flows.iter().any(reads))
}

/// Whether a function returns what it is given.
fn passes(function: &FunctionFact, flows: &[Flow]) -> bool {
    let mut given: Vec<u32> = function.params.iter().copied().filter(|&param| param != NONE).collect();
    for flow in flows {
        match *flow {
            Flow::Assign { to, from }
            | Flow::Default { to, from, .. }
            | Flow::Narrowed { to, from, .. }
            | Flow::Guarded { to, from, .. }
                if given.contains(&from) =>
            {
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
