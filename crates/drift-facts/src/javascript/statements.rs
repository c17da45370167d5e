//! Statements and declarations.

use oxc::ast::ast::{
    Declaration, Expression, ForStatementInit, ForStatementLeft, Function, Statement, TSEnumDeclaration,
    TSModuleReference, TSNamespaceDeclaration, TSNamespaceDeclarationBody, VariableDeclaration,
    VariableDeclarationKind,
};

use oxc::span::{GetSpan, Span};

use super::Lower;
use super::functions::{Definition, pattern_name};
use super::versions::Versions;
use crate::flow::{Flow, FunctionKind, ImportFact, ImportKind, NONE, Node};

impl Lower<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::BlockStatement(block) => self.statements(&block.body),
            Statement::DebuggerStatement(_) | Statement::EmptyStatement(_) => {}
            Statement::BreakStatement(_) | Statement::ContinueStatement(_) => self.end_path(),
            Statement::DoWhileStatement(statement) => self.repeated(statement.span, |lower| {
                lower.statement(&statement.body);
                lower.forget_versions(statement.span);
                lower.expression(&statement.test);
            }),
            Statement::WhileStatement(statement) => self.repeated(statement.span, |lower| {
                lower.expression(&statement.test);
                lower.narrow(&statement.test, true);
                lower.statement(&statement.body);
            }),
            Statement::ExpressionStatement(statement) => {
                self.expression(&statement.expression);
            }
            Statement::ForInStatement(statement) => {
                self.expression(&statement.right);
                let key = self.library("String.prototype");
                self.repeated(statement.span, |lower| {
                    lower.loop_variable(&statement.left, key);
                    lower.statement(&statement.body);
                });
            }
            Statement::ForOfStatement(statement) => {
                let from = self.expression(&statement.right);
                let element = self.iterate(statement.right.span(), from);
                self.repeated(statement.span, |lower| {
                    lower.loop_variable(&statement.left, element);
                    lower.statement(&statement.body);
                });
            }
            Statement::ForStatement(statement) => {
                match &statement.init {
                    Some(ForStatementInit::VariableDeclaration(declaration)) => {
                        self.variables(declaration);
                    }
                    Some(init) => {
                        if let Some(expression) = init.as_expression() {
                            self.expression(expression);
                        }
                    }
                    None => {}
                }
                self.repeated(statement.span, |lower| {
                    for part in [&statement.test, &statement.update].into_iter().flatten() {
                        lower.expression(part);
                    }
                    lower.forget_versions(statement.span);
                    if let Some(test) = &statement.test {
                        lower.narrow(test, true);
                    }
                    lower.statement(&statement.body);
                });
            }
            Statement::IfStatement(_) => self.if_chain(statement),
            Statement::LabeledStatement(statement) => {
                let before = self.versions_here();
                self.statement(&statement.body);
                self.go_on_from(before);
                self.forget_versions(statement.span);
            }
            Statement::ReturnStatement(statement) => {
                if let Some(argument) = &statement.argument {
                    let value = self.named_expression(argument, Some("<returned>"));
                    self.assign(self.around.returns, value);
                }
                self.end_path();
            }
            Statement::SwitchStatement(statement) => {
                self.expression(&statement.discriminant);
                self.forget_versions(statement.span);
                let before = self.versions_here();
                for case in &statement.cases {
                    if let Some(test) = &case.test {
                        self.expression(test);
                    }
                    self.statements(&case.consequent);
                    self.go_on_from(before.clone());
                }
            }
            Statement::ThrowStatement(statement) => {
                self.expression(&statement.argument);
                self.end_path();
            }
            Statement::TryStatement(statement) => {
                let before = self.versions_here();
                self.statements(&statement.block.body);
                if let Some(handler) = &statement.handler {
                    self.go_on_from(before.clone());
                    self.forget_versions(statement.span);
                    if let Some(parameter) = &handler.param {
                        let thrown = self.unknown();
                        self.bind(&parameter.pattern, thrown);
                    }
                    self.statements(&handler.body.body);
                }
                self.go_on_from(before);
                self.forget_versions(statement.span);
                if let Some(finalizer) = &statement.finalizer {
                    self.statements(&finalizer.body);
                }
            }
            Statement::WithStatement(statement) => {
                self.expression(&statement.object);
                self.statement(&statement.body);
                self.forget_versions(statement.span);
            }
            statement => {
                if let Some(declaration) = statement.as_declaration() {
                    self.declaration(declaration);
                } else if let Some(module) = statement.as_module_declaration() {
                    self.module_declaration(module);
                }
            }
        }
    }

    /// Code that runs any number of times.
    fn repeated(&mut self, span: Span, lower: impl FnOnce(&mut Self)) {
        self.forget_versions(span);
        // What a test says of a variable holds inside only.
        let before = self.versions_here();
        lower(self);
        self.go_on_from(before);
    }

    /// `if … else if … else if …` leans right without end, so it is walked in a loop.
    fn if_chain(&mut self, mut statement: &Statement<'_>) {
        let (mut paths, mut narrowed) = (Vec::new(), Vec::new());
        loop {
            let Statement::IfStatement(branch) = statement else {
                self.statement(statement);
                break;
            };
            self.expression(&branch.test);
            let before = self.versions_here();
            narrowed.extend(self.narrow(&branch.test, true));
            self.statement(&branch.consequent);
            paths.push(self.go_on_from(before));
            narrowed.extend(self.narrow(&branch.test, false));
            match &branch.alternate {
                Some(alternate) => statement = alternate,
                None => break,
            }
        }
        paths.push(self.versions_here());
        Versions::widen_all(&mut paths, &narrowed);
        self.meet(paths);
    }

    /// Lowers a declaration; the names it declares hold their values afterwards.
    pub(super) fn declaration(&mut self, declaration: &Declaration<'_>) {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.variables(variables),
            Declaration::FunctionDeclaration(function) => {
                self.function_declaration(function, "default");
            }
            Declaration::ClassDeclaration(class) => {
                self.class(class, "default");
            }
            Declaration::TSTypeAliasDeclaration(alias) => self.type_alias(alias),
            Declaration::TSInterfaceDeclaration(interface) => self.interface(interface),
            Declaration::TSEnumDeclaration(declaration) => self.enumeration(declaration),
            Declaration::TSNamespaceDeclaration(namespace) => self.namespace(namespace),
            Declaration::TSExternalModuleDeclaration(module) => {
                if let Some(body) = &module.body {
                    self.statements(&body.body);
                }
            }
            Declaration::TSGlobalDeclaration(global) => self.statements(&global.body.body),
            Declaration::TSImportEqualsDeclaration(import) => {
                let to = Self::symbol(import.id.symbol_id());
                match &import.module_reference {
                    TSModuleReference::ExternalModuleReference(reference) => {
                        let specifier = self.name(&reference.expression.value);
                        self.facts.imports.push(ImportFact { to, specifier, kind: ImportKind::Require });
                    }
                    TSModuleReference::IdentifierReference(id) => {
                        let from = self.read(id);
                        self.assign(to, from);
                    }
                    TSModuleReference::QualifiedName(name) => {
                        let from = self.qualified_type(name);
                        self.assign(to, from);
                    }
                }
            }
        }
    }

    /// Returns the node that holds the function.
    pub(super) fn function_declaration(&mut self, function: &Function<'_>, name: &str) -> Node {
        let symbol = function.id.as_ref().map(|id| Self::symbol(id.symbol_id()));
        let definition = Definition {
            kind: FunctionKind::Function,
            name: function.id.as_ref().map_or(name, |id| id.name.as_str()),
            span: function.span,
            this: NONE,
            super_object: NONE,
            super_class: NONE,
        };
        let Some(index) = self.function(function, &definition) else {
            return symbol.unwrap_or(NONE);
        };
        let to = symbol.unwrap_or_else(|| self.node());
        self.flow(Flow::Function { to, function: index });
        to
    }

    /// The property key that a `const` name stands for.
    fn constant(&self, init: &Expression<'_>) -> Option<String> {
        match init.get_inner_expression() {
            Expression::CallExpression(call) => self.symbol_key(call),
            init => self.fixed_key(init),
        }
    }

    /// `createRequire(import.meta.url)`, imported under any name or as a member of its module.
    fn makes_require(&self, init: &Expression<'_>) -> bool {
        let Expression::CallExpression(call) = init.get_inner_expression() else { return false };
        match &call.callee {
            Expression::Identifier(id) => {
                let Some(symbol) = self.scoping.get_reference(id.reference_id()).symbol_id() else { return false };
                let text = |name: u32| self.facts.names[name as usize].as_str();
                self.facts.imports.iter().any(|import| {
                    import.to == Self::symbol(symbol)
                        && matches!(text(import.specifier), "module" | "node:module")
                        && matches!(import.kind, ImportKind::Named(name) if text(name) == "createRequire")
                })
            }
            Expression::StaticMemberExpression(member) => member.property.name == "createRequire",
            _ => false,
        }
    }

    fn variables(&mut self, declaration: &VariableDeclaration<'_>) {
        for declarator in &declaration.declarations {
            if let (VariableDeclarationKind::Const, Some(id), Some(init)) =
                (declaration.kind, declarator.id.get_binding_identifier(), &declarator.init)
            {
                if let Some(text) = self.constant(init) {
                    self.constants.insert(id.symbol_id(), text);
                } else if self.makes_require(init) {
                    self.requires.insert(id.symbol_id());
                }
            }
            let value = match &declarator.init {
                Some(Expression::StringLiteral(text)) => self.text(&text.value),
                Some(init) => self.named_expression(init, pattern_name(&declarator.id)),
                None => NONE,
            };
            match (&declarator.init, declarator.id.get_binding_identifier()) {
                (None, Some(id)) if declaration.kind == VariableDeclarationKind::Let => {
                    self.declare_empty(id.symbol_id());
                }
                (None, _) => {}
                (Some(_), Some(id)) if self.facts.is_typed && declarator.type_annotation.is_none() => {
                    self.declare_variable(id.symbol_id(), value);
                }
                (Some(_), _) => self.bind(&declarator.id, value),
            }
            if let Some(annotation) = &declarator.type_annotation {
                let held = match declarator.id.get_binding_identifier() {
                    Some(id) => Self::symbol(id.symbol_id()),
                    None => self.node(),
                };
                self.typed(held, &annotation.type_annotation);
                if declarator.id.get_binding_identifier().is_none() {
                    self.bind(&declarator.id, held);
                }
            }
        }
    }

    fn loop_variable(&mut self, left: &ForStatementLeft<'_>, value: Node) {
        if let ForStatementLeft::VariableDeclaration(declaration) = left {
            for declarator in &declaration.declarations {
                self.bind(&declarator.id, value);
            }
        } else if let Some(target) = left.as_assignment_target() {
            self.assign_to(target, value);
        }
    }

    fn enumeration(&mut self, declaration: &TSEnumDeclaration<'_>) {
        let to = Self::symbol(declaration.id.symbol_id());
        let object = self.object();
        self.flow(Flow::Object { to, object });
        let numbers = self.number_type();
        self.assign(to, numbers);
        for member in &declaration.body.members {
            if let Some(initializer) = &member.initializer {
                self.expression(initializer);
            }
        }
    }

    /// A namespace is an object whose fields are what it exports.
    pub(super) fn namespace(&mut self, namespace: &TSNamespaceDeclaration<'_>) {
        let to = Self::symbol(namespace.id.symbol_id());
        let object = self.object();
        self.flow(Flow::Object { to, object });
        self.path.push(namespace.id.name.to_string());
        match &namespace.body {
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                self.namespace(inner);
                self.store(to, &inner.id.name, Self::symbol(inner.id.symbol_id()));
            }
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                for statement in &block.body {
                    if let Statement::ExportDeclaration(export) = statement {
                        self.declaration(&export.declaration);
                        for (name, from) in Self::declared_names(&export.declaration) {
                            self.store(to, &name, from);
                        }
                    } else {
                        self.statement(statement);
                    }
                }
            }
        }
        self.path.pop();
    }

    /// The names that a declaration declares, with the nodes that hold them.
    pub(super) fn declared_names(declaration: &Declaration<'_>) -> Vec<(String, Node)> {
        let one = |id: &oxc::ast::ast::BindingIdentifier<'_>| vec![(id.name.to_string(), Self::symbol(id.symbol_id()))];
        match declaration {
            Declaration::VariableDeclaration(variables) => variables
                .declarations
                .iter()
                .flat_map(|declarator| declarator.id.get_binding_identifiers())
                .map(|id| (id.name.to_string(), Self::symbol(id.symbol_id())))
                .collect(),
            Declaration::FunctionDeclaration(function) => function.id.as_ref().map(one).unwrap_or_default(),
            Declaration::ClassDeclaration(class) => class.id.as_ref().map(one).unwrap_or_default(),
            Declaration::TSTypeAliasDeclaration(alias) => one(&alias.id),
            Declaration::TSInterfaceDeclaration(interface) => one(&interface.id),
            Declaration::TSEnumDeclaration(declaration) => one(&declaration.id),
            Declaration::TSNamespaceDeclaration(namespace) => one(&namespace.id),
            Declaration::TSImportEqualsDeclaration(import) => one(&import.id),
            Declaration::TSExternalModuleDeclaration(_) | Declaration::TSGlobalDeclaration(_) => Vec::new(),
        }
    }
}
