//! The solver: which functions each call can reach.
//!
//! An inclusion-based (Andersen) points-to analysis over the flow IR of all files at once: one abstract object per
//! function, class, literal, declared type and library name; one instance per class; fields told apart by object and
//! name; flow- and context-insensitive. Objects move along edges until nothing changes; loads, stores, calls and types
//! add edges as the objects they depend on arrive. Objects are added one at a time from a queue in a fixed order, so the
//! result depends on the input only. Cost: O(edges x objects per node), and a node holds at most [`MAX_OBJECTS`].

use drift_facts::{
    AccessKind, CalleeShape, ELEMENT, ExportFact, Flow, FunctionKind, ImportKind, MAX_INDEX, MemberKind, NONE,
    SiteKind, accessor_property, getter_field, setter_field,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::SourceFile;
use crate::imports::{Imports, Resolved};
use crate::library::{self, Effect};

/// Objects that one node keeps; past that it holds "unknown" instead of more.
pub const MAX_OBJECTS: usize = 24;
/// The field of an object's iterator method, and that of the iterator.
const ITERATOR: &str = "@@iterator";
const NEXT: &str = "next";

/// Names outside the project that one node keeps; which ones does not matter to who calls whom.
const MAX_LIBRARY_OBJECTS: usize = 4;
/// Parts of a library name such as `a.b.c()`; longer chains stay at that length.
const MAX_NAME_PARTS: usize = 5;

/// Index of a function over all files.
pub type FunctionId = u32;
type Node = u32;
type ObjectId = u32;
type Name = u32;
type ClassId = u32;
type TypeId = u32;
type SiteId = u32;

/// Something a node can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Object {
    Unknown,
    /// No value.
    Undefined,
    Function(FunctionId),
    /// What `new f()` makes, and the object in `f.prototype`.
    FunctionInstance(FunctionId),
    FunctionPrototype(FunctionId),
    Class(ClassId),
    ClassInstance(ClassId),
    ClassPrototype(ClassId),
    /// A literal, a namespace, or what `Object.create` makes.
    Plain,
    Array,
    /// The namespace object of a file.
    Module(u32),
    /// `module` of CommonJS.
    CommonJs(u32),
    /// A declared type as such, and any value of it.
    Type(TypeId),
    TypeInstance(TypeId),
    /// A signature without a body; calling it yields what this node holds.
    Signature(Node),
    External(Name),
    /// `f.call`, `f.apply`, `f.bind`.
    Call(FunctionId),
    Apply(FunctionId),
    Bind(FunctionId),
}

/// What happens when an object arrives at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Use {
    Load {
        to: Node,
        field: Name,
    },
    Store {
        field: Name,
        from: Node,
    },
    LoadAny {
        to: Node,
    },
    StoreAny {
        from: Node,
    },
    CopyFields {
        to: Node,
    },
    /// The node holds types; `to` holds values of them, and `alone` of nothing else.
    Typed {
        to: Node,
        alone: bool,
    },
    /// The field of this name holds what the declaration in `like` may hold.
    FieldLike {
        field: Name,
        like: Node,
    },
    Iterate {
        to: Node,
    },
    IterateAt {
        to: Node,
        index: u32,
    },
    /// `to` holds what the node holds, and `default` where that may be nothing.
    Default {
        to: Node,
        default: Node,
    },
    /// The node holds functions; `to` holds the elements of what they return.
    IterateResult {
        to: Node,
    },
    /// The node holds iterators; `to` holds what they yield.
    Yielded {
        to: Node,
    },
    /// The node holds `next` functions; `to` holds the `value` of what they return.
    StepValue {
        to: Node,
    },
    /// The node is the callee of this site.
    Callee(SiteId),
    /// The node is the receiver of this site, which calls the member of this name.
    Dispatch {
        site: SiteId,
        field: Name,
    },
    /// The node holds what this site calls on this receiver.
    CalleeOn {
        site: SiteId,
        receiver: ObjectId,
    },
    /// The node holds base classes; `to` holds their instances' or static members of this name.
    InheritedMember {
        to: Node,
        field: Name,
        is_static: bool,
    },
    /// The node holds base classes of a class whose constructor is implicit; the site creates it.
    InheritedConstructor(SiteId),
    /// The node holds base classes of this class.
    Extends(ClassId),
    /// The node holds types that this node's values implement.
    Implements {
        values: Node,
    },
    /// The node's fields are read by this node whatever their names.
    Prototype {
        to: Node,
        field: Name,
    },
    /// The node holds arguments that leave the project.
    Escape,
}

/// Work put off until the step that causes it is done.
#[derive(Clone, Copy, Debug)]
enum Pending {
    /// An object that was at a node before the use of that node.
    Use { used: Use, object: ObjectId },
    /// What a field of an object yields, asked for the first time.
    Read { object: ObjectId, field: Name, to: Node },
    /// What a file exports under a name, asked for the first time.
    Export { file: u32, name: Name, to: Node },
}

/// What is known about one call site when nothing changes any more.
#[derive(Clone, Debug, Default)]
pub struct SiteTargets {
    /// Functions of the project, in ascending order.
    pub functions: Vec<FunctionId>,
    /// Files whose module is loaded (`require`, `import()`).
    pub modules: Vec<u32>,
    /// Names outside the project, sorted.
    pub externals: Vec<String>,
    /// Something unknown can be called as well.
    pub unknown: bool,
    /// Something is declared to be callable here without a body anywhere.
    pub declared: bool,
    /// The node of the callee holds something, though nothing callable.
    pub holds_something: bool,
    /// The receiver is known, at least in part.
    pub receiver_known: bool,
    /// The callee comes from an import that leads nowhere.
    pub unresolved_import: bool,
}

struct Class {
    constructor: FunctionId,
    implicit: bool,
    extends: Node,
    instance: Node,
    members: FxHashMap<(Name, bool), Vec<(MemberKind, FunctionId)>>,
}

struct Type {
    instance: Node,
    /// Values that were given this type somewhere.
    values: Node,
    extends: Vec<Node>,
    members: FxHashMap<Name, Vec<Node>>,
    library: Option<Name>,
}

struct Function {
    params: Vec<Node>,
    rest: Node,
    this: Node,
    returns: Node,
    binds_this: bool,
}

struct Site {
    kind: SiteKind,
    callee: Node,
    this: Node,
    args: Vec<Node>,
    spread: Node,
    /// Arguments that may be undefined, as bits by position.
    maybe_missing: u32,
    result: Node,
    shape: CalleeShape,
}

/// The numbers of one file's parts among those of all files.
struct Base {
    node: u32,
    function: u32,
    class: u32,
    ty: u32,
    site: u32,
    object: ObjectId,
    names: Vec<Name>,
}

struct Solver<'f> {
    files: &'f [SourceFile<'f>],
    imports: &'f Imports,
    bases: Vec<Base>,
    names: Vec<String>,
    name_ids: FxHashMap<String, Name>,
    objects: Vec<Object>,
    object_ids: FxHashMap<Object, ObjectId>,
    functions: Vec<Function>,
    classes: Vec<Class>,
    types: Vec<Type>,
    sites: Vec<Site>,
    /// Property accesses whose name is that of an accessor, by file: their place among the file's, and their site.
    accesses: Vec<Vec<(u32, SiteId)>>,
    /// Iterations, by file: their place among the file's, the site of `[Symbol.iterator]()`, and that of `next()`.
    iterations: Vec<Vec<(u32, SiteId, SiteId)>>,
    /// By property name, the fields that hold its getters and setters.
    accessors: FxHashMap<Name, (Name, Name)>,
    accessor_fields: FxHashSet<Name>,

    holds: Vec<Vec<ObjectId>>,
    /// Nodes whose declared type makes "unknown" no news.
    typed: Vec<bool>,
    /// Nodes that hold instances of these classes only.
    only: FxHashMap<Node, Vec<ClassId>>,
    /// See [`Self::find_ancestors`].
    ancestors: Vec<Option<FxHashSet<ClassId>>>,
    /// Classes and types are known; now values flow.
    is_filtering: bool,
    edges: Vec<Vec<Node>>,
    uses: Vec<Vec<Use>>,
    seen_edges: FxHashSet<(Node, Node)>,
    seen_uses: FxHashSet<(Node, Use)>,
    fields: FxHashMap<(ObjectId, Name), Node>,
    fields_of: FxHashMap<ObjectId, Vec<(Name, Node)>>,
    /// What reading a field of an object yields.
    reads: FxHashMap<(ObjectId, Name), Node>,
    readers_of_any: FxHashMap<ObjectId, Vec<Node>>,
    exports: Vec<FxHashMap<Name, Vec<ExportFact>>>,
    export_nodes: FxHashMap<(u32, Name), Node>,
    module_values: Vec<Node>,
    globals: FxHashMap<Name, Node>,
    queue: Vec<(Node, ObjectId)>,
    pending: Vec<Pending>,

    targets: Vec<FxHashSet<ObjectId>>,
    /// What a site called on one receiver, so that the next one adds that receiver only.
    called: FxHashSet<(SiteId, ObjectId)>,
    unresolved: FxHashSet<Node>,
    /// Objects whose fields code outside the project can read.
    escaped: FxHashSet<ObjectId>,
    escape: Node,
    element: Name,
    prototype: Name,
    inherits: Name,
    exports_name: Name,
    default: Name,
    unknown: ObjectId,
    undefined: ObjectId,
    /// The fields of the first elements of an array.
    indices: FxHashSet<Name>,
}

/// What every site can reach.
pub struct Solution {
    /// By file, the targets of its call sites in the order of the facts.
    pub sites: Vec<Vec<SiteTargets>>,
    /// By file, property accesses that can run a function of the project: their place in the facts, and which.
    pub accesses: Vec<Vec<(u32, SiteTargets)>>,
    /// By file, iterations that can run a function of the project: their place in the facts, and which.
    pub iterations: Vec<Vec<(u32, SiteTargets)>>,
}

/// Resolves all files at once.
pub fn solve(files: &[SourceFile<'_>], imports: &Imports) -> Solution {
    let mut solver = Solver::new(files, imports);
    solver.load_files();
    solver.run();
    solver.load_all_values();
    solver.run();
    solver.finish()
}

impl<'f> Solver<'f> {
    fn new(files: &'f [SourceFile<'f>], imports: &'f Imports) -> Self {
        let mut solver = Self {
            files,
            imports,
            bases: Vec::with_capacity(files.len()),
            names: Vec::new(),
            name_ids: FxHashMap::default(),
            objects: vec![Object::Unknown, Object::Undefined],
            object_ids: FxHashMap::default(),
            functions: Vec::new(),
            classes: Vec::new(),
            types: Vec::new(),
            sites: Vec::new(),
            accesses: Vec::new(),
            iterations: Vec::new(),
            accessors: FxHashMap::default(),
            accessor_fields: FxHashSet::default(),
            holds: Vec::new(),
            typed: Vec::new(),
            only: FxHashMap::default(),
            ancestors: Vec::new(),
            is_filtering: false,
            edges: Vec::new(),
            uses: Vec::new(),
            seen_edges: FxHashSet::default(),
            seen_uses: FxHashSet::default(),
            fields: FxHashMap::default(),
            fields_of: FxHashMap::default(),
            reads: FxHashMap::default(),
            readers_of_any: FxHashMap::default(),
            exports: Vec::new(),
            export_nodes: FxHashMap::default(),
            module_values: Vec::new(),
            globals: FxHashMap::default(),
            queue: Vec::new(),
            pending: Vec::new(),
            targets: Vec::new(),
            called: FxHashSet::default(),
            unresolved: FxHashSet::default(),
            escaped: FxHashSet::default(),
            escape: 0,
            element: 0,
            prototype: 0,
            inherits: 0,
            exports_name: 0,
            default: 0,
            unknown: 0,
            undefined: 1,
            indices: FxHashSet::default(),
        };
        solver.indices = (0..MAX_INDEX).map(|index| solver.name(&index.to_string())).collect();
        solver.element = solver.name(ELEMENT);
        solver.prototype = solver.name("prototype");
        solver.inherits = solver.name("__proto__");
        solver.exports_name = solver.name("exports");
        solver.default = solver.name("default");
        solver
    }

    // ---- numbering -------------------------------------------------------------------------------------------------

    fn name(&mut self, text: &str) -> Name {
        if let Some(&name) = self.name_ids.get(text) {
            return name;
        }
        let name = self.names.len() as Name;
        self.names.push(text.to_owned());
        self.name_ids.insert(text.to_owned(), name);
        name
    }

    fn fresh(&mut self) -> Node {
        let node = self.holds.len() as Node;
        self.holds.push(Vec::new());
        self.typed.push(false);
        self.edges.push(Vec::new());
        self.uses.push(Vec::new());
        node
    }

    fn object(&mut self, object: Object) -> ObjectId {
        if let Some(&id) = self.object_ids.get(&object) {
            return id;
        }
        let id = self.objects.len() as ObjectId;
        self.objects.push(object);
        self.object_ids.insert(object, id);
        id
    }

    fn external(&mut self, name: &str) -> ObjectId {
        let name = self.name(name);
        self.object(Object::External(name))
    }

    fn load_files(&mut self) {
        self.fresh(); // node 0 holds nothing
        self.escape = self.fresh();
        self.uses[self.escape as usize].push(Use::Escape);
        let files = self.files;
        self.declare_accessors();
        if files.iter().any(|file| file.facts.names.iter().any(|name| name == ITERATOR)) {
            self.name(ITERATOR);
        }
        for file in files {
            let facts = file.facts;
            let names = facts.names.iter().map(|name| self.name(name)).collect();
            let base = Base {
                node: self.holds.len() as u32,
                function: self.functions.len() as u32,
                class: self.classes.len() as u32,
                ty: self.types.len() as u32,
                site: self.sites.len() as u32,
                object: self.objects.len() as u32,
                names,
            };
            let nodes = self.holds.len() + facts.node_count as usize;
            self.holds.resize(nodes, Vec::new());
            self.typed.resize(nodes, false);
            self.edges.resize(nodes, Vec::new());
            self.uses.resize(nodes, Vec::new());
            self.objects.resize(self.objects.len() + facts.object_count as usize, Object::Plain);
            let at = |node: u32| if node == NONE { 0 } else { base.node + node };
            let named = |name: u32| base.names[name as usize];
            for function in &facts.functions {
                self.functions.push(Function {
                    params: function.params.iter().map(|&node| at(node)).collect(),
                    rest: at(function.rest),
                    this: at(function.this),
                    returns: at(function.returns),
                    binds_this: function.binds_this,
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
                    library: ty.library.map(named),
                });
            }
            for site in &facts.sites {
                self.sites.push(Site {
                    kind: site.kind,
                    callee: at(site.callee),
                    this: at(site.this),
                    args: site.args.iter().map(|&node| at(node)).collect(),
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
            if self.name_ids.contains_key(ITERATOR) {
                for (index, iteration) in facts.iterations.iter().enumerate() {
                    let first = self.sites.len() as SiteId;
                    iterations.push((index as u32, first, first + 1));
                    for this in [at(iteration.from), 0] {
                        self.sites.push(Site {
                            kind: SiteKind::Iteration,
                            callee: 0,
                            this,
                            args: Vec::new(),
                            spread: 0,
                            maybe_missing: 0,
                            result: 0,
                            shape: CalleeShape::Value,
                        });
                    }
                }
            }
            self.iterations.push(iterations);
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

    fn load_all_values(&mut self) {
        self.ancestors = self.find_ancestors();
        self.is_filtering = true;
        for file in 0..self.files.len() as u32 {
            self.load_values(file);
        }
    }

    /// Finds the names that are getters or setters somewhere: only accesses to these can be calls.
    fn declare_accessors(&mut self) {
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
    fn declare_globals(&mut self) {
        let files = self.files;
        for (file, source) in files.iter().enumerate() {
            for &(name, node) in &source.facts.globals {
                let base = &self.bases[file];
                let (name, from) = (base.names[name as usize], base.node + node);
                let global = self.global(name);
                self.edges[from as usize].push(global);
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

    fn global(&mut self, name: Name) -> Node {
        if let Some(&global) = self.globals.get(&name) {
            return global;
        }
        let global = self.fresh();
        self.globals.insert(name, global);
        global
    }

    /// What a file says about classes and types, so that all of these are known before values flow.
    fn load_types(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        let Base { node: node_base, class: class_base, ty: type_base, .. } = self.bases[file as usize];
        let at = |node: u32| if node == NONE { 0 } else { node_base + node };
        for flow in &facts.flows {
            match *flow {
                Flow::Assign { to, from } => self.edge(at(from), at(to)),
                Flow::Class { to, class } => {
                    let object = self.object(Object::Class(class_base + class));
                    self.add(at(to), object);
                }
                Flow::Type { to, declared } => {
                    let object = self.object(Object::Type(type_base + declared));
                    self.add(at(to), object);
                }
                Flow::Typed { to, declared, alone } => self.use_of(at(declared), Use::Typed { to: at(to), alone }),
                _ => {}
            }
        }
        for (index, class) in facts.classes.iter().enumerate() {
            let id = class_base + index as u32;
            let instance = self.object(Object::ClassInstance(id));
            self.add(at(class.instance), instance);
            self.use_of(at(class.extends), Use::Extends(id));
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
    }

    /// Turns the rest of a file's facts into edges, uses and first objects.
    fn load_values(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        let (node_base, function_base, object_base, site_base) = {
            let base = &self.bases[file as usize];
            (base.node, base.function, base.object, base.site)
        };
        let at = |node: u32| if node == NONE { 0 } else { node_base + node };
        for flow in &facts.flows {
            match *flow {
                Flow::Assign { .. } | Flow::Class { .. } | Flow::Type { .. } | Flow::Typed { .. } => {}
                Flow::Await { to, from } => self.edge(at(from), at(to)),
                Flow::Function { to, function } => {
                    let object = self.object(Object::Function(function_base + function));
                    self.add(at(to), object);
                }
                Flow::Object { to, object } => self.add(at(to), object_base + object),
                Flow::Array { to, object } => {
                    self.objects[(object_base + object) as usize] = Object::Array;
                    self.add(at(to), object_base + object);
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
                Flow::LoadAny { to, base } => self.use_of(at(base), Use::LoadAny { to: at(to) }),
                Flow::StoreAny { base, from } => {
                    self.use_of(at(base), Use::StoreAny { from: at(from) });
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
                Flow::Undefined { to } => self.add(at(to), self.undefined),
                Flow::Default { to, from, default } => {
                    self.use_of(at(from), Use::Default { to: at(to), default: at(default) });
                }
            }
        }
        for (index, site) in facts.sites.iter().enumerate() {
            let id = site_base + index as u32;
            match site.shape {
                CalleeShape::Member(field) if site.on_receiver => {
                    let field = self.local(file, field);
                    self.use_of(at(site.this), Use::Dispatch { site: id, field });
                }
                _ => self.use_of(at(site.callee), Use::Callee(id)),
            }
        }
        for (index, site) in self.accesses[file as usize].clone() {
            let access = &facts.accesses[index as usize];
            let (getter, setter) = self.accessors[&self.local(file, access.field)];
            let callee = self.fresh();
            self.sites[site as usize].callee = callee;
            self.use_of(callee, Use::Callee(site));
            let fields = match access.kind {
                AccessKind::Read => &[getter][..],
                AccessKind::Write => &[setter],
                AccessKind::ReadWrite => &[getter, setter],
            };
            for &field in fields {
                self.use_of(at(access.base), Use::Load { to: callee, field });
            }
        }
        let iterations = self.iterations[file as usize].clone();
        for (_, of_iterable, of_iterator) in iterations {
            let from = self.sites[of_iterable as usize].this;
            self.iterate_by_calls(from, of_iterable, of_iterator);
        }
    }

    /// `from[Symbol.iterator]()`, then `next()` on what that returns.
    fn iterate_by_calls(&mut self, from: Node, of_iterable: SiteId, of_iterator: SiteId) {
        let (iterator_name, next) = (self.name(ITERATOR), self.name(NEXT));
        let [method, iterator, next_method, step] = [(); 4].map(|()| self.fresh());
        for (id, callee, this, result) in
            [(of_iterable, method, from, iterator), (of_iterator, next_method, iterator, step)]
        {
            let site = &mut self.sites[id as usize];
            (site.callee, site.this, site.result) = (callee, this, result);
            self.use_of(callee, Use::Callee(id));
        }
        self.use_of(from, Use::Load { to: method, field: iterator_name });
        self.use_of(iterator, Use::Load { to: next_method, field: next });
    }

    fn local(&self, file: u32, name: u32) -> Name {
        self.bases[file as usize].names[name as usize]
    }

    // ---- modules ---------------------------------------------------------------------------------------------------

    fn load_modules(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        let node_base = self.bases[file as usize].node;
        let value = self.module_values[file as usize];
        if facts.module_object != NONE {
            let module = self.object(Object::CommonJs(file));
            self.add(node_base + facts.module_object, module);
            // The first object in `module.exports` is also what `exports` holds.
            let first = self.objects.len() as ObjectId;
            self.objects.push(Object::Plain);
            self.add(node_base + facts.exports_object, first);
            let exports = self.field(module, self.exports_name);
            self.add(exports, first);
            self.edge(exports, value);
        }
        let mut is_es_module = facts.module_object == NONE;
        for &export in &facts.exports {
            is_es_module = true;
            if let ExportFact::Local { from, .. } = export {
                self.use_of(node_base + from, Use::Escape);
            }
        }
        if is_es_module {
            let module = self.object(Object::Module(file));
            self.add(value, module);
        } else if facts.is_module {
            self.use_of(value, Use::Escape);
        }
        for import in &facts.imports {
            if import.to == NONE {
                continue;
            }
            let to = node_base + import.to;
            let specifier = self.files[file as usize].facts.names[import.specifier as usize].as_str();
            match self.imports.get(file, import.specifier) {
                Resolved::Missing => {
                    self.unresolved.insert(to);
                    self.add(to, self.unknown);
                }
                Resolved::External => {
                    let text = match import.kind {
                        ImportKind::Named(name) => {
                            let name = self.files[file as usize].facts.names[name as usize].as_str();
                            if name == "default" { specifier.to_owned() } else { format!("{specifier}.{name}") }
                        }
                        ImportKind::Namespace | ImportKind::Require => specifier.to_owned(),
                    };
                    let object = self.external(&text);
                    self.add(to, object);
                }
                Resolved::File(target) => match import.kind {
                    ImportKind::Named(name) => {
                        let name = self.local(file, name);
                        let from = self.export_node(target, name);
                        self.edge(from, to);
                    }
                    ImportKind::Namespace | ImportKind::Require => self.pending_module(target, to),
                },
            }
        }
    }

    /// `to` holds the module of a file, which may not be loaded yet.
    fn pending_module(&mut self, target: u32, to: Node) {
        let object = self.object(Object::Module(target));
        if self.is_common_js(target) {
            // Read through `module.exports`; the object is what names the file as the target of `require`.
            let module = self.object(Object::CommonJs(target));
            let exports = self.field(module, self.exports_name);
            self.edge(exports, to);
        }
        self.add(to, object);
    }

    fn is_common_js(&self, file: u32) -> bool {
        let facts = self.files[file as usize].facts;
        facts.module_object != NONE
    }

    /// The node that holds what a file exports under a name.
    fn export_node(&mut self, file: u32, name: Name) -> Node {
        if let Some(&node) = self.export_nodes.get(&(file, name)) {
            return node;
        }
        let node = self.fresh();
        self.export_nodes.insert((file, name), node);
        self.pending.push(Pending::Export { file, name, to: node });
        node
    }

    fn find_export(&mut self, file: u32, name: Name, node: Node) {
        let mut found = false;
        let node_base = self.bases[file as usize].node;
        for export in self.exports[file as usize].get(&name).cloned().unwrap_or_default() {
            found = true;
            match export {
                ExportFact::Local { from, .. } => self.edge(node_base + from, node),
                ExportFact::Forward { specifier, imported, .. } => {
                    let imported = self.local(file, imported);
                    self.forward(file, specifier, imported, node);
                }
                ExportFact::ForwardNamespace { specifier, .. } => match self.imports.get(file, specifier) {
                    Resolved::File(target) => self.pending_module(target, node),
                    Resolved::External => {
                        let object = self.external(&self.files[file as usize].facts.names[specifier as usize].clone());
                        self.add(node, object);
                    }
                    Resolved::Missing => self.add(node, self.unknown),
                },
                ExportFact::All { .. } => {}
            }
        }
        if self.is_common_js(file) {
            let module = self.object(Object::CommonJs(file));
            let exports = self.field(module, self.exports_name);
            if name == self.default {
                self.edge(exports, node);
            } else {
                self.use_of(exports, Use::Load { to: node, field: name });
            }
            return;
        }
        if !found && name != self.default {
            let star = self.name("*");
            for export in self.exports[file as usize].get(&star).cloned().unwrap_or_default() {
                if let ExportFact::All { specifier } = export {
                    self.forward_star(file, specifier, name, node);
                }
            }
        }
    }

    fn forward(&mut self, file: u32, specifier: u32, imported: Name, node: Node) {
        match self.imports.get(file, specifier) {
            Resolved::File(target) => {
                let from = self.export_node(target, imported);
                self.edge(from, node);
            }
            Resolved::External => {
                let specifier = &self.files[file as usize].facts.names[specifier as usize];
                let text = if imported == self.default {
                    specifier.clone()
                } else {
                    format!("{specifier}.{}", self.names[imported as usize])
                };
                let object = self.external(&text);
                self.add(node, object);
            }
            Resolved::Missing => {
                self.unresolved.insert(node);
                self.add(node, self.unknown);
            }
        }
    }

    /// `export *` offers a name only when the file behind it has it.
    fn forward_star(&mut self, file: u32, specifier: u32, name: Name, node: Node) {
        match self.imports.get(file, specifier) {
            Resolved::File(target) => {
                if self.offers(target, name) {
                    let from = self.export_node(target, name);
                    self.edge(from, node);
                }
            }
            Resolved::External => self.forward(file, specifier, name, node),
            Resolved::Missing => self.add(node, self.unknown),
        }
    }

    fn offers(&self, file: u32, name: Name) -> bool {
        let Some(&star) = self.name_ids.get("*") else { return false };
        let mut visited = FxHashSet::default();
        let mut open = vec![file];
        while let Some(file) = open.pop() {
            if !visited.insert(file) {
                continue;
            }
            if self.is_common_js(file) || self.exports[file as usize].contains_key(&name) {
                return true;
            }
            for export in self.exports[file as usize].get(&star).into_iter().flatten() {
                if let ExportFact::All { specifier } = *export
                    && let Resolved::File(target) = self.imports.get(file, specifier)
                {
                    open.push(target);
                }
            }
        }
        false
    }

    // ---- propagation -----------------------------------------------------------------------------------------------

    fn add(&mut self, node: Node, object: ObjectId) {
        if node == 0 || (self.typed[node as usize] && (self.is_outside(object) || self.is_of_other_class(node, object)))
        {
            return;
        }
        let held = &self.holds[node as usize];
        let object = if held.len() >= MAX_OBJECTS { self.unknown } else { object };
        let is_library = |object: ObjectId| matches!(self.objects[object as usize], Object::External(_));
        if held.len() >= MAX_LIBRARY_OBJECTS
            && is_library(object)
            && held.iter().filter(|&&held| is_library(held)).count() >= MAX_LIBRARY_OBJECTS
        {
            return;
        }
        let held = &mut self.holds[node as usize];
        if let Err(place) = held.binary_search(&object) {
            held.insert(place, object);
            self.queue.push((node, object));
        }
    }

    /// Whether the declared type of a node, a class, keeps this object out. A literal may have the shape of a class; a
    /// function, an array or an instance of a class that does not extend it is something that only seems to get there.
    fn is_of_other_class(&self, node: Node, object: ObjectId) -> bool {
        if !self.is_filtering {
            return false;
        }
        let Some(classes) = self.only.get(&node) else {
            return false;
        };
        match self.objects[object as usize] {
            Object::ClassInstance(class) => match &self.ancestors[class as usize] {
                Some(ancestors) => !classes.iter().any(|wanted| *wanted == class || ancestors.contains(wanted)),
                None => false,
            },
            Object::Function(_) | Object::Class(_) | Object::Array | Object::TypeInstance(_) => {
                classes.iter().all(|class| self.ancestors[*class as usize].is_some())
            }
            _ => false,
        }
    }

    /// By class the classes it extends, itself left out; `None` where not all of them are classes of the project.
    fn find_ancestors(&self) -> Vec<Option<FxHashSet<ClassId>>> {
        (0..self.classes.len() as ClassId)
            .map(|class| {
                let mut found = FxHashSet::default();
                let mut open = vec![class];
                while let Some(next) = open.pop() {
                    let extends = self.classes[next as usize].extends;
                    if extends == 0 {
                        continue;
                    }
                    let held = &self.holds[extends as usize];
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

    fn is_outside(&self, object: ObjectId) -> bool {
        matches!(self.objects[object as usize], Object::Unknown | Object::External(_))
    }

    fn edge(&mut self, from: Node, to: Node) {
        if from == 0 || to == 0 || from == to || !self.seen_edges.insert((from, to)) {
            return;
        }
        self.edges[from as usize].push(to);
        for index in 0..self.holds[from as usize].len() {
            let object = self.holds[from as usize][index];
            self.add(to, object);
        }
    }

    fn use_of(&mut self, node: Node, used: Use) {
        if node == 0 || !self.seen_uses.insert((node, used)) {
            return;
        }
        self.uses[node as usize].push(used);
        for index in 0..self.holds[node as usize].len() {
            let object = self.holds[node as usize][index];
            self.pending.push(Pending::Use { used, object });
        }
    }

    /// Works until nothing changes. What one step causes is put off, never nested, so that a chain of any length
    /// (of base classes, of re-exports) costs no stack.
    fn run(&mut self) {
        loop {
            if let Some(pending) = self.pending.pop() {
                match pending {
                    Pending::Use { used, object } => self.apply(used, object),
                    Pending::Read { object, field, to } => self.look_up(object, field, to),
                    Pending::Export { file, name, to } => self.find_export(file, name, to),
                }
            } else if let Some((node, object)) = self.queue.pop() {
                for index in 0..self.edges[node as usize].len() {
                    let to = self.edges[node as usize][index];
                    self.add(to, object);
                }
                for index in 0..self.uses[node as usize].len() {
                    let used = self.uses[node as usize][index];
                    self.apply(used, object);
                }
            } else {
                return;
            }
        }
    }

    fn apply(&mut self, used: Use, object: ObjectId) {
        match used {
            Use::Load { to, field } => self.read(object, field, to),
            Use::Store { field, from } => self.write(object, field, from),
            Use::LoadAny { to } => self.read_any(object, to),
            Use::StoreAny { from } => {
                if object == self.unknown || matches!(self.objects[object as usize], Object::External(_)) {
                    self.edge(from, self.escape);
                } else {
                    let field = self.field(object, self.element);
                    self.edge(from, field);
                }
            }
            Use::CopyFields { to: from } => {
                if matches!(self.objects[object as usize], Object::Plain) {
                    let inherited = self.field(object, self.inherits);
                    self.edge(from, inherited);
                }
            }
            Use::Typed { to, alone } => self.typed_as(object, to, alone),
            Use::FieldLike { field, like } => {
                if let (Object::ClassInstance(_) | Object::Class(_), Some(classes)) =
                    (self.objects[object as usize], self.only.get(&like).cloned())
                {
                    let node = self.field(object, field);
                    self.only.insert(node, classes);
                    self.typed[node as usize] = true;
                }
            }
            Use::Iterate { to } => self.iterate(object, to),
            Use::IterateAt { to, index } => match self.objects[object as usize] {
                Object::Array if index < MAX_INDEX => {
                    let field = self.name(&index.to_string());
                    self.read(object, field, to);
                }
                _ => self.iterate(object, to),
            },
            Use::Default { to, default } => match self.objects[object as usize] {
                Object::Undefined => self.edge(default, to),
                Object::Unknown => {
                    self.add(to, object);
                    self.edge(default, to);
                }
                _ => self.add(to, object),
            },
            Use::IterateResult { to } => {
                if let Object::Function(function) = self.objects[object as usize] {
                    self.use_of(self.functions[function as usize].returns, Use::Yielded { to });
                }
            }
            Use::Yielded { to } => match self.objects[object as usize] {
                Object::Plain | Object::ClassInstance(_) | Object::FunctionInstance(_) => {
                    let (next, method) = (self.name(NEXT), self.fresh());
                    self.read(object, next, method);
                    self.use_of(method, Use::StepValue { to });
                }
                _ => self.iterate(object, to),
            },
            Use::StepValue { to } => {
                if let Object::Function(function) = self.objects[object as usize] {
                    let value = self.name("value");
                    self.use_of(self.functions[function as usize].returns, Use::Load { to, field: value });
                }
            }
            Use::Callee(site) => self.call(site, object, None),
            Use::Dispatch { site, field } => self.dispatch(site, object, field),
            Use::CalleeOn { site, receiver } => self.call(site, object, Some(receiver)),
            Use::InheritedMember { to, field, is_static } => self.inherited_member(object, field, is_static, to),
            Use::InheritedConstructor(site) => self.inherited_constructor(site, object),
            Use::Extends(class) => {
                if let Object::Class(base) = self.objects[object as usize] {
                    let (from, to) = (self.classes[class as usize].instance, self.classes[base as usize].instance);
                    self.edge(from, to);
                }
            }
            Use::Implements { values } => {
                if let Object::Type(ty) = self.objects[object as usize] {
                    let all = self.types[ty as usize].values;
                    self.edge(values, all);
                }
            }
            Use::Prototype { to, field } => self.read(object, field, to),
            Use::Escape => self.escapes(object),
        }
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    fn field(&mut self, object: ObjectId, name: Name) -> Node {
        if let Some(&node) = self.fields.get(&(object, name)) {
            return node;
        }
        let node = self.fresh();
        self.fields.insert((object, name), node);
        self.fields_of.entry(object).or_default().push((name, node));
        if name != self.inherits && !self.accessor_fields.contains(&name) {
            for reader in self.readers_of_any.get(&object).cloned().unwrap_or_default() {
                self.edge(node, reader);
            }
        }
        node
    }

    fn read_own(&mut self, object: ObjectId, field: Name, to: Node) {
        let node = self.field(object, field);
        self.edge(node, to);
    }

    fn library_member(&mut self, prototype: &str, field: Name, to: Node) {
        if library::has_member(prototype, &self.names[field as usize]) {
            let object = self.external(&format!("{prototype}.{}", self.names[field as usize]));
            self.add(to, object);
        }
    }

    /// `to` holds what the field of an object holds, inherited or not. What that is is worked out once per object and
    /// field, however many places read it.
    fn read(&mut self, object: ObjectId, field: Name, to: Node) {
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

    fn read_node(&mut self, object: ObjectId, field: Name) -> Node {
        if let Some(&node) = self.reads.get(&(object, field)) {
            return node;
        }
        let node = self.fresh();
        self.reads.insert((object, field), node);
        self.pending.push(Pending::Read { object, field, to: node });
        node
    }

    /// A member call on one receiver: what the member holds is called with that receiver as `this`, not with all that
    /// the receiving expression may hold.
    fn dispatch(&mut self, site: SiteId, receiver: ObjectId, field: Name) {
        if receiver == self.undefined {
            return;
        }
        if receiver == self.unknown {
            self.call(site, receiver, None);
            return;
        }
        let read = self.read_node(receiver, field);
        self.use_of(read, Use::CalleeOn { site, receiver });
    }

    fn look_up(&mut self, object: ObjectId, field: Name, to: Node) {
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
            Object::Class(class) => {
                if field == self.prototype {
                    let prototype = self.object(Object::ClassPrototype(class));
                    self.add(to, prototype);
                }
                self.member(class, field, true, to);
            }
            Object::ClassPrototype(class) => self.member(class, field, false, to),
            Object::ClassInstance(class) => {
                self.read_own(object, field, to);
                self.member(class, field, false, to);
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Plain => {
                self.read_own(object, field, to);
                if !self.accessor_fields.contains(&field) {
                    self.read_own(object, self.element, to);
                }
                let inherited = self.field(object, self.inherits);
                self.use_of(inherited, Use::Prototype { to, field });
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Array => {
                if field == self.element {
                    self.readers_of_any.entry(object).or_default().push(to);
                    for (name, node) in self.fields_of.get(&object).cloned().unwrap_or_default() {
                        if name != self.inherits {
                            self.edge(node, to);
                        }
                    }
                    return;
                }
                self.read_own(object, field, to);
                if self.indices.contains(&field) {
                    self.read_own(object, self.element, to);
                }
                self.library_member("Array.prototype", field, to);
                self.library_member("Object.prototype", field, to);
                self.library_member("Promise.prototype", field, to);
            }
            Object::Module(file) => {
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
                let values = self.types[ty as usize].values;
                self.use_of(values, Use::Prototype { to, field });
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

    fn read_any(&mut self, object: ObjectId, to: Node) {
        match self.objects[object as usize] {
            Object::Unknown => self.add(to, self.unknown),
            Object::Undefined => {}
            Object::External(name) => {
                let text = member_name(&self.names[name as usize], ELEMENT);
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::TypeInstance(_) | Object::Array => self.read(object, self.element, to),
            Object::ClassInstance(_) | Object::Class(_) | Object::Module(_) | Object::ClassPrototype(_) => {
                self.read_own(object, self.element, to);
                self.add(to, self.unknown);
            }
            _ => {
                self.readers_of_any.entry(object).or_default().push(to);
                for (name, node) in self.fields_of.get(&object).cloned().unwrap_or_default() {
                    if name != self.inherits && !self.accessor_fields.contains(&name) {
                        self.edge(node, to);
                    }
                }
            }
        }
    }

    fn write(&mut self, object: ObjectId, field: Name, from: Node) {
        match self.objects[object as usize] {
            Object::Unknown | Object::External(_) => self.edge(from, self.escape),
            Object::Undefined => {}
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
    fn member(&mut self, class: ClassId, field: Name, is_static: bool, to: Node) {
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
        if !found {
            let extends = self.classes[class as usize].extends;
            self.use_of(extends, Use::InheritedMember { to, field, is_static });
        }
    }

    fn inherited_member(&mut self, base: ObjectId, field: Name, is_static: bool, to: Node) {
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
                let text = member_name(&of, &self.names[field as usize]);
                let object = self.external(&text);
                self.add(to, object);
            }
            Object::Unknown => self.add(to, self.unknown),
            _ => {}
        }
    }

    fn iterate(&mut self, object: ObjectId, to: Node) {
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
            Object::Function(_) | Object::Undefined => {}
            _ => {
                self.read_own(object, self.element, to);
                let iterator = self.name(ITERATOR);
                let method = self.fresh();
                self.read(object, iterator, method);
                self.use_of(method, Use::IterateResult { to });
            }
        }
    }

    fn typed_as(&mut self, declared: ObjectId, to: Node, alone: bool) {
        match self.objects[declared as usize] {
            Object::Class(class) => {
                self.typed[to as usize] = true;
                if alone && !self.is_filtering {
                    self.only.entry(to).or_default().push(class);
                }
                self.edge(self.classes[class as usize].instance, to);
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
    fn escapes(&mut self, object: ObjectId) {
        match self.objects[object as usize] {
            Object::Function(function) => {
                let Function { params, rest, this, returns, binds_this } = &self.functions[function as usize];
                let (rest, this, returns, binds_this) = (*rest, *this, *returns, *binds_this);
                for param in params.clone() {
                    self.add(param, self.unknown);
                }
                if rest != 0 {
                    self.use_of(rest, Use::StoreAny { from: self.escape });
                }
                if binds_this && self.holds[this as usize].is_empty() {
                    self.add(this, self.unknown);
                }
                self.use_of(returns, Use::Escape);
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
            Object::Plain | Object::Array => {
                if !self.escaped.insert(object) {
                    return;
                }
                let reader = self.fresh();
                self.uses[reader as usize].push(Use::Escape);
                self.read_any(object, reader);
                if matches!(self.objects[object as usize], Object::Array) {
                    let field = self.field(object, self.element);
                    self.edge(field, reader);
                }
            }
            _ => {}
        }
    }

    // ---- calls -----------------------------------------------------------------------------------------------------

    /// `receiver`: the one that the callee was found on; without it `this` is all that the site's receiver holds.
    fn call(&mut self, site: SiteId, callee: ObjectId, receiver: Option<ObjectId>) {
        let at = site as usize;
        if matches!(self.sites[at].kind, SiteKind::Require | SiteKind::DynamicImport) {
            if self.is_outside(callee) || matches!(self.objects[callee as usize], Object::Module(_)) {
                self.targets[at].insert(callee);
            }
            return;
        }
        let is_known = receiver.is_some() && !self.called.insert((site, callee));
        if is_known && !matches!(self.objects[callee as usize], Object::Function(_)) {
            return;
        }
        match self.objects[callee as usize] {
            Object::Function(function) => {
                let is_new = self.targets[at].insert(callee);
                match receiver {
                    Some(receiver) => {
                        self.receive(function, receiver);
                        if is_new {
                            let args = self.sites[at].args.clone();
                            self.enter(site, function, 0, &args, 0);
                        }
                    }
                    None => {
                        let (this, args) = (self.sites[at].this, self.sites[at].args.clone());
                        self.enter(site, function, this, &args, 0);
                    }
                }
            }
            Object::Class(class) => {
                let is_creation = matches!(self.sites[at].kind, SiteKind::New | SiteKind::SuperCall | SiteKind::Jsx);
                if is_creation {
                    self.construct(site, class, false);
                    if self.sites[at].kind == SiteKind::New {
                        let instance = self.object(Object::ClassInstance(class));
                        self.add(self.sites[at].result, instance);
                    }
                }
            }
            Object::Call(function) => {
                let target = self.object(Object::Function(function));
                self.targets[at].insert(target);
                let args = self.sites[at].args.clone();
                let (this, rest) = args.split_first().map_or((0, &[][..]), |(&this, rest)| (this, rest));
                self.enter(site, function, this, rest, 0);
            }
            Object::Apply(function) => {
                let target = self.object(Object::Function(function));
                self.targets[at].insert(target);
                let args = self.sites[at].args.clone();
                let this = args.first().copied().unwrap_or(0);
                let spread = self.fresh();
                if let Some(&list) = args.get(1) {
                    self.use_of(list, Use::Iterate { to: spread });
                }
                self.enter(site, function, this, &[], spread);
            }
            Object::Bind(function) => {
                let target = self.external("Function.prototype.bind");
                self.targets[at].insert(target);
                let args = self.sites[at].args.clone();
                if let Some((&this, given)) = args.split_first() {
                    self.enter_this(function, this);
                    for (&from, to) in given.iter().zip(self.functions[function as usize].params.clone()) {
                        self.edge(from, to);
                    }
                }
                let bound = self.object(Object::Function(function));
                self.add(self.sites[at].result, bound);
            }
            Object::Signature(returns) => {
                self.targets[at].insert(callee);
                self.edge(returns, self.sites[at].result);
                self.leave_project(site);
            }
            Object::External(name) => {
                self.targets[at].insert(callee);
                self.call_library(site, name);
            }
            Object::Unknown => {
                self.targets[at].insert(callee);
                self.add(self.sites[at].result, self.unknown);
                self.leave_project(site);
            }
            _ => {}
        }
    }

    /// Arguments, receiver and result of a call that enters a function.
    fn enter(&mut self, site: SiteId, function: FunctionId, this: Node, args: &[Node], extra: Node) {
        let at = site as usize;
        let kind = self.sites[at].kind;
        let is_creation = kind == SiteKind::New;
        if is_creation {
            let instance = self.object(Object::FunctionInstance(function));
            self.add(self.functions[function as usize].this, instance);
            self.add(self.sites[at].result, instance);
        } else {
            self.enter_this(function, this);
        }
        let (params, rest, returns) = {
            let function = &self.functions[function as usize];
            (function.params.clone(), function.rest, function.returns)
        };
        // `f.call` passes its arguments on from the second.
        let shifted = (self.sites[at].args.len() - args.len().min(self.sites[at].args.len())) as u32;
        let maybe_missing = self.sites[at].maybe_missing.checked_shr(shifted).unwrap_or(0);
        self.pass(args, maybe_missing, [self.sites[at].spread, extra], &params, rest);
        self.edge(returns, self.sites[at].result);
    }

    /// Arguments reach parameters; what is not passed is undefined.
    fn pass(&mut self, args: &[Node], maybe_missing: u32, spreads: [Node; 2], params: &[Node], rest: Node) {
        for (index, &from) in args.iter().enumerate() {
            match params.get(index) {
                Some(&to) => {
                    self.edge(from, to);
                    if maybe_missing.checked_shr(index as u32).unwrap_or(0) & 1 == 1 {
                        self.add(to, self.undefined);
                    }
                }
                None if rest == 0 => {}
                None => {
                    let at = (index - params.len()) as u32;
                    if at < MAX_INDEX {
                        let field = self.name(&at.to_string());
                        self.use_of(rest, Use::Store { field, from });
                    } else {
                        self.use_of(rest, Use::StoreAny { from });
                    }
                }
            }
        }
        for &to in params.iter().skip(args.len()) {
            self.add(to, self.undefined);
        }
        for spread in spreads {
            if spread == 0 {
                continue;
            }
            for &to in params.iter().skip(args.len()) {
                self.edge(spread, to);
            }
            if rest != 0 {
                self.use_of(rest, Use::StoreAny { from: spread });
            }
        }
    }

    /// A value of a declared type stands for values that are found elsewhere.
    fn receive(&mut self, function: FunctionId, receiver: ObjectId) {
        let Function { this, binds_this, .. } = self.functions[function as usize];
        let is_value = !matches!(self.objects[receiver as usize], Object::TypeInstance(_) | Object::External(_));
        if binds_this && is_value {
            self.add(this, receiver);
        }
    }

    fn enter_this(&mut self, function: FunctionId, this: Node) {
        let Function { this: to, binds_this, .. } = self.functions[function as usize];
        if binds_this {
            self.edge(this, to);
        }
    }

    /// `new C()` and `super()`: the constructor that runs, which may be an inherited one.
    /// An implicit one passes everything on, so that it only counts for the class that is created.
    fn construct(&mut self, site: SiteId, class: ClassId, is_inherited: bool) {
        let (constructor, implicit, extends) = {
            let class = &self.classes[class as usize];
            (class.constructor, class.implicit, class.extends)
        };
        if !(implicit && is_inherited) {
            let target = self.object(Object::Function(constructor));
            self.targets[site as usize].insert(target);
        }
        if implicit {
            self.use_of(extends, Use::InheritedConstructor(site));
        } else {
            let args = self.sites[site as usize].args.clone();
            self.enter_arguments(site, constructor, &args);
        }
    }

    fn inherited_constructor(&mut self, site: SiteId, base: ObjectId) {
        match self.objects[base as usize] {
            Object::Class(class) => self.construct(site, class, true),
            Object::Function(function) => {
                self.targets[site as usize].insert(base);
                let args = self.sites[site as usize].args.clone();
                self.enter_arguments(site, function, &args);
            }
            _ => {}
        }
    }

    fn enter_arguments(&mut self, site: SiteId, function: FunctionId, args: &[Node]) {
        let params = self.functions[function as usize].params.clone();
        let rest = self.functions[function as usize].rest;
        let Site { spread, maybe_missing, .. } = self.sites[site as usize];
        self.pass(args, maybe_missing, [spread, 0], &params, rest);
    }

    /// Arguments go where nobody sees; functions among them may be called with anything.
    fn leave_project(&mut self, site: SiteId) {
        let Site { args, spread, .. } = &self.sites[site as usize];
        let spread = *spread;
        for arg in args.clone() {
            self.edge(arg, self.escape);
        }
        self.edge(spread, self.escape);
    }

    /// Makes every function in `callback` be called with these arguments and send its result to `to`.
    fn callback(&mut self, site: SiteId, callback: Node, args: Vec<Node>, to: Node) {
        let kind = SiteKind::Call;
        let id = self.sites.len() as SiteId;
        let shape = self.sites[site as usize].shape;
        let maybe_missing = 0;
        self.sites.push(Site { kind, callee: callback, this: 0, args, spread: 0, maybe_missing, result: to, shape });
        self.targets.push(FxHashSet::default());
        self.use_of(callback, Use::Callee(id));
    }

    fn call_library(&mut self, site: SiteId, name: Name) {
        let at = site as usize;
        let text = self.names[name as usize].clone();
        let (this, result, args) = (self.sites[at].this, self.sites[at].result, self.sites[at].args.clone());
        let arg = |index: usize| args.get(index).copied().unwrap_or(0);
        let Some(effect) = library::effect(&text) else {
            let yielded = match library::returns(&text) {
                Some(of) => of.to_owned(),
                None if self.sites[at].kind == SiteKind::New => member_name(&text, "prototype"),
                None => call_name(&text),
            };
            let object = self.external(&yielded);
            self.add(result, object);
            self.leave_project(site);
            return;
        };
        // Effects differ by site, and every site meets a library function at most once per name.
        let element = self.fresh();
        if library::moves_elements(&text) {
            self.use_of(this, Use::Iterate { to: element });
            self.use_of(this, Use::Store { field: self.element, from: element });
        }
        match effect {
            Effect::EachElement | Effect::FilterElements | Effect::FindElement => {
                self.use_of(this, Use::Iterate { to: element });
                self.callback(site, arg(0), vec![element, 0, this], 0);
                match effect {
                    Effect::FilterElements => self.edge(this, result),
                    Effect::FindElement => self.edge(element, result),
                    _ => {}
                }
            }
            Effect::MapElements | Effect::FromIterable => {
                let is_from = effect == Effect::FromIterable;
                let (list, function) = if is_from { (arg(0), arg(1)) } else { (this, arg(0)) };
                self.use_of(list, Use::Iterate { to: element });
                let mapped = self.fresh();
                if is_from && function == 0 {
                    self.edge(element, mapped);
                }
                self.callback(site, function, vec![element, 0, list], mapped);
                let array = self.objects.len() as ObjectId;
                self.objects.push(Object::Array);
                self.add(result, array);
                let field = self.field(array, self.element);
                self.edge(mapped, field);
                if text.ends_with("flatMap") {
                    self.use_of(mapped, Use::Iterate { to: field });
                }
            }
            Effect::Reduce => {
                self.use_of(this, Use::Iterate { to: element });
                let accumulator = self.fresh();
                self.edge(arg(1), accumulator);
                self.edge(element, accumulator);
                self.callback(site, arg(0), vec![accumulator, element, 0, this], accumulator);
                self.edge(accumulator, result);
            }
            Effect::Push => {
                for &from in &args {
                    self.use_of(this, Use::Store { field: self.element, from });
                }
                let spread = self.sites[at].spread;
                if spread != 0 {
                    self.use_of(this, Use::Store { field: self.element, from: spread });
                }
            }
            Effect::TakeElement => self.use_of(this, Use::Iterate { to: result }),
            Effect::CopyElements => {
                let array = self.objects.len() as ObjectId;
                self.objects.push(Object::Array);
                self.add(result, array);
                let field = self.field(array, self.element);
                self.use_of(this, Use::Iterate { to: field });
                if text.ends_with(".concat") {
                    for &from in &args {
                        self.use_of(from, Use::Iterate { to: field });
                        self.edge(from, field);
                    }
                } else {
                    for &from in args.iter().skip(1) {
                        self.edge(from, field);
                    }
                }
                if text.ends_with(".flat") {
                    self.use_of(field, Use::Iterate { to: field });
                }
            }
            Effect::Receiver => {
                self.edge(this, result);
                if text.ends_with(".fill") {
                    self.use_of(this, Use::Store { field: self.element, from: arg(0) });
                }
            }
            Effect::Then => {
                let value = if text.ends_with("then") { this } else { 0 };
                for &function in &args {
                    self.callback(site, function, vec![value], result);
                }
                self.edge(this, result);
            }
            Effect::FirstArgument => self.edge(arg(0), result),
            Effect::AssignFields => {
                for &from in args.iter().skip(1) {
                    self.use_of(arg(0), Use::CopyFields { to: from });
                    self.copy_onto_functions(arg(0), from);
                }
                self.edge(arg(0), result);
            }
            Effect::Create => {
                let created = self.objects.len() as ObjectId;
                self.objects.push(Object::Plain);
                self.add(result, created);
                let inherited = self.field(created, self.inherits);
                self.edge(arg(0), inherited);
            }
            Effect::Inherit => {
                self.use_of(arg(0), Use::Store { field: self.inherits, from: arg(1) });
                self.edge(arg(0), result);
            }
            Effect::FieldValues => {
                let array = self.objects.len() as ObjectId;
                self.objects.push(Object::Array);
                self.add(result, array);
                let field = self.field(array, self.element);
                self.use_of(arg(0), Use::LoadAny { to: field });
            }
            Effect::Run => self.callback(site, arg(0), args.iter().skip(2).copied().collect(), 0),
        }
    }

    /// `Object.assign(f, …)` and `Object.assign(f.prototype, …)`.
    fn copy_onto_functions(&mut self, to: Node, from: Node) {
        self.use_of(to, Use::Store { field: self.inherits, from });
    }

    // ---- result ----------------------------------------------------------------------------------------------------

    fn finish(self) -> Solution {
        let mut solution = Solution { sites: Vec::new(), accesses: Vec::new(), iterations: Vec::new() };
        for (file, source) in self.files.iter().enumerate() {
            let first = self.bases[file].site;
            let sites = first..first + source.facts.sites.len() as u32;
            solution.sites.push(sites.map(|site| self.found(site)).collect());
            let accesses = self.accesses[file].iter().map(|&(index, site)| (index, self.found(site)));
            solution.accesses.push(accesses.filter(|(_, found)| !found.functions.is_empty()).collect());
            let iterations = self.iterations[file].iter().map(|&(index, of_iterable, of_iterator)| {
                let (mut found, next) = (self.found(of_iterable), self.found(of_iterator));
                found.functions.extend(next.functions);
                found.functions.sort_unstable();
                found.functions.dedup();
                found.unknown |= next.unknown;
                found.externals.clear(); // What the language's own iterators do is no call of the project.
                (index, found)
            });
            solution.iterations.push(iterations.filter(|(_, found)| !found.functions.is_empty()).collect());
        }
        solution
    }

    fn found(&self, id: SiteId) -> SiteTargets {
        let at = id as usize;
        let mut site = SiteTargets::default();
        for &object in &self.targets[at] {
            match self.objects[object as usize] {
                Object::Function(function) => site.functions.push(function),
                Object::External(name) => {
                    site.externals.push(self.names[name as usize].clone());
                }
                Object::Module(file) => site.modules.push(file),
                Object::Signature(_) => site.declared = true,
                Object::Unknown => site.unknown = true,
                _ => {}
            }
        }
        site.functions.sort_unstable();
        site.modules.sort_unstable();
        site.externals.sort_unstable();
        self.drop_empty_constructors(&mut site, self.sites[at].kind);
        if !site.functions.is_empty() {
            // A member of the project's own hides what every object and promise has.
            site.externals.retain(|name| !name.starts_with("Object.prototype.") && !is_promise_member(name));
        }
        let held = &self.holds[self.sites[at].callee as usize];
        site.holds_something = held.iter().any(|&object| object != self.undefined);
        site.receiver_known = self.holds[self.sites[at].this as usize]
            .iter()
            .any(|&object| object != self.unknown && object != self.undefined);
        site.unresolved_import = self.unresolved.contains(&self.sites[at].callee);
        site
    }

    /// An implicit constructor that passes on to a written one is not where the call ends.
    fn drop_empty_constructors(&self, site: &mut SiteTargets, kind: SiteKind) {
        if !matches!(kind, SiteKind::New | SiteKind::SuperCall | SiteKind::Jsx) || site.functions.len() < 2 {
            return;
        }
        let is_implicit = |function: FunctionId| {
            let file = self.bases.partition_point(|base| base.function <= function) - 1;
            let local = (function - self.bases[file].function) as usize;
            self.files[file].facts.functions[local].kind == FunctionKind::ImplicitConstructor
        };
        if site.functions.iter().any(|&function| !is_implicit(function)) {
            site.functions.retain(|&function| !is_implicit(function));
        }
    }
}

fn is_promise_member(name: &str) -> bool {
    name.starts_with("Promise.prototype.")
}

/// `a.b` of `a` and `b`, cut off where chains get long.
fn member_name(base: &str, member: &str) -> String {
    if base.split('.').count() > MAX_NAME_PARTS { base.to_owned() } else { format!("{base}.{member}") }
}

/// The name of what calling `a` yields.
fn call_name(base: &str) -> String {
    if base.ends_with("()") { base.to_owned() } else { format!("{base}()") }
}
