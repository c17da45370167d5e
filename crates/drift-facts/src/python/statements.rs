//! Statements: they bind, branch, return and nest.

use tree_sitter::Node as Syntax;

use super::narrowing::Narrowed;
use super::scopes::ScopeKind;
use super::versions::Versions;
use super::{Lower, children, fields};
use crate::flow::{Flow, ImplicitCallFact, NO_NAME, NONE, Node, SiteKind};

impl<'t> Lower<'t> {
    /// The statements of a block, or of the whole file.
    pub(super) fn block(&mut self, block: Syntax<'t>) {
        let missing = self.around.missing;
        for statement in children(block) {
            self.statement(statement);
        }
        self.around.missing = missing;
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
                let value = self.where_missing(value);
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
                    if let Some(test) = node.child_by_field_name("condition") {
                        lower.narrow(test, true);
                    }
                    lower.field_block(node, "body");
                });
                self.alternatives(node);
            }
            "try_statement" => {
                // What is assigned in any part may be lost again in another.
                self.forget_versions(node);
                let before = self.versions_here();
                for part in children(node) {
                    self.statement(part);
                    self.go_on_from(before.clone());
                }
            }
            "except_clause" | "except_group_clause" => self.except_clause(node),
            "with_statement" => self.with_statement(node),
            "match_statement" => self.match_statement(node),
            "import_statement" => self.import_statement(node),
            "import_from_statement" | "future_import_statement" => self.import_from_statement(node),
            "global_statement" | "nonlocal_statement" | "pass_statement" => {}
            "delete_statement" => {
                for child in children(node) {
                    self.delete(child);
                }
            }
            "assert_statement" | "print_statement" | "exec_statement" => {
                for child in children(node) {
                    self.expression(child);
                }
                if let Some(&test) = children(node).first()
                    && node.kind() == "assert_statement"
                {
                    self.narrow(test, true);
                }
            }
            "type_alias_statement" if self.is_call_of_type(node) => self.assign_to_type(node),
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
        let mut paths = Vec::new();
        let mut narrowed = self.branch(node, &mut paths);
        let mut has_else = false;
        for part in fields(node, "alternative") {
            match part.kind() {
                "elif_clause" => {
                    self.field_value(part, "condition");
                    narrowed.extend(self.branch(part, &mut paths));
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
        Versions::widen_all(&mut paths, &narrowed);
        self.meet(paths);
    }

    /// What is run if a condition holds; goes on where it does not. Returns what the condition says of variables.
    fn branch(&mut self, node: Syntax<'t>, paths: &mut Vec<Versions>) -> Vec<Narrowed> {
        let test = node.child_by_field_name("condition");
        let start = self.versions_here();
        let mut narrowed = test.map_or(Vec::new(), |test| self.narrow(test, true));
        let missing = self.around.missing;
        self.around.missing = test.and_then(|test| self.missing(test, true)).or(missing);
        self.field_block(node, "consequence");
        self.around.missing = missing;
        let after = self.go_on_from(start);
        if !after.is_reachable() {
            self.around.missing = test.and_then(|test| self.missing(test, false)).or(missing);
        }
        paths.push(after);
        narrowed.extend(test.map_or(Vec::new(), |test| self.narrow(test, false)));
        narrowed
    }

    fn delete(&mut self, target: Syntax<'t>) {
        match target.kind() {
            "expression_list" | "tuple" | "list" | "parenthesized_expression" => {
                for inner in children(target) {
                    self.delete(inner);
                }
            }
            "subscript" => {
                let base = self.field_value(target, "value");
                let keys = fields(target, "subscript").into_iter().map(|key| self.expression(key)).last();
                self.implicit_call(target, base, "__delitem__", &[keys.unwrap_or(NONE)]);
            }
            _ => {
                self.expression(target);
            }
        }
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

    /// Lowers all children; returns what holds the value of the last.
    pub(super) fn children_value(&mut self, node: Syntax<'t>) -> Node {
        children(node).into_iter().map(|child| self.expression(child)).last().unwrap_or(NONE)
    }

    pub(super) fn is_in_class_body(&self) -> bool {
        self.scopes[self.scope].kind == ScopeKind::Class
    }
}
