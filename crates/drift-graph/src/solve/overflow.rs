//! Functions, classes and instances beyond those that a node keeps.
//!
//! A table of handlers may hold more functions than a node keeps (`rounds.rs`). Once nothing changes any more, those that
//! such a node had no room for are followed to the sites that call what is read from it, which count as reaching them. What
//! such calls pass and yield is not followed; the node holds something unknown anyway. Nodes from which values go
//! everywhere are no tables and are left as they are.

use drift_facts::SiteKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::beyond::MAX_TARGETS;
use super::graph::Edge;
use super::model::{ClassId, FunctionId, Name, Node, Object, ObjectId, SiteId, Use};

/// Nodes on the way from a table to the sites that call what it holds.
const MAX_WAY: usize = 64;

impl Solver<'_> {
    /// Notes an object that a full node leaves out, if it can be called or has members that can.
    pub(super) fn note_overflow(&mut self, node: Node, object: ObjectId) {
        let can_be_called = matches!(
            self.objects[object as usize],
            Object::Function(_) | Object::Method(..) | Object::Class(_) | Object::ClassInstance(_)
        );
        if can_be_called {
            let objects = self.overflow.entry(node).or_default();
            // One more than is used says that it is too many.
            if objects.len() <= MAX_TARGETS {
                objects.insert(object);
            }
        }
    }

    /// Lets sites reach what the tables that they call from had no room for.
    pub(super) fn call_what_tables_had_no_room_for(&mut self) {
        self.note_overflow_of_edges();
        let mut tables: Vec<(Node, Vec<ObjectId>)> = std::mem::take(&mut self.overflow)
            .into_iter()
            .filter(|(_, objects)| objects.len() <= MAX_TARGETS)
            .map(|(node, objects)| (node, objects.into_iter().collect()))
            .collect();
        tables.sort_unstable_by_key(|&(node, _)| node);
        let mut reached: FxHashMap<SiteId, FxHashSet<FunctionId>> = FxHashMap::default();
        for (node, objects) in tables {
            let Some(sites) = self.sites_that_call_from(node) else { continue };
            for (site, member) in sites {
                for &object in &objects {
                    let functions = match member {
                        Some(field) => self.entered_by_member(object, field),
                        None => self.entered_by_calling(object, self.sites[site as usize].kind),
                    };
                    reached.entry(site).or_default().extend(functions);
                }
            }
        }
        for (site, functions) in reached {
            if self.targets.of(site).len() + functions.len() <= MAX_TARGETS {
                let mut functions: Vec<FunctionId> = functions.into_iter().collect();
                functions.sort_unstable();
                for function in functions {
                    let target = self.object(Object::Function(function));
                    self.targets.insert(site, target);
                }
            }
        }
    }

    /// Notes what came along edges to full nodes from nodes with room, and found none there.
    fn note_overflow_of_edges(&mut self) {
        for node in 1..self.graph.len() as Node {
            if self.graph.is_full(node) {
                continue;
            }
            for index in 0..self.graph.edge_count(node) {
                match self.graph.edge(node, index) {
                    Edge::Node(to) => self.note_overflow_along(node, to),
                    Edge::Readers(of) => {
                        for at in 0..self.readers_of_any.get(&of).map_or(0, Vec::len) {
                            self.note_overflow_along(node, self.readers_of_any[&of][at]);
                        }
                    }
                }
            }
        }
    }

    fn note_overflow_along(&mut self, from: Node, to: Node) {
        if to == 0 || !self.graph.is_full(to) {
            return;
        }
        for index in 0..self.graph.objects(from).len() {
            let object = self.graph.objects(from)[index];
            if !self.graph.holds(to, object) && !self.is_turned_away(to, object) {
                self.note_overflow(to, object);
            }
        }
    }

    /// The sites that call what a node holds, or the member of a name on it, wherever it goes; `None` where it goes too far.
    fn sites_that_call_from(&self, node: Node) -> Option<Vec<(SiteId, Option<Name>)>> {
        let (mut sites, mut known, mut open) = (Vec::new(), FxHashSet::from_iter([node]), vec![node]);
        let go = |to: Node, known: &mut FxHashSet<Node>, open: &mut Vec<Node>| {
            if to != 0 && known.insert(to) {
                open.push(to);
            }
        };
        while let Some(node) = open.pop() {
            // Whether there are more does not depend on the order in which they are met.
            if known.len() > MAX_WAY {
                return None;
            }
            for used in self.graph.uses(node) {
                match *used {
                    Use::Callee(site) | Use::CalleeOn { site, .. } => sites.push((site, None)),
                    Use::Dispatch { site, field } => sites.push((site, Some(field))),
                    Use::Default { to, .. }
                    | Use::Callable { to, .. }
                    | Use::Bound { to, .. }
                    | Use::Narrowed { to, .. } => go(to, &mut known, &mut open),
                    _ => {}
                }
            }
            for index in 0..self.graph.edge_count(node) {
                match self.graph.edge(node, index) {
                    Edge::Node(to) => go(to, &mut known, &mut open),
                    Edge::Readers(of) => {
                        let readers = self.readers_of_any.get(&of).map_or(&[][..], Vec::as_slice);
                        // One more than is looked at says that it goes too far.
                        for &to in readers.iter().filter(|&&to| to != 0).take(MAX_WAY + 1) {
                            go(to, &mut known, &mut open);
                        }
                    }
                }
            }
        }
        sites.sort_unstable();
        sites.dedup();
        Some(sites)
    }

    /// The functions, as they are written, that a call of an object enters.
    fn entered_by_calling(&mut self, object: ObjectId, kind: SiteKind) -> Vec<FunctionId> {
        let functions = match self.objects[object as usize] {
            Object::Function(function) | Object::Method(function, _) => vec![function],
            Object::Class(class) if self.shared(class).is_some() => self.entered_by_making(class),
            Object::Class(class) if kind == SiteKind::New => vec![self.classes[class as usize].constructor],
            _ => Vec::new(),
        };
        functions.into_iter().map(|function| self.functions[function as usize].origin).collect()
    }

    fn entered_by_member(&mut self, object: ObjectId, field: Name) -> Vec<FunctionId> {
        let Object::ClassInstance(class) = self.objects[object as usize] else { return Vec::new() };
        let functions = self.members_of(class, field);
        functions.iter().map(|&function| self.functions[function as usize].origin).collect()
    }

    fn entered_by_making(&mut self, class: ClassId) -> Vec<FunctionId> {
        let mut functions = Vec::new();
        for name in ["__new__", "__init__"] {
            let name = self.name(name);
            functions.extend_from_slice(&self.members_of(class, name));
        }
        if functions.is_empty() {
            functions.push(self.classes[class as usize].constructor);
        }
        functions
    }
}
