//! Classes whose attributes are one namespace: the order of bases (C3), looking attributes up, binding, `super()`.

use drift_facts::{Binding, Flow, Library, MemberKind, NONE};
use rustc_hash::FxHashSet;

use super::model::{Ancestor, ClassId, Inherited, InheritedId, Name, Node, Object, ObjectId, Shared, SiteId, Use};
use super::{Solver, member_name};
use crate::{library, python_library};

impl Solver<'_> {
    /// Loads what base classes are read from, so that all bases are known before values flow.
    pub(super) fn load_bases(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        let shared = || facts.classes.iter().filter_map(|class| class.shared.as_ref());
        let mut wanted: FxHashSet<u32> = shared().flat_map(|shared| shared.bases.iter().copied()).collect();
        wanted.extend(shared().map(|shared| shared.metaclass));
        wanted.extend(facts.flows.iter().filter_map(|flow| match *flow {
            Flow::Hinted { declared, .. } => Some(declared),
            _ => None,
        }));
        wanted.remove(&NONE);
        if wanted.is_empty() {
            return;
        }
        let classes: FxHashSet<u32> = facts
            .flows
            .iter()
            .filter_map(|flow| if let Flow::Class { to, .. } = *flow { Some(to) } else { None })
            .collect();
        for flow in facts.flows.iter().rev() {
            match *flow {
                Flow::Assign { to, from } if wanted.contains(&to) => {
                    wanted.insert(from);
                }
                Flow::Load { to, base, .. } if wanted.contains(&to) => {
                    wanted.insert(base);
                    self.load_flow(file, flow);
                }
                Flow::External { to, .. } if wanted.contains(&to) => self.load_flow(file, flow),
                Flow::Store { base, .. } if classes.contains(&base) => self.load_flow(file, flow),
                _ => {}
            }
        }
    }

    /// Finds the order of bases of every class, bases before what extends them.
    pub(super) fn order_classes(&mut self) {
        let mut done = vec![false; self.classes.len()];
        let mut begun = vec![false; self.classes.len()];
        for first in 0..self.classes.len() as ClassId {
            let mut open = vec![first];
            while let Some(&class) = open.last() {
                if done[class as usize] {
                    open.pop();
                    continue;
                }
                let bases = self.bases_of(class);
                if !begun[class as usize] {
                    begun[class as usize] = true;
                    let known = bases.iter().filter_map(|base| match *base {
                        Ancestor::Class(base) if !begun[base as usize] => Some(base),
                        _ => None,
                    });
                    open.extend(known.collect::<Vec<_>>());
                    continue;
                }
                done[class as usize] = true;
                open.pop();
                self.order_class(class, bases);
            }
        }
    }

    fn bases_of(&self, class: ClassId) -> Vec<Ancestor> {
        let Some(shared) = &self.classes[class as usize].shared else { return Vec::new() };
        let mut found = Vec::new();
        for object in shared.bases.iter().flat_map(|&base| self.graph.objects(base)) {
            let ancestor = match self.objects[*object as usize] {
                Object::Class(base) if base != class => Ancestor::Class(base),
                Object::External(name) => Ancestor::External(name),
                Object::Unknown => Ancestor::Unknown,
                _ => continue,
            };
            if !found.contains(&ancestor) {
                found.push(ancestor);
            }
        }
        found
    }

    fn order_class(&mut self, class: ClassId, bases: Vec<Ancestor>) {
        let mut sequences: Vec<Vec<Ancestor>> = bases
            .iter()
            .map(|base| match *base {
                Ancestor::Class(base) => match &self.classes[base as usize].shared {
                    Some(shared) if !shared.order.is_empty() => shared.order.clone(),
                    _ => vec![Ancestor::Class(base)],
                },
                other => vec![other],
            })
            .collect();
        sequences.push(bases);
        let mut order = vec![Ancestor::Class(class)];
        loop {
            sequences.retain(|sequence| !sequence.is_empty());
            if sequences.is_empty() {
                break;
            }
            let is_free = |head: &Ancestor| sequences.iter().all(|sequence| !sequence[1..].contains(head));
            let head = sequences.iter().map(|sequence| sequence[0]).find(is_free).unwrap_or(sequences[0][0]);
            order.push(head);
            for sequence in &mut sequences {
                sequence.retain(|item| *item != head);
            }
        }
        let Some(shared) = &self.classes[class as usize].shared else { return };
        let open = shared.bases.iter().copied().filter(|&base| base != 0 && self.graph.objects(base).is_empty());
        let open = open.collect();
        if let Some(shared) = &mut self.classes[class as usize].shared {
            (shared.order, shared.open) = (order, open);
        }
    }

    pub(super) fn shared(&self, class: ClassId) -> Option<&Shared> {
        self.classes[class as usize].shared.as_ref()
    }

    /// The class of an object: an instance's, or a class itself.
    fn class_of(&self, object: ObjectId) -> Option<ClassId> {
        match self.objects[object as usize] {
            Object::ClassInstance(class) | Object::Class(class) => Some(class),
            _ => None,
        }
    }

    /// Whether a class of the project that this one is or inherits from binds a name.
    pub(super) fn declares(&self, class: ClassId, name: Name) -> bool {
        self.shared(class).is_some_and(|shared| {
            shared.order.iter().any(|ancestor| match *ancestor {
                Ancestor::Class(class) => self.shared(class).is_some_and(|shared| shared.attributes.contains(&name)),
                _ => false,
            })
        })
    }

    /// `to` holds what an instance of a class has under a name.
    pub(super) fn instance_attribute(&mut self, object: ObjectId, class: ClassId, field: Name, to: Node) {
        self.read_own(object, field, to);
        if self.is_key(field) && !self.accessor_fields.contains(&field) {
            self.read_own(object, self.element, to);
            let missing = self.name("__missing__");
            if self.declares(class, missing) {
                let method = self.read_node(object, missing);
                self.use_of(method, Use::Returned { to });
            }
            return;
        }
        if self.names[field as usize] == "__class__" {
            let class = self.object(Object::Class(class));
            self.add(to, class);
            return;
        }
        // What stands for one thing has what was stored in itself.
        if self.stored_fields.contains(&field) && !self.stands_for_one(object) {
            for ancestor in self.order_of(class).into_iter().skip(1) {
                if let Ancestor::Class(base) = ancestor {
                    let instance = self.object(Object::ClassInstance(base));
                    self.read_own(instance, field, to);
                }
            }
        }
        let order = self.order_of(class);
        if self.attribute_along(&order, field, object, to) {
            return;
        }
        self.open_attribute(class, field, object, to);
        let hook = self.name("__getattr__");
        let attribute = self.property_of.get(&field).map_or(field, |&(property, _)| property);
        let is_in_library = order.iter().any(|ancestor| match *ancestor {
            Ancestor::External(base) => {
                python_library::has_member(&self.names[base as usize], &self.names[attribute as usize])
            }
            _ => false,
        });
        // Only what nothing else has is asked of the hook.
        if is_in_library || !self.declares(class, hook) {
            return;
        }
        let method = self.read_node(object, hook);
        match self.property_of.get(&field) {
            Some(&(property, false)) if !self.attributes_of_groups.contains(&(self.group_of(class), property)) => {
                self.hooks.asked.push((object, method, to));
            }
            None if !is_special(&self.names[field as usize]) => self.use_of(method, Use::Returned { to }),
            _ => {}
        }
    }

    fn inherit(&mut self, base: Node, inherited: Inherited) {
        let next = self.inherited.len() as InheritedId;
        let id = *self.inherited_ids.entry(inherited).or_insert(next);
        if id == next {
            self.inherited.push(inherited);
        }
        self.use_of(base, Use::InheritedShared(id));
    }

    /// What bases may have of which nothing was known when the order of bases was found.
    fn open_attribute(&mut self, class: ClassId, field: Name, receiver: ObjectId, to: Node) {
        for base in self.shared(class).map_or(Vec::new(), |shared| shared.open.clone()) {
            self.inherit(base, Inherited { to, field, receiver });
        }
    }

    /// The same for the class itself.
    pub(super) fn class_attribute(&mut self, class: ClassId, field: Name, to: Node) {
        let object = self.object(Object::Class(class));
        let order = self.order_of(class);
        if self.attribute_along(&order, field, object, to) {
            return;
        }
        self.open_attribute(class, field, object, to);
        let receiver = self.object(Object::Instantiated(class));
        for ancestor in order {
            if let Ancestor::Class(base) = ancestor
                && let Some(metaclass) = self.shared(base).map(|shared| shared.metaclass).filter(|&meta| meta != 0)
            {
                self.inherit(metaclass, Inherited { to, field, receiver });
            }
        }
    }

    pub(super) fn order_of(&self, class: ClassId) -> Vec<Ancestor> {
        self.shared(class).map_or(Vec::new(), |shared| shared.order.clone())
    }

    /// Looks a name up along an order of classes; returns whether a class of the project binds it in any case.
    pub(super) fn attribute_along(&mut self, order: &[Ancestor], field: Name, receiver: ObjectId, to: Node) -> bool {
        let is_accessor = self.accessor_fields.contains(&field);
        for ancestor in order {
            let Ancestor::Class(class) = *ancestor else { continue };
            let members = self.classes[class as usize].members.get(&(field, false)).cloned().unwrap_or_default();
            let mut found = false;
            for (kind, function) in members {
                let object = self.object(Object::Function(function));
                match kind {
                    MemberKind::Method => {
                        self.bind(object, receiver, to);
                        found = true;
                    }
                    MemberKind::Getter if self.has_properties(receiver) => {
                        let given = self.given_receiver(receiver);
                        self.give_receiver(function, given);
                        self.edge(self.functions[function as usize].returns, to);
                        found = true;
                    }
                    _ => {}
                }
            }
            if is_accessor {
                if !found
                    && self.has_properties(receiver)
                    && let Some(&(property, sets)) = self.property_of.get(&field)
                    && self.shared(class).is_some_and(|shared| shared.attributes.contains(&property))
                {
                    let holder = self.object(Object::Class(class));
                    let node = self.field(holder, property);
                    self.use_of(node, Use::Described { to, receiver, sets });
                    return true;
                }
                if found {
                    return true;
                }
                continue;
            }
            let holder = self.object(Object::Class(class));
            let node = self.field(holder, field);
            self.use_of(node, Use::Bound { to, receiver });
            if found || self.shared(class).is_some_and(|shared| shared.attributes.contains(&field)) {
                return true;
            }
        }
        if is_accessor {
            return false;
        }
        for ancestor in order {
            match *ancestor {
                Ancestor::External(name) if library::is_plain_base(&self.names[name as usize]) => {}
                Ancestor::External(name) => {
                    let text = member_name(&self.names[name as usize], &self.names[field as usize]);
                    let object = self.external(&text);
                    self.add(to, object);
                }
                Ancestor::Unknown => self.add(to, self.unknown),
                Ancestor::Class(_) => {}
            }
        }
        if library::has_member("object", &self.names[field as usize]) && order.len() == 1 {
            let object = self.external(&format!("builtins.object.{}", self.names[field as usize]));
            self.add(to, object);
        }
        false
    }

    /// What a receiver has where its class holds this object.
    pub(super) fn bind(&mut self, object: ObjectId, receiver: ObjectId, to: Node) {
        let Object::Function(function) = self.objects[object as usize] else {
            self.bind_wrapper(object, receiver, to);
            return;
        };
        let receiver = match (self.functions[function as usize].binding, self.objects[receiver as usize]) {
            (Binding::Instance, Object::ClassInstance(_)) => Some(receiver),
            (Binding::Instance, Object::Instantiated(class)) => Some(self.object(Object::Class(class))),
            (Binding::Class, Object::Class(_)) => Some(receiver),
            (Binding::Class, Object::ClassInstance(class)) => Some(self.object(Object::Class(class))),
            _ => None,
        };
        match receiver {
            Some(receiver) => {
                // Where each call has a copy, the receiver is that of the copy.
                let later =
                    self.has_copies(function) || self.stands_for_one(receiver) || self.last_name(function) == "__new__";
                if !later {
                    self.give_receiver(function, receiver);
                }
                let method = self.object(Object::Method(function, if later { receiver } else { 0 }));
                self.add(to, method);
            }
            None => self.add(to, object),
        }
    }

    /// The function that an object is, once it has its receiver.
    pub(super) fn with_receiver(&mut self, object: ObjectId) -> Option<u32> {
        match self.objects[object as usize] {
            Object::Function(function) | Object::Method(function, 0) => Some(function),
            Object::Standing(object, _) => self.with_receiver(object),
            Object::Method(function, receiver) => {
                let function = if self.stands_for_one(receiver) {
                    self.entered_on(receiver, function)
                } else {
                    self.copies.entered_itself.insert(function);
                    function
                };
                self.give_receiver(function, receiver);
                Some(function)
            }
            _ => None,
        }
    }

    pub(super) fn give_receiver(&mut self, function: u32, receiver: ObjectId) {
        let (first, rest) = {
            let function = &self.functions[function as usize];
            (function.params.first().copied(), function.rest)
        };
        match first {
            Some(first) => self.add(first, receiver),
            None if rest != 0 => {
                let (zero, held) = (self.name("0"), self.fresh());
                self.add(held, receiver);
                self.use_of(rest, Use::Store { field: zero, from: held });
            }
            None => {}
        }
    }

    /// A base class that was found late, or a class of classes.
    pub(super) fn inherited_shared(&mut self, base: ObjectId, field: Name, receiver: ObjectId, to: Node) {
        match self.objects[base as usize] {
            Object::Class(class) => {
                let order = self.order_of(class);
                self.attribute_along(&order, field, receiver, to);
            }
            Object::External(_) if self.accessor_fields.contains(&field) => {}
            Object::External(name) if matches!(self.names[name as usize].as_str(), "abc.ABCMeta" | "builtins.type") => {
            }
            Object::External(name) => {
                let text = member_name(&self.names[name as usize], &self.names[field as usize]);
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::Unknown => self.add(to, self.unknown),
            _ => {}
        }
    }

    /// `super().field`: what comes after `class` in the order of the receiver's class.
    pub(super) fn super_attribute(&mut self, class: ClassId, receiver: ObjectId, field: Name, to: Node) {
        let Some(of) = self.class_of(receiver) else { return };
        let order = self.order_of(of);
        let at = order.iter().position(|ancestor| *ancestor == Ancestor::Class(class));
        let order = match at {
            Some(at) => order[at + 1..].to_vec(),
            None => self.order_of(class).into_iter().skip(1).collect(),
        };
        if !self.attribute_along(&order, field, receiver, to) {
            for ancestor in &order {
                if let Ancestor::Class(base) = *ancestor
                    && let Some(shared) = self.shared(base)
                {
                    for base in shared.open.clone() {
                        self.inherit(base, Inherited { to, field, receiver });
                    }
                }
            }
            if let Some(shared) = self.shared(class) {
                for base in shared.open.clone() {
                    self.inherit(base, Inherited { to, field, receiver });
                }
            }
            if order.iter().all(|ancestor| matches!(ancestor, Ancestor::Class(_)))
                && library::has_member("object", &self.names[field as usize])
            {
                let object = self.external(&format!("builtins.object.{}", self.names[field as usize]));
                self.add(to, object);
            }
        }
    }

    /// Calling a class makes an instance: `__new__`, then `__init__`, or a constructor that the library makes.
    pub(super) fn create(&mut self, site: SiteId, class: ClassId) {
        if self.sites[site as usize].depth > 3 || !self.made_by.insert((site, class)) {
            return;
        }
        let class = if self.sites[site as usize].decorates { self.made_for(site, class) } else { class };
        if !self.call_metaclass(site, class) {
            self.instantiate(site, class);
        }
    }

    /// The same, whatever the class of the class says.
    pub(super) fn instantiate(&mut self, site: SiteId, class: ClassId) {
        self.guesses.made.insert(class);
        let at = site as usize;
        let instance = self.object(Object::ClassInstance(class));
        let result = self.sites[at].result;
        let [init, new] = ["__init__", "__new__"].map(|name| self.name(name));
        // What makes a decorator may yield a partial function of the class first.
        if !self.declares(class, new) || !(self.stands_for_one(instance) || self.sites[at].decorates) {
            self.add(result, instance);
        }
        if self.declares(class, new) {
            let object = self.object(Object::Class(class));
            let method = self.read_node(object, new);
            let inner = SiteId::try_from(self.sites.len()).unwrap_or_default();
            let outer = &self.sites[at];
            let mut stand_in = super::model::Site::inner(outer, method, outer.args.clone(), result);
            (stand_in.named, stand_in.named_spread) = (outer.named.clone(), outer.named_spread);
            stand_in.spread = outer.spread;
            self.sites.push(stand_in);
            self.targets.grow(1);
            self.use_of(method, Use::Callee(inner));
        }
        if self.declares(class, init) {
            let method = self.read_node(instance, init);
            let inner = SiteId::try_from(self.sites.len()).unwrap_or_default();
            let outer = &self.sites[at];
            let mut stand_in = super::model::Site::inner(outer, method, outer.args.clone(), 0);
            (stand_in.named, stand_in.named_spread) = (outer.named.clone(), outer.named_spread);
            stand_in.spread = outer.spread;
            self.sites.push(stand_in);
            self.targets.grow(1);
            self.stand_ins.entry(site).or_default().push(inner);
            self.use_of(method, Use::Callee(inner));
            return;
        }
        let constructor = self.classes[class as usize].constructor;
        let constructor = self.object(Object::Function(self.functions[constructor as usize].origin));
        self.targets.insert(site, constructor);
        self.fill_fields(site, class, instance);
        let order = self.order_of(class);
        let mut is_open = false;
        for ancestor in order {
            match ancestor {
                Ancestor::External(name) if !library::is_plain_base(&self.names[name as usize]) => {
                    let text = member_name(&self.names[name as usize], "__init__");
                    let object = self.external(&text);
                    self.targets.insert(site, object);
                    is_open = true;
                }
                Ancestor::Unknown => is_open = true,
                _ => {}
            }
        }
        if let Some(shared) = self.shared(class) {
            for base in shared.open.clone() {
                let to = self.fresh();
                self.inherit(base, Inherited { to, field: init, receiver: instance });
                let outer = &self.sites[at];
                let inner = super::model::Site::inner(outer, to, outer.args.clone(), 0);
                let id = SiteId::try_from(self.sites.len()).unwrap_or_default();
                self.sites.push(inner);
                self.targets.grow(1);
                self.use_of(to, Use::Callee(id));
            }
        }
        if is_open {
            self.leave_project(site);
        }
    }

    fn fill_fields(&mut self, site: SiteId, class: ClassId, instance: ObjectId) {
        let mut fields: Vec<Name> = Vec::new();
        for ancestor in self.order_of(class).into_iter().rev() {
            if let Ancestor::Class(base) = ancestor
                && let Some(shared) = self.shared(base)
            {
                fields
                    .extend(shared.fields.iter().copied().filter(|field| !fields.contains(field)).collect::<Vec<_>>());
            }
        }
        if fields.is_empty() {
            return;
        }
        let (args, named) = (self.sites[site as usize].args.clone(), self.sites[site as usize].named.clone());
        if self.shared(class).is_some_and(|shared| shared.is_tuple) {
            for (index, &field) in fields.iter().enumerate() {
                let place = self.name(&index.to_string());
                let (from, to) = (self.field(instance, field), self.field(instance, place));
                self.edge(from, to);
            }
        }
        let positional = fields.iter().copied().zip(args.iter().copied());
        for (field, from) in positional.chain(named.iter().copied()) {
            let node = self.field(instance, field);
            self.edge(from, node);
        }
    }

    /// Whether calls in this site's language can be of a class.
    pub(super) fn is_python(&self, site: SiteId) -> bool {
        self.sites[site as usize].library == Library::Python
    }
}

/// Names that the language looks up by itself, and never through a hook.
fn is_special(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}
