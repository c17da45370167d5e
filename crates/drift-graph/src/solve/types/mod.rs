//! Types of nodes: what their own annotation says, or that of the field, element or call that they read, and in files
//! that a compiler checks also what follows from initial values and from where a function is passed.

mod calls;
mod context;
mod library;
mod members;
mod named;
mod shapes;
mod tested;

use drift_facts::{Flow, FunctionFact, NONE};

use self::tested::Test;
use super::Solver;
use super::declared::{SITE, primitive, tidy};
use super::model::{ClassId, FunctionId, Name, Node, SiteId, TypeId};

/// Declarations are followed through this many others; recursive ones end here.
const MAX_DEPTH: u32 = 40;
/// See [`Declared::types`](crate::solve::declared::Declared).
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
    /// The type parameter at this node. The type `this` of a class or interface is one, at the node of its instances.
    Parameter(Node),
    /// What a file exports.
    Module(u32),
    /// What has the shape of the literal at this node.
    Literal(Node),
    /// Index into [`Declared::shapes`](crate::solve::declared::Declared).
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
    /// A function or signature in which type parameters stand for something, or a base class as `super`.
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
    /// Where what a node holds comes from, by one entry of [`Declared::sources`](crate::solve::declared::Declared).
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

    pub(super) fn file_of_site(&self, site: SiteId) -> usize {
        self.bases.partition_point(|base| base.site <= site) - 1
    }

    /// The site whose result a node is.
    pub(in crate::solve) fn site_of_result(&self, result: Node) -> Option<SiteId> {
        self.sources_of(result).into_iter().find_map(|source| match source {
            Source::Call(site) => Some(site),
            _ => None,
        })
    }

    /// The type of what a node holds; `None` where declarations do not settle it.
    pub(in crate::solve) fn type_of(&mut self, node: Node, depth: u32) -> Option<Parts> {
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
    pub(super) fn is_too_far(&mut self, depth: u32) -> bool {
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
        if self.declared.this_types.contains_key(&node) {
            return Some(vec![Part::Parameter(node)]);
        }
        if let Some(&this) = self.declared.supers.get(&node) {
            return self.type_of_super(this, depth);
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
            if let Some(&like) = self.declared.likes.get(&node) {
                parts.extend(self.type_of(like, depth)?);
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
}

/// Whether a function is written where it stands, so that what it is given follows from there: `value` was made after it.
pub(super) const fn takes_its_types_from_around(fact: &FunctionFact, value: Node) -> bool {
    value > fact.returns
}
