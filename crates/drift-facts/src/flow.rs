//! The flow IR: what a front end must emit about one file, in terms no language owns.
//!
//! A file is reduced to *nodes* (anything that can hold a value: a variable, a parameter, the result of an expression),
//! *objects* created in it (functions, classes, literals, declared types) and *flows* between nodes. Names are interned
//! per file. Nothing here refers to another file except by the text of an import, so files are read independently.

use std::ops::Range;

use drift_text::LineSpan;
use serde::{Deserialize, Serialize};

/// What sort of definition a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FunctionKind {
    /// Declaration or expression with `function`.
    Function,
    /// Arrow function.
    Arrow,
    /// Method of a class or object literal.
    Method,
    /// Constructor with a body.
    Constructor,
    /// Getter.
    Getter,
    /// Setter.
    Setter,
    /// A class without a constructor of its own; its span is the class.
    ImplicitConstructor,
    /// `static { … }` of a class.
    StaticBlock,
}

impl FunctionKind {
    /// The stable name used in JSON and SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Arrow => "arrow",
            Self::Method => "method",
            Self::Constructor => "constructor",
            Self::Getter => "getter",
            Self::Setter => "setter",
            Self::ImplicitConstructor => "implicit-constructor",
            Self::StaticBlock => "static-block",
        }
    }
}

/// How a call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SiteKind {
    /// `f()`
    Call,
    /// `new C()`
    New,
    /// `f?.()`
    OptionalCall,
    /// `` f`…` ``
    TaggedTemplate,
    /// `super()` in a constructor
    SuperCall,
    /// `import()`
    DynamicImport,
    /// `require()`
    Require,
    /// `<C />`
    Jsx,
    /// `@d`
    Decorator,
    /// A property access that runs a getter or setter.
    Accessor,
    /// `for (… of x)`, `...x`, `[…] = x`, `yield* x`: runs an iterator's methods.
    Iteration,
    /// An operator, a subscript, a `with` statement: runs a method that the language names.
    Operator,
    /// An exception class that is raised: makes an instance.
    Raise,
}

impl SiteKind {
    /// The stable name used in JSON and SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::New => "new",
            Self::OptionalCall => "optional-call",
            Self::TaggedTemplate => "tagged-template",
            Self::SuperCall => "super-call",
            Self::DynamicImport => "dynamic-import",
            Self::Require => "require",
            Self::Jsx => "jsx",
            Self::Decorator => "decorator",
            Self::Accessor => "accessor",
            Self::Iteration => "iteration",
            Self::Operator => "operator",
            Self::Raise => "raise",
        }
    }
}

/// The language whose own library a file's names mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Library {
    /// That of JavaScript, in browsers and on Node.
    #[default]
    JavaScript,
    /// That of Python.
    Python,
}

/// A place that can hold values; 0 is "no node": nothing of interest flows there.
pub type Node = u32;
/// Index into [`FileFacts::names`].
pub type Name = u32;
/// No node.
pub const NONE: Node = 0;
/// In the place of an argument: what a member is called on.
pub const RECEIVER: u32 = u32::MAX;

/// What declarations say beyond flows. It adds to no node: it is read to work out which values they keep out of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailFact {
    /// What it speaks of.
    pub of: Node,
    /// What it says.
    pub detail: Detail,
    /// See [`Detail`]; else 0.
    pub index: u32,
    /// See [`Detail`]; else [`NONE`].
    pub node: Node,
}

/// See [`DetailFact`], whose fields it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// What is in `of` is of the type that `node` holds.
    Is,
    /// The same, or of a type that is not told.
    MayBe,
    /// `of` holds a function that returns what is in `node`.
    Returns,
    /// `of` holds the type with this index.
    Type,
    /// A function of the signature that returns what is in `of` is given, as its argument `index`, what `node` may hold.
    Accepts,
    /// The type in `node` is parameter `index` of the class or type whose instances are in `of`, or of the function that
    /// returns what is in `of`.
    Parameter,
    /// The applied type `of`, or what the class or tuple with instances in `of` extends or holds, or what the call with
    /// the result `of` makes, has the type of `node` as its argument `index`.
    Argument,
    /// The applied type `of` is the type in `node` with its arguments.
    Base,
    /// Where it says that what is in `of` is, or extends, the type behind the applied type `node`, the latter is meant.
    Applied,
    /// What is in `of` is of the type of what is in `node`, which is not declared but follows.
    Like,
    /// What is in `of` is `super` where `this` is what is in `node`.
    Super,
}

/// One constraint on what nodes hold. `to` gains; everything else is read.
#[expect(missing_docs, reason = "the fields are described by each variant's sentence")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flow {
    /// `to` holds all that `from` holds.
    Assign { to: Node, from: Node },
    /// `to` holds the function with this index.
    Function { to: Node, function: u32 },
    /// `to` holds the class with this index.
    Class { to: Node, class: u32 },
    /// `to` holds a fresh object, numbered within the file.
    Object { to: Node, object: u32 },
    /// `to` holds a fresh array; its elements are the field named [`ELEMENT`].
    Array { to: Node, object: u32 },
    /// `to` holds something that lives outside the project, such as an instance of `String`.
    External { to: Node, name: Name },
    /// `to` holds the declared type with this index (as a type, not as a value of that type).
    Type { to: Node, declared: u32 },
    /// `to` holds a signature without a body; calling it yields what `returns` holds.
    Signature { to: Node, returns: Node },
    /// `to` holds what the field of `base` holds.
    Load { to: Node, base: Node, field: Name },
    /// The field of `base` holds what `from` holds.
    Store { base: Node, field: Name, from: Node },
    /// `to` holds what a field of `base` holds; `key` holds its name, or nothing that is known.
    LoadAny { to: Node, base: Node, key: Node },
    /// A field of `base` holds what `from` holds; `key` as above.
    StoreAny { base: Node, from: Node, key: Node },
    /// `to` holds a property key: a string that is written out, or a symbol, whose name starts with `@@`. Of a string
    /// that is put together only the ends may be known, with [`ANY`] between them.
    Key { to: Node, name: Name },
    /// `to` holds all fields of `from` under their names (spread, `Object.assign`).
    CopyFields { to: Node, from: Node },
    /// `to` holds what the global variable of this name holds.
    Global { to: Node, name: Name },
    /// The global variable of this name holds what `from` holds.
    StoreGlobal { name: Name, from: Node },
    /// `to` holds values of the declared type that `declared` holds; `alone`: and nothing else save values of the other
    /// types that are declared for it alone.
    Typed { to: Node, declared: Node, alone: bool },
    /// `to` holds values of the declared type that `declared` holds where nothing else that is known reaches it: a
    /// declaration that nobody enforces.
    Hinted { to: Node, declared: Node },
    /// `to` holds what `from` holds where nothing that is known reaches it.
    Otherwise { to: Node, from: Node },
    /// `to` holds those of the objects in `from` that are (`is`) or are not instances of what `declared` holds.
    Narrowed { to: Node, from: Node, declared: Node, is: bool },
    /// `to` holds those of the values in `from` that are (`is`) or are not what the function called there, whose result
    /// is `call`, is declared to say of this argument, or of [`RECEIVER`]. See [`FunctionFact::says`].
    Guarded { to: Node, from: Node, call: Node, argument: u32, is: bool },
    /// `to` holds what `from` holds where `test` may hold nothing (`missing`), or where it may hold something.
    Where { to: Node, from: Node, test: Node, missing: bool },
    /// `to` holds what a decorator yields for the definition in `given`: what is in `from`, save other definitions that
    /// decorators were given.
    Decorated { to: Node, from: Node, given: Node },
    /// `to` holds the texts that those in `first` with those in `second` behind them make; what is no text may be any.
    Join { to: Node, first: Node, second: Node },
    /// The field of `base` holds values of the type that the declaration in `like` has, and no others.
    FieldLike { base: Node, field: Name, like: Node },
    /// `to` holds something of which nothing is known.
    Unknown { to: Node },
    /// `to` holds the elements that iterating over `from` yields.
    Iterate { to: Node, from: Node },
    /// `to` holds the element of this index that iterating over `from` yields.
    IterateAt { to: Node, from: Node, index: u32 },
    /// `to` holds nothing yet: `undefined`.
    Undefined { to: Node },
    /// `to` holds what `from` holds, and what `default` holds where `from` may hold nothing.
    Default { to: Node, from: Node, default: Node },
    /// `to` holds what the promise in `from` resolves to, or `from` itself when it is no promise.
    Await { to: Node, from: Node },
    /// `to` holds what `from` holds, seen as one of the classes that come after `class` in its order of bases.
    Super { to: Node, from: Node, class: u32 },
    /// `to` holds what a block gets that a generator or a library object in `from` stands around.
    Entered { to: Node, from: Node },
    /// `to` holds the part of the sequence in `from` that starts at this index.
    Slice { to: Node, from: Node, start: u32 },
}

/// The field that stands for all elements of an array, and for all fields whose names are computed.
pub const ELEMENT: &str = "[]";

/// Stands in a property key for a part that is not known.
pub const ANY: char = '\0';

/// The field of a generator that holds what it is sent.
pub const SENT: &str = "[sent]";

/// The field of a generator that holds what it returns when it ends.
pub const RETURNED: &str = "[returned]";

/// The member of a declared type that holds what `new` makes of its values.
pub const MADE: &str = "[new]";

/// Members of emitters whose second argument hears the event that the first names.
pub const LISTENING_MEMBERS: [&str; 5] = ["on", "once", "addListener", "prependListener", "prependOnceListener"];

/// The member of emitters that hands its other arguments to what hears the event that the first names.
pub const EMITTING_MEMBER: &str = "emit";

/// Elements of an array literal that have a field of their own, named by their index; later ones share [`ELEMENT`].
pub const MAX_INDEX: u32 = 16;

/// The field that holds the getter of a property, as a function.
pub fn getter_field(property: &str) -> String {
    format!("[get]{property}")
}

/// The field that holds the setter of a property, as a function.
pub fn setter_field(property: &str) -> String {
    format!("[set]{property}")
}

/// The property whose getter or setter this field holds.
pub fn accessor_property(field: &str) -> Option<&str> {
    field.strip_prefix("[get]").or_else(|| field.strip_prefix("[set]"))
}

/// What a function that is an attribute of a class is given when it is read through an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// Nothing: it is the same function, and what it is called on is its `this`.
    #[default]
    Nothing,
    /// The instance, as its first parameter.
    Instance,
    /// The class, as its first parameter, also when it is read through the class.
    Class,
}

/// A function definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionFact {
    /// Qualified name within the file, made unique with `~n`.
    pub name: String,
    /// What sort of definition.
    pub kind: FunctionKind,
    /// The whole definition.
    pub span: LineSpan,
    /// The function around it.
    pub parent: Option<u32>,
    /// What each positional parameter holds.
    pub params: Vec<Node>,
    /// What the rest parameter holds (an array).
    pub rest: Node,
    /// What `this` holds inside it; for an arrow function the `this` around it.
    pub this: Node,
    /// What it returns; for a generator, the array of what it yields.
    pub returns: Node,
    /// Whether `this` is its own (arrow functions have none).
    pub binds_this: bool,
    /// Whether reading it through an instance gives it its first parameter.
    pub binding: Binding,
    /// It is written as a member of a class, so that nobody else gives it its first parameter.
    pub is_member: bool,
    /// By which names arguments can be given to `params`; empty where arguments have no names. [`NO_NAME`]: by position only.
    pub param_names: Vec<Name>,
    /// Parameters that are given by name only.
    pub named_params: Vec<(Name, Node)>,
    /// What holds the arguments whose names no parameter has, as fields.
    pub named_rest: Node,
    /// The function returns whether this argument, or [`RECEIVER`], is of the type that the node is declared to have.
    pub says: Option<(u32, Node)>,
    /// What was found inside it.
    pub extent: Extent,
}

/// What was found inside a function, nested ones included: what a copy of it that is told apart from others needs of its
/// own. Everything else that its flows mention is shared with the code around it. Empty where this is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// In [`FileFacts::flows`].
    pub flows: Range<u32>,
    /// Its parameters and variables.
    pub variables: Range<Node>,
    /// The other nodes.
    pub nodes: Range<Node>,
}

/// Stands for the name of a parameter that has none.
pub const NO_NAME: Name = Name::MAX;

/// What a class member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberKind {
    /// Called with parentheses.
    Method,
    /// Runs when the property is read.
    Getter,
    /// Runs when the property is written.
    Setter,
}

/// A member with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFact {
    /// Its name; private names keep their `#`.
    pub name: Name,
    /// Whether it belongs to the class itself.
    pub is_static: bool,
    /// What it is.
    pub kind: MemberKind,
    /// Its body.
    pub function: u32,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassFact {
    /// Its constructor, written or implicit.
    pub constructor: u32,
    /// Whether the constructor is implicit: `new` then also enters the inherited one.
    pub implicit_constructor: bool,
    /// What it extends.
    pub extends: Node,
    /// For a class that is an object with attributes which its instances share: itself, and its bases in order.
    pub shared: Option<SharedClass>,
    /// Declared types that it implements.
    pub implements: Vec<Node>,
    /// What `this` holds in instance members: its instances.
    pub instance: Node,
    /// What `this` holds in static members: the class.
    pub statics: Node,
    /// Members with a body.
    pub members: Vec<MemberFact>,
    /// Names declared without a body or value, so that they do not fall through to a base class: abstract members.
    pub declared: Vec<Name>,
}

/// A class whose attributes are one namespace, found on itself and on its instances along the order of its bases (C3).
/// What its body binds is stored in fields of the class object. Calling the class makes an instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SharedClass {
    /// What each base holds.
    pub bases: Vec<Node>,
    /// Names that its body binds in any case.
    pub attributes: Vec<Name>,
    /// The class of the class, if one is named.
    pub metaclass: Node,
    /// Fields that a constructor made by the library fills from its arguments, in order.
    pub fields: Vec<Name>,
    /// These fields are the elements of its instances as well.
    pub is_tuple: bool,
    /// Attributes that hold something of which only running the program tells whether reading it calls a function.
    pub descriptors: Vec<Name>,
}

/// A declared type: interface, type alias, type literal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypeFact {
    /// What a value of this type may hold.
    pub instance: Node,
    /// Types whose members it also has.
    pub extends: Vec<Node>,
    /// Declared members and what they hold.
    pub members: Vec<(Name, Node)>,
    /// Members that every value of it has.
    pub required: Vec<Name>,
    /// The library type behind it, such as `Array.prototype`, whose members it has as well.
    pub library: Option<Name>,
}

/// What the callee of a call looks like; used to explain an unknown and to find candidates by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalleeShape {
    /// A name.
    Name(Name),
    /// A parameter of an enclosing function.
    Parameter(Name),
    /// An imported name.
    Imported(Name),
    /// A member with a fixed name.
    Member(Name),
    /// A member whose name is computed.
    Computed,
    /// `super()`.
    Super,
    /// `eval` and the like.
    Eval,
    /// Anything else: the result of an expression.
    Value,
}

/// A call site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteFact {
    /// How it is written.
    pub kind: SiteKind,
    /// The whole call expression.
    pub span: LineSpan,
    /// The function around it; `None` at the top level.
    pub caller: Option<u32>,
    /// What is called.
    pub callee: Node,
    /// What the callee looks like.
    pub shape: CalleeShape,
    /// The receiver; for `super()` the `this` of the constructor.
    pub this: Node,
    /// The callee is the member of the receiver that `shape` names: `a.b()`, not `super.b()`.
    pub on_receiver: bool,
    /// Arguments in order, up to the first spread.
    pub args: Vec<Node>,
    /// Arguments given by name.
    pub named: Vec<(Name, Node)>,
    /// An object whose fields are given by their names.
    pub named_spread: Node,
    /// The spread argument (an iterable) that follows them.
    pub spread: Node,
    /// The arguments of which nothing says that they are there, as bits by position: `f(a.b)` may pass `undefined`.
    pub maybe_missing: u32,
    /// What the call yields.
    pub result: Node,
}

/// What a property access does to the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessKind {
    /// `a.b`
    Read,
    /// `a.b = v`
    Write,
    /// `a.b += v`, `a.b++`
    ReadWrite,
}

/// A property access by a fixed name: a call site where the name is that of a getter or setter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessFact {
    /// The member expression; in a destructuring pattern the property.
    pub span: LineSpan,
    /// The function around it; `None` at the top level.
    pub caller: Option<u32>,
    /// What the property is looked up in.
    pub base: Node,
    /// What `this` is in the getter or setter: the same, save for `super.x`.
    pub this: Node,
    /// Its name.
    pub field: Name,
    /// Read, written or both.
    pub kind: AccessKind,
    /// What is written.
    pub value: Node,
}

/// A place that iterates over a value: a call site where the value has an iterator of the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IterationFact {
    /// What is iterated over; in a destructuring pattern the pattern.
    pub span: LineSpan,
    /// The function around it; `None` at the top level.
    pub caller: Option<u32>,
    /// What holds the iterable.
    pub from: Node,
}

/// A call that an operator, a statement or the like makes unseen: a call site where it enters a function of the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImplicitCallFact {
    /// The operation.
    pub span: LineSpan,
    /// The function around it; `None` at the top level.
    pub caller: Option<u32>,
    /// [`SiteKind::Operator`] or [`SiteKind::Raise`].
    pub kind: SiteKind,
    /// What the method is looked up in.
    pub base: Node,
    /// The method; [`NO_NAME`]: `base` itself is called if it is a class.
    pub method: Name,
    /// What it is given.
    pub args: Vec<Node>,
    /// What it yields.
    pub result: Node,
}

/// How an import binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportKind {
    /// The export of this name; `default` for the default export.
    Named(Name),
    /// The same, if the module offers it: one of several from which all names are imported.
    Star(Name),
    /// The module as an object (`import * as m`, `import()`).
    Namespace,
    /// What `require` returns.
    Require,
}

/// Something brought in from another module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFact {
    /// The node that receives it; [`NONE`] when the module is only run.
    pub to: Node,
    /// The text of the import.
    pub specifier: Name,
    /// What of it.
    pub kind: ImportKind,
}

/// A name that other modules can import.
#[expect(missing_docs, reason = "the fields are described by each variant's sentence")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFact {
    /// A local value.
    Local { name: Name, from: Node },
    /// A name of another module under a name of this one.
    Forward { name: Name, specifier: Name, imported: Name },
    /// Another module as an object.
    ForwardNamespace { name: Name, specifier: Name },
    /// All names of another module but `default`.
    All { specifier: Name },
}

/// Everything the solver needs to know about one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Lines in the file; an empty file has one.
    pub line_count: u32,
    /// Interned names.
    pub names: Vec<String>,
    /// How many nodes there are, node 0 included.
    pub node_count: u32,
    /// How many objects and arrays are created in it.
    pub object_count: u32,
    /// How many signatures without a body are declared in it.
    pub signature_count: u32,
    /// Whose library its free names mean.
    pub library: Library,
    /// Objects created here that are instances of a class of the library: their number, and the class.
    pub instances: Vec<(u32, Name)>,
    /// Exported names that importing everything leaves out.
    pub hidden: Vec<Name>,
    /// Whether it is a module of its own (ES or CommonJS); a script shares its top level with other scripts.
    pub is_module: bool,
    /// Whether a compiler checks what is declared, and what follows from it.
    pub is_typed: bool,
    /// The node that holds `module` of CommonJS; [`NONE`] when the file does not use it.
    pub module_object: Node,
    /// The node that holds `exports` of CommonJS.
    pub exports_object: Node,
    /// Top-level names of a script, visible to other scripts.
    pub globals: Vec<(Name, Node)>,
    /// Functions in the order of their position.
    pub functions: Vec<FunctionFact>,
    /// Classes.
    pub classes: Vec<ClassFact>,
    /// Declared types.
    pub types: Vec<TypeFact>,
    /// Constraints.
    pub flows: Vec<Flow>,
    /// What declarations say beyond flows.
    pub details: Vec<DetailFact>,
    /// Call sites in the order of their position.
    pub sites: Vec<SiteFact>,
    /// Property accesses by a fixed name, in the order of their position.
    pub accesses: Vec<AccessFact>,
    /// Iterations, in the order of their position.
    pub iterations: Vec<IterationFact>,
    /// Calls that are made unseen, in the order of their position.
    pub implicit_calls: Vec<ImplicitCallFact>,
    /// Imports.
    pub imports: Vec<ImportFact>,
    /// Exports.
    pub exports: Vec<ExportFact>,
}

impl FileFacts {
    /// Gives back what its lists do not need of their memory, for facts of all files are kept until all are solved.
    pub(crate) fn tighten(&mut self) {
        tighten(&mut self.names);
        tighten(&mut self.functions);
        tighten(&mut self.types);
        tighten(&mut self.flows);
        tighten(&mut self.sites);
        tighten(&mut self.accesses);
        tighten(&mut self.iterations);
        tighten(&mut self.implicit_calls);
        tighten(&mut self.imports);
    }
}

/// Moves a list that has much room to spare, for allocators leave one that shrinks where it is.
fn tighten<T>(list: &mut Vec<T>) {
    if list.capacity() - list.len() > list.len() / 8 {
        let mut tight = Vec::with_capacity(list.len());
        tight.append(list);
        *list = tight;
    }
}
