//! Statements: they bind, branch, return and nest.

use tree_sitter::Node as Syntax;

use super::scopes::ScopeKind;
use super::{Lower, children, fields};
use crate::flow::{AccessKind, ELEMENT, Flow, ImplicitCallFact, MAX_INDEX, NO_NAME, NONE, Node, SiteKind};

impl<'t> Lower<'t> {
    /// The statements of a block, or of the whole file.
    pub(super) fn block(&mut self, block: Syntax<'t>) {
        for statement in children(block) {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, node: Syntax<'t>) {
        self.deeper(node, (), |lower| lower.statement_here(node));
    }

    fn statement_here(&mut self, node: Syntax<'t>) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    self.expression(child);
                }
            }
            "function_definition" => {
                let to = self.function_definition(node, node);
                self.bind_name_of(node, to);
            }
            "class_definition" => {
                let to = self.class_definition(node, node);
                self.bind_name_of(node, to);
            }
            "decorated_definition" => self.decorated_definition(node),
            "return_statement" => {
                let value = self.children_value(node);
                self.assign(self.around.returns, value);
                self.end_path();
            }
            "raise_statement" => {
                self.raise(node);
                self.end_path();
            }
            "break_statement" | "continue_statement" => self.end_path(),
            "if_statement" => self.if_statement(node),
            "for_statement" => self.for_statement(node),
            "while_statement" => {
                self.repeated(node, |lower| {
                    lower.field_value(node, "condition");
                    lower.field_block(node, "body");
                });
                self.alternatives(node);
            }
            "try_statement" => {
                // What is assigned in any part may be lost again in another.
                self.forget_versions(node);
                for part in children(node) {
                    self.statement(part);
                    self.forget_versions(node);
                }
            }
            "except_clause" | "except_group_clause" => self.except_clause(node),
            "with_statement" => self.with_statement(node),
            "match_statement" => self.match_statement(node),
            "import_statement" => self.import_statement(node),
            "import_from_statement" | "future_import_statement" => self.import_from_statement(node),
            "global_statement" | "nonlocal_statement" | "pass_statement" => {}
            "delete_statement" | "assert_statement" | "print_statement" | "exec_statement" => {
                for child in children(node) {
                    self.expression(child);
                }
            }
            "type_alias_statement" => {
                let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
                let value = right.map_or(NONE, |right| self.expression(right));
                if let Some(left) = left {
                    self.bind_target(left, value, None);
                }
            }
            "block" | "else_clause" | "finally_clause" | "elif_clause" | "ERROR" | "case_clause" => self.block(node),
            _ => {
                self.expression(node);
            }
        }
    }

    pub(super) fn bind_name_of(&mut self, definition: Syntax<'t>, value: Node) {
        if let Some(name) = definition.child_by_field_name("name") {
            self.bind(self.text_of(name), value);
        }
    }

    /// A name holds this from here on.
    pub(super) fn bind(&mut self, name: &'t str, value: Node) {
        if let Some(variable) = self.find_target(name) {
            self.assign_variable(variable, value);
        }
    }

    pub(super) fn field_value(&mut self, node: Syntax<'t>, field: &str) -> Node {
        node.child_by_field_name(field).map_or(NONE, |child| self.expression(child))
    }

    fn field_block(&mut self, node: Syntax<'t>, field: &str) {
        if let Some(block) = node.child_by_field_name(field) {
            self.block(block);
        }
    }

    /// `else` behind a loop.
    fn alternatives(&mut self, node: Syntax<'t>) {
        for alternative in fields(node, "alternative") {
            self.optional(alternative, |lower| lower.statement(alternative));
        }
    }

    fn if_statement(&mut self, node: Syntax<'t>) {
        self.field_value(node, "condition");
        let start = self.versions_here();
        let mut paths = Vec::new();
        self.field_block(node, "consequence");
        let after = self.go_on_from(start.clone());
        paths.push(after);
        let mut has_else = false;
        for part in fields(node, "alternative") {
            match part.kind() {
                "elif_clause" => {
                    self.field_value(part, "condition");
                    let here = self.versions_here();
                    self.field_block(part, "consequence");
                    let after = self.go_on_from(here);
                    paths.push(after);
                }
                _ => {
                    has_else = true;
                    self.statement(part);
                    let after = self.versions_here();
                    paths.push(after);
                }
            }
        }
        if !has_else {
            paths.push(self.versions_here());
        }
        self.meet(paths);
    }

    fn for_statement(&mut self, node: Syntax<'t>) {
        let from = self.field_value(node, "right");
        self.repeated(node, |lower| {
            if let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                let element = lower.iterate(right, from);
                lower.bind_target(left, element, None);
            }
            lower.field_block(node, "body");
        });
        self.alternatives(node);
    }

    fn except_clause(&mut self, node: Syntax<'t>) {
        for child in children(node) {
            match child.kind() {
                "block" => self.block(child),
                "as_pattern" => {
                    let classes = child.named_child(0).map_or(NONE, |first| self.expression(first));
                    let caught = self.node();
                    self.flow(Flow::Typed { to: caught, declared: classes, alone: false });
                    if let Some(alias) = child.child_by_field_name("alias") {
                        self.bind_target(alias, caught, None);
                    }
                }
                _ => {
                    self.expression(child);
                }
            }
        }
    }

    fn with_statement(&mut self, node: Syntax<'t>) {
        for part in children(node) {
            if part.kind() != "with_clause" {
                self.statement(part);
                continue;
            }
            for item in children(part) {
                let Some(value) = item.child_by_field_name("value").or_else(|| item.named_child(0)) else { continue };
                if value.kind() == "as_pattern" {
                    let manager = value.named_child(0).map_or(NONE, |first| self.expression(first));
                    let entered = self.enter_context(value, manager);
                    if let Some(alias) = value.child_by_field_name("alias") {
                        self.bind_target(alias, entered, None);
                    }
                } else {
                    let manager = self.expression(value);
                    self.enter_context(value, manager);
                }
            }
        }
    }

    /// `__enter__` and `__exit__`; a generator under `contextlib.contextmanager` gives what it yields.
    fn enter_context(&mut self, syntax: Syntax<'t>, manager: Node) -> Node {
        let entered = self.implicit_call(syntax, manager, "__enter__", &[]);
        self.implicit_call(syntax, manager, "__exit__", &[NONE, NONE, NONE]);
        if entered != NONE {
            self.flow(Flow::Entered { to: entered, from: manager });
        }
        entered
    }

    /// A method that the language calls; returns what holds its result.
    pub(super) fn implicit_call(&mut self, syntax: Syntax<'t>, base: Node, method: &str, args: &[Node]) -> Node {
        if base == NONE {
            return NONE;
        }
        let (method, result, span) = (self.name(method), self.node(), self.span(syntax));
        let (kind, caller, args) = (SiteKind::Operator, self.around.function, args.to_vec());
        self.facts.implicit_calls.push(ImplicitCallFact { span, caller, kind, base, method, args, result });
        result
    }

    fn raise(&mut self, node: Syntax<'t>) {
        for (index, child) in children(node).into_iter().enumerate() {
            let base = self.expression(child);
            if index == 0 && base != NONE && child.kind() != "call" {
                let (span, caller, result) = (self.span(child), self.around.function, self.node());
                let (kind, method) = (SiteKind::Raise, NO_NAME);
                let call = ImplicitCallFact { span, caller, kind, base, method, args: Vec::new(), result };
                self.facts.implicit_calls.push(call);
            }
        }
    }

    fn match_statement(&mut self, node: Syntax<'t>) {
        let subject = self.field_value(node, "subject");
        let Some(body) = node.child_by_field_name("body") else { return };
        for case in children(body) {
            if case.kind() != "case_clause" {
                self.statement(case);
                continue;
            }
            self.optional(case, |lower| {
                for part in children(case) {
                    match part.kind() {
                        "case_pattern" => lower.case_pattern(part, subject),
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

    /// What a pattern captures is the subject or a part of it.
    fn case_pattern(&mut self, pattern: Syntax<'t>, subject: Node) {
        let mut captured = Vec::new();
        super::scopes::preorder(pattern, |node| {
            if node.kind() == "identifier" && self.is_capture(node) {
                captured.push(self.text_of(node));
            }
            true
        });
        if captured.is_empty() {
            return;
        }
        let part = self.node();
        self.assign(part, subject);
        if subject != NONE {
            self.flow(Flow::LoadAny { to: part, base: subject, key: NONE });
        }
        for name in captured {
            self.bind(name, part);
        }
    }

    /// `a = v`, `a: T = v`; returns what holds the value, for `b = a = v`.
    pub(super) fn assignment(&mut self, node: Syntax<'t>) -> Node {
        let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        let mut value = right.map_or(NONE, |right| self.expression(right));
        let hint = node.child_by_field_name("type").map_or(NONE, |hint| self.hint(hint));
        if hint != NONE && right.is_none_or(|right| right.kind() != "call") {
            let typed = self.node();
            self.assign(typed, value);
            self.flow(Flow::Typed { to: typed, declared: hint, alone: false });
            value = typed;
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
        let value = self.either(&[before, right]);
        if let Some(left) = node.child_by_field_name("left")
            && left.kind() == "identifier"
        {
            self.bind(self.text_of(left), value);
        }
        value
    }

    /// What a value is assigned to. `literal`: the expression that it is written as.
    pub(super) fn bind_target(&mut self, target: Syntax<'t>, value: Node, literal: Option<Syntax<'t>>) {
        match target.kind() {
            "identifier" => self.bind(self.text_of(target), value),
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
        let held = key.map_or(NONE, |key| self.key_of(key));
        self.implicit_call(target, base, "__setitem__", &[held, value]);
    }

    /// Lowers all children; returns what holds the value of the last.
    pub(super) fn children_value(&mut self, node: Syntax<'t>) -> Node {
        children(node).into_iter().map(|child| self.expression(child)).last().unwrap_or(NONE)
    }

    pub(super) fn is_in_class_body(&self) -> bool {
        self.scopes[self.scope].kind == ScopeKind::Class
    }
}
