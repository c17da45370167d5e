//! What stands under a key of a list or dictionary, where the code that put it there runs straight on to what reads it.
//!
//! Only of variables that are written as a literal, only by constant keys, and only up to the next call, branch or loop:
//! past these anybody may have stored something else.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{Name, Node};

/// A literal that a variable holds, or that stands in one: the variable, and the keys on the way.
type Path = (Node, Vec<Name>);

/// See the module.
#[derive(Default)]
pub(super) struct Keys {
    literals: Vec<Path>,
    values: Vec<(Path, Node)>,
}

/// Literals, and values in them, that are kept track of at once.
const MAX_KEPT: usize = 32;

impl<'t> Lower<'t> {
    /// What ran before may or may not have run, or run again.
    pub(super) fn forget_keys(&mut self) {
        self.keys_here.literals.clear();
        self.keys_here.values.clear();
    }

    /// Something is called, which may change everything but what variables of this function hold.
    pub(super) fn forget_values(&mut self) {
        self.keys_here.values.clear();
        self.keys_here.literals.retain(|(_, keys)| keys.is_empty());
    }

    /// A variable holds something else from here on; `literal`: as it is written.
    pub(super) fn keep_literal(&mut self, name: &str, literal: Option<Syntax<'t>>) {
        let Some(variable) = self.find_target(name) else { return };
        self.keys_here.literals.retain(|(of, _)| *of != variable.node);
        self.keys_here.values.retain(|((of, _), _)| *of != variable.node);
        let mut open: Vec<(Syntax<'t>, Vec<Name>)> =
            literal.filter(|_| !variable.is_shared).map(|literal| (literal, Vec::new())).into_iter().collect();
        while let Some((literal, path)) = open.pop() {
            if !matches!(literal.kind(), "dictionary" | "list") || self.keys_here.literals.len() >= MAX_KEPT {
                continue;
            }
            for pair in children(literal).into_iter().filter(|pair| pair.kind() == "pair") {
                let (key, value) = (pair.child_by_field_name("key"), pair.child_by_field_name("value"));
                if let (Some(key), Some(value)) = (key.and_then(|key| self.constant_key(key)), value) {
                    let mut inner = path.clone();
                    inner.push(self.name(&key));
                    open.push((value, inner));
                }
            }
            self.keys_here.literals.push((variable.node, path));
        }
    }

    /// What a subscript reads, where that is known exactly.
    pub(super) fn kept_value(&mut self, subscript: Syntax<'t>) -> Option<Node> {
        if self.keys_here.values.is_empty() {
            return None;
        }
        let path = self.path_of(subscript)?;
        self.keys_here.values.iter().rev().find(|(known, _)| *known == path).map(|&(_, value)| value)
    }

    /// A subscript holds this from here on.
    pub(super) fn keep_value(&mut self, subscript: Syntax<'t>, value: Node) {
        let Some(key) = fields(subscript, "subscript").pop().and_then(|key| self.constant_key(key)) else {
            return self.forget_values();
        };
        let key = self.name(&key);
        // The same object may be known by another name.
        self.keys_here.values.retain(|((_, keys), _)| !keys.contains(&key));
        self.keys_here.literals.retain(|(_, keys)| !keys.contains(&key));
        let container = subscript.child_by_field_name("value").and_then(|container| self.path_of(container));
        if let Some(container) = container {
            self.keep_in(container, key, value);
        }
    }

    /// `a.update({'b': c})`
    pub(super) fn keep_update(&mut self, function: Syntax<'t>, written: &[Syntax<'t>], given: Node) {
        let (object, method) = (function.child_by_field_name("object"), function.child_by_field_name("attribute"));
        let ([literal], Some(method)) = (written, method) else { return };
        if literal.kind() != "dictionary" || self.text_of(method) != "update" {
            return;
        }
        let Some(container) = object.and_then(|object| self.path_of(object)) else { return };
        for pair in children(*literal).into_iter().filter(|pair| pair.kind() == "pair") {
            if let Some(key) = pair.child_by_field_name("key").and_then(|key| self.constant_key(key)) {
                let value = self.load(given, &key);
                let key = self.name(&key);
                self.keep_in(container.clone(), key, value);
            }
        }
    }

    fn keep_in(&mut self, container: Path, key: Name, value: Node) {
        if self.keys_here.literals.contains(&container) && self.keys_here.values.len() < MAX_KEPT {
            let (of, mut keys) = container;
            keys.push(key);
            self.keys_here.values.push(((of, keys), value));
        }
    }

    fn path_of(&mut self, node: Syntax<'t>) -> Option<Path> {
        let (mut keys, mut node) = (Vec::new(), node);
        while node.kind() == "subscript" {
            let [key] = fields(node, "subscript")[..] else { return None };
            let key = self.constant_key(key)?;
            keys.push(self.name(&key));
            node = node.child_by_field_name("value")?;
        }
        if node.kind() != "identifier" {
            return None;
        }
        let variable = self.scopes[self.scope].names.get(self.text_of(node)).filter(|variable| !variable.is_shared)?;
        keys.reverse();
        Some((variable.node, keys))
    }
}
