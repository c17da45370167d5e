//! From the facts of all files to the first nodes, objects, edges and uses.

use drift_facts::{
    AccessFact, AccessKind, CalleeShape, ExportFact, Flow, ImplicitCallFact, Library, MemberKind, NO_NAME, NONE,
    SiteFact, SiteKind, accessor_property, getter_field, setter_field,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Class, Function, FunctionId, Name, Node, Object, Shared, Site, SiteId, Type, Use};
use super::{ASYNC_ITERATOR, Base, ITERATOR, MAX_OPERATOR_CLASSES, NEXT, PYTHON_ITERATOR, Solver};

impl Solver<'_> {
    pub(super) fn load_files(&mut self) {
        self.fresh(); // node 0 holds nothing
        self.escape = self.fresh();
        self.use_of(self.escape, Use::Escape);
        self.anything = self.fresh();
        self.add(self.anything, self.unknown);
        let files = self.files;
        self.declare_accessors();
        if files.iter().any(|file| file.facts.names.iter().any(|name| name == ITERATOR || name == ASYNC_ITERATOR)) {
            self.name(ITERATOR);
        }
        for file in files {
            for shared in file.facts.classes.iter().filter_map(|class| class.shared.as_ref()) {
                for &attribute in &shared.attributes {
                    let name = self.name(&file.facts.names[attribute as usize]);
                    *self.attribute_names.entry(name).or_insert(0) += 1;
                }
            }
        }
        let has_iterators = self.name_ids.contains_key(ITERATOR) || self.has_attribute(PYTHON_ITERATOR);
        for file in files {
            let facts = file.facts;
            let names = facts.names.iter().map(|name| self.name(name)).collect();
            let base = Base {
                node: self.graph.len() as u32,
                function: self.functions.len() as u32,
                class: self.classes.len() as u32,
                ty: self.types.len() as u32,
                site: self.sites.len() as u32,
                object: self.objects.len() as u32,
                names,
            };
            self.graph.grow(facts.node_count as usize);
            self.typed.resize(self.graph.len(), false);
            self.objects.resize(self.objects.len() + facts.object_count as usize, Object::Plain);
            let at = |node: u32| if node == NONE { 0 } else { base.node + node };
            let named = |name: u32| base.names[name as usize];
            let named_all = |pairs: &[(u32, u32)]| pairs.iter().map(|&(name, node)| (named(name), at(node))).collect();
            for &(object, class) in &facts.instances {
                self.library_of.insert(base.object + object, named(class));
            }
            for flow in &facts.flows {
                if let Flow::Store { field, .. } = *flow {
                    self.stored_fields.insert(named(field));
                }
            }
            for function in &facts.functions {
                self.functions.push(Function {
                    params: function.params.iter().map(|&node| at(node)).collect(),
                    rest: at(function.rest),
                    this: at(function.this),
                    returns: at(function.returns),
                    binds_this: function.binds_this,
                    binding: function.binding,
                    is_member: function.is_member,
                    library: facts.library,
                    param_names: {
                        let names = function.param_names.iter();
                        names.map(|&name| if name == NO_NAME { NO_NAME } else { named(name) }).collect()
                    },
                    named_params: named_all(&function.named_params),
                    named_rest: at(function.named_rest),
                });
            }
            for class in &facts.classes {
                let mut members: FxHashMap<(Name, bool), Vec<(MemberKind, FunctionId)>> = FxHashMap::default();
                for member in &class.members {
                    let (name, function) = (named(member.name), base.function + member.function);
                    members.entry((name, member.is_static)).or_default().push((member.kind, function));
                    let field = match (member.kind, self.accessors.get(&name)) {
                        (MemberKind::Getter, Some(&(getter, _))) => getter,
                        (MemberKind::Setter, Some(&(_, setter))) => setter,
                        _ => continue,
                    };
                    members.entry((field, member.is_static)).or_default().push((MemberKind::Method, function));
                }
                self.classes.push(Class {
                    constructor: base.function + class.constructor,
                    implicit: class.implicit_constructor,
                    extends: at(class.extends),
                    instance: at(class.instance),
                    members,
                    declared: class.declared.iter().map(|&name| named(name)).collect(),
                    origin: None,
                    has_copies: false,
                    shared: class.shared.as_ref().map(|shared| Shared {
                        bases: shared.bases.iter().map(|&node| at(node)).collect(),
                        attributes: shared.attributes.iter().map(|&name| named(name)).collect(),
                        metaclass: at(shared.metaclass),
                        fields: shared.fields.iter().map(|&name| named(name)).collect(),
                        statics: at(class.statics),
                        order: Vec::new(),
                        open: Vec::new(),
                    }),
                });
            }
            for ty in &facts.types {
                let mut members: FxHashMap<Name, Vec<Node>> = FxHashMap::default();
                for &(name, node) in &ty.members {
                    members.entry(named(name)).or_default().push(at(node));
                }
                let values = self.fresh();
                self.types.push(Type {
                    instance: at(ty.instance),
                    values,
                    extends: ty.extends.iter().map(|&node| at(node)).collect(),
                    members,
                    required: ty.required.iter().map(|&name| named(name)).collect(),
                    library: ty.library.map(named),
                });
            }
            for site in &facts.sites {
                self.sites.push(Site {
                    kind: site.kind,
                    callee: at(site.callee),
                    this: at(site.this),
                    args: site.args.iter().map(|&node| at(node)).collect(),
                    named: named_all(&site.named),
                    named_spread: at(site.named_spread),
                    library: facts.library,
                    depth: 0,
                    spread: at(site.spread),
                    maybe_missing: site.maybe_missing,
                    result: at(site.result),
                    shape: site.shape,
                });
            }
            let mut accesses = Vec::new();
            for (index, access) in facts.accesses.iter().enumerate() {
                if self.accessors.contains_key(&named(access.field)) {
                    accesses.push((index as u32, self.sites.len() as SiteId));
                    self.sites.push(Site {
                        kind: SiteKind::Accessor,
                        callee: 0,
                        this: at(access.this),
                        args: vec![at(access.value)],
                        named: Vec::new(),
                        named_spread: 0,
                        library: facts.library,
                        depth: 0,
                        spread: 0,
                        maybe_missing: 0,
                        result: 0,
                        shape: CalleeShape::Member(access.field),
                    });
                }
            }
            self.accesses.push(accesses);
            let mut iterations = Vec::new();
            // Without an iterator of its own, the project is entered by none.
            if has_iterators {
                for (index, iteration) in facts.iterations.iter().enumerate() {
                    let first = self.sites.len() as SiteId;
                    iterations.push((index as u32, first, first + 1));
                    for this in [at(iteration.from), 0] {
                        self.sites.push(Site {
                            kind: SiteKind::Iteration,
                            callee: 0,
                            this,
                            args: Vec::new(),
                            named: Vec::new(),
                            named_spread: 0,
                            library: facts.library,
                            depth: 0,
                            spread: 0,
                            maybe_missing: 0,
                            result: 0,
                            shape: CalleeShape::Value,
                        });
                    }
                }
            }
            self.iterations.push(iterations);
            let mut implicit_calls = Vec::new();
            for (index, call) in facts.implicit_calls.iter().enumerate() {
                let classes =
                    if call.method == NO_NAME { Some(&1) } else { self.attribute_names.get(&named(call.method)) };
                if classes.is_some_and(|&count| count <= MAX_OPERATOR_CLASSES) {
                    implicit_calls.push((index as u32, self.sites.len() as SiteId));
                    self.sites.push(Site {
                        kind: call.kind,
                        callee: 0,
                        this: at(call.base),
                        args: call.args.iter().map(|&node| at(node)).collect(),
                        named: Vec::new(),
                        named_spread: 0,
                        library: facts.library,
                        depth: 0,
                        spread: 0,
                        maybe_missing: 0,
                        result: at(call.result),
                        shape: CalleeShape::Value,
                    });
                }
            }
            self.implicit_calls.push(implicit_calls);
            let mut exports: FxHashMap<Name, Vec<ExportFact>> = FxHashMap::default();
            let star = self.name("*");
            for &export in &facts.exports {
                let name = match export {
                    ExportFact::Local { name, .. }
                    | ExportFact::Forward { name, .. }
                    | ExportFact::ForwardNamespace { name, .. } => named(name),
                    ExportFact::All { .. } => star,
                };
                exports.entry(name).or_default().push(export);
            }
            self.exports.push(exports);
            self.bases.push(base);
        }
        self.targets.resize(self.sites.len(), FxHashSet::default());
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
                let name = self.name(property);
                if !self.accessors.contains_key(&name) {
                    let fields = (self.name(&getter_field(property)), self.name(&setter_field(property)));
                    self.accessors.insert(name, fields);
                    self.accessor_fields.extend([fields.0, fields.1]);
                }
            }
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
        let Base { node: node_base, class: class_base, ty: type_base, .. } = self.bases[file as usize];
        let at = |node: u32| if node == NONE { 0 } else { node_base + node };
        for flow in &facts.flows {
            if is_of_types(flow) {
                self.load_flow(file, flow);
            }
        }
        for (index, class) in facts.classes.iter().enumerate() {
            let id = class_base + index as u32;
            let instance = self.object(Object::ClassInstance(id));
            self.add(at(class.instance), instance);
            self.use_of(at(class.extends), Use::Extends(id));
            for &base in class.shared.iter().flat_map(|shared| &shared.bases) {
                self.use_of(at(base), Use::Extends(id));
            }
            for &declared in &class.implements {
                self.use_of(at(declared), Use::Implements { values: at(class.instance) });
            }
        }
        for (index, ty) in facts.types.iter().enumerate() {
            let id = type_base + index as u32;
            if !ty.members.is_empty() || !ty.extends.is_empty() || ty.library.is_some() {
                let instance = self.object(Object::TypeInstance(id));
                self.add(at(ty.instance), instance);
            }
            let values = self.types[id as usize].values;
            for &base in &ty.extends {
                self.use_of(at(base), Use::Implements { values });
            }
        }
        self.load_modules(file);
        if facts.library == Library::Python {
            self.load_bases(file);
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

    pub(super) fn load_flow(&mut self, file: u32, flow: &Flow) {
        let Base {
            node: node_base,
            function: function_base,
            class: class_base,
            ty: type_base,
            object: object_base,
            ..
        } = self.bases[file as usize];
        let at = |node: u32| if node == NONE { 0 } else { node_base + node };
        match *flow {
            Flow::Assign { to, from } => self.edge(at(from), at(to)),
            Flow::Await { to, from } => self.use_of(at(from), Use::Fulfilled { to: at(to) }),
            Flow::Class { to, class } => {
                let object = self.object(Object::Class(class_base + class));
                self.add(at(to), object);
            }
            Flow::Type { to, declared } => {
                let object = self.object(Object::Type(type_base + declared));
                self.add(at(to), object);
            }
            Flow::Typed { to, declared, .. } => self.use_of(at(declared), Use::Typed { to: at(to) }),
            Flow::Function { to, function } => {
                let object = self.object(Object::Function(function_base + function));
                self.add(at(to), object);
            }
            Flow::Object { to, object } => self.add(at(to), object_base + object),
            Flow::Array { to, object } => {
                let object = object_base + object;
                self.objects[object as usize] = Object::Array;
                self.add(at(to), object);
            }
            Flow::External { to, name } => {
                let name = self.local(file, name);
                let object = self.object(Object::External(name));
                self.add(at(to), object);
            }
            Flow::Signature { to, returns } => {
                let object = self.object(Object::Signature(at(returns)));
                self.add(at(to), object);
            }
            Flow::Load { to, base, field } => {
                let field = self.local(file, field);
                self.use_of(at(base), Use::Load { to: at(to), field });
            }
            Flow::Store { base, field, from } => {
                let field = self.local(file, field);
                self.use_of(at(base), Use::Store { field, from: at(from) });
            }
            Flow::LoadAny { to, base, key } => self.use_of(at(base), Use::LoadAny { to: at(to), key: at(key) }),
            Flow::Key { to, name } => {
                let name = self.local(file, name);
                let object = self.object(Object::Key(name));
                self.add(at(to), object);
            }
            Flow::StoreAny { base, from, key } => {
                self.use_of(at(base), Use::StoreAny { from: at(from), key: at(key) });
            }
            Flow::CopyFields { to, from } => {
                self.use_of(at(to), Use::CopyFields { to: at(from) });
            }
            Flow::Global { to, name } => {
                let name = self.local(file, name);
                if let Some(&global) = self.globals.get(&name) {
                    self.edge(global, at(to));
                } else {
                    let object = self.object(Object::External(name));
                    self.add(at(to), object);
                }
            }
            Flow::StoreGlobal { name, from } => {
                let name = self.local(file, name);
                if let Some(&global) = self.globals.get(&name) {
                    self.edge(at(from), global);
                }
            }
            Flow::FieldLike { base, field, like } => {
                let field = self.local(file, field);
                self.use_of(at(base), Use::FieldLike { field, like: at(like) });
            }
            Flow::Unknown { to } => self.add(at(to), self.unknown),
            Flow::Iterate { to, from } => self.use_of(at(from), Use::Iterate { to: at(to) }),
            Flow::IterateAt { to, from, index } => self.use_of(at(from), Use::IterateAt { to: at(to), index }),
            Flow::Super { to, from, class } => {
                self.use_of(at(from), Use::Super { to: at(to), class: class_base + class });
            }
            Flow::Slice { to, from, start } => {
                let array = self.made(Object::Array);
                let list = self.name("builtins.list");
                self.library_of.insert(array, list);
                self.use_of(at(from), Use::Slice { to: at(to), array, start });
            }
            Flow::Entered { to, from } => self.use_of(at(from), Use::Entered { to: at(to) }),
            Flow::Undefined { to } => self.add(at(to), self.undefined),
            Flow::Default { to, from, default } => {
                self.use_of(at(from), Use::Default { to: at(to), default: at(default) });
            }
        }
    }

    fn load_site(&mut self, file: u32, id: SiteId, site: &SiteFact) {
        let Site { callee, this, .. } = self.sites[id as usize];
        match site.shape {
            CalleeShape::Member(field) if site.on_receiver => {
                let field = self.local(file, field);
                self.use_of(this, Use::Dispatch { site: id, field });
            }
            _ => self.use_of(callee, Use::Callee(id)),
        }
    }

    fn load_access(&mut self, file: u32, id: SiteId, access: &AccessFact) {
        let node_base = self.bases[file as usize].node;
        let at = |node: u32| if node == NONE { 0 } else { node_base + node };
        let (getter, setter) = self.accessors[&self.local(file, access.field)];
        let callee = self.fresh();
        self.sites[id as usize].callee = callee;
        self.use_of(callee, Use::Callee(id));
        let fields = match access.kind {
            AccessKind::Read => &[getter][..],
            AccessKind::Write => &[setter],
            AccessKind::ReadWrite => &[getter, setter],
        };
        for &field in fields {
            self.use_of(at(access.base), Use::Load { to: callee, field });
        }
    }

    fn load_implicit_call(&mut self, file: u32, id: SiteId, call: &ImplicitCallFact) {
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

/// What is loaded before values flow.
fn is_of_types(flow: &Flow) -> bool {
    matches!(
        flow,
        Flow::Assign { .. } | Flow::Class { .. } | Flow::Type { .. } | Flow::Typed { .. } | Flow::Function { .. }
    )
}
