//! JavaScript and TypeScript to the flow IR.
//!
//! One recursive walk over the tree. Every expression is lowered to the node that holds its value, so that function
//! values are followed wherever the language lets them go; statements only bind, return and nest.

mod calls;
mod classes;
mod expressions;
mod functions;
mod modules;
mod narrowing;
mod patterns;
mod statements;
#[cfg(test)]
mod tests;
mod types;
mod versions;

use drift_syntax::{Language, javascript};
use drift_text::{LineIndex, LineSpan, Span};
use oxc::allocator::Allocator;
use oxc::ast::ast::{Expression, PropertyKey, Statement};
use oxc::semantic::{Scoping, SymbolId};
use rustc_hash::{FxHashMap, FxHashSet};

use self::narrowing::Members;
use self::versions::{Assignments, Versions};
use crate::Extracted;
use crate::flow::{Detail, DetailFact, FileFacts, Flow, IterationFact, NONE, Name, Node};

/// See [`crate::extract`].
pub fn extract(language: Language, text: &str) -> Extracted {
    let allocator = Allocator::default();
    let parsed = javascript::parse(&allocator, language, text);
    let assignments = Assignments::find(parsed.program, &parsed.scoping);
    let mut lower = Lower::new(&parsed.scoping, assignments, text);
    lower.facts.is_typed = parsed.program.source_type.is_typescript();
    lower.program(parsed.program);
    Extracted { facts: lower.facts, problems: parsed.problems }
}

/// How many enclosing names a qualified name spells out; deeper ones keep the innermost behind `…`.
const MAX_NAME_DEPTH: usize = 12;

/// What surrounds the code being lowered.
#[derive(Clone, Copy)]
struct Surroundings {
    /// The innermost function, arrows included.
    function: Option<u32>,
    /// What `this` holds.
    this: Node,
    /// What `super` holds when a member is read from it.
    super_object: Node,
    /// What `super()` calls.
    super_class: Node,
    /// Where `return` goes.
    returns: Node,
    /// The array that `yield` adds to; [`NONE`] outside generators.
    yields: Node,
}

struct Lower<'s> {
    scoping: &'s Scoping,
    assignments: Assignments,
    /// What variables hold at the point being lowered.
    versions: Versions,
    /// Of variables, that tests spoke of.
    members: Members,
    /// What variables were declared with, where their types follow from it.
    first_versions: FxHashMap<SymbolId, Node>,
    /// What the type that was lowered last was applied to, if anything. See [`Detail::Applied`].
    applied_type: Node,
    /// See [`Lower::in_types`].
    is_in_types: bool,
    /// What calls yield, by where they end, where declarations may say what it means.
    test_calls: FxHashMap<u32, Node>,
    lines: LineIndex,
    facts: FileFacts,
    names: FxHashMap<String, Name>,
    /// Reads of global variables, one node per name.
    globals: FxHashMap<Name, Node>,
    /// Nodes that hold a library type such as `String.prototype`, one per name.
    libraries: FxHashMap<Name, Node>,
    /// Where each symbol is declared; empty where that does not ascend.
    variables: Vec<u32>,
    parameters: FxHashSet<SymbolId>,
    /// What `arguments` holds, by function.
    arguments_objects: FxHashMap<u32, Node>,
    /// What `const` names hold that were given a string.
    constants: FxHashMap<SymbolId, String>,
    /// `const` names that hold a `require` which the file made itself.
    requires: FxHashSet<SymbolId>,
    around: Surroundings,
    /// Names of the definitions around, outermost first.
    path: Vec<String>,
    /// How often a qualified name was given out.
    taken: FxHashMap<String, u32>,
}

impl<'s> Lower<'s> {
    fn new(scoping: &'s Scoping, assignments: Assignments, text: &str) -> Self {
        let lines = LineIndex::new(text);
        let starts = scoping.symbol_ids().map(|symbol| scoping.symbol_span(symbol).start);
        let variables = Some(starts.collect()).filter(|starts: &Vec<u32>| starts.is_sorted()).unwrap_or_default();
        let facts = FileFacts {
            line_count: lines.line_count(),
            node_count: scoping.symbols_len() as u32 + 1,
            ..FileFacts::default()
        };
        Self {
            scoping,
            assignments,
            versions: Versions::default(),
            members: Members::default(),
            first_versions: FxHashMap::default(),
            applied_type: NONE,
            is_in_types: false,
            test_calls: FxHashMap::default(),
            lines,
            facts,
            names: FxHashMap::default(),
            globals: FxHashMap::default(),
            libraries: FxHashMap::default(),
            variables,
            parameters: FxHashSet::default(),
            arguments_objects: FxHashMap::default(),
            constants: FxHashMap::default(),
            requires: FxHashSet::default(),
            around: Surroundings {
                function: None,
                this: NONE,
                super_object: NONE,
                super_class: NONE,
                returns: NONE,
                yields: NONE,
            },
            path: Vec::new(),
            taken: FxHashMap::default(),
        }
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

    fn signature(&mut self, to: Node, returns: Node) {
        self.facts.signature_count += u32::from(!self.is_in_types);
        self.flow(Flow::Signature { to, returns });
    }

    fn detail(&mut self, of: Node, detail: Detail, index: usize, node: Node) {
        if of != NONE && node != NONE {
            self.facts.details.push(DetailFact { of, detail, index: index as u32, node });
        }
    }

    /// Lowers types of which no value is: what they say is told as details, not as flows.
    fn in_types<R>(&mut self, lower: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.is_in_types, true);
        let result = lower(self);
        self.is_in_types = outer;
        result
    }

    fn flow(&mut self, flow: Flow) {
        let (of, detail, index, node) = match flow {
            Flow::Typed { to, declared, alone: true } if self.is_in_types => (to, Detail::Is, 0, declared),
            Flow::Typed { to, declared, .. } if self.is_in_types => (to, Detail::MayBe, 0, declared),
            Flow::Signature { to, returns } if self.is_in_types => (to, Detail::Returns, 0, returns),
            Flow::Type { to, declared } if self.is_in_types => (to, Detail::Type, declared, NONE),
            flow => {
                self.facts.flows.push(flow);
                return;
            }
        };
        self.facts.details.push(DetailFact { of, detail, index, node });
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

    /// A node that holds some element of the iterable in `from`.
    fn iterate(&mut self, span: oxc::span::Span, from: Node) -> Node {
        if from == NONE {
            return NONE;
        }
        self.iteration(span, from);
        let to = self.node();
        self.flow(Flow::Iterate { to, from });
        to
    }

    /// The node that holds an instance of a library type.
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

    /// Notes a place that iterates.
    fn iteration(&mut self, span: oxc::span::Span, from: Node) {
        if from != NONE {
            let (span, caller) = (self.span(span), self.around.function);
            self.facts.iterations.push(IterationFact { span, caller, from });
        }
    }

    /// A node that holds the element of this index of the iterable in `from`.
    fn iterate_at(&mut self, from: Node, index: u32) -> Node {
        if from == NONE {
            return NONE;
        }
        let to = self.node();
        self.flow(Flow::IterateAt { to, from, index });
        to
    }

    fn undefined(&mut self) -> Node {
        let to = self.node();
        self.flow(Flow::Undefined { to });
        to
    }

    fn unknown(&mut self) -> Node {
        let to = self.node();
        self.flow(Flow::Unknown { to });
        to
    }

    fn span(&self, span: oxc::span::Span) -> LineSpan {
        self.lines.line_span(Span::new(span.start, span.end))
    }

    fn symbol(symbol: SymbolId) -> Node {
        symbol.index() as Node + 1
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

    /// The fixed name of a property key; `None` when it is computed at run time. Computed parts are not lowered here.
    fn key(&self, key: &PropertyKey<'_>) -> Option<String> {
        match key {
            PropertyKey::PrivateIdentifier(private) => Some(format!("#{}", private.name)),
            PropertyKey::StaticIdentifier(name) => Some(name.name.to_string()),
            key => {
                let folded = key.as_expression().and_then(|key| self.fixed_key(key));
                folded.or_else(|| key.static_name().map(std::borrow::Cow::into_owned))
            }
        }
    }

    /// Lowers what a computed key evaluates; returns the node that holds the key.
    fn key_expression(&mut self, key: &PropertyKey<'_>) -> Node {
        key.as_expression().map_or(NONE, |expression| self.expression(expression))
    }

    fn program(&mut self, program: &oxc::ast::ast::Program<'_>) {
        let is_esm = program.body.iter().any(Statement::is_module_declaration);
        self.facts.is_module = is_esm;
        if !is_esm {
            self.common_js();
            self.around.this = self.facts.exports_object;
        }
        self.statements(&program.body);
        if !is_esm {
            self.facts.is_module = self.uses_common_js();
        }
        if !self.facts.is_module {
            self.script_globals();
        }
        self.facts.sites.sort_by_key(|site| (site.span, site.kind));
        self.facts.accesses.sort_by_key(|access| access.span);
        // What the parser mends of broken code may stand there twice.
        self.facts.sites.dedup_by_key(|site| (site.span, site.kind));
        self.facts.accesses.dedup_by_key(|access| access.span);
        self.facts.iterations.sort_by_key(|iteration| iteration.span);
    }
}

/// What a member with this key is called. Symbols of the project have no name of their own.
fn name_of_key(key: Option<&str>) -> &str {
    key.filter(|key| !key.starts_with("@@symbol:") && !key.starts_with("@@for:")).unwrap_or("<computed>")
}

/// `Symbol.iterator` as the property name `@@iterator`.
fn well_known_symbol(member: &oxc::ast::ast::StaticMemberExpression<'_>) -> Option<String> {
    match &member.object {
        Expression::Identifier(object) if object.name == "Symbol" => Some(format!("@@{}", member.property.name)),
        _ => None,
    }
}
