//! The constraint graph: what each node holds, and where that goes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Node, ObjectId, Use};

/// Names outside the project that one node keeps; which ones does not matter to who calls whom.
const MAX_LIBRARY_OBJECTS: u8 = 4;
/// Past this many entries a list is looked up by hash instead of being read through.
const SHORT: usize = 12;

/// Objects of one node, in the order in which they came.
#[derive(Clone, Default)]
struct Held {
    objects: Vec<ObjectId>,
    index: Option<Box<FxHashSet<ObjectId>>>,
    /// How many of them went along the edges and to the uses.
    sent: u32,
    libraries: u8,
    is_queued: bool,
}

impl Held {
    fn contains(&self, object: ObjectId) -> bool {
        self.index.as_ref().map_or_else(|| self.objects.contains(&object), |index| index.contains(&object))
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
    seen_uses: FxHashSet<(Node, Use)>,
    queue: Vec<Node>,
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

    pub(super) fn objects(&self, node: Node) -> &[ObjectId] {
        &self.held[node as usize].objects
    }

    pub(super) fn holds(&self, node: Node, object: ObjectId) -> bool {
        self.held[node as usize].contains(object)
    }

    /// Returns whether it is new there. Of names outside the project a node keeps the first few.
    pub(super) fn insert(&mut self, node: Node, object: ObjectId, is_library: bool) -> bool {
        let held = &mut self.held[node as usize];
        if is_library && held.libraries >= MAX_LIBRARY_OBJECTS || held.contains(object) {
            return false;
        }
        held.libraries += u8::from(is_library);
        held.objects.push(object);
        match &mut held.index {
            Some(index) => {
                index.insert(object);
            }
            None if held.objects.len() > SHORT => held.index = Some(Box::new(held.objects.iter().copied().collect())),
            None => {}
        }
        if !held.is_queued {
            held.is_queued = true;
            self.queue.push(node);
        }
        true
    }

    /// Returns whether it is a new edge. What `from` holds is still to be sent along it.
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

    /// Returns whether it is a new use. What [`Self::used_objects`] says is still to be put to it.
    pub(super) fn insert_use(&mut self, node: Node, used: Use) -> bool {
        let is_new = self.seen_uses.insert((node, used));
        if is_new {
            self.uses[node as usize].push(used);
        }
        is_new
    }

    /// The objects that the uses of a node have seen.
    pub(super) fn used_objects(&self, node: Node) -> &[ObjectId] {
        let held = &self.held[node as usize];
        &held.objects[..held.sent as usize]
    }

    /// Takes the next node with objects that were not sent on yet, and puts these into `batch`.
    pub(super) fn next(&mut self, batch: &mut Vec<ObjectId>) -> Option<Node> {
        let node = self.queue.pop()?;
        let held = &mut self.held[node as usize];
        held.is_queued = false;
        batch.clear();
        batch.extend_from_slice(&held.objects[held.sent as usize..]);
        held.sent = held.objects.len() as u32;
        Some(node)
    }

    pub(super) fn edges(&self, node: Node) -> &[Node] {
        &self.edges[node as usize]
    }

    pub(super) fn uses(&self, node: Node) -> &[Use] {
        &self.uses[node as usize]
    }
}
