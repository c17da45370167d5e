//! The call graph as plain data: what the store keeps and the API shows.

use drift_text::LineSpan;
use serde::{Deserialize, Serialize};

pub use drift_facts::{FunctionKind, SiteKind};

/// Index of a file in the list given to [`crate::build`].
pub type FileIndex = u32;
/// Index into [`CallGraph::functions`].
pub type FunctionIndex = u32;

/// A definition that a call can enter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// The file that holds it.
    pub file: FileIndex,
    /// `path#Qualified.name`; unique in the project, free of line numbers.
    pub id: String,
    /// The last part of the qualified name, for display.
    pub name: String,
    /// What sort of definition it is.
    pub kind: FunctionKind,
    /// The whole definition, modifiers and decorators included.
    pub span: LineSpan,
}

/// Why nothing can be said about a call site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UnknownReason {
    /// The callee is read from a property whose name is computed at run time.
    DynamicProperty,
    /// The import that binds the callee could not be found in the project or named outside it.
    UnresolvedImport,
    /// The callee is a parameter, and no caller in the project passes a known function.
    UnknownParameter,
    /// The callee is a member of a value whose contents are not known.
    UnknownReceiver,
    /// The receiver is known and has no such member.
    MissingMember,
    /// A type declares the callee, and no implementation of it is known.
    NoImplementation,
    /// The callee is a variable into which nothing known flows.
    UnknownValue,
    /// `eval`, `new Function` and the like.
    Eval,
    /// More candidates than the solver keeps.
    TooManyTargets,
}

impl UnknownReason {
    /// The stable name used in JSON, SQL and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DynamicProperty => "dynamic-property",
            Self::UnresolvedImport => "unresolved-import",
            Self::UnknownParameter => "unknown-parameter",
            Self::UnknownReceiver => "unknown-receiver",
            Self::MissingMember => "missing-member",
            Self::NoImplementation => "no-implementation",
            Self::UnknownValue => "unknown-value",
            Self::Eval => "eval",
            Self::TooManyTargets => "too-many-targets",
        }
    }
}

/// What the candidates of a call site rest on; together with how many there are it decides how probable each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Basis {
    /// Everything that can be called was followed to the site.
    Tracked,
    /// They were followed to the site, and something that is not known can be called there as well.
    Open,
    /// Nothing was followed: they have the name that is called.
    Name,
}

impl Basis {
    /// The stable name used in JSON, SQL and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tracked => "tracked",
            Self::Open => "open",
            Self::Name => "name",
        }
    }
}

/// What the solver can say about a call site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Exactly one target, bound so that nothing else can be called.
    Certain,
    /// One or more candidates, each with a probability.
    Likely(Basis),
    /// Only targets outside the project.
    External(Basis),
    /// Nothing to offer, and why.
    Unknown(UnknownReason),
}

/// In which way one target was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Evidence {
    /// Everything that can be called, on the best way to it, was followed.
    Tracked,
    /// It was followed, and something that is not known can be called there as well.
    Open,
    /// It has the name that is called.
    Name,
    /// A name outside the project was followed, and nothing else.
    Outside,
    /// The same beside something that is not known.
    OutsideOpen,
    /// Only things outside the project have the name that is called.
    OutsideName,
    /// A name outside the project was followed beside functions of the project.
    Beside,
    /// Nothing was followed, but a declared type, a hint or the class around a method suggests it.
    Suggested,
    /// It has a name that fits the part of a name that is known (`"visit_" + kind`), and was read under that.
    Family,
}

impl Evidence {
    /// The stable name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tracked => "tracked",
            Self::Open => "open",
            Self::Name => "name",
            Self::Outside => "outside",
            Self::OutsideOpen => "outside-open",
            Self::OutsideName => "outside-name",
            Self::Beside => "beside",
            Self::Suggested => "suggested",
            Self::Family => "family",
        }
    }
}

/// What one target rests on. [`Support::probability`] says how far that has been right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Support {
    /// How it was found.
    pub evidence: Evidence,
    /// Of how many it is one, itself included, so at least 1: of a function of the project see `solve/rivals.rs`; of a
    /// name outside the names, or beside functions these.
    pub among: u32,
}

/// Where a call can go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A function of the project.
    Function {
        /// Which one.
        function: FunctionIndex,
        /// What it rests on.
        support: Support,
    },
    /// The top level of a file of the project, run by `require` or `import()`: `path#<module>`.
    Module {
        /// Which one.
        file: FileIndex,
        /// What it rests on.
        support: Support,
    },
    /// Something outside the project, by name: `node:fs.readFileSync`, `Array.prototype.push`, `lodash.map`.
    External {
        /// Its name.
        name: String,
        /// What it rests on.
        support: Support,
    },
}

impl Target {
    /// What it rests on.
    pub const fn support(&self) -> Support {
        match self {
            Self::Function { support, .. } | Self::Module { support, .. } | Self::External { support, .. } => *support,
        }
    }
}

/// A place where code is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// The file that holds it.
    pub file: FileIndex,
    /// How the call is written.
    pub kind: SiteKind,
    /// The whole call expression.
    pub span: LineSpan,
    /// The innermost function around it; `None` at the top level of the module.
    pub caller: Option<FunctionIndex>,
    /// What is known.
    pub status: Status,
    /// Candidates, most probable first; empty when unknown.
    pub targets: Vec<Target>,
}

/// Who can call whom. Functions and sites are ordered by file, then position.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CallGraph {
    /// Every definition of the project.
    pub functions: Vec<Function>,
    /// Every call site of the project.
    pub sites: Vec<Site>,
}
