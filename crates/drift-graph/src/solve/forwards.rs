//! What functions do with what they are given, without all else that they do.
//!
//! What a decorator makes of a class is told apart for each place where it decorates, if the methods of that class are small
//! enough for copies (`decorated.rs`). Where one is not, a copy has little more of its own than what is given, made and passed
//! on: what the method keeps in its receiver, what it returns, and its calls `self.f(*args)`. All else is the same whatever was
//! decorated, so that the method as it is written is entered for that.

use std::rc::Rc;

use drift_facts::{CalleeShape, Extent, FileFacts, Flow, FunctionFact, NONE, Node, SiteFact};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::model::{FunctionId, SiteId};
use super::slices::{Dependent, Own, Slice, parts, range};

/// Flows of such a copy.
const MAX_FLOWS: usize = 200;

#[derive(Default)]
pub(super) struct Forwards {
    /// By function as it is written what its copies have; [`None`] where that would be too much or nothing.
    slices: FxHashMap<FunctionId, Option<Rc<Slice>>>,
    /// The calls that the copies have in their stead.
    sites: FxHashSet<SiteId>,
    /// Copies, by what they are copies of.
    copies: FxHashMap<FunctionId, FunctionId>,
}

impl Forwards {
    /// Whether copies make this call in the stead of the function as it is written.
    pub(super) fn replace(&self, site: SiteId) -> bool {
        self.sites.contains(&site)
    }

    /// The function as it is written that is entered beside this copy.
    pub(super) fn beside(&self, copy: FunctionId) -> Option<FunctionId> {
        self.copies.get(&copy).copied()
    }

    pub(super) fn add(&mut self, copy: FunctionId, function: FunctionId) {
        self.copies.insert(copy, function);
    }
}

impl Solver<'_> {
    /// What such a copy of a function has of its own; [`None`] for functions of which there are none.
    pub(super) fn forwards(&mut self, origin: FunctionId) -> Option<Rc<Slice>> {
        if let Some(known) = self.copies.forwards.slices.get(&origin) {
            return known.clone();
        }
        let file = self.bases.partition_point(|base| base.function <= origin) - 1;
        let base = &self.bases[file];
        let found = Passing::new(self.files[file].facts, origin - base.function).and_then(Passing::slice).map(Rc::new);
        if let Some(slice) = &found {
            self.copies.forwards.sites.extend(slice.sites.iter().map(|site| base.site + site));
        }
        self.copies.forwards.slices.insert(origin, found.clone());
        found
    }
}

/// A function, and what is known to come from its parameters alone.
struct Passing<'f> {
    facts: &'f FileFacts,
    local: u32,
    fact: &'f FunctionFact,
    flows: &'f [Flow],
    receiver: Node,
    given: FxHashSet<Node>,
}

impl<'f> Passing<'f> {
    fn new(facts: &'f FileFacts, local: u32) -> Option<Self> {
        let fact = &facts.functions[local as usize];
        let flows = &facts.flows[fact.extent.flows.start as usize..fact.extent.flows.end as usize];
        let named = fact.named_params.iter().map(|&(_, node)| node);
        let all = fact.params.iter().copied().chain(named).chain([fact.rest, fact.named_rest]);
        let given = closed(all, |found| flows.iter().filter_map(|flow| passed(flow, found)).collect());
        Some(Self { facts, local, fact, flows, receiver: *fact.params.first()?, given })
    }

    fn slice(self) -> Option<Slice> {
        let returned = closed([self.fact.returns], |found| {
            let before = self.flows.iter().filter(|flow| found.contains(&parts(flow).0)).filter_map(source);
            before.collect()
        });
        let sites: Vec<(u32, &SiteFact)> = (0..)
            .zip(&self.facts.sites)
            .filter(|(_, site)| site.caller == Some(self.local) && self.is_kept(site, &returned))
            .collect();
        // What is made, up to where it is returned.
        let made = closed(sites.iter().map(|(_, site)| site.result), |found| {
            self.flows.iter().filter_map(|flow| passed(flow, found)).filter(|to| returned.contains(to)).collect()
        });
        let holds = |base: Node| self.given.contains(&base) || made.contains(&base);
        let mut wanted: FxHashSet<Node> = made.iter().copied().chain([self.receiver]).collect();
        for (_, site) in &sites {
            wanted.extend(inputs(site).chain([site.callee, site.this]));
        }
        let stored = self.flows.iter().filter_map(|flow| match *flow {
            Flow::Store { base, from, .. } if holds(base) => Some([base, from]),
            _ => None,
        });
        wanted.extend(stored.flatten());
        // Of what else leads there, what comes from parameters is told apart, and the member that is called.
        let own =
            closed(wanted.into_iter().filter(|node| self.is_inside(*node) && !self.is_shared(*node, &made)), |found| {
                let before =
                    self.flows.iter().filter(|flow| found.contains(&parts(flow).0)).flat_map(|flow| parts(flow).1);
                before.filter(|node| self.given.contains(node)).collect()
            });
        let is_needed = |flow: &Flow| {
            let (to, from, _) = parts(flow);
            match *flow {
                Flow::Store { base, .. } => own.contains(&base),
                _ if to == self.fact.returns => from.iter().any(|from| *from != NONE && own.contains(from)),
                _ => to != NONE && own.contains(&to),
            }
        };
        let first = self.fact.extent.flows.start;
        let kept: Vec<u32> =
            (first..).zip(self.flows).filter(|(_, flow)| is_needed(flow)).map(|(index, _)| index).collect();
        let is_plain =
            |flow: &u32| !matches!(self.facts.flows[*flow as usize], Flow::Function { .. } | Flow::Class { .. });
        let is_any =
            !sites.is_empty() || kept.iter().any(|&flow| matches!(self.facts.flows[flow as usize], Flow::Store { .. }));
        (is_any && kept.len() <= MAX_FLOWS && kept.iter().all(is_plain)).then(|| self.build(kept, &sites, &own))
    }

    fn build(&self, flows: Vec<u32>, sites: &[(u32, &SiteFact)], nodes: &FxHashSet<Node>) -> Slice {
        let mut own = Dependent::new(&self.fact.extent);
        own.add_first(self.facts, &(self.local..self.local + 1), &(0..0));
        for &node in nodes {
            own.add(node);
        }
        let imports = (0..).zip(&self.facts.imports).filter(|(_, import)| own.has(import.to));
        Slice {
            functions: self.local..self.local + 1,
            classes: 0..0,
            objects: range(&flows, |&flow| match self.facts.flows[flow as usize] {
                Flow::Object { object, .. } | Flow::Array { object, .. } => Some(object),
                _ => None,
            }),
            imports: imports.map(|(index, _)| index).collect(),
            flows,
            sites: sites.iter().map(|&(index, _)| index).collect(),
            accesses: Vec::new(),
            iterations: Vec::new(),
            implicit_calls: Vec::new(),
            variables: Own::of(&own.variables, &own.are_variables),
            nodes: Own::of(&own.nodes, &own.are_nodes),
        }
    }

    /// Whether copies have a call of their own: it passes on all that is given, or yields what is returned and is given
    /// nothing but what was given.
    fn is_kept(&self, site: &SiteFact, returned: &FxHashSet<Node>) -> bool {
        let is_on_receiver = site.on_receiver && self.given.contains(&site.this);
        let is_member = matches!(site.shape, CalleeShape::Member(_)) && is_on_receiver;
        let rest = [self.fact.rest, self.fact.named_rest];
        let passes_all = is_member
            && [site.spread, site.named_spread].iter().any(|node| {
                *node != NONE
                    && self.given.contains(node)
                    && rest.iter().any(|rest| *rest != NONE && self.leads(*rest, *node))
            });
        let is_of_given = || inputs(site).all(|node| self.given.contains(&node) || !self.is_inside(node));
        passes_all
            || (returned.contains(&site.result) && inputs(site).any(|node| self.given.contains(&node)) && is_of_given())
    }

    fn leads(&self, from: Node, to: Node) -> bool {
        closed([from], |found| self.flows.iter().filter_map(|flow| passed(flow, found)).collect()).contains(&to)
    }

    fn is_inside(&self, node: Node) -> bool {
        let Extent { nodes, variables, .. } = &self.fact.extent;
        nodes.contains(&node) || variables.contains(&node)
    }

    /// Whether a node holds the same for all copies.
    fn is_shared(&self, node: Node, made: &FxHashSet<Node>) -> bool {
        let is_read = || {
            let mut loads = self.flows.iter().filter(|flow| parts(flow).0 == node);
            loads.all(
                |flow| matches!(*flow, Flow::Load { base, .. } if self.given.contains(&base) || made.contains(&base)),
            )
        };
        !self.given.contains(&node) && !made.contains(&node) && !is_read()
    }
}

fn inputs(site: &SiteFact) -> impl Iterator<Item = Node> {
    let named = site.named.iter().map(|&(_, node)| node);
    site.args.iter().copied().chain(named).chain([site.spread, site.named_spread]).filter(|&node| node != NONE)
}

/// Where a flow takes what is in one of these nodes as it is.
fn passed(flow: &Flow, nodes: &FxHashSet<Node>) -> Option<Node> {
    source(flow).filter(|from| nodes.contains(from)).map(|_| parts(flow).0)
}

/// What a flow takes as it is.
fn source(flow: &Flow) -> Option<Node> {
    match *flow {
        Flow::Assign { from, .. }
        | Flow::Default { from, .. }
        | Flow::Where { from, .. }
        | Flow::Otherwise { from, .. }
        | Flow::Narrowed { from, .. }
        | Flow::Guarded { from, .. }
        | Flow::IterateAt { from, .. } => Some(from),
        _ => None,
    }
}

/// Nodes and those that a step leads to from any that was found.
fn closed(first: impl IntoIterator<Item = Node>, step: impl Fn(&FxHashSet<Node>) -> Vec<Node>) -> FxHashSet<Node> {
    let mut found: FxHashSet<Node> = first.into_iter().filter(|&node| node != NONE).collect();
    let mut count = usize::MAX;
    while count != found.len() {
        count = found.len();
        found.extend(step(&found).into_iter().filter(|&node| node != NONE));
    }
    found
}
