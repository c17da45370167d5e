//! Classes: members, fields, inheritance, decorators.

use oxc::ast::ast::{Class, ClassElement, Decorator, Expression, MethodDefinition, MethodDefinitionKind, PropertyKey};
use oxc::span::Span;

use super::Lower;
use super::functions::Definition;
use super::versions::Versions;
use crate::flow::{ClassFact, Detail, Flow, FunctionKind, MemberFact, MemberKind, NONE, Node};

/// [`Field`] of either of the two types.
macro_rules! field {
    ($property:ident) => {
        Field {
            key: &$property.key,
            computed: $property.computed,
            is_static: $property.r#static,
            value: $property.value.as_ref(),
            annotation: $property.type_annotation.as_deref(),
        }
    };
}

/// The nodes that members of one class share.
struct ClassNodes {
    instance: Node,
    statics: Node,
    /// What `super` is in instance members, in static members, and what `super()` calls.
    super_instance: Node,
    extends: Node,
}

impl Lower<'_> {
    /// A class; returns the node that holds it.
    pub(super) fn class(&mut self, class: &Class<'_>, name: &str) -> Node {
        let name = class.id.as_ref().map_or(name, |id| id.name.as_str()).to_owned();
        let to = self.node();
        let extends = class.heritage.as_ref().map_or(NONE, |heritage| self.expression(&heritage.expression));
        let super_instance = self.load(extends, "prototype");
        // What `this` is in static members may be a subclass, which the class itself is not.
        let statics = self.node();
        self.assign(statics, to);
        let nodes = ClassNodes { instance: self.node(), statics, super_instance, extends };
        let index = self.facts.classes.len() as u32;
        self.facts.classes.push(ClassFact {
            constructor: u32::MAX,
            implicit_constructor: false,
            extends,
            shared: None,
            implements: Vec::new(),
            instance: nodes.instance,
            statics,
            members: Vec::new(),
            declared: Vec::new(),
        });
        self.detail(super_instance, Detail::Super, 0, nodes.instance);
        self.flow(Flow::Class { to, class: index });
        if let Some(id) = &class.id {
            self.assign(Self::symbol(id.symbol_id()), to);
        }
        self.type_parameters(class.type_parameters.as_deref(), nodes.instance);
        if let Some(heritage) = &class.heritage {
            self.applied_to(nodes.instance, heritage.type_arguments.as_deref());
        }
        for implemented in &class.implements {
            let declared = self.type_name(&implemented.expression);
            if declared != NONE {
                self.facts.classes[index as usize].implements.push(declared);
            }
        }
        for decorator in &class.decorators {
            self.decorator(decorator, to);
        }
        let outer_name = self.qualified(&name);
        let last = outer_name.rsplit_once('.').map_or(outer_name.as_str(), |(_, last)| last).to_owned();
        self.path.push(last);
        let mut constructor = None;
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => {
                    if let Some(function) = self.method(method, index, &nodes) {
                        constructor = Some(function);
                    }
                }
                ClassElement::PropertyDefinition(property) => {
                    let field = field!(property);
                    self.field(&field, &property.decorators, index, &nodes);
                }
                ClassElement::AccessorProperty(property) => {
                    let field = field!(property);
                    self.field(&field, &property.decorators, index, &nodes);
                }
                ClassElement::StaticBlock(block) => {
                    let definition = Definition {
                        kind: FunctionKind::StaticBlock,
                        name: "<static>",
                        span: block.span,
                        this: nodes.statics,
                        super_object: nodes.extends,
                        super_class: NONE,
                    };
                    let function = self.begin_function(&definition, true);
                    let outer = self.enter(function, &definition, false, Versions::default());
                    self.statements(&block.body);
                    self.leave(outer);
                }
                ClassElement::TSIndexSignature(_) => {}
            }
        }
        let function = constructor.unwrap_or_else(|| self.implicit_constructor(class.span, nodes.instance));
        let fact = &mut self.facts.classes[index as usize];
        fact.constructor = function;
        fact.implicit_constructor = constructor.is_none();
        self.forget_versions(class.body.span);
        self.path.pop();
        to
    }

    /// Lowers a method; returns its function when it is the constructor.
    fn method(&mut self, method: &MethodDefinition<'_>, class: u32, nodes: &ClassNodes) -> Option<u32> {
        let decorated = if method.decorators.is_empty() { NONE } else { self.node() };
        for decorator in &method.decorators {
            self.decorator(decorator, decorated);
        }
        let held = if method.computed { self.key_expression(&method.key) } else { NONE };
        let key = self.key(&method.key);
        let name = super::name_of_key(key.as_deref());
        let (this, super_object) =
            if method.r#static { (nodes.statics, nodes.extends) } else { (nodes.instance, nodes.super_instance) };
        let definition = Definition {
            kind: match method.kind {
                MethodDefinitionKind::Constructor => FunctionKind::Constructor,
                MethodDefinitionKind::Method => FunctionKind::Method,
                MethodDefinitionKind::Get => FunctionKind::Getter,
                MethodDefinitionKind::Set => FunctionKind::Setter,
            },
            name,
            span: Span::new(after_decorators(method), method.span.end),
            this,
            super_object,
            super_class: if method.kind == MethodDefinitionKind::Constructor { nodes.extends } else { NONE },
        };
        let function = self.function(&method.value, &definition);
        if let (true, Some(function)) = (decorated != NONE, function) {
            self.flow(Flow::Function { to: decorated, function });
        }
        let kind = match method.kind {
            MethodDefinitionKind::Constructor => return function,
            MethodDefinitionKind::Method => MemberKind::Method,
            MethodDefinitionKind::Get => MemberKind::Getter,
            MethodDefinitionKind::Set => MemberKind::Setter,
        };
        match (function, key) {
            (Some(function), Some(key)) => {
                let name = self.name(&key);
                let member = MemberFact { name, is_static: method.r#static, kind, function };
                self.facts.classes[class as usize].members.push(member);
            }
            (Some(function), None) => {
                let from = self.node();
                self.flow(Flow::Function { to: from, function });
                self.store_any(this, from, held);
            }
            (None, Some(key)) => {
                let name = self.name(&key);
                self.facts.classes[class as usize].declared.push(name);
            }
            (None, None) => {}
        }
        None
    }

    /// A field runs its initializer with `this` being the instance, or the class when it is static.
    fn field(&mut self, field: &Field<'_, '_>, decorators: &[Decorator<'_>], class: u32, nodes: &ClassNodes) {
        for decorator in decorators {
            self.decorator(decorator, NONE);
        }
        let computed = if field.computed { self.key_expression(field.key) } else { NONE };
        let this = if field.is_static { nodes.statics } else { nodes.instance };
        let key = self.key(field.key);
        let held = self.node();
        if let Some(annotation) = field.annotation {
            self.typed(held, &annotation.type_annotation);
        }
        if let Some(value) = field.value {
            let (outer, versions) = (self.around, self.go_on_from(Versions::default()));
            self.around.this = this;
            self.around.super_object = if field.is_static { nodes.extends } else { nodes.super_instance };
            let value = self.named_expression(value, key.as_deref().map(|key| super::name_of_key(Some(key))));
            self.around = outer;
            self.go_on_from(versions);
            self.assign(held, value);
        }
        match key {
            Some(key) => {
                self.store(this, &key, held);
                if field.annotation.is_some() || self.facts.is_typed && field.value.is_some() {
                    let field = self.name(&key);
                    self.flow(Flow::FieldLike { base: this, field, like: held });
                }
                if field.value.is_none() && field.annotation.is_none() {
                    let name = self.name(&key);
                    self.facts.classes[class as usize].declared.push(name);
                }
            }
            None => self.store_any(this, held, computed),
        }
    }
}

/// A field or an auto-accessor: two types of the parser with the same parts.
struct Field<'f, 'a> {
    key: &'f PropertyKey<'a>,
    computed: bool,
    is_static: bool,
    value: Option<&'f Expression<'a>>,
    annotation: Option<&'f oxc::ast::ast::TSTypeAnnotation<'a>>,
}

/// Where a method starts: at its first decorator or modifier.
fn after_decorators(method: &MethodDefinition<'_>) -> u32 {
    method.decorators.first().map_or(method.span.start, |first| first.span.start.min(method.span.start))
}
