//! Lists, tuples, sets and dictionaries, and what is read from them.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{ELEMENT, Flow, MAX_INDEX, NONE, Node};

/// The field that holds the keys of a dictionary.
pub(super) const KEY: &str = "[key]";
/// Keys longer than this name no field.
const MAX_KEY_BYTES: usize = 48;
/// Keys of a literal that are followed as values; tables are longer.
const MAX_FOLLOWED_KEYS: usize = 16;

impl<'t> Lower<'t> {
    /// `to` holds a fresh instance of a library class; a sequence has indices.
    pub(super) fn instance(&mut self, to: Node, object: u32, class: &str, is_sequence: bool) {
        let class = self.name(class);
        self.facts.instances.push((object, class));
        self.flow(if is_sequence { Flow::Array { to, object } } else { Flow::Object { to, object } });
    }

    pub(super) fn sequence(&mut self, node: Syntax<'t>) -> Node {
        let (to, object) = (self.node(), self.object());
        let class = match node.kind() {
            "list" => "builtins.list",
            "set" => "builtins.set",
            _ => "builtins.tuple",
        };
        self.instance(to, object, class, true);
        let mut has_indices = node.kind() != "set";
        for (index, element) in children(node).into_iter().enumerate() {
            let value = self.expression(element);
            if element.kind() == "list_splat" {
                has_indices = false;
                let each = self.iterate(element, value);
                self.store(to, ELEMENT, each);
            } else if has_indices && index < MAX_INDEX as usize {
                self.store(to, &index.to_string(), value);
            } else {
                self.store(to, ELEMENT, value);
            }
        }
        to
    }

    pub(super) fn dictionary(&mut self, node: Syntax<'t>) -> Node {
        let (to, object) = (self.node(), self.object());
        self.instance(to, object, "builtins.dict", false);
        for (index, entry) in children(node).into_iter().enumerate() {
            if entry.kind() == "dictionary_splat" {
                let from = self.children_value(entry);
                if from != NONE {
                    self.flow(Flow::CopyFields { to, from });
                }
                continue;
            }
            let (Some(key), Some(value)) = (entry.child_by_field_name("key"), entry.child_by_field_name("value"))
            else {
                self.children_value(entry);
                continue;
            };
            let held = self.expression(key);
            if index < MAX_FOLLOWED_KEYS {
                self.store(to, KEY, held);
            }
            let field = self.constant_key(key);
            let value = self.expression(value);
            match field {
                Some(field) => self.store(to, &field, value),
                None if value != NONE => self.flow(Flow::StoreAny { base: to, from: value, key: held }),
                None => {}
            }
        }
        to
    }

    /// `a[k]`, `a[1:]`
    pub(super) fn subscript(&mut self, node: Syntax<'t>) -> Node {
        if let Some(alias) = self.generic_value(node) {
            return alias;
        }
        let kept = self.kept_value(node);
        let base = self.field_value(node, "value");
        if kept.is_some_and(|kept| kept != NONE) {
            return kept.unwrap_or(NONE);
        }
        let subscripts = fields(node, "subscript");
        if let [key] = subscripts[..]
            && let Some(variable) = self.variable_by_key(node, key)
        {
            return variable;
        }
        if let [key] = subscripts[..] {
            if key.kind() == "slice" {
                return self.slice(node, key, base);
            }
            if let Some(field) = self.constant_key(key) {
                let held = self.key_of(key);
                return self.subscripted(node, base, held, Some(field));
            }
            let held = self.expression(key);
            return self.subscripted(node, base, held, None);
        }
        for key in subscripts {
            self.expression(key);
        }
        self.subscripted(node, base, NONE, None)
    }

    /// `globals()["a"]`
    fn variable_by_key(&self, node: Syntax<'t>, key: Syntax<'t>) -> Option<Node> {
        let call = node.child_by_field_name("value").filter(|value| value.kind() == "call")?;
        let function = call.child_by_field_name("function")?;
        let is_module = self.is_builtin(function, "globals")
            || (self.around.function.is_none()
                && (self.is_builtin(function, "locals") || self.is_builtin(function, "vars")));
        let variable = self.scopes[0].names.get(self.constant_text(key)?)?;
        is_module.then_some(variable.node)
    }

    fn subscripted(&mut self, node: Syntax<'t>, base: Node, key: Node, field: Option<String>) -> Node {
        if base == NONE {
            return NONE;
        }
        let read = match field {
            Some(field) => self.load(base, &field),
            None => {
                let to = self.node();
                self.flow(Flow::LoadAny { to, base, key });
                to
            }
        };
        let called = self.implicit_call(node, base, "__getitem__", &[key]);
        self.either(&[read, called])
    }

    fn slice(&mut self, node: Syntax<'t>, slice: Syntax<'t>, from: Node) -> Node {
        let mut cursor = slice.walk();
        let parts: Vec<Syntax<'t>> = slice.children(&mut cursor).collect();
        let colons = parts.iter().filter(|part| part.kind() == ":").count();
        let start = match parts.first() {
            Some(first) if first.kind() == ":" && colons == 1 => 0,
            Some(first) if first.kind() == "integer" && colons == 1 => self.text_of(*first).parse().unwrap_or(u32::MAX),
            _ => u32::MAX,
        };
        for part in parts.into_iter().filter(Syntax::is_named) {
            self.expression(part);
        }
        if from == NONE {
            return NONE;
        }
        let to = self.node();
        self.flow(Flow::Slice { to, from, start });
        let called = self.implicit_call(node, from, "__getitem__", &[NONE]);
        self.either(&[to, called])
    }

    /// The field that a constant key names.
    pub(super) fn constant_key(&self, node: Syntax<'_>) -> Option<String> {
        match node.kind() {
            "integer" => {
                let text = self.text_of(node);
                (text.len() < 9 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
            }
            "string" => {
                let text = self.constant_text(node)?;
                (text.len() <= MAX_KEY_BYTES).then(|| format!("'{text}'"))
            }
            "parenthesized_expression" if node.named_child_count() == 1 => self.constant_key(node.named_child(0)?),
            _ => None,
        }
    }

    /// What a plain text literal says, as it is written.
    pub(super) fn constant_text(&self, node: Syntax<'_>) -> Option<&'t str> {
        let mut text = "";
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                "string_start" if self.text_of(child).contains(['b', 'B']) => return None,
                "string_content" => text = self.text_of(child),
                "interpolation" => return None,
                _ => {}
            }
        }
        (node.kind() == "string").then_some(text)
    }

    /// The node that holds a constant as a key; [`NONE`] for what is no short constant.
    pub(super) fn key_of(&mut self, node: Syntax<'_>) -> Node {
        let Some(key) = self.constant_key(node) else { return NONE };
        // Keys of more than one word are prose.
        if key.contains(char::is_whitespace) {
            return NONE;
        }
        self.key(&key)
    }

    /// The node that holds a text as a key; [`NONE`] for one that is no name.
    pub(super) fn key_of_text(&mut self, text: &str) -> Node {
        let is_short = text.len() <= MAX_KEY_BYTES && !text.contains(char::is_whitespace);
        if is_short { self.key(&format!("'{text}'")) } else { NONE }
    }

    fn key(&mut self, key: &str) -> Node {
        let name = self.name(key);
        if let Some(&node) = self.keys.get(&name) {
            return node;
        }
        let to = self.node();
        self.keys.insert(name, to);
        self.flow(Flow::Key { to, name });
        to
    }
}
