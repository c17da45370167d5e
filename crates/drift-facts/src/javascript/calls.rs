//! Call sites of every kind.

use oxc::ast::ast::{
    Argument, CallExpression, ChainElement, ComputedMemberExpression, Decorator, Expression, IdentifierReference,
    ImportExpression, NewExpression, TaggedTemplateExpression,
};
use oxc::span::{GetSpan, Span};

use super::Lower;
use crate::flow::{
    CalleeShape, EMITTING_MEMBER, Flow, ImportFact, ImportKind, LISTENING_MEMBERS, NONE, Node, SiteFact, SiteKind,
};

/// A call about to be recorded.
pub(super) struct Call {
    pub kind: SiteKind,
    pub span: Span,
    pub callee: Node,
    pub shape: CalleeShape,
    pub this: Node,
    pub on_receiver: bool,
    pub args: Vec<Node>,
    pub spread: Node,
    pub maybe_missing: u32,
}

/// The arguments of a call.
pub(super) struct Arguments {
    pub positional: Vec<Node>,
    pub spread: Node,
    pub maybe_missing: u32,
}

/// What is called, on what, and what it looks like.
struct Callee {
    node: Node,
    this: Node,
    /// It is the member of `this` that `shape` names.
    on_receiver: bool,
    shape: CalleeShape,
    /// For naming functions passed to it.
    name: String,
}

impl Lower<'_> {
    pub(super) fn site(&mut self, call: Call) -> Node {
        let result = self.node();
        let span = self.span(call.span);
        self.facts.sites.push(SiteFact {
            kind: call.kind,
            span,
            caller: self.around.function,
            callee: call.callee,
            shape: call.shape,
            this: call.this,
            on_receiver: call.on_receiver,
            args: call.args,
            named: Vec::new(),
            named_spread: NONE,
            spread: call.spread,
            maybe_missing: call.maybe_missing,
            result,
        });
        result
    }

    pub(super) fn call_expression(&mut self, call: &CallExpression<'_>) -> Node {
        if matches!(call.callee, Expression::Super(_)) {
            let Arguments { positional: args, spread, maybe_missing } = self.arguments_named(&call.arguments, "super");
            return self.site(Call {
                kind: SiteKind::SuperCall,
                span: call.span,
                callee: self.around.super_class,
                shape: CalleeShape::Super,
                this: self.around.this,
                on_receiver: false,
                args,
                spread,
                maybe_missing,
            });
        }
        if let Some(specifier) = self.required(call) {
            return self.require(call.span, &specifier);
        }
        let callee = self.callee(&call.callee);
        let keeps_text = self.takes_keys(&call.callee);
        let Arguments { positional: args, spread, maybe_missing } =
            self.arguments_of(&call.arguments, &callee.name, keeps_text);
        let kind = if call.optional { SiteKind::OptionalCall } else { SiteKind::Call };
        let symbol = self.symbol_key(call);
        let result = self.site(Call {
            kind,
            span: call.span,
            callee: callee.node,
            shape: callee.shape,
            this: callee.this,
            on_receiver: callee.on_receiver,
            args,
            spread,
            maybe_missing,
        });
        self.note_test_call(call, result);
        symbol.map_or(result, |symbol| self.text(&symbol))
    }

    /// The key that `Symbol('…')` or `Symbol.for('…')` makes. Two symbols with one description count as one.
    pub(super) fn symbol_key(&self, call: &CallExpression<'_>) -> Option<String> {
        let kind = match &call.callee {
            callee if self.is_global(callee, "Symbol") => "symbol",
            Expression::StaticMemberExpression(member)
                if member.property.name == "for" && self.is_global(&member.object, "Symbol") =>
            {
                "for"
            }
            _ => return None,
        };
        let described = call.arguments.first().and_then(Argument::as_expression).and_then(|text| self.fixed_key(text));
        let description = described.unwrap_or_else(|| {
            let span = self.span(call.span);
            format!("{}:{}", span.line, span.column)
        });
        Some(format!("@@{kind}:{description}"))
    }

    /// Whether this is a function of the library that is given property keys (of `Object` or `Reflect`) or names of events.
    fn takes_keys(&self, callee: &Expression<'_>) -> bool {
        match callee {
            Expression::StaticMemberExpression(member) => {
                let name = member.property.name.as_str();
                LISTENING_MEMBERS.contains(&name)
                    || name == EMITTING_MEMBER
                    || ["Object", "Reflect"].iter().any(|name| self.is_global(&member.object, name))
            }
            _ => false,
        }
    }

    /// Whether this is `require`, that of CommonJS or one that the file made with `createRequire`.
    fn is_require(&self, callee: &Expression<'_>) -> bool {
        let Expression::Identifier(id) = callee else { return false };
        match self.scoping.get_reference(id.reference_id()).symbol_id() {
            Some(symbol) => self.requires.contains(&symbol),
            None => id.name == "require",
        }
    }

    /// Whether this is the name of a global variable that the file does not declare.
    pub(super) fn is_global(&self, expression: &Expression<'_>, name: &str) -> bool {
        matches!(expression, Expression::Identifier(id) if id.name == name
            && self.scoping.get_reference(id.reference_id()).symbol_id().is_none())
    }

    pub(super) fn new_expression(&mut self, new: &NewExpression<'_>) -> Node {
        let callee = self.callee(&new.callee);
        let Arguments { positional: args, spread, maybe_missing } = self.arguments_named(&new.arguments, &callee.name);
        let shape = if callee.name == "Function" && matches!(callee.shape, CalleeShape::Name(_)) {
            CalleeShape::Eval
        } else {
            callee.shape
        };
        let kind = SiteKind::New;
        let result = self.site(Call {
            kind,
            span: new.span,
            callee: callee.node,
            shape,
            this: NONE,
            on_receiver: false,
            args,
            spread,
            maybe_missing,
        });
        self.applied_to(result, new.type_arguments.as_deref());
        result
    }

    pub(super) fn tagged_template(&mut self, tagged: &TaggedTemplateExpression<'_>) -> Node {
        let callee = self.callee(&tagged.tag);
        let strings = self.library("Array.prototype");
        let mut args = vec![strings];
        for expression in &tagged.quasi.expressions {
            args.push(self.named_expression(expression, Some("<template>")));
        }
        self.site(Call {
            kind: SiteKind::TaggedTemplate,
            span: tagged.span,
            callee: callee.node,
            shape: callee.shape,
            this: callee.this,
            on_receiver: callee.on_receiver,
            args,
            spread: NONE,
            maybe_missing: 0,
        })
    }

    pub(super) fn decorator(&mut self, decorator: &Decorator<'_>, decorated: Node) {
        let callee = self.callee(&decorator.expression);
        self.site(Call {
            kind: SiteKind::Decorator,
            span: decorator.span,
            callee: callee.node,
            shape: callee.shape,
            this: callee.this,
            on_receiver: callee.on_receiver,
            args: vec![decorated],
            spread: NONE,
            maybe_missing: 0,
        });
    }

    pub(super) fn import_expression(&mut self, import: &ImportExpression<'_>) -> Node {
        self.expression(&import.source);
        if let Some(options) = &import.options {
            self.expression(options);
        }
        let fixed = self.fixed_key(&import.source);
        let callee = self.node();
        let shape = match &fixed {
            Some(specifier) => {
                let specifier = self.name(specifier);
                self.facts.imports.push(ImportFact { to: callee, specifier, kind: ImportKind::Namespace });
                CalleeShape::Imported(specifier)
            }
            None => {
                self.flow(Flow::Unknown { to: callee });
                CalleeShape::Computed
            }
        };
        self.loaded_module(SiteKind::DynamicImport, import.span, callee, shape)
    }

    fn require(&mut self, span: Span, specifier: &str) -> Node {
        self.library("String.prototype");
        let specifier = self.name(specifier);
        let callee = self.node();
        self.facts.imports.push(ImportFact { to: callee, specifier, kind: ImportKind::Require });
        self.loaded_module(SiteKind::Require, span, callee, CalleeShape::Imported(specifier))
    }

    /// A call that yields the module in `callee`.
    fn loaded_module(&mut self, kind: SiteKind, span: Span, callee: Node, shape: CalleeShape) -> Node {
        let result = self.site(Call {
            kind,
            span,
            callee,
            shape,
            this: NONE,
            on_receiver: false,
            args: Vec::new(),
            spread: NONE,
            maybe_missing: 0,
        });
        self.assign(result, callee);
        result
    }

    /// The specifier when this is `require("…")`.
    fn required(&self, call: &CallExpression<'_>) -> Option<String> {
        match call.arguments.as_slice() {
            [argument] if self.is_require(&call.callee) => self.fixed_key(argument.as_expression()?),
            _ => None,
        }
    }

    fn callee(&mut self, expression: &Expression<'_>) -> Callee {
        let value = |node, name: &str| Callee {
            node,
            this: NONE,
            on_receiver: false,
            shape: CalleeShape::Value,
            name: name.to_owned(),
        };
        match expression.get_inner_expression() {
            Expression::Identifier(id) => {
                let shape = self.shape_of_identifier(id);
                Callee { node: self.read(id), this: NONE, on_receiver: false, shape, name: id.name.to_string() }
            }
            Expression::StaticMemberExpression(member) => {
                self.member_callee(member.span, &member.object, &member.property.name)
            }
            Expression::PrivateFieldExpression(member) => {
                self.member_callee(member.span, &member.object, &format!("#{}", member.field.name))
            }
            Expression::ComputedMemberExpression(member) => self.computed_callee(member),
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::StaticMemberExpression(member) => {
                    self.member_callee(member.span, &member.object, &member.property.name)
                }
                ChainElement::ComputedMemberExpression(member) => self.computed_callee(member),
                _ => {
                    let node = self.expression(expression);
                    value(node, "<call>")
                }
            },
            Expression::SequenceExpression(sequence) => {
                let (last, before) = sequence.expressions.split_last().expect("a sequence has parts");
                for part in before {
                    self.expression(part);
                }
                let callee = self.callee(last);
                Callee { this: NONE, on_receiver: false, ..callee }
            }
            Expression::FunctionExpression(function) => {
                let node = self.function_expression(function, "<immediate>");
                value(node, "<call>")
            }
            Expression::ArrowFunctionExpression(arrow) => {
                let node = self.arrow(arrow, "<immediate>");
                value(node, "<call>")
            }
            _ => {
                let node = self.expression(expression);
                value(node, "<call>")
            }
        }
    }

    fn member_callee(&mut self, span: Span, object: &Expression<'_>, field: &str) -> Callee {
        let base = self.receiver(object);
        let this = self.receiver_this(object, base);
        let node = self.read_member(span, object, base, field);
        let on_receiver = base != NONE && this == base;
        Callee { node, this, on_receiver, shape: CalleeShape::Member(self.name(field)), name: field.to_owned() }
    }

    fn computed_callee(&mut self, member: &ComputedMemberExpression<'_>) -> Callee {
        match self.fixed_key(&member.expression) {
            Some(field) => {
                let callee = self.member_callee(member.span, &member.object, &field);
                self.expression(&member.expression);
                callee
            }
            None => {
                let base = self.receiver(&member.object);
                let key = self.expression(&member.expression);
                let node = self.load_any(base, key);
                Callee {
                    node,
                    this: base,
                    on_receiver: false,
                    shape: CalleeShape::Computed,
                    name: "<computed>".to_owned(),
                }
            }
        }
    }

    pub(super) fn shape_of_identifier(&mut self, id: &IdentifierReference<'_>) -> CalleeShape {
        let name = self.name(&id.name);
        match self.scoping.get_reference(id.reference_id()).symbol_id() {
            None if id.name == "eval" => CalleeShape::Eval,
            None => CalleeShape::Name(name),
            Some(symbol) if self.scoping.symbol_flags(symbol).is_import() => CalleeShape::Imported(name),
            Some(symbol) if self.parameters.contains(&symbol) => CalleeShape::Parameter(name),
            Some(_) => CalleeShape::Name(name),
        }
    }

    pub(super) fn arguments(&mut self, arguments: &[Argument<'_>]) {
        self.arguments_named(arguments, "<call>");
    }

    /// Positional arguments, and the iterable from the first spread on.
    fn arguments_named(&mut self, arguments: &[Argument<'_>], callee: &str) -> Arguments {
        self.arguments_of(arguments, callee, false)
    }

    /// `keeps_text`: strings among them are property keys.
    fn arguments_of(&mut self, arguments: &[Argument<'_>], callee: &str, keeps_text: bool) -> Arguments {
        let name = format!("<{callee}>");
        let mut positional = Vec::with_capacity(arguments.len());
        let (mut spread, mut maybe_missing) = (NONE, 0);
        for argument in arguments {
            match argument {
                Argument::SpreadElement(element) => {
                    let from = self.expression(&element.argument);
                    let rest = self.iterate(element.argument.span(), from);
                    spread = self.join(spread, rest);
                }
                argument => {
                    let Some(expression) = argument.as_expression() else {
                        continue;
                    };
                    let is_function = expression.get_inner_expression().is_function();
                    let value = match expression {
                        Expression::StringLiteral(text) if keeps_text => self.text(&text.value),
                        _ => self.named_expression(expression, is_function.then_some(name.as_str())),
                    };
                    if spread == NONE {
                        if may_be_missing(expression.get_inner_expression()) {
                            maybe_missing |= 1_u32.checked_shl(positional.len() as u32).unwrap_or(0);
                        }
                        positional.push(value);
                    } else {
                        spread = self.join(spread, value);
                    }
                }
            }
        }
        Arguments { positional, spread, maybe_missing }
    }
}

/// Whether an argument can be `undefined` for reasons that are not tracked. What a variable holds is.
fn may_be_missing(argument: &Expression<'_>) -> bool {
    !(argument.is_literal()
        || argument.is_function()
        || matches!(
            argument,
            Expression::Identifier(_)
                | Expression::ThisExpression(_)
                | Expression::ArrayExpression(_)
                | Expression::ObjectExpression(_)
                | Expression::ClassExpression(_)
                | Expression::NewExpression(_)
                | Expression::TemplateLiteral(_)
                | Expression::BinaryExpression(_)
                | Expression::UnaryExpression(_)
                | Expression::UpdateExpression(_)
                | Expression::JSXElement(_)
                | Expression::JSXFragment(_)
        ))
}
