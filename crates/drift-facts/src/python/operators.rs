//! Operators: which methods they run, and what they yield.

use tree_sitter::Node as Syntax;

use super::{Lower, children};
use crate::flow::{NONE, Node};

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
        for operation in chain.into_iter().rev() {
            let Some(right) = operation.child_by_field_name("right") else { continue };
            let other = self.expression(right);
            let operator = operation.child_by_field_name("operator").map_or("", |operator| operator.kind());
            let (method, reflected) = methods(operator);
            let first = self.implicit_call(operation, value, method, &[other]);
            let second = self.implicit_call(operation, other, reflected, &[value]);
            is_plain |= self::is_plain(right);
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
