//! `match`: what patterns take from the subject, and what they say of it.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{Flow, MAX_INDEX, NONE, Node};

impl<'t> Lower<'t> {
    pub(super) fn match_statement(&mut self, node: Syntax<'t>) {
        let subjects = fields(node, "subject");
        let values: Vec<Node> = subjects.iter().map(|&subject| self.expression(subject)).collect();
        let Some(body) = node.child_by_field_name("body") else { return };
        let name = match subjects[..] {
            [subject] if subject.kind() == "identifier" => Some(self.text_of(subject)),
            _ => None,
        };
        let subject = match values[..] {
            [one] => one,
            _ => NONE,
        };
        for case in children(body) {
            if case.kind() != "case_clause" {
                self.statement(case);
                continue;
            }
            self.optional(case, |lower| {
                for part in children(case) {
                    match part.kind() {
                        "case_pattern" => {
                            let held = lower.pattern(part, subject);
                            if let (Some(variable), true) =
                                (name.and_then(|name| lower.find(name)), held != subject && held != NONE)
                                && !variable.is_shared
                            {
                                lower.versions.set(variable.node, held);
                            }
                        }
                        "block" => lower.block(part),
                        "if_clause" => {
                            lower.children_value(part);
                        }
                        _ => {}
                    }
                }
            });
        }
    }

    /// Binds what a pattern captures; returns what holds the subject where it matches.
    fn pattern(&mut self, pattern: Syntax<'t>, subject: Node) -> Node {
        self.deeper(pattern, subject, |lower| lower.pattern_here(pattern, subject))
    }

    fn pattern_here(&mut self, pattern: Syntax<'t>, subject: Node) -> Node {
        match pattern.kind() {
            "case_pattern" | "parenthesized_expression" => match children(pattern)[..] {
                [inner] => self.pattern(inner, subject),
                _ => subject,
            },
            "identifier" | "dotted_name" => {
                let name = pattern.named_child(0).filter(|_| pattern.kind() == "dotted_name").unwrap_or(pattern);
                if self.is_capture(name) {
                    self.bind(self.text_of(name), subject);
                }
                subject
            }
            "as_pattern" => {
                let parts = children(pattern);
                let (Some(&inner), Some(&alias)) = (parts.first(), parts.last()) else { return subject };
                let held = self.pattern(inner, subject);
                let alias = if alias.kind() == "identifier" { alias } else { alias.named_child(0).unwrap_or(alias) };
                self.bind(self.text_of(alias), held);
                held
            }
            "union_pattern" => {
                let held: Vec<Node> = children(pattern).into_iter().map(|inner| self.pattern(inner, subject)).collect();
                self.either(&held)
            }
            "list_pattern" | "tuple_pattern" => {
                self.sequence_pattern(pattern, subject);
                subject
            }
            "splat_pattern" => {
                let held = self.node();
                self.assign(held, subject);
                self.capture_all(pattern, held);
                subject
            }
            "dict_pattern" => {
                self.mapping_pattern(pattern, subject);
                subject
            }
            "class_pattern" => self.class_pattern(pattern, subject),
            _ => {
                self.capture_all(pattern, subject);
                subject
            }
        }
    }

    fn sequence_pattern(&mut self, pattern: Syntax<'t>, subject: Node) {
        let mut after_star = false;
        for (index, part) in children(pattern).into_iter().enumerate() {
            let part = part.named_child(0).filter(|_| part.kind() == "case_pattern").unwrap_or(part);
            let element = self.node();
            if part.kind() == "splat_pattern" {
                if subject != NONE {
                    self.flow(Flow::Slice { to: element, from: subject, start: index as u32 });
                }
                self.capture_all(part, element);
                after_star = true;
                continue;
            }
            if subject != NONE && !after_star && index < MAX_INDEX as usize {
                self.flow(Flow::IterateAt { to: element, from: subject, index: index as u32 });
            } else if subject != NONE {
                self.flow(Flow::Iterate { to: element, from: subject });
            }
            self.pattern(part, element);
        }
    }

    fn mapping_pattern(&mut self, pattern: Syntax<'t>, subject: Node) {
        let keys = fields(pattern, "key");
        let values = fields(pattern, "value");
        for (key, value) in keys.into_iter().zip(&values) {
            let key = key.named_child(0).filter(|_| key.kind() == "case_pattern").unwrap_or(key);
            let held = match self.constant_key(key) {
                Some(field) => self.load(subject, &field),
                None if subject != NONE => {
                    let to = self.node();
                    self.flow(Flow::LoadAny { to, base: subject, key: NONE });
                    to
                }
                None => NONE,
            };
            self.pattern(*value, held);
        }
        for part in children(pattern).into_iter().filter(|part| part.kind() == "splat_pattern") {
            self.capture_all(part, subject);
        }
    }

    /// `A(b, c=d)`
    fn class_pattern(&mut self, pattern: Syntax<'t>, subject: Node) -> Node {
        let parts = children(pattern);
        let Some((&class, arguments)) = parts.split_first() else { return subject };
        let held = match self.classes_named(class) {
            Some(classes) => self.narrowed(subject, &classes, true),
            None => subject,
        };
        for argument in arguments {
            let inner = argument.named_child(0).filter(|_| argument.kind() == "case_pattern").unwrap_or(*argument);
            if inner.kind() == "keyword_pattern" {
                let parts = children(inner);
                if let [name, value] = parts[..] {
                    let part = self.load(held, self.text_of(name));
                    self.pattern(value, part);
                }
            } else {
                // Which attribute stands at this place is said by the class alone.
                let part = self.node();
                if held != NONE {
                    self.flow(Flow::LoadAny { to: part, base: held, key: NONE });
                }
                self.pattern(inner, part);
            }
        }
        held
    }

    /// Every name in a pattern holds this.
    fn capture_all(&mut self, pattern: Syntax<'t>, held: Node) {
        let mut captured = Vec::new();
        super::scopes::preorder(pattern, |node| {
            if node.kind() == "identifier" && self.is_capture(node) {
                captured.push(self.text_of(node));
            }
            true
        });
        for name in captured {
            self.bind(name, held);
        }
    }
}
