//! Rounds: all that is known is worked on, and what comes of it is seen in the next round.
//!
//! What a round does is the least that follows from what was seen when it began, in whatever order the work is done. What
//! would depend on the order is decided between rounds, for all that came in the round together: what a node keeps that
//! gets too much ([`Solver::keep`]), and which calls get copies of functions (`copies.rs`).

use super::Solver;
use super::graph::Edge;
use super::model::{Node, Object, ObjectId, Pending, RANK_OF_NAMES};
use super::{MAX_FUNCTIONS, MAX_INSTANCES, MAX_KEYS, MAX_OBJECTS};

/// Names outside the project that one node keeps; which ones does not matter to who calls whom.
const MAX_LIBRARY_OBJECTS: u8 = 4;

/// How many objects of each kind a node keeps.
const ROOMS: [usize; 3] = [MAX_OBJECTS, MAX_FUNCTIONS, MAX_INSTANCES];
const OTHERS: usize = 0;
const FUNCTIONS: usize = 1;
const INSTANCES: usize = 2;

/// Another order of the work, for tests: numbers that look random (xorshift, Marsaglia 2003).
pub(super) struct Shuffle(pub(super) u64);

impl Shuffle {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

impl Solver<'_> {
    /// Works until nothing changes. What one step causes is put off, never nested, so that a chain of any length
    /// (of base classes, of re-exports) costs no stack.
    pub(super) fn run(&mut self) {
        let mut batch = Vec::new();
        loop {
            self.make_values();
            let mut queue = self.end_round();
            if queue.is_empty() && self.pending.is_empty() {
                return;
            }
            self.shuffle_work(&mut queue);
            self.work_off();
            for node in queue {
                self.graph.send(node, &mut batch);
                for index in 0..self.graph.edge_count(node) {
                    match self.graph.edge(node, index) {
                        Edge::Node(to) => self.add_all(to, &batch),
                        Edge::Readers(of) => self.add_to_readers(of, &batch),
                    }
                }
                // A use that comes while these are applied is told of the whole batch when it comes.
                for index in 0..self.graph.uses(node).len() {
                    let used = self.graph.uses(node)[index];
                    for &object in &batch {
                        self.apply(used, object);
                    }
                }
                self.work_off();
            }
        }
    }

    pub(super) fn work_off(&mut self) {
        while let Some(pending) = self.pending.pop() {
            match pending {
                Pending::Use { used, object } => self.apply(used, object),
                Pending::Read { object, field, to } => self.look_up(object, field, to),
                Pending::Export { file, name, to } => self.find_export(file, name, to),
                Pending::Call { site, callee, receiver } => self.call(site, callee, receiver),
            }
        }
    }

    fn shuffle_work(&mut self, queue: &mut [Node]) {
        let Some(shuffle) = &mut self.shuffle else { return };
        for end in (1..queue.len()).rev() {
            queue.swap(end, shuffle.below(end + 1));
        }
        for end in (1..self.pending.len()).rev() {
            self.pending.swap(end, shuffle.below(end + 1));
        }
    }

    /// Lets what came be seen; returns the nodes to which it came.
    fn end_round(&mut self) -> Vec<Node> {
        self.grant_copies();
        let mut reached = self.graph.take_reached();
        for &node in &reached {
            let mut libraries = 0;
            let mut is_plain = true;
            let all = self.graph.objects(node).len() + self.graph.came(node).len();
            for index in 0..self.graph.came(node).len() {
                let object = self.graph.came(node)[index];
                libraries +=
                    u8::from(matches!(self.objects[object as usize], Object::External(_)) && libraries < u8::MAX);
                is_plain &= !self.is_turned_away(node, object) && (all <= MAX_KEYS || !self.is_text(object));
            }
            let has_many_names = self.graph.libraries(node).saturating_add(libraries) > MAX_LIBRARY_OBJECTS;
            if is_plain && all <= MAX_OBJECTS && !has_many_names {
                self.graph.accept(node, libraries);
            } else {
                self.keep(node);
            }
        }
        reached.retain(|&node| self.graph.objects(node).len() > self.graph.sent(node).len());
        reached
    }

    /// Decides what a node keeps of what came in this round: what nothing keeps out, in an order that does not depend on
    /// how it came, up to the limits; past these it holds something unknown.
    fn keep(&mut self, node: Node) {
        let mut came = self.graph.came(node).to_vec();
        came.retain(|&object| !self.is_turned_away(node, object));
        self.drop_needless_keys(&mut came);
        came.sort_unstable_by_key(|&object| self.objects[object as usize].rank());
        // Of names outside the project few are kept, so that these need not all be put in order.
        let rank = |object: &ObjectId| self.objects[*object as usize].rank().0;
        let last = came.split_off(came.partition_point(|object| rank(object) <= RANK_OF_NAMES));
        let mut outside = came.split_off(came.partition_point(|object| rank(object) < RANK_OF_NAMES));
        let [mut came, mut last] = [came, last].map(|mut objects| {
            objects.sort_by(|&a, &b| self.compare(a, b));
            objects.into_iter()
        });
        let mut held = [0; ROOMS.len()];
        for &object in self.graph.objects(node) {
            held[self.room_of(object)] += 1;
        }
        let mut libraries = self.graph.libraries(node);
        let mut kept: Vec<ObjectId> = Vec::with_capacity(came.len());
        while !self.graph.is_full(node) {
            if libraries >= MAX_LIBRARY_OBJECTS && held[OTHERS] < MAX_OBJECTS && came.len() == 0 {
                outside.clear();
            }
            let next = came.next().or_else(|| {
                let first = (0..outside.len()).min_by(|&a, &b| self.compare(outside[a], outside[b]))?;
                Some(outside.swap_remove(first))
            });
            let Some(object) = next.or_else(|| last.next()) else { break };
            let room = self.room_of(object);
            let object = if held[room] >= ROOMS[room] {
                self.leave_out(node, object);
                if room != OTHERS || held.iter().sum::<usize>() == held[OTHERS] {
                    self.graph.fill(node);
                }
                self.unknown
            } else if held[OTHERS] >= MAX_KEYS && self.is_text(object) {
                self.external(if self.is_quoted(object) { "builtins.str" } else { "String.prototype" })
            } else {
                object
            };
            let is_library = matches!(self.objects[object as usize], Object::External(_));
            let is_there = kept.contains(&object) || self.graph.objects(node).contains(&object);
            if is_there || (is_library && libraries >= MAX_LIBRARY_OBJECTS) {
                continue;
            }
            libraries += u8::from(is_library);
            held[self.room_of(object)] += 1;
            kept.push(object);
        }
        for object in came {
            self.leave_out(node, object);
        }
        let libraries = libraries - self.graph.libraries(node);
        self.graph.accept_only(node, &kept, libraries);
    }

    /// Which of [`ROOMS`] an object takes up. That of instances is for those that functions called with `new` made, and those
    /// of classes that copies of functions have.
    fn room_of(&self, object: ObjectId) -> usize {
        match self.objects[object as usize] {
            Object::Function(_) => FUNCTIONS,
            Object::FunctionInstance(_) => INSTANCES,
            Object::ClassInstance(class) => {
                let class = &self.classes[class as usize];
                if class.origin.is_some() && class.shared.is_none() { INSTANCES } else { OTHERS }
            }
            _ => OTHERS,
        }
    }

    /// Of keys of dictionaries and lists a node keeps the first few; those behind one too many change nothing.
    fn drop_needless_keys(&self, came: &mut Vec<ObjectId>) {
        if came.len() <= MAX_OBJECTS {
            return;
        }
        let (mut keys, others): (Vec<ObjectId>, Vec<ObjectId>) = came.iter().partition(|&&one| self.is_text(one));
        if keys.len() > MAX_KEYS + 2 {
            keys.select_nth_unstable_by(MAX_KEYS + 2, |&a, &b| self.compare(a, b));
            keys.truncate(MAX_KEYS + 2);
        }
        *came = others;
        came.append(&mut keys);
    }

    /// An order of objects that does not depend on when they were first mentioned: of what calls make, [`Solver::make_values`]
    /// sees to it.
    pub(super) fn compare(&self, a: ObjectId, b: ObjectId) -> std::cmp::Ordering {
        let text = |object: ObjectId| match self.objects[object as usize] {
            Object::External(name) | Object::Key(name) | Object::Instance(name) => self.names[name as usize].as_str(),
            _ => "",
        };
        self.objects[a as usize]
            .rank()
            .cmp(&self.objects[b as usize].rank())
            .then_with(|| text(a).cmp(text(b)))
            .then(a.cmp(&b))
    }
}
