//! Classes: their bases, what their bodies bind, and what calling them makes.

use tree_sitter::Node as Syntax;

use super::scopes::ScopeKind;
use super::{Lower, children};
use crate::flow::{Binding, ClassFact, Flow, FunctionKind, NONE, Name, Node, SharedClass};

/// Decorators after which a class is called with the values of its fields.
const MAKE_FIELDS: &[&str] = &[
    "dataclasses.dataclass",
    "pydantic.dataclasses.dataclass",
    "attr.s",
    "attr.attrs",
    "attr.attributes",
    "attr.dataclass",
    "attr.define",
    "attr.frozen",
    "attr.mutable",
    "attrs.define",
    "attrs.frozen",
    "attrs.mutable",
];

impl<'t> Lower<'t> {
    /// Lowers a class; `outer` is the definition with its decorators. Returns what holds the class.
    pub(super) fn class_definition(&mut self, node: Syntax<'t>, outer: Syntax<'t>) -> Node {
        let to = self.node();
        let mut shared = SharedClass::default();
        for argument in node.child_by_field_name("superclasses").map_or(Vec::new(), children) {
            match argument.kind() {
                "keyword_argument" => {
                    let value = self.field_value(argument, "value");
                    let name = argument.child_by_field_name("name").map_or("", |name| self.text_of(name));
                    if name == "metaclass" {
                        shared.metaclass = value;
                    }
                }
                _ => {
                    let base = self.expression(argument);
                    shared.bases.push(base);
                }
            }
        }
        let is_tuple = node.child_by_field_name("superclasses").is_some_and(|bases| {
            let mut names = children(bases).into_iter().filter_map(|base| self.library_name(base));
            names.any(|name| matches!(name.as_str(), "typing.NamedTuple" | "typing_extensions.NamedTuple"))
        });
        let [instance, statics] = [(); 2].map(|()| self.node());
        self.assign(statics, to);
        let class = self.facts.classes.len() as u32;
        self.facts.classes.push(ClassFact {
            constructor: u32::MAX,
            implicit_constructor: false,
            extends: NONE,
            shared: None,
            implements: Vec::new(),
            instance,
            statics,
            members: Vec::new(),
            declared: Vec::new(),
        });
        self.flow(Flow::Class { to, class });
        let name = node.child_by_field_name("name").map_or("", |name| self.text_of(name));
        self.class_names.push(name.to_owned());
        let qualified = self.qualified(name);
        let last = qualified.rsplit_once('.').map_or(qualified.as_str(), |(_, last)| last).to_owned();
        self.path.push(last);
        let (outer_scope, outer_class) = (self.scope, self.around.class);
        if let Some(body) = node.child_by_field_name("body") {
            self.scope = self.open_scope(ScopeKind::Class, body);
            self.around.class = Some(class);
            let outer_descriptors = std::mem::take(&mut self.descriptors);
            self.block(body);
            self.around.class = outer_class;
            if is_tuple {
                shared.fields = self.fields_of(node);
                shared.is_tuple = true;
            }
            shared.descriptors = std::mem::take(&mut self.descriptors);
            self.descriptors = outer_descriptors;
            self.store_attributes(to, &mut shared);
            self.scope = outer_scope;
        }
        if self.facts.classes[class as usize].constructor == u32::MAX {
            let binding = Binding::Nothing;
            let function = self.begin_function("__init__", FunctionKind::ImplicitConstructor, outer, binding, false);
            let fact = &mut self.facts.classes[class as usize];
            (fact.constructor, fact.implicit_constructor) = (function, true);
        }
        self.facts.classes[class as usize].shared = Some(shared);
        self.path.pop();
        to
    }

    /// What the body binds is an attribute of the class.
    fn store_attributes(&mut self, class: Node, shared: &mut SharedClass) {
        let scope = &self.scopes[self.scope];
        let bound: Vec<(&'t str, Node)> = scope.order.iter().map(|&name| (name, scope.names[name].node)).collect();
        for (text, from) in bound {
            let field = self.attribute_name_in_class(text);
            let name = self.name(&field);
            shared.attributes.push(name);
            self.store(class, &field, from);
        }
    }

    fn attribute_name_in_class(&self, name: &str) -> String {
        match self.class_names.last() {
            _ if !name.starts_with("__") || name.ends_with("__") => name.to_owned(),
            _ => {
                let class = self.path.last().map_or("", String::as_str).split('~').next().unwrap_or_default();
                format!("_{}{name}", class.trim_start_matches('_'))
            }
        }
    }

    /// The class whose body is being lowered.
    pub(super) fn class_of_body(&self) -> Option<u32> {
        self.around.class.filter(|_| self.is_in_class_body())
    }

    pub(super) fn makes_fields(&self, decorator: Syntax<'t>) -> bool {
        let Some(&expression) = children(decorator).first() else { return false };
        let callee = expression.child_by_field_name("function").filter(|_| expression.kind() == "call");
        self.library_name(callee.unwrap_or(expression)).is_some_and(|name| MAKE_FIELDS.contains(&name.as_str()))
    }

    /// Fields that the constructor made for a class takes, in order.
    pub(super) fn fill_fields(&mut self, _: usize, definition: Syntax<'t>) {
        let at = self.span_of_code(definition);
        let fields = self.fields_of(definition);
        // Classes inside this one come after it.
        let found = self.facts.classes.iter().position(|class| {
            let function = class.constructor as usize;
            class.implicit_constructor && self.facts.functions[function].span.end_line == at.end_line && {
                self.facts.functions[function].span.end_column == at.end_column
            }
        });
        if let Some(shared) = found.and_then(|class| self.facts.classes[class].shared.as_mut()) {
            shared.fields = fields;
        }
    }

    /// The names that the body of a class annotates or assigns, in order.
    fn fields_of(&mut self, definition: Syntax<'t>) -> Vec<Name> {
        let mut fields: Vec<Name> = Vec::new();
        let Some(body) = definition.child_by_field_name("body") else { return fields };
        for statement in children(body) {
            let Some(assignment) = statement.named_child(0).filter(|inner| inner.kind() == "assignment") else {
                continue;
            };
            let left = assignment.child_by_field_name("left").filter(|left| left.kind() == "identifier");
            if let Some(left) = left {
                let name = self.name(self.text_of(left));
                fields.push(name);
            }
        }
        fields
    }
}
