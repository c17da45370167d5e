//! What declared types say about nodes: which objects a node cannot hold.
//!
//! Once classes and types are known, and before values flow, the type of a node is worked out where declarations settle
//! it: its own annotation, or that of the field, element or call that it reads. Where all parts of such a type are known,
//! objects that are of none of them are kept out of the node. A value whose type nothing settles is never kept out of
//! anything, nor are literals, which have whatever shape their type asks for.

use drift_facts::{CalleeShape, Flow, Library, MemberKind, NONE, SiteKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::model::{ClassId, Name, Node, Object, ObjectId, SiteId, Type, TypeId};

/// Declarations are followed through this many others; recursive ones end here.
const MAX_DEPTH: u32 = 40;
/// See [`Declared::types`].
const NOT_SETTLED: u32 = 0;
const NOT_ASKED: u32 = u32::MAX;
/// See [`Declared::sources`].
const SITE: u32 = 1 << 31;
/// Parts of one type; with more it keeps nothing out.
const MAX_PARTS: usize = 64;

/// One of the types that a value can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    /// The class or one that extends it.
    Class(ClassId),
    /// An interface or a type literal.
    Type(TypeId),
    Callable,
    Primitive,
}

/// Sorted, each once. Empty: no value but `null` or `undefined`.
type Parts = Vec<Part>;

/// Where the only values of a node come from.
#[derive(Clone, Copy)]
enum Source {
    Node(Node),
    Field {
        base: Node,
        field: Name,
    },
    Element(Node),
    Call(SiteId),
    /// Something that is not settled by declarations.
    Other,
}

/// Declarations by node and by class.
#[derive(Default)]
pub(super) struct Declared {
    annotations: FxHashMap<Node, Vec<Node>>,
    /// Nodes whose annotation does not say all.
    open: FxHashSet<Node>,
    /// What calling a value of the signatures at a node returns.
    signatures: FxHashMap<Node, Vec<Node>>,
    /// By node, in order, the flows and sites of its file that fill it: their place there, from [`SITE`] on that of sites.
    sources: Vec<(Node, u32)>,
    fields: FxHashMap<(ClassId, Name), Node>,
    field_names: FxHashSet<(ClassId, Name)>,
    instances: FxHashMap<Node, ClassId>,
    /// Nodes that are filled from elsewhere too: parameters, imports.
    filled: FxHashSet<Node>,
    /// By node of a file, which of [`Declared::filters`] its type is, or [`NOT_SETTLED`], or [`NOT_ASKED`].
    types: Vec<u32>,
    /// What is kept out of nodes: the parts that each filter lets in; the first is not used.
    filters: Vec<Parts>,
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
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
            return;
        };
        let filter = self.filter_id(parts);
        self.set_filter(node, filter);
    }

    fn filter_id(&mut self, parts: Parts) -> u32 {
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
        self.declared.ancestors = self.find_ancestors();
        self.declared.types = vec![NOT_ASKED; self.graph.len()];
        self.declared.types[0] = NOT_SETTLED;
        let mut nodes = self.collect_declarations();
        nodes.extend(self.declared.annotations.keys().copied());
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let parts = self.type_of(node, 0);
            self.filter_by(node, parts);
        }
    }

    /// Returns the nodes that hold what fields, elements and calls yield.
    fn collect_declarations(&mut self) -> Vec<Node> {
        let files = self.files;
        let mut read = Vec::new();
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
            }
            for function in &facts.functions {
                declared.filled.extend(function.params.iter().map(|&node| at(node)));
                declared.filled.extend([at(function.rest), at(function.this)]);
            }
            declared.filled.extend(facts.imports.iter().map(|import| at(import.to)));
            for (index, site) in facts.sites.iter().enumerate() {
                if site.result != NONE {
                    sources.push((at(site.result), index as u32 | SITE));
                    read.push(at(site.result));
                }
            }
            for (index, flow) in facts.flows.iter().enumerate() {
                match *flow {
                    Flow::Typed { to, declared: ty, alone: true } => {
                        declared.annotations.entry(at(to)).or_default().push(at(ty));
                    }
                    Flow::Typed { to, alone: false, .. } => {
                        declared.open.insert(at(to));
                    }
                    Flow::Signature { to, returns } => declared.signatures.entry(at(to)).or_default().push(at(returns)),
                    Flow::FieldLike { base: this, field, like } => {
                        if let Some(&class) = declared.instances.get(&at(this)) {
                            declared.fields.insert((class, named(field)), at(like));
                        }
                    }
                    Flow::Store { base: this, field, .. } => {
                        if let Some(&class) = declared.instances.get(&at(this)) {
                            declared.field_names.insert((class, named(field)));
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
        read
    }

    /// Where what a node holds comes from, by one entry of [`Declared::sources`].
    fn sources_at(&self, file: usize, entry: u32) -> [Option<Source>; 2] {
        let base = &self.bases[file];
        if entry >= SITE {
            return [Some(Source::Call(base.site + (entry - SITE))), None];
        }
        let at = |node: Node| if node == NONE { 0 } else { base.node + node };
        let one = match self.files[file].facts.flows[entry as usize] {
            Flow::Assign { from, .. } | Flow::Await { from, .. } => Source::Node(at(from)),
            Flow::Default { from, default, .. } => {
                return [Some(Source::Node(at(from))), Some(Source::Node(at(default)))];
            }
            Flow::Load { base: object, field, .. } => {
                Source::Field { base: at(object), field: base.names[field as usize] }
            }
            Flow::LoadAny { base: object, .. } => Source::Element(at(object)),
            Flow::Iterate { from, .. } | Flow::IterateAt { from, .. } => Source::Element(at(from)),
            _ => Source::Other,
        };
        [Some(one), None]
    }

    /// The type of what a node holds; `None` where declarations do not settle it.
    fn type_of(&mut self, node: Node, depth: u32) -> Option<Parts> {
        // What is no node of a file has no declarations.
        match self.declared.types.get(node as usize).copied() {
            None | Some(NOT_SETTLED) => return None,
            Some(NOT_ASKED) => {}
            Some(known) => return Some(self.declared.filters[known as usize].clone()),
        }
        if depth > MAX_DEPTH {
            return None;
        }
        self.declared.types[node as usize] = NOT_SETTLED; // A type that needs itself is not settled.
        let found = self.find_type(node, depth + 1);
        if let Some(parts) = found.clone() {
            self.declared.types[node as usize] = self.filter_id(parts);
        }
        found
    }

    fn find_type(&mut self, node: Node, depth: u32) -> Option<Parts> {
        if self.declared.open.contains(&node) {
            return None;
        }
        if let Some(&class) = self.declared.instances.get(&node) {
            return Some(vec![Part::Class(class)]);
        }
        let annotations = self.declared.annotations.get(&node).cloned().unwrap_or_default();
        let is_callable = self.declared.signatures.contains_key(&node);
        if !annotations.is_empty() || is_callable {
            let mut parts = Parts::new();
            if is_callable {
                parts.push(Part::Callable);
            }
            for declared in annotations {
                parts.extend(self.type_named(declared, depth)?);
            }
            return tidy(parts);
        }
        if self.declared.filled.contains(&node) {
            return None;
        }
        let sources = &self.declared.sources;
        let first = sources.partition_point(|&(to, _)| to < node);
        let sources: Vec<u32> =
            sources[first..].iter().take_while(|&&(to, _)| to == node).map(|&(_, entry)| entry).collect();
        if sources.is_empty() {
            return None;
        }
        let file = self.bases.partition_point(|base| base.node <= node) - 1;
        let sources: Vec<Source> =
            sources.into_iter().flat_map(|entry| self.sources_at(file, entry)).flatten().collect();
        let mut parts = Parts::new();
        for source in sources {
            parts.extend(match source {
                Source::Node(from) => self.type_of(from, depth)?,
                Source::Field { base, field } => {
                    let base = self.type_of(base, depth)?;
                    self.type_of_field(&base, field, depth)?
                }
                Source::Element(base) => {
                    let base = self.type_of(base, depth)?;
                    self.type_of_element(&base, depth)?
                }
                Source::Call(site) => self.type_of_call(site, depth)?,
                Source::Other => return None,
            });
        }
        tidy(parts)
    }

    /// The type that a node holds as a type.
    fn type_named(&mut self, declared: Node, depth: u32) -> Option<Parts> {
        let mut parts = Parts::new();
        let mut is_type = false;
        for object in self.graph.objects(declared).to_vec() {
            match self.objects[object as usize] {
                Object::Class(class) => parts.push(Part::Class(class)),
                Object::Type(ty) => {
                    let Some(instance) = self.is_alias(ty) else {
                        parts.push(Part::Type(ty));
                        is_type = true;
                        continue;
                    };
                    parts.extend(self.type_of(instance, depth)?);
                }
                Object::External(name) => parts.push(primitive(&self.names[name as usize])?),
                // A value of the same name.
                Object::Function(_) => continue,
                _ => return None,
            }
            is_type = true;
        }
        if is_type { tidy(parts) } else { None }
    }

    /// The node that has the type which a type without members stands for.
    fn is_alias(&self, ty: TypeId) -> Option<Node> {
        let ty = &self.types[ty as usize];
        (ty.members.is_empty() && ty.extends.is_empty() && ty.library.is_none()).then_some(ty.instance)
    }

    fn type_of_field(&mut self, parts: &[Part], field: Name, depth: u32) -> Option<Parts> {
        self.union(parts, |solver, part| solver.type_of_member(part, field, depth))
    }

    fn type_of_element(&mut self, parts: &[Part], depth: u32) -> Option<Parts> {
        let element = self.element;
        self.union(parts, |solver, part| match part {
            Part::Type(_) => solver.type_of_member(part, element, depth),
            _ => None,
        })
    }

    /// What all parts together yield; primitives yield nothing.
    fn union(&mut self, parts: &[Part], mut of: impl FnMut(&mut Self, Part) -> Option<Parts>) -> Option<Parts> {
        let mut all = Parts::new();
        let mut is_any = false;
        for &part in parts {
            if part != Part::Primitive {
                all.extend(of(self, part)?);
                is_any = true;
            }
        }
        if is_any { tidy(all) } else { None }
    }

    fn type_of_member(&mut self, part: Part, field: Name, depth: u32) -> Option<Parts> {
        if depth > MAX_DEPTH {
            return None;
        }
        match part {
            Part::Class(class) => {
                let own = self.classes[class as usize].origin.unwrap_or(class);
                if let Some(&like) = self.declared.fields.get(&(own, field)) {
                    return self.type_of(like, depth);
                }
                for (kind, function) in
                    self.classes[class as usize].members.get(&(field, false)).cloned().unwrap_or_default()
                {
                    match kind {
                        MemberKind::Method => return Some(vec![Part::Callable]),
                        MemberKind::Getter => return self.type_of(self.functions[function as usize].returns, depth),
                        MemberKind::Setter => {}
                    }
                }
                let bases = self.bases_of_class(class)?;
                self.union(&bases, |solver, base| solver.type_of_member(base, field, depth + 1))
            }
            Part::Type(ty) => {
                let found = self.types[ty as usize].members.get(&field).cloned();
                if let Some(nodes) = found {
                    let mut parts = Parts::new();
                    for node in nodes {
                        parts.extend(self.type_of(node, depth)?);
                    }
                    return tidy(parts);
                }
                if self.indices.contains(&field) && self.types[ty as usize].library.is_some() {
                    return self.type_of_member(part, self.element, depth + 1);
                }
                let bases = self.bases_of_type(ty)?;
                self.union(&bases, |solver, base| solver.type_of_member(base, field, depth + 1))
            }
            Part::Callable | Part::Primitive => None,
        }
    }

    fn type_of_call(&mut self, site: SiteId, depth: u32) -> Option<Parts> {
        let (kind, shape, callee, this) = {
            let site = &self.sites[site as usize];
            (site.kind, site.shape, site.callee, site.this)
        };
        if !matches!(kind, SiteKind::Call | SiteKind::OptionalCall) {
            return None;
        }
        if let (CalleeShape::Member(_), true) = (shape, this != 0) {
            let file = self.bases.partition_point(|base| base.site <= site) - 1;
            let fact = &self.files[file].facts.sites[(site - self.bases[file].site) as usize];
            let CalleeShape::Member(field) = fact.shape else { return None };
            if fact.on_receiver {
                let field = self.local(file as u32, field);
                let receiver = self.type_of(this, depth)?;
                return self.union(&receiver, |solver, part| solver.type_of_result(part, field, depth));
            }
        }
        if let Some(returns) = self.declared.signatures.get(&callee).cloned() {
            return self.type_of_all(&returns, depth);
        }
        let held = self.graph.objects(callee).to_vec();
        let mut returns = Vec::new();
        for object in held {
            let Object::Function(function) = self.objects[object as usize] else { return None };
            returns.push(self.functions[function as usize].returns);
        }
        if self.declared.filled.contains(&callee) { None } else { self.type_of_all(&returns, depth) }
    }

    fn type_of_all(&mut self, nodes: &[Node], depth: u32) -> Option<Parts> {
        let mut parts = Parts::new();
        for &node in nodes {
            parts.extend(self.type_of(node, depth)?);
        }
        if nodes.is_empty() { None } else { tidy(parts) }
    }

    /// What a member called on a value of this type returns.
    fn type_of_result(&mut self, part: Part, field: Name, depth: u32) -> Option<Parts> {
        if depth > MAX_DEPTH {
            return None;
        }
        match part {
            Part::Class(class) => {
                if let Some(members) = self.classes[class as usize].members.get(&(field, false)).cloned() {
                    let methods = members.iter().filter(|(kind, _)| *kind == MemberKind::Method);
                    let returns: Vec<Node> =
                        methods.map(|&(_, function)| self.functions[function as usize].returns).collect();
                    return self.type_of_all(&returns, depth);
                }
                let own = self.classes[class as usize].origin.unwrap_or(class);
                if let Some(like) = self.declared.fields.get(&(own, field)) {
                    let returns = self.declared.signatures.get(like).cloned()?;
                    return self.type_of_all(&returns, depth);
                }
                let bases = self.bases_of_class(class)?;
                self.union(&bases, |solver, base| solver.type_of_result(base, field, depth + 1))
            }
            Part::Type(ty) => {
                if let Some(nodes) = self.types[ty as usize].members.get(&field).cloned() {
                    let mut returns = Vec::new();
                    for node in nodes {
                        returns.extend(self.declared.signatures.get(&node)?);
                    }
                    return self.type_of_all(&returns, depth);
                }
                if let Some(library) = self.types[ty as usize].library {
                    if self.names[library as usize] != "Array.prototype" {
                        return None;
                    }
                    return match self.names[field as usize].as_str() {
                        "at" | "find" | "findLast" | "pop" | "shift" => {
                            self.type_of_member(part, self.element, depth + 1)
                        }
                        "filter" | "slice" | "splice" | "concat" | "reverse" | "sort" | "toReversed" | "toSorted" => {
                            Some(vec![part])
                        }
                        _ => None,
                    };
                }
                let bases = self.bases_of_type(ty)?;
                self.union(&bases, |solver, base| solver.type_of_result(base, field, depth + 1))
            }
            Part::Callable | Part::Primitive => None,
        }
    }

    fn bases_of_class(&self, class: ClassId) -> Option<Parts> {
        let extends = self.classes[class as usize].extends;
        let held = self.graph.objects(extends).iter();
        held.map(|&object| match self.objects[object as usize] {
            Object::Class(class) => Some(Part::Class(class)),
            _ => None,
        })
        .collect()
    }

    fn bases_of_type(&self, ty: TypeId) -> Option<Parts> {
        let extends = self.types[ty as usize].extends.iter();
        let held = extends.flat_map(|&node| self.graph.objects(node));
        held.filter_map(|&object| match self.objects[object as usize] {
            Object::Class(class) => Some(Some(Part::Class(class))),
            Object::Type(ty) => Some(Some(Part::Type(ty))),
            Object::Function(_) => None,
            _ => Some(None),
        })
        .collect()
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
                    let extends = self.classes[next as usize].extends;
                    if extends == 0 {
                        continue;
                    }
                    let held = self.graph.objects(extends);
                    if held.is_empty() {
                        return None;
                    }
                    for &base in held {
                        let Object::Class(base) = self.objects[base as usize] else {
                            return None;
                        };
                        if found.insert(base) {
                            open.push(base);
                        }
                    }
                }
                Some(found)
            })
            .collect()
    }

    fn admits(&self, part: Part, object: ObjectId) -> bool {
        match (self.objects[object as usize], part) {
            (Object::ClassInstance(class), Part::Class(wanted)) => {
                let ancestors = &self.declared.ancestors[class as usize];
                class == wanted || ancestors.as_ref().is_none_or(|ancestors| ancestors.contains(&wanted))
            }
            (Object::ClassInstance(class), Part::Type(ty)) => self.has_members(class, ty, 0),
            (Object::ClassInstance(_), Part::Callable | Part::Primitive) => false,
            (Object::Function(_) | Object::Class(_) | Object::Array | Object::TypeInstance(_), Part::Class(wanted)) => {
                self.declared.ancestors[wanted as usize].is_none()
            }
            (Object::Function(_), Part::Type(ty)) => {
                let Type { instance, required, members, .. } = &self.types[ty as usize];
                required.is_empty()
                    || self.declared.signatures.contains_key(instance)
                    || members.contains_key(&self.made)
            }
            (Object::Array, Part::Type(ty)) => {
                let Type { library, required, .. } = &self.types[ty as usize];
                library.is_some() || required.is_empty()
            }
            (Object::TypeInstance(own), Part::Type(ty)) => self.type_has_members(own, ty, 0),
            (Object::Function(_) | Object::Array | Object::TypeInstance(_), Part::Primitive) => false,
            (Object::Array | Object::TypeInstance(_), Part::Callable) => {
                matches!(self.objects[object as usize], Object::TypeInstance(_))
            }
            _ => true,
        }
    }

    /// Whether instances of a class have every member that a type requires.
    fn has_members(&self, class: ClassId, ty: TypeId, depth: u32) -> bool {
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
        self.requires_only(ty, &has, depth)
    }

    fn type_has_members(&self, own: TypeId, ty: TypeId, depth: u32) -> bool {
        if own == ty || self.types[own as usize].library.is_some() {
            return true;
        }
        let Some(names) = self.names_of_type(own, depth) else {
            return true;
        };
        self.requires_only(ty, &|name| names.contains(&name), depth)
    }

    /// The members that a type and its bases declare; `None` where not all of them are known.
    fn names_of_type(&self, ty: TypeId, depth: u32) -> Option<FxHashSet<Name>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut names: FxHashSet<Name> = self.types[ty as usize].members.keys().copied().collect();
        for base in self.bases_of_type(ty)? {
            let Part::Type(base) = base else { return None };
            names.extend(self.names_of_type(base, depth + 1)?);
        }
        Some(names)
    }

    fn requires_only(&self, ty: TypeId, has: &dyn Fn(Name) -> bool, depth: u32) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        let own = &self.types[ty as usize];
        if let Some(library) = own.library {
            // Nothing of the project is an array or a string; of other library types the members are not known.
            return self.names[library as usize] != "Array.prototype";
        }
        own.required.iter().all(|&name| has(name))
            && self.bases_of_type(ty).is_none_or(|bases| {
                bases.iter().all(|&base| match base {
                    Part::Type(base) => self.requires_only(base, has, depth + 1),
                    _ => true,
                })
            })
    }
}

/// The node that a flow fills, and whether with what a field or an element holds.
fn filled_by(flow: &Flow) -> Option<(Node, bool)> {
    match *flow {
        Flow::Load { to, .. } | Flow::LoadAny { to, .. } | Flow::Iterate { to, .. } | Flow::IterateAt { to, .. } => {
            Some((to, true))
        }
        Flow::Assign { to, .. }
        | Flow::Await { to, .. }
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

fn tidy(mut parts: Parts) -> Option<Parts> {
    parts.sort_unstable();
    parts.dedup();
    (parts.len() <= MAX_PARTS).then_some(parts)
}

/// The part that a type of the library is; `None`: one that anything may be.
fn primitive(name: &str) -> Option<Part> {
    match name {
        "String.prototype" | "Number.prototype" | "Boolean.prototype" | "BigInt.prototype" | "Symbol.prototype" => {
            Some(Part::Primitive)
        }
        "Function.prototype" => Some(Part::Callable),
        _ => None,
    }
}
