//! How many rivals a target had on the way to where it is called.
//!
//! A parameter that forty callers pass one function each holds forty functions, and all of them are called there: none
//! came with any other. A variable that gets what a field holds, in which forty functions were put, holds forty as well,
//! and a single one may be called. So what counts is how many came along together: of the ways that lead from where a
//! target was made to the callee, the one whose most crowded node is the least crowded (a bottleneck path). The callee's
//! node itself and those that hold the same as it are left out, for that is where the callers' values come together, save
//! results, fields and globals: what comes out of these was mixed up before.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use drift_facts::CalleeShape;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::model::{FunctionId, Node, Object, ObjectId, Site, SiteId};

/// Nodes that one search visits; a target whose way is longer has all others at the site as its rivals.
const MAX_VISITED: usize = 64;
/// Answers that are kept, for many sites have the same callee.
const MAX_KNOWN: usize = 1 << 17;
/// Receivers whose members are looked at.
const MAX_RECEIVERS: usize = 64;

/// The finished graph, seen against the direction in which values flow.
pub(super) struct Rivals<'s> {
    solver: &'s Solver<'s>,
    /// By node where those before it begin in `before`.
    first: Vec<u32>,
    before: Vec<Node>,
    /// Nodes out of which values come mixed up.
    mixes: Vec<bool>,
    sizes: FxHashMap<Node, u32>,
    open: BinaryHeap<Reverse<(u32, Node)>>,
    seen: FxHashSet<Node>,
    /// What was found for a node, an object and the least that it is.
    known: FxHashMap<(Node, ObjectId, u32), u32>,
}

impl<'s> Rivals<'s> {
    /// `first`, `before`: what [`super::graph::Graph::take_edges_backwards`] gave.
    pub(super) fn new(solver: &'s Solver<'_>, (first, before): (Vec<u32>, Vec<Node>)) -> Self {
        let mut mixes = vec![false; solver.graph.len()];
        let results = solver.functions.iter().map(|function| function.returns);
        for node in results.chain(solver.fields.values().copied()).chain(solver.globals.values().copied()) {
            mixes[node as usize] = true;
        }
        mixes[0] = false;
        Self {
            solver,
            first,
            before,
            mixes,
            sizes: FxHashMap::default(),
            open: BinaryHeap::new(),
            seen: FxHashSet::default(),
            known: FxHashMap::default(),
        }
    }

    /// By function that sites reach, at least 1.
    pub(super) fn of_site<'i>(
        &mut self,
        functions: &[FunctionId],
        sites: impl Iterator<Item = &'i SiteId>,
    ) -> Vec<u32> {
        let solver = self.solver;
        let mut found: FxHashMap<FunctionId, u32> = FxHashMap::default();
        let mut note = |function: FunctionId, rivals: u32| {
            let least = found.entry(function).or_insert(rivals);
            *least = rivals.min(*least);
        };
        for &id in sites {
            let Site { callee, this, shape, place, .. } = solver.sites[id as usize];
            for &object in solver.graph.objects(callee) {
                if let Some(function) = self.target(object) {
                    note(function, self.of(callee, object, 0));
                }
            }
            let CalleeShape::Member(field) = shape else { continue };
            let field = solver.local(solver.places[place as usize].file, field);
            let mut known: FxHashSet<FunctionId> = FxHashSet::default();
            for class in solver.beyond.classes(this) {
                let members = solver.beyond.members(class, field).iter();
                let members: Vec<FunctionId> = members.copied().filter(|&function| known.insert(function)).collect();
                let Some(receiver) = solver.beyond.instance(class) else { continue };
                if !members.is_empty() {
                    let with_receiver = self.of(this, receiver, 0);
                    for function in members {
                        note(solver.functions[function as usize].origin, with_receiver);
                    }
                }
            }
            if !solver.graph.objects(callee).is_empty() {
                continue;
            }
            for &receiver in solver.graph.objects(this).iter().take(MAX_RECEIVERS) {
                let Some(&read) = solver.reads.get(&(receiver, field)) else { continue };
                if solver.graph.objects(read).is_empty() {
                    continue;
                }
                let with_receiver = self.of(this, receiver, 0);
                for &object in solver.graph.objects(read) {
                    if let Some(function) = self.target(object) {
                        let size = self.size(read);
                        note(function, with_receiver.max(self.of(read, object, size)));
                    }
                }
            }
        }
        functions.iter().map(|function| found.get(function).copied().unwrap_or(functions.len() as u32)).collect()
    }

    /// The function of the project that calling an object enters, as it is written.
    fn target(&self, object: ObjectId) -> Option<FunctionId> {
        let solver = self.solver;
        let function = match solver.objects[object as usize] {
            Object::Function(function)
            | Object::Method(function, _)
            | Object::Call(function)
            | Object::Apply(function)
            | Object::Bind(function) => function,
            Object::Standing(object, _) => return self.target(object),
            Object::Class(class) => solver.classes[class as usize].constructor,
            _ => return None,
        };
        Some(solver.functions[function as usize].origin)
    }

    /// The most that come together on the best way of an object to a node, at least `least` and 1.
    fn of(&mut self, end: Node, object: ObjectId, least: u32) -> u32 {
        if let Some(&known) = self.known.get(&(end, object, least)) {
            return known;
        }
        let found = self.find(end, object, least);
        if self.known.len() >= MAX_KNOWN {
            self.known.clear();
        }
        self.known.insert((end, object, least), found);
        found
    }

    fn find(&mut self, end: Node, object: ObjectId, least: u32) -> u32 {
        let solver = self.solver;
        let count = |node: Node| solver.graph.objects(node).len() + solver.beyond.count(node);
        let (all, what) = (count(end), solver.objects[object as usize]);
        let born = solver.born.get(&object).copied();
        self.open.clear();
        self.seen.clear();
        self.open.push(Reverse((least, end)));
        self.seen.insert(end);
        while let Some(Reverse((most, node))) = self.open.pop() {
            if born == Some(node) || solver.beyond.is_given(node, what) {
                return most.max(1);
            }
            let mut is_first = true;
            for at in self.first[node as usize]..self.first[node as usize + 1] {
                let from = self.before[at as usize];
                if !solver.graph.holds(from, object) && !solver.beyond.contains(from, what) {
                    continue;
                }
                is_first = false;
                if self.seen.len() >= MAX_VISITED {
                    break;
                }
                if self.seen.insert(from) {
                    let is_apart = self.mixes[from as usize] || count(from) != all;
                    let crowd = if is_apart { self.size(from) } else { 0 };
                    self.open.push(Reverse((most.max(crowd), from)));
                }
            }
            if is_first {
                return most.max(1);
            }
        }
        self.size(end).max(least).max(1)
    }

    /// How many things of the project a node holds; copies of one thing count once.
    fn size(&mut self, node: Node) -> u32 {
        let solver = self.solver;
        if let Some(&size) = self.sizes.get(&node) {
            return size;
        }
        let mut things: Vec<(bool, u32)> = Vec::new();
        for &object in solver.graph.objects(node) {
            match solver.objects[object as usize] {
                Object::Unknown | Object::Undefined | Object::External(_) | Object::Key(_) | Object::Signature(_) => {}
                _ => things.push(self.target(object).map_or((false, object), |function| (true, function))),
            }
        }
        things.sort_unstable();
        things.dedup();
        let size = things.len() as u32;
        self.sizes.insert(node, size);
        size
    }
}
