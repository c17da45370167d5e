//! Text, and what is put together into text.

use tree_sitter::Node as Syntax;

use super::{Lower, children};
use crate::flow::{Flow, NONE, Node};

/// Parts of a text that are put together to a name.
const MAX_PARTS: usize = 9;

/// A part of a text.
enum Part<'t> {
    Text(&'t str),
    /// What this holds; [`NONE`]: anything.
    Value(Node),
}

impl<'t> Lower<'t> {
    /// Text, which may hold expressions (`f"{a()}"`).
    pub(super) fn string(&mut self, node: Syntax<'t>) -> Node {
        let text = self.library("builtins.str");
        let mut is_bytes = false;
        let mut parts = Vec::new();
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
        let held: Vec<Node> = parts.into_iter().map(|part| self.interpolation(part)).collect();
        if is_bytes {
            return self.library("builtins.bytes");
        }
        match self.key_of(node) {
            NONE => self.joined(node, held.into_iter()).unwrap_or(text),
            key => key,
        }
    }

    /// `f"on_{name}"`: texts and what expressions hold, one after the other.
    fn joined(&mut self, node: Syntax<'t>, mut held: impl Iterator<Item = Node>) -> Option<Node> {
        let parts = children(node).into_iter().filter_map(|part| match part.kind() {
            "string_content" => Some(Part::Text(self.text_of(part))),
            "interpolation" => Some(Part::Value(held.next().unwrap_or(NONE))),
            _ => None,
        });
        let parts: Vec<Part<'t>> = parts.collect();
        self.put_together(&parts)
    }

    /// `"on_%s" % value`: what is written, around what an expression holds.
    pub(super) fn formatted(&mut self, text: &'t str, value: Syntax<'t>, held: Node) -> Option<Node> {
        let is_one = !matches!(value.kind(), "tuple" | "dictionary" | "list");
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            let letter = rest[at + 1..].chars().next().filter(|letter| "srd".contains(*letter))?;
            parts.extend([Part::Text(&rest[..at]), Part::Value(if is_one { held } else { NONE })]);
            rest = &rest[at + 1 + letter.len_utf8()..];
        }
        parts.push(Part::Text(rest));
        self.put_together(&parts)
    }

    /// `"on_{}".format(value)`
    pub(super) fn formatted_by_call(&mut self, function: Syntax<'t>, given: &[Node]) -> Option<Node> {
        let (object, method) = (function.child_by_field_name("object")?, function.child_by_field_name("attribute")?);
        if object.kind() != "string" || self.text_of(method) != "format" {
            return None;
        }
        let text = self.constant_text(object)?;
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let end = at + rest[at..].find('}')?;
            let index = parts.len() / 2;
            let held = match &rest[at + 1..end] {
                "" => given.get(index),
                place => place.parse().ok().and_then(|index: usize| given.get(index)),
            };
            parts.extend([Part::Text(&rest[..at]), Part::Value(held.copied().unwrap_or(NONE))]);
            rest = &rest[end + 1..];
        }
        parts.push(Part::Text(rest));
        self.put_together(&parts)
    }

    /// A node that holds the parts of a text one behind the other; [`None`] where they make no name.
    fn put_together(&mut self, parts: &[Part<'t>]) -> Option<Node> {
        let is_name = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let (mut is_text, mut is_put_together) = (false, false);
        for part in parts {
            match part {
                Part::Text(text) if !is_name(text) => return None,
                Part::Text(text) => is_text |= !text.is_empty(),
                Part::Value(_) => is_put_together = true,
            }
        }
        if !is_text || !is_put_together || parts.len() > MAX_PARTS {
            return None;
        }
        let mut all = NONE;
        for part in parts {
            let held = match *part {
                Part::Text("") => continue,
                Part::Text(text) => self.key_of_text(text),
                Part::Value(NONE) => self.library("builtins.str"),
                Part::Value(held) => held,
            };
            all = if all == NONE { held } else { self.join(all, held) };
        }
        Some(all)
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
