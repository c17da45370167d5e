//! From the facts of all files to the first nodes, objects, edges and uses.

use drift_facts::{
    AccessFact, AccessKind, CalleeShape, ClassFact, ExportFact, Flow, ImplicitCallFact, Library, MemberKind, NO_NAME,
    SiteFact, accessor_property, getter_field, setter_field,
};
use rustc_hash::FxHashMap;

use super::flows::is_of_types;
use super::model::{FunctionId, Name, Node, Object, Site, SiteId, Type, Use};
use super::place::{Place, PlaceId, Shift};
use super::{ASYNC_ITERATOR, Base, ITERATOR, MAX_OPERATOR_CLASSES, NEXT, PYTHON_ITERATOR, Solver};

impl Solver<'_> {
    pub(super) fn load_files(&mut self) {
        self.fresh(); // node 0 holds nothing
        self.anything = self.fresh();
        self.add(self.anything, self.unknown);
        let files = self.files;
        self.declare_accessors();
        if files.iter().any(|file| file.facts.names.iter().any(|name| name == ITERATOR || name == ASYNC_ITERATOR)) {
            self.name(ITERATOR);
        }
        for (file, &group) in files.iter().zip(self.groups) {
            for shared in file.facts.classes.iter().filter_map(|class| class.shared.as_ref()) {
                for &attribute in &shared.attributes {
                    let name = self.name(&file.facts.names[attribute as usize]);
                    *self.attribute_names.entry(name).or_insert(0) += 1;
                    self.attributes_of_groups.insert((group, name));
                }
            }
        }
        let has_iterators = self.name_ids.contains_key(ITERATOR) || self.has_attribute(PYTHON_ITERATOR);
        for (file, source) in files.iter().enumerate() {
            let facts = source.facts;
            let base = Base {
                node: self.graph.len() as u32,
                function: self.functions.len() as u32,
                class: self.classes.len() as u32,
                ty: self.types.len() as u32,
                site: self.sites.len() as u32,
                names: facts.names.iter().map(|name| self.name(name)).collect(),
            };
            self.bases.push(base);
            let place = file as PlaceId;
            self.places.push(Place {
                file: place,
                around: None,
                variables: Shift::default(),
                nodes: Shift::all(facts.node_count as usize, self.graph.len()),
                functions: Shift::all(facts.functions.len(), self.functions.len()),
                classes: Shift::all(facts.classes.len(), self.classes.len()),
                objects: Shift::all(facts.object_count as usize, self.objects.len()),
                depth: 0,
                decorates: false,
            });
            self.graph.grow(facts.node_count as usize);
            self.typed.resize(self.graph.len(), false);
            self.objects.resize(self.objects.len() + facts.object_count as usize, Object::Plain);
            for &(object, class) in &facts.instances {
                self.library_of.insert(self.object_at(place, object), self.local(place, class));
            }
            for flow in &facts.flows {
                if let Flow::Store { field, .. } = *flow {
                    self.stored_fields.insert(self.local(place, field));
                }
            }
            for fact in &facts.functions {
                let function = self.function_in(place, fact, self.functions.len() as FunctionId);
                self.functions.push(function);
            }
            for fact in &facts.classes {
                let class = self.class_in(place, fact);
                self.classes.push(class);
            }
            for fact in &facts.types {
                let mut members: FxHashMap<Name, Vec<Node>> = FxHashMap::default();
                for &(name, node) in &fact.members {
                    members.entry(self.local(place, name)).or_default().push(self.at(place, node));
                }
                let values = self.fresh();
                self.types.push(Type {
                    instance: self.at(place, fact.instance),
                    values,
                    extends: fact.extends.iter().map(|&node| self.at(place, node)).collect(),
                    members,
                    required: fact.required.iter().map(|&name| self.local(place, name)).collect(),
                    library: fact.library.map(|library| self.local(place, library)),
                });
            }
            for fact in &facts.sites {
                let site = self.site_in(place, fact);
                self.sites.push(site);
            }
            let mut accesses = Vec::new();
            for (index, fact) in facts.accesses.iter().enumerate() {
                if self.accessors.contains_key(&self.local(place, fact.field)) {
                    accesses.push((index as u32, self.sites.len() as SiteId));
                    let site = self.access_in(place, fact);
                    self.sites.push(site);
                }
            }
            self.accesses.push(accesses);
            let mut iterations = Vec::new();
            // Without an iterator of its own, the project is entered by none.
            if has_iterators {
                for (index, fact) in facts.iterations.iter().enumerate() {
                    let first = self.sites.len() as SiteId;
                    iterations.push((index as u32, first, first + 1));
                    let sites = self.iteration_in(place, fact);
                    for site in sites {
                        self.sites.push(site);
                    }
                }
            }
            self.iterations.push(iterations);
            let mut implicit_calls = Vec::new();
            for (index, fact) in facts.implicit_calls.iter().enumerate() {
                let classes = match fact.method {
                    NO_NAME => Some(&1),
                    method => self.attribute_names.get(&self.local(place, method)),
                };
                if classes.is_some_and(|&count| count <= MAX_OPERATOR_CLASSES) {
                    implicit_calls.push((index as u32, self.sites.len() as SiteId));
                    let site = self.implicit_call_in(place, fact);
                    self.sites.push(site);
                }
            }
            self.implicit_calls.push(implicit_calls);
            let mut exports: FxHashMap<Name, Vec<ExportFact>> = FxHashMap::default();
            let star = self.name("*");
            for &export in &facts.exports {
                let name = match export {
                    ExportFact::Local { name, .. }
                    | ExportFact::Forward { name, .. }
                    | ExportFact::ForwardNamespace { name, .. } => self.local(place, name),
                    ExportFact::All { .. } => star,
                };
                exports.entry(name).or_default().push(export);
            }
            self.exports.push(exports);
        }
        self.targets.grow(self.sites.len());
        self.declare_globals();
        for file in 0..self.files.len() as u32 {
            let value = self.fresh();
            self.module_values.push(value);
            self.load_types(file);
        }
    }

    pub(super) fn load_all_values(&mut self) {
        self.order_classes();
        self.declare_filters();
        self.find_copied();
        self.find_decorators();
        self.make_classes();
        for object in self.escaped_early.take().unwrap_or_default() {
            self.escapes(object);
        }
        for file in 0..self.files.len() as u32 {
            self.load_values(file);
        }
    }

    /// Finds the names that are getters or setters somewhere: only accesses to these can be calls.
    pub(super) fn declare_accessors(&mut self) {
        for file in self.files {
            let facts = file.facts;
            let name = |name: u32| facts.names[name as usize].as_str();
            let members = facts.classes.iter().flat_map(|class| &class.members);
            let of_classes = members.filter(|member| member.kind != MemberKind::Method).map(|member| name(member.name));
            // An object literal's accessors are fields of their own.
            let of_literals = facts.names.iter().filter_map(|name| accessor_property(name));
            for property in of_classes.chain(of_literals) {
                self.declare_accessor(property);
            }
        }
        self.declare_descriptors();
    }

    pub(super) fn declare_accessor(&mut self, property: &str) {
        let name = self.name(property);
        if !self.accessors.contains_key(&name) {
            let fields = (self.name(&getter_field(property)), self.name(&setter_field(property)));
            self.accessors.insert(name, fields);
            self.accessor_fields.extend([fields.0, fields.1]);
            self.property_of.extend([(fields.0, (name, false)), (fields.1, (name, true))]);
        }
    }

    /// Top-level names of scripts, and names that are assigned without being declared anywhere. The latter may be the
    /// library's as well.
    pub(super) fn declare_globals(&mut self) {
        let files = self.files;
        for (file, source) in files.iter().enumerate() {
            for &(name, node) in &source.facts.globals {
                let base = &self.bases[file];
                let (name, from) = (base.names[name as usize], base.node + node);
                let global = self.global(name);
                self.edge(from, global);
            }
        }
        for (file, source) in files.iter().enumerate() {
            for flow in &source.facts.flows {
                if let Flow::StoreGlobal { name, .. } = *flow {
                    let name = self.bases[file].names[name as usize];
                    if !self.globals.contains_key(&name) {
                        let global = self.global(name);
                        let library = self.object(Object::External(name));
                        self.add(global, library);
                    }
                }
            }
        }
    }

    pub(super) fn global(&mut self, name: Name) -> Node {
        if let Some(&global) = self.globals.get(&name) {
            return global;
        }
        let global = self.fresh();
        self.globals.insert(name, global);
        global
    }

    /// What a file says about classes and types, so that all of these are known before values flow.
    pub(super) fn load_types(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        for flow in &facts.flows {
            if is_of_types(flow) {
                self.load_flow(file, flow);
            }
        }
        for (index, class) in facts.classes.iter().enumerate() {
            self.load_class(file, index as u32, class);
        }
        for (index, fact) in facts.types.iter().enumerate() {
            let id = self.type_at(file, index as u32);
            if !fact.members.is_empty() || !fact.extends.is_empty() || fact.library.is_some() {
                let instance = self.object(Object::TypeInstance(id));
                self.add(self.at(file, fact.instance), instance);
            }
            let values = self.types[id as usize].values;
            for &base in &fact.extends {
                self.use_of(self.at(file, base), Use::Implements { values });
            }
        }
        self.load_modules(file);
        if facts.library == Library::Python {
            self.load_bases(file);
        }
    }

    pub(super) fn load_class(&mut self, place: PlaceId, index: u32, fact: &ClassFact) {
        let (id, instance) = (self.class_at(place, index), self.at(place, fact.instance));
        let object = self.object(Object::ClassInstance(id));
        self.add(instance, object);
        self.use_of(self.at(place, fact.extends), Use::Extends(id));
        for &base in fact.shared.iter().flat_map(|shared| &shared.bases) {
            self.use_of(self.at(place, base), Use::Extends(id));
        }
        for &declared in &fact.implements {
            self.use_of(self.at(place, declared), Use::Implements { values: instance });
        }
    }

    /// Turns the rest of a file's facts into edges, uses and first objects.
    pub(super) fn load_values(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        for flow in &facts.flows {
            if !is_of_types(flow) {
                self.load_flow(file, flow);
            }
        }
        let site_base = self.bases[file as usize].site;
        for (index, site) in facts.sites.iter().enumerate() {
            self.load_site(file, site_base + index as u32, site);
        }
        for (index, site) in self.accesses[file as usize].clone() {
            self.load_access(file, site, &facts.accesses[index as usize]);
        }
        for (index, site) in self.implicit_calls[file as usize].clone() {
            self.load_implicit_call(file, site, &facts.implicit_calls[index as usize]);
        }
        let iterations = self.iterations[file as usize].clone();
        for (_, of_iterable, of_iterator) in iterations {
            let from = self.sites[of_iterable as usize].this;
            self.iterate_by_calls(from, of_iterable, of_iterator);
        }
    }

    pub(super) fn load_site(&mut self, place: PlaceId, id: SiteId, fact: &SiteFact) {
        let Site { callee, this, .. } = self.sites[id as usize];
        match fact.shape {
            CalleeShape::Member(field) if fact.on_receiver => {
                let field = self.local(self.places[place as usize].file, field);
                self.use_of(this, Use::Dispatch { site: id, field });
            }
            _ => self.use_of(callee, Use::Callee(id)),
        }
    }

    pub(super) fn load_access(&mut self, place: PlaceId, id: SiteId, fact: &AccessFact) {
        let (getter, setter) = self.accessors[&self.local(self.places[place as usize].file, fact.field)];
        let callee = self.fresh();
        self.sites[id as usize].callee = callee;
        self.use_of(callee, Use::Callee(id));
        let fields = match fact.kind {
            AccessKind::Read => &[getter][..],
            AccessKind::Write => &[setter],
            AccessKind::ReadWrite => &[getter, setter],
        };
        for &field in fields {
            self.use_of(self.at(place, fact.base), Use::Load { to: callee, field });
        }
    }

    pub(super) fn load_implicit_call(&mut self, place: PlaceId, id: SiteId, call: &ImplicitCallFact) {
        let file = self.places[place as usize].file;
        let base = self.sites[id as usize].this;
        if call.method == NO_NAME {
            self.use_of(base, Use::Raised(id));
            return;
        }
        let (method, callee) = (self.local(file, call.method), self.fresh());
        self.sites[id as usize].callee = callee;
        self.use_of(callee, Use::Callee(id));
        self.use_of(base, Use::Load { to: callee, field: method });
    }

    /// Whether a class of the project binds a name that the language itself looks up.
    pub(super) fn has_attribute(&self, name: &str) -> bool {
        self.name_ids.get(name).is_some_and(|name| self.attribute_names.contains_key(name))
    }

    /// `from[Symbol.iterator]()`, then `next()` on what that returns.
    pub(super) fn iterate_by_calls(&mut self, from: Node, of_iterable: SiteId, of_iterator: SiteId) {
        let (iterator_name, next) = (self.name(ITERATOR), self.name(NEXT));
        let [method, iterator, next_method, step] = [(); 4].map(|()| self.fresh());
        for (id, callee, this, result) in
            [(of_iterable, method, from, iterator), (of_iterator, next_method, iterator, step)]
        {
            let site = &mut self.sites[id as usize];
            (site.callee, site.this, site.result) = (callee, this, result);
            self.use_of(callee, Use::Callee(id));
        }
        let asynchronous = self.name(ASYNC_ITERATOR);
        self.use_of(from, Use::Load { to: method, field: iterator_name });
        self.use_of(from, Use::Load { to: method, field: asynchronous });
        self.use_of(iterator, Use::Load { to: next_method, field: next });
        if self.sites[of_iterable as usize].library == Library::Python {
            for (iter, next) in [(PYTHON_ITERATOR, "__next__"), ("__aiter__", "__anext__")] {
                let (iter, next) = (self.name(iter), self.name(next));
                self.use_of(from, Use::Load { to: method, field: iter });
                self.use_of(iterator, Use::Load { to: next_method, field: next });
            }
        }
    }
}
