//! Declared types, as far as they say what a value can be called for.

use oxc::ast::ast::{
    Expression, FormalParameters, TSInterfaceDeclaration, TSLiteral, TSQualifiedName, TSSignature, TSType,
    TSTypeAliasDeclaration, TSTypeName, TSTypeOperatorOperator, TSTypeParameterDeclaration,
    TSTypeParameterInstantiation, TSTypeQueryExprName, TSTypeReference,
};

use super::Lower;
use crate::flow::{Detail, ELEMENT, Flow, MADE, NONE, Node, TypeFact};

impl Lower<'_> {
    /// `node` holds values of this type.
    pub(super) fn typed(&mut self, node: Node, ty: &TSType<'_>) {
        self.typed_part(node, ty, says_all(ty));
    }

    /// `alone`: see [`Flow::Typed`].
    fn typed_part(&mut self, node: Node, ty: &TSType<'_>, alone: bool) {
        match ty {
            TSType::TSParenthesizedType(inner) => self.typed_part(node, &inner.type_annotation, alone),
            TSType::TSUnionType(union) => union.types.iter().for_each(|ty| self.typed_part(node, ty, alone)),
            TSType::TSIntersectionType(all) => all.types.iter().for_each(|ty| self.typed_part(node, ty, alone)),
            TSType::TSTypeOperatorType(operator) if operator.operator == TSTypeOperatorOperator::Readonly => {
                self.typed_part(node, &operator.type_annotation, alone);
            }
            TSType::TSConditionalType(conditional) => {
                self.typed_part(node, &conditional.true_type, alone);
                self.typed_part(node, &conditional.false_type, alone);
            }
            TSType::TSTypeQuery(query) => {
                if let Some(name) = query_name(&query.expr_name) {
                    let from = self.type_name(name);
                    self.assign(node, from);
                }
            }
            TSType::TSFunctionType(function) => {
                let returns = self.node();
                self.type_parameters(function.type_parameters.as_deref(), returns);
                self.typed(returns, &function.return_type.type_annotation);
                self.accepts(returns, &function.params);
                self.signature(node, returns);
            }
            TSType::TSTypePredicate(_) => {}
            TSType::TSThisType(_) => {
                self.assign(node, self.around.this);
                self.detail(node, Detail::Like, 0, self.around.this);
            }
            ty => {
                self.applied_type = NONE;
                let declared = self.declared_type(ty);
                if declared != NONE {
                    self.flow(Flow::Typed { to: node, declared, alone });
                    self.with_arguments(node);
                }
            }
        }
    }

    /// What a function of a signature is given.
    fn accepts(&mut self, returns: Node, parameters: &FormalParameters<'_>) {
        for (index, parameter) in parameters.items.iter().enumerate() {
            let Some(annotation) = &parameter.type_annotation else { continue };
            if !is_keyword(&annotation.type_annotation) {
                let given = self.node();
                self.in_types(|lower| lower.typed(given, &annotation.type_annotation));
                self.detail(returns, Detail::Accepts, index, given);
            }
        }
    }

    /// The node for what an assertion wraps, already typed; `None` when the assertion says nothing.
    pub(super) fn type_of_wrapper(&mut self, expression: &Expression<'_>) -> Option<Node> {
        let ty = match expression {
            Expression::TSAsExpression(wrapped) => &wrapped.type_annotation,
            Expression::TSSatisfiesExpression(wrapped) => &wrapped.type_annotation,
            Expression::TSTypeAssertion(wrapped) => &wrapped.type_annotation,
            _ => return None,
        };
        if matches!(ty, TSType::TSTypeReference(reference) if is_const(reference)) {
            return None;
        }
        let node = self.node();
        self.typed(node, ty);
        Some(node)
    }

    /// A node that holds the type itself.
    fn declared_type(&mut self, ty: &TSType<'_>) -> Node {
        match ty {
            TSType::TSStringKeyword(_) | TSType::TSTemplateLiteralType(_) => self.library("String.prototype"),
            TSType::TSNumberKeyword(_) => self.library("Number.prototype"),
            TSType::TSBooleanKeyword(_) => self.library("Boolean.prototype"),
            TSType::TSBigIntKeyword(_) => self.library("BigInt.prototype"),
            TSType::TSSymbolKeyword(_) => self.library("Symbol.prototype"),
            TSType::TSArrayType(array) => self.array_type(&[&array.element_type]).0,
            TSType::TSTupleType(tuple) => {
                let elements: Vec<&TSType<'_>> = tuple.element_types.iter().filter_map(|e| e.as_ts_type()).collect();
                let (declared, index) = self.array_type(&elements);
                if elements.len() == tuple.element_types.len() {
                    let instance = self.facts.types[index as usize].instance;
                    self.type_arguments(instance, elements);
                }
                declared
            }
            TSType::TSTypeOperatorType(operator) if operator.operator == TSTypeOperatorOperator::Keyof => {
                self.library("String.prototype")
            }
            TSType::TSIndexedAccessType(access) => self.indexed_type(&access.object_type, &access.index_type),
            TSType::TSTypeReference(reference) => self.type_reference(reference),
            TSType::TSTypeLiteral(literal) => {
                let (declared, index) = self.new_type();
                self.members(&literal.members, index);
                declared
            }
            TSType::TSLiteralType(literal) => match literal.literal {
                TSLiteral::StringLiteral(_) | TSLiteral::TemplateLiteral(_) => self.library("String.prototype"),
                _ => NONE,
            },
            TSType::TSMappedType(mapped) => match &mapped.type_annotation {
                Some(value) => self.dictionary_type(value),
                None => NONE,
            },
            _ => NONE,
        }
    }

    /// `T["member"]`, `T[number]`
    fn indexed_type(&mut self, of: &TSType<'_>, index: &TSType<'_>) -> Node {
        let held = self.node();
        self.typed(held, of);
        let part = match index {
            TSType::TSLiteralType(literal) => match &literal.literal {
                TSLiteral::StringLiteral(text) => self.load(held, &text.value),
                _ => return NONE,
            },
            TSType::TSNumberKeyword(_) => {
                let to = self.node();
                self.flow(Flow::Iterate { to, from: held });
                to
            }
            _ => return NONE,
        };
        let (declared, index) = self.new_type();
        let instance = self.facts.types[index as usize].instance;
        self.assign(instance, part);
        declared
    }

    /// What is at `of` is applied to these types.
    fn type_arguments<'t, 'a: 't>(&mut self, of: Node, arguments: impl IntoIterator<Item = &'t TSType<'a>>) {
        for (index, argument) in arguments.into_iter().enumerate() {
            let node = self.node();
            self.in_types(|lower| lower.typed(node, argument));
            self.detail(of, Detail::Argument, index, node);
        }
    }

    /// A type that is applied to others, which what is lowered next may speak of.
    fn applied(&mut self, base: Node, arguments: Option<&TSTypeParameterInstantiation<'_>>) -> Node {
        if let Some(arguments) = arguments.filter(|_| base != NONE) {
            let applied = self.node();
            self.type_arguments(applied, &arguments.params);
            self.detail(applied, Detail::Base, 0, base);
            self.applied_type = applied;
        }
        base
    }

    /// What is in `of`, of which it was said that it is of a type, is of that type with the arguments it was applied to.
    fn with_arguments(&mut self, of: Node) {
        let applied = std::mem::replace(&mut self.applied_type, NONE);
        self.detail(of, Detail::Applied, 0, applied);
    }

    /// The same of a class that extends such a type, or of the result of a call.
    pub(super) fn applied_to(&mut self, of: Node, arguments: Option<&TSTypeParameterInstantiation<'_>>) {
        if let Some(arguments) = arguments {
            self.type_arguments(of, &arguments.params);
        }
    }

    fn new_type(&mut self) -> (Node, u32) {
        let declared = self.node();
        let instance = self.node();
        let index = self.facts.types.len() as u32;
        self.facts.types.push(TypeFact {
            instance,
            extends: Vec::new(),
            members: Vec::new(),
            required: Vec::new(),
            library: None,
        });
        self.flow(Flow::Type { to: declared, declared: index });
        (declared, index)
    }

    /// A node that holds the type of numbers as one of the project's own.
    pub(super) fn number_type(&mut self) -> Node {
        let (declared, index) = self.new_type();
        let instance = self.facts.types[index as usize].instance;
        let number = self.library("Number.prototype");
        self.flow(Flow::Typed { to: instance, declared: number, alone: true });
        declared
    }

    fn array_type(&mut self, elements: &[&TSType<'_>]) -> (Node, u32) {
        let (declared, index) = self.new_type();
        let held = self.node();
        for element in elements {
            self.typed(held, element);
        }
        let name = self.name(ELEMENT);
        self.facts.types[index as usize].members.push((name, held));
        self.facts.types[index as usize].library = Some(self.name("Array.prototype"));
        (declared, index)
    }

    fn dictionary_type(&mut self, value: &TSType<'_>) -> Node {
        let (declared, index) = self.new_type();
        let held = self.node();
        self.typed(held, value);
        let name = self.name(ELEMENT);
        self.facts.types[index as usize].members.push((name, held));
        declared
    }

    fn type_reference(&mut self, reference: &TSTypeReference<'_>) -> Node {
        let arguments = reference.type_arguments.as_deref();
        let TSTypeName::IdentifierReference(id) = &reference.type_name else {
            let base = self.type_name(&reference.type_name);
            return self.applied(base, arguments);
        };
        if self.scoping.get_reference(id.reference_id()).symbol_id().is_some() {
            let base = self.type_name(&reference.type_name);
            return self.applied(base, arguments);
        }
        let first = |arguments: Option<&TSTypeParameterInstantiation<'_>>, index: usize, lower: &mut Self| {
            arguments.and_then(|arguments| arguments.params.get(index)).map(|ty| lower.transparent(ty))
        };
        match id.name.as_str() {
            "Array" | "ReadonlyArray" | "Iterable" | "IterableIterator" | "AsyncIterable" | "Generator"
            | "AsyncGenerator" | "Iterator" | "Set" | "ReadonlySet"
                if arguments.is_some() =>
            {
                let elements: Vec<&TSType<'_>> = arguments.iter().flat_map(|list| &list.params).take(1).collect();
                let (declared, index) = self.array_type(&elements);
                if matches!(id.name.as_str(), "Set" | "ReadonlySet") {
                    let library = self.name("Set.prototype");
                    self.facts.types[index as usize].library = Some(library);
                }
                declared
            }
            // The engine looks through promises, so what they resolve to stands for them.
            "Promise" | "PromiseLike" | "Awaited" | "Readonly" | "Partial" | "Required" | "NonNullable" | "Omit"
            | "Pick" | "Exclude" | "Extract" | "NoInfer" => first(arguments, 0, self).unwrap_or(NONE),
            "Map" | "ReadonlyMap" | "WeakMap" if arguments.is_some() => {
                let (declared, index) = self.new_type();
                let library = self.name(if id.name == "WeakMap" { "WeakMap.prototype" } else { "Map.prototype" });
                let ty = &mut self.facts.types[index as usize];
                ty.library = Some(library);
                let instance = ty.instance;
                self.applied_to(instance, arguments);
                declared
            }
            "InstanceType" => match arguments.and_then(|arguments| arguments.params.first()) {
                Some(TSType::TSTypeQuery(query)) => match query_name(&query.expr_name) {
                    Some(name) => self.type_name(name),
                    None => NONE,
                },
                _ => NONE,
            },
            "Record" => match arguments.and_then(|arguments| arguments.params.get(1)) {
                Some(value) => self.dictionary_type(value),
                None => NONE,
            },
            name => self.library(&format!("{name}.prototype")),
        }
    }

    /// A node that holds this type, for utility types that leave it as it is.
    fn transparent(&mut self, ty: &TSType<'_>) -> Node {
        let (declared, index) = self.new_type();
        let instance = self.facts.types[index as usize].instance;
        self.typed(instance, ty);
        declared
    }

    /// What a dotted type name refers to.
    pub(super) fn type_name(&mut self, name: &TSTypeName<'_>) -> Node {
        match name {
            TSTypeName::IdentifierReference(id) => {
                if self.scoping.get_reference(id.reference_id()).symbol_id().is_some() {
                    self.read(id)
                } else {
                    self.library(&format!("{}.prototype", id.name))
                }
            }
            TSTypeName::QualifiedName(name) => self.qualified_type(name),
            TSTypeName::ThisExpression(_) => self.around.this,
        }
    }

    pub(super) fn qualified_type(&mut self, name: &TSQualifiedName<'_>) -> Node {
        let base = self.type_name(&name.left);
        self.load(base, &name.right.name)
    }

    pub(super) fn interface(&mut self, interface: &TSInterfaceDeclaration<'_>) {
        let (declared, index) = self.new_type();
        self.assign(Self::symbol(interface.id.symbol_id()), declared);
        let instance = self.facts.types[index as usize].instance;
        self.type_parameters(interface.type_parameters.as_deref(), instance);
        for heritage in &interface.extends {
            let base = self.type_name(&heritage.type_name);
            self.applied(base, heritage.type_arguments.as_deref());
            self.with_arguments(instance);
            if base != NONE {
                self.facts.types[index as usize].extends.push(base);
            }
        }
        let outer = std::mem::replace(&mut self.around.this, instance);
        self.members(&interface.body.body, index);
        self.around.this = outer;
    }

    pub(super) fn type_alias(&mut self, alias: &TSTypeAliasDeclaration<'_>) {
        let (declared, index) = self.new_type();
        self.assign(Self::symbol(alias.id.symbol_id()), declared);
        let instance = self.facts.types[index as usize].instance;
        self.type_parameters(alias.type_parameters.as_deref(), instance);
        self.typed(instance, &alias.type_annotation);
    }

    /// A type parameter of what is, or returns what is, in `of` stands for its constraint where nothing else is known.
    pub(super) fn type_parameters(&mut self, parameters: Option<&TSTypeParameterDeclaration<'_>>, of: Node) {
        for (index, parameter) in parameters.iter().flat_map(|list| &list.params).enumerate() {
            self.detail(of, Detail::Parameter, index, Self::symbol(parameter.name.symbol_id()));
            if let Some(constraint) = &parameter.constraint {
                let declared = self.transparent(constraint);
                self.assign(Self::symbol(parameter.name.symbol_id()), declared);
            }
        }
    }

    fn members(&mut self, members: &[TSSignature<'_>], index: u32) {
        for member in members {
            let (key, held, required) = match member {
                TSSignature::TSPropertySignature(property) => {
                    let held = self.node();
                    if let Some(annotation) = &property.type_annotation {
                        self.typed(held, &annotation.type_annotation);
                    }
                    (self.key(&property.key), held, !property.optional)
                }
                TSSignature::TSMethodSignature(method) => {
                    let returns = self.node();
                    self.type_parameters(method.type_parameters.as_deref(), returns);
                    if let Some(annotation) = &method.return_type {
                        self.typed(returns, &annotation.type_annotation);
                    }
                    self.accepts(returns, &method.params);
                    let held = self.node();
                    match method.kind {
                        oxc::ast::ast::TSMethodSignatureKind::Method => {
                            self.signature(held, returns);
                        }
                        _ => self.assign(held, returns),
                    }
                    (self.key(&method.key), held, !method.optional)
                }
                TSSignature::TSIndexSignature(signature) => {
                    let held = self.node();
                    self.typed(held, &signature.type_annotation.type_annotation);
                    (Some(ELEMENT.to_owned()), held, false)
                }
                TSSignature::TSCallSignatureDeclaration(call) => {
                    let returns = self.node();
                    self.type_parameters(call.type_parameters.as_deref(), returns);
                    if let Some(annotation) = &call.return_type {
                        self.typed(returns, &annotation.type_annotation);
                    }
                    self.accepts(returns, &call.params);
                    let instance = self.facts.types[index as usize].instance;
                    self.signature(instance, returns);
                    continue;
                }
                TSSignature::TSConstructSignatureDeclaration(made) => {
                    let held = self.node();
                    if let Some(annotation) = &made.return_type {
                        self.typed(held, &annotation.type_annotation);
                    }
                    (Some(MADE.to_owned()), held, false)
                }
            };
            if let Some(key) = key {
                let name = self.name(&key);
                let ty = &mut self.facts.types[index as usize];
                ty.members.push((name, held));
                if required {
                    ty.required.push(name);
                }
            }
        }
    }
}

fn query_name<'q, 'a>(name: &'q TSTypeQueryExprName<'a>) -> Option<&'q TSTypeName<'a>> {
    name.as_ts_type_name()
}

/// Whether no value of a type is a function or has members that the project defines.
fn is_keyword(ty: &TSType<'_>) -> bool {
    matches!(
        ty,
        TSType::TSStringKeyword(_)
            | TSType::TSNumberKeyword(_)
            | TSType::TSBooleanKeyword(_)
            | TSType::TSAnyKeyword(_)
            | TSType::TSUnknownKeyword(_)
            | TSType::TSNullKeyword(_)
            | TSType::TSUndefinedKeyword(_)
    )
}

fn is_const(reference: &TSTypeReference<'_>) -> bool {
    matches!(&reference.type_name, TSTypeName::IdentifierReference(id) if id.name == "const")
}

/// Whether the parts of a type that are read here are all that a value of it can be.
fn says_all(ty: &TSType<'_>) -> bool {
    match ty {
        TSType::TSParenthesizedType(inner) => says_all(&inner.type_annotation),
        TSType::TSUnionType(union) => union.types.iter().all(says_all),
        TSType::TSIntersectionType(all) => all.types.iter().all(says_all),
        TSType::TSTypeOperatorType(operator) => {
            operator.operator == TSTypeOperatorOperator::Keyof || says_all(&operator.type_annotation)
        }
        TSType::TSIndexedAccessType(access) => match &access.index_type {
            TSType::TSLiteralType(literal) => matches!(literal.literal, TSLiteral::StringLiteral(_)),
            index => matches!(index, TSType::TSNumberKeyword(_)),
        },
        TSType::TSTypeReference(_)
        | TSType::TSThisType(_)
        | TSType::TSArrayType(_)
        | TSType::TSTupleType(_)
        | TSType::TSTypeLiteral(_)
        | TSType::TSFunctionType(_)
        | TSType::TSLiteralType(_)
        | TSType::TSTemplateLiteralType(_)
        | TSType::TSStringKeyword(_)
        | TSType::TSNumberKeyword(_)
        | TSType::TSBooleanKeyword(_)
        | TSType::TSBigIntKeyword(_)
        | TSType::TSSymbolKeyword(_)
        | TSType::TSNullKeyword(_)
        | TSType::TSUndefinedKeyword(_)
        | TSType::TSVoidKeyword(_)
        | TSType::TSNeverKeyword(_) => true,
        _ => false,
    }
}
