//! The solver: which functions each call can reach.
//!
//! An inclusion-based (Andersen) points-to analysis over the flow IR of all files at once: one abstract object per
//! function, class, literal, declared type and library name; one instance per class; fields told apart by object and
//! name. Insensitive to context but for functions that make or call functions or make objects (`copies.rs`) and mixins
//! (`mixins.rs`), which single calls have copies of. Objects move along edges until nothing changes; loads, stores, calls and types
//! add edges as the objects they depend on arrive. Work goes in rounds (`rounds.rs`), so the result depends on the input
//! only. Cost: O(edges x objects per node), and a node holds at most
//! [`MAX_OBJECTS`], [`MAX_FUNCTIONS`] and some instances.

use drift_facts::{ELEMENT, ExportFact, MADE, MAX_INDEX, RETURNED, SENT};
use rustc_hash::{FxHashMap, FxHashSet};

mod beyond;
mod bits;
mod calls;
mod copies;
mod declared;
mod decorated;
mod fields;
mod flows;
mod forwards;
mod graph;
mod guesses;
mod instances;
mod library_calls;
mod lists;
mod load;
mod metaclasses;
mod mixins;
mod model;
mod modules;
mod named;
mod overflow;
mod patterns;
mod place;
mod python_calls;
mod result;
mod rivals;
mod rounds;
mod rows;
mod shared;
mod slices;

mod texts;
mod types;
mod wrappers;

use self::beyond::Beyond;
use self::copies::Copies;
use self::declared::Declared;
use self::decorated::Decorated;
use self::graph::Graph;
use self::guesses::{Guesses, Suggestions};
use self::model::{
    Class, ClassId, Function, Inherited, InheritedId, Name, Node, Object, ObjectId, Pending, Site, SiteId, Targets,
    Type, Use,
};
pub use self::model::{FunctionId, Origin, SiteTargets};
use self::overflow::Overflow;
use self::patterns::Patterns;
use self::place::Place;
use self::rounds::Shuffle;
use self::rows::Paged;
use self::wrappers::Hooks;
use crate::SourceFile;
use crate::imports::Imports;

/// Objects that one node keeps; past that it holds "unknown" instead of more.
pub const MAX_OBJECTS: usize = 24;
/// Functions that one node keeps beside these: what dozens of operators or kinds of a library hand on to each other, or store
/// under one name, meets in one node.
pub const MAX_FUNCTIONS: usize = 48;
/// Instances of functions, and of classes that copies of a function have, which one node keeps beside those: what makes
/// dozens of constructors (`make("Name", (self, given) => { … })`) hands all their instances to initialisers that they share.
const MAX_INSTANCES: usize = 120;
/// Targets that one site may list, and that are added to one once nothing changes any more; with more the site is unknown rather
/// than anything.
pub const MAX_TARGETS: usize = 4_096;
/// The field of an object's iterator method, and that of the iterator.
const ITERATOR: &str = "@@iterator";
const ASYNC_ITERATOR: &str = "@@asyncIterator";
const NEXT: &str = "next";
const PYTHON_ITERATOR: &str = "__iter__";
/// Calls made unseen are followed where no more classes than these have the method.
const MAX_OPERATOR_CLASSES: u32 = 8;
/// Names that are put together are no longer than this.
const MAX_JOINED_BYTES: usize = 100;
/// Keys that one node keeps; past that it holds a key of which nothing is known.
const MAX_KEYS: usize = 8;
/// Parts of a library name such as `a.b.c()`; longer chains stay at that length.
const MAX_NAME_PARTS: usize = 5;

/// The numbers of one file's parts among those of all files.
struct Base {
    node: u32,
    function: u32,
    class: u32,
    ty: u32,
    site: u32,
    names: Vec<Name>,
}

struct Solver<'f> {
    files: &'f [SourceFile<'f>],
    imports: &'f Imports,
    /// By file, those between which values get.
    groups: &'f [u32],
    bases: Vec<Base>,
    places: Vec<Place>,
    names: Vec<String>,
    name_ids: FxHashMap<String, Name>,
    objects: Vec<Object>,
    object_ids: FxHashMap<Object, ObjectId>,
    functions: Vec<Function>,
    classes: Vec<Class>,
    types: Vec<Type>,
    sites: Paged<Site>,
    /// Property accesses whose name is that of an accessor, by file: their place among the file's, and their site.
    accesses: Vec<Vec<(u32, SiteId)>>,
    /// Iterations, by file: their place among the file's, the site of `[Symbol.iterator]()`, and that of `next()`.
    iterations: Vec<Vec<(u32, SiteId, SiteId)>>,
    /// Calls made unseen, by file: their place among the file's, and their site.
    implicit_calls: Vec<Vec<(u32, SiteId)>>,
    /// Names that classes with one namespace bind, by how many, and names of fields that are stored anywhere.
    attribute_names: FxHashMap<Name, u32>,
    /// By group of files the names that classes of it bind.
    attributes_of_groups: FxHashSet<(u32, Name)>,
    stored_fields: FxHashSet<Name>,
    /// Library classes of which objects made here are instances.
    library_of: FxHashMap<ObjectId, Name>,
    /// By property name, the fields that hold its getters and setters.
    accessors: FxHashMap<Name, (Name, Name)>,
    accessor_fields: FxHashSet<Name>,
    /// By field that holds getters or setters, the property and whether it is that of setters.
    property_of: FxHashMap<Name, (Name, bool)>,
    inherited: Vec<Inherited>,
    inherited_ids: FxHashMap<Inherited, InheritedId>,
    /// What is bound to one receiver, by what it is and the receiver.
    bound_wrappers: FxHashMap<(ObjectId, ObjectId), ObjectId>,

    graph: Graph,
    /// Nodes whose declared type makes "unknown" no news.
    typed: Vec<bool>,
    declared: Declared,
    guesses: Guesses,
    suggestions: Suggestions,
    fields: FxHashMap<(ObjectId, Name), Node>,
    fields_of: FxHashMap<ObjectId, Vec<(Name, Node)>>,
    /// What reading a field of an object yields.
    reads: FxHashMap<(ObjectId, Name), Node>,
    readers_of_any: FxHashMap<ObjectId, Vec<Node>>,
    are_readers_of_any: FxHashSet<(ObjectId, Node)>,
    exports: Vec<FxHashMap<Name, Vec<ExportFact>>>,
    export_nodes: FxHashMap<(u32, Name), Node>,
    module_values: Vec<Node>,
    globals: FxHashMap<Name, Node>,
    pending: Vec<Pending>,
    /// Calls that wait for the end of the round ([`Solver::make_values`]), and whether the site called this before.
    put_off: Vec<(SiteId, ObjectId, Option<ObjectId>, bool)>,
    /// In tests, another order of the work.
    shuffle: Option<Shuffle>,

    targets: Targets,
    /// What a site called on one receiver, so that the next one adds that receiver only.
    called: FxHashSet<(SiteId, ObjectId)>,
    /// Which sites make an instance of which class, or call which partial function.
    made_by: FxHashSet<(SiteId, ClassId)>,
    unresolved: FxHashSet<Node>,
    /// Objects whose fields code outside the project can read.
    escaped: FxHashSet<ObjectId>,
    /// Calls of mixins that have copies of their classes.
    mixed: FxHashSet<(SiteId, FunctionId)>,
    copies: Copies,
    beyond: Beyond,
    overflow: Overflow,
    patterns: Patterns,
    decorated: Decorated,
    hooks: Hooks,
    /// What escapes before values flow, while not all types are known.
    escaped_early: Option<Vec<ObjectId>>,
    /// Holds "unknown".
    anything: Node,
    element: Name,
    prototype: Name,
    inherits: Name,
    exports_name: Name,
    default: Name,
    unknown: ObjectId,
    undefined: ObjectId,
    /// A promise of which nothing is known.
    promise: ObjectId,
    /// Reads and writes under computed names, by the node that holds the name.
    keyed: Vec<(Node, Use)>,
    /// The field of a map that holds its keys.
    key: Name,
    /// The member of a type that holds what `new` makes.
    made: Name,
    /// Members that library types have, as objects; `None`: they have none of that name.
    library_members: FxHashMap<(&'static str, Name), Option<ObjectId>>,
    /// Where functions, classes and objects come from.
    born: FxHashMap<ObjectId, Node>,
    /// The fields of a generator that hold what it is sent and what it returns.
    sent: Name,
    returned: Name,
    /// What iterating over a map yields.
    map_entries: FxHashMap<ObjectId, ObjectId>,
    /// Sites that stand for others: what `Reflect` calls is called by the site that calls `Reflect`.
    stand_ins: FxHashMap<SiteId, Vec<SiteId>>,
    /// The fields of the first elements of an array.
    indices: FxHashSet<Name>,
    /// The fields that hold what hears the events of an object.
    events: FxHashSet<Name>,
}

/// What every site can reach.
pub struct Solution {
    /// By file, the targets of its call sites in the order of the facts.
    pub sites: Vec<Vec<SiteTargets>>,
    /// By file, property accesses that can run a function of the project: their place in the facts, and which.
    pub accesses: Vec<Vec<(u32, SiteTargets)>>,
    /// By file, iterations that can run a function of the project: their place in the facts, and which.
    pub iterations: Vec<Vec<(u32, SiteTargets)>>,
    /// By file, calls made unseen that can run a function of the project: their place in the facts, and which.
    pub implicit_calls: Vec<Vec<(u32, SiteTargets)>>,
}

/// Resolves all files at once. `order`: the work is done in another order, which this chooses and nothing depends on.
pub fn solve(files: &[SourceFile<'_>], imports: &Imports, groups: &[u32], order: Option<u64>) -> Solution {
    let mut solver = Solver::new(files, imports, groups);
    // A shift register that holds nothing stays that way.
    solver.shuffle = order.map(|seed| Shuffle(seed.max(1)));
    solver.load_files();
    solver.run();
    solver.copy_mixins();
    solver.run();
    solver.load_all_values();
    solver.run();
    solver.begin_suggestions();
    solver.guess();
    solver.use_keys_that_nothing_holds();
    solver.run();
    solver.begin_families();
    solver.open_patterns();
    solver.run();
    solver.end_families();
    solver.ask_hooks();
    solver.call_what_has_no_name();
    solver.call_what_types_say();
    solver.run();
    solver.end_suggestions();
    solver.call_members_of_what_was_left_out();
    solver.call_members_of_heirs();
    solver.call_what_tables_had_no_room_for();
    solver.finish()
}

impl<'f> Solver<'f> {
    fn new(files: &'f [SourceFile<'f>], imports: &'f Imports, groups: &'f [u32]) -> Self {
        let mut solver = Self {
            files,
            imports,
            groups,
            bases: Vec::with_capacity(files.len()),
            places: Vec::with_capacity(files.len()),
            names: Vec::new(),
            name_ids: FxHashMap::default(),
            objects: vec![Object::Unknown, Object::Undefined],
            object_ids: FxHashMap::default(),
            functions: Vec::new(),
            classes: Vec::new(),
            types: Vec::new(),
            sites: Paged::default(),
            accesses: Vec::new(),
            iterations: Vec::new(),
            implicit_calls: Vec::new(),
            attribute_names: FxHashMap::default(),
            attributes_of_groups: FxHashSet::default(),
            stored_fields: FxHashSet::default(),
            library_of: FxHashMap::default(),
            accessors: FxHashMap::default(),
            accessor_fields: FxHashSet::default(),
            property_of: FxHashMap::default(),
            inherited: Vec::new(),
            inherited_ids: FxHashMap::default(),
            bound_wrappers: FxHashMap::default(),
            graph: Graph::default(),
            typed: Vec::new(),
            declared: Declared::default(),
            guesses: Guesses::default(),
            suggestions: Suggestions::default(),
            fields: FxHashMap::default(),
            fields_of: FxHashMap::default(),
            reads: FxHashMap::default(),
            readers_of_any: FxHashMap::default(),
            are_readers_of_any: FxHashSet::default(),
            exports: Vec::new(),
            export_nodes: FxHashMap::default(),
            module_values: Vec::new(),
            globals: FxHashMap::default(),
            pending: Vec::new(),
            put_off: Vec::new(),
            shuffle: None,
            targets: Targets::default(),
            called: FxHashSet::default(),
            made_by: FxHashSet::default(),
            unresolved: FxHashSet::default(),
            escaped: FxHashSet::default(),
            mixed: FxHashSet::default(),
            copies: Copies::default(),
            beyond: Beyond::default(),
            overflow: Overflow::default(),
            patterns: Patterns::default(),
            decorated: Decorated::default(),
            hooks: Hooks::default(),
            escaped_early: Some(Vec::new()),
            anything: 0,
            element: 0,
            prototype: 0,
            inherits: 0,
            exports_name: 0,
            default: 0,
            unknown: 0,
            undefined: 1,
            promise: 0,
            keyed: Vec::new(),
            key: 0,
            made: 0,
            library_members: FxHashMap::default(),
            born: FxHashMap::default(),
            sent: 0,
            returned: 0,
            map_entries: FxHashMap::default(),
            stand_ins: FxHashMap::default(),
            indices: FxHashSet::default(),
            events: FxHashSet::default(),
        };
        solver.indices = (0..MAX_INDEX).map(|index| solver.name(&index.to_string())).collect();
        solver.element = solver.name(ELEMENT);
        solver.key = solver.name("[key]");
        solver.made = solver.name(MADE);
        solver.sent = solver.name(SENT);
        solver.returned = solver.name(RETURNED);
        solver.promise = solver.external("Promise.prototype");
        solver.prototype = solver.name("prototype");
        solver.inherits = solver.name("__proto__");
        solver.exports_name = solver.name("exports");
        solver.default = solver.name("default");
        solver
    }

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
        self.typed.push(false);
        self.graph.fresh()
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

    fn local(&self, file: u32, name: u32) -> Name {
        self.bases[file as usize].names[name as usize]
    }

    /// Lets an object come to a node.
    fn add(&mut self, node: Node, object: ObjectId) {
        if node != 0 && self.graph.is_full(node) {
            self.leave_out(node, object);
        } else {
            self.send(node, object);
        }
    }

    /// The same along an edge.
    fn send(&mut self, node: Node, object: ObjectId) {
        if node != 0 && !self.graph.is_full(node) && !self.is_turned_away(node, object) {
            self.graph.insert(node, object);
        }
    }

    /// Whether a node does not hold an object because of what is declared for it.
    fn is_turned_away(&mut self, node: Node, object: ObjectId) -> bool {
        if self.is_kept_out(node, object) {
            return true;
        }
        let is_no_news = self.typed[node as usize] && self.is_outside(object);
        if is_no_news {
            self.note_outside(node, object);
        }
        is_no_news
    }

    /// Whether an object is a key of a dictionary or list.
    fn is_quoted(&self, object: ObjectId) -> bool {
        matches!(self.objects[object as usize], Object::Key(name) if self.names[name as usize].starts_with('\''))
    }

    fn is_outside(&self, object: ObjectId) -> bool {
        matches!(self.objects[object as usize], Object::Unknown | Object::External(_) | Object::Key(_))
    }

    fn add_all(&mut self, node: Node, objects: &[ObjectId]) {
        if node != 0 && !self.graph.is_full(node) {
            for &object in objects {
                self.send(node, object);
            }
        }
    }

    fn edge(&mut self, from: Node, to: Node) {
        if from == 0 || to == 0 || from == to || !self.graph.insert_edge(from, to) {
            return;
        }
        for index in 0..self.graph.sent(from).len() {
            if self.graph.is_full(to) {
                return;
            }
            let object = self.graph.sent(from)[index];
            self.send(to, object);
        }
    }

    fn use_of(&mut self, node: Node, used: Use) {
        if node != 0 && self.graph.insert_use(node, used) {
            let objects = self.graph.sent(node).iter();
            self.pending.extend(objects.map(|&object| Pending::Use { used, object }));
        }
    }

    fn apply(&mut self, used: Use, object: ObjectId) {
        match used {
            Use::Load { to, field } => self.read(object, field, to),
            Use::Store { field, from } => self.write(object, field, from),
            Use::LoadAny { to, key: 0 } => self.read_any(object, to),
            Use::LoadAny { to, key } => {
                self.keyed.push((key, Use::LoadKeyed { object, to }));
                self.use_of(key, Use::LoadKeyed { object, to });
            }
            Use::Kept { field, to } => match self.objects[object as usize] {
                Object::Instance(_) | Object::ClassInstance(_) => self.read_own(object, field, to),
                Object::External(_) | Object::Unknown => self.read_any(object, to),
                _ => {}
            },
            Use::Listens { on, from } => {
                if let Some(field) = self.event(object) {
                    self.use_of(on, Use::Store { field, from });
                }
            }
            Use::Emits { on, to } => {
                if let Some(field) = self.event(object) {
                    self.use_of(on, Use::Heard { to, field });
                }
            }
            Use::Heard { field, to } => match self.objects[object as usize] {
                Object::Instance(_) | Object::ClassInstance(_) | Object::FunctionInstance(_) | Object::Plain => {
                    self.read_own(object, field, to);
                }
                _ => {}
            },
            Use::StoreAny { from, key: 0 } => self.write_any(object, from),
            Use::StoreAny { from, key } => {
                self.keyed.push((key, Use::StoreKeyed { object, from }));
                self.use_of(key, Use::StoreKeyed { object, from });
            }
            Use::LoadKeyed { object: base, to } => self.read_keyed(base, object, to),
            Use::StoreKeyed { object: base, from } => self.write_keyed(base, object, from),
            Use::CopyFields { to: from } => {
                if matches!(self.objects[object as usize], Object::Plain) {
                    let inherited = self.field(object, self.inherits);
                    self.edge(from, inherited);
                }
            }
            Use::Describe { site, onto } => self.describe(site, object, onto),
            Use::Typed { to } => self.typed_as(object, to),
            Use::Hinted { to } => self.hinted_as(object, to),
            Use::Where { to, from, missing } => {
                if object == self.unknown || (object == self.undefined) == missing {
                    self.edge(from, to);
                }
            }
            Use::Decorated { to, given } => {
                if let Some(object) = self.decorated_as(object, given) {
                    self.add(to, object);
                }
            }
            Use::Callable { to, otherwise } => {
                let is_value = self.is_outside(object) || object == self.undefined;
                self.add(to, if is_value { otherwise } else { object });
            }
            Use::Wraps { wrapped } => self.wraps(object, wrapped),
            Use::Narrowed { to, declared, is } => self.narrow(object, declared, is, to),
            Use::NarrowedTo { to, object: narrowed } => {
                if self.is_instance(narrowed, object) {
                    self.add(to, narrowed);
                }
            }
            Use::FieldLike { field, like } => {
                if matches!(self.objects[object as usize], Object::ClassInstance(_) | Object::Class(_)) {
                    let node = self.field(object, field);
                    if self.filter_like(node, like) {
                        self.typed[node as usize] = self.typed[like as usize];
                    }
                }
            }
            Use::Bound { to, receiver } => self.bind(object, receiver, to),
            Use::InheritedShared(inherited) => {
                let Inherited { to, field, receiver } = self.inherited[inherited as usize];
                self.inherited_shared(object, field, receiver, to);
            }
            Use::Returned { to } => {
                if let Some(function) = self.with_receiver(object) {
                    self.edge(self.functions[function as usize].returns, to);
                }
            }
            Use::Super { to, class } => {
                let seen = self.object(Object::Super(class, object));
                self.add(to, seen);
            }
            Use::Instances { to } => {
                if let Object::Class(class) = self.objects[object as usize] {
                    let instance = self.object(Object::ClassInstance(class));
                    self.add(to, instance);
                }
            }
            Use::Raised(site) => {
                if let Object::Class(_) = self.objects[object as usize] {
                    self.call(site, object, None);
                }
            }
            Use::MakeInstance(site) => self.make_instance(site, object),
            Use::Described { to, receiver, sets } => self.described_by(object, receiver, sets, to),
            Use::Describes { to, receiver } => self.describes(object, receiver, to),
            Use::Slice { to, array, start } => self.slice(object, array, u32::from(start), to),
            Use::Entered { to } => match self.objects[object as usize] {
                Object::Array => self.read(object, self.element, to),
                Object::External(_) | Object::Unknown => self.add(to, object),
                _ => {}
            },
            Use::Iterate { to } => self.iterate(object, to),
            Use::IterateAt { to, index } => match self.objects[object as usize] {
                Object::Array if index < MAX_INDEX => {
                    let field = self.name(&index.to_string());
                    self.read(object, field, to);
                }
                Object::ClassInstance(_) => {
                    let field = self.name(&index.to_string());
                    self.read_own(object, field, to);
                    self.iterate(object, to);
                }
                _ => self.iterate(object, to),
            },
            Use::Joined { to, key } => {
                if let Some(joined) = self.joined(key, object) {
                    self.add(to, joined);
                }
            }
            Use::Join { to, second } => {
                if self.is_outside(object) {
                    // What something unknown is called does not matter.
                    let key = if self.is_quoted(object) { object } else { self.unknown };
                    self.use_of(second, Use::Joined { to, key });
                }
            }
            Use::Cased { to, is_upper } => self.change_case(object, is_upper, to),
            Use::Replaced(site) => self.replace_text(site),
            Use::Default { to, default } => match self.objects[object as usize] {
                Object::Undefined => self.edge(default, to),
                Object::Unknown => {
                    self.add(to, object);
                    self.edge(default, to);
                }
                _ => self.add(to, object),
            },
            Use::IterateResult { to } => {
                if let Some(function) = self.with_receiver(object) {
                    self.use_of(self.functions[function as usize].returns, Use::Yielded { to });
                }
            }
            Use::Fulfilled { to } => {
                if object != self.promise {
                    self.add(to, object);
                }
            }
            Use::Yielded { to } => match self.objects[object as usize] {
                Object::Plain | Object::ClassInstance(_) | Object::FunctionInstance(_) => {
                    let next = self.name(NEXT);
                    let method = self.read_node(object, next);
                    self.use_of(method, Use::StepValue { to });
                    if self.has_attribute("__next__") {
                        let next = self.name("__next__");
                        let method = self.read_node(object, next);
                        self.use_of(method, Use::Returned { to });
                    }
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
            Use::ReturnedByMixin { to } => match self.objects[object as usize] {
                Object::Class(class) if self.classes[class as usize].has_copies => {}
                _ => self.add(to, object),
            },
            Use::Extends(class) if self.classes[class as usize].has_copies => {}
            Use::Extends(class) => {
                if let Object::Class(base) = self.objects[object as usize] {
                    if let (Some(sub), Some(base)) = (self.shared(class), self.shared(base)) {
                        let (from, to) = (sub.statics, base.statics);
                        self.edge(from, to);
                    }
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
