//! Functions: parameters, bodies, what they return.

use std::mem;
use std::ops::Range;

use oxc::ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Expression, FormalParameters, Function, FunctionBody,
    TSType, TSTypeAnnotation, TSTypePredicate, TSTypePredicateName,
};
use oxc::span::{GetSpan, Span};

use super::versions::Versions;
use super::{Lower, Surroundings};
use crate::flow::{Binding, Detail, ELEMENT, Extent, Flow, FunctionFact, FunctionKind, NONE, Node, RECEIVER};

/// Where a function definition sits and how it is called.
pub(super) struct Definition<'n> {
    pub kind: FunctionKind,
    /// The last part of its qualified name.
    pub name: &'n str,
    /// The whole definition.
    pub span: Span,
    /// What `this` holds when that is fixed by where it is written; [`NONE`]: whatever it is called on.
    pub this: Node,
    pub super_object: Node,
    pub super_class: Node,
}

/// What is put aside while a function's body is lowered.
pub(super) struct Outer {
    around: Surroundings,
    versions: Versions,
}

impl Lower<'_> {
    /// A function declaration or expression; returns its index, or `None` when it has no body.
    pub(super) fn function(&mut self, function: &Function<'_>, definition: &Definition<'_>) -> Option<u32> {
        let body = function.body.as_deref()?;
        let index = self.begin_function(definition, true);
        let keeps = definition.kind == FunctionKind::Function && function.is_expression();
        let versions = if keeps { self.lasting_versions() } else { Versions::default() };
        let outer = self.enter(index, definition, function.generator, versions);
        if let (false, Some(id)) = (function.is_expression(), &function.id) {
            // The name of a declaration belongs to what is around it.
            let variables = &mut self.facts.functions[index as usize].extent.variables;
            variables.start = variables.start.max(Self::symbol(id.symbol_id()) + 1);
        }
        if let (FunctionKind::Function, Some(id)) = (definition.kind, &function.id)
            && function.is_expression()
        {
            let to = Self::symbol(id.symbol_id());
            self.flow(Flow::Function { to, function: index });
        }
        let returns = self.facts.functions[index as usize].returns;
        self.type_parameters(function.type_parameters.as_deref(), returns);
        // What methods of a class are called on is known better.
        if definition.this == NONE
            && let Some(annotation) = function.this_param.as_ref().and_then(|this| this.type_annotation.as_ref())
        {
            self.typed(self.around.this, &annotation.type_annotation);
        }
        self.parameters(index, &function.params);
        self.return_type(index, function.return_type.as_deref(), &function.params, function.generator);
        self.body(body);
        self.leave(outer);
        Some(index)
    }

    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>, name: &str) -> Node {
        let definition = Definition {
            kind: FunctionKind::Arrow,
            name,
            span: arrow.span,
            this: self.around.this,
            super_object: self.around.super_object,
            super_class: self.around.super_class,
        };
        let index = self.begin_function(&definition, false);
        let versions = self.lasting_versions();
        let outer = self.enter(index, &definition, false, versions);
        let returns = self.facts.functions[index as usize].returns;
        self.type_parameters(arrow.type_parameters.as_deref(), returns);
        self.parameters(index, &arrow.params);
        self.return_type(index, arrow.return_type.as_deref(), &arrow.params, false);
        match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => self.body(body),
            body => {
                if let Some(expression) = body.as_expression() {
                    let value = self.expression(expression);
                    self.assign(self.around.returns, value);
                }
            }
        }
        self.leave(outer);
        let to = self.node();
        self.flow(Flow::Function { to, function: index });
        to
    }

    /// A class without a constructor of its own.
    pub(super) fn implicit_constructor(&mut self, span: Span, this: Node) -> u32 {
        let definition = Definition {
            kind: FunctionKind::ImplicitConstructor,
            name: "constructor",
            span,
            this,
            super_object: NONE,
            super_class: NONE,
        };
        self.begin_function(&definition, true)
    }

    pub(super) fn begin_function(&mut self, definition: &Definition<'_>, binds_this: bool) -> u32 {
        let name = self.qualified(definition.name);
        let first_node = self.facts.node_count;
        let returns = self.node();
        let this = if definition.this == NONE { self.node() } else { definition.this };
        let index = self.facts.functions.len() as u32;
        let span = self.span(definition.span);
        self.facts.functions.push(FunctionFact {
            name,
            kind: definition.kind,
            span,
            parent: self.around.function,
            params: Vec::new(),
            rest: NONE,
            this,
            returns,
            binds_this,
            binding: Binding::Nothing,
            is_member: false,
            param_names: Vec::new(),
            named_params: Vec::new(),
            named_rest: NONE,
            says: None,
            extent: Extent { flows: 0..0, variables: self.variables_within(definition.span), nodes: first_node..0 },
        });
        index
    }

    /// `versions`: what variables from around hold, of those of which that is known.
    pub(super) fn enter(
        &mut self,
        index: u32,
        definition: &Definition<'_>,
        generator: bool,
        versions: Versions,
    ) -> Outer {
        let first_flow = self.facts.flows.len() as u32;
        let fact = &mut self.facts.functions[index as usize];
        fact.extent.flows.start = first_flow;
        let (this, returns) = (fact.this, fact.returns);
        let last = fact.name.rsplit_once('.').map_or(fact.name.as_str(), |(_, last)| last).to_owned();
        let outer = Outer { around: self.around, versions: mem::replace(&mut self.versions, versions) };
        let mut around = Surroundings {
            function: Some(index),
            this,
            super_object: definition.super_object,
            super_class: definition.super_class,
            returns,
            yields: NONE,
        };
        if generator {
            let object = self.object();
            self.flow(Flow::Array { to: returns, object });
            around.yields = returns;
            around.returns = NONE;
        }
        self.around = around;
        self.path.push(last);
        outer
    }

    pub(super) fn leave(&mut self, outer: Outer) {
        if let (Some(index), false) = (self.around.function, self.variables.is_empty()) {
            let (flows, nodes) = (self.facts.flows.len() as u32, self.facts.node_count);
            let extent = &mut self.facts.functions[index as usize].extent;
            (extent.flows.end, extent.nodes.end) = (flows, nodes);
        }
        self.path.pop();
        self.around = outer.around;
        self.versions = outer.versions;
    }

    /// The variables that are declared within a span.
    fn variables_within(&self, span: Span) -> Range<Node> {
        let first = self.variables.partition_point(|&start| start < span.start) as Node;
        let end = self.variables.partition_point(|&start| start < span.end) as Node;
        first + 1..end + 1
    }

    pub(super) fn body(&mut self, body: &FunctionBody<'_>) {
        self.statements(&body.statements);
    }

    pub(super) fn parameters(&mut self, index: u32, parameters: &FormalParameters<'_>) {
        for parameter in &parameters.items {
            let node = match &parameter.pattern {
                BindingPattern::BindingIdentifier(id) => self.parameter_variable(id.symbol_id()),
                _ => self.node(),
            };
            let passed = if parameter.initializer.is_some() { self.node() } else { node };
            self.facts.functions[index as usize].params.push(passed);
            self.mark_parameter(&parameter.pattern);
            if let Some(annotation) = &parameter.type_annotation {
                self.typed(node, &annotation.type_annotation);
            }
            if let Some(initializer) = &parameter.initializer {
                let default = self.optional(initializer.span(), |lower| {
                    lower.named_expression(initializer, pattern_name(&parameter.pattern))
                });
                if self.facts.is_typed && parameter.type_annotation.is_none() {
                    self.detail(passed, Detail::Like, 0, default);
                }
                self.flow(Flow::Default { to: node, from: passed, default });
            }
            if !parameter.pattern.is_binding_identifier() {
                self.bind(&parameter.pattern, node);
            }
            for decorator in &parameter.decorators {
                self.decorator(decorator, NONE);
            }
            if (parameter.accessibility.is_some() || parameter.readonly)
                && let Some(name) = pattern_name(&parameter.pattern)
            {
                let this = self.facts.functions[index as usize].this;
                self.store(this, name, node);
                if parameter.type_annotation.is_some() || parameter.initializer.is_some() {
                    let field = self.name(name);
                    self.flow(Flow::FieldLike { base: this, field, like: node });
                }
            }
        }
        if let Some(rest) = &parameters.rest {
            let node = self.node();
            self.facts.functions[index as usize].rest = node;
            let object = self.object();
            self.flow(Flow::Array { to: node, object });
            if let Some(annotation) = &rest.type_annotation {
                self.typed(node, &annotation.type_annotation);
            }
            self.bind(&rest.rest.argument, node);
        }
    }

    fn mark_parameter(&mut self, pattern: &BindingPattern<'_>) {
        for id in pattern.get_binding_identifiers() {
            self.parameters.insert(id.symbol_id());
        }
    }

    fn return_type(
        &mut self,
        index: u32,
        annotation: Option<&TSTypeAnnotation<'_>>,
        parameters: &FormalParameters<'_>,
        generator: bool,
    ) {
        let Some(annotation) = annotation else { return };
        if generator {
            // What it yields is kept in an array, which stands for the iterator.
            let declared = self.node();
            self.in_types(|lower| lower.typed(declared, &annotation.type_annotation));
            let returns = self.facts.functions[index as usize].returns;
            self.detail(returns, Detail::Like, 0, declared);
            return;
        }
        if let TSType::TSTypePredicate(predicate) = &annotation.type_annotation {
            self.facts.functions[index as usize].says = self.predicate(predicate, parameters);
            return;
        }
        let returns = self.facts.functions[index as usize].returns;
        self.typed(returns, &annotation.type_annotation);
    }

    /// `x is T`: which argument, and the node that has the type. What is asserted is not returned.
    fn predicate(&mut self, predicate: &TSTypePredicate<'_>, parameters: &FormalParameters<'_>) -> Option<(u32, Node)> {
        let declared = predicate.type_annotation.as_ref().filter(|_| !predicate.asserts)?;
        let argument = match &predicate.parameter_name {
            TSTypePredicateName::This(_) => RECEIVER,
            TSTypePredicateName::Identifier(id) => {
                let is_it = |pattern: &BindingPattern<'_>| pattern_name(pattern) == Some(id.name.as_str());
                parameters.items.iter().position(|parameter| is_it(&parameter.pattern))? as u32
            }
        };
        let node = self.node();
        self.in_types(|lower| lower.typed(node, &declared.type_annotation));
        Some((argument, node))
    }

    pub(super) fn yielded(&mut self, value: Node) {
        self.store(self.around.yields, ELEMENT, value);
    }

    /// An expression whose value gets a name from where it stands.
    pub(super) fn named_expression(&mut self, expression: &Expression<'_>, name: Option<&str>) -> Node {
        match (expression.get_inner_expression(), name) {
            (Expression::ArrowFunctionExpression(arrow), Some(name)) => self.arrow(arrow, name),
            (Expression::FunctionExpression(function), Some(name)) => self.function_expression(function, name),
            (Expression::ClassExpression(class), Some(name)) => self.class(class, name),
            (Expression::ObjectExpression(object), Some(name)) => {
                self.path.push(name.to_owned());
                let node = self.object_literal(object);
                self.path.pop();
                if let Some(wrapped) = self.type_of_wrapper(expression) {
                    self.assign(wrapped, node);
                    return wrapped;
                }
                node
            }
            _ => self.expression(expression),
        }
    }

    pub(super) fn function_expression(&mut self, function: &Function<'_>, name: &str) -> Node {
        let own = function.id.as_ref().map(|id| id.name.as_str());
        let definition = Definition {
            kind: FunctionKind::Function,
            name: own.unwrap_or(name),
            span: function.span,
            this: NONE,
            super_object: NONE,
            super_class: NONE,
        };
        match self.function(function, &definition) {
            Some(index) => {
                let to = self.node();
                self.flow(Flow::Function { to, function: index });
                to
            }
            None => NONE,
        }
    }
}

/// The name that a pattern binds when it is a plain name.
pub(super) fn pattern_name<'p>(pattern: &'p BindingPattern<'_>) -> Option<&'p str> {
    match pattern {
        BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
        BindingPattern::AssignmentPattern(with_default) => pattern_name(&with_default.left),
        _ => None,
    }
}
