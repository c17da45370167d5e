//! Python to the flow IR.
//!
//! One recursive walk over tree-sitter's tree, in the order in which the program runs. Names are bound by Python's own
//! rules first (`scopes.rs`); then every expression is lowered to the node that holds its value. Keys of lists and
//! dictionaries are fields: `0` for an index, `'a'` with its quotes for a text, so that they never meet attributes.

mod assignments;
mod calls;
mod classes;
mod containers;
mod decorators;
mod expressions;
mod functions;
mod hints;
mod imports;
mod keys;
mod narrowing;
mod notebook;
mod operators;
mod patterns;
mod scopes;
mod statements;
#[cfg(test)]
mod tests;
mod text;
mod versions;

use drift_syntax::{Problem, python};
use drift_text::{LineIndex, LineSpan, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Syntax;

use self::keys::Keys;
use self::notebook::Notebook;
use self::scopes::{Scope, ScopeId, ScopeKind};
use self::versions::Versions;
use crate::Extracted;
use crate::flow::{AccessFact, AccessKind, FileFacts, Flow, IterationFact, Library, NONE, Name, Node};

/// How many enclosing names a qualified name spells out; deeper ones keep the innermost behind `…`.
const MAX_NAME_DEPTH: usize = 12;
/// Deeper than the interpreter itself reads; what nests deeper is left out with a note.
const MAX_DEPTH: u32 = 3_000;

/// See [`crate::extract`].
pub fn extract(text: &str) -> Extracted {
    extract_code(text, LineIndex::new(text), Vec::new())
}

/// The same for the cells of a notebook; positions are those in the file.
pub fn extract_notebook(text: &str) -> Extracted {
    match Notebook::read(text) {
        Some(Notebook { code, places }) => extract_code(&code, LineIndex::new(text), places),
        None => {
            let span = Span::new(0, text.len() as u32);
            let problem = Problem { span, message: "no notebook of Python".to_owned() };
            Extracted { facts: Lower::new("", LineIndex::new(text), Vec::new()).facts, problems: vec![problem] }
        }
    }
}

fn extract_code(text: &str, lines: LineIndex, places: Vec<(u32, u32)>) -> Extracted {
    let Some(parsed) = python::parse(text) else {
        let span = Span::new(0, text.len() as u32);
        let problem = Problem { span, message: "the parser gave up".to_owned() };
        return Extracted { facts: FileFacts::default(), problems: vec![problem] };
    };
    let mut lower = Lower::new(text, lines, places);
    lower.problems = parsed.problems;
    for problem in &mut lower.problems {
        problem.span = placed(&lower.places, problem.span);
    }
    lower.module(parsed.tree.root_node());
    lower.problems.sort_by_key(|problem| problem.span);
    Extracted { facts: lower.facts, problems: lower.problems }
}

/// Where a part of the code stands in the file. `places`: of each byte; empty where the code is the file.
fn placed(places: &[(u32, u32)], span: Span) -> Span {
    let Some(&(last, end)) = places.last() else { return span };
    let start = places.get(span.start as usize).map_or(end.max(last), |&(start, _)| start);
    let end = match span.end.checked_sub(1).filter(|&before| before >= span.start) {
        Some(before) => places.get(before as usize).map_or(end, |&(_, end)| end),
        None => start,
    };
    Span::new(start, end.max(start))
}

/// What surrounds the code being lowered.
#[derive(Clone, Copy)]
struct Surroundings {
    /// The innermost function.
    function: Option<u32>,
    /// The innermost class whose method this is, and what its first parameter holds.
    class: Option<u32>,
    receiver: Node,
    /// Where `return` goes.
    returns: Node,
    /// The array that `yield` adds to; [`NONE`] outside generators.
    yields: Node,
    /// What a test for nothing says of a parameter here: the parameter, and whether it is missing.
    missing: Option<(Node, bool)>,
}

struct Lower<'t> {
    text: &'t str,
    lines: LineIndex,
    /// See [`placed`].
    places: Vec<(u32, u32)>,
    facts: FileFacts,
    problems: Vec<Problem>,
    names: FxHashMap<String, Name>,
    /// What is imported from elsewhere, by the node of the variable that it is bound to: `typing.List`.
    imported: FxHashMap<Node, String>,
    /// Nodes that hold a name of the library, one per name.
    libraries: FxHashMap<Name, Node>,
    /// Nodes that hold a key, one per key.
    keys: FxHashMap<Name, Node>,
    /// Nodes that hold a name which only an import of everything can bind.
    starred: FxHashMap<&'t str, Node>,
    scopes: Vec<Scope<'t>>,
    scope: ScopeId,
    /// Names that some function declares `nonlocal` or `global`.
    shared: FxHashSet<&'t str>,
    /// Modules from which all names are imported.
    stars: Vec<Name>,
    versions: Versions,
    around: Surroundings,
    /// Names of the definitions around, outermost first.
    path: Vec<String>,
    /// How often a qualified name was given out.
    taken: FxHashMap<String, u32>,
    /// What each class is called in the text.
    class_names: Vec<String>,
    depth: u32,
    /// See [`Lower::nothing`].
    nothing: Node,
    keys_here: Keys,
    /// See [`crate::flow::SharedClass::descriptors`], of the class whose body is being lowered.
    descriptors: Vec<Name>,
}

impl<'t> Lower<'t> {
    fn new(text: &'t str, lines: LineIndex, places: Vec<(u32, u32)>) -> Self {
        let facts = FileFacts {
            line_count: lines.line_count(),
            node_count: 1,
            library: Library::Python,
            is_module: true,
            is_typed: false,
            ..FileFacts::default()
        };
        Self {
            text,
            lines,
            places,
            facts,
            problems: Vec::new(),
            names: FxHashMap::default(),
            imported: FxHashMap::default(),
            libraries: FxHashMap::default(),
            keys: FxHashMap::default(),
            starred: FxHashMap::default(),
            scopes: Vec::new(),
            scope: 0,
            shared: FxHashSet::default(),
            stars: Vec::new(),
            versions: Versions::default(),
            around: Surroundings {
                function: None,
                class: None,
                receiver: NONE,
                returns: NONE,
                yields: NONE,
                missing: None,
            },
            path: Vec::new(),
            taken: FxHashMap::default(),
            class_names: Vec::new(),
            depth: 0,
            nothing: NONE,
            keys_here: Keys::default(),
            descriptors: Vec::new(),
        }
    }

    fn module(&mut self, root: Syntax<'t>) {
        self.find_shared(root);
        self.scope = self.open_scope(ScopeKind::Module, root);
        self.block(root);
        self.exports(root);
        let facts = &mut self.facts;
        facts.sites.sort_by_key(|site| (site.span, site.kind));
        facts.accesses.sort_by_key(|access| access.span);
        facts.iterations.sort_by_key(|iteration| iteration.span);
        facts.implicit_calls.sort_by_key(|call| call.span);
    }

    fn text_of(&self, node: Syntax<'_>) -> &'t str {
        python::text_of(node, self.text)
    }

    fn name(&mut self, text: &str) -> Name {
        if let Some(&name) = self.names.get(text) {
            return name;
        }
        let name = self.facts.names.len() as Name;
        self.facts.names.push(text.to_owned());
        self.names.insert(text.to_owned(), name);
        name
    }

    fn node(&mut self) -> Node {
        let node = self.facts.node_count;
        self.facts.node_count += 1;
        node
    }

    fn object(&mut self) -> u32 {
        let object = self.facts.object_count;
        self.facts.object_count += 1;
        object
    }

    fn flow(&mut self, flow: Flow) {
        self.facts.flows.push(flow);
    }

    fn assign(&mut self, to: Node, from: Node) {
        if to != NONE && from != NONE && to != from {
            self.flow(Flow::Assign { to, from });
        }
    }

    fn store(&mut self, base: Node, field: &str, from: Node) {
        if base != NONE && from != NONE {
            let field = self.name(field);
            self.flow(Flow::Store { base, field, from });
        }
    }

    /// A node that holds the named field of `base`.
    fn load(&mut self, base: Node, field: &str) -> Node {
        if base == NONE {
            return NONE;
        }
        let field = self.name(field);
        let to = self.node();
        self.flow(Flow::Load { to, base, field });
        to
    }

    /// A node that holds whatever these hold.
    fn either(&mut self, nodes: &[Node]) -> Node {
        let mut held: Vec<Node> = nodes.iter().copied().filter(|&node| node != NONE).collect();
        held.dedup();
        match held[..] {
            [] => NONE,
            [one] => one,
            _ => {
                let to = self.node();
                for from in held {
                    self.assign(to, from);
                }
                to
            }
        }
    }

    /// The node that holds a name of the library.
    fn library(&mut self, name: &str) -> Node {
        let name = self.name(name);
        if let Some(&node) = self.libraries.get(&name) {
            return node;
        }
        let to = self.node();
        self.libraries.insert(name, to);
        self.flow(Flow::External { to, name });
        to
    }

    /// The node that holds nothing: `None`.
    fn nothing(&mut self) -> Node {
        if self.nothing == NONE {
            self.nothing = self.node();
            self.flow(Flow::Undefined { to: self.nothing });
        }
        self.nothing
    }

    fn unknown(&mut self) -> Node {
        let to = self.node();
        self.flow(Flow::Unknown { to });
        to
    }

    /// A node that holds some element of the iterable in `from`.
    fn iterate(&mut self, syntax: Syntax<'_>, from: Node) -> Node {
        if from == NONE {
            return NONE;
        }
        let (span, caller) = (self.span(syntax), self.around.function);
        self.facts.iterations.push(IterationFact { span, caller, from });
        let to = self.node();
        self.flow(Flow::Iterate { to, from });
        to
    }

    /// Notes that an attribute is read or written.
    fn access(&mut self, syntax: Syntax<'_>, base: Node, field: Name, kind: AccessKind, value: Node) {
        if base != NONE {
            let (span, caller) = (self.span(syntax), self.around.function);
            self.facts.accesses.push(AccessFact { span, caller, base, this: base, field, kind, value });
        }
    }

    /// The span of a definition, which ends with its code: a comment behind that is none of it.
    fn span_of_code(&self, syntax: Syntax<'_>) -> LineSpan {
        let mut last = syntax;
        while let Some(child) = last_of_code(last) {
            last = child;
        }
        self.span_of(syntax.start_byte()..last.end_byte().max(syntax.start_byte()))
    }

    fn span(&self, syntax: Syntax<'_>) -> LineSpan {
        self.span_of(syntax.byte_range())
    }

    fn span_of(&self, range: std::ops::Range<usize>) -> LineSpan {
        let span = Span::new(range.start as u32, range.end as u32);
        self.lines.line_span(placed(&self.places, span))
    }

    /// A qualified name for a definition called `last` here, unique in the file.
    fn qualified(&mut self, last: &str) -> String {
        let mut name = match self.path.len() {
            0 => String::new(),
            depth if depth > MAX_NAME_DEPTH => format!("….{}.", self.path[depth - MAX_NAME_DEPTH..].join(".")),
            _ => self.path.join(".") + ".",
        };
        name.push_str(last);
        let times = self.taken.entry(name.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            name.push('~');
            name.push_str(&times.to_string());
        }
        name
    }

    /// Lowers one level deeper; past [`MAX_DEPTH`] notes that something was left out instead.
    fn deeper<R>(&mut self, syntax: Syntax<'t>, otherwise: R, lower: impl FnOnce(&mut Self) -> R) -> R {
        if self.depth >= MAX_DEPTH {
            let range = syntax.byte_range();
            let span = placed(&self.places, Span::new(range.start as u32, range.end as u32));
            let message = format!("nested-too-deeply: more than {MAX_DEPTH} levels");
            if self.problems.last().is_none_or(|last| last.message != message) {
                self.problems.push(Problem { span, message });
            }
            return otherwise;
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        result
    }
}

/// The named children of a node, comments left out.
fn children(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !matches!(child.kind(), "comment" | "line_continuation")).collect()
}

/// The last part of a node that is no comment.
fn last_of_code(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut child = node.child(node.child_count().checked_sub(1)?);
    while let Some(comment) = child.filter(|child| child.is_extra() || child.byte_range().is_empty()) {
        child = comment.prev_sibling();
    }
    child
}

/// All children with this field name.
fn fields<'t>(node: Syntax<'t>, field: &str) -> Vec<Syntax<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(Syntax::is_named).collect()
}
