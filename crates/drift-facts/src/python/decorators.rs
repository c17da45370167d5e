//! Decorators: what they are called with, and what those of the language make of a function.

use tree_sitter::Node as Syntax;

use super::calls::Arguments;
use super::{Lower, children};
use crate::flow::{Flow, SiteKind};

/// What decorators that the language or its library knows make of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Static,
    Class,
    Getter,
    Setter,
}

impl<'t> Lower<'t> {
    /// Decorators are evaluated from the top and called from the bottom; the name holds what the topmost returns.
    pub(super) fn decorated_definition(&mut self, node: Syntax<'t>) {
        let Some(definition) = node.child_by_field_name("definition") else { return self.block(node) };
        let decorators: Vec<Syntax<'t>> =
            children(node).into_iter().filter(|child| child.kind() == "decorator").collect();
        let mut callees = Vec::new();
        let mut role = Role::Plain;
        for &decorator in &decorators {
            let Some(&expression) = children(decorator).first() else { continue };
            match self.role_of(expression) {
                Role::Plain => {}
                known => role = known,
            }
            callees.push((decorator, self.callee(expression), self.is_of_library(expression)));
        }
        let is_class = definition.kind() == "class_definition";
        let mut held = if is_class {
            let fields = decorators.iter().any(|&decorator| self.makes_fields(decorator));
            let held = self.class_definition(definition, node);
            if fields && let Some(class) = self.facts.classes.len().checked_sub(1) {
                self.fill_fields(class, definition);
            }
            held
        } else {
            self.function_with_role(definition, node, role)
        };
        let plain = held;
        for (decorator, callee, is_of_library) in callees.into_iter().rev() {
            let given = Arguments { positional: vec![held], ..Arguments::default() };
            let result = self.site(decorator, SiteKind::Decorator, &callee, given);
            if role == Role::Plain {
                held = if is_of_library { result } else { self.node() };
            }
            if role == Role::Plain && !is_of_library {
                self.flow(Flow::Decorated { to: held, from: result, given: plain });
            }
        }
        if is_class {
            held = self.either(&[held, plain]);
        } else if role == Role::Plain && self.is_in_class_body() {
            self.note_descriptor(definition.child_by_field_name("name"));
        }
        // What is declared for type checkers is not what the name holds when the program runs.
        let is_signature = decorators.iter().any(|&decorator| self.declares_overload(decorator));
        if !is_signature && (!matches!(role, Role::Getter | Role::Setter) || !self.is_in_class_body()) {
            self.bind_name_of(definition, held);
        }
    }

    /// Whether a decorator says that a definition is one of several signatures of what is defined below them.
    fn declares_overload(&self, decorator: Syntax<'_>) -> bool {
        let name = children(decorator).first().and_then(|&expression| self.library_name(expression));
        name.is_some_and(|name| matches!(name.as_str(), "typing.overload" | "typing_extensions.overload"))
    }

    /// Whether a decorator is a name of the library, or what calling one yields.
    fn is_of_library(&self, expression: Syntax<'_>) -> bool {
        let called = if expression.kind() == "call" { expression.child_by_field_name("function") } else { None };
        let name = self.library_name(called.unwrap_or(expression));
        let module = name.as_deref().and_then(|name| name.split('.').next());
        module.is_some_and(|module| matches!(module, "builtins" | "functools" | "contextlib" | "typing" | "abc"))
    }

    /// By what a decorator is called: names of the library, and those that projects give to their like.
    fn role_of(&self, expression: Syntax<'_>) -> Role {
        let named = if expression.kind() == "call" { expression.child_by_field_name("function") } else { None };
        let expression = named.unwrap_or(expression);
        if let Some(name) = self.library_name(expression) {
            return match name.as_str() {
                "builtins.staticmethod" | "abc.abstractstaticmethod" => Role::Static,
                "builtins.classmethod" | "abc.abstractclassmethod" => Role::Class,
                // `functools.cached_property`, and what other libraries have like it.
                _ if name.ends_with("property") && self.is_in_class_body() => Role::Getter,
                _ => Role::Plain,
            };
        }
        let is_property = || {
            let of = expression.child_by_field_name("object").filter(|of| of.kind() == "identifier")?;
            self.scopes[self.scope].names.get(self.text_of(of))
        };
        if expression.kind() != "attribute" || !self.is_in_class_body() || is_property().is_none() {
            return Role::Plain;
        }
        match expression.child_by_field_name("attribute").map_or("", |attribute| self.text_of(attribute)) {
            "setter" | "deleter" => Role::Setter,
            "getter" => Role::Getter,
            _ => Role::Plain,
        }
    }

    /// What the body of a class binds to a name is made by a call.
    pub(super) fn note_descriptor(&mut self, name: Option<Syntax<'t>>) {
        if let Some(name) = name.filter(|name| name.kind() == "identifier") {
            let name = self.attribute_name(self.text_of(name));
            let name = self.name(&name);
            self.descriptors.push(name);
        }
    }
}
