//! Text, and what is put together into text.

use tree_sitter::Node as Syntax;

use super::{Lower, children};
use crate::flow::{Flow, NONE, Node};

impl<'t> Lower<'t> {
    /// Text, which may hold expressions (`f"{a()}"`).
    pub(super) fn string(&mut self, node: Syntax<'t>) -> Node {
        let text = self.library("builtins.str");
        let mut is_bytes = false;
        let mut parts = Vec::new();
        let mut held = NONE;
        super::scopes::preorder(node, |part| {
            match part.kind() {
                "interpolation" => {
                    parts.push(part);
                    return false;
                }
                "string_start" => is_bytes |= self.text_of(part).contains(['b', 'B']),
                _ => {}
            }
            true
        });
        for part in parts {
            held = self.interpolation(part);
        }
        if is_bytes {
            return self.library("builtins.bytes");
        }
        match self.key_of(node) {
            NONE => self.joined(node, held).unwrap_or(text),
            key => key,
        }
    }

    /// `f"on_{name}"`: a text and what a name holds, one after the other.
    fn joined(&mut self, node: Syntax<'t>, held: Node) -> Option<Node> {
        let parts = children(node);
        let parts: Vec<Syntax<'t>> =
            parts.into_iter().filter(|part| matches!(part.kind(), "string_content" | "interpolation")).collect();
        let [first, second] = parts[..] else { return None };
        let (text, is_first) = match (first.kind(), second.kind()) {
            ("string_content", "interpolation") => (first, true),
            ("interpolation", "string_content") => (second, false),
            _ => return None,
        };
        if held == NONE {
            return None;
        }
        let key = self.key_of_text(self.text_of(text));
        let (first, second) = if is_first { (key, held) } else { (held, key) };
        Some(self.join(first, second))
    }

    /// A node that holds texts put together.
    pub(super) fn join(&mut self, first: Node, second: Node) -> Node {
        if first == NONE || second == NONE {
            return NONE;
        }
        let to = self.node();
        self.flow(Flow::Join { to, first, second });
        to
    }

    /// What holds the value that stands in a text.
    fn interpolation(&mut self, node: Syntax<'t>) -> Node {
        let mut held = NONE;
        for child in children(node) {
            match child.kind() {
                "type_conversion" => {}
                "format_specifier" => {
                    for inner in children(child) {
                        self.interpolation(inner);
                    }
                }
                _ => held = self.expression(child),
            }
        }
        held
    }
}
