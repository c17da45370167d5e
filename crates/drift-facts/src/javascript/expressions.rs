//! Expressions: every one is lowered to the node that holds its value.

use oxc::ast::ast::{
    ArrayExpression, ArrayExpressionElement, AssignmentExpression, AssignmentTarget, ChainElement,
    ComputedMemberExpression, Expression, FunctionType, IdentifierReference, JSXAttributeItem, JSXAttributeValue,
    JSXChild, JSXElement, JSXElementName, JSXExpression, JSXMemberExpression, JSXMemberExpressionObject,
    MemberExpression, ObjectExpression, ObjectPropertyKind, PrivateFieldExpression, PropertyKind,
    SimpleAssignmentTarget, StaticMemberExpression, TemplateElement, TemplateLiteral,
};
use oxc::span::{GetSpan, Span};
use oxc::syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

use super::Lower;
use super::calls::Call;
use super::functions::Definition;
use crate::flow::{
    ANY, AccessFact, AccessKind, CalleeShape, ELEMENT, Flow, FunctionKind, MAX_INDEX, NONE, Node, SiteKind,
    getter_field, setter_field,
};

/// Parts of a template that are put together to a key.
const MAX_FOLDED: usize = 4;

/// Bytes of the ends of a name that are of interest.
const MAX_END_BYTES: usize = 60;

impl Lower<'_> {
    /// Lowers an expression with everything in it; returns the node that holds its value.
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> Node {
        match expression {
            Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::Super(_)
            | Expression::ImportMeta(_)
            | Expression::NewTarget(_) => NONE,
            Expression::NumericLiteral(_) => self.library("Number.prototype"),
            Expression::BigIntLiteral(_) => self.library("BigInt.prototype"),
            Expression::RegExpLiteral(_) => self.library("RegExp.prototype"),
            Expression::StringLiteral(_) => self.library("String.prototype"),
            Expression::TemplateLiteral(template) => self.template(template),
            Expression::Identifier(id) => self.read(id),
            Expression::ThisExpression(_) => self.around.this,
            Expression::ArrayExpression(array) => self.array_literal(array),
            Expression::ObjectExpression(object) => self.object_literal(object),
            Expression::ArrowFunctionExpression(arrow) => self.arrow(arrow, "<anonymous>"),
            Expression::FunctionExpression(function) => self.function_expression(function, "<anonymous>"),
            Expression::ClassExpression(class) => self.class(class, "<anonymous>"),
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::AwaitExpression(awaited) => {
                let from = self.expression(&awaited.argument);
                if from == NONE {
                    return NONE;
                }
                let to = self.node();
                self.flow(Flow::Await { to, from });
                to
            }
            Expression::YieldExpression(yielded) => {
                let value = yielded.argument.as_ref().map_or(NONE, |argument| {
                    let value = self.expression(argument);
                    if yielded.delegate { self.iterate(argument.span(), value) } else { value }
                });
                self.yielded(value);
                self.unknown()
            }
            Expression::BinaryExpression(_) => self.binary(expression),
            Expression::LogicalExpression(logical) => {
                let left = self.expression(&logical.left);
                let right = self.optional(logical.right.span(), |lower| match logical.operator {
                    LogicalOperator::Coalesce => lower.expression(&logical.right),
                    operator => lower.where_it_holds(&logical.left, operator == LogicalOperator::And, |lower| {
                        lower.expression(&logical.right)
                    }),
                });
                self.join(left, right)
            }
            Expression::ConditionalExpression(conditional) => {
                self.expression(&conditional.test);
                let before = self.versions_here();
                let yes =
                    self.where_it_holds(&conditional.test, true, |lower| lower.expression(&conditional.consequent));
                let after_yes = self.go_on_from(before);
                let no =
                    self.where_it_holds(&conditional.test, false, |lower| lower.expression(&conditional.alternate));
                let after_no = self.versions_here();
                self.meet(vec![after_yes, after_no]);
                self.join(yes, no)
            }
            Expression::SequenceExpression(sequence) => {
                let mut last = NONE;
                for part in &sequence.expressions {
                    last = self.expression(part);
                }
                last
            }
            Expression::UnaryExpression(unary) => {
                match unary.argument.get_inner_expression().as_member_expression() {
                    // What is deleted is not read.
                    Some(member) if unary.operator == UnaryOperator::Delete => {
                        self.receiver(member.object());
                        if let MemberExpression::ComputedMemberExpression(computed) = member {
                            self.expression(&computed.expression);
                        }
                    }
                    _ => {
                        self.expression(&unary.argument);
                    }
                }
                NONE
            }
            Expression::UpdateExpression(update) => {
                self.simple_target(&update.argument);
                NONE
            }
            Expression::PrivateInExpression(test) => {
                self.expression(&test.right);
                NONE
            }
            Expression::CallExpression(call) => self.call_expression(call),
            Expression::NewExpression(new) => self.new_expression(new),
            Expression::TaggedTemplateExpression(tagged) => self.tagged_template(tagged),
            Expression::ImportExpression(import) => self.import_expression(import),
            Expression::ChainExpression(chain) => self.chain(&chain.expression),
            Expression::StaticMemberExpression(member) => self.static_member(member),
            Expression::PrivateFieldExpression(member) => self.private_member(member),
            Expression::ComputedMemberExpression(member) => self.computed_member(member),
            Expression::JSXElement(element) => self.jsx_element(element),
            Expression::JSXFragment(fragment) => {
                self.jsx_children(&fragment.children);
                self.library("JSX.Element")
            }
            Expression::ParenthesizedExpression(inner) => self.expression(&inner.expression),
            Expression::TSAsExpression(_)
            | Expression::TSSatisfiesExpression(_)
            | Expression::TSTypeAssertion(_)
            | Expression::TSNonNullExpression(_)
            | Expression::TSInstantiationExpression(_) => {
                let value = self.expression(inner_of_wrapper(expression));
                match self.type_of_wrapper(expression) {
                    Some(typed) => {
                        self.assign(typed, value);
                        typed
                    }
                    None => value,
                }
            }
            Expression::V8IntrinsicExpression(intrinsic) => {
                self.arguments(&intrinsic.arguments);
                NONE
            }
        }
    }

    fn chain(&mut self, chain: &ChainElement<'_>) -> Node {
        self.optional(chain.span(), |lower| match chain {
            ChainElement::CallExpression(call) => lower.call_expression(call),
            ChainElement::TSNonNullExpression(inner) => lower.expression(&inner.expression),
            ChainElement::StaticMemberExpression(member) => lower.static_member(member),
            ChainElement::PrivateFieldExpression(member) => lower.private_member(member),
            ChainElement::ComputedMemberExpression(member) => lower.computed_member(member),
        })
    }

    /// What a name holds.
    pub(super) fn read(&mut self, id: &IdentifierReference<'_>) -> Node {
        if let Some(symbol) = self.scoping.get_reference(id.reference_id()).symbol_id() {
            return self.version(symbol);
        }
        if id.name == "undefined" {
            return self.undefined();
        }
        if id.name == "arguments"
            && let Some(arguments) = self.arguments_object()
        {
            return arguments;
        }
        if let Some(node) = self.common_js_name(&id.name) {
            return node;
        }
        let name = self.name(&id.name);
        if let Some(&node) = self.globals.get(&name) {
            return node;
        }
        let to = self.node();
        self.globals.insert(name, to);
        self.flow(Flow::Global { to, name });
        to
    }

    /// What `arguments` holds in the function around, arrow functions left out.
    fn arguments_object(&mut self) -> Option<Node> {
        let mut function = self.around.function?;
        while self.facts.functions[function as usize].kind == FunctionKind::Arrow {
            function = self.facts.functions[function as usize].parent?;
        }
        if let Some(&known) = self.arguments_objects.get(&function) {
            return Some(known);
        }
        let (to, object) = (self.node(), self.object());
        self.arguments_objects.insert(function, to);
        self.flow(Flow::Array { to, object });
        let fact = &self.facts.functions[function as usize];
        let (params, mut rest) = (fact.params.clone(), fact.rest);
        for (index, &from) in params.iter().enumerate() {
            let field = if (index as u32) < MAX_INDEX { index.to_string() } else { ELEMENT.to_owned() };
            self.store(to, &field, from);
        }
        if rest == NONE {
            // What is passed beyond the parameters comes here.
            let object = self.object();
            rest = self.node();
            self.flow(Flow::Array { to: rest, object });
            self.facts.functions[function as usize].rest = rest;
        }
        let more = self.node();
        self.flow(Flow::Iterate { to: more, from: rest });
        self.store(to, ELEMENT, more);
        Some(to)
    }

    fn static_member(&mut self, member: &StaticMemberExpression<'_>) -> Node {
        let base = self.receiver(&member.object);
        self.read_member(member.span, &member.object, base, &member.property.name)
    }

    fn private_member(&mut self, member: &PrivateFieldExpression<'_>) -> Node {
        let base = self.receiver(&member.object);
        self.read_member(member.span, &member.object, base, &format!("#{}", member.field.name))
    }

    fn computed_member(&mut self, member: &ComputedMemberExpression<'_>) -> Node {
        let base = self.receiver(&member.object);
        let field = self.fixed_key(&member.expression);
        let key = self.expression(&member.expression);
        match field {
            Some(field) => self.read_member(member.span, &member.object, base, &field),
            None => self.load_any(base, key),
        }
    }

    /// A node that holds the named property of `object`, which is in `base`.
    pub(super) fn read_member(&mut self, span: Span, object: &Expression<'_>, base: Node, field: &str) -> Node {
        self.access(span, (base, self.receiver_this(object, base)), field, AccessKind::Read, NONE);
        match self.narrowed_member(object, field) {
            Some(held) => held,
            None => self.load(base, field),
        }
    }

    /// Notes a property access; `on` is what the property is looked up in, and what `this` is in an accessor.
    pub(super) fn access(&mut self, span: Span, on: (Node, Node), field: &str, kind: AccessKind, value: Node) {
        let (base, this) = on;
        if base != NONE {
            let (span, field, caller) = (self.span(span), self.name(field), self.around.function);
            self.facts.accesses.push(AccessFact { span, caller, base, this, field, kind, value });
        }
    }

    /// What `this` is in a method or accessor found through `object`.
    pub(super) fn receiver_this(&self, object: &Expression<'_>, base: Node) -> Node {
        if matches!(object, Expression::Super(_)) { self.around.this } else { base }
    }

    /// What members are read from: an object, or `super`.
    pub(super) fn receiver(&mut self, object: &Expression<'_>) -> Node {
        match object {
            Expression::Super(_) => self.around.super_object,
            object => self.expression(object),
        }
    }

    /// The property name that a computed key folds to.
    pub(super) fn fixed_key(&self, key: &Expression<'_>) -> Option<String> {
        match key.get_inner_expression() {
            Expression::StringLiteral(text) => Some(text.value.to_string()),
            Expression::NumericLiteral(number) if number.value.fract() == 0.0 && number.value.abs() < 1e15 => {
                Some((number.value as i64).to_string())
            }
            Expression::TemplateLiteral(template) if template.expressions.len() <= MAX_FOLDED => {
                let mut text = String::new();
                for (index, quasi) in template.quasis.iter().enumerate() {
                    text.push_str(&quasi.value.cooked?);
                    if let Some(expression) = template.expressions.get(index) {
                        text.push_str(&self.fixed_key(expression)?);
                    }
                }
                Some(text)
            }
            Expression::BinaryExpression(sum)
                if sum.operator == BinaryOperator::Addition && sum.right.is_string_literal() =>
            {
                let left = sum.left.get_inner_expression();
                let is_short = !matches!(left, Expression::BinaryExpression(_));
                if is_short { Some(self.fixed_key(left)? + &self.fixed_key(&sum.right)?) } else { None }
            }
            Expression::StaticMemberExpression(member) => super::well_known_symbol(member),
            Expression::Identifier(id) => {
                let symbol = self.scoping.get_reference(id.reference_id()).symbol_id()?;
                self.constants.get(&symbol).cloned()
            }
            _ => None,
        }
    }

    /// A node that holds a string which may be used as a property key.
    pub(super) fn text(&mut self, text: &str) -> Node {
        let (to, name) = (self.node(), self.name(text));
        self.flow(Flow::Key { to, name });
        to
    }

    fn template(&mut self, template: &TemplateLiteral<'_>) -> Node {
        for expression in &template.expressions {
            self.expression(expression);
        }
        let is_put_together = !template.expressions.is_empty();
        let ends = (end_text(template.quasis.first()), end_text(template.quasis.last()));
        let pattern = if is_put_together { self.ends_of_text(ends) } else { None };
        pattern.unwrap_or_else(|| self.library("String.prototype"))
    }

    /// A string of which only the ends are known; [`None`] where these say nothing about a name.
    fn ends_of_text(&mut self, (first, last): (&str, &str)) -> Option<Node> {
        let is_name = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || "_$".contains(letter));
        let length = first.len() + last.len();
        let says_something = (2..=MAX_END_BYTES).contains(&length) && is_name(first) && is_name(last);
        says_something.then(|| self.text(&format!("{first}{ANY}{last}")))
    }

    /// Long chains of operators lean left, so they are walked in a loop.
    fn binary(&mut self, expression: &Expression<'_>) -> Node {
        let mut at = expression;
        let (mut text, mut is_sum, mut last) = (false, true, None);
        while let Expression::BinaryExpression(binary) = at {
            self.expression(&binary.right);
            is_sum &= binary.operator == BinaryOperator::Addition;
            text |= binary.operator == BinaryOperator::Addition
                && (binary.right.is_string_literal() || binary.left.is_string_literal());
            last = last.or(Some(&binary.right));
            at = &binary.left;
        }
        self.expression(at);
        if !text {
            return NONE;
        }
        let end = |of: Option<&Expression<'_>>| match of {
            Some(Expression::StringLiteral(text)) => text.value.to_string(),
            _ => String::new(),
        };
        let ends = (end(Some(at)), end(last));
        let pattern = if is_sum { self.ends_of_text((&ends.0, &ends.1)) } else { None };
        pattern.unwrap_or_else(|| self.library("String.prototype"))
    }

    /// The target of `++` and `--`, read and written.
    fn simple_target(&mut self, target: &SimpleAssignmentTarget<'_>) {
        let Some(member) = target.as_member_expression() else {
            return;
        };
        let base = self.receiver(member.object());
        let field = match member {
            MemberExpression::StaticMemberExpression(member) => Some(member.property.name.to_string()),
            MemberExpression::PrivateFieldExpression(member) => Some(format!("#{}", member.field.name)),
            MemberExpression::ComputedMemberExpression(member) => {
                self.expression(&member.expression);
                self.fixed_key(&member.expression)
            }
        };
        if let Some(field) = field {
            let on = (base, self.receiver_this(member.object(), base));
            self.access(member.span(), on, &field, AccessKind::ReadWrite, NONE);
        }
    }

    fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Node {
        let name = target_name(&assignment.left);
        let before = match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(id) if assignment.operator.is_logical() => self.read(id),
            _ => NONE,
        };
        let right = |lower: &mut Self| lower.named_expression(&assignment.right, name.as_deref());
        let value =
            if assignment.operator.is_logical() { self.optional(assignment.right.span(), right) } else { right(self) };
        let kind = if assignment.operator.is_assign() { AccessKind::Write } else { AccessKind::ReadWrite };
        let value = self.join(before, value);
        self.assign_to_as(&assignment.left, value, kind);
        value
    }

    fn array_literal(&mut self, array: &ArrayExpression<'_>) -> Node {
        let to = self.node();
        let object = self.object();
        self.flow(Flow::Array { to, object });
        // Behind a spread nobody knows the index.
        let mut index = Some(0);
        for element in &array.elements {
            let value = match element {
                ArrayExpressionElement::SpreadElement(spread) => {
                    index = None;
                    let from = self.expression(&spread.argument);
                    self.iterate(spread.argument.span(), from)
                }
                ArrayExpressionElement::Elision(_) => NONE,
                element => element.as_expression().map_or(NONE, |element| self.expression(element)),
            };
            match index {
                Some(at) if at < MAX_INDEX => self.store(to, &at.to_string(), value),
                _ => self.store(to, ELEMENT, value),
            }
            index = index.map(|at| at + 1);
        }
        to
    }

    pub(super) fn object_literal(&mut self, literal: &ObjectExpression<'_>) -> Node {
        let to = self.node();
        let object = self.object();
        self.flow(Flow::Object { to, object });
        for property in &literal.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let from = self.expression(&spread.argument);
                    if from != NONE {
                        self.flow(Flow::CopyFields { to, from });
                    }
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    let key = if property.computed { self.key_expression(&property.key) } else { NONE };
                    let field = self.key(&property.key);
                    let name = super::name_of_key(field.as_deref());
                    let is_method = property.method || property.kind != PropertyKind::Init;
                    let value = match &property.value {
                        Expression::FunctionExpression(function)
                            if is_method && function.r#type == FunctionType::FunctionExpression =>
                        {
                            let definition = Definition {
                                kind: match property.kind {
                                    PropertyKind::Init => FunctionKind::Method,
                                    PropertyKind::Get => FunctionKind::Getter,
                                    PropertyKind::Set => FunctionKind::Setter,
                                },
                                name,
                                span: property.span,
                                this: NONE,
                                super_object: NONE,
                                super_class: NONE,
                            };
                            self.object_method(function, &definition, to, field.as_deref())
                        }
                        Expression::StringLiteral(text) => self.text(&text.value),
                        value => self.named_expression(value, Some(name)),
                    };
                    match &field {
                        Some(field) => self.store(to, field, value),
                        None => self.store_any(to, value, key),
                    }
                }
            }
        }
        to
    }

    /// Returns the node to store under the property: the function, what a getter returns, nothing for a setter.
    fn object_method(
        &mut self,
        function: &oxc::ast::ast::Function<'_>,
        definition: &Definition<'_>,
        object: Node,
        field: Option<&str>,
    ) -> Node {
        let Some(index) = self.function(function, definition) else {
            return NONE;
        };
        let fact = &self.facts.functions[index as usize];
        let (this, returns, first) = (fact.this, fact.returns, fact.params.first().copied().unwrap_or(NONE));
        match definition.kind {
            FunctionKind::Getter => {
                self.assign(this, object);
                if let Some(field) = field {
                    let getter = self.function_value(index);
                    self.store(object, &getter_field(field), getter);
                }
                returns
            }
            FunctionKind::Setter => {
                self.assign(this, object);
                if let Some(field) = field {
                    let setter = self.function_value(index);
                    self.store(object, &setter_field(field), setter);
                    let stored = self.load(object, field);
                    self.assign(first, stored);
                }
                NONE
            }
            _ => {
                self.assign(this, object);
                self.function_value(index)
            }
        }
    }

    fn function_value(&mut self, function: u32) -> Node {
        let to = self.node();
        self.flow(Flow::Function { to, function });
        to
    }

    fn jsx_element(&mut self, element: &JSXElement<'_>) -> Node {
        let opening = &element.opening_element;
        let (callee, shape) = match &opening.name {
            JSXElementName::IdentifierReference(id) => (self.read(id), self.shape_of_identifier(id)),
            JSXElementName::MemberExpression(member) => {
                let property = self.name(&member.property.name);
                (self.jsx_member(member), CalleeShape::Member(property))
            }
            JSXElementName::ThisExpression(_) => (self.around.this, CalleeShape::Value),
            JSXElementName::Identifier(_) | JSXElementName::NamespacedName(_) => (NONE, CalleeShape::Value),
        };
        let props = self.node();
        let object = self.object();
        self.flow(Flow::Object { to: props, object });
        for attribute in &opening.attributes {
            match attribute {
                JSXAttributeItem::SpreadAttribute(spread) => {
                    let from = self.expression(&spread.argument);
                    if from != NONE {
                        self.flow(Flow::CopyFields { to: props, from });
                    }
                }
                JSXAttributeItem::Attribute(attribute) => {
                    let name = attribute.name.as_identifier().map_or("<namespaced>", |id| id.name.as_str());
                    let value = match &attribute.value {
                        Some(JSXAttributeValue::ExpressionContainer(container)) => {
                            self.jsx_expression(&container.expression, Some(name))
                        }
                        Some(JSXAttributeValue::Element(element)) => self.jsx_element(element),
                        Some(JSXAttributeValue::Fragment(fragment)) => {
                            self.jsx_children(&fragment.children);
                            NONE
                        }
                        Some(JSXAttributeValue::StringLiteral(_)) | None => NONE,
                    };
                    self.store(props, name, value);
                }
            }
        }
        let children = self.jsx_children(&element.children);
        self.store(props, "children", children);
        let result = self.library("JSX.Element");
        if callee != NONE {
            self.site(Call {
                kind: SiteKind::Jsx,
                span: opening.span,
                callee,
                shape,
                this: NONE,
                on_receiver: false,
                args: vec![props],
                spread: NONE,
                maybe_missing: 0,
            });
        }
        result
    }

    fn jsx_member(&mut self, member: &JSXMemberExpression<'_>) -> Node {
        let base = match &member.object {
            JSXMemberExpressionObject::IdentifierReference(id) => self.read(id),
            JSXMemberExpressionObject::MemberExpression(inner) => self.jsx_member(inner),
            JSXMemberExpressionObject::ThisExpression(_) => self.around.this,
        };
        self.access(member.span, (base, base), &member.property.name, AccessKind::Read, NONE);
        self.load(base, &member.property.name)
    }

    /// What the children hold, taken together.
    fn jsx_children(&mut self, children: &[JSXChild<'_>]) -> Node {
        let mut all = NONE;
        for child in children {
            let value = match child {
                JSXChild::Text(_) => NONE,
                JSXChild::Element(element) => self.jsx_element(element),
                JSXChild::Fragment(fragment) => {
                    self.jsx_children(&fragment.children);
                    NONE
                }
                JSXChild::ExpressionContainer(container) => self.jsx_expression(&container.expression, None),
                JSXChild::Spread(spread) => self.expression(&spread.expression),
            };
            all = self.join(all, value);
        }
        all
    }

    fn jsx_expression(&mut self, expression: &JSXExpression<'_>, name: Option<&str>) -> Node {
        expression.as_expression().map_or(NONE, |expression| self.named_expression(expression, name))
    }
}

/// What stands inside `as`, `satisfies`, `!`, `<T>` and `f<T>`.
fn inner_of_wrapper<'e, 'a>(expression: &'e Expression<'a>) -> &'e Expression<'a> {
    match expression {
        Expression::TSAsExpression(wrapped) => &wrapped.expression,
        Expression::TSSatisfiesExpression(wrapped) => &wrapped.expression,
        Expression::TSTypeAssertion(wrapped) => &wrapped.expression,
        Expression::TSNonNullExpression(wrapped) => &wrapped.expression,
        Expression::TSInstantiationExpression(wrapped) => &wrapped.expression,
        other => other,
    }
}

/// The name that an assigned function takes from its target: `f`, `exports.f` → `f`, `C.prototype.m`.
fn target_name(target: &AssignmentTarget<'_>) -> Option<String> {
    match target {
        AssignmentTarget::AssignmentTargetIdentifier(id) => Some(id.name.to_string()),
        AssignmentTarget::StaticMemberExpression(member) => {
            let property = member.property.name.as_str();
            match member_path(&member.object).as_deref() {
                None | Some("this" | "exports" | "module.exports") => Some(property.to_owned()),
                Some(path) => Some(format!("{path}.{property}")),
            }
        }
        _ => None,
    }
}

fn member_path(expression: &Expression<'_>) -> Option<String> {
    match expression {
        Expression::Identifier(id) => Some(id.name.to_string()),
        Expression::ThisExpression(_) => Some("this".to_owned()),
        Expression::StaticMemberExpression(member) => {
            member_path(&member.object).map(|path| format!("{path}.{}", member.property.name))
        }
        _ => None,
    }
}

fn end_text<'t>(end: Option<&'t TemplateElement<'_>>) -> &'t str {
    end.and_then(|end| end.value.cooked.as_deref()).unwrap_or("")
}
