//! Functions, classes and instances beyond those that a node keeps.
//!
//! A table of handlers may hold more functions than a node keeps (`rounds.rs`). Once nothing changes any more, those that
//! such a node had no room for are followed to the sites that call what is read from it, which count as reaching them. What
//! such calls pass and yield is not followed; the node holds something unknown anyway. Nodes from which values go
//! everywhere are no tables and are left as they are.
//!
//! Classes are followed one step further: code that is told of every class below a base (`__init_subclass__`, a decorator, a
//! registry) may read members from each (`getattr(cls, 'on_' + kind)`) and keep them in a table.

use drift_facts::SiteKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::bits::Bits;
use super::graph::Edge;
use super::model::{ClassId, FunctionId, Name, Node, Object, ObjectId, Origin, SiteId, Use};
use super::{MAX_TARGETS, Solver};

/// Nodes on the way from a table to the sites that call what it holds.
const MAX_WAY: usize = 64;

/// What full nodes had no room for.
#[derive(Default)]
pub(super) struct Overflow {
    /// What can be called or has members that can, by node; one more than is used says that it is too many.
    objects: FxHashMap<Node, FxHashSet<ObjectId>>,
    /// All classes of these, however many.
    classes: FxHashMap<Node, Bits>,
    /// Functions that were read from such classes, by the node that holds what is read.
    members: FxHashMap<Node, FxHashSet<ObjectId>>,
}

/// Where what a node holds goes.
#[derive(Default)]
struct Ways {
    /// The sites that call it, or the member of a name on it.
    sites: Vec<(SiteId, Option<Name>)>,
    /// What holds members that are read from it, and under which names.
    reads: Vec<(Node, Read)>,
}

/// Under which names a member is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    Named(Name),
    /// Those that a node holds.
    Keyed(Node),
}

impl Solver<'_> {
    /// Notes an object that a full node leaves out, if it can be called or has members that can.
    pub(super) fn note_overflow(&mut self, node: Node, object: ObjectId) {
        let overflow = &mut self.overflow;
        match self.objects[object as usize] {
            Object::Class(class) => _ = overflow.classes.entry(node).or_default().insert(class),
            Object::Function(_) | Object::Method(..) | Object::ClassInstance(_) => {}
            _ => return,
        }
        let objects = overflow.objects.entry(node).or_default();
        if objects.len() <= MAX_TARGETS {
            objects.insert(object);
        }
    }

    /// Lets sites reach what the tables that they call from had no room for.
    pub(super) fn call_what_tables_had_no_room_for(&mut self) {
        self.note_overflow_of_edges();
        self.note_overflow_of_members();
        let Overflow { objects, members, .. } = std::mem::take(&mut self.overflow);
        let reached = self.reached_from(objects);
        self.reach_later(reached, Origin::Suggested);
        let reached = self.reached_from(members);
        self.reach_later(reached, Origin::Family);
    }

    /// What sites call of what these tables had no room for.
    fn reached_from(
        &mut self,
        left_out: FxHashMap<Node, FxHashSet<ObjectId>>,
    ) -> FxHashMap<SiteId, FxHashSet<FunctionId>> {
        let mut tables: Vec<(Node, Vec<ObjectId>)> = left_out
            .into_iter()
            .filter(|(_, objects)| objects.len() <= MAX_TARGETS)
            .map(|(node, objects)| (node, objects.into_iter().collect()))
            .collect();
        tables.sort_unstable_by_key(|&(node, _)| node);
        let mut reached: FxHashMap<SiteId, FxHashSet<FunctionId>> = FxHashMap::default();
        for (node, objects) in tables {
            let Some(ways) = self.ways_from(node) else { continue };
            for (site, member) in ways.sites {
                for &object in &objects {
                    let functions = match member {
                        Some(field) => self.entered_by_member(object, field),
                        None => self.entered_by_calling(object, self.sites[site as usize].kind),
                    };
                    reached.entry(site).or_default().extend(functions);
                }
            }
        }
        reached
    }

    /// Notes members that are read from classes that full nodes left out.
    fn note_overflow_of_members(&mut self) {
        let mut left_out: Vec<(Node, Bits)> = std::mem::take(&mut self.overflow.classes).into_iter().collect();
        left_out.sort_unstable_by_key(|&(node, _)| node);
        for (node, classes) in left_out {
            let Some(ways) = self.ways_from(node) else { continue };
            for (to, read) in ways.reads {
                let keys = if let Read::Keyed(key) = read { self.graph.objects(key).to_vec() } else { Vec::new() };
                for class in classes.iter() {
                    let mut functions = match read {
                        Read::Named(name) => self.members_of(class, name).to_vec(),
                        Read::Keyed(_) => Vec::new(),
                    };
                    for &key in &keys {
                        functions.extend(self.members_under(class, key));
                    }
                    for function in functions {
                        let function = self.object(Object::Function(function));
                        let members = self.overflow.members.entry(to).or_default();
                        if members.len() <= MAX_TARGETS {
                            members.insert(function);
                        }
                    }
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

    /// Where what a node holds goes, wherever that is; `None` where it goes too far.
    fn ways_from(&self, node: Node) -> Option<Ways> {
        let (mut ways, mut known, mut open) = (Ways::default(), FxHashSet::from_iter([node]), vec![node]);
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
                    Use::Callee(site) | Use::CalleeOn { site, .. } => ways.sites.push((site, None)),
                    Use::Dispatch { site, field } => ways.sites.push((site, Some(field))),
                    Use::Load { to, field } => ways.reads.push((to, Read::Named(field))),
                    Use::LoadAny { to, key } if key != 0 => ways.reads.push((to, Read::Keyed(key))),
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
        ways.sites.sort_unstable();
        ways.sites.dedup();
        ways.reads.sort_unstable();
        ways.reads.dedup();
        Some(ways)
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
        let (Object::ClassInstance(class) | Object::Class(class)) = self.objects[object as usize] else {
            return Vec::new();
        };
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
