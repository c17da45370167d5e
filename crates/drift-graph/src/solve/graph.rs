//! The constraint graph: what each node holds, and where that goes.
//!
//! Work goes in rounds. What comes to a node during a round is held back until the round ends; only then is it seen, and
//! only then is it decided what a node keeps that gets too much. So nothing depends on the order within a round.

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Node, ObjectId, Use};

/// Past this many entries a list is looked up by hash instead of being read through.
const SHORT: usize = 12;

/// Objects of one node, in the order of the rounds in which they came.
#[derive(Clone, Default)]
struct Held {
    objects: Vec<ObjectId>,
    index: Option<Box<FxHashSet<ObjectId>>>,
    /// How many of them came before this round.
    seen: u32,
    /// How many of these went along the edges and to the uses.
    sent: u32,
    /// Names outside the project among those that were seen.
    libraries: u8,
    /// It keeps nothing more.
    is_full: bool,
}

impl Held {
    fn contains(&self, object: ObjectId) -> bool {
        self.index.as_ref().map_or_else(|| self.objects.contains(&object), |index| index.contains(&object))
    }

    fn push(&mut self, object: ObjectId) {
        self.objects.push(object);
        match &mut self.index {
            Some(index) => {
                index.insert(object);
            }
            None if self.objects.len() > SHORT => self.index = Some(Box::new(self.objects.iter().copied().collect())),
            None => {}
        }
    }
}

/// Nodes with what they hold. Node 0 holds nothing.
#[derive(Default)]
pub(super) struct Graph {
    held: Vec<Held>,
    edges: Vec<Vec<Node>>,
    /// The edges of nodes that have many.
    edge_index: FxHashMap<Node, FxHashSet<Node>>,
    uses: Vec<Vec<Use>>,
    /// The uses of nodes that have many.
    use_index: FxHashMap<Node, FxHashSet<Use>>,
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
        let count = self.held.len() + count;
        self.held.resize_with(count, Held::default);
        self.edges.resize_with(count, Vec::new);
        self.uses.resize_with(count, Vec::new);
    }

    /// What came before this round.
    pub(super) fn objects(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &held.objects[..held.seen as usize]
    }

    /// Whether it came before, in this round or an earlier one.
    pub(super) fn holds(&self, node: Node, object: ObjectId) -> bool {
        self.held[node as usize].contains(object)
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
        if held.contains(object) {
            return;
        }
        if held.objects.len() == held.seen as usize {
            self.reached.push(node);
        }
        held.push(object);
    }

    /// Nodes to which something came in this round, which ends.
    pub(super) fn take_reached(&mut self) -> Vec<Node> {
        std::mem::take(&mut self.reached)
    }

    /// What came to a node in this round.
    pub(super) fn came(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &held.objects[held.seen as usize..]
    }

    /// What came to a node is seen from now on.
    pub(super) fn accept(&mut self, node: Node, libraries: u8) {
        let held = &mut self.held[node as usize];
        held.seen = held.objects.len() as u32;
        held.libraries += libraries;
    }

    /// Of what came to a node only these are seen from now on.
    pub(super) fn accept_only(&mut self, node: Node, objects: &[ObjectId], libraries: u8) {
        let held = &mut self.held[node as usize];
        held.objects.truncate(held.seen as usize);
        held.index = None;
        for &object in objects {
            held.push(object);
        }
        self.accept(node, libraries);
    }

    /// Returns whether it is a new edge. What [`Self::sent`] says is still to be sent along it.
    pub(super) fn insert_edge(&mut self, from: Node, to: Node) -> bool {
        let edges = &mut self.edges[from as usize];
        if edges.len() <= SHORT {
            if edges.contains(&to) {
                return false;
            }
            edges.push(to);
            if edges.len() > SHORT {
                self.edge_index.insert(from, edges.iter().copied().collect());
            }
            return true;
        }
        let is_new = self.edge_index.entry(from).or_default().insert(to);
        if is_new {
            edges.push(to);
        }
        is_new
    }

    /// Returns whether it is a new use. What [`Self::sent`] says is still to be put to it.
    pub(super) fn insert_use(&mut self, node: Node, used: Use) -> bool {
        let uses = &mut self.uses[node as usize];
        if uses.len() <= SHORT {
            if uses.contains(&used) {
                return false;
            }
            uses.push(used);
            if uses.len() > SHORT {
                self.use_index.insert(node, uses.iter().copied().collect());
            }
            return true;
        }
        let is_new = self.use_index.entry(node).or_default().insert(used);
        if is_new {
            uses.push(used);
        }
        is_new
    }

    /// The objects that went along the edges of a node and to its uses.
    pub(super) fn sent(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &held.objects[..held.sent as usize]
    }

    /// Puts into `batch` what is to be sent on from a node.
    pub(super) fn send(&mut self, node: Node, batch: &mut Vec<ObjectId>) {
        let held = &mut self.held[node as usize];
        batch.clear();
        batch.extend_from_slice(&held.objects[held.sent as usize..held.seen as usize]);
        held.sent = held.seen;
    }

    pub(super) fn edges(&self, node: Node) -> &[Node] {
        &self.edges[node as usize]
    }

    pub(super) fn uses(&self, node: Node) -> &[Use] {
        &self.uses[node as usize]
    }
}
