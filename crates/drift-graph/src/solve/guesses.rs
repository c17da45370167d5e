//! What a node holds where nothing that is known reaches it: receivers that nobody passes, types that nobody enforces.

use drift_facts::CalleeShape;
use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Ancestor, ClassId, FunctionId, Node, Object, ObjectId, Origin, Site, SiteId, Use};
use super::{MAX_TARGETS, Solver};

/// What is used once everything that is known has arrived.
#[derive(Default)]
pub(super) struct Guesses {
    /// Nodes, and what they hold if nobody calls the function around them.
    pub(super) receivers: Vec<(Node, Node)>,
    /// Nodes, and the values of the type that they are said to have.
    hints: Vec<(Node, Node)>,
    /// Nodes, and the instances of the class that is declared for them.
    pub(super) types: Vec<(Node, Node)>,
    /// The same of what members are called on, whose type follows from declarations elsewhere.
    pub(super) receiver_types: Vec<(Node, Node)>,
    /// By node as it is written, the nodes that [`Guesses::receiver_types`] has for it.
    written_receivers: FxHashMap<Node, Vec<Node>>,
    /// Nodes with a hint that something unknown was kept out of.
    opened: FxHashSet<Node>,
    /// Classes of which a call is known to make instances.
    pub(super) made: FxHashSet<ClassId>,
}

/// When targets came to sites.
#[derive(Default)]
pub(super) struct Suggestions {
    /// By site, how many it had before guesses were used, and after.
    before: Vec<u32>,
    after: Vec<u32>,
    /// How many in between, before members were read under names of which a part is known, and after.
    before_families: Vec<u32>,
    after_families: Vec<u32>,
    /// Where those begin that came since, and what leads to them.
    later: FxHashMap<SiteId, Vec<(u32, Origin)>>,
}

impl Suggestions {
    /// What leads to the target that came to a site as the `at`-th.
    pub(super) fn origin(&self, site: SiteId, at: usize) -> Origin {
        let of = |counts: &[u32]| counts.get(site as usize).map_or(0, |&count| count as usize);
        let later = self.later.get(&site).into_iter().flatten();
        if let Some(&(_, origin)) = later.rev().find(|&&(first, _)| at >= first as usize) {
            return origin;
        }
        match at {
            _ if !(of(&self.before)..of(&self.after)).contains(&at) => Origin::Followed,
            _ if (of(&self.before_families)..of(&self.after_families)).contains(&at) => Origin::Family,
            _ => Origin::Suggested,
        }
    }
}

fn order(nodes: &std::ops::Range<Node>, node: Node) -> std::cmp::Ordering {
    if nodes.end <= node {
        std::cmp::Ordering::Less
    } else if nodes.start > node {
        std::cmp::Ordering::Greater
    } else {
        std::cmp::Ordering::Equal
    }
}

impl Solver<'_> {
    /// What sites reach from here on comes of names of which a part is known.
    pub(super) fn begin_families(&mut self) {
        self.suggestions.before_families = self.count_targets();
    }

    /// What sites reach from here on no longer does.
    pub(super) fn end_families(&mut self) {
        self.suggestions.after_families = self.count_targets();
    }

    /// What sites reach from here on is no more than suggested.
    pub(super) fn begin_suggestions(&mut self) {
        self.suggestions.before = self.count_targets();
    }

    /// What sites reach from here on was followed again.
    pub(super) fn end_suggestions(&mut self) {
        self.suggestions.after = self.count_targets();
    }

    /// Lets sites reach functions once nothing changes any more, save where they would have more than `MAX_TARGETS`.
    pub(super) fn reach_later(&mut self, reached: FxHashMap<SiteId, FxHashSet<FunctionId>>, origin: Origin) {
        for (site, functions) in reached {
            let before = self.targets.of(site).len();
            if before + functions.len() > MAX_TARGETS {
                continue;
            }
            let mut functions: Vec<FunctionId> = functions.into_iter().collect();
            functions.sort_unstable();
            self.suggestions.later.entry(site).or_default().push((before as u32, origin));
            for function in functions {
                let target = self.object(Object::Function(function));
                self.targets.insert(site, target);
            }
        }
    }

    fn count_targets(&self) -> Vec<u32> {
        (0..self.sites.len() as SiteId).map(|site| self.targets.of(site).len() as u32).collect()
    }

    /// Fills nodes that nothing known reached, receivers first, until there are no more.
    pub(super) fn guess(&mut self) {
        loop {
            if self.yield_other_classes() | self.enter_wrapped() {
                self.run();
                continue;
            }
            let receivers = std::mem::take(&mut self.guesses.receivers);
            let are_receivers = !receivers.is_empty();
            let guesses = if are_receivers { receivers } else { std::mem::take(&mut self.guesses.hints) };
            if guesses.is_empty() {
                if self.guess_types() {
                    continue;
                }
                return;
            }
            let replaced = self.nodes_with_copies();
            let is_replaced = |node: Node| replaced.binary_search_by(|nodes| order(nodes, node)).is_ok();
            let (wanted, others): (Vec<_>, Vec<_>) =
                guesses.into_iter().partition(|&(to, _)| !is_replaced(to) && self.is_guessed(to));
            let unmade = if are_receivers { self.unmade_classes() } else { FxHashSet::default() };
            for (to, from) in wanted {
                self.edge(from, to);
            }
            for (to, from) in others {
                for object in self.graph.objects(from).to_vec() {
                    if unmade.contains(&object) {
                        self.add(to, object);
                    }
                }
            }
            self.run();
        }
    }

    /// What a member is called on is of the type of `values`, where no value reaches it.
    pub(super) fn guess_receiver(&mut self, this: Node, values: Node) {
        self.guesses.receiver_types.push((this, values));
        self.guesses.written_receivers.entry(this).or_default().push(values);
    }

    /// The same of the copy of what a member is called on.
    pub(super) fn guess_receiver_like(&mut self, written: Node, copy: Node) {
        let values = self.guesses.written_receivers.get(&written).into_iter().flatten();
        self.guesses.receiver_types.extend(values.filter(|_| copy != written).map(|&values| (copy, values)));
    }

    /// Fills nodes with a declared class that no value reached. Returns whether there are any.
    fn guess_types(&mut self) -> bool {
        let types = match std::mem::take(&mut self.guesses.types) {
            types if types.is_empty() => std::mem::take(&mut self.guesses.receiver_types),
            types => types,
        };
        let are_any = !types.is_empty();
        let replaced = self.nodes_with_copies();
        let is_replaced = |node: Node| replaced.binary_search_by(|nodes| order(nodes, node)).is_ok();
        let is_wanted = |&(to, _): &(Node, Node)| !is_replaced(to) && !self.holds_value(to);
        let wanted: Vec<(Node, Node)> = types.into_iter().filter(is_wanted).collect();
        for (to, from) in wanted {
            self.edge(from, to);
        }
        self.run();
        are_any
    }

    /// Whether a node holds anything of the project but declarations.
    fn holds_value(&self, node: Node) -> bool {
        self.graph.objects(node).iter().any(|&object| {
            !self.is_outside(object)
                && !matches!(
                    self.objects[object as usize],
                    Object::Undefined | Object::TypeInstance(_) | Object::Signature(_)
                )
        })
    }

    /// Lets calls of members that no value reached, but a declared type, reach what the values of that type have.
    pub(super) fn call_what_types_say(&mut self) {
        for site in 0..self.sites.len() {
            let Site { shape: CalleeShape::Member(field), this, place, .. } = self.sites[site] else { continue };
            if this == 0 || self.holds_value(this) {
                continue;
            }
            let field = self.local(self.places[place as usize].file, field);
            for receiver in self.graph.objects(this).to_vec() {
                let Object::TypeInstance(ty) = self.objects[receiver as usize] else { continue };
                for value in self.graph.objects(self.types[ty as usize].values).to_vec() {
                    if value != receiver && !self.is_outside(value) && value != self.undefined {
                        let read = self.read_node(value, field);
                        self.use_of(read, Use::CalleeOn { site: site as SiteId, receiver });
                    }
                }
            }
        }
    }

    /// Instances of classes that no call is known to make, neither of the class nor of one that extends it: code that
    /// chooses classes while it runs makes them, if they are of use to anybody.
    fn unmade_classes(&mut self) -> FxHashSet<ObjectId> {
        let mut made: FxHashSet<ClassId> = FxHashSet::default();
        for &class in &self.guesses.made {
            let origin = self.classes[class as usize].origin.unwrap_or(class);
            made.extend(self.order_of(origin).into_iter().filter_map(|ancestor| match ancestor {
                Ancestor::Class(class) => Some(class),
                _ => None,
            }));
        }
        let mut extended: FxHashSet<ClassId> = FxHashSet::default();
        for class in 0..self.classes.len() as ClassId {
            extended.extend(self.order_of(class).into_iter().skip(1).filter_map(|ancestor| match ancestor {
                Ancestor::Class(class) => Some(class),
                _ => None,
            }));
        }
        let all = 0..self.classes.len() as ClassId;
        let unmade: Vec<ClassId> = all
            .filter(|class| self.shared(*class).is_some() && !made.contains(class) && !extended.contains(class))
            .collect();
        unmade.into_iter().map(|class| self.object(Object::ClassInstance(class))).collect()
    }

    /// Classes with one namespace of which there are instances: those that a call makes, and the unmade ones.
    pub(super) fn classes_in_use(&mut self) -> Vec<ClassId> {
        let made = self.guesses.made.iter().map(|&class| self.classes[class as usize].origin.unwrap_or(class));
        let mut classes: Vec<ClassId> = made.collect();
        classes.extend(self.unmade_classes().into_iter().filter_map(|object| match self.objects[object as usize] {
            Object::ClassInstance(class) => Some(class),
            _ => None,
        }));
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The nodes of functions that calls have copies of, in order: what is known of these reaches the copies.
    fn nodes_with_copies(&self) -> Vec<std::ops::Range<Node>> {
        let mut found: Vec<std::ops::Range<Node>> =
            self.copies.originals().map(|origin| self.own_nodes(origin)).collect();
        found.sort_unstable_by_key(|nodes| (nodes.start, std::cmp::Reverse(nodes.end)));
        let mut end = 0;
        found.retain(|nodes| {
            let is_outermost = nodes.end > end;
            end = end.max(nodes.end);
            is_outermost
        });
        found
    }

    /// Whether nothing that is known reached a node, or something unknown did.
    pub(super) fn is_guessed(&self, node: Node) -> bool {
        let held = self.graph.objects(node);
        self.guesses.opened.contains(&node)
            || held.iter().all(|&object| object == self.undefined)
            || held.iter().any(|&object| self.says_nothing(object))
    }

    /// Whether an object may be anything.
    fn says_nothing(&self, object: ObjectId) -> bool {
        match self.objects[object as usize] {
            Object::Unknown => true,
            Object::External(name) => !self.names[name as usize].starts_with("builtins."),
            _ => false,
        }
    }

    /// An object from outside was kept out of a node.
    pub(super) fn note_outside(&mut self, node: Node, object: ObjectId) {
        if self.says_nothing(object) {
            self.guesses.opened.insert(node);
        }
    }

    /// `to` is said to hold values of a type.
    pub(super) fn hinted_as(&mut self, declared: ObjectId, to: Node) {
        let values = match self.objects[declared as usize] {
            Object::Class(class) => self.classes[class as usize].instance,
            Object::Type(ty) => self.types[ty as usize].instance,
            Object::External(_) => {
                self.add(to, declared);
                return;
            }
            _ => return,
        };
        self.hint(to, values);
    }

    /// A node is said to hold what another one does.
    pub(super) fn hint(&mut self, to: Node, values: Node) {
        self.typed[to as usize] = true;
        self.guesses.hints.push((to, values));
    }
}
