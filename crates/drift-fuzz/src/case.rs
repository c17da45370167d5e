use drift_facts::FileFacts;
use serde::{Deserialize, Serialize};

/// What is fuzzed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Text in, facts out; and what the facts of well-formed programs give.
    FrontEnd,
    /// Facts of several files in, call graph out.
    Solver,
}

impl Target {
    /// Both.
    pub const ALL: [Self; 2] = [Self::FrontEnd, Self::Solver];

    /// The stable name in commands and results.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FrontEnd => "front-end",
            Self::Solver => "solver",
        }
    }

    /// The target of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.as_str() == name)
    }
}

/// What stands in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Source, or for a manifest JSON.
    Text(String),
    /// Facts as if a front end had read them.
    Facts(Box<FileFacts>),
}

/// One file of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Its path from the root of the project.
    pub path: String,
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
}

impl Input {
    /// A file of text.
    pub fn text(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), content: Content::Text(text) }
    }
}

/// One input of the fuzzer. Files are sorted by path, of which none comes twice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Sources and manifests.
    pub files: Vec<Input>,
    /// The same sources with all identifiers changed to others of the same lengths; empty when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<Input>,
}

impl Case {
    /// Bytes of text and parts of facts.
    pub fn size(&self) -> usize {
        let of = |input: &Input| match &input.content {
            Content::Text(text) => text.len(),
            Content::Facts(facts) => parts(facts),
        };
        self.files.iter().chain(&self.renamed).map(of).sum()
    }
}

/// How many things facts state.
pub fn parts(facts: &FileFacts) -> usize {
    let of_functions: usize = facts.functions.iter().map(|function| function.params.len() + 1).sum();
    let of_classes: usize = facts.classes.iter().map(|class| class.members.len() + class.declared.len() + 1).sum();
    let of_types: usize = facts.types.iter().map(|ty| ty.members.len() + ty.extends.len() + 1).sum();
    let of_sites: usize = facts.sites.iter().map(|site| site.args.len() + 1).sum();
    facts.node_count as usize
        + facts.names.len()
        + facts.flows.len()
        + facts.details.len()
        + facts.accesses.len()
        + facts.iterations.len()
        + facts.imports.len()
        + facts.exports.len()
        + facts.globals.len()
        + of_functions
        + of_classes
        + of_types
        + of_sites
}

/// A case on which a promise did not hold, as it is kept in `corpus/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which target's.
    pub target: Target,
    /// The promise that broke.
    pub property: String,
    /// What was seen when it was found.
    pub detail: String,
    /// The input, made small.
    pub case: Case,
}
