//! Python: names and expressions. Definitions and statements are in `python_definitions.rs`.

use drift_syntax::python;
use drift_text::LineSpan;
use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Syntax;

use super::build::Build;
use super::{Argument, ELEMENT, FileValues, NOTHING, Value, effect};

/// Deeper than any program; what nests deeper is left out.
const MAX_DEPTH: u32 = 2_000;

pub fn read(text: &str) -> Option<FileValues> {
    let parsed = python::parse(text)?;
    let root = parsed.tree.root_node();
    let mut shared = FxHashSet::default();
    shared_names(root, text, &mut shared);
    let mut reader = Reader {
        text,
        build: Build::new(text),
        scopes: Vec::new(),
        shared,
        class: None,
        in_class_body: false,
        variables: 0,
        depth: 0,
    };
    reader.open_scope(root);
    reader.block(root);
    Some(reader.build.file)
}

pub(super) struct Reader<'t> {
    pub text: &'t str,
    pub build: Build<u32>,
    /// Names that each function around binds, the module's first.
    pub scopes: Vec<FxHashMap<&'t str, u32>>,
    /// Names that some function binds for one around it, by `global` or `nonlocal`.
    pub shared: FxHashSet<&'t str>,
    /// The class whose methods are being read.
    pub class: Option<u32>,
    /// What is bound here is an attribute of that class.
    pub in_class_body: bool,
    variables: u32,
    depth: u32,
}

impl<'t> Reader<'t> {
    pub(super) fn text_of(&self, node: Syntax<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn span(&self, node: Syntax<'_>) -> LineSpan {
        self.build.span(node.start_byte() as u32, node.end_byte() as u32)
    }

    pub(super) fn open_scope(&mut self, body: Syntax<'t>) {
        let mut names = Vec::new();
        bound_names(body, self.text, &mut names);
        self.scopes.push(FxHashMap::default());
        for name in names {
            self.declare(name);
        }
    }

    pub(super) fn declare(&mut self, name: &'t str) {
        self.variables += 1;
        let next = self.variables;
        if let Some(scope) = self.scopes.last_mut() {
            scope.entry(name).or_insert(next);
        }
    }

    /// The variable of a name, and whether the function around binds it alone.
    fn find(&self, name: &str) -> Option<(u32, bool)> {
        let (depth, &variable) =
            self.scopes.iter().enumerate().rev().find_map(|(depth, scope)| Some((depth, scope.get(name)?)))?;
        Some((variable, depth + 1 == self.scopes.len() && !self.shared.contains(name)))
    }

    fn read_name(&mut self, name: &str) -> Value {
        self.find(name).map_or(NOTHING, |(variable, own)| self.build.read(variable, own))
    }

    pub(super) fn bind(&mut self, name: &'t str, value: Value) {
        if self.in_class_body
            && let Some(class) = self.class
        {
            let instance = self.build.file.classes[class as usize].instance;
            self.build.put(instance, name, value);
            return;
        }
        if self.find(name).is_none() {
            self.declare(name);
        }
        if let Some((variable, own)) = self.find(name) {
            self.build.assign(variable, value, own);
        }
    }

    pub(super) fn field(&mut self, node: Syntax<'t>, field: &str) -> Value {
        node.child_by_field_name(field).map_or(NOTHING, |child| self.expression(child))
    }

    /// Reads an expression with everything in it.
    pub(super) fn expression(&mut self, node: Syntax<'t>) -> Value {
        self.depth += 1;
        let value = if self.depth > MAX_DEPTH { NOTHING } else { self.bare(node) };
        self.depth -= 1;
        if !matches!(node.kind(), "string" | "concatenated_string" | "integer" | "float") {
            let span = self.span(node);
            self.build.place(span, value);
        }
        value
    }

    fn bare(&mut self, node: Syntax<'t>) -> Value {
        match node.kind() {
            "identifier" => self.read_name(self.text_of(node)),
            "attribute" => {
                let of = self.field(node, "object");
                let name = node.child_by_field_name("attribute").map_or("", |name| self.text_of(name));
                self.build.member(of, name)
            }
            "call" => self.call(node),
            "subscript" => {
                let of = self.field(node, "value");
                let key = node.child_by_field_name("subscript");
                key.map(|key| self.expression(key));
                match key {
                    Some(key) if key.kind() == "slice" => of,
                    key => {
                        let name = key.and_then(|key| self.constant(key)).unwrap_or(ELEMENT);
                        self.build.member(of, name)
                    }
                }
            }
            "string" => self.string(node),
            "concatenated_string" => {
                let parts: Vec<Value> = children(node).into_iter().map(|part| self.expression(part)).collect();
                self.build.joined(&parts)
            }
            "list" | "tuple" | "set" | "expression_list" => {
                let to = self.build.value();
                for part in children(node) {
                    let value = self.expression(part);
                    let value = if part.kind() == "list_splat" { self.build.member(value, ELEMENT) } else { value };
                    self.build.put(to, ELEMENT, value);
                }
                to
            }
            "dictionary" => {
                let to = self.build.value();
                for part in children(node) {
                    if part.kind() == "pair" {
                        let key = part.child_by_field_name("key");
                        key.map(|key| self.expression(key));
                        let name = key.and_then(|key| self.constant(key)).unwrap_or(ELEMENT);
                        let value = self.field(part, "value");
                        self.build.put(to, name, value);
                    } else {
                        let from = self.expression(part);
                        self.build.same(from, to);
                    }
                }
                to
            }
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                self.comprehension(node)
            }
            "lambda" => self.lambda(node),
            "assignment" => self.assignment(node),
            "augmented_assignment" => {
                let before = self.field(node, "left");
                let right = self.field(node, "right");
                let operator = node.child_by_field_name("operator").map_or("", |operator| self.text_of(operator));
                let value = match operator {
                    "+=" | "%=" => self.build.joined(&[before, right]),
                    _ => self.build.made(&[before, right], effect::NUMBER),
                };
                if let Some(left) = node.child_by_field_name("left") {
                    self.bind_target(left, value, None);
                }
                value
            }
            "named_expression" => {
                let value = self.field(node, "value");
                if let Some(name) = node.child_by_field_name("name") {
                    self.bind(self.text_of(name), value);
                }
                value
            }
            "conditional_expression" => {
                let parts = children(node);
                parts.get(1).map(|&condition| self.expression(condition));
                let before = self.build.fork();
                let yes = parts.first().map_or(NOTHING, |&part| self.expression(part));
                let after = self.build.go_on(before);
                let no = parts.get(2).map_or(NOTHING, |&part| self.expression(part));
                let other = self.build.fork();
                self.build.meet(vec![after, other]);
                self.build.either(&[yes, no])
            }
            "boolean_operator" => {
                let left = self.field(node, "left");
                let right = self.field(node, "right");
                let is_and = node.child_by_field_name("operator").is_some_and(|operator| operator.kind() == "and");
                // What `and` yields of its left side is false.
                self.build.either(&[if is_and { NOTHING } else { left }, right])
            }
            "binary_operator" => {
                let parts = [self.field(node, "left"), self.field(node, "right")];
                match node.child_by_field_name("operator").map_or("", |operator| operator.kind()) {
                    "+" | "%" => self.build.joined(&parts),
                    "*" | "|" | "&" => self.build.made(&parts, 0),
                    _ => self.build.made(&parts, effect::NUMBER),
                }
            }
            "comparison_operator" | "not_operator" | "unary_operator" => {
                self.all(node);
                NOTHING
            }
            "yield" => {
                let is_from = node.child(1).is_some_and(|word| word.kind() == "from");
                let value = self.all(node);
                let value = if is_from { self.build.member(value, ELEMENT) } else { value };
                self.build.yielded(value);
                NOTHING
            }
            "interpolation" => {
                let value = self.field(node, "expression");
                if value == NOTHING { self.all(node) } else { value }
            }
            "as_pattern" => {
                let value = node.named_child(0).map_or(NOTHING, |first| self.expression(first));
                if let Some(alias) = node.child_by_field_name("alias") {
                    self.bind_target(alias, value, None);
                }
                value
            }
            "parenthesized_expression" | "await" | "list_splat" | "dictionary_splat" | "type" => self.all(node),
            "integer" | "float" | "true" | "false" | "none" | "ellipsis" | "comment" => NOTHING,
            kind if kind.ends_with("_statement") || kind.ends_with("_definition") || kind == "block" => {
                self.statement(node);
                NOTHING
            }
            _ => {
                self.all(node);
                NOTHING
            }
        }
    }

    /// Reads all parts; yields the last one.
    fn all(&mut self, node: Syntax<'t>) -> Value {
        children(node).into_iter().fold(NOTHING, |_, part| self.expression(part))
    }

    fn string(&mut self, node: Syntax<'t>) -> Value {
        let mut parts = Vec::new();
        for part in children(node) {
            match part.kind() {
                "string_content" => {
                    let text = self.build.text(self.text_of(part));
                    parts.push(text);
                }
                "interpolation" => parts.push(self.expression(part)),
                _ => {}
            }
        }
        match parts[..] {
            [] => self.build.text(""),
            [one]
                if node.named_child_count() <= 3
                    && self.build.file.texts.last().is_some_and(|(text, _)| *text == one) =>
            {
                one
            }
            _ => self.build.joined(&parts),
        }
    }

    /// The text of a string that is written out whole.
    pub(super) fn constant(&self, node: Syntax<'_>) -> Option<&'t str> {
        let [_, content, _] = children(node)[..] else { return None };
        (node.kind() == "string" && content.kind() == "string_content").then(|| self.text_of(content))
    }

    fn comprehension(&mut self, node: Syntax<'t>) -> Value {
        for clause in children(node) {
            match clause.kind() {
                "for_in_clause" => {
                    let from = self.field(clause, "right");
                    let each = self.build.member(from, ELEMENT);
                    if let Some(left) = clause.child_by_field_name("left") {
                        self.bind_target(left, each, None);
                    }
                }
                "if_clause" => {
                    self.all(clause);
                }
                _ => {}
            }
        }
        let to = self.build.value();
        if let Some(body) = node.child_by_field_name("body") {
            let element = if body.kind() == "pair" {
                self.field(body, "key");
                self.field(body, "value")
            } else {
                self.expression(body)
            };
            self.build.put(to, ELEMENT, element);
        }
        to
    }

    fn call(&mut self, node: Syntax<'t>) -> Value {
        let Some(function) = node.child_by_field_name("function") else { return NOTHING };
        let (name, receiver) = match function.kind() {
            "attribute" => {
                let receiver = self.field(function, "object");
                (function.child_by_field_name("attribute").map_or("", |name| self.text_of(name)), receiver)
            }
            "identifier" => (self.text_of(function), NOTHING),
            _ => {
                self.expression(function);
                ("", NOTHING)
            }
        };
        let callee = self.written(function);
        let mut arguments = Vec::new();
        if let Some(list) = node.child_by_field_name("arguments") {
            let is_generator = list.kind() == "generator_expression";
            let given = if is_generator { vec![list] } else { children(list) };
            for argument in given {
                let is_spread = matches!(argument.kind(), "list_splat" | "dictionary_splat");
                let named = argument.kind() == "keyword_argument" || argument.kind() == "dictionary_splat";
                let name = match argument.child_by_field_name("name") {
                    Some(name) if argument.kind() == "keyword_argument" => Some(self.text_of(name).to_owned()),
                    _ => named.then(String::new),
                };
                let value = if argument.kind() == "keyword_argument" {
                    self.field(argument, "value")
                } else {
                    self.expression(argument)
                };
                arguments.push(Argument { value, name, is_spread });
            }
        }
        if callee == "super"
            && let Some(class) = self.class
        {
            return self.build.file.classes[class as usize].instance;
        }
        let span = self.span(node);
        self.build.call(span, (name, &callee), receiver, arguments)
    }

    /// What is called as far as it is written in names.
    fn written(&self, function: Syntax<'_>) -> String {
        match function.kind() {
            "identifier" => self.text_of(function).to_owned(),
            "attribute" => {
                let name = function.child_by_field_name("attribute").map_or("", |name| self.text_of(name));
                match function.child_by_field_name("object").map(|object| self.written(object)) {
                    Some(of) if !of.is_empty() => format!("{of}.{name}"),
                    _ => name.to_owned(),
                }
            }
            _ => String::new(),
        }
    }
}

pub(super) fn children(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// What `global` and `nonlocal` name anywhere.
fn shared_names<'t>(node: Syntax<'_>, text: &'t str, found: &mut FxHashSet<&'t str>) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if matches!(node.kind(), "global_statement" | "nonlocal_statement") {
            found.extend(children(node).into_iter().map(|name| text.get(name.byte_range()).unwrap_or_default()));
        }
        pending.extend(children(node));
    }
}

/// Names that code binds, save those that functions and classes inside it bind for themselves, and what `global` names.
fn bound_names<'t>(body: Syntax<'_>, text: &'t str, names: &mut Vec<&'t str>) {
    let of = |node: Syntax<'_>| text.get(node.byte_range()).unwrap_or_default();
    let mut outer: FxHashSet<&str> = FxHashSet::default();
    let mut pending = vec![body];
    while let Some(node) = pending.pop() {
        match node.kind() {
            "function_definition" | "class_definition" => {
                names.extend(node.child_by_field_name("name").map(of));
                continue;
            }
            "lambda" => continue,
            "global_statement" | "nonlocal_statement" => {
                outer.extend(children(node).into_iter().map(of));
                continue;
            }
            "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => {
                names.extend(node.child_by_field_name("left").into_iter().flat_map(identifiers).map(of));
            }
            "named_expression" => names.extend(node.child_by_field_name("name").map(of)),
            "as_pattern" => names.extend(node.child_by_field_name("alias").into_iter().flat_map(identifiers).map(of)),
            _ => {}
        }
        pending.extend(children(node));
    }
    names.retain(|name| !outer.contains(name));
    names.sort_unstable();
    names.dedup();
}

/// The names in a target.
fn identifiers(target: Syntax<'_>) -> Vec<Syntax<'_>> {
    match target.kind() {
        "identifier" => vec![target],
        "attribute" | "subscript" => Vec::new(),
        _ => children(target).into_iter().flat_map(identifiers).collect(),
    }
}
