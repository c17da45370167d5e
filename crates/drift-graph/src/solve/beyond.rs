//! Receivers beyond those that a node keeps.
//!
//! A node that gets too much keeps what came first (`rounds.rs`), since following all of it is what costs. So `this` in a
//! method of a base class with hundreds of classes below it holds few of them, though the method was found on them all.
//! Once nothing changes any more, the instances that were left out of such a node are followed as far as that method goes,
//! and what the members called there are on them counts as called. What such calls pass and yield is not followed; the
//! node holds something unknown anyway. Instances of which nobody knows how they would come to a method that their class inherits
//! are followed in the same way, after that.

use std::collections::VecDeque;
use std::rc::Rc;

use drift_facts::{Binding, MemberKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::bits::Bits;
use super::graph::Edge;
use super::model::{Ancestor, ClassId, FunctionId, Name, Node, Object, ObjectId, Origin, SiteId, Use};
use super::{MAX_TARGETS, Solver};

/// Base classes that are looked at, one behind the other.
pub(super) const MAX_BASES: usize = 64;

/// Classes of which a node left the instances out.
#[derive(Default)]
struct Held {
    all: Bits,
    /// Of these, what still has to be followed.
    new: Bits,
    /// Of these, what a method got as its receiver.
    given: Bits,
    waits: bool,
}

/// Functions that a member call finds, each with the receivers that have it.
type Found = Rc<[(FunctionId, Bits)]>;

#[derive(Default)]
pub(super) struct Beyond {
    /// What came to full nodes and was left out, save what came along edges.
    left_out: FxHashMap<Node, Bits>,
    /// By class its instance, of all classes in the sets here.
    instances: FxHashMap<ClassId, ObjectId>,
    held: FxHashMap<Node, Held>,
    open: VecDeque<Node>,
    /// Nodes through which values enter or leave a function, or are shared.
    gates: Vec<bool>,
    /// By class and name the functions that reading the member of an instance finds.
    members: FxHashMap<(ClassId, Name), Rc<[FunctionId]>>,
    /// By name and receivers what is found.
    dispatched: FxHashMap<(Name, Bits), Found>,
    targets: FxHashMap<SiteId, FxHashSet<FunctionId>>,
}

impl Beyond {
    /// The classes of which a node left instances out, in ascending order.
    pub(super) fn classes(&self, node: Node) -> impl Iterator<Item = ClassId> {
        self.held.get(&node).into_iter().flat_map(|held| held.all.iter())
    }

    /// The instance of one of these classes.
    pub(super) fn instance(&self, class: ClassId) -> Option<ObjectId> {
        self.instances.get(&class).copied()
    }

    /// Remembers what the instance of a class is.
    pub(super) fn note_instance(&mut self, class: ClassId, instance: ObjectId) {
        self.instances.insert(class, instance);
    }

    /// Whether values enter or leave a function there, or are shared.
    pub(super) fn is_gate(&self, node: Node) -> bool {
        self.gates.get(node as usize).copied().unwrap_or(false)
    }

    pub(super) fn count(&self, node: Node) -> usize {
        self.held.get(&node).map_or(0, |held| held.all.len())
    }

    /// Whether a node left out this object.
    pub(super) fn contains(&self, node: Node, object: Object) -> bool {
        let Object::ClassInstance(class) = object else { return false };
        self.held.get(&node).is_some_and(|held| held.all.contains(class))
    }

    /// Whether it left out this object and is where a method got it as its receiver.
    pub(super) fn is_given(&self, node: Node, object: Object) -> bool {
        let Object::ClassInstance(class) = object else { return false };
        self.held.get(&node).is_some_and(|held| held.given.contains(class))
    }

    pub(super) fn members(&self, class: ClassId, field: Name) -> &[FunctionId] {
        self.members.get(&(class, field)).map_or(&[], |members| &**members)
    }
}

impl Solver<'_> {
    /// Notes what a full node leaves out.
    pub(super) fn leave_out(&mut self, node: Node, object: ObjectId) {
        if let Object::ClassInstance(class) = self.objects[object as usize] {
            self.beyond.left_out.entry(node).or_default().insert(class);
            self.beyond.instances.insert(class, object);
        }
        self.note_overflow(node, object);
    }

    /// Follows receivers that were left out to the calls of their members.
    pub(super) fn call_members_of_what_was_left_out(&mut self) {
        self.beyond.gates = self.gates();
        let mut receivers = vec![false; self.graph.len()];
        for function in &self.functions {
            let first = if function.binds_this { Some(function.this) } else { function.params.first().copied() };
            receivers[first.unwrap_or(0) as usize] = true;
        }
        for (node, classes) in std::mem::take(&mut self.beyond.left_out) {
            if receivers[node as usize] {
                self.give(node, &classes);
            }
        }
        self.follow_receivers(Origin::Followed);
        self.call_what_patterns_fit();
        self.follow_receivers(Origin::Family);
    }

    /// Follows receivers that methods got as far as these methods go.
    fn follow_receivers(&mut self, origin: Origin) {
        while let Some(node) = self.beyond.open.pop_front() {
            let Some(held) = self.beyond.held.get_mut(&node) else { continue };
            held.waits = false;
            let new = std::mem::take(&mut held.new);
            for index in 0..self.graph.edge_count(node) {
                if let Edge::Node(to) = self.graph.edge(node, index)
                    && !self.beyond.gates[to as usize]
                {
                    self.spread(to, &new);
                    let kept = self.kept_here_alone(node, to);
                    self.spread(to, &kept);
                }
            }
            for index in 0..self.graph.uses(node).len() {
                self.follow(self.graph.uses(node)[index], &new);
            }
        }
        let reached = std::mem::take(&mut self.beyond.targets);
        self.reach_later(reached, origin);
    }

    /// Lets a method have the instances of all classes that inherit it, whoever passes them: a base class calls what those
    /// below it override. They are followed like receivers that were left out.
    pub(super) fn call_members_of_heirs(&mut self) {
        let mut heirs: FxHashMap<ClassId, Bits> = FxHashMap::default();
        for class in self.classes_in_use() {
            let instance = self.object(Object::ClassInstance(class));
            self.beyond.instances.insert(class, instance);
            for ancestor in self.order_of(class) {
                if let Ancestor::Class(ancestor) = ancestor
                    && ancestor != class
                {
                    heirs.entry(ancestor).or_default().insert(class);
                }
            }
        }
        let mut inherited: Vec<(ClassId, Bits)> = heirs.into_iter().collect();
        inherited.sort_unstable_by_key(|&(class, _)| class);
        for (class, heirs) in inherited {
            let mut names: Vec<Name> = self.shared(class).into_iter().flat_map(|of| &of.attributes).copied().collect();
            names.sort_unstable();
            for name in names {
                let mut own = Vec::new();
                self.own_members(class, name, &mut own);
                for (function, receivers) in self.dispatched(name, &heirs).iter() {
                    if own.contains(function) {
                        self.give_to(*function, receivers);
                    }
                }
            }
        }
        self.follow_receivers(Origin::Suggested);
    }

    /// Instances that a node keeps and the node behind it does not, which had no room for them beside something unknown.
    fn kept_here_alone(&mut self, node: Node, to: Node) -> Bits {
        let mut kept = Bits::default();
        if self.graph.is_full(to) {
            for &object in self.graph.objects(node) {
                if let Object::ClassInstance(class) = self.objects[object as usize]
                    && !self.graph.holds(to, object)
                {
                    kept.insert(class);
                    self.beyond.instances.insert(class, object);
                }
            }
        }
        kept
    }

    fn gates(&self) -> Vec<bool> {
        let mut gates = vec![false; self.graph.len()];
        for function in &self.functions {
            let named = function.named_params.iter().map(|&(_, node)| node);
            let others = [function.rest, function.this, function.returns, function.named_rest];
            for node in function.params.iter().copied().chain(named).chain(others) {
                gates[node as usize] = true;
            }
        }
        let shared = self.fields.values().chain(self.export_nodes.values()).chain(self.globals.values());
        for &node in shared {
            gates[node as usize] = true;
        }
        gates
    }

    fn spread(&mut self, node: Node, classes: &Bits) {
        if node == 0 || classes.is_empty() {
            return;
        }
        let admitted = if self.has_filter(node) { Some(self.admitted(node, classes)) } else { None };
        let held = self.beyond.held.entry(node).or_default();
        let is_new = held.all.unite(admitted.as_ref().unwrap_or(classes), &mut held.new);
        if is_new && !std::mem::replace(&mut held.waits, true) {
            self.beyond.open.push_back(node);
        }
    }

    /// What the declared type of a node lets in.
    fn admitted(&mut self, node: Node, classes: &Bits) -> Bits {
        let mut admitted = Bits::default();
        for class in classes.iter() {
            let instance = self.object(Object::ClassInstance(class));
            if !self.is_kept_out(node, instance) {
                admitted.insert(class);
            }
        }
        admitted
    }

    fn give(&mut self, node: Node, classes: &Bits) {
        self.spread(node, classes);
        if let Some(held) = self.beyond.held.get_mut(&node) {
            held.given.unite(classes, &mut Bits::default());
        }
    }

    fn follow(&mut self, used: Use, new: &Bits) {
        match used {
            Use::Dispatch { site, field } => self.dispatch_on(site, field, new),
            Use::Load { field, .. } if self.accessor_fields.contains(&field) => {
                for (getter, receivers) in self.dispatched(field, new).iter() {
                    self.give_to(*getter, receivers);
                }
            }
            Use::Narrowed { to, declared, is } => {
                let mut passed = new.clone();
                for class in new.iter() {
                    if self.graph.objects(declared).iter().any(|&of| self.is_instance_of(class, of)) != is {
                        passed.remove(class);
                    }
                }
                self.spread(to, &passed);
            }
            Use::Default { to, .. } => self.spread(to, new),
            Use::LoadAny { to, key } => self.call_fitting_any(to, key, new),
            Use::Super { to, class } => self.dispatch_to_bases(to, class, new),
            _ => {}
        }
    }

    fn dispatch_on(&mut self, site: SiteId, field: Name, receivers: &Bits) {
        for (function, receivers) in self.dispatched(field, receivers).iter() {
            self.add_target(site, *function);
            self.give_to(*function, receivers);
        }
    }

    /// `super().m()`
    fn dispatch_to_bases(&mut self, seen: Node, class: ClassId, receivers: &Bits) {
        for index in 0..self.graph.uses(seen).len() {
            let Use::Dispatch { site, field } = self.graph.uses(seen)[index] else { continue };
            for of in receivers.iter() {
                let order = self.order_of(of);
                let Some(at) = order.iter().position(|&ancestor| ancestor == Ancestor::Class(class)) else { continue };
                for function in self.members_along(&order[at + 1..], field) {
                    self.add_target(site, function);
                    self.give_to(function, &Bits::of(of));
                }
            }
        }
    }

    fn dispatched(&mut self, field: Name, receivers: &Bits) -> Found {
        let key = (field, receivers.clone());
        if let Some(found) = self.beyond.dispatched.get(&key) {
            return Rc::clone(found);
        }
        let mut found: Vec<(FunctionId, Bits)> = Vec::new();
        for class in receivers.iter() {
            for &function in self.members_of(class, field).iter() {
                match found.iter_mut().find(|(known, _)| *known == function) {
                    Some((_, classes)) => _ = classes.insert(class),
                    None => found.push((function, Bits::of(class))),
                }
            }
        }
        let found: Found = found.into();
        self.beyond.dispatched.insert(key, Rc::clone(&found));
        found
    }

    /// A method gets receivers.
    pub(super) fn give_to(&mut self, function: FunctionId, classes: &Bits) {
        let of = &self.functions[function as usize];
        let to = match of.binding {
            Binding::Instance => of.params.first().copied().unwrap_or(0),
            Binding::Nothing if of.binds_this => of.this,
            _ => return,
        };
        self.copies.entered_itself.insert(function);
        self.give(to, classes);
    }

    pub(super) fn add_target(&mut self, site: SiteId, function: FunctionId) {
        let origin = self.functions[function as usize].origin;
        let targets = self.beyond.targets.entry(site).or_default();
        if targets.len() <= MAX_TARGETS {
            targets.insert(origin);
        }
    }

    pub(super) fn members_of(&mut self, class: ClassId, field: Name) -> Rc<[FunctionId]> {
        if let Some(members) = self.beyond.members.get(&(class, field)) {
            return Rc::clone(members);
        }
        let members = if self.shared(class).is_some() {
            let order = self.order_of(class);
            self.members_along(&order, field)
        } else {
            self.members_by_bases(class, field)
        };
        let members: Rc<[FunctionId]> = members.into();
        self.beyond.members.insert((class, field), Rc::clone(&members));
        members
    }

    /// What the first class of an order has that binds a name.
    fn members_along(&self, order: &[Ancestor], field: Name) -> Vec<FunctionId> {
        let mut found = Vec::new();
        for ancestor in order {
            let Ancestor::Class(class) = *ancestor else { continue };
            self.own_members(class, field, &mut found);
            if !found.is_empty() || self.shared(class).is_some_and(|shared| shared.attributes.contains(&field)) {
                break;
            }
        }
        found
    }

    /// The same where each class has one base.
    fn members_by_bases(&self, class: ClassId, field: Name) -> Vec<FunctionId> {
        let (mut found, mut open) = (Vec::new(), vec![class]);
        for _ in 0..MAX_BASES {
            let Some(class) = open.pop() else { break };
            self.own_members(class, field, &mut found);
            if found.is_empty() {
                open.extend(self.extended_by(class));
            }
        }
        found
    }

    /// The classes that a class names as its base.
    pub(super) fn extended_by(&self, class: ClassId) -> impl Iterator<Item = ClassId> {
        let bases = self.graph.objects(self.classes[class as usize].extends).iter();
        bases.filter_map(|&base| match self.objects[base as usize] {
            Object::Class(base) => Some(base),
            _ => None,
        })
    }

    fn own_members(&self, class: ClassId, field: Name, found: &mut Vec<FunctionId>) {
        let own = self.classes[class as usize].members.get(&(field, false)).into_iter().flatten();
        found.extend(own.filter(|(kind, _)| *kind == MemberKind::Method).map(|&(_, function)| function));
        if self.shared(class).is_none() {
            return;
        }
        let Some(&holder) = self.object_ids.get(&Object::Class(class)) else { return };
        let Some(&node) = self.fields.get(&(holder, field)) else { return };
        for &object in self.graph.objects(node) {
            let mut object = self.objects[object as usize];
            if let Object::Standing(stands, _) = object {
                object = self.objects[stands as usize];
            }
            if let Object::Function(function) | Object::Method(function, 0) = object {
                found.push(function);
            }
        }
    }
}
