//! The constraint graph: what each node holds, and where that goes.
//!
//! Work goes in rounds. What comes to a node during a round is held back until the round ends; only then is it seen, and
//! only then is it decided what a node keeps that gets too much. So nothing depends on the order within a round.

use rustc_hash::FxHashMap;

use super::lists::{Entry, List, Lists};
use super::model::{Node, ObjectId, Use};
use super::rows::Paged;

/// A node: the objects that it holds, in the order of the rounds in which they came, and where they go.
#[derive(Clone, Copy, Default)]
struct Held {
    objects: List,
    /// How many of them came before this round. A node keeps few, but more may come in one round.
    seen: u8,
    /// How many of these went along the edges and to the uses.
    sent: u8,
    /// Names outside the project among those that were seen.
    libraries: u8,
    /// It keeps nothing more.
    is_full: bool,
}

impl Entry for Use {
    fn alone(self) -> Option<u32> {
        None
    }

    fn of(_: &u32) -> Option<&Self> {
        None
    }
}

/// An edge from here on leads to all nodes that read any field of an object: its number behind this.
const READERS: u32 = 1 << 31;

/// Where an edge leads.
pub(super) enum Edge {
    Node(Node),
    /// The nodes that read any field of this object. Objects with many fields and many readers are met everywhere.
    Readers(ObjectId),
}

/// Nodes with what they hold. Node 0 holds nothing.
#[derive(Default)]
pub(super) struct Graph {
    held: Paged<Held>,
    edges_of: Paged<List>,
    uses_of: Paged<List>,
    objects: Lists<ObjectId>,
    edges: Lists<Node>,
    uses: Lists<Use>,
    /// Nodes to which something came in this round.
    reached: Vec<Node>,
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    pub(super) fn fresh(&mut self) -> Node {
        let node = self.held.len() as Node;
        self.grow(1);
        node
    }

    /// Adds nodes that hold nothing.
    pub(super) fn grow(&mut self, count: usize) {
        for _ in 0..count {
            self.held.push(Held::default());
            self.edges_of.push(List::default());
            self.uses_of.push(List::default());
        }
    }

    /// What came before this round.
    pub(super) fn objects(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &self.objects.get(&held.objects)[..held.seen as usize]
    }

    /// Whether it came before, in this round or an earlier one.
    pub(super) fn holds(&self, node: Node, object: ObjectId) -> bool {
        self.objects.contains(self.held[node as usize].objects, object)
    }

    /// How many names outside the project a node holds that came before this round.
    pub(super) fn libraries(&self, node: Node) -> u8 {
        self.held[node as usize].libraries
    }

    /// Whether a node keeps nothing more.
    pub(super) fn is_full(&self, node: Node) -> bool {
        self.held[node as usize].is_full
    }

    /// A node keeps nothing more.
    pub(super) fn fill(&mut self, node: Node) {
        self.held[node as usize].is_full = true;
    }

    /// Lets an object come to a node, where it is seen from the next round on.
    pub(super) fn insert(&mut self, node: Node, object: ObjectId) {
        let held = &mut self.held[node as usize];
        let is_first = held.objects.len() == held.seen as usize;
        if self.objects.insert(&mut held.objects, object) && is_first {
            self.reached.push(node);
        }
    }

    /// Nodes to which something came in this round, which ends.
    pub(super) fn take_reached(&mut self) -> Vec<Node> {
        std::mem::take(&mut self.reached)
    }

    /// What came to a node in this round.
    pub(super) fn came(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &self.objects.get(&held.objects)[held.seen as usize..]
    }

    /// What came to a node is seen from now on.
    pub(super) fn accept(&mut self, node: Node, libraries: u8) {
        let held = &mut self.held[node as usize];
        held.seen = held.objects.len() as u8;
        held.libraries += libraries;
    }

    /// Of what came to a node only these are seen from now on.
    pub(super) fn accept_only(&mut self, node: Node, objects: &[ObjectId], libraries: u8) {
        let held = &mut self.held[node as usize];
        self.objects.truncate(&mut held.objects, held.seen as usize);
        for &object in objects {
            self.objects.insert(&mut held.objects, object);
        }
        self.accept(node, libraries);
    }

    /// Returns whether it is a new edge. What [`Self::sent`] says is still to be sent along it.
    pub(super) fn insert_edge(&mut self, from: Node, to: Node) -> bool {
        self.edges.insert(&mut self.edges_of[from as usize], to)
    }

    /// An edge to all that read any field of an object.
    pub(super) fn insert_edge_to_readers(&mut self, from: Node, of: ObjectId) {
        self.edges.insert(&mut self.edges_of[from as usize], of | READERS);
    }

    /// Returns whether it is a new use. What [`Self::sent`] says is still to be put to it.
    pub(super) fn insert_use(&mut self, node: Node, used: Use) -> bool {
        self.uses.insert(&mut self.uses_of[node as usize], used)
    }

    /// The objects that went along the edges of a node and to its uses.
    pub(super) fn sent(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &self.objects.get(&held.objects)[..held.sent as usize]
    }

    /// Puts into `batch` what is to be sent on from a node.
    pub(super) fn send(&mut self, node: Node, batch: &mut Vec<ObjectId>) {
        let held = &mut self.held[node as usize];
        batch.clear();
        batch.extend_from_slice(&self.objects.get(&held.objects)[held.sent as usize..held.seen as usize]);
        held.sent = held.seen;
    }

    pub(super) fn edge_count(&self, node: Node) -> usize {
        self.edges_of[node as usize].len()
    }

    pub(super) fn edge(&self, node: Node, index: usize) -> Edge {
        match self.edges.get(&self.edges_of[node as usize])[index] {
            to if to < READERS => Edge::Node(to),
            to => Edge::Readers(to - READERS),
        }
    }

    pub(super) fn uses(&self, node: Node) -> &[Use] {
        self.uses.get(&self.uses_of[node as usize])
    }

    /// Lets go of what is needed only as long as values flow.
    pub(super) fn come_to_rest(&mut self) {
        (self.uses_of, self.uses) = (Paged::default(), Lists::default());
        self.edges.come_to_rest();
    }

    /// The edges, seen from where they lead to: by node where those before it begin, and these, in ascending order. There
    /// are no others any more. `readers`: those of any field of objects.
    pub(super) fn take_edges_backwards(&mut self, readers: &FxHashMap<ObjectId, Vec<Node>>) -> (Vec<u32>, Vec<Node>) {
        let nodes = self.len();
        let mut first = vec![0; nodes + 1];
        for from in 0..nodes as Node {
            self.for_each_edge(from, readers, |to| first[to as usize] += 1);
        }
        let mut end = 0;
        for first in &mut first {
            end += *first;
            *first = end;
        }
        let mut before = vec![0; end as usize];
        for from in (0..nodes as Node).rev() {
            self.for_each_edge(from, readers, |to| {
                first[to as usize] -= 1;
                before[first[to as usize] as usize] = from;
            });
        }
        (self.edges_of, self.edges) = (Paged::default(), Lists::default());
        (first, before)
    }

    fn for_each_edge(&self, from: Node, readers: &FxHashMap<ObjectId, Vec<Node>>, mut see: impl FnMut(Node)) {
        for index in 0..self.edge_count(from) {
            match self.edge(from, index) {
                Edge::Node(to) => see(to),
                Edge::Readers(of) => {
                    let all = readers.get(&of).into_iter().flatten();
                    all.copied().filter(|&to| to != 0 && to != from).for_each(&mut see);
                }
            }
        }
    }
}
