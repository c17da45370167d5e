//! Operators: which methods they run, and what they yield.

use tree_sitter::Node as Syntax;

use super::{Lower, children};
use crate::flow::{ELEMENT, Flow, MAX_INDEX, NONE, Node};

impl<'t> Lower<'t> {
    pub(super) fn binary(&mut self, node: Syntax<'t>) -> Node {
        // Chains lean to the left; they are walked down by hand, so that their length costs no stack.
        let mut chain = Vec::new();
        let mut left = node;
        while left.kind() == "binary_operator" {
            chain.push(left);
            match left.child_by_field_name("left") {
                Some(next) => left = next,
                None => break,
            }
        }
        let mut value = if left.kind() == "binary_operator" { NONE } else { self.expression(left) };
        let mut is_plain = is_plain(left);
        let mut left = Some(left);
        for operation in chain.into_iter().rev() {
            let Some(right) = operation.child_by_field_name("right") else { continue };
            let other = self.expression(right);
            let operator = operation.child_by_field_name("operator").map_or("", |operator| operator.kind());
            let (method, reflected) = methods(operator);
            let first = self.implicit_call(operation, value, method, &[other]);
            let second = self.implicit_call(operation, other, reflected, &[value]);
            is_plain |= self::is_plain(right);
            if operator == "+"
                && let Some(list) = self.concatenated([left.take(), Some(right)], [value, other])
            {
                value = list;
                continue;
            }
            let written = left.filter(|_| operator == "%").and_then(|left| self.constant_text(left));
            if let Some(text) = written.and_then(|text| self.formatted(text, right, other)) {
                value = text;
                left = None;
                continue;
            }
            if operator == "+" && is_plain {
                value = self.join(value, other);
                continue;
            }
            left = None;
            // Lists, sets and what has no such method of its own yield their like.
            let like = match operator {
                _ if is_plain => [NONE, NONE],
                "+" | "|" | "-" | "&" | "^" => [value, other],
                "*" => [value, NONE],
                _ => [NONE, NONE],
            };
            value = self.either(&[first, second, like[0], like[1]]);
        }
        value
    }

    /// `a += b`: what has a method of its own for it, what has one for `+`, and lists, which gain elements.
    pub(super) fn operate_in_place(&mut self, node: Syntax<'t>, operator: &str, before: Node, right: Node) -> Node {
        let operator = operator.trim_end_matches('=');
        let (method, reflected) = methods(operator);
        let in_place = format!("__i{}", &method[2..]);
        let found = [
            self.implicit_call(node, before, &in_place, &[right]),
            self.implicit_call(node, before, method, &[right]),
            self.implicit_call(node, right, reflected, &[before]),
        ];
        if operator == "+" && before != NONE && right != NONE {
            let element = self.node();
            self.flow(Flow::Iterate { to: element, from: right });
            self.store(before, ELEMENT, element);
        }
        self.either(&[before, right, found[0], found[1], found[2]])
    }

    /// `[a] + b`: a list of its own; [`None`] where neither side is written as one.
    fn concatenated(&mut self, [left, right]: [Option<Syntax<'t>>; 2], [first, second]: [Node; 2]) -> Option<Node> {
        let is_list = |side: &Option<Syntax<'t>>| side.is_some_and(|side| matches!(side.kind(), "list" | "tuple"));
        if !is_list(&left) && !is_list(&right) {
            return None;
        }
        let length = |side: Option<Syntax<'t>>| {
            let parts = children(side.filter(|_| is_list(&side))?);
            parts.iter().all(|part| part.kind() != "list_splat").then_some(parts.len())
        };
        let (to, object) = (self.node(), self.object());
        let is_tuple = [left, right].into_iter().flatten().any(|side| side.kind() == "tuple");
        self.instance(to, object, if is_tuple { "builtins.tuple" } else { "builtins.list" }, true);
        let mut start = Some(0);
        for (side, from) in [(left, first), (right, second)] {
            let count = length(side);
            match (start, count) {
                (Some(start), Some(count)) if start + count <= MAX_INDEX as usize => {
                    for index in 0..count {
                        let element = self.node();
                        self.flow(Flow::IterateAt { to: element, from, index: index as u32 });
                        self.store(to, &(start + index).to_string(), element);
                    }
                }
                _ if from != NONE => {
                    let element = self.node();
                    self.flow(Flow::Iterate { to: element, from });
                    self.store(to, ELEMENT, element);
                }
                _ => {}
            }
            start = start.zip(count).map(|(start, count)| start + count);
        }
        Some(to)
    }

    pub(super) fn unary(&mut self, node: Syntax<'t>) -> Node {
        let value = self.children_value(node);
        let method = match node.child_by_field_name("operator").map_or("", |operator| operator.kind()) {
            "-" => "__neg__",
            "+" => "__pos__",
            _ => "__invert__",
        };
        self.implicit_call(node, value, method, &[])
    }

    pub(super) fn comparison(&mut self, node: Syntax<'t>) {
        let operands: Vec<Node> = children(node).into_iter().map(|operand| self.expression(operand)).collect();
        let mut cursor = node.walk();
        let operators: Vec<&str> =
            node.children_by_field_name("operators", &mut cursor).map(|operator| operator.kind()).collect();
        for (pair, operator) in operands.windows(2).zip(operators) {
            let (on, method, given) = match operator {
                "==" => (pair[0], "__eq__", pair[1]),
                "!=" | "<>" => (pair[0], "__ne__", pair[1]),
                "<" => (pair[0], "__lt__", pair[1]),
                "<=" => (pair[0], "__le__", pair[1]),
                ">" => (pair[0], "__gt__", pair[1]),
                ">=" => (pair[0], "__ge__", pair[1]),
                "in" | "not in" => (pair[1], "__contains__", pair[0]),
                _ => continue,
            };
            self.implicit_call(node, on, method, &[given]);
        }
    }
}

/// Whether a value is text or a number, which an operator makes another of.
fn is_plain(node: Syntax<'_>) -> bool {
    matches!(node.kind(), "string" | "concatenated_string" | "integer" | "float" | "true" | "false" | "none")
}

fn methods(operator: &str) -> (&'static str, &'static str) {
    match operator {
        "+" => ("__add__", "__radd__"),
        "-" => ("__sub__", "__rsub__"),
        "*" => ("__mul__", "__rmul__"),
        "/" => ("__truediv__", "__rtruediv__"),
        "//" => ("__floordiv__", "__rfloordiv__"),
        "%" => ("__mod__", "__rmod__"),
        "**" => ("__pow__", "__rpow__"),
        "@" => ("__matmul__", "__rmatmul__"),
        "|" => ("__or__", "__ror__"),
        "&" => ("__and__", "__rand__"),
        "^" => ("__xor__", "__rxor__"),
        "<<" => ("__lshift__", "__rlshift__"),
        _ => ("__rshift__", "__rrshift__"),
    }
}
