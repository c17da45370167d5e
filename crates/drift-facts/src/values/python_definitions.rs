//! Python: statements, functions, classes, targets of assignments.

use drift_text::LineSpan;
use tree_sitter::Node as Syntax;

use super::python::{Reader, children};
use super::{Class, ELEMENT, NOTHING, Parameter, TOP, Takes, Value};

impl<'t> Reader<'t> {
    pub(super) fn block(&mut self, block: Syntax<'t>) {
        for statement in children(block) {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, node: Syntax<'t>) {
        match node.kind() {
            "block" => self.block(node),
            "return_statement" => {
                let value = children(node).into_iter().fold(NOTHING, |_, part| self.expression(part));
                self.build.returned(value);
                self.build.end_way();
            }
            "raise_statement" => {
                self.all_of(node);
                self.build.end_way();
            }
            "break_statement" => self.build.leave_loop(),
            "continue_statement" => self.build.again(),
            "if_statement" => self.if_statement(node),
            "for_statement" => {
                let from = self.field(node, "right");
                let each = self.build.member(from, ELEMENT);
                let start = self.build.begin_loop();
                if let Some(left) = node.child_by_field_name("left") {
                    self.bind_target(left, each, None);
                }
                self.part(node, "body");
                self.build.end_loop(start);
                self.part(node, "alternative");
            }
            "while_statement" => {
                let start = self.build.begin_loop();
                self.field(node, "condition");
                self.part(node, "body");
                self.build.end_loop(start);
                self.part(node, "alternative");
            }
            "try_statement" => self.try_statement(node),
            "match_statement" => {
                self.field(node, "subject");
                let before = self.build.fork();
                let mut ways = vec![before.clone()];
                for case in node.child_by_field_name("body").map(children).unwrap_or_default() {
                    self.build.go_on(before.clone());
                    self.part(case, "consequence");
                    ways.push(self.build.fork());
                }
                self.build.meet(ways);
            }
            "decorated_definition" => {
                for decorator in children(node).into_iter().filter(|child| child.kind() == "decorator") {
                    self.all_of(decorator);
                }
                if let Some(definition) = node.child_by_field_name("definition") {
                    self.definition(definition, node);
                }
            }
            "function_definition" | "class_definition" => self.definition(node, node),
            "global_statement" | "nonlocal_statement" | "import_statement" | "import_from_statement" => {}
            _ => self.all_of(node),
        }
    }

    /// Reads all parts.
    fn all_of(&mut self, node: Syntax<'t>) {
        for part in children(node) {
            self.expression(part);
        }
    }

    fn part(&mut self, node: Syntax<'t>, field: &str) {
        if let Some(part) = node.child_by_field_name(field) {
            if part.kind() == "block" { self.block(part) } else { self.statement(part) }
        }
    }

    fn if_statement(&mut self, node: Syntax<'t>) {
        let mut ways = Vec::new();
        let mut cursor = node.walk();
        let clauses: Vec<Syntax<'t>> = node.children_by_field_name("alternative", &mut cursor).collect();
        for clause in std::iter::once(node).chain(clauses) {
            if clause.kind() == "else_clause" {
                self.part(clause, "body");
                break;
            }
            self.field(clause, "condition");
            let before = self.build.fork();
            self.part(clause, "consequence");
            ways.push(self.build.go_on(before));
        }
        ways.push(self.build.fork());
        self.build.meet(ways);
    }

    fn try_statement(&mut self, node: Syntax<'t>) {
        let before = self.build.fork();
        self.part(node, "body");
        let after = self.build.fork();
        let mut ways = vec![after.clone()];
        let mut last = None;
        for clause in children(node) {
            match clause.kind() {
                "except_clause" | "except_group_clause" => {
                    self.build.meet(vec![before.clone(), after.clone()]);
                    self.all_of(clause);
                    ways.push(self.build.fork());
                }
                "else_clause" => {
                    self.build.go_on(after.clone());
                    self.part(clause, "body");
                    ways[0] = self.build.fork();
                }
                "finally_clause" => last = Some(clause),
                _ => {}
            }
        }
        self.build.meet(ways);
        if let Some(clause) = last {
            self.block(clause);
        }
    }

    fn definition(&mut self, node: Syntax<'t>, whole: Syntax<'t>) {
        let name = node.child_by_field_name("name").map_or("", |name| self.text_of(name));
        let value =
            if node.kind() == "class_definition" { self.class(node, whole) } else { self.function(node, whole, name) };
        if !self.in_class_body {
            self.bind(name, value);
        }
    }

    fn class(&mut self, node: Syntax<'t>, whole: Syntax<'t>) -> Value {
        if let Some(bases) = node.child_by_field_name("superclasses") {
            self.all_of(bases);
        }
        let around = std::mem::replace(&mut self.build.around, TOP);
        let instance = self.build.value();
        self.build.around = around;
        let index = self.build.file.classes.len() as u32;
        let span = self.span(whole);
        self.build.file.classes.push(Class { span, instance });
        let outer = (self.class.replace(index), std::mem::replace(&mut self.in_class_body, true));
        self.part(node, "body");
        (self.class, self.in_class_body) = outer;
        NOTHING
    }

    fn function(&mut self, node: Syntax<'t>, whole: Syntax<'t>, name: &str) -> Value {
        let is_member = self.in_class_body;
        let decorators: Vec<&str> = children(whole)
            .into_iter()
            .filter(|child| child.kind() == "decorator")
            .map(|decorator| self.text_of(decorator).trim_start_matches('@').trim())
            .collect();
        let is_static = decorators.contains(&"staticmethod");
        let receives = is_member && !is_static;
        let class = if receives { self.class } else { None };
        let is_constructor = is_member && name == "__init__";
        let span = self.span(whole);
        let index = self.body(node, span, class, is_constructor);
        if is_member && decorators.iter().any(|decorator| decorator.ends_with("property")) {
            let returns = self.build.file.functions[index as usize].returns;
            if let Some(class) = self.class {
                let instance = self.build.file.classes[class as usize].instance;
                self.build.put(instance, name, returns);
            }
        }
        self.function_value(index)
    }

    pub(super) fn lambda(&mut self, node: Syntax<'t>) -> Value {
        let span = self.span(node);
        let index = self.body(node, span, None, false);
        self.function_value(index)
    }

    fn function_value(&mut self, index: u32) -> Value {
        let value = self.build.value();
        self.build.file.function_values.push((value, index));
        value
    }

    fn body(&mut self, node: Syntax<'t>, span: LineSpan, class: Option<u32>, is_constructor: bool) -> u32 {
        let (index, outer) = self.build.enter(span, class, is_constructor);
        let outer_body = std::mem::replace(&mut self.in_class_body, false);
        let body = node.child_by_field_name("body");
        self.open_scope(body.unwrap_or(node));
        if let Some(parameters) = node.child_by_field_name("parameters") {
            self.parameters(index, parameters, class);
        }
        if let Some(body) = body {
            if node.kind() == "lambda" {
                let value = self.expression(body);
                self.build.returned(value);
            } else {
                self.block(body);
            }
        }
        self.scopes.pop();
        self.in_class_body = outer_body;
        self.build.leave(outer);
        index
    }

    fn parameters(&mut self, function: u32, list: Syntax<'t>, class: Option<u32>) {
        let mut takes = Takes::One;
        let mut receiver = class.map(|class| self.build.file.classes[class as usize].instance);
        for parameter in children(list) {
            let (named, own) = match parameter.kind() {
                "identifier" => (Some(parameter), takes),
                "default_parameter" | "typed_default_parameter" => (parameter.child_by_field_name("name"), takes),
                "typed_parameter" => match parameter.named_child(0) {
                    Some(inner) => splat(inner, takes),
                    None => (None, takes),
                },
                "keyword_separator" => {
                    takes = Takes::Named;
                    continue;
                }
                _ => splat(parameter, takes),
            };
            let Some(named) = named else { continue };
            if own == Takes::Rest {
                takes = Takes::Named;
            }
            let name = self.text_of(named);
            self.declare(name);
            if let Some(instance) = receiver.take() {
                self.bind(name, instance);
                continue;
            }
            let given = self.build.value();
            let fact = Parameter { name: name.to_owned(), value: given, takes: own };
            self.build.file.functions[function as usize].parameters.push(fact);
            let default = self.field(parameter, "value");
            let held = self.build.either(&[given, default]);
            self.bind(name, held);
        }
    }

    pub(super) fn assignment(&mut self, node: Syntax<'t>) -> Value {
        let Some(right) = node.child_by_field_name("right") else { return NOTHING };
        let value = self.expression(right);
        if let Some(left) = node.child_by_field_name("left") {
            let is_pattern = matches!(left.kind(), "pattern_list" | "tuple_pattern" | "list_pattern");
            let place = is_pattern.then(|| self.span(node));
            self.bind_target(left, value, place);
            if is_pattern {
                return NOTHING;
            }
        }
        value
    }

    /// What a value is assigned to; `place`: what is read there is what the names hold.
    pub(super) fn bind_target(&mut self, target: Syntax<'t>, value: Value, place: Option<LineSpan>) {
        match target.kind() {
            "identifier" => {
                self.bind(self.text_of(target), value);
                if let Some(place) = place {
                    self.build.place(place, value);
                }
            }
            "attribute" => {
                let base = self.field(target, "object");
                if let Some(name) = target.child_by_field_name("attribute") {
                    self.build.put(base, self.text_of(name), value);
                }
            }
            "subscript" => {
                let base = self.field(target, "value");
                let key = target.child_by_field_name("subscript");
                key.map(|key| self.expression(key));
                let name = key.and_then(|key| self.constant(key)).unwrap_or(ELEMENT);
                self.build.put(base, name, value);
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" | "list" | "expression_list" => {
                for part in children(target) {
                    let is_rest = matches!(part.kind(), "list_splat_pattern" | "list_splat");
                    let element = if is_rest { value } else { self.build.member(value, ELEMENT) };
                    self.bind_target(part, element, place);
                }
            }
            _ => {
                for inner in children(target) {
                    self.bind_target(inner, value, place);
                }
            }
        }
    }
}

/// The name of `*a`, `**a` or `a`, and what it takes.
fn splat(parameter: Syntax<'_>, takes: Takes) -> (Option<Syntax<'_>>, Takes) {
    match parameter.kind() {
        "list_splat_pattern" => (parameter.named_child(0), Takes::Rest),
        "dictionary_splat_pattern" => (parameter.named_child(0), Takes::NamedRest),
        "identifier" => (Some(parameter), takes),
        _ => (None, takes),
    }
}
