//! What the solver keeps.

use drift_facts::{Binding, CalleeShape, Library, MemberKind, SiteKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::lists::{List, Lists};
use super::place::PlaceId;
use super::rows::{Fixed, Paged};

/// Index of a function over all files.
pub type FunctionId = u32;
pub(super) type Node = u32;
pub(super) type ObjectId = u32;
pub(super) type Name = u32;
pub(super) type ClassId = u32;
pub(super) type TypeId = u32;
pub(super) type SiteId = u32;
/// Index of an [`Inherited`].
pub(super) type InheritedId = u32;

/// Something a node can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Object {
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
    /// A property key.
    Key(Name),
    /// An instance of a library class, with what is kept in it.
    Instance(Name),
    /// A function of a class with the receiver that calling it gives it, or 0 where it has that already.
    Method(FunctionId, ObjectId),
    /// A receiver, seen as one of the classes that come after this one.
    Super(ClassId, ObjectId),
    /// A function with the first arguments that this site gave it.
    Partial(SiteId),
    /// The same, which is given its receiver first.
    PartialMethod(SiteId),
    /// A class as an instance of its own class.
    Instantiated(ClassId),
    /// A function of a descriptor that is given the object it stands in, and what is stored.
    Accessor(FunctionId),
    /// What a decorator makes of many definitions alike, in the place of this one of them.
    Standing(ObjectId, ObjectId),
    /// A folder that is a package without a file of its own.
    Folder(u32),
    /// A function that fulfils the promise whose values this node holds.
    Settle(Node),
    /// `f.call`, `f.apply`, `f.bind`.
    Call(FunctionId),
    Apply(FunctionId),
    Bind(FunctionId),
}

/// See [`Object::rank`], of names outside the project.
pub(super) const RANK_OF_NAMES: u8 = 28;

impl Object {
    /// What it is and its number, where that does not depend on when it was first mentioned.
    pub(super) fn rank(self) -> (u8, u32) {
        match self {
            Self::Unknown => (0, 0),
            Self::Undefined => (1, 0),
            Self::Function(function) => (2, function),
            Self::Class(class) => (3, class),
            Self::ClassInstance(class) => (4, class),
            Self::FunctionInstance(function) => (5, function),
            Self::FunctionPrototype(function) => (6, function),
            Self::ClassPrototype(class) => (7, class),
            Self::Method(function, _) => (8, function),
            Self::Super(class, _) => (9, class),
            Self::Call(function) => (10, function),
            Self::Apply(function) => (11, function),
            Self::Bind(function) => (12, function),
            Self::Accessor(function) => (13, function),
            Self::Standing(object, _) => (29, object),
            Self::Instantiated(class) => (14, class),
            Self::Module(file) => (15, file),
            Self::CommonJs(file) => (16, file),
            Self::Folder(folder) => (17, folder),
            Self::Plain => (18, 0),
            Self::Array => (19, 0),
            Self::Partial(site) => (20, site),
            Self::PartialMethod(site) => (21, site),
            Self::Settle(node) => (22, node),
            Self::Signature(node) => (23, node),
            Self::Type(ty) => (24, ty),
            Self::TypeInstance(ty) => (25, ty),
            Self::Instance(_) => (26, 0),
            Self::Key(_) => (27, 0),
            Self::External(_) => (RANK_OF_NAMES, 0),
        }
    }
}

/// What happens when an object arrives at a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Use {
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
        key: Node,
    },
    /// `to` holds what the instances of library classes at this node keep in a field.
    Kept {
        to: Node,
        field: Name,
    },
    StoreAny {
        from: Node,
        key: Node,
    },
    /// The node holds names of fields of this object.
    LoadKeyed {
        object: ObjectId,
        to: Node,
    },
    StoreKeyed {
        object: ObjectId,
        from: Node,
    },
    CopyFields {
        to: Node,
    },
    /// The node holds objects whose fields describe fields of what is at `onto`; this site says so.
    Describe {
        site: SiteId,
        onto: Node,
    },
    /// The node holds types; `to` holds values of them.
    Typed {
        to: Node,
    },
    /// The same where nothing that is known reaches `to`.
    Hinted {
        to: Node,
    },
    /// `to` holds the objects at the node that are, or are not, instances of what `declared` holds.
    Narrowed {
        to: Node,
        declared: Node,
        is: bool,
    },
    /// The node may hold nothing, or something; where it does, `to` holds what `from` holds.
    Where {
        to: Node,
        from: Node,
        missing: bool,
    },
    /// The node holds what a decorator yields; `to` holds it, save what other decorators were given.
    Decorated {
        to: Node,
        given: Node,
    },
    /// `to` holds what can be called at the node, and instead of everything else this object.
    Callable {
        to: Node,
        otherwise: ObjectId,
    },
    /// The node holds functions that stand before what `wrapped` holds, and say so.
    Wraps {
        wrapped: Node,
    },
    /// The node holds classes; `to` holds this object where it is an instance of one.
    NarrowedTo {
        to: Node,
        object: ObjectId,
    },
    /// The node holds keys; `to` holds them with those in `second` behind them.
    Join {
        to: Node,
        second: Node,
    },
    /// The same with the first key known.
    Joined {
        to: Node,
        key: ObjectId,
    },
    /// The node holds texts; `to` holds them in other letters.
    Cased {
        to: Node,
        is_upper: bool,
    },
    /// The node is the receiver of this site or an argument; the site yields the text with the second argument in the place of
    /// the first.
    Replaced(SiteId),
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
    /// The node holds promises or plain values; `to` holds what these are fulfilled with.
    Fulfilled {
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
    /// The node holds names of events; what `from` holds hears those of what is at `on`.
    Listens {
        on: Node,
        from: Node,
    },
    /// The node holds names of events; `to` holds what hears those of what is at `on`.
    Emits {
        on: Node,
        to: Node,
    },
    /// `to` holds what the objects of the project at this node keep in a field.
    Heard {
        to: Node,
        field: Name,
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
    /// The node holds what classes have under a name; `to` holds what this receiver then has.
    Bound {
        to: Node,
        receiver: ObjectId,
    },
    /// The node holds base classes, of which nothing was known at first, or classes of classes.
    InheritedShared(InheritedId),
    /// The node holds functions; `to` holds what they return.
    Returned {
        to: Node,
    },
    /// The node holds receivers; `to` holds them, seen as what comes after a class.
    Super {
        to: Node,
        class: ClassId,
    },
    /// The node holds classes; `to` holds instances of them.
    Instances {
        to: Node,
    },
    /// The node holds classes, of which this site makes an instance.
    Raised(SiteId),
    /// The same, for classes that are seen through `super()`, and whatever the class of the class says.
    MakeInstance(SiteId),
    /// The node holds what stands in a class under a name; `to` holds the functions that reading, or setting, it runs.
    Described {
        to: Node,
        receiver: ObjectId,
        sets: bool,
    },
    /// The node holds functions of descriptors; `to` holds them as such.
    Describes {
        to: Node,
        receiver: ObjectId,
    },
    /// The node holds sequences; this array holds their elements from an index on.
    Slice {
        to: Node,
        array: ObjectId,
        start: u8,
    },
    Entered {
        to: Node,
    },
    /// The node holds base classes of this class.
    Extends(ClassId),
    /// The node holds what a mixin returns; `to` holds it, save the class of which the call has a copy.
    ReturnedByMixin {
        to: Node,
    },
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
    #[default]
    Escape,
}

/// What is looked up in base classes: `to` holds what this receiver has in them under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Inherited {
    pub(super) to: Node,
    pub(super) field: Name,
    pub(super) receiver: ObjectId,
}

/// There are millions of uses.
const _: () = assert!(size_of::<Use>() == 12);

/// Work put off until the step that causes it is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pending {
    /// An object that was at a node before the use of that node.
    Use { used: Use, object: ObjectId },
    /// What a field of an object yields, asked for the first time.
    Read { object: ObjectId, field: Name, to: Node },
    /// What a file exports under a name, asked for the first time.
    Export { file: u32, name: Name, to: Node },
    /// A call of a function, put off until it is decided whether it enters a copy.
    Call { site: SiteId, callee: ObjectId, receiver: Option<ObjectId> },
}

/// What leads to a target, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Values that were followed.
    Followed,
    /// A name of which a part is known, which several members fit (`patterns.rs`), or the same read from each of many classes
    /// (`overflow.rs`).
    Family,
    /// A declaration; see `guesses.rs`.
    Suggested,
}

/// What is known about one call site when nothing changes any more.
#[derive(Clone, Debug, Default)]
pub struct SiteTargets {
    /// Functions of the project, in ascending order.
    pub functions: Vec<FunctionId>,
    /// Of each function how many came with it, itself included, before what all callers pass came together; see `rivals.rs`.
    /// Empty where there is one function or this is not known.
    pub rivals: Vec<u32>,
    /// What leads to each function.
    pub origins: Vec<Origin>,
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
    /// The same for each of the calls through which the site is reached, where these were told apart; else empty.
    pub contexts: Vec<SiteTargets>,
}

impl SiteTargets {
    /// The best that leads to each of `functions` in one of these.
    pub(super) fn best_origins(functions: &[FunctionId], all: &[&Self]) -> Vec<Origin> {
        let of = |function: &FunctionId| {
            all.iter().filter_map(|one| one.origin(*function)).min().unwrap_or(Origin::Suggested)
        };
        functions.iter().map(of).collect()
    }

    /// What leads to a function; `None` where it is none of these.
    pub fn origin(&self, function: FunctionId) -> Option<Origin> {
        self.functions.binary_search(&function).ok().and_then(|at| self.origins.get(at).copied())
    }

    /// What another call at the same place reaches as well.
    pub(super) fn join(&mut self, other: Self) {
        let mut functions = [&self.functions[..], &other.functions[..]].concat();
        functions.sort_unstable();
        functions.dedup();
        self.origins = Self::best_origins(&functions, &[self, &other]);
        self.functions = functions;
        self.rivals.clear();
        self.externals.extend(other.externals);
        self.externals.sort_unstable();
        self.externals.dedup();
        self.unknown |= other.unknown;
        self.declared |= other.declared;
        self.contexts.extend(other.contexts);
    }
}

pub(super) struct Class {
    pub(super) constructor: FunctionId,
    pub(super) implicit: bool,
    pub(super) extends: Node,
    pub(super) instance: Node,
    pub(super) members: FxHashMap<(Name, bool), Vec<(MemberKind, FunctionId)>>,
    /// Members without a body or value.
    pub(super) declared: FxHashSet<Name>,
    /// The class of a mixin that this one is a copy of.
    pub(super) origin: Option<ClassId>,
    /// There are copies, so that its own instances are theirs.
    pub(super) has_copies: bool,
    /// For a class whose attributes are one namespace.
    pub(super) shared: Option<Shared>,
}

/// See [`drift_facts::SharedClass`].
pub(super) struct Shared {
    pub(super) bases: Vec<Node>,
    pub(super) attributes: FxHashSet<Name>,
    pub(super) metaclass: Node,
    pub(super) fields: Vec<Name>,
    pub(super) is_tuple: bool,
    pub(super) statics: Node,
    /// The class and those it inherits from, in the order in which names are looked up.
    pub(super) order: Vec<Ancestor>,
    /// Bases of which nothing was known when the order was found.
    pub(super) open: Vec<Node>,
}

/// One place where an attribute is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ancestor {
    Class(ClassId),
    /// Outside the project.
    External(Name),
    Unknown,
}

pub(super) struct Type {
    pub(super) instance: Node,
    /// Values that were given this type somewhere.
    pub(super) values: Node,
    pub(super) extends: Vec<Node>,
    pub(super) members: FxHashMap<Name, Vec<Node>>,
    /// Members that every value has.
    pub(super) required: Vec<Name>,
    pub(super) library: Option<Name>,
}

#[derive(Clone)]
pub(super) struct Function {
    pub(super) params: Fixed<Node>,
    pub(super) rest: Node,
    pub(super) this: Node,
    pub(super) returns: Node,
    pub(super) binds_this: bool,
    pub(super) binding: Binding,
    pub(super) is_member: bool,
    pub(super) library: Library,
    pub(super) param_names: Fixed<Name>,
    pub(super) named_params: Fixed<(Name, Node)>,
    pub(super) named_rest: Node,
    /// Where what is inside it is found.
    pub(super) place: PlaceId,
    /// The function as it is written, of which this may be a copy.
    pub(super) origin: FunctionId,
}

pub(super) struct Site {
    pub(super) kind: SiteKind,
    pub(super) callee: Node,
    pub(super) this: Node,
    pub(super) args: Fixed<Node>,
    pub(super) named: Fixed<(Name, Node)>,
    pub(super) named_spread: Node,
    pub(super) library: Library,
    /// How many sites it stands for in turn.
    pub(super) depth: u8,
    pub(super) spread: Node,
    /// Arguments that may be undefined, as bits by position.
    pub(super) maybe_missing: u32,
    pub(super) result: Node,
    pub(super) shape: CalleeShape,
    /// It is a decorator, or makes one.
    pub(super) decorates: bool,
    pub(super) place: PlaceId,
}

/// By site, what it reaches.
#[derive(Default)]
pub(super) struct Targets {
    of: Paged<List>,
    all: Lists<ObjectId>,
}

impl Targets {
    /// So many sites more, which reach nothing.
    pub(super) fn grow(&mut self, count: usize) {
        for _ in 0..count {
            self.of.push(List::default());
        }
    }

    pub(super) fn insert(&mut self, site: SiteId, target: ObjectId) {
        self.all.insert(&mut self.of[site as usize], target);
    }

    pub(super) fn of(&self, site: SiteId) -> &[ObjectId] {
        self.all.get(&self.of[site as usize])
    }
}

impl Site {
    /// A site without callee and arguments.
    pub(super) fn unseen(kind: SiteKind, library: Library, place: PlaceId) -> Self {
        Self {
            kind,
            callee: 0,
            this: 0,
            args: Fixed::default(),
            named: Fixed::default(),
            named_spread: 0,
            library,
            depth: 0,
            spread: 0,
            maybe_missing: 0,
            result: 0,
            shape: CalleeShape::Value,
            decorates: false,
            place,
        }
    }

    /// A site that stands for what another one causes.
    pub(super) fn inner(outer: &Self, callee: Node, args: Fixed<Node>, result: Node) -> Self {
        Self {
            callee,
            args,
            depth: outer.depth.saturating_add(1),
            result,
            shape: outer.shape,
            decorates: outer.decorates,
            ..Self::unseen(SiteKind::Call, outer.library, outer.place)
        }
    }
}
