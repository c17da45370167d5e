//! Destructuring, in declarations and in assignments.

use oxc::ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern, Expression,
    IdentifierReference, PropertyKey, StaticMemberExpression,
};
use oxc::span::{GetSpan, Span};

use super::Lower;
use super::functions::pattern_name;
use crate::flow::{AccessKind, Flow, NONE, Node};

impl Lower<'_> {
    /// Binds the names of a pattern to parts of what `from` holds.
    pub(super) fn bind(&mut self, pattern: &BindingPattern<'_>, from: Node) {
        match pattern {
            BindingPattern::BindingIdentifier(id) => self.assign_variable(id.symbol_id(), from),
            BindingPattern::AssignmentPattern(with_default) => {
                let default = self.optional(with_default.right.span(), |lower| {
                    lower.named_expression(&with_default.right, pattern_name(&with_default.left))
                });
                let either = self.join(from, default);
                self.bind(&with_default.left, either);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let part = self.property_of(property.span, &property.key, property.computed, from);
                    self.bind(&property.value, part);
                }
                if let Some(rest) = &object.rest {
                    self.bind(&rest.argument, from);
                }
            }
            BindingPattern::ArrayPattern(array) => {
                self.iteration(array.span, from);
                for (index, part) in array.elements.iter().enumerate() {
                    if let Some(part) = part {
                        let element = self.iterate_at(from, index as u32);
                        self.bind(part, element);
                    }
                }
                if let Some(rest) = &array.rest {
                    self.bind(&rest.argument, from);
                }
            }
        }
    }

    /// The same for an assignment to existing variables and properties.
    pub(super) fn assign_to(&mut self, target: &AssignmentTarget<'_>, from: Node) {
        self.assign_to_as(target, from, AccessKind::Write);
    }

    /// The same; `kind` says whether a property is read before it is written.
    pub(super) fn assign_to_as(&mut self, target: &AssignmentTarget<'_>, from: Node, kind: AccessKind) {
        if target.as_simple_assignment_target().is_some_and(|target| target.as_member_expression().is_some()) {
            self.forget_members(None);
        }
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(id) => self.assign_identifier(id, from),
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                self.iteration(array.span, from);
                for (index, part) in array.elements.iter().enumerate() {
                    if let Some(part) = part {
                        let element = self.iterate_at(from, index as u32);
                        self.assign_maybe_default(part, element);
                    }
                }
                if let Some(rest) = &array.rest {
                    self.assign_to(&rest.target, from);
                }
            }
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) => {
                            self.access(short.span, (from, from), &short.binding.name, AccessKind::Read, NONE);
                            let part = self.load(from, &short.binding.name);
                            self.assign_identifier(&short.binding, part);
                            if let Some(default) = &short.init {
                                let default = self.named_expression(default, Some(&short.binding.name));
                                self.assign_identifier(&short.binding, default);
                            }
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(long) => {
                            let part = self.property_of(long.span, &long.name, long.computed, from);
                            self.assign_maybe_default(&long.binding, part);
                        }
                    }
                }
                if let Some(rest) = &object.rest {
                    self.assign_to(&rest.target, from);
                }
            }
            AssignmentTarget::StaticMemberExpression(member) => self.assign_static(member, from, kind),
            AssignmentTarget::PrivateFieldExpression(member) => {
                let base = self.expression(&member.object);
                let field = format!("#{}", member.field.name);
                self.access(member.span, (base, base), &field, kind, from);
                self.store(base, &field, from);
            }
            AssignmentTarget::ComputedMemberExpression(member) => {
                let base = self.expression(&member.object);
                match self.fixed_key(&member.expression) {
                    Some(field) => {
                        self.access(member.span, (base, base), &field, kind, from);
                        self.store(base, &field, from);
                    }
                    None => {
                        let key = self.expression(&member.expression);
                        self.store_any(base, from, key);
                        return;
                    }
                }
                self.expression(&member.expression);
            }
            AssignmentTarget::TSAsExpression(wrapped) => self.assign_expression(&wrapped.expression, from, kind),
            AssignmentTarget::TSSatisfiesExpression(wrapped) => self.assign_expression(&wrapped.expression, from, kind),
            AssignmentTarget::TSNonNullExpression(wrapped) => self.assign_expression(&wrapped.expression, from, kind),
            AssignmentTarget::TSTypeAssertion(wrapped) => self.assign_expression(&wrapped.expression, from, kind),
        }
    }

    fn assign_expression(&mut self, target: &Expression<'_>, from: Node, kind: AccessKind) {
        match target.get_inner_expression() {
            Expression::Identifier(id) => self.assign_identifier(id, from),
            Expression::StaticMemberExpression(member) => self.assign_static(member, from, kind),
            other => {
                self.expression(other);
            }
        }
    }

    fn assign_static(&mut self, member: &StaticMemberExpression<'_>, from: Node, kind: AccessKind) {
        let base = self.expression(&member.object);
        self.access(member.span, (base, base), &member.property.name, kind, from);
        self.store(base, &member.property.name, from);
    }

    fn assign_maybe_default(&mut self, target: &AssignmentTargetMaybeDefault<'_>, from: Node) {
        if let AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(with_default) = target {
            let default = self.expression(&with_default.init);
            let either = self.join(from, default);
            self.assign_to(&with_default.binding, either);
        } else if let Some(target) = target.as_assignment_target() {
            self.assign_to(target, from);
        }
    }

    pub(super) fn assign_identifier(&mut self, id: &IdentifierReference<'_>, from: Node) {
        if let Some(symbol) = self.scoping.get_reference(id.reference_id()).symbol_id() {
            self.assign_variable(symbol, from);
        } else if from != NONE {
            let name = self.name(&id.name);
            self.flow(Flow::StoreGlobal { name, from });
            if let Some(node) = self.common_js_name(&id.name) {
                self.assign(node, from);
            }
        }
    }

    fn property_of(&mut self, span: Span, key: &PropertyKey<'_>, computed: bool, from: Node) -> Node {
        let held = if computed { self.key_expression(key) } else { NONE };
        match self.key(key) {
            Some(field) => {
                self.access(span, (from, from), &field, AccessKind::Read, NONE);
                self.load(from, &field)
            }
            None => self.load_any(from, held),
        }
    }

    /// A node that holds what either holds.
    pub(super) fn join(&mut self, left: Node, right: Node) -> Node {
        match (left, right) {
            (NONE, node) | (node, NONE) => node,
            (left, right) => {
                let either = self.node();
                self.assign(either, left);
                self.assign(either, right);
                either
            }
        }
    }

    /// A node that holds the field of `base` whose name `key` holds.
    pub(super) fn load_any(&mut self, base: Node, key: Node) -> Node {
        if base == NONE {
            return NONE;
        }
        let to = self.node();
        self.flow(Flow::LoadAny { to, base, key });
        to
    }

    pub(super) fn store_any(&mut self, base: Node, from: Node, key: Node) {
        if base != NONE && from != NONE {
            self.flow(Flow::StoreAny { base, from, key });
        }
    }
}
