//! Call sites.

use drift_text::LineSpan;
use tree_sitter::Node as Syntax;

use super::{Lower, children};
use crate::flow::{AccessKind, CalleeShape, Flow, ImportFact, ImportKind, NONE, Name, Node, SiteFact, SiteKind};

/// The arguments of a call.
#[derive(Default)]
pub(super) struct Arguments {
    pub positional: Vec<Node>,
    pub spread: Node,
    /// See [`SiteFact::maybe_missing`].
    pub maybe_missing: u32,
    pub named: Vec<(Name, Node)>,
    pub named_spread: Node,
}

/// What is called, on what, and what it looks like.
pub(super) struct Callee {
    pub node: Node,
    pub this: Node,
    pub on_receiver: bool,
    pub shape: CalleeShape,
}

impl<'t> Lower<'t> {
    pub(super) fn site(&mut self, syntax: Syntax<'_>, kind: SiteKind, callee: &Callee, given: Arguments) -> Node {
        let span = self.span_of_code(syntax);
        self.site_at(span, kind, callee, given)
    }

    pub(super) fn site_at(&mut self, span: LineSpan, kind: SiteKind, callee: &Callee, given: Arguments) -> Node {
        let result = self.node();
        self.forget_values();
        self.facts.sites.push(SiteFact {
            kind,
            span,
            caller: self.around.function,
            callee: callee.node,
            shape: callee.shape,
            this: callee.this,
            on_receiver: callee.on_receiver,
            args: given.positional,
            named: given.named,
            named_spread: given.named_spread,
            spread: given.spread,
            maybe_missing: given.maybe_missing,
            result,
        });
        result
    }

    pub(super) fn call(&mut self, node: Syntax<'t>) -> Node {
        let Some(function) = node.child_by_field_name("function") else {
            return self.children_value(node);
        };
        let callee = self.callee(function);
        let arguments = node.child_by_field_name("arguments");
        let written = arguments.map_or(Vec::new(), children);
        let given = arguments.map_or_else(Arguments::default, |arguments| self.arguments(arguments));
        let positional = given.positional.clone();
        let at = |index: usize| positional.get(index).copied().unwrap_or(NONE);
        let result = self.site(node, SiteKind::Call, &callee, given);
        self.keep_update(function, &written, at(0));
        if self.is_builtin(function, "super") {
            return self.super_object(at(1));
        }
        if let Some(text) = self.formatted_by_call(function, &positional) {
            return text;
        }
        if let Some(module) = self.module_by_name(function, &written) {
            return module;
        }
        let constant = written.get(1).and_then(|key| self.constant_text(*key));
        if let Some(field) = constant {
            if self.is_builtin(function, "getattr") && at(0) != NONE {
                let read = self.load(at(0), field);
                let field = self.name(field);
                self.access(node, at(0), field, AccessKind::Read, NONE);
                return self.either(&[read, at(2)]);
            }
            if self.is_builtin(function, "setattr") {
                self.store(at(0), field, at(2));
                return NONE;
            }
        }
        if self.is_builtin(function, "type") && at(0) != NONE && written.len() == 1 {
            return self.load(at(0), "__class__");
        }
        result
    }

    /// `importlib.import_module("a.b")`
    fn module_by_name(&mut self, function: Syntax<'t>, written: &[Syntax<'t>]) -> Option<Node> {
        let text = self.constant_text(*written.first()?)?;
        let specifier = match self.library_name(function)?.as_str() {
            "importlib.import_module" if !text.starts_with('.') => text,
            "builtins.__import__" if written.len() == 1 => text.split('.').next()?,
            _ => return None,
        };
        let (to, specifier) = (self.node(), self.name(specifier));
        self.facts.imports.push(ImportFact { to, specifier, kind: ImportKind::Namespace });
        Some(to)
    }

    /// `super()`: the receiver of the method around, seen as what comes after its class.
    fn super_object(&mut self, given: Node) -> Node {
        let Some(class) = self.around.class else { return self.unknown() };
        let from = if given == NONE { self.around.receiver } else { given };
        if from == NONE {
            return self.unknown();
        }
        let to = self.node();
        self.flow(Flow::Super { to, from, class });
        to
    }

    /// The first elements of what is spread are arguments of their own, which may be missing.
    fn spread_places(&mut self, from: Node, given: &mut Arguments) {
        for index in 0..SPREAD_PLACES {
            let to = self.node();
            self.flow(Flow::IterateAt { to, from, index });
            given.maybe_missing |= 1_u32.checked_shl(given.positional.len() as u32).unwrap_or(0);
            given.positional.push(to);
        }
    }

    pub(super) fn callee(&mut self, function: Syntax<'t>) -> Callee {
        match function.kind() {
            "attribute" => {
                let this = self.field_value(function, "object");
                let Some(attribute) = function.child_by_field_name("attribute") else {
                    return Callee { node: NONE, this, on_receiver: false, shape: CalleeShape::Value };
                };
                let field = self.attribute_name(self.text_of(attribute));
                let node = self.load(this, &field);
                let field = self.name(&field);
                self.access(function, this, field, AccessKind::Read, NONE);
                Callee { node, this, on_receiver: this != NONE, shape: CalleeShape::Member(field) }
            }
            "identifier" => {
                let text = self.text_of(function);
                let node = self.read_name(text);
                let name = self.name(text);
                let shape = match self.find(text) {
                    _ if matches!(text, "eval" | "exec") && self.is_builtin(function, text) => CalleeShape::Eval,
                    Some(variable) if variable.is_parameter => CalleeShape::Parameter(name),
                    Some(variable) if variable.is_import => CalleeShape::Imported(name),
                    _ => CalleeShape::Name(name),
                };
                Callee { node, this: NONE, on_receiver: false, shape }
            }
            "parenthesized_expression" if function.named_child_count() == 1 => match function.named_child(0) {
                Some(inner) => self.deeper(inner, Callee::nothing(), |lower| lower.callee(inner)),
                None => Callee::nothing(),
            },
            kind => {
                let node = self.expression(function);
                let shape = if kind == "subscript" { CalleeShape::Computed } else { CalleeShape::Value };
                Callee { node, this: NONE, on_receiver: false, shape }
            }
        }
    }

    pub(super) fn arguments(&mut self, list: Syntax<'t>) -> Arguments {
        let mut given = Arguments::default();
        if list.kind() == "generator_expression" {
            given.positional.push(self.comprehension(list));
            return given;
        }
        for argument in children(list) {
            match argument.kind() {
                "keyword_argument" => {
                    let value = match argument.child_by_field_name("value") {
                        Some(value) if value.kind() == "none" => self.nothing(),
                        _ => self.field_value(argument, "value"),
                    };
                    if let Some(name) = argument.child_by_field_name("name") {
                        let name = self.name(self.text_of(name));
                        given.named.push((name, value));
                    }
                }
                "list_splat" => {
                    let from = self.children_value(argument);
                    let each = self.iterate(argument, from);
                    if given.spread == NONE && from != NONE {
                        self.spread_places(from, &mut given);
                    }
                    given.spread = self.either(&[given.spread, each]);
                }
                "dictionary_splat" => {
                    let from = self.children_value(argument);
                    given.named_spread = self.either(&[given.named_spread, from]);
                }
                _ => {
                    let value = match argument.kind() {
                        "none" => self.nothing(),
                        _ => self.expression(argument),
                    };
                    if given.spread == NONE {
                        given.positional.push(value);
                    } else {
                        given.spread = self.either(&[given.spread, value]);
                    }
                }
            }
        }
        given
    }
}

/// Arguments from an iterable whose places are told apart.
const SPREAD_PLACES: u32 = 4;

impl Callee {
    pub(super) const fn nothing() -> Self {
        Self { node: NONE, this: NONE, on_receiver: false, shape: CalleeShape::Value }
    }
}
