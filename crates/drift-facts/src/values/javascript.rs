//! JavaScript and TypeScript: expressions. Definitions and statements are in `javascript_definitions.rs`.

use drift_syntax::{Language, javascript};
use oxc::allocator::Allocator;
use oxc::ast::ast::{
    Argument as Given, ArrayExpressionElement, AssignmentExpression, AssignmentOperator, ChainElement, Expression,
    IdentifierReference, JSXAttributeItem, JSXAttributeValue, JSXChild, JSXElement, JSXExpression, ObjectPropertyKind,
    PropertyKey, TemplateLiteral,
};
use oxc::semantic::{ScopeId, Scoping, SymbolId};
use oxc::span::{GetSpan, Span};
use oxc::syntax::operator::{BinaryOperator, LogicalOperator};

use super::build::Build;
use super::{Argument, ELEMENT, FileValues, How, NOTHING, TOP, Value, effect};

pub fn read(language: Language, text: &str) -> FileValues {
    let allocator = Allocator::default();
    let parsed = javascript::parse(&allocator, language, text);
    let mut reader = Reader { scoping: &parsed.scoping, build: Build::new(text), this: NOTHING, scope: None, text };
    reader.statements(&parsed.program.body);
    reader.build.file
}

pub(super) struct Reader<'s> {
    pub scoping: &'s Scoping,
    pub build: Build<SymbolId>,
    /// What `this` is.
    pub this: Value,
    /// The scope of the function around; `None` at the top level.
    pub scope: Option<ScopeId>,
    text: &'s str,
}

impl Reader<'_> {
    pub(super) fn line_span(&self, span: Span) -> drift_text::LineSpan {
        self.build.span(span.start, span.end)
    }

    /// Reads an expression with everything in it.
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> Value {
        let value = self.bare(expression);
        if !expression.is_literal() {
            let span = self.line_span(expression.span());
            self.build.place(span, value);
        }
        value
    }

    fn bare(&mut self, expression: &Expression<'_>) -> Value {
        match expression {
            Expression::StringLiteral(text) => self.build.text(&text.value),
            Expression::RegExpLiteral(pattern) => {
                let text = self.text.get(pattern.span.start as usize..pattern.span.end as usize).unwrap_or_default();
                self.build.text(text)
            }
            Expression::TemplateLiteral(template) => self.template(template),
            Expression::Identifier(id) => self.variable(id),
            Expression::ThisExpression(_) | Expression::Super(_) => self.this,
            Expression::ArrayExpression(array) => {
                let to = self.build.value();
                for element in &array.elements {
                    match element {
                        ArrayExpressionElement::SpreadElement(spread) => {
                            let from = self.expression(&spread.argument);
                            let each = self.build.member(from, ELEMENT);
                            self.build.put(to, ELEMENT, each);
                        }
                        element => {
                            let value = element.as_expression().map_or(NOTHING, |one| self.expression(one));
                            self.build.put(to, ELEMENT, value);
                        }
                    }
                }
                to
            }
            Expression::ObjectExpression(object) => {
                let to = self.build.value();
                let outer = std::mem::replace(&mut self.this, to);
                for property in &object.properties {
                    match property {
                        ObjectPropertyKind::SpreadProperty(spread) => {
                            let from = self.expression(&spread.argument);
                            self.build.same(from, to);
                        }
                        ObjectPropertyKind::ObjectProperty(property) => {
                            let name = self.key(&property.key);
                            let value = self.expression(&property.value);
                            self.build.put(to, &name, value);
                        }
                    }
                }
                self.this = outer;
                to
            }
            Expression::ArrowFunctionExpression(arrow) => self.arrow(arrow),
            Expression::FunctionExpression(function) => self.function(function, function.span, None, false),
            Expression::ClassExpression(class) => self.class(class),
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::AwaitExpression(awaited) => self.expression(&awaited.argument),
            Expression::YieldExpression(yielded) => {
                let value = yielded.argument.as_ref().map_or(NOTHING, |argument| self.expression(argument));
                let value = if yielded.delegate { self.build.member(value, ELEMENT) } else { value };
                self.build.yielded(value);
                NOTHING
            }
            Expression::BinaryExpression(binary) => {
                let parts = [self.expression(&binary.left), self.expression(&binary.right)];
                match binary.operator {
                    BinaryOperator::Addition => self.build.joined(&parts),
                    operator if operator.is_arithmetic() || operator.is_bitwise() => {
                        self.build.made(&parts, effect::NUMBER)
                    }
                    _ => NOTHING,
                }
            }
            Expression::LogicalExpression(logical) => {
                let left = self.expression(&logical.left);
                let before = self.build.fork();
                let right = self.expression(&logical.right);
                let after = self.build.fork();
                self.build.meet(vec![before, after]);
                // What `&&` yields of its left side is false.
                let left = if logical.operator == LogicalOperator::And { NOTHING } else { left };
                self.build.either(&[left, right])
            }
            Expression::ConditionalExpression(conditional) => {
                self.expression(&conditional.test);
                let before = self.build.fork();
                let yes = self.expression(&conditional.consequent);
                let after = self.build.go_on(before);
                let no = self.expression(&conditional.alternate);
                let other = self.build.fork();
                self.build.meet(vec![after, other]);
                self.build.either(&[yes, no])
            }
            Expression::SequenceExpression(sequence) => {
                sequence.expressions.iter().fold(NOTHING, |_, part| self.expression(part))
            }
            Expression::UnaryExpression(unary) => {
                self.expression(&unary.argument);
                NOTHING
            }
            Expression::CallExpression(call) => {
                let (name, callee, receiver) = self.callee(&call.callee);
                let arguments = self.arguments(&call.arguments);
                self.build.call(self.line_span(call.span), (&name, &callee), receiver, arguments)
            }
            Expression::NewExpression(new) => {
                let (name, callee, receiver) = self.callee(&new.callee);
                let arguments = self.arguments(&new.arguments);
                self.build.call(self.line_span(new.span), (&name, &callee), receiver, arguments)
            }
            Expression::TaggedTemplateExpression(tagged) => {
                let (name, callee, receiver) = self.callee(&tagged.tag);
                let strings = self.build.value();
                for quasi in &tagged.quasi.quasis {
                    let text = self.build.text(&quasi.value.raw);
                    self.build.put(strings, ELEMENT, text);
                }
                let one = |value| Argument { value, name: None, is_spread: false };
                let mut arguments = vec![one(strings)];
                for part in &tagged.quasi.expressions {
                    arguments.push(one(self.expression(part)));
                }
                self.build.call(self.line_span(tagged.span), (&name, &callee), receiver, arguments)
            }
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => {
                    let (name, callee, receiver) = self.callee(&call.callee);
                    let arguments = self.arguments(&call.arguments);
                    self.build.call(self.line_span(call.span), (&name, &callee), receiver, arguments)
                }
                ChainElement::TSNonNullExpression(inner) => self.expression(&inner.expression),
                ChainElement::StaticMemberExpression(member) => {
                    let of = self.expression(&member.object);
                    self.read_member(of, &member.property.name)
                }
                ChainElement::PrivateFieldExpression(member) => {
                    let of = self.expression(&member.object);
                    self.read_member(of, &format!("#{}", member.field.name))
                }
                ChainElement::ComputedMemberExpression(member) => self.computed(&member.object, &member.expression),
            },
            Expression::StaticMemberExpression(member) => {
                let of = self.expression(&member.object);
                self.read_member(of, &member.property.name)
            }
            Expression::PrivateFieldExpression(member) => {
                let of = self.expression(&member.object);
                self.read_member(of, &format!("#{}", member.field.name))
            }
            Expression::ComputedMemberExpression(member) => self.computed(&member.object, &member.expression),
            Expression::JSXElement(element) => self.element(element),
            Expression::JSXFragment(fragment) => self.children(&fragment.children),
            Expression::ImportExpression(import) => {
                self.expression(&import.source);
                NOTHING
            }
            Expression::PrivateInExpression(test) => {
                self.expression(&test.right);
                NOTHING
            }
            wrapper => {
                let inner = wrapper.get_inner_expression();
                if std::ptr::eq(inner, wrapper) { NOTHING } else { self.expression(inner) }
            }
        }
    }

    fn template(&mut self, template: &TemplateLiteral<'_>) -> Value {
        let mut parts = Vec::with_capacity(template.quasis.len() * 2);
        for (index, quasi) in template.quasis.iter().enumerate() {
            parts.push(self.build.text(&quasi.value.raw));
            if let Some(expression) = template.expressions.get(index) {
                parts.push(self.expression(expression));
            }
        }
        self.build.joined(&parts)
    }

    fn variable(&mut self, id: &IdentifierReference<'_>) -> Value {
        let reference = self.scoping.get_reference(id.reference_id());
        reference.symbol_id().map_or(NOTHING, |symbol| self.build.read(symbol, self.is_own(symbol)))
    }

    /// The function around declares it.
    pub(super) fn is_own(&self, symbol: SymbolId) -> bool {
        function_scope(self.scoping, self.scoping.symbol_scope_id(symbol)) == self.scope
    }

    /// The same, and no function inside assigns it.
    fn stays(&self, symbol: SymbolId) -> bool {
        self.is_own(symbol)
            && self
                .scoping
                .get_resolved_references(symbol)
                .filter(|reference| reference.is_write())
                .all(|reference| function_scope(self.scoping, reference.scope_id()) == self.scope)
    }

    pub(super) fn assign_symbol(&mut self, symbol: SymbolId, value: Value) {
        let stays = self.stays(symbol);
        self.build.assign(symbol, value, stays);
    }

    /// How long something is says nothing of what is in it.
    pub(super) fn read_member(&mut self, of: Value, name: &str) -> Value {
        if matches!(name, "length" | "size" | "byteLength") { NOTHING } else { self.build.member(of, name) }
    }

    fn computed(&mut self, object: &Expression<'_>, key: &Expression<'_>) -> Value {
        let of = self.expression(object);
        let name = fixed_key(key);
        self.expression(key);
        self.read_member(of, name.as_deref().unwrap_or(ELEMENT))
    }

    pub(super) fn key(&mut self, key: &PropertyKey<'_>) -> String {
        match key {
            PropertyKey::PrivateIdentifier(private) => format!("#{}", private.name),
            key => match key.static_name() {
                Some(name) => name.into_owned(),
                None => {
                    if let Some(expression) = key.as_expression() {
                        self.expression(expression);
                    }
                    ELEMENT.to_owned()
                }
            },
        }
    }

    fn callee(&mut self, callee: &Expression<'_>) -> (String, String, Value) {
        let written = written(callee.get_inner_expression());
        match callee.get_inner_expression() {
            Expression::StaticMemberExpression(member) => {
                let receiver = self.expression(&member.object);
                (member.property.name.to_string(), written, receiver)
            }
            Expression::PrivateFieldExpression(member) => {
                let receiver = self.expression(&member.object);
                (format!("#{}", member.field.name), written, receiver)
            }
            Expression::ComputedMemberExpression(member) => {
                let receiver = self.expression(&member.object);
                self.expression(&member.expression);
                (fixed_key(&member.expression).unwrap_or_default(), written, receiver)
            }
            Expression::Identifier(id) => (id.name.to_string(), written, NOTHING),
            Expression::Super(_) => ("super".to_owned(), written, self.this),
            other => {
                self.expression(other);
                (String::new(), written, NOTHING)
            }
        }
    }

    fn arguments(&mut self, arguments: &[Given<'_>]) -> Vec<Argument> {
        let given = arguments.iter().map(|argument| match argument {
            Given::SpreadElement(spread) => {
                Argument { value: self.expression(&spread.argument), name: None, is_spread: true }
            }
            argument => {
                let value = argument.as_expression().map_or(NOTHING, |expression| self.expression(expression));
                Argument { value, name: None, is_spread: false }
            }
        });
        given.collect()
    }

    fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Value {
        let before = match (assignment.operator, assignment.left.as_simple_assignment_target()) {
            (AssignmentOperator::Assign, _) | (_, None) => NOTHING,
            (_, Some(target)) => self.simple_target(target),
        };
        let fork = self.build.fork();
        let right = self.expression(&assignment.right);
        if assignment.operator.is_logical() {
            let after = self.build.fork();
            self.build.meet(vec![fork, after]);
        }
        let value = match assignment.operator {
            AssignmentOperator::Assign => right,
            AssignmentOperator::Addition => self.build.joined(&[before, right]),
            operator if operator.is_logical() => self.build.either(&[before, right]),
            _ => self.build.made(&[before, right], effect::NUMBER),
        };
        self.assign_target(&assignment.left, value);
        value
    }

    fn element(&mut self, element: &JSXElement<'_>) -> Value {
        let opening = &element.opening_element;
        let properties = self.build.value();
        for attribute in &opening.attributes {
            match attribute {
                JSXAttributeItem::SpreadAttribute(spread) => {
                    let from = self.expression(&spread.argument);
                    self.build.same(from, properties);
                }
                JSXAttributeItem::Attribute(attribute) => {
                    let name = attribute.name.as_identifier().map_or(ELEMENT, |id| id.name.as_str()).to_owned();
                    let value = match &attribute.value {
                        Some(JSXAttributeValue::ExpressionContainer(container)) => self.inside(&container.expression),
                        Some(JSXAttributeValue::Element(element)) => self.element(element),
                        _ => NOTHING,
                    };
                    self.build.put(properties, &name, value);
                }
            }
        }
        let children = self.children(&element.children);
        self.build.put(properties, "children", children);
        let span = self.line_span(opening.span);
        let argument = Argument { value: properties, name: None, is_spread: false };
        let name = self.text.get(opening.name.span().start as usize..opening.name.span().end as usize);
        let name = name.unwrap_or_default();
        self.build.call(span, (name, name), NOTHING, vec![argument])
    }

    fn children(&mut self, children: &[JSXChild<'_>]) -> Value {
        let to = self.build.value();
        for child in children {
            let value = match child {
                JSXChild::Text(_) => NOTHING,
                JSXChild::Element(element) => self.element(element),
                JSXChild::Fragment(fragment) => self.children(&fragment.children),
                JSXChild::ExpressionContainer(container) => self.inside(&container.expression),
                JSXChild::Spread(spread) => self.expression(&spread.expression),
            };
            self.build.edge(value, to, How::Into(ELEMENT.to_owned()));
        }
        to
    }

    fn inside(&mut self, expression: &JSXExpression<'_>) -> Value {
        expression.as_expression().map_or(NOTHING, |expression| self.expression(expression))
    }
}

/// The function that a scope belongs to; `None`: none.
pub(super) fn function_scope(scoping: &Scoping, scope: ScopeId) -> Option<ScopeId> {
    scoping.scope_ancestors(scope).find(|&scope| scoping.scope_flags(scope).is_function())
}

pub(super) fn fixed_key(key: &Expression<'_>) -> Option<String> {
    match key {
        Expression::StringLiteral(text) => Some(text.value.to_string()),
        _ => None,
    }
}

/// What is called as far as it is written in names.
fn written(callee: &Expression<'_>) -> String {
    match callee {
        Expression::Identifier(id) => id.name.to_string(),
        Expression::ThisExpression(_) => "this".to_owned(),
        Expression::Super(_) => "super".to_owned(),
        Expression::StaticMemberExpression(member) => match written(member.object.get_inner_expression()) {
            of if of.is_empty() => member.property.name.to_string(),
            of => format!("{of}.{}", member.property.name),
        },
        _ => String::new(),
    }
}

/// What stands for code at the top level.
pub(super) const OUTSIDE: u32 = TOP;
