//! Reading and writing fields, inherited ones and those of the library included.

use drift_facts::{Binding, CalleeShape, ELEMENT, FunctionKind, Library, MemberKind, SiteKind};

use super::model::{ClassId, Function, FunctionId, Name, Node, Object, ObjectId, Pending, Site, SiteId, Use};
use super::{ASYNC_ITERATOR, ITERATOR, PYTHON_ITERATOR, Solver, member_name};
use crate::library;

/// Indices that a slice keeps apart.
const SLICED_INDICES: u32 = 8;

impl Solver<'_> {
    pub(super) fn field(&mut self, object: ObjectId, name: Name) -> Node {
        if let Some(&node) = self.fields.get(&(object, name)) {
            return node;
        }
        let node = self.fresh();
        self.fields.insert((object, name), node);
        self.fields_of.entry(object).or_default().push((name, node));
        if !self.is_apart(name) && !self.accessor_fields.contains(&name) && self.readers_of_any.contains_key(&object) {
            self.graph.insert_edge_to_readers(node, object);
        }
        node
    }

    pub(super) fn read_own(&mut self, object: ObjectId, field: Name, to: Node) {
        let node = self.field(object, field);
        self.edge(node, to);
    }

    pub(super) fn library_member(&mut self, prototype: &'static str, field: Name, to: Node) {
        let member = match self.library_members.get(&(prototype, field)) {
            Some(&member) => member,
            None => {
                let text = &self.names[field as usize];
                let member = library::has_member(prototype, text).then(|| format!("{prototype}.{text}"));
                let member = member.map(|text| self.external(&text));
                self.library_members.insert((prototype, field), member);
                member
            }
        };
        if let Some(member) = member {
            self.add(to, member);
        }
    }

    /// `to` holds what the field of an object holds, inherited or not. What that is is worked out once per object and
    /// field, however many places read it.
    pub(super) fn read(&mut self, object: ObjectId, field: Name, to: Node) {
        if object == self.undefined {
            return;
        }
        if object == self.unknown {
            self.add(to, object);
            return;
        }
        let read = self.read_node(object, field);
        self.edge(read, to);
    }

    pub(super) fn read_node(&mut self, object: ObjectId, field: Name) -> Node {
        if let Some(&node) = self.reads.get(&(object, field)) {
            return node;
        }
        // What a literal inherits comes to its own field, which saves a node for each field that is read.
        let is_literal =
            matches!(self.objects[object as usize], Object::Plain) && !self.library_of.contains_key(&object);
        let node = if is_literal { self.field(object, field) } else { self.fresh() };
        self.reads.insert((object, field), node);
        self.pending.push(Pending::Read { object, field, to: node });
        node
    }

    /// A member call on one receiver: what the member holds is called with that receiver as `this`, not with all that
    /// the receiving expression may hold.
    pub(super) fn dispatch(&mut self, site: SiteId, receiver: ObjectId, field: Name) {
        if receiver == self.undefined || (self.copies.forwards.replace(site) && self.stands_for_one(receiver)) {
            return;
        }
        if receiver == self.unknown {
            self.call(site, receiver, None);
            return;
        }
        let read = self.read_node(receiver, field);
        self.use_of(read, Use::CalleeOn { site, receiver });
    }

    /// Lets calls of members that were never stored under their name reach what was stored under names made at run time: what
    /// is itself called so, as where members are copied name by name, else all that may have another name there. Doing so for all reads would make every
    /// object of that kind hold everything.
    pub(super) fn call_what_has_no_name(&mut self) {
        for site in 0..self.sites.len() {
            let Site { shape: CalleeShape::Member(member), kind, callee, this, place, .. } = self.sites[site] else {
                continue;
            };
            // What an accessor does is no matter of what is stored.
            if kind != SiteKind::Accessor
                && self.targets.of(site as SiteId).is_empty()
                && self.graph.objects(callee).is_empty()
            {
                let receivers = self.graph.objects(this).iter();
                // The entries of a dictionary or list are no members of it.
                let receivers = receivers.filter(|receiver| !self.library_of.contains_key(receiver));
                let computed: Vec<(ObjectId, Node)> = receivers
                    .filter_map(|&receiver| Some((receiver, *self.fields.get(&(receiver, self.element))?)))
                    .collect();
                let name = self.local(self.places[place as usize].file, member);
                let is_called_so = |object: &ObjectId| match self.objects[*object as usize] {
                    Object::Function(function) => self.last_name(function) == self.names[name as usize],
                    _ => false,
                };
                let stored: Vec<(ObjectId, ObjectId)> = computed
                    .iter()
                    .flat_map(|&(receiver, node)| {
                        self.graph.objects(node).iter().map(move |&object| (receiver, object))
                    })
                    .collect();
                let mut called: Vec<(ObjectId, ObjectId)> =
                    stored.iter().copied().filter(|(_, object)| is_called_so(object)).collect();
                if called.is_empty() {
                    // Methods are copied under their own names, and what comes from outside has one there.
                    called = stored;
                    called.retain(|&(receiver, object)| match self.objects[object as usize] {
                        Object::Function(function) => {
                            let origin = self.functions[function as usize].origin;
                            self.fact_of(origin).kind != FunctionKind::Method
                                || self.last_name(function).starts_with('<')
                        }
                        Object::External(_) => {
                            matches!(self.objects[receiver as usize], Object::Array)
                        }
                        _ => true,
                    });
                }
                for (receiver, object) in called {
                    self.pending.push(Pending::Use { used: Use::CalleeOn { site: site as SiteId, receiver }, object });
                }
            }
        }
    }

    pub(super) fn look_up(&mut self, object: ObjectId, field: Name, to: Node) {
        match self.objects[object as usize] {
            Object::Unknown => self.add(to, self.unknown),
            Object::Undefined => {}
            // What outside objects do when they are read is no call of the project.
            Object::External(_) if self.accessor_fields.contains(&field) => {}
            Object::External(name)
                if library::lacks_member(&self.names[name as usize], &self.names[field as usize]) => {}
            Object::External(name) => {
                let field = if self.indices.contains(&field) { self.element } else { field };
                let text = member_name(&self.names[name as usize], &self.names[field as usize]);
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::Instance(name) => {
                self.read_own(object, field, to);
                if !self.accessor_fields.contains(&field) {
                    let text = member_name(&self.names[name as usize], &self.names[field as usize]);
                    let object = self.external(&text);
                    self.add(to, object);
                }
            }
            Object::Settle(_) => self.library_member("Function.prototype", field, to),
            Object::Key(_) if self.is_quoted(object) => {
                // A part of a text is a text.
                let text = if self.is_key(field) {
                    "builtins.str".to_owned()
                } else {
                    member_name("builtins.str", &self.names[field as usize])
                };
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::Key(_) => {
                if !library::lacks_member("String.prototype", &self.names[field as usize]) {
                    let text = member_name("String.prototype", &self.names[field as usize]);
                    let object = self.external(&text);
                    self.add(to, object);
                }
            }
            Object::Method(function, _) => {
                let function = self.object(Object::Function(function));
                self.read(function, field, to);
            }
            Object::Standing(object, _) => self.read(object, field, to),
            Object::Super(class, receiver) => self.super_attribute(class, receiver, field, to),
            Object::Folder(folder) => self.read_folder(folder, field, to),
            Object::Partial(_) | Object::PartialMethod(_) | Object::Instantiated(_) | Object::Accessor(_) => {}
            Object::Function(function) if self.functions[function as usize].library == Library::Python => {
                self.read_own(object, field, to);
            }
            Object::Function(function) => {
                let method = match self.names[field as usize].as_str() {
                    "call" => Some(Object::Call(function)),
                    "apply" => Some(Object::Apply(function)),
                    "bind" => Some(Object::Bind(function)),
                    _ => None,
                };
                if let Some(method) = method {
                    let method = self.object(method);
                    self.add(to, method);
                }
                if field == self.prototype {
                    let prototype = self.object(Object::FunctionPrototype(function));
                    self.add(to, prototype);
                }
                self.read_own(object, field, to);
                let inherited = self.field(object, self.inherits);
                self.use_of(inherited, Use::Prototype { to, field });
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::FunctionPrototype(_) | Object::CommonJs(_) => {
                self.read_own(object, field, to);
                let inherited = self.field(object, self.inherits);
                self.use_of(inherited, Use::Prototype { to, field });
            }
            Object::FunctionInstance(function) => {
                self.read_own(object, field, to);
                let constructor = self.object(Object::Function(function));
                let assigned = self.field(constructor, self.prototype);
                self.use_of(assigned, Use::Prototype { to, field });
                let prototype = self.object(Object::FunctionPrototype(function));
                self.read(prototype, field, to);
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Class(class) if self.shared(class).is_some() => {
                if self.is_key(field) && !self.accessor_fields.contains(&field) {
                    self.add(to, object); // `Generic[T]`
                } else {
                    self.class_attribute(class, field, to);
                }
            }
            Object::ClassInstance(class) if self.shared(class).is_some() => {
                self.instance_attribute(object, class, field, to);
            }
            // Every class has its own, which hides those of its bases.
            Object::Class(class) if field == self.prototype => {
                let prototype = self.object(Object::ClassPrototype(class));
                self.add(to, prototype);
            }
            Object::Class(class) => {
                self.member(class, field, true, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::ClassPrototype(class) => self.member(class, field, false, to),
            Object::ClassInstance(class) => {
                self.read_own(object, field, to);
                self.member(class, field, false, to);
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Plain if self.library_of.contains_key(&object) => {
                self.read_own(object, field, to);
                let inherited = self.field(object, self.inherits);
                self.use_of(inherited, Use::Prototype { to, field });
                if !self.is_key(field) {
                    self.library_attribute(object, field, to);
                } else if !self.accessor_fields.contains(&field) {
                    self.read_own(object, self.element, to);
                }
            }
            Object::Plain => {
                self.read_own(object, field, to);
                let inherited = self.field(object, self.inherits);
                self.use_of(inherited, Use::Prototype { to, field });
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Array => {
                if field == self.element {
                    self.reads_any(object, to);
                    for (name, node) in self.fields_of.get(&object).cloned().unwrap_or_default() {
                        if self.accessor_fields.contains(&name) && !self.is_apart(name) {
                            self.edge(node, to);
                        }
                    }
                    return;
                }
                self.read_own(object, field, to);
                if self.indices.contains(&field) {
                    self.read_own(object, self.element, to);
                }
                if self.library_of.contains_key(&object) {
                    if !self.is_key(field) {
                        self.library_attribute(object, field, to);
                    }
                    return;
                }
                self.library_member("Array.prototype", field, to);
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Module(file) => {
                self.library_member("Promise.prototype", field, to);
                if !self.is_common_js(file) {
                    let from = self.export_node(file, field);
                    self.edge(from, to);
                } else if field == self.default {
                    let value = self.module_values[file as usize];
                    self.edge(value, to);
                }
            }
            Object::TypeInstance(ty) => {
                for node in self.types[ty as usize].members.get(&field).cloned().unwrap_or_default() {
                    self.edge(node, to);
                }
                for base in self.types[ty as usize].extends.clone() {
                    self.use_of(base, Use::InheritedMember { to, field, is_static: false });
                }
                if self.indices.contains(&field) {
                    self.read(object, self.element, to);
                }
                if let Some(library) = self.types[ty as usize].library
                    && field != self.element
                    && !self.indices.contains(&field)
                    && !self.accessor_fields.contains(&field)
                {
                    let text = member_name(&self.names[library as usize], &self.names[field as usize]);
                    let object = self.external(&text);
                    self.add(to, object);
                } else {
                    self.library_member("Object.prototype", field, to);
                    self.library_member("Promise.prototype", field, to);
                }
            }
            Object::Signature(_) => self.library_member("Function.prototype", field, to),
            Object::Type(_) | Object::Call(_) | Object::Apply(_) | Object::Bind(_) => {}
        }
    }

    pub(super) fn read_any(&mut self, object: ObjectId, to: Node) {
        match self.objects[object as usize] {
            Object::Unknown => self.add(to, self.unknown),
            Object::Undefined => {}
            Object::External(name) => {
                let text = member_name(&self.names[name as usize], ELEMENT);
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::TypeInstance(_) | Object::Array | Object::Instance(_) => self.read(object, self.element, to),
            Object::Module(file) if !self.is_common_js(file) => {
                let mut names: Vec<Name> = self.exports[file as usize].keys().copied().collect();
                names.sort_unstable();
                for name in names {
                    let from = self.export_node(file, name);
                    self.edge(from, to);
                }
            }
            Object::Class(class) if self.shared(class).is_some() => self.add(to, object),
            Object::Function(function) | Object::Method(function, _)
                if self.functions[function as usize].library == Library::Python => {}
            Object::Super(..)
            | Object::Folder(_)
            | Object::Partial(_)
            | Object::PartialMethod(_)
            | Object::Instantiated(_)
            | Object::Accessor(_) => {}
            Object::ClassInstance(_) | Object::Class(_) | Object::Module(_) | Object::ClassPrototype(_) => {
                self.read_own(object, self.element, to);
                self.add(to, self.unknown);
            }
            _ => self.reads_any(object, to),
        }
    }

    /// `to` holds what the fields of an object hold, now and later.
    fn reads_any(&mut self, object: ObjectId, to: Node) {
        if !self.are_readers_of_any.insert((object, to)) {
            return;
        }
        let readers = self.readers_of_any.entry(object).or_default();
        let is_first = readers.is_empty();
        readers.push(to);
        let Some(fields) = self.fields_of.get_mut(&object).map(std::mem::take) else { return };
        let mut batch = Vec::new();
        for &(name, node) in &fields {
            if self.is_apart(name) || self.accessor_fields.contains(&name) {
                continue;
            }
            if is_first {
                self.graph.insert_edge_to_readers(node, object);
            }
            if !self.graph.sent(node).is_empty() {
                batch.clear();
                batch.extend_from_slice(self.graph.sent(node));
                self.add_all(to, &batch);
            }
        }
        self.fields_of.insert(object, fields);
    }

    /// What comes to a field of an object comes to all that read any of its fields.
    pub(super) fn add_to_readers(&mut self, object: ObjectId, batch: &[ObjectId]) {
        let count = self.readers_of_any.get(&object).map_or(0, Vec::len);
        for index in 0..count {
            self.add_all(self.readers_of_any[&object][index], batch);
        }
    }

    /// Whether what a field holds is no element of the object.
    fn is_apart(&self, field: Name) -> bool {
        field == self.inherits
            || field == self.key
            || field == self.sent
            || field == self.returned
            || self.events.contains(&field)
    }

    /// Whether a field is named by a key of a dictionary or list, and is no attribute.
    pub(super) fn is_key(&self, field: Name) -> bool {
        field == self.element
            || self.is_apart(field)
            || self.names[field as usize].starts_with(|first: char| first == '\'' || first.is_ascii_digit())
            || self.accessor_fields.contains(&field)
    }

    /// An attribute that an object has as an instance of a library class.
    fn library_attribute(&mut self, object: ObjectId, field: Name, to: Node) {
        let text = member_name(&self.names[self.library_of[&object] as usize], &self.names[field as usize]);
        let object = self.external(&text);
        self.add(to, object);
    }

    /// The elements of a sequence from an index on, in an array of their own.
    pub(super) fn slice(&mut self, object: ObjectId, array: ObjectId, start: u32, to: Node) {
        if !matches!(self.objects[object as usize], Object::Array) {
            if !matches!(self.objects[object as usize], Object::Class(_) | Object::ClassInstance(_)) {
                self.add(to, object);
            }
            return;
        }
        if let Some(&class) = self.library_of.get(&object) {
            self.library_of.insert(array, class);
        }
        self.add(to, array);
        let element = self.field(array, self.element);
        if start >= SLICED_INDICES {
            self.read(object, self.element, element);
            return;
        }
        self.read_own(object, self.element, element);
        for index in start..SLICED_INDICES {
            let (from, to) = (self.name(&index.to_string()), self.name(&(index - start).to_string()));
            let to = self.field(array, to);
            self.read_own(object, from, to);
        }
    }

    /// Some field of an object holds what `from` holds.
    pub(super) fn write_any(&mut self, object: ObjectId, from: Node) {
        if object == self.unknown || matches!(self.objects[object as usize], Object::External(_)) {
            self.use_of(from, Use::Escape);
        } else {
            let field = self.field(object, self.element);
            self.edge(from, field);
        }
    }

    /// The field that a key names is read.
    pub(super) fn read_keyed(&mut self, object: ObjectId, key: ObjectId, to: Node) {
        match self.objects[key as usize] {
            Object::Key(name) if self.is_pattern(key) && !self.is_outside(object) => {
                self.read_pattern(object, name, to);
                self.read_own(object, self.element, to);
                if !matches!(self.objects[object as usize], Object::Plain | Object::Array | Object::Instance(_)) {
                    self.add(to, self.unknown);
                }
            }
            Object::Key(_) if self.is_pattern(key) => self.read_any(object, to),
            Object::Key(name) => {
                let name = self.attribute_of_key(object, name);
                self.read(object, name, to);
                if !self.is_outside(object) && object != self.undefined {
                    self.read_own(object, self.element, to);
                }
            }
            Object::Undefined => {}
            _ => self.read_any(object, to),
        }
    }

    pub(super) fn write_keyed(&mut self, object: ObjectId, key: ObjectId, from: Node) {
        match self.objects[key as usize] {
            Object::Key(_) if self.is_pattern(key) => self.write_any(object, from),
            Object::Key(name) => {
                let name = self.attribute_of_key(object, name);
                self.write(object, name, from);
            }
            Object::Undefined => {}
            _ => self.write_any(object, from),
        }
    }

    /// A text in quotes names an attribute of what is no container.
    pub(super) fn attribute_of_key(&mut self, object: ObjectId, key: Name) -> Name {
        if matches!(self.objects[object as usize], Object::Plain | Object::Array | Object::Instance(_)) {
            return key;
        }
        match self.names[key as usize].strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(text) => {
                let text = text.to_owned();
                self.name(&text)
            }
            None => key,
        }
    }

    /// Keys of which nothing was found, in code that nothing calls, may name any field.
    pub(super) fn use_keys_that_nothing_holds(&mut self) {
        for (key, used) in std::mem::take(&mut self.keyed) {
            if self.graph.objects(key).is_empty() {
                match used {
                    Use::LoadKeyed { object, to } => self.read_any(object, to),
                    Use::StoreKeyed { object, from } => self.write_any(object, from),
                    _ => {}
                }
            }
        }
    }

    pub(super) fn write(&mut self, object: ObjectId, field: Name, from: Node) {
        match self.objects[object as usize] {
            Object::Unknown | Object::External(_) => self.use_of(from, Use::Escape),
            Object::Undefined => {}
            Object::Standing(object, _) => self.write(object, field, from),
            Object::Module(file) if self.files[file as usize].facts.library == Library::Python => {
                self.write_module(file, field, from);
            }
            Object::TypeInstance(ty) => {
                // Kept with the type, so that what is assigned through one value is found through another.
                for node in self.types[ty as usize].members.get(&field).cloned().unwrap_or_default() {
                    self.edge(from, node);
                }
                let node = self.field(object, field);
                self.edge(from, node);
            }
            Object::ClassInstance(class) | Object::Class(class) => {
                let is_static = matches!(self.objects[object as usize], Object::Class(_));
                let setter = self.classes[class as usize]
                    .members
                    .get(&(field, is_static))
                    .and_then(|members| members.iter().find(|(kind, _)| *kind == MemberKind::Setter))
                    .and_then(|&(_, function)| self.functions[function as usize].params.first().copied());
                match setter {
                    Some(parameter) => self.edge(from, parameter),
                    None => {
                        let node = self.field(object, field);
                        self.edge(from, node);
                    }
                }
            }
            _ => {
                let node = self.field(object, field);
                self.edge(from, node);
            }
        }
    }

    /// A member of a class or of what it extends.
    pub(super) fn member(&mut self, class: ClassId, field: Name, is_static: bool, to: Node) {
        let own = self.classes[class as usize].members.get(&(field, is_static)).cloned().unwrap_or_default();
        let mut found = false;
        for (kind, function) in own {
            match kind {
                MemberKind::Method => {
                    let object = self.object(Object::Function(function));
                    self.add(to, object);
                    found = true;
                }
                MemberKind::Getter => {
                    self.edge(self.functions[function as usize].returns, to);
                    found = true;
                }
                MemberKind::Setter => {}
            }
        }
        let holder = if is_static { Object::Class(class) } else { Object::ClassPrototype(class) };
        let holder = self.object(holder);
        self.read_own(holder, field, to);
        if let Some(origin) = self.classes[class as usize].origin {
            let holder = if is_static { Object::Class(origin) } else { Object::ClassPrototype(origin) };
            let holder = self.object(holder);
            self.read_own(holder, field, to);
        }
        if !found {
            let extends = self.classes[class as usize].extends;
            self.use_of(extends, Use::InheritedMember { to, field, is_static });
        }
    }

    pub(super) fn inherited_member(&mut self, base: ObjectId, field: Name, is_static: bool, to: Node) {
        match self.objects[base as usize] {
            Object::Class(class) => {
                if is_static {
                    self.read(base, field, to);
                } else {
                    let instance = self.object(Object::ClassInstance(class));
                    self.read_own(instance, field, to);
                    let prototype = self.object(Object::ClassPrototype(class));
                    self.read(prototype, field, to);
                }
            }
            Object::Function(function) => {
                let object = if is_static { Object::Function(function) } else { Object::FunctionInstance(function) };
                let object = self.object(object);
                self.read(object, field, to);
            }
            Object::Type(ty) => {
                let object = self.object(Object::TypeInstance(ty));
                self.read(object, field, to);
            }
            Object::External(_) if self.accessor_fields.contains(&field) => {}
            Object::External(name) => {
                let name = &self.names[name as usize];
                let of = if is_static || name.ends_with(".prototype") {
                    name.clone()
                } else {
                    member_name(name, "prototype")
                };
                if library::lacks_member(&of, &self.names[field as usize]) {
                    return;
                }
                let text = member_name(&of, &self.names[field as usize]);
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::Unknown => self.add(to, self.unknown),
            _ => {}
        }
    }

    pub(super) fn iterate(&mut self, object: ObjectId, to: Node) {
        match self.objects[object as usize] {
            Object::Unknown => self.add(to, self.unknown),
            Object::External(name) => {
                let text = match self.names[name as usize].as_str() {
                    "String.prototype" => "String.prototype".to_owned(),
                    name => member_name(name, ELEMENT),
                };
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::Array | Object::TypeInstance(_) => self.read(object, self.element, to),
            Object::Instance(name) if self.names[name as usize] == "Map.prototype" => {
                let entry = self.map_entry(object);
                self.add(to, entry);
            }
            Object::Function(_) | Object::Method(..) | Object::Undefined => {}
            Object::Plain if self.library_of.contains_key(&object) => self.read_own(object, self.key, to),
            Object::Key(_) => {
                let of = if self.is_quoted(object) { "builtins.str" } else { "String.prototype" };
                let object = self.external(of);
                self.add(to, object);
            }
            _ => {
                self.read_own(object, self.element, to);
                let of_python = self.has_attribute(PYTHON_ITERATOR).then_some(PYTHON_ITERATOR);
                for iterator in [ITERATOR, ASYNC_ITERATOR].into_iter().chain(of_python) {
                    let iterator = self.name(iterator);
                    let method = self.read_node(object, iterator);
                    self.use_of(method, Use::IterateResult { to });
                }
            }
        }
    }

    /// The pair of a key and a value of a map.
    fn map_entry(&mut self, map: ObjectId) -> ObjectId {
        if let Some(&entry) = self.map_entries.get(&map) {
            return entry;
        }
        let (keys, values) = (self.field(map, self.key), self.field(map, self.element));
        let entry = self.pair(keys, values);
        self.map_entries.insert(map, entry);
        entry
    }

    /// An array of two.
    pub(super) fn pair(&mut self, first: Node, second: Node) -> ObjectId {
        let pair = self.made(Object::Array);
        for (index, from) in [("0", first), ("1", second)] {
            let index = self.name(index);
            let field = self.field(pair, index);
            self.edge(from, field);
        }
        pair
    }

    /// A new object that is told apart from all others.
    pub(super) fn made(&mut self, object: Object) -> ObjectId {
        self.objects.push(object);
        self.objects.len() as ObjectId - 1
    }

    pub(super) fn typed_as(&mut self, declared: ObjectId, to: Node) {
        match self.objects[declared as usize] {
            Object::Class(class) => {
                self.typed[to as usize] = true;
                self.guesses.types.push((to, self.classes[class as usize].instance));
            }
            Object::Type(ty) => {
                let (instance, values) = (self.types[ty as usize].instance, self.types[ty as usize].values);
                self.edge(instance, to);
                self.edge(to, values);
            }
            Object::External(_) => {
                self.add(to, declared);
            }
            _ => {}
        }
    }

    /// What happens to a value that code outside the project can get hold of: it may be called with anything.
    pub(super) fn escapes(&mut self, object: ObjectId) {
        if let Some(put_off) = &mut self.escaped_early {
            put_off.push(object);
            return;
        }
        if !self.escaped.insert(object) {
            return;
        }
        match self.objects[object as usize] {
            Object::Function(function) => {
                let Function { params, rest, this, returns, binds_this, binding, is_member, .. } =
                    &self.functions[function as usize];
                let (rest, this, returns, binds_this) = (*rest, *this, *returns, *binds_this);
                let receivers = usize::from(*is_member && *binding != Binding::Nothing);
                self.copies.entered_itself.insert(function);
                let named = self.functions[function as usize].named_params.iter().map(|&(_, param)| param);
                let params: Vec<Node> = params.iter().skip(receivers).copied().chain(named).collect();
                for param in params {
                    // That others may call it says nothing of a parameter with a type.
                    if !self.typed[param as usize] {
                        self.add(param, self.unknown);
                    }
                }
                if rest != 0 {
                    self.use_of(rest, Use::StoreAny { from: self.anything, key: 0 });
                }
                if binds_this && self.graph.objects(this).is_empty() {
                    self.add(this, self.unknown);
                }
                self.use_of(returns, Use::Escape);
            }
            Object::Method(function, _) => {
                self.with_receiver(object);
                let function = self.object(Object::Function(function));
                self.escapes(function);
            }
            Object::Standing(object, given) => {
                self.escapes(object);
                self.escapes(given);
            }
            Object::Class(class) if self.shared(class).is_some() => {
                let mut attributes: Vec<Name> =
                    self.shared(class).map_or(Vec::new(), |shared| shared.attributes.iter().copied().collect());
                attributes.sort_unstable();
                for attribute in attributes {
                    let held = self.field(object, attribute);
                    self.use_of(held, Use::Escape);
                }
            }
            Object::Class(class) => {
                let constructor = self.object(Object::Function(self.classes[class as usize].constructor));
                self.escapes(constructor);
                let members: Vec<FunctionId> =
                    self.classes[class as usize].members.values().flatten().map(|&(_, function)| function).collect();
                for function in members {
                    let object = self.object(Object::Function(function));
                    self.escapes(object);
                }
            }
            Object::Plain | Object::Array | Object::Instance(_) => {
                let reader = self.fresh();
                self.use_of(reader, Use::Escape);
                self.read_any(object, reader);
                if matches!(self.objects[object as usize], Object::Array) {
                    let field = self.field(object, self.element);
                    self.edge(field, reader);
                }
            }
            _ => {}
        }
    }
}
