//! Members under names of which only the beginning or the end is known: `getattr(self, 'visit_' + kind)`.
//!
//! Such a name is a key whose text has [`ANY`] where something unknown stands. What it may name is read when all else is
//! known, as the code means a family of members and says no more: what comes of it is evidence of its own. A node keeps few of
//! them, so calls that follow from one that is full are told of all.

use drift_facts::ANY;
use rustc_hash::FxHashSet;

use super::beyond::MAX_BASES;
use super::bits::Bits;
use super::graph::Edge;
use super::model::{Ancestor, ClassId, FunctionId, Name, Node, Object, ObjectId, SiteId, Use};
use super::{MAX_JOINED_BYTES, MAX_TARGETS, Solver};

/// Nodes that are looked at on the way from what a pattern reads to the calls of it.
const MAX_FOLLOWED: usize = 64;

/// Reads under patterns.
#[derive(Default)]
pub(super) struct Patterns {
    /// An object, the name of the pattern, and what holds what is read.
    reads: Vec<(ObjectId, Name, Node)>,
    known: FxHashSet<(ObjectId, Name, Node)>,
    /// All that is known has arrived.
    is_open: bool,
}

/// A text, or the ends of one.
struct Ends<'t> {
    first: &'t str,
    last: &'t str,
    /// There is nothing between them that is not known.
    is_whole: bool,
}

impl<'t> Ends<'t> {
    fn of(text: &'t str) -> Self {
        let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
        match text.split_once(ANY) {
            Some((first, rest)) => {
                Self { first, last: rest.rsplit_once(ANY).map_or(rest, |(_, last)| last), is_whole: false }
            }
            None => Self { first: text, last: "", is_whole: true },
        }
    }

    fn fit(&self, text: &str) -> bool {
        text.len() > self.first.len() + self.last.len() && text.starts_with(self.first) && text.ends_with(self.last)
    }
}

impl Solver<'_> {
    /// Whether a key says no more than how a name begins or ends.
    pub(super) fn is_pattern(&self, object: ObjectId) -> bool {
        matches!(self.objects[object as usize], Object::Key(name) if self.names[name as usize].contains(ANY))
    }

    /// Whether an object is a key that a node keeps few of.
    pub(super) fn is_text(&self, object: ObjectId) -> bool {
        self.is_quoted(object) || self.is_pattern(object)
    }

    /// The key of what two objects make, one behind the other: each a text, its ends, or something unknown.
    pub(super) fn joined(&mut self, first: ObjectId, second: ObjectId) -> Option<ObjectId> {
        let text = |object: ObjectId| match self.objects[object as usize] {
            Object::Key(name) => Some(self.names[name as usize].as_str()),
            Object::Unknown | Object::External(_) => Some(""),
            _ => None,
        };
        let is_text = |object: ObjectId| matches!(self.objects[object as usize], Object::Key(_));
        let (one, other) = (text(first)?, text(second)?);
        let quote = if [one, other].iter().any(|text| text.starts_with('\'')) { "'" } else { "" };
        let (one, other) = (Ends::of(one), Ends::of(other));
        let joined = match (one.is_whole && is_text(first), other.is_whole && is_text(second)) {
            (true, true) => format!("{}{}", one.first, other.first),
            (true, false) => format!("{}{}{ANY}{}", one.first, other.first, other.last),
            (false, true) => format!("{}{ANY}{}{}", one.first, one.last, other.first),
            (false, false) => format!("{}{ANY}{}", one.first, other.last),
        };
        let says_something =
            joined.chars().filter(|&letter| letter != ANY).all(|letter| letter.is_alphanumeric() || letter == '_');
        if joined.len() > MAX_JOINED_BYTES || (joined.contains(ANY) && (joined.len() < 3 || !says_something)) {
            return None;
        }
        let name = self.name(&format!("{quote}{joined}{quote}"));
        Some(self.object(Object::Key(name)))
    }

    /// `to` holds what an object has under names that fit a pattern.
    pub(super) fn read_pattern(&mut self, object: ObjectId, pattern: Name, to: Node) {
        if self.patterns.known.insert((object, pattern, to)) {
            self.patterns.reads.push((object, pattern, to));
            if self.patterns.is_open {
                self.read_fitting(object, pattern, to);
            }
        }
    }

    /// Reads what fits, from here on at once.
    pub(super) fn open_patterns(&mut self) {
        self.patterns.is_open = true;
        for (object, pattern, to) in self.patterns.reads.clone() {
            self.read_fitting(object, pattern, to);
        }
    }

    fn read_fitting(&mut self, object: ObjectId, pattern: Name, to: Node) {
        for name in self.fitting_names(object, pattern) {
            self.read(object, name, to);
        }
    }

    /// The names that an object has and a pattern fits, in alphabetical order.
    fn fitting_names(&self, object: ObjectId, pattern: Name) -> Vec<Name> {
        let mut names: Vec<Name> = self.fields_of.get(&object).into_iter().flatten().map(|&(name, _)| name).collect();
        let is_container = matches!(self.objects[object as usize], Object::Plain | Object::Array | Object::Instance(_));
        match self.objects[object as usize] {
            Object::ClassInstance(class) => names.extend(self.member_names(class, false)),
            Object::Class(class) => names.extend(self.member_names(class, true)),
            Object::FunctionInstance(function) => {
                let prototype = self.object_ids.get(&Object::FunctionPrototype(function));
                let fields = prototype.and_then(|prototype| self.fields_of.get(prototype));
                names.extend(fields.into_iter().flatten().map(|&(name, _)| name));
            }
            Object::Module(file) => names.extend(self.exports[file as usize].keys()),
            _ => {}
        }
        let text = &self.names[pattern as usize];
        let ends = Ends::of(text);
        let is_quoted = is_container && text.starts_with('\'');
        names.retain(|&name| {
            let text = self.names[name as usize].as_str();
            let inner =
                if is_quoted { text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) } else { Some(text) };
            inner.is_some_and(|inner| ends.fit(inner)) && !self.accessor_fields.contains(&name)
        });
        names.sort_unstable_by(|&a, &b| self.names[a as usize].cmp(&self.names[b as usize]));
        names.dedup();
        names
    }

    /// The names of what a class and its bases have; `is_static`: of what is read through the class itself.
    fn member_names(&self, class: ClassId, is_static: bool) -> Vec<Name> {
        let mut names = Vec::new();
        for class in self.with_bases(class) {
            names.extend(self.shared(class).into_iter().flat_map(|shared| shared.attributes.iter().copied()));
            let members = self.classes[class as usize].members.keys();
            names.extend(members.filter(|(_, of_class)| *of_class == is_static).map(|&(name, _)| name));
        }
        names
    }

    fn with_bases(&self, class: ClassId) -> Vec<ClassId> {
        if self.shared(class).is_some() {
            let order = self.order_of(class).into_iter();
            return order.filter_map(|one| if let Ancestor::Class(class) = one { Some(class) } else { None }).collect();
        }
        let (mut all, mut open) = (Vec::new(), vec![class]);
        while let Some(class) = open.pop() {
            if all.len() < MAX_BASES && !all.contains(&class) {
                all.push(class);
                open.extend(self.extended_by(class));
            }
        }
        all
    }

    /// Lets the calls of what patterns read from instances reach all of it, where a node had no room for that.
    pub(super) fn call_what_patterns_fit(&mut self) {
        for (object, pattern, to) in self.patterns.reads.clone() {
            if let Object::ClassInstance(class) = self.objects[object as usize]
                && self.graph.is_full(to)
            {
                self.beyond.note_instance(class, object);
                self.call_fitting(to, pattern, &Bits::of(class));
            }
        }
    }

    /// Lets the calls of what is read under `key` from instances of classes reach what fits.
    pub(super) fn call_fitting_any(&mut self, to: Node, key: Node, classes: &Bits) {
        for &object in &self.graph.objects(key).to_vec() {
            if let Object::Key(pattern) = self.objects[object as usize]
                && self.is_pattern(object)
            {
                self.call_fitting(to, pattern, classes);
            }
        }
    }

    fn call_fitting(&mut self, to: Node, pattern: Name, classes: &Bits) {
        let sites = self.sites_behind(to);
        if sites.is_empty() {
            return;
        }
        for class in classes.iter() {
            let Some(&instance) = self.object_ids.get(&Object::ClassInstance(class)) else { continue };
            let mut functions: Vec<FunctionId> = Vec::new();
            for name in self.fitting_names(instance, pattern) {
                functions.extend(self.members_of(class, name).iter());
            }
            functions.truncate(MAX_TARGETS);
            for function in functions {
                for &site in &sites {
                    self.add_target(site, function);
                }
                self.give_to(function, &Bits::of(class));
            }
        }
    }

    /// The functions that reading what a key names, or what fits it, from a class yields.
    pub(super) fn members_under(&mut self, class: ClassId, key: ObjectId) -> Vec<FunctionId> {
        let (Object::Key(key_name), Some(&object)) =
            (self.objects[key as usize], self.object_ids.get(&Object::Class(class)))
        else {
            return Vec::new();
        };
        let names = if self.is_pattern(key) {
            self.fitting_names(object, key_name)
        } else {
            vec![self.attribute_of_key(object, key_name)]
        };
        names.into_iter().flat_map(|name| self.members_of(class, name).to_vec()).collect()
    }

    /// The sites that call what a node holds, as far as it goes within a function.
    fn sites_behind(&self, node: Node) -> Vec<SiteId> {
        let (mut sites, mut known, mut open) = (Vec::new(), FxHashSet::from_iter([node]), vec![node]);
        while let Some(node) = open.pop() {
            for used in self.graph.uses(node) {
                match *used {
                    Use::Callee(site) | Use::CalleeOn { site, .. } => sites.push(site),
                    Use::Default { to, .. } | Use::Callable { to, .. }
                        if known.len() < MAX_FOLLOWED && known.insert(to) =>
                    {
                        open.push(to);
                    }
                    _ => {}
                }
            }
            for index in 0..self.graph.edge_count(node) {
                if let Edge::Node(to) = self.graph.edge(node, index)
                    && !self.beyond.is_gate(to)
                    && known.len() < MAX_FOLLOWED
                    && known.insert(to)
                {
                    open.push(to);
                }
            }
        }
        sites.sort_unstable();
        sites.dedup();
        sites
    }
}
