//! Objects that stand before functions: partial functions, properties, descriptors, and what decorators of the library make.

use drift_facts::{ELEMENT, Library};
use rustc_hash::FxHashSet;

use super::Solver;
use super::model::{ClassId, Node, Object, ObjectId, Site, SiteId, Use};

/// What `property()` makes.
const PROPERTY: &str = "builtins.property";

/// Reads that enter `__getattr__` unless the object has the attribute.
#[derive(Default)]
pub(super) struct Hooks {
    /// The object that is read, its hook, and what the read enters.
    pub(super) asked: Vec<(ObjectId, Node, Node)>,
    /// What attributes are set of under a name that is made at run time, and that name.
    pub(super) set: Vec<(Node, Node)>,
}

impl Solver<'_> {
    /// Attributes of which only flow tells whether reading them calls something: their accesses can be calls.
    pub(super) fn declare_descriptors(&mut self) {
        let files = self.files;
        let classes = || {
            files.iter().flat_map(|source| {
                let names = &source.facts.names;
                let shared = source.facts.classes.iter().filter_map(|class| class.shared.as_ref());
                shared.map(move |shared| (shared, names))
            })
        };
        for (shared, names) in classes() {
            for &name in &shared.descriptors {
                self.declare_accessor(&names[name as usize]);
            }
        }
        // A name that nobody binds can only be what `__getattr__` is asked for.
        let python = || files.iter().zip(self.groups).filter(|(source, _)| source.facts.library == Library::Python);
        let mut known: FxHashSet<(u32, &str)> = FxHashSet::default();
        for (source, &group) in python() {
            let shared = source.facts.classes.iter().filter_map(|class| class.shared.as_ref());
            let attributes = shared.flat_map(|shared| &shared.attributes);
            known.extend(attributes.map(|&name| (group, source.facts.names[name as usize].as_str())));
        }
        let with_hooks: FxHashSet<u32> =
            known.iter().filter(|(_, name)| *name == "__getattr__").map(|&(group, _)| group).collect();
        if with_hooks.is_empty() {
            return;
        }
        for (source, &group) in python().filter(|(_, group)| with_hooks.contains(group)) {
            known.extend(source.facts.flows.iter().filter_map(|flow| match *flow {
                drift_facts::Flow::Store { field, .. } => Some((group, source.facts.names[field as usize].as_str())),
                _ => None,
            }));
        }
        let mut asked: Vec<&str> = Vec::new();
        for (source, &group) in python().filter(|(_, group)| with_hooks.contains(group)) {
            let names = source.facts.accesses.iter().map(|access| source.facts.names[access.field as usize].as_str());
            asked.extend(
                names.filter(|&name| !known.contains(&(group, name)) && !name.starts_with("__") && name != ELEMENT),
            );
        }
        asked.sort_unstable();
        asked.dedup();
        for name in asked {
            self.declare_accessor(name);
        }
    }

    /// The group of the file in which a class is written.
    pub(super) fn group_of(&self, class: ClassId) -> u32 {
        let written = self.classes[class as usize].origin.unwrap_or(class);
        let file = self.bases.partition_point(|base| base.class <= written) - 1;
        self.groups[file]
    }

    /// Lets reads enter the hooks of objects whose attributes are all known: of others nobody knows which attributes they
    /// have by then, as where a hook sets the attribute that it was asked for.
    pub(super) fn ask_hooks(&mut self) {
        let Hooks { asked, set } = std::mem::take(&mut self.hooks);
        let is_made =
            |object: ObjectId| !matches!(self.objects[object as usize], Object::Key(_)) || self.is_pattern(object);
        let mut may_have_any: FxHashSet<ObjectId> = FxHashSet::default();
        for (of, name) in set {
            let names = self.graph.objects(name);
            if names.is_empty() || names.iter().any(|&object| is_made(object)) {
                may_have_any.extend(self.graph.objects(of));
            }
        }
        for (object, hook, to) in asked {
            if !may_have_any.contains(&object) {
                self.edge(hook, to);
            }
        }
    }

    /// Whether properties of its class are read through a receiver.
    pub(super) fn has_properties(&self, receiver: ObjectId) -> bool {
        matches!(self.objects[receiver as usize], Object::ClassInstance(_) | Object::Instantiated(_))
    }

    /// What a method that is found for a receiver gets as its first argument.
    pub(super) fn given_receiver(&mut self, receiver: ObjectId) -> ObjectId {
        match self.objects[receiver as usize] {
            Object::Instantiated(class) => self.object(Object::Class(class)),
            _ => receiver,
        }
    }

    /// What a receiver has where its class holds an object that is no function.
    pub(super) fn bind_wrapper(&mut self, object: ObjectId, receiver: ObjectId, to: Node) {
        let held = self.objects[object as usize];
        match held {
            Object::Standing(object, given) if self.has_properties(receiver) => {
                let bound = self.bound_standing(object, given, receiver);
                self.add(to, bound);
            }
            Object::PartialMethod(of) if self.has_properties(receiver) => {
                let bound = self.bound_partial(object, of, receiver);
                self.add(to, bound);
            }
            Object::ClassInstance(class) if self.reads_through(class, "__get__") => {
                let get = self.name("__get__");
                let (method, function) = (self.read_node(object, get), self.fresh());
                self.use_of(method, Use::Describes { to: function, receiver });
                self.use_of(method, Use::Returned { to });
            }
            Object::Plain if self.is_made_by(object, PROPERTY) && self.has_properties(receiver) => {
                let (getter, bound) = (self.place(object, 0), self.fresh());
                self.use_of(getter, Use::Bound { to: bound, receiver });
                self.use_of(bound, Use::Returned { to });
            }
            Object::Plain if self.is_manager(object) && self.has_properties(receiver) => {
                let bound = self.bound_wrapper(object, receiver);
                self.add(to, bound);
            }
            _ => self.add(to, object),
        }
    }

    /// Whether a class of the project says what reading, or setting, its instances as attributes does.
    fn reads_through(&mut self, class: ClassId, method: &str) -> bool {
        self.has_attribute(method) && {
            let name = self.name(method);
            self.shared(class).is_some() && self.declares(class, name)
        }
    }

    fn is_made_by(&self, object: ObjectId, name: &str) -> bool {
        self.library_of.get(&object).is_some_and(|&class| self.names[class as usize] == name)
    }

    fn is_manager(&self, object: ObjectId) -> bool {
        self.is_made_by(object, "contextlib.contextmanager")
            || self.is_made_by(object, "contextlib.asynccontextmanager")
    }

    /// What an object keeps at a place.
    fn place(&mut self, object: ObjectId, index: u32) -> Node {
        let field = self.name(&index.to_string());
        self.field(object, field)
    }

    /// A partial function with a receiver before what it is given.
    fn bound_partial(&mut self, object: ObjectId, of: SiteId, receiver: ObjectId) -> ObjectId {
        if let Some(&bound) = self.bound_wrappers.get(&(object, receiver)) {
            return bound;
        }
        let (first, given) = (self.fresh(), self.given_receiver(receiver));
        self.add(first, given);
        let outer = &self.sites[of as usize];
        let mut args = outer.args.to_vec();
        args.insert(1.min(args.len()), first);
        let mut site = Site::inner(outer, 0, args.into(), 0);
        (site.named, site.named_spread, site.spread) = (outer.named.clone(), outer.named_spread, outer.spread);
        let id = self.sites.len() as SiteId;
        self.sites.push(site);
        self.targets.grow(1);
        let bound = self.object(Object::Partial(id));
        self.bound_wrappers.insert((object, receiver), bound);
        bound
    }

    /// What stands before a function, standing before that function with its receiver.
    fn bound_wrapper(&mut self, object: ObjectId, receiver: ObjectId) -> ObjectId {
        if let Some(&bound) = self.bound_wrappers.get(&(object, receiver)) {
            return bound;
        }
        let bound = self.made(Object::Plain);
        self.library_of.insert(bound, self.library_of[&object]);
        self.bound_wrappers.insert((object, receiver), bound);
        let (from, to) = (self.place(object, 0), self.place(bound, 0));
        self.use_of(from, Use::Bound { to, receiver });
        bound
    }

    /// Calls an object that the library made of a function or of another object.
    pub(super) fn call_wrapper(&mut self, site: SiteId, callee: ObjectId) {
        let is_reference = self.is_made_by(callee, "weakref.ref");
        let says_so = self.is_made_by(callee, "functools.wraps");
        if !is_reference && !says_so && !self.is_manager(callee) {
            return;
        }
        let name = self.names[self.library_of[&callee] as usize].clone();
        let target = self.external(&format!("{name}()"));
        self.targets.insert(site, target);
        let kept = self.place(callee, 0);
        if is_reference {
            self.edge(kept, self.sites[site as usize].result);
            return;
        }
        if says_so {
            let given = self.sites[site as usize].args.first().copied().unwrap_or(0);
            self.use_of(given, Use::Wraps { wrapped: kept });
            return self.edge(given, self.sites[site as usize].result);
        }
        // What the library calls in its turn is called with the same arguments.
        let outer = &self.sites[site as usize];
        let mut inner = Site::inner(outer, kept, outer.args.clone(), outer.result);
        (inner.named, inner.named_spread, inner.spread) = (outer.named.clone(), outer.named_spread, outer.spread);
        inner.maybe_missing = outer.maybe_missing;
        let id = self.sites.len() as SiteId;
        self.sites.push(inner);
        self.targets.grow(1);
        self.use_of(kept, Use::Callee(id));
    }

    /// What stands in a class runs when an instance's attribute is read or set.
    pub(super) fn described_by(&mut self, object: ObjectId, receiver: ObjectId, sets: bool, to: Node) {
        match self.objects[object as usize] {
            Object::ClassInstance(class) => {
                let method = if sets { "__set__" } else { "__get__" };
                if self.reads_through(class, method) {
                    let method = self.name(method);
                    let method = self.read_node(object, method);
                    self.use_of(method, Use::Describes { to, receiver });
                }
            }
            Object::Plain if self.is_made_by(object, PROPERTY) => {
                let function = self.place(object, u32::from(sets));
                self.use_of(function, Use::Bound { to, receiver });
            }
            _ => {}
        }
    }

    /// A function of a descriptor is given the object in which the descriptor stands.
    pub(super) fn describes(&mut self, object: ObjectId, receiver: ObjectId, to: Node) {
        let Some(function) = self.with_receiver(object) else { return };
        let given = self.given_receiver(receiver);
        if let Some(&second) = self.functions[function as usize].params.get(1) {
            self.add(second, given);
        }
        let accessor = self.object(Object::Accessor(function));
        self.add(to, accessor);
    }
}
