//! Assignments: what is bound, stored, unpacked.

use tree_sitter::Node as Syntax;

use super::calls::{Arguments, Callee};
use super::{Lower, children, fields};
use crate::flow::{AccessKind, CalleeShape, ELEMENT, Flow, MAX_INDEX, NONE, Node, SiteKind};

impl<'t> Lower<'t> {
    /// `a = v`, `a: T = v`; returns what holds the value, for `b = a = v`.
    pub(super) fn assignment(&mut self, node: Syntax<'t>) -> Node {
        let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        let mut value = right.map_or(NONE, |right| self.expression(right));
        let hint = node.child_by_field_name("type").map_or(NONE, |hint| self.hint(hint));
        if hint != NONE {
            let typed = self.node();
            self.assign(typed, value);
            self.flow(Flow::Hinted { to: typed, declared: hint });
            value = typed;
        }
        if self.is_in_class_body() && right.is_some_and(|right| right.kind() == "call") {
            self.note_descriptor(left);
        }
        if let Some(left) = left
            && (right.is_some() || hint != NONE)
        {
            self.bind_target(left, value, right);
        }
        value
    }

    pub(super) fn augmented_assignment(&mut self, node: Syntax<'t>) -> Node {
        let before = self.field_value(node, "left");
        let right = self.field_value(node, "right");
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        let value = self.operate_in_place(node, operator, before, right);
        if let Some(left) = node.child_by_field_name("left") {
            match left.kind() {
                "identifier" => self.bind(self.text_of(left), value),
                "attribute" => {
                    if let (Some(object), Some(attribute)) =
                        (left.child_by_field_name("object"), left.child_by_field_name("attribute"))
                        && object.kind() == "identifier"
                    {
                        let base = self.read_name(self.text_of(object));
                        let field = self.attribute_name(self.text_of(attribute));
                        self.store(base, &field, value);
                    }
                }
                _ => {}
            }
        }
        value
    }

    /// What a value is assigned to. `literal`: the expression that it is written as.
    pub(super) fn bind_target(&mut self, target: Syntax<'t>, value: Node, literal: Option<Syntax<'t>>) {
        match target.kind() {
            "identifier" => {
                self.bind(self.text_of(target), value);
                self.keep_literal(self.text_of(target), literal);
            }
            "attribute" => {
                let base = self.field_value(target, "object");
                if let Some(attribute) = target.child_by_field_name("attribute") {
                    let field = self.attribute_name(self.text_of(attribute));
                    self.store(base, &field, value);
                    let field = self.name(&field);
                    self.access(target, base, field, AccessKind::Write, value);
                }
            }
            "subscript" => self.store_subscript(target, value),
            "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" | "list" | "expression_list" => {
                self.unpack(target, value, literal);
            }
            "list_splat_pattern" | "list_splat" => {
                if let Some(inner) = target.named_child(0) {
                    self.bind_target(inner, value, None);
                }
            }
            "as_pattern_target" | "parenthesized_expression" | "type" => {
                for inner in children(target) {
                    self.bind_target(inner, value, literal);
                }
            }
            _ => {
                self.expression(target);
            }
        }
    }

    /// `a, (b, *c) = value`
    fn unpack(&mut self, target: Syntax<'t>, value: Node, literal: Option<Syntax<'t>>) {
        let parts = children(target);
        let written = literal.filter(|one| matches!(one.kind(), "expression_list" | "tuple" | "list")).map(children);
        let mut after_star = false;
        for (index, part) in parts.iter().enumerate() {
            let is_star = matches!(part.kind(), "list_splat_pattern" | "list_splat");
            let from_end = parts.len() - index;
            let element = self.node();
            if value == NONE {
            } else if is_star {
                let start = index as u32;
                self.flow(Flow::Slice { to: element, from: value, start });
                after_star = true;
            } else {
                let place = match (&written, after_star) {
                    (Some(written), true) => written.len().checked_sub(from_end),
                    (None, true) => None,
                    (_, false) => Some(index),
                };
                match place {
                    Some(place) if place < MAX_INDEX as usize => {
                        self.flow(Flow::IterateAt { to: element, from: value, index: place as u32 });
                    }
                    _ => self.flow(Flow::Iterate { to: element, from: value }),
                }
            }
            let inner = written.as_ref().and_then(|written| written.get(index)).copied();
            self.bind_target(*part, element, inner.filter(|_| !after_star));
        }
    }

    fn store_subscript(&mut self, target: Syntax<'t>, value: Node) {
        let base = self.field_value(target, "value");
        let subscripts = fields(target, "subscript");
        let key = match subscripts[..] {
            [one] => Some(one),
            _ => None,
        };
        match key.and_then(|key| self.constant_key(key)) {
            Some(field) => {
                self.store(base, &field, value);
            }
            None => {
                let held = subscripts.iter().map(|&key| self.expression(key)).last().unwrap_or(NONE);
                let is_slice = key.is_some_and(|key| key.kind() == "slice");
                if is_slice && base != NONE && value != NONE {
                    let element = self.node();
                    self.flow(Flow::Iterate { to: element, from: value });
                    self.store(base, ELEMENT, element);
                } else if base != NONE && value != NONE {
                    self.flow(Flow::StoreAny { base, from: value, key: held });
                    self.store(base, super::containers::KEY, held);
                }
            }
        }
        self.keep_value(target, value);
        let held = key.map_or(NONE, |key| self.key_of(key));
        self.implicit_call(target, base, "__setitem__", &[held, value]);
    }

    /// Whether what reads like the declaration of a type is an assignment: `type(a).b = c`.
    pub(super) fn is_call_of_type(&self, node: Syntax<'t>) -> bool {
        let called = node.child_by_field_name("left").map(first_of);
        called.is_some_and(|called| matches!(called.kind(), "parenthesized_expression" | "tuple"))
            && self.find("type").is_none()
    }

    pub(super) fn assign_to_type(&mut self, node: Syntax<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let value = self.expression(right);
        let arguments = first_of(left);
        let positional: Vec<Node> = children(arguments).into_iter().map(|one| self.expression(one)).collect();
        let object = positional.first().copied().unwrap_or(NONE);
        let name = self.name("type");
        let shape = CalleeShape::Name(name);
        let callee = Callee { node: self.library("builtins.type"), this: NONE, on_receiver: false, shape };
        let span = self.span_of(node.start_byte()..arguments.end_byte());
        self.site_at(span, SiteKind::Call, &callee, Arguments { positional, ..Arguments::default() });
        let mut base = self.load(object, "__class__");
        let mut steps = Vec::new();
        let mut step = left;
        while step != arguments {
            steps.push(step);
            match step.named_child(0) {
                Some(inner) => step = inner,
                None => break,
            }
        }
        steps.retain(|step| matches!(step.kind(), "attribute" | "subscript"));
        for (index, step) in steps.iter().enumerate().rev() {
            for key in fields(*step, "subscript") {
                self.expression(key);
            }
            let Some(attribute) = step.child_by_field_name("attribute") else {
                base = NONE;
                continue;
            };
            let field = self.attribute_name(self.text_of(attribute));
            if index == 0 {
                self.store(base, &field, value);
            } else {
                base = self.load(base, &field);
            }
        }
    }
}

/// The part that a target begins with.
fn first_of(target: Syntax<'_>) -> Syntax<'_> {
    let mut first = target;
    while !matches!(first.kind(), "parenthesized_expression" | "tuple")
        && let Some(inner) = first.named_child(0)
    {
        first = inner;
    }
    first
}
