//! Types of nodes: what their own annotation says, or that of the field, element or call that they read, and in files
//! that a compiler checks also what follows from initial values and from where a function is passed.

use drift_facts::{CalleeShape, ExportFact, Flow, FunctionFact, ImportKind, MemberKind, NONE, SiteKind};

use rustc_hash::FxHashSet;

use super::Solver;
use super::declared::{SITE, primitive, tidy};
use super::model::{ClassId, FunctionId, Name, Node, Object, SiteId, Type, TypeId};
use super::tested::Test;
use crate::imports::Resolved;

/// Declarations are followed through this many others; recursive ones end here.
pub(super) const MAX_DEPTH: u32 = 40;
/// See [`Declared::types`](super::declared::Declared).
pub(super) const NOT_SETTLED: u32 = 0;
pub(super) const NOT_ASKED: u32 = u32::MAX;
/// Steps to the type of one node, and of all nodes for each node: what takes more is not settled. Recursive declarations
/// have more ways through them than anybody needs.
const MAX_STEPS: u32 = 10_000;
const STEPS_PER_NODE: u64 = 64;
const FREE_STEPS: u64 = 1_000_000;
/// Types within types: what is nested more deeply settles nothing.
const MAX_NESTING: u8 = 6;

/// One of the types that a value can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// The class or one that extends it.
    Class(ClassId),
    /// The same, of what methods are called on: nothing that only looks like one.
    Receiver(ClassId),
    /// An interface or a type literal.
    Type(TypeId),
    Callable,
    Primitive,
    /// The class as such, or one that extends it.
    Maker(ClassId),
    /// What has the type of this function.
    Function(FunctionId),
    /// A function that returns what this node holds.
    Signature(Node),
    /// The type parameter at this node.
    Parameter(Node),
    /// What a file exports.
    Module(u32),
    /// What has the shape of the literal at this node.
    Literal(Node),
    /// Index into [`Declared::shapes`](super::declared::Declared).
    Shape(u32),
}

/// Sorted, each once. Empty: no value but `null` or `undefined`.
pub(super) type Parts = Vec<Part>;

/// What type parameters stand for, by their nodes, sorted.
pub(super) type Bindings = Vec<(Node, Parts)>;

/// A type that is made of others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// A class or type with its arguments.
    Applied(Part, Vec<Parts>),
    List(Parts),
    Tuple(Vec<Parts>),
    /// Keys and values.
    Map(Parts, Parts),
    /// A function or signature in which type parameters stand for something.
    Bound(Part, Bindings),
}

/// Where the only values of a node come from.
#[derive(Clone, Copy)]
enum Source {
    Node(Node),
    Part(Part),
    Field {
        base: Node,
        field: Name,
    },
    Element(Node),
    ElementAt(Node, u32),
    Array(Node),
    Call(SiteId),
    /// What is, or is not, an instance of what the second node holds.
    Narrowed {
        from: Node,
        declared: Node,
        is: bool,
    },
    /// What a function says of an argument.
    Guarded {
        from: Node,
        call: Node,
        argument: u32,
        is: bool,
    },
    /// No value.
    Nothing,
    /// Something that is not settled by declarations.
    Other,
}

impl Solver<'_> {
    /// Where what a node holds comes from, by one entry of [`Declared::sources`](super::declared::Declared).
    fn source_at(&self, file: usize, entry: u32) -> [Source; 2] {
        let (base, facts) = (&self.bases[file], self.files[file].facts);
        if entry >= SITE {
            return [Source::Call(base.site + (entry - SITE)), Source::Nothing];
        }
        let at = |node: Node| if node == NONE { 0 } else { base.node + node };
        let one = match facts.flows[entry as usize] {
            Flow::Assign { from, .. } | Flow::Await { from, .. } => Source::Node(at(from)),
            Flow::Default { from, default, .. } => return [Source::Node(at(from)), Source::Node(at(default))],
            Flow::Load { base: object, field, .. } => {
                Source::Field { base: at(object), field: base.names[field as usize] }
            }
            Flow::LoadAny { base: object, .. } => Source::Element(at(object)),
            Flow::Iterate { from, .. } => Source::Element(at(from)),
            Flow::IterateAt { from, index, .. } => Source::ElementAt(at(from), index),
            Flow::Narrowed { from, declared, is, .. } => {
                Source::Narrowed { from: at(from), declared: at(declared), is }
            }
            Flow::Guarded { from, call, argument, is, .. } => {
                Source::Guarded { from: at(from), call: at(call), argument, is }
            }
            Flow::Undefined { .. } => Source::Nothing,
            // What is not checked may turn out to be something else.
            _ if !facts.is_typed => Source::Other,
            Flow::Class { class, .. } => Source::Part(Part::Maker(base.class + class)),
            Flow::Function { function, .. } => Source::Part(Part::Function(base.function + function)),
            Flow::Object { to, .. } => Source::Part(Part::Literal(at(to))),
            Flow::Array { to, .. } => Source::Array(at(to)),
            Flow::Key { .. } => Source::Part(Part::Primitive),
            Flow::Type { .. } => Source::Nothing,
            Flow::External { name, .. } => match primitive(&self.names[base.names[name as usize] as usize]) {
                Some(part) => Source::Part(part),
                None => Source::Other,
            },
            _ => Source::Other,
        };
        [one, Source::Nothing]
    }

    fn sources_of(&self, node: Node) -> Vec<Source> {
        let sources = &self.declared.sources;
        let first = sources.partition_point(|&(to, _)| to < node);
        let own = sources[first..].iter().take_while(|&&(to, _)| to == node);
        let Some(file) = self.file_of(node) else { return Vec::new() };
        own.flat_map(|&(_, entry)| self.source_at(file, entry)).collect()
    }

    fn file_of(&self, node: Node) -> Option<usize> {
        self.bases.partition_point(|base| base.node <= node).checked_sub(1)
    }

    fn file_of_site(&self, site: SiteId) -> usize {
        self.bases.partition_point(|base| base.site <= site) - 1
    }

    /// The site whose result a node is.
    pub(super) fn site_of_result(&self, result: Node) -> Option<SiteId> {
        self.sources_of(result).into_iter().find_map(|source| match source {
            Source::Call(site) => Some(site),
            _ => None,
        })
    }

    /// The type of what a node holds; `None` where declarations do not settle it.
    pub(super) fn type_of(&mut self, node: Node, depth: u32) -> Option<Parts> {
        // What is no node of a file has no declarations.
        match self.declared.types.get(node as usize).copied() {
            None | Some(NOT_SETTLED) => return None,
            Some(NOT_ASKED) => {}
            Some(known) => return Some(self.declared.filters[known as usize].clone()),
        }
        if depth == 0 {
            self.declared.steps = 0;
        }
        if self.is_too_far(depth) {
            return None;
        }
        self.declared.types[node as usize] = NOT_SETTLED; // A type that needs itself is not settled.
        let found = self.find_type(node, depth + 1);
        if let Some(parts) = found.clone() {
            self.declared.types[node as usize] = self.filter_id(parts);
        }
        found
    }

    /// One more step; whether it is one too many.
    fn is_too_far(&mut self, depth: u32) -> bool {
        let declared = &mut self.declared;
        declared.steps += 1;
        declared.all_steps += 1;
        depth > MAX_DEPTH
            || declared.steps > MAX_STEPS
            || declared.all_steps > FREE_STEPS + STEPS_PER_NODE * declared.types.len() as u64
    }

    fn find_type(&mut self, node: Node, depth: u32) -> Option<Parts> {
        if self.declared.open.contains(&node) {
            return None;
        }
        if let Some(&class) = self.declared.instances.get(&node) {
            return Some(vec![Part::Class(class)]);
        }
        if let Some(&class) = self.declared.statics.get(&node) {
            return Some(vec![Part::Maker(class)]);
        }
        let annotations = self.declared.annotations.get(&node).cloned().unwrap_or_default();
        let signatures = self.declared.signatures.get(&node).cloned().unwrap_or_default();
        if !annotations.is_empty() || !signatures.is_empty() {
            let mut parts: Parts = signatures.into_iter().map(Part::Signature).collect();
            let mut applied = self.declared.applied.get(&node).cloned().unwrap_or_default();
            for declared in annotations {
                parts.extend(self.type_applied(declared, &mut applied, depth)?);
            }
            return tidy(parts);
        }
        if let Some(&like) = self.declared.likes.get(&node) {
            let found = self.type_of(like, depth);
            if found.is_some() {
                return found;
            }
        }
        if self.declared.filled.contains(&node) {
            return self.type_of_import(node, depth).or_else(|| self.type_from_context(node, depth));
        }
        let sources = self.sources_of(node);
        let (mut parts, mut is_any) = (Parts::new(), false);
        for source in sources {
            parts.extend(match source {
                Source::Node(from) => self.type_of(from, depth)?,
                Source::Part(part) => vec![part],
                Source::Field { base, field } => {
                    let base = self.type_of(base, depth)?;
                    self.type_of_field(&base, field, depth)?
                }
                Source::Element(base) => {
                    let base = self.type_of(base, depth)?;
                    self.type_of_element(&base, depth)?
                }
                Source::ElementAt(base, index) => {
                    let base = self.type_of(base, depth)?;
                    self.union(&base, |solver, part| solver.element_at(part, index as usize, depth))?
                }
                Source::Array(array) => self.type_of_array(array, depth)?,
                Source::Call(site) => self.type_of_call(site, depth)?,
                Source::Narrowed { from, declared, is } => {
                    let test = self.tested_for(declared, depth);
                    self.narrowed_type(from, test, is, depth)?
                }
                Source::Guarded { from, call, argument, is } => {
                    let said = self.said_by(call, argument, depth);
                    let test = said.and_then(|said| self.type_of(said, depth)).map_or(Test::Anything, Test::Parts);
                    self.narrowed_type(from, test, is, depth)?
                }
                Source::Nothing => continue,
                Source::Other => return None,
            });
            is_any = true;
        }
        if is_any { tidy(parts) } else { None }
    }

    /// The array that is written at a node, by what it is written with.
    fn type_of_array(&mut self, array: Node, depth: u32) -> Option<Parts> {
        // What will be put into an empty one is not known.
        let stored = self.declared.stores.get(&array).cloned().flatten().filter(|stored| !stored.is_empty())?;
        let mut parts = Parts::new();
        for (_, from) in stored {
            parts.extend(self.type_of(from, depth)?);
        }
        self.list_of(tidy(parts)?)
    }

    fn list_of(&mut self, elements: Parts) -> Option<Parts> {
        Some(vec![self.shape(Shape::List(elements))?])
    }

    /// `None` where it is nested too deeply.
    fn shape(&mut self, shape: Shape) -> Option<Part> {
        if let Some(&known) = self.declared.shape_ids.get(&shape) {
            return Some(Part::Shape(known));
        }
        let nesting = |part: &Part| match *part {
            Part::Shape(inner) => self.declared.shapes[inner as usize].1,
            _ => 0,
        };
        let deepest = match &shape {
            Shape::Applied(part, all) => all.iter().flatten().chain([part]).map(nesting).max(),
            Shape::List(parts) => parts.iter().map(nesting).max(),
            Shape::Tuple(all) => all.iter().flatten().map(nesting).max(),
            Shape::Map(keys, values) => keys.iter().chain(values).map(nesting).max(),
            Shape::Bound(part, bindings) => {
                bindings.iter().flat_map(|(_, parts)| parts).chain([part]).map(nesting).max()
            }
        };
        let deepest = deepest.unwrap_or(0);
        if deepest >= MAX_NESTING {
            return None;
        }
        let id = self.declared.shapes.len() as u32;
        self.declared.shapes.push((shape.clone(), deepest + 1));
        self.declared.shape_ids.insert(shape, id);
        Some(Part::Shape(id))
    }

    pub(super) fn shape_of(&self, part: Part) -> Option<&Shape> {
        match part {
            Part::Shape(shape) => Some(&self.declared.shapes[shape as usize].0),
            _ => None,
        }
    }

    /// The type that a node holds as a type.
    pub(super) fn type_named(&mut self, declared: Node, depth: u32) -> Option<Parts> {
        if self.declared.is_parameter.contains(&declared) {
            return Some(vec![Part::Parameter(declared)]);
        }
        self.type_held(declared, None, depth)
    }

    /// The same, with the arguments of the first of these applied types that is this one with arguments.
    fn type_applied(&mut self, declared: Node, applied: &mut Vec<Node>, depth: u32) -> Option<Parts> {
        let at = applied.iter().position(|one| self.declared.bases.get(one) == Some(&declared));
        let Some(at) = at else { return self.type_named(declared, depth) };
        let arguments = self.argument_types(applied.remove(at), depth);
        self.type_held(declared, arguments, depth)
    }

    /// What something is applied to, see [`Detail::Argument`]; those that are not settled are [`None`].
    fn argument_types(&mut self, of: Node, depth: u32) -> Option<Vec<Option<Parts>>> {
        let nodes = self.declared.arguments.get(&of).cloned()?;
        Some(nodes.into_iter().map(|node| self.type_of(node, depth)).collect())
    }

    /// The type that a node holds as a type, with its arguments. Of one that is not settled nothing is said.
    fn type_held(&mut self, declared: Node, arguments: Option<Vec<Option<Parts>>>, depth: u32) -> Option<Parts> {
        let mut parts = Parts::new();
        let mut is_type = false;
        let mut held: Vec<Object> =
            self.graph.objects(declared).iter().map(|&object| self.objects[object as usize]).collect();
        held.extend(self.declared.named.get(&declared).map(|&ty| Object::Type(ty)));
        if held.is_empty()
            && let [Source::Part(Part::Primitive), ..] = self.sources_of(declared)[..]
        {
            return Some(vec![Part::Primitive]);
        }
        for object in held {
            let part = match object {
                Object::Class(class) => Part::Class(class),
                Object::Type(ty) => {
                    let Some(instance) = self.is_alias(ty) else {
                        let part = self.list_or_map(ty, depth).unwrap_or(Part::Type(ty));
                        parts.push(self.applied(part, arguments.as_deref()));
                        is_type = true;
                        continue;
                    };
                    let stands_for = self.type_of(instance, depth)?;
                    let bindings = self.bindings(Part::Type(ty), arguments.as_deref());
                    parts.extend(self.substitute(stands_for, &bindings)?);
                    is_type = true;
                    continue;
                }
                Object::External(name) => primitive(&self.names[name as usize])?,
                // A value of the same name.
                Object::Function(_) | Object::Plain | Object::Array => continue,
                _ => return None,
            };
            parts.push(self.applied(part, arguments.as_deref()));
            is_type = true;
        }
        if is_type { tidy(parts) } else { None }
    }

    /// An array, tuple, set or map, by what is in it; `None` where that is not settled.
    fn list_or_map(&mut self, ty: TypeId, depth: u32) -> Option<Part> {
        let part = Part::Type(ty);
        if let Some((keys, values)) = self.map_of(part, depth) {
            return self.shape(Shape::Map(keys, values));
        }
        if !self.is_list(part) {
            return None;
        }
        if let Some(nodes) = self.declared.arguments.get(&self.types[ty as usize].instance).cloned() {
            let elements: Option<Vec<Parts>> = nodes.into_iter().map(|node| self.type_of(node, depth)).collect();
            return self.shape(Shape::Tuple(elements?));
        }
        let elements = self.element(part, depth)?;
        self.shape(Shape::List(elements))
    }

    /// A class or type with arguments; as it is where it has none, or they are not settled.
    fn applied(&mut self, part: Part, arguments: Option<&[Option<Parts>]>) -> Part {
        let Some(arguments) = arguments.filter(|_| !self.parameters_of(part).is_empty()) else { return part };
        let settled: Option<Vec<Parts>> = arguments.iter().cloned().collect();
        settled.and_then(|settled| self.shape(Shape::Applied(part, settled))).unwrap_or(part)
    }

    /// The nodes of the type parameters of a class, type or function.
    fn parameters_of(&self, part: Part) -> &[Node] {
        let of = match part {
            Part::Class(class) | Part::Maker(class) => self.classes[class as usize].instance,
            Part::Type(ty) => self.types[ty as usize].instance,
            Part::Function(function) => self.functions[function as usize].returns,
            Part::Signature(returns) => returns,
            _ => return &[],
        };
        self.declared.parameters.get(&of).map_or(&[], Vec::as_slice)
    }

    /// What the parameters of a class or type stand for; those whose arguments are not settled are left out.
    fn bindings(&self, part: Part, arguments: Option<&[Option<Parts>]>) -> Bindings {
        let given = arguments.into_iter().flatten();
        let mut bindings: Bindings = self
            .parameters_of(part)
            .iter()
            .zip(given)
            .filter_map(|(&parameter, argument)| Some((parameter, argument.clone()?)))
            .collect();
        bindings.sort_by_key(|&(parameter, _)| parameter);
        bindings
    }

    /// A type in which type parameters stand for what is bound to them.
    fn substitute(&mut self, parts: Parts, bindings: &Bindings) -> Option<Parts> {
        let is_fixed =
            |part: &Part| !matches!(part, Part::Parameter(_) | Part::Shape(_) | Part::Function(_) | Part::Signature(_));
        if bindings.is_empty() || parts.iter().all(is_fixed) {
            return Some(parts);
        }
        if self.is_too_far(0) {
            return None;
        }
        let mut all = Parts::new();
        for part in parts {
            match part {
                Part::Parameter(parameter) => match bindings.binary_search_by_key(&parameter, |&(of, _)| of) {
                    Ok(at) => all.extend(bindings[at].1.iter().copied()),
                    Err(_) => all.push(part),
                },
                Part::Function(_) | Part::Signature(_) => {
                    all.push(self.shape(Shape::Bound(part, bindings.clone()))?);
                }
                Part::Shape(shape) => {
                    let shape = self.declared.shapes[shape as usize].0.clone();
                    let mut each = |list: Vec<Parts>| -> Option<Vec<Parts>> {
                        list.into_iter().map(|parts| self.substitute(parts, bindings)).collect()
                    };
                    let shape = match shape {
                        Shape::Applied(part, arguments) => Shape::Applied(part, each(arguments)?),
                        Shape::List(elements) => Shape::List(each(vec![elements])?.pop()?),
                        Shape::Tuple(elements) => Shape::Tuple(each(elements)?),
                        Shape::Map(keys, values) => {
                            let mut both = each(vec![keys, values])?;
                            let values = both.pop()?;
                            Shape::Map(both.pop()?, values)
                        }
                        Shape::Bound(part, own) => {
                            let (parameters, bound): (Vec<Node>, Vec<Parts>) = own.into_iter().unzip();
                            Shape::Bound(part, parameters.into_iter().zip(each(bound)?).collect())
                        }
                    };
                    all.push(self.shape(shape)?);
                }
                part => all.push(part),
            }
        }
        tidy(all)
    }

    /// A type in which what is left of type parameters is their constraints; `None` where one has none.
    pub(super) fn with_constraints(&mut self, parts: Parts) -> Option<Parts> {
        if !parts.iter().any(|part| matches!(part, Part::Parameter(_))) {
            return Some(parts);
        }
        let mut all = Parts::new();
        for part in parts {
            match part {
                Part::Parameter(parameter) => all.extend(self.constraint(parameter, 0)?),
                part => all.push(part),
            }
        }
        tidy(all)
    }

    fn constraint(&mut self, parameter: Node, depth: u32) -> Option<Parts> {
        let parts = self.type_held(parameter, None, depth)?;
        (!parts.contains(&Part::Parameter(parameter))).then_some(parts)
    }

    /// The node that has the type which a type without members stands for.
    fn is_alias(&self, ty: TypeId) -> Option<Node> {
        let ty = &self.types[ty as usize];
        (ty.members.is_empty() && ty.extends.is_empty() && ty.library.is_none()).then_some(ty.instance)
    }

    /// What is imported into a node.
    fn type_of_import(&mut self, node: Node, depth: u32) -> Option<Parts> {
        let &(file, index) = self.declared.imported.get(&node)?;
        let import = &self.files[file as usize].facts.imports[index as usize];
        let Resolved::File(target) = self.imports.get(file, import.specifier) else { return None };
        match import.kind {
            ImportKind::Named(name) => {
                let from = self.exported(target, self.local(file, name))?;
                self.type_of(from, depth)
            }
            ImportKind::Namespace if !self.is_common_js(target) => Some(vec![Part::Module(target)]),
            _ => None,
        }
    }

    /// The node of a file whose value is exported under a name.
    fn exported(&self, file: u32, name: Name) -> Option<Node> {
        let star = self.name_ids.get("*");
        let (mut open, mut seen) = (vec![(file, name)], FxHashSet::default());
        while let Some((file, name)) = open.pop() {
            if !seen.insert((file, name)) || self.is_common_js(file) {
                continue;
            }
            let target = |specifier: u32| match self.imports.get(file, specifier) {
                Resolved::File(target) => Some(target),
                _ => None,
            };
            let exports = &self.exports[file as usize];
            match exports.get(&name).map(Vec::as_slice) {
                Some(&[ExportFact::Local { from, .. }]) => return Some(self.bases[file as usize].node + from),
                Some(&[ExportFact::Forward { specifier, imported, .. }]) => {
                    open.extend(target(specifier).map(|target| (target, self.local(file, imported))));
                }
                Some(_) => {}
                None => {
                    let all = star.and_then(|star| exports.get(star)).into_iter().flatten();
                    open.extend(all.filter_map(|export| match *export {
                        ExportFact::All { specifier } => target(specifier).map(|target| (target, name)),
                        _ => None,
                    }));
                }
            }
        }
        None
    }

    /// What a parameter without a type of its own is given, by where the function is passed.
    fn type_from_context(&mut self, parameter: Node, depth: u32) -> Option<Parts> {
        let &(function, index) = self.declared.contexts.get(&parameter)?;
        let &(site, argument) = self.declared.passed.get(&function)?;
        let (kind, callee) = (self.sites[site as usize].kind, self.sites[site as usize].callee);
        if let Some((field, this)) = self.member_called(site) {
            let receiver = self.type_of(this, depth)?;
            return self.union(&receiver, |solver, part| {
                if let Some(given) = solver.given_by_library(part, field, argument, index, site, depth) {
                    return Some(given);
                }
                let member = solver.type_of_member(part, field, depth)?;
                solver.given_to_argument(&member, argument, index, site, depth)
            });
        }
        let called = self.type_of(callee, depth)?;
        let called = if kind == SiteKind::New { self.constructors(&called)? } else { called };
        self.given_to_argument(&called, argument, index, site, depth)
    }

    fn constructors(&self, parts: &[Part]) -> Option<Parts> {
        parts
            .iter()
            .map(|&part| match part {
                Part::Maker(class) => Some(Part::Function(self.classes[class as usize].constructor)),
                _ => None,
            })
            .collect()
    }

    /// What a function that is the argument of a call of `called` is given as its argument `index`.
    fn given_to_argument(
        &mut self,
        called: &[Part],
        argument: usize,
        index: usize,
        site: SiteId,
        depth: u32,
    ) -> Option<Parts> {
        self.union(called, |solver, part| {
            let taken = solver.accepted(part, argument, depth)?;
            let given = solver.union(&taken, |solver, callback| solver.accepted(callback, index, depth))?;
            if given.iter().any(|given| matches!(given, Part::Parameter(_) | Part::Shape(_))) {
                let bindings = solver.inferred(part, site, true, depth);
                return solver.substitute(given, &bindings);
            }
            Some(given)
        })
    }

    /// What a function of the project or of a signature accepts as an argument.
    fn accepted(&mut self, part: Part, argument: usize, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        match part {
            Part::Function(function) => {
                let node = *self.functions[function as usize].params.get(argument)?;
                self.type_of(node, depth)
            }
            Part::Signature(returns) => {
                let accepts = self.declared.accepts.get(&returns)?;
                let &(_, node) = accepts.iter().find(|&&(index, _)| index as usize == argument)?;
                self.type_of(node, depth)
            }
            Part::Type(ty) => {
                let signatures = self.declared.signatures.get(&self.types[ty as usize].instance).cloned()?;
                let [returns] = signatures[..] else { return None };
                self.accepted(Part::Signature(returns), argument, depth)
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Bound(inner, bindings) => {
                    let accepted = self.accepted(inner, argument, depth)?;
                    self.substitute(accepted, &bindings)
                }
                Shape::Applied(inner, arguments) => {
                    let accepted = self.accepted(inner, argument, depth)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(accepted, &bindings)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn bindings_of(&self, part: Part, arguments: Vec<Parts>) -> Bindings {
        let arguments: Vec<Option<Parts>> = arguments.into_iter().map(Some).collect();
        self.bindings(part, Some(&arguments))
    }

    /// What the type parameters of a function stand for in a call, by what it is given. `leaves_out`: functions among it.
    fn inferred(&mut self, part: Part, site: SiteId, leaves_out: bool, depth: u32) -> Bindings {
        let function = match self.shape_of(part) {
            Some(Shape::Bound(inner, _)) => *inner,
            _ => part,
        };
        let parameters = self.parameters_of(function).to_vec();
        let mut bindings = Bindings::new();
        if parameters.is_empty() || self.is_too_far(depth) {
            return bindings;
        }
        for (index, given) in self.sites[site as usize].args.to_vec().into_iter().enumerate() {
            if leaves_out && self.declared.function_values.contains(&given) {
                continue;
            }
            if let (Some(wanted), Some(given)) = (self.accepted(part, index, depth + 1), self.type_of(given, depth + 1))
            {
                self.unify(&wanted, &given, &parameters, &mut bindings, depth + 1);
            }
        }
        if bindings.is_empty()
            && let Some(&to) = self.declared.assigned.get(&self.sites[site as usize].result)
            && let (Some(wanted), Some(given)) =
                (self.returns_if_function(part, depth + 1), self.type_of(to, depth + 1))
        {
            self.unify(&wanted, &given, &parameters, &mut bindings, depth + 1);
        }
        bindings.sort_by_key(|&(parameter, _)| parameter);
        bindings.retain_mut(|(_, parts)| match tidy(std::mem::take(parts)) {
            Some(tidied) => {
                *parts = tidied;
                true
            }
            None => false,
        });
        bindings
    }

    fn unify(&mut self, wanted: &[Part], given: &[Part], of: &[Node], bindings: &mut Bindings, depth: u32) {
        if self.is_too_far(depth) {
            return;
        }
        for &part in wanted {
            if let Part::Parameter(parameter) = part {
                if of.contains(&parameter) {
                    let others = given.iter().copied().filter(|one| !wanted.contains(one));
                    match bindings.iter_mut().find(|(bound, _)| *bound == parameter) {
                        Some((_, parts)) => parts.extend(others),
                        None => bindings.push((parameter, others.collect())),
                    }
                }
                continue;
            }
            for &one in given {
                if let (Some(wanted), Some(given)) =
                    (self.element_if_list(part, depth), self.element_if_list(one, depth))
                {
                    self.unify(&wanted, &given, of, bindings, depth + 1);
                }
                if let (Some(Shape::Applied(left, wanted)), Some(Shape::Applied(right, given))) =
                    (self.shape_of(part).cloned(), self.shape_of(one).cloned())
                    && left == right
                {
                    for (wanted, given) in wanted.iter().zip(&given) {
                        self.unify(wanted, given, of, bindings, depth + 1);
                    }
                }
                if let Part::Maker(class) = one
                    && let Part::Type(ty) = part
                    && let Some(nodes) = self.types[ty as usize].members.get(&self.made).cloned()
                {
                    for node in nodes {
                        if let Some(wanted) = self.type_of(node, depth) {
                            self.unify(&wanted, &[Part::Class(class)], of, bindings, depth + 1);
                        }
                    }
                }
                if let (Some(wanted), Some(given)) =
                    (self.returns_if_function(part, depth), self.returns_if_function(one, depth))
                {
                    self.unify(&wanted, &given, of, bindings, depth + 1);
                }
            }
        }
    }

    fn element_if_list(&mut self, part: Part, depth: u32) -> Option<Parts> {
        if self.is_list(part) { self.element(part, depth) } else { None }
    }

    fn returns_if_function(&mut self, part: Part, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        match part {
            Part::Function(function) => self.type_of(self.functions[function as usize].returns, depth),
            Part::Signature(returns) => self.type_of(returns, depth),
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Bound(inner, bindings) => {
                    let returned = self.returns_if_function(inner, depth)?;
                    self.substitute(returned, &bindings)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn type_of_field(&mut self, parts: &[Part], field: Name, depth: u32) -> Option<Parts> {
        self.union(parts, |solver, part| solver.type_of_member(part, field, depth))
    }

    pub(super) fn type_of_element(&mut self, parts: &[Part], depth: u32) -> Option<Parts> {
        self.union(parts, |solver, part| solver.element(part, depth))
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

    /// The library type behind a type.
    fn library_of_type(&self, part: Part) -> Option<&str> {
        let Part::Type(ty) = part else { return None };
        self.types[ty as usize].library.map(|name| self.names[name as usize].as_str())
    }

    /// Whether it is an array, or an iterable like one.
    fn is_list(&self, part: Part) -> bool {
        match self.shape_of(part) {
            Some(Shape::List(_) | Shape::Tuple(_)) => true,
            Some(_) => false,
            None => matches!(self.library_of_type(part), Some("Array.prototype" | "Set.prototype")),
        }
    }

    /// Keys and values of a map.
    fn map_of(&mut self, part: Part, depth: u32) -> Option<(Parts, Parts)> {
        if let Some(Shape::Map(keys, values)) = self.shape_of(part) {
            return Some((keys.clone(), values.clone()));
        }
        if !matches!(self.library_of_type(part), Some("Map.prototype" | "WeakMap.prototype")) {
            return None;
        }
        let Part::Type(ty) = part else { return None };
        let arguments = self.declared.arguments.get(&self.types[ty as usize].instance).cloned()?;
        let [keys, values] = arguments[..] else { return None };
        Some((self.type_of(keys, depth).unwrap_or_default(), self.type_of(values, depth)?))
    }

    /// What iterating over values of this type yields, or any of their elements.
    fn element(&mut self, part: Part, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        if let Some((keys, values)) = self.map_of(part, depth) {
            return Some(vec![self.shape(Shape::Tuple(vec![keys, values]))?]);
        }
        match part {
            Part::Type(_) => self.type_of_member(part, self.element, depth),
            Part::Parameter(parameter) => {
                let parts = self.constraint(parameter, depth)?;
                if depth > MAX_DEPTH {
                    None
                } else {
                    self.union(&parts, |solver, part| solver.element(part, depth + 1))
                }
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::List(elements) => Some(elements),
                Shape::Tuple(elements) => tidy(elements.concat()),
                Shape::Applied(inner, arguments) => {
                    let element = self.element(inner, depth)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(element, &bindings)
                }
                Shape::Map(..) | Shape::Bound(..) => None,
            },
            _ => None,
        }
    }

    fn element_at(&mut self, part: Part, index: usize, depth: u32) -> Option<Parts> {
        if let Some(Shape::Tuple(elements)) = self.shape_of(part) {
            return elements.get(index).cloned();
        }
        if let Part::Type(ty) = part
            && self.library_of_type(part) == Some("Array.prototype")
            && let Some(nodes) = self.declared.arguments.get(&self.types[ty as usize].instance)
        {
            let node = *nodes.get(index)?;
            return self.type_of(node, depth);
        }
        self.element(part, depth)
    }

    fn index_named(&self, field: Name) -> Option<usize> {
        if self.indices.contains(&field) { self.names[field as usize].parse().ok() } else { None }
    }

    pub(super) fn type_of_member(&mut self, part: Part, field: Name, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        if self.is_list(part)
            && let Some(index) = self.index_named(field)
        {
            return self.element_at(part, index, depth + 1);
        }
        match part {
            Part::Class(class) | Part::Receiver(class) => self.member_of_class(class, field, false, depth),
            Part::Maker(class) => self.member_of_class(class, field, true, depth),
            Part::Type(ty) => {
                let found = self.types[ty as usize].members.get(&field).cloned();
                if let Some(nodes) = found {
                    let mut parts = Parts::new();
                    for node in nodes {
                        parts.extend(self.type_of(node, depth)?);
                    }
                    return tidy(parts);
                }
                if self.types[ty as usize].library.is_none()
                    && self.types[ty as usize].members.contains_key(&self.element)
                {
                    return self.type_of_member(part, self.element, depth + 1);
                }
                let bases = self.bases_with_arguments(ty, depth)?;
                self.union(&bases, |solver, base| solver.type_of_member(base, field, depth + 1))
            }
            Part::Parameter(parameter) => {
                let parts = self.constraint(parameter, depth)?;
                self.union(&parts, |solver, part| solver.type_of_member(part, field, depth + 1))
            }
            Part::Literal(literal) => {
                let stored = self.declared.stores.get(&literal).cloned().flatten()?;
                let mut parts = Parts::new();
                let mut is_any = false;
                for (_, from) in stored.into_iter().filter(|&(name, _)| name == field) {
                    parts.extend(self.type_of(from, depth)?);
                    is_any = true;
                }
                if is_any { tidy(parts) } else { None }
            }
            Part::Module(file) => {
                let from = self.exported(file, field)?;
                self.type_of(from, depth)
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Applied(inner, arguments) => {
                    let member = self.type_of_member(inner, field, depth + 1)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(member, &bindings)
                }
                _ => None,
            },
            Part::Callable | Part::Primitive | Part::Function(_) | Part::Signature(_) => None,
        }
    }

    fn member_of_class(&mut self, class: ClassId, field: Name, is_static: bool, depth: u32) -> Option<Parts> {
        let own = self.classes[class as usize].origin.unwrap_or(class);
        if let Some(&like) = self.declared.fields.get(&(own, field, is_static)) {
            return self.type_of(like, depth);
        }
        for (kind, function) in
            self.classes[class as usize].members.get(&(field, is_static)).cloned().unwrap_or_default()
        {
            match kind {
                MemberKind::Method => return Some(vec![Part::Function(function)]),
                MemberKind::Getter => return self.type_of(self.functions[function as usize].returns, depth),
                MemberKind::Setter => {}
            }
        }
        let bases = self.bases_of_class(class)?;
        let arguments = self.argument_types(self.classes[class as usize].instance, depth);
        self.union(&bases, |solver, base| {
            let Part::Class(inherited) = base else { return None };
            let member = if is_static { Part::Maker(inherited) } else { base };
            let member = solver.type_of_member(member, field, depth + 1)?;
            let bindings = solver.bindings(base, arguments.as_deref());
            solver.substitute(member, &bindings)
        })
    }

    /// What a type extends, with its arguments.
    fn bases_with_arguments(&mut self, ty: TypeId, depth: u32) -> Option<Parts> {
        let Type { instance, extends, .. } = &self.types[ty as usize];
        let mut applied = self.declared.applied.get(instance).cloned().unwrap_or_default();
        if applied.is_empty() {
            return self.bases_of_type(ty);
        }
        let mut all = Parts::new();
        for node in extends.clone() {
            all.extend(self.type_applied(node, &mut applied, depth)?);
        }
        Some(all)
    }

    /// The member that a site calls on its receiver, and the node of the receiver.
    pub(super) fn member_called(&self, site: SiteId) -> Option<(Name, Node)> {
        let file = self.file_of_site(site);
        // Behind the calls that are written come those that are not.
        let fact = self.files[file].facts.sites.get((site - self.bases[file].site) as usize)?;
        let CalleeShape::Member(field) = fact.shape else { return None };
        let this = self.sites[site as usize].this;
        (fact.on_receiver && this != 0).then(|| (self.local(file as u32, field), this))
    }

    fn type_of_call(&mut self, site: SiteId, depth: u32) -> Option<Parts> {
        let (kind, callee) = (self.sites[site as usize].kind, self.sites[site as usize].callee);
        match kind {
            SiteKind::New => return self.type_of_made(site, callee, depth),
            SiteKind::Call | SiteKind::OptionalCall => {}
            _ => return None,
        }
        if let Some((field, this)) = self.member_called(site) {
            if let Some(known) = self.made_by_library(site, field, this, depth) {
                return Some(known);
            }
            let receiver = self.type_of(this, depth)?;
            return self.union(&receiver, |solver, part| {
                if let Some(known) = solver.returned_by_library(part, field, site, depth) {
                    return Some(known);
                }
                let member = solver.type_of_member(part, field, depth)?;
                solver.union(&member, |solver, function| solver.returned(function, site, depth))
            });
        }
        if let Some(called) = self.type_of(callee, depth) {
            return self.union(&called, |solver, function| solver.returned(function, site, depth));
        }
        if self.declared.filled.contains(&callee) && !self.declared.imported.contains_key(&callee) {
            return None;
        }
        let held = self.graph.objects(callee).to_vec();
        let mut all = Parts::new();
        for object in &held {
            let Object::Function(function) = self.objects[*object as usize] else { return None };
            all.extend(self.returned(Part::Function(function), site, depth)?);
        }
        if held.is_empty() { None } else { tidy(all) }
    }

    /// What `new` makes at a site.
    fn type_of_made(&mut self, site: SiteId, callee: Node, depth: u32) -> Option<Parts> {
        let file = self.file_of_site(site);
        if !self.files[file].facts.is_typed {
            return None;
        }
        let result = self.sites[site as usize].result;
        let explicit = self.argument_types(result, depth);
        if let Some(name) = self.global_named(callee) {
            let mut arguments: Vec<Parts> = explicit?.into_iter().collect::<Option<_>>()?;
            return match (self.names[name as usize].as_str(), arguments.len()) {
                ("Map" | "WeakMap", 2) => {
                    let values = arguments.pop()?;
                    Some(vec![self.shape(Shape::Map(arguments.pop()?, values))?])
                }
                ("Set" | "Array", 1) => self.list_of(arguments.pop()?),
                _ => None,
            };
        }
        let called = self.type_of(callee, depth)?;
        self.union(&called, |solver, part| match part {
            Part::Maker(class) => {
                let constructor = solver.classes[class as usize].constructor;
                // It may return something else.
                if !solver.sources_of(solver.functions[constructor as usize].returns).is_empty() {
                    return None;
                }
                let made = Part::Class(class);
                let parameters = solver.parameters_of(made).to_vec();
                if parameters.is_empty() {
                    return Some(vec![made]);
                }
                let arguments = match &explicit {
                    Some(explicit) => explicit.clone(),
                    None => {
                        let bindings = solver.inferred_by_constructor(class, site, depth);
                        let of = |parameter: &Node| {
                            let at = bindings.iter().find(|(bound, _)| bound == parameter);
                            at.map(|(_, parts)| parts.clone())
                        };
                        parameters.iter().map(of).collect()
                    }
                };
                Some(vec![solver.applied(made, Some(&arguments))])
            }
            Part::Type(ty) => {
                let nodes = solver.types[ty as usize].members.get(&solver.made).cloned()?;
                let mut parts = Parts::new();
                for node in nodes {
                    parts.extend(solver.type_of(node, depth)?);
                }
                tidy(parts)
            }
            _ => None,
        })
    }

    fn inferred_by_constructor(&mut self, class: ClassId, site: SiteId, depth: u32) -> Bindings {
        let parameters = self.parameters_of(Part::Class(class)).to_vec();
        let constructor = Part::Function(self.classes[class as usize].constructor);
        let mut bindings = Bindings::new();
        for (index, given) in self.sites[site as usize].args.to_vec().into_iter().enumerate() {
            if let (Some(wanted), Some(given)) =
                (self.accepted(constructor, index, depth + 1), self.type_of(given, depth + 1))
            {
                self.unify(&wanted, &given, &parameters, &mut bindings, depth + 1);
            }
        }
        bindings.sort_by_key(|&(parameter, _)| parameter);
        bindings
    }

    /// What calling a function of this type at a site returns.
    fn returned(&mut self, part: Part, site: SiteId, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        let returned = match part {
            Part::Function(function) => self.type_of(self.functions[function as usize].returns, depth)?,
            Part::Signature(returns) => self.type_of(returns, depth)?,
            Part::Type(ty) => {
                let signatures = self.declared.signatures.get(&self.types[ty as usize].instance).cloned()?;
                let mut all = Parts::new();
                for returns in signatures {
                    all.extend(self.returned(Part::Signature(returns), site, depth + 1)?);
                }
                return tidy(all);
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Bound(inner, bindings) => {
                    let returned = self.returns_if_function(inner, depth)?;
                    self.substitute(returned, &bindings)?
                }
                Shape::Applied(inner, arguments) => {
                    let returned = self.returned(inner, site, depth + 1)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(returned, &bindings)?
                }
                _ => return None,
            },
            _ => return None,
        };
        if returned.iter().any(|part| matches!(part, Part::Parameter(_) | Part::Shape(_))) {
            let bindings = self.inferred(part, site, false, depth);
            return self.substitute(returned, &bindings);
        }
        Some(returned)
    }

    /// The global variable that a node reads.
    fn global_named(&self, node: Node) -> Option<Name> {
        let sources = &self.declared.sources;
        let first = sources.partition_point(|&(to, _)| to < node);
        let &(to, entry) = sources.get(first)?;
        if to != node || entry >= SITE {
            return None;
        }
        let file = self.file_of(node)?;
        match self.files[file].facts.flows[entry as usize] {
            Flow::Global { name, .. } => Some(self.bases[file].names[name as usize]),
            _ => None,
        }
    }

    /// What functions of the library make that are no members of what they are given.
    fn made_by_library(&mut self, site: SiteId, field: Name, this: Node, depth: u32) -> Option<Parts> {
        let global = self.global_named(this)?;
        let given = *self.sites[site as usize].args.first()?;
        let given = self.type_of(given, depth)?;
        match (self.names[global as usize].as_str(), self.names[field as usize].as_str()) {
            ("Object", "values") | ("Array", "from") => {
                let elements = self.type_of_element(&given, depth)?;
                self.list_of(elements)
            }
            ("Object", "entries") => {
                let elements = self.type_of_element(&given, depth)?;
                let pair = self.shape(Shape::Tuple(vec![vec![Part::Primitive], elements]))?;
                self.list_of(vec![pair])
            }
            ("Object", "assign" | "freeze") | ("Promise", "resolve" | "all") => Some(given),
            _ => None,
        }
    }

    /// What a member of an array or a map returns.
    fn returned_by_library(&mut self, part: Part, field: Name, site: SiteId, depth: u32) -> Option<Parts> {
        if let Some((keys, values)) = self.map_of(part, depth) {
            return match self.names[field as usize].as_str() {
                "get" => Some(values),
                "values" => self.list_of(values),
                "keys" => self.list_of(keys),
                "entries" => {
                    let pair = self.shape(Shape::Tuple(vec![keys, values]))?;
                    self.list_of(vec![pair])
                }
                _ => None,
            };
        }
        if !self.is_list(part) {
            return None;
        }
        let callback = self.sites[site as usize].args.first().copied();
        match self.names[field as usize].as_str() {
            "at" | "pop" | "shift" => self.element(part, depth),
            "find" | "findLast" => match self.said_by_callback(callback, depth) {
                Some(said) => Some(said),
                None => self.element(part, depth),
            },
            "filter" => match self.said_by_callback(callback, depth) {
                Some(said) => self.list_of(said),
                None => {
                    let elements = self.element(part, depth)?;
                    self.list_of(elements)
                }
            },
            "slice" | "splice" | "reverse" | "sort" | "toReversed" | "toSorted" | "values" | "toSpliced" => {
                let elements = self.element(part, depth)?;
                self.list_of(elements)
            }
            "concat" => {
                let mut elements = self.element(part, depth)?;
                for given in self.sites[site as usize].args.to_vec() {
                    for part in self.type_of(given, depth)? {
                        match self.element_if_list(part, depth) {
                            Some(more) => elements.extend(more),
                            None => elements.push(part),
                        }
                    }
                }
                let elements = tidy(elements)?;
                self.list_of(elements)
            }
            "map" => {
                let called = self.type_of(callback?, depth)?;
                let returned = self.union(&called, |solver, part| solver.returns_if_function(part, depth))?;
                self.list_of(returned)
            }
            _ => None,
        }
    }

    /// What a function that a member of an array is given says of its first argument.
    fn said_by_callback(&mut self, callback: Option<Node>, depth: u32) -> Option<Parts> {
        let [Part::Function(function)] = self.type_of(callback?, depth)?[..] else { return None };
        let &(argument, said) = self.declared.says.get(&function)?;
        if argument == 0 { self.type_of(said, depth) } else { None }
    }

    /// What a member of an array or a map gives, as argument `index`, to the function that is its argument.
    fn given_by_library(
        &mut self,
        part: Part,
        field: Name,
        argument: usize,
        index: usize,
        site: SiteId,
        depth: u32,
    ) -> Option<Parts> {
        if argument != 0 {
            return None;
        }
        if let Some((keys, values)) = self.map_of(part, depth) {
            let name = self.names[field as usize].as_str();
            return match (name, index) {
                ("forEach", 0) => Some(values),
                ("forEach", 1) => Some(keys),
                _ => None,
            };
        }
        if self.names[field as usize] == "then" && index == 0 && !matches!(part, Part::Literal(_)) {
            // The engine looks through promises, so what they resolve to stands for them.
            let is_own = self.type_of_member(part, field, depth).is_some();
            return if is_own { None } else { Some(vec![part]) };
        }
        if !self.is_list(part) {
            return None;
        }
        let of_elements = match (self.names[field as usize].as_str(), index) {
            (
                "forEach" | "map" | "filter" | "find" | "findLast" | "findIndex" | "findLastIndex" | "some" | "every"
                | "flatMap",
                0,
            )
            | ("sort" | "toSorted", 0 | 1)
            | ("reduce" | "reduceRight", 1) => true,
            ("reduce" | "reduceRight", 0) => self.sites[site as usize].args.len() == 1,
            _ => return None,
        };
        if of_elements {
            return self.element(part, depth);
        }
        let &first = self.sites[site as usize].args.get(1)?;
        self.type_of(first, depth)
    }

    pub(super) fn bases_of_class(&self, class: ClassId) -> Option<Parts> {
        let extends = self.classes[class as usize].extends;
        let held = self.graph.objects(extends).iter();
        held.map(|&object| match self.objects[object as usize] {
            Object::Class(class) => Some(Part::Class(class)),
            _ => None,
        })
        .collect()
    }

    pub(super) fn bases_of_type(&self, ty: TypeId) -> Option<Parts> {
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
}

/// Whether a function is written where it stands, so that what it is given follows from there: `value` was made after it.
pub(super) const fn takes_its_types_from_around(fact: &FunctionFact, value: Node) -> bool {
    value > fact.returns
}
