//! Type annotations: what they say about the values of a variable. They never exclude anything.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{ELEMENT, Flow, NONE, Node};

impl<'t> Lower<'t> {
    /// The node that holds the classes which an annotation names; [`NONE`] when it names none.
    pub(super) fn hint(&mut self, node: Syntax<'t>) -> Node {
        self.deeper(node, NONE, |lower| lower.hint_here(node))
    }

    fn hint_here(&mut self, node: Syntax<'t>) -> Node {
        match node.kind() {
            "type" | "parenthesized_expression" => {
                let inner: Vec<Node> = children(node).into_iter().map(|child| self.hint(child)).collect();
                inner.last().copied().unwrap_or(NONE)
            }
            "string" => match self.constant_text(node) {
                Some(text) => self.hint_in_text(text),
                None => self.expression(node),
            },
            "binary_operator" | "union_type" => {
                let parts: Vec<Node> = children(node).into_iter().map(|part| self.hint(part)).collect();
                self.either(&parts)
            }
            "generic_type" | "subscript" => self.generic(node),
            "none" | "integer" | "ellipsis" => NONE,
            "identifier" if is_special(self.text_of(node)) => NONE,
            _ => self.expression(node),
        }
    }

    /// `Optional[T]`, `list[T]` …
    fn generic(&mut self, node: Syntax<'t>) -> Node {
        let base = node.child_by_field_name("value").or_else(|| node.named_child(0));
        let Some(base) = base else { return NONE };
        let name = self.text_of(base).rsplit('.').next().unwrap_or_default();
        let arguments = match node.kind() {
            "subscript" => fields(node, "subscript"),
            _ => children(node).into_iter().skip(1).flat_map(children).collect(),
        };
        let held: Vec<Node> = arguments
            .iter()
            .filter(|argument| !(name == "Literal" && argument.kind() == "string"))
            .map(|&argument| self.hint(argument))
            .collect();
        match name {
            "Optional" | "Union" | "Annotated" | "Final" | "ClassVar" | "Required" | "NotRequired" => {
                self.either(&held)
            }
            "Literal" | "Callable" | "Type" | "type" => NONE,
            _ => self.hint(base),
        }
    }

    /// A name in quotes.
    fn hint_in_text(&mut self, text: &'t str) -> Node {
        let text = text.trim();
        let parts: Vec<Node> = text
            .split('|')
            .map(|part| {
                let part = part.trim();
                let part = part.strip_prefix("Optional[").or(part.strip_prefix("t.Optional[")).unwrap_or(part);
                let end = part.find(['[', ']']).unwrap_or(part.len());
                let mut names = part[..end].split('.');
                let Some(first) = names.next().filter(|first| is_identifier(first) && !is_special(first)) else {
                    return NONE;
                };
                let mut held = self.read_name(first);
                for name in names {
                    held = if is_identifier(name) { self.load(held, name) } else { NONE };
                }
                held
            })
            .collect();
        self.either(&parts)
    }

    /// What a function is said to return. A generator's elements are said by the argument of its annotation.
    pub(super) fn return_hint(&mut self, hint: Syntax<'t>) {
        if self.around.yields != NONE {
            let inner = children(hint).first().copied().map_or(Vec::new(), children);
            let arguments: Vec<Syntax<'t>> = inner.into_iter().skip(1).flat_map(children).collect();
            let element = arguments.first().map_or(NONE, |&argument| self.hint(argument));
            for argument in arguments.into_iter().skip(1) {
                self.hint(argument);
            }
            if element != NONE {
                let to = self.node();
                self.flow(Flow::Typed { to, declared: element, alone: false });
                self.store(self.around.yields, ELEMENT, to);
            }
            return;
        }
        let declared = self.hint(hint);
        if declared != NONE {
            self.flow(Flow::Typed { to: self.around.returns, declared, alone: false });
        }
    }
}

/// Names that say nothing about a value.
fn is_special(name: &str) -> bool {
    matches!(name, "Any" | "None" | "object" | "Self" | "NoReturn" | "Never" | "TypeVar")
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(|first: char| first.is_ascii_digit()) && text.chars().all(is_word)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
