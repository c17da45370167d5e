//! What declared types say about nodes: which objects a node cannot hold.
//!
//! Once classes and types are known, and before values flow, the type of a node is worked out where declarations settle
//! it: its own annotation, or that of the field, element or call that it reads. Where all parts of such a type are known,
//! objects that are of none of them are kept out of the node. A value whose type nothing settles is never kept out of
//! anything, nor are literals, which have whatever shape their type asks for.

use std::rc::Rc;

use drift_facts::{Detail, DetailFact, Flow, Library, NONE};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::model::{ClassId, FunctionId, Name, Node, Object, ObjectId, SiteId, Type, TypeId};
use super::types::{NOT_ASKED, NOT_SETTLED, Part, Parts, Shape, takes_its_types_from_around};

/// See [`Declared::sources`].
pub(super) const SITE: u32 = 1 << 31;
/// Parts of one type; with more it keeps nothing out.
const MAX_PARTS: usize = 64;

/// Declarations by node and by class.
#[derive(Default)]
pub(super) struct Declared {
    pub(super) annotations: FxHashMap<Node, Vec<Node>>,
    /// Nodes whose annotation does not say all.
    pub(super) open: FxHashSet<Node>,
    /// What calling a value of the signatures at a node returns.
    pub(super) signatures: FxHashMap<Node, Vec<Node>>,
    /// By node, in order, the flows and sites of its file that fill it: their place there, from [`SITE`] on that of sites.
    pub(super) sources: Vec<(Node, u32)>,
    /// By class, name, and whether it is static.
    pub(super) fields: FxHashMap<(ClassId, Name, bool), Node>,
    field_names: FxHashSet<(ClassId, Name)>,
    pub(super) instances: FxHashMap<Node, ClassId>,
    /// By node of the instances of a class or interface, which one that is.
    pub(super) this_types: FxHashMap<Node, Part>,
    /// By class the interfaces of the same name, which declare more of its instances.
    pub(super) merged: FxHashMap<ClassId, Vec<TypeId>>,
    /// By node of `super`, that of `this`.
    pub(super) supers: FxHashMap<Node, Node>,
    /// By class or type, the nodes of instances of it and of all that it extends, in order.
    pub(super) receivers_of: FxHashMap<Part, Rc<[Node]>>,
    pub(super) statics: FxHashMap<Node, ClassId>,
    /// Nodes that are filled from elsewhere too: parameters, imports.
    pub(super) filled: FxHashSet<Node>,
    /// Where a node is imported: the file, and which of its imports.
    pub(super) imported: FxHashMap<Node, (u32, u32)>,
    /// Nodes that have the type of another one. See [`Detail::Like`].
    pub(super) likes: FxHashMap<Node, Node>,
    /// By what a signature returns, its arguments. See [`Detail::Accepts`].
    pub(super) accepts: FxHashMap<Node, Vec<(u32, Node)>>,
    /// Type parameters, by what has them. See [`Detail::Parameter`].
    pub(super) parameters: FxHashMap<Node, Vec<Node>>,
    pub(super) is_parameter: FxHashSet<Node>,
    /// See [`Detail::Type`].
    pub(super) named: FxHashMap<Node, TypeId>,
    /// See [`Detail::Argument`].
    pub(super) arguments: FxHashMap<Node, Vec<Node>>,
    /// See [`Detail::Base`].
    pub(super) bases: FxHashMap<Node, Node>,
    /// See [`Detail::Applied`].
    pub(super) applied: FxHashMap<Node, Vec<Node>>,
    /// By the node of a literal what is stored in it; [`None`] where not all of that is known.
    pub(super) stores: FxHashMap<Node, Option<Vec<(Name, Node)>>>,
    /// Nodes that hold a function that is written there, and which one each holds.
    pub(super) function_values: FxHashSet<Node>,
    /// By parameter without a type of its own, of a function that is written where it stands: which of whose it is.
    pub(super) contexts: FxHashMap<Node, (FunctionId, usize)>,
    /// By result of a call, the node with a declared type that it is assigned to.
    pub(super) assigned: FxHashMap<Node, Node>,
    /// By such a function, the site that is given it, and as which argument.
    pub(super) passed: FxHashMap<FunctionId, (SiteId, usize)>,
    /// Types that are made of others, and how deeply these are nested.
    pub(super) shapes: Vec<(Shape, u8)>,
    pub(super) shape_ids: FxHashMap<Shape, u32>,
    /// By function what it says of an argument: which, and the node that is declared to have the type.
    pub(super) says: FxHashMap<FunctionId, (u32, Node)>,
    /// Nodes that hold what a function, of the call with this result, may say that an argument is.
    pub(super) guarded: Vec<(Node, Node, u32)>,
    /// By node of a file, which of [`Declared::filters`] its type is, or [`NOT_SETTLED`], or [`NOT_ASKED`].
    pub(super) types: Vec<u32>,
    /// Steps to the type that is asked for, and to all so far.
    pub(super) steps: u32,
    pub(super) all_steps: u64,
    /// What is kept out of nodes: the parts that each filter lets in; the first is not used.
    pub(super) filters: Vec<Parts>,
    filter_ids: FxHashMap<Parts, u32>,
    /// By node; 0 or missing: nothing is kept out.
    filter_of: Vec<u32>,
    /// By class the classes it extends, itself left out; `None` where not all of them are classes of the project.
    pub(super) ancestors: Vec<Option<FxHashSet<ClassId>>>,
    admitted: FxHashMap<(u32, ObjectId), bool>,
}

impl Solver<'_> {
    /// Whether the declared type of a node keeps this object out.
    pub(super) fn is_kept_out(&mut self, node: Node, object: ObjectId) -> bool {
        let filter = self.declared.filter_of.get(node as usize).copied().unwrap_or(0);
        if filter == 0 {
            return false;
        }
        if let Some(&admitted) = self.declared.admitted.get(&(filter, object)) {
            return !admitted;
        }
        let parts = &self.declared.filters[filter as usize];
        let admitted = parts.iter().any(|&part| self.admits(part, object));
        self.declared.admitted.insert((filter, object), admitted);
        !admitted
    }

    /// Whether the declared type of a node keeps anything out.
    pub(super) fn has_filter(&self, node: Node) -> bool {
        self.declared.filter_of.get(node as usize).is_some_and(|&filter| filter != 0)
    }

    /// `to` lets in what `like` lets in.
    pub(super) fn filter_like(&mut self, to: Node, like: Node) -> bool {
        let filter = self.declared.filter_of.get(like as usize).copied().unwrap_or(0);
        self.set_filter(to, filter);
        filter != 0
    }

    /// `to` lets in what elements of the values at `list` can be.
    pub(super) fn filter_elements(&mut self, to: Node, list: Node) {
        let element = self.type_of(list, 0).and_then(|parts| self.type_of_element(&parts, 0));
        self.filter_by(to, element);
    }

    fn filter_by(&mut self, node: Node, parts: Option<Parts>) {
        let parts = parts.and_then(|parts| self.with_constraints(parts));
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
            return;
        };
        let filter = self.filter_id(parts);
        self.set_filter(node, filter);
    }

    pub(super) fn filter_id(&mut self, parts: Parts) -> u32 {
        let next = self.declared.filters.len() as u32;
        *self.declared.filter_ids.entry(parts).or_insert_with_key(|parts| {
            self.declared.filters.push(parts.clone());
            next
        })
    }

    fn set_filter(&mut self, node: Node, filter: u32) {
        let at = node as usize;
        if filter != 0 && node != 0 {
            if self.declared.filter_of.len() <= at {
                self.declared.filter_of.resize(self.graph.len().max(at + 1), 0);
            }
            self.declared.filter_of[at] = filter;
        }
    }

    /// Reads all declarations and says what they keep out.
    pub(super) fn declare_filters(&mut self) {
        self.declared.filters.push(Parts::new());
        self.find_merged();
        self.declared.ancestors = self.find_ancestors();
        self.declared.types = vec![NOT_ASKED; self.graph.len()];
        self.declared.types[0] = NOT_SETTLED;
        let (mut nodes, receivers) = self.collect_declarations();
        nodes.extend(self.declared.annotations.keys().copied());
        nodes.extend(self.declared.contexts.keys().copied());
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let parts = self.type_of(node, 0);
            self.filter_by(node, parts);
        }
        for (node, class) in receivers {
            self.filter_by(node, Some(vec![Part::Receiver(class)]));
        }
        self.hint_at_what_is_said();
        self.guess_receivers();
    }

    /// What members are called on holds an instance of its type if no value is known to reach it.
    fn guess_receivers(&mut self) {
        for site in 0..self.sites.len() as SiteId {
            let this = self.sites[site as usize].this;
            if this == 0 || self.declared.annotations.contains_key(&this) || self.member_called(site).is_none() {
                continue;
            }
            let parts = self.type_of(this, 0).and_then(|parts| self.with_constraints(parts));
            for part in parts.unwrap_or_default() {
                if let Some(values) = self.values_of(part).filter(|&values| values != this) {
                    self.guess_receiver(this, values);
                }
            }
        }
    }

    pub(super) fn is_callable(&self, ty: TypeId) -> bool {
        let Type { instance, members, .. } = &self.types[ty as usize];
        self.declared.signatures.contains_key(instance) || members.contains_key(&self.made)
    }

    /// Returns the nodes that hold what fields, elements and calls yield, and those of receivers with their classes.
    fn collect_declarations(&mut self) -> (Vec<Node>, Vec<(Node, ClassId)>) {
        let files = self.files;
        let (mut read, mut receivers) = (Vec::new(), Vec::new());
        let mut sources: Vec<(Node, u32)> = Vec::new();
        for (file, source) in files.iter().enumerate() {
            let facts = source.facts;
            if facts.library == Library::Python {
                continue; // What is annotated there excludes nothing.
            }
            let base = &self.bases[file];
            let at = |node: Node| if node == NONE { 0 } else { base.node + node };
            let named = |name: u32| base.names[name as usize];
            let declared = &mut self.declared;
            for (index, class) in facts.classes.iter().enumerate() {
                declared.instances.insert(at(class.instance), base.class + index as u32);
                declared.this_types.insert(at(class.instance), Part::Class(base.class + index as u32));
                declared.statics.insert(at(class.statics), base.class + index as u32);
                // What a compiler checks is called on nothing else.
                if facts.is_typed {
                    receivers.push((at(class.instance), base.class + index as u32));
                    read.push(at(class.statics));
                }
            }
            for (index, ty) in facts.types.iter().enumerate() {
                if ty.library.is_none() && !(ty.members.is_empty() && ty.extends.is_empty()) {
                    declared.this_types.insert(at(ty.instance), Part::Type(base.ty + index as u32));
                }
            }
            for (index, function) in facts.functions.iter().enumerate() {
                if let Some((argument, node)) = function.says {
                    declared.says.insert(base.function + index as u32, (argument, at(node)));
                }
                declared.filled.extend(function.params.iter().map(|&node| at(node)));
                declared.filled.extend([at(function.rest), at(function.this)]);
            }
            for (index, import) in facts.imports.iter().enumerate() {
                declared.filled.insert(at(import.to));
                declared.imported.insert(at(import.to), (file as u32, index as u32));
            }
            let mut values: FxHashMap<Node, FunctionId> = FxHashMap::default();
            if facts.is_typed {
                for flow in &facts.flows {
                    match *flow {
                        Flow::Object { to, .. } | Flow::Array { to, .. } => {
                            declared.stores.entry(at(to)).or_insert_with(|| Some(Vec::new()));
                        }
                        Flow::Function { to, function } => {
                            let fact = &facts.functions[function as usize];
                            if takes_its_types_from_around(fact, to) {
                                values.insert(to, base.function + function);
                                declared.function_values.insert(at(to));
                                for (index, &param) in fact.params.iter().enumerate() {
                                    declared.contexts.insert(at(param), (base.function + function, index));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            for (index, site) in facts.sites.iter().enumerate() {
                for (argument, given) in site.args.iter().enumerate() {
                    if let Some(&function) = values.get(given) {
                        declared.passed.insert(function, (base.site + index as u32, argument));
                    }
                }
            }
            for (index, site) in facts.sites.iter().enumerate() {
                if site.result != NONE {
                    sources.push((at(site.result), index as u32 | SITE));
                    read.push(at(site.result));
                }
            }
            if facts.is_typed {
                let results: FxHashSet<Node> = facts.sites.iter().map(|site| site.result).collect();
                let mut annotated: FxHashSet<Node> = FxHashSet::default();
                annotated.extend(facts.flows.iter().filter_map(|flow| match *flow {
                    Flow::Typed { to, alone: true, .. } => Some(to),
                    _ => None,
                }));
                for flow in &facts.flows {
                    if let Flow::Assign { to, from } = *flow
                        && results.contains(&from)
                        && annotated.contains(&to)
                    {
                        declared.assigned.insert(at(from), at(to));
                    }
                }
            }
            for &DetailFact { of, detail, index, node } in &facts.details {
                let (of, node) = (at(of), at(node));
                match detail {
                    Detail::Is => declared.annotations.entry(of).or_default().push(node),
                    Detail::MayBe => {
                        declared.open.insert(of);
                    }
                    Detail::Returns => declared.signatures.entry(of).or_default().push(node),
                    Detail::Type => {
                        declared.named.insert(of, base.ty + index);
                    }
                    Detail::Accepts => declared.accepts.entry(of).or_default().push((index, node)),
                    Detail::Parameter => {
                        declared.parameters.entry(of).or_default().push(node);
                        declared.is_parameter.insert(node);
                    }
                    Detail::Argument => declared.arguments.entry(of).or_default().push(node),
                    Detail::Base => {
                        declared.bases.insert(of, node);
                    }
                    Detail::Applied => declared.applied.entry(of).or_default().push(node),
                    Detail::Super => {
                        declared.supers.insert(of, node);
                    }
                    Detail::Like => {
                        declared.likes.insert(of, node);
                        read.push(of);
                    }
                }
            }
            for (index, flow) in facts.flows.iter().enumerate() {
                match *flow {
                    Flow::Typed { to, declared: ty, alone: true } => {
                        declared.annotations.entry(at(to)).or_default().push(at(ty));
                    }
                    Flow::Guarded { to, call, argument, is: true, .. } => {
                        declared.guarded.push((at(to), at(call), argument));
                    }
                    Flow::Typed { to, alone: false, .. } => {
                        declared.open.insert(at(to));
                    }
                    Flow::Signature { to, returns } => declared.signatures.entry(at(to)).or_default().push(at(returns)),
                    Flow::FieldLike { base: this, field, like } => {
                        if let Some(&class) = declared.instances.get(&at(this)) {
                            declared.fields.insert((class, named(field), false), at(like));
                        } else if let Some(&class) = declared.statics.get(&at(this)) {
                            declared.fields.insert((class, named(field), true), at(like));
                        }
                        read.push(at(like));
                    }
                    Flow::Store { base: this, field, from } => {
                        if let Some(&class) = declared.instances.get(&at(this)) {
                            declared.field_names.insert((class, named(field)));
                        } else if let Some(Some(stored)) = declared.stores.get_mut(&at(this)) {
                            stored.push((named(field), at(from)));
                        }
                    }
                    Flow::StoreAny { base: this, .. } | Flow::CopyFields { to: this, .. } => {
                        if let Some(stored) = declared.stores.get_mut(&at(this)) {
                            *stored = None;
                        }
                    }
                    _ => {}
                }
                if let Some((to, is_read)) = filled_by(flow).filter(|&(to, _)| to != NONE) {
                    sources.push((at(to), index as u32));
                    if is_read {
                        read.push(at(to));
                    }
                }
            }
            // Nodes of a file come after those of the files before.
            sources.sort_by_key(|&(node, _)| node);
            declared.sources.append(&mut sources);
        }
        (read, receivers)
    }

    /// Finds interfaces that declare more of a class: both are put under one name.
    fn find_merged(&mut self) {
        for (source, base) in self.files.iter().zip(&self.bases) {
            let facts = source.facts;
            if facts.types.is_empty() || facts.classes.is_empty() {
                continue;
            }
            let (mut classes, mut types) = (FxHashMap::default(), FxHashMap::default());
            for flow in &facts.flows {
                match *flow {
                    Flow::Class { to, class } => drop(classes.insert(to, base.class + class)),
                    Flow::Type { to, declared } => drop(types.insert(to, base.ty + declared)),
                    _ => {}
                }
            }
            let (mut named, mut declared) = (FxHashMap::default(), Vec::new());
            for flow in &facts.flows {
                if let Flow::Assign { to, from } = *flow {
                    named.extend(classes.get(&from).map(|&class| (to, class)));
                    declared.extend(types.get(&from).map(|&ty| (to, ty)));
                }
            }
            for (name, ty) in declared {
                if let Some(&class) = named.get(&name) {
                    self.declared.merged.entry(class).or_default().push(ty);
                }
            }
        }
    }

    /// Adds the classes that a class, or an interface of its name, extends. Returns whether these are all.
    fn ancestors_next_to(&self, class: ClassId, open: &mut Vec<ClassId>) -> bool {
        let mut types: Vec<TypeId> = self.declared.merged.get(&class).cloned().unwrap_or_default();
        let mut at = 0;
        while at < types.len() {
            for &extends in &self.types[types[at] as usize].extends {
                for &object in self.graph.objects(extends) {
                    match self.objects[object as usize] {
                        Object::Class(base) => open.push(base),
                        Object::Type(ty) if !types.contains(&ty) => types.push(ty),
                        _ => {}
                    }
                }
            }
            at += 1;
        }
        let extends = self.classes[class as usize].extends;
        if extends == 0 {
            return true;
        }
        let held = self.graph.objects(extends);
        let mut is_any = false;
        for &base in held {
            match self.objects[base as usize] {
                Object::Class(base) => {
                    open.push(base);
                    is_any = true;
                }
                Object::Type(_) => {}
                _ => return false,
            }
        }
        is_any
    }

    fn find_ancestors(&self) -> Vec<Option<FxHashSet<ClassId>>> {
        (0..self.classes.len() as ClassId)
            .map(|class| {
                if self.shared(class).is_some() {
                    return None;
                }
                let mut found = FxHashSet::default();
                let mut open = vec![class];
                while let Some(next) = open.pop() {
                    found.extend(self.classes[next as usize].origin);
                    let mut bases = Vec::new();
                    if !self.ancestors_next_to(next, &mut bases) {
                        return None;
                    }
                    open.extend(bases.into_iter().filter(|&base| found.insert(base)));
                }
                Some(found)
            })
            .collect()
    }

    fn admits(&self, part: Part, object: ObjectId) -> bool {
        match (self.objects[object as usize], part) {
            // Nothing outside extends a class of the project.
            (Object::External(_) | Object::Unknown, Part::Class(wanted) | Part::Maker(wanted)) => {
                self.declared.ancestors[wanted as usize].is_none()
            }
            (Object::External(_), Part::Type(ty)) => !self.is_of_the_project(ty),
            (Object::TypeInstance(_), Part::Receiver(_)) => true,
            (Object::ClassInstance(class), Part::Class(wanted) | Part::Receiver(wanted)) => {
                let ancestors = &self.declared.ancestors[class as usize];
                class == wanted || ancestors.as_ref().is_none_or(|ancestors| ancestors.contains(&wanted))
            }
            (Object::ClassInstance(class), Part::Type(ty)) => self.has_members(class, ty),
            (Object::ClassInstance(_), Part::Callable | Part::Primitive | Part::Function(_) | Part::Signature(_)) => {
                false
            }
            (Object::ClassInstance(class), Part::Maker(_)) => self.declared.ancestors[class as usize].is_none(),
            (Object::Class(class), Part::Maker(wanted)) => {
                let ancestors = &self.declared.ancestors[class as usize];
                class == wanted || ancestors.as_ref().is_none_or(|ancestors| ancestors.contains(&wanted))
            }
            (_, Part::Receiver(wanted)) => self.declared.ancestors[wanted as usize].is_none(),
            (_, Part::Shape(shape)) => match &self.declared.shapes[shape as usize].0 {
                Shape::Applied(part, _) | Shape::Bound(part, _) => self.admits(*part, object),
                Shape::List(_) | Shape::Tuple(_) | Shape::Map(..) => match self.objects[object as usize] {
                    Object::Function(_) | Object::Class(_) => false,
                    Object::ClassInstance(class) => self.declared.ancestors[class as usize].is_none(),
                    _ => true,
                },
            },
            (Object::Function(_) | Object::Class(_) | Object::Array | Object::TypeInstance(_), Part::Class(wanted)) => {
                self.declared.ancestors[wanted as usize].is_none()
            }
            (Object::Function(_), Part::Type(ty)) => {
                self.types[ty as usize].required.is_empty() || self.is_callable(ty)
            }
            (Object::Array, Part::Type(ty)) => {
                let Type { library, required, .. } = &self.types[ty as usize];
                library.is_some() || required.is_empty()
            }
            (Object::TypeInstance(own), Part::Type(ty)) => self.type_has_members(own, ty),
            (Object::Function(_) | Object::Array | Object::TypeInstance(_), Part::Primitive) => false,
            (Object::Function(_), Part::Maker(wanted)) => self.declared.ancestors[wanted as usize].is_none(),
            (Object::Array, Part::Callable | Part::Function(_) | Part::Signature(_) | Part::Maker(_)) => false,
            _ => true,
        }
    }

    /// Whether a type requires members and takes none of them from a library.
    fn is_of_the_project(&self, ty: TypeId) -> bool {
        self.type_with_bases(ty).into_iter().all(|ty| {
            let own = &self.types[ty as usize];
            own.library.is_none()
                && self.bases_of_type(ty).is_some_and(|bases| {
                    (!own.required.is_empty() || !bases.is_empty())
                        && bases.iter().all(|base| matches!(base, Part::Type(_)))
                })
        })
    }

    /// A type and the types that it extends, each once.
    fn type_with_bases(&self, ty: TypeId) -> Vec<TypeId> {
        let (mut all, mut at) = (vec![ty], 0);
        let mut seen = FxHashSet::from_iter([ty]);
        while let Some(&next) = all.get(at) {
            for base in self.bases_of_type(next).into_iter().flatten() {
                if let Part::Type(base) = base
                    && seen.insert(base)
                {
                    all.push(base);
                }
            }
            at += 1;
        }
        all
    }

    /// Whether instances of a class have every member that a type requires.
    pub(super) fn has_members(&self, class: ClassId, ty: TypeId) -> bool {
        let Some(ancestors) = &self.declared.ancestors[class as usize] else {
            return true;
        };
        let has = |name: Name| {
            [&class].into_iter().chain(ancestors).any(|&class| {
                self.classes[class as usize].members.contains_key(&(name, false))
                    || self.declared.field_names.contains(&(class, name))
                    || self.classes[class as usize].declared.contains(&name)
            })
        };
        self.requires_only(ty, &has)
    }

    /// Whether a class or type certainly has no member of a name.
    pub(super) fn lacks_member(&self, part: Part, name: Name) -> bool {
        match self.without_arguments(part) {
            Part::Class(class) => self.declared.ancestors[class as usize].as_ref().is_some_and(|ancestors| {
                [&class].into_iter().chain(ancestors).all(|&class| {
                    let own = &self.classes[class as usize];
                    let merged = self.declared.merged.get(&class);
                    !own.members.contains_key(&(name, false))
                        && !own.declared.contains(&name)
                        && !self.declared.field_names.contains(&(class, name))
                        && !self.declared.fields.contains_key(&(class, name, false))
                        && merged.into_iter().flatten().all(|&ty| self.lacks_member(Part::Type(ty), name))
                })
            }),
            Part::Type(ty) => {
                self.types[ty as usize].library.is_none()
                    && self
                        .names_of_type(ty)
                        .is_some_and(|names| !names.contains(&name) && !names.contains(&self.element))
            }
            _ => false,
        }
    }

    pub(super) fn type_has_members(&self, own: TypeId, ty: TypeId) -> bool {
        if own == ty || self.types[own as usize].library.is_some() {
            return true;
        }
        let Some(names) = self.names_of_type(own) else {
            return true;
        };
        self.requires_only(ty, &|name| names.contains(&name))
    }

    /// The members that a type and its bases declare; `None` where not all of them are known.
    fn names_of_type(&self, ty: TypeId) -> Option<FxHashSet<Name>> {
        let mut names = FxHashSet::default();
        for ty in self.type_with_bases(ty) {
            names.extend(self.types[ty as usize].members.keys().copied());
            if self.bases_of_type(ty)?.iter().any(|base| !matches!(base, Part::Type(_))) {
                return None;
            }
        }
        Some(names)
    }

    fn requires_only(&self, ty: TypeId, has: &dyn Fn(Name) -> bool) -> bool {
        self.type_with_bases(ty).into_iter().all(|ty| {
            let own = &self.types[ty as usize];
            match own.library {
                // Nothing of the project is an array or a string; of other library types the members are not known.
                Some(library) => self.names[library as usize] != "Array.prototype",
                None => own.required.iter().all(|&name| has(name)),
            }
        })
    }
}

/// The node that a flow fills, and whether with what a field or an element holds.
fn filled_by(flow: &Flow) -> Option<(Node, bool)> {
    match *flow {
        Flow::Load { to, .. }
        | Flow::LoadAny { to, .. }
        | Flow::Iterate { to, .. }
        | Flow::IterateAt { to, .. }
        | Flow::Await { to, .. }
        | Flow::Narrowed { to, .. }
        | Flow::Guarded { to, .. } => Some((to, true)),
        Flow::Assign { to, .. }
        | Flow::Default { to, .. }
        | Flow::Function { to, .. }
        | Flow::Class { to, .. }
        | Flow::Object { to, .. }
        | Flow::Array { to, .. }
        | Flow::External { to, .. }
        | Flow::Global { to, .. }
        | Flow::Key { to, .. }
        | Flow::Type { to, .. }
        | Flow::Unknown { to } => Some((to, false)),
        _ => None,
    }
}

pub(super) fn tidy(mut parts: Parts) -> Option<Parts> {
    parts.sort_unstable();
    parts.dedup();
    (parts.len() <= MAX_PARTS).then_some(parts)
}

/// The part that a type of the library is; `None`: one that anything may be.
pub(super) fn primitive(name: &str) -> Option<Part> {
    match name {
        "String.prototype" | "Number.prototype" | "Boolean.prototype" | "BigInt.prototype" | "Symbol.prototype" => {
            Some(Part::Primitive)
        }
        "Function.prototype" => Some(Part::Callable),
        _ => None,
    }
}
