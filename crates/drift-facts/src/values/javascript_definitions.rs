//! JavaScript and TypeScript: statements, functions, classes, patterns.

use oxc::ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, AssignmentTarget, AssignmentTargetMaybeDefault,
    AssignmentTargetProperty, BindingPattern, Class, ClassElement, Declaration, ExportDefaultDeclarationKind,
    Expression, ForStatementInit, ForStatementLeft, FormalParameters, Function, MethodDefinitionKind,
    ModuleDeclaration, SimpleAssignmentTarget, Statement, TSNamespaceDeclarationBody, VariableDeclaration,
};
use oxc::span::Span;

use super::javascript::{Reader, fixed_key};
use super::{Class as ClassOf, ELEMENT, NOTHING, Parameter, Takes, Value};

impl Reader<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::BlockStatement(block) => self.statements(&block.body),
            Statement::BreakStatement(_) => self.build.leave_loop(),
            Statement::ContinueStatement(_) => self.build.again(),
            Statement::DoWhileStatement(statement) => self.repeat(|reader| {
                reader.statement(&statement.body);
                reader.expression(&statement.test);
            }),
            Statement::WhileStatement(statement) => self.repeat(|reader| {
                reader.expression(&statement.test);
                reader.statement(&statement.body);
            }),
            Statement::ExpressionStatement(statement) => {
                self.expression(&statement.expression);
            }
            Statement::ForInStatement(statement) => {
                self.expression(&statement.right);
                self.repeat(|reader| {
                    reader.loop_variable(&statement.left, NOTHING);
                    reader.statement(&statement.body);
                });
            }
            Statement::ForOfStatement(statement) => {
                let from = self.expression(&statement.right);
                let each = self.build.member(from, ELEMENT);
                self.repeat(|reader| {
                    reader.loop_variable(&statement.left, each);
                    reader.statement(&statement.body);
                });
            }
            Statement::ForStatement(statement) => {
                match &statement.init {
                    Some(ForStatementInit::VariableDeclaration(declaration)) => self.variables(declaration),
                    Some(init) => {
                        init.as_expression().map(|expression| self.expression(expression));
                    }
                    None => {}
                }
                self.repeat(|reader| {
                    statement.test.as_ref().map(|test| reader.expression(test));
                    reader.statement(&statement.body);
                    statement.update.as_ref().map(|update| reader.expression(update));
                });
            }
            Statement::IfStatement(_) => self.if_chain(statement),
            Statement::LabeledStatement(statement) => self.statement(&statement.body),
            Statement::ReturnStatement(statement) => {
                if let Some(argument) = &statement.argument {
                    let value = self.expression(argument);
                    self.build.returned(value);
                }
                self.build.end_way();
            }
            Statement::SwitchStatement(statement) => {
                self.expression(&statement.discriminant);
                let before = self.build.fork();
                self.build.begin_breakable();
                for case in &statement.cases {
                    let fell = self.build.fork();
                    self.build.meet(vec![before.clone(), fell]);
                    case.test.as_ref().map(|test| self.expression(test));
                    self.statements(&case.consequent);
                }
                let fell = self.build.fork();
                self.build.meet(vec![before, fell]);
                self.build.end_breakable();
            }
            Statement::ThrowStatement(statement) => {
                self.expression(&statement.argument);
                self.build.end_way();
            }
            Statement::TryStatement(statement) => {
                let before = self.build.fork();
                self.statements(&statement.block.body);
                let after = self.build.fork();
                let mut ways = vec![after.clone()];
                if let Some(handler) = &statement.handler {
                    self.build.meet(vec![before, after]);
                    self.statements(&handler.body.body);
                    ways.push(self.build.fork());
                }
                self.build.meet(ways);
                if let Some(finalizer) = &statement.finalizer {
                    self.statements(&finalizer.body);
                }
            }
            Statement::WithStatement(statement) => {
                self.expression(&statement.object);
                self.statement(&statement.body);
            }
            statement => {
                if let Some(declaration) = statement.as_declaration() {
                    self.declaration(declaration);
                } else if let Some(module) = statement.as_module_declaration() {
                    self.module(module);
                }
            }
        }
    }

    fn repeat(&mut self, run: impl FnOnce(&mut Self)) {
        let start = self.build.begin_loop();
        run(self);
        self.build.end_loop(start);
    }

    /// `if … else if … else if …` leans right without end, so it is walked in a loop.
    fn if_chain(&mut self, mut statement: &Statement<'_>) {
        let mut ways = Vec::new();
        loop {
            let Statement::IfStatement(branch) = statement else {
                self.statement(statement);
                break;
            };
            self.expression(&branch.test);
            let before = self.build.fork();
            self.statement(&branch.consequent);
            ways.push(self.build.go_on(before));
            match &branch.alternate {
                Some(alternate) => statement = alternate,
                None => break,
            }
        }
        ways.push(self.build.fork());
        self.build.meet(ways);
    }

    fn module(&mut self, declaration: &ModuleDeclaration<'_>) {
        match declaration {
            ModuleDeclaration::ExportDeclaration(export) => self.declaration(&export.declaration),
            ModuleDeclaration::ExportDefaultDeclaration(export) => match &export.declaration {
                ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                    self.function(function, function.span, None, false);
                }
                ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                    self.class(class);
                }
                other => {
                    other.as_expression().map(|expression| self.expression(expression));
                }
            },
            _ => {}
        }
    }

    fn declaration(&mut self, declaration: &Declaration<'_>) {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.variables(variables),
            Declaration::FunctionDeclaration(function) => {
                let value = self.function(function, function.span, None, false);
                if let Some(id) = &function.id {
                    self.assign_symbol(id.symbol_id(), value);
                }
            }
            Declaration::ClassDeclaration(class) => {
                self.class(class);
            }
            Declaration::TSNamespaceDeclaration(namespace) => {
                if let TSNamespaceDeclarationBody::TSModuleBlock(block) = &namespace.body {
                    self.statements(&block.body);
                }
            }
            _ => {}
        }
    }

    fn variables(&mut self, declaration: &VariableDeclaration<'_>) {
        for declarator in &declaration.declarations {
            let value = declarator.init.as_ref().map(|init| self.expression(init));
            match (value, &declarator.id) {
                (None, BindingPattern::BindingIdentifier(id)) if declaration.kind.is_lexical() => {
                    self.assign_symbol(id.symbol_id(), NOTHING);
                }
                (None, _) => {}
                (Some(value), BindingPattern::BindingIdentifier(id)) => {
                    self.assign_symbol(id.symbol_id(), value);
                    let span = self.line_span(id.span);
                    self.build.place(span, value);
                }
                (Some(value), pattern) => {
                    let span = self.line_span(declarator.span);
                    self.bind(pattern, value, Some(span));
                }
            }
        }
    }

    fn loop_variable(&mut self, left: &ForStatementLeft<'_>, value: Value) {
        if let ForStatementLeft::VariableDeclaration(declaration) = left {
            for declarator in &declaration.declarations {
                self.bind(&declarator.id, value, None);
            }
        } else if let Some(target) = left.as_assignment_target() {
            self.assign_target(target, value);
        }
    }

    /// Binds the names of a pattern; `place`: what is read there is what these hold.
    fn bind(&mut self, pattern: &BindingPattern<'_>, from: Value, place: Option<drift_text::LineSpan>) {
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                self.assign_symbol(id.symbol_id(), from);
                if let Some(place) = place {
                    self.build.place(place, from);
                }
            }
            BindingPattern::AssignmentPattern(with_default) => {
                let default = self.expression(&with_default.right);
                let either = self.build.either(&[from, default]);
                self.bind(&with_default.left, either, place);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let name = self.key(&property.key);
                    let part = self.read_member(from, &name);
                    self.bind(&property.value, part, place);
                }
                if let Some(rest) = &object.rest {
                    self.bind(&rest.argument, from, place);
                }
            }
            BindingPattern::ArrayPattern(array) => {
                for part in array.elements.iter().flatten() {
                    let element = self.build.member(from, ELEMENT);
                    self.bind(part, element, place);
                }
                if let Some(rest) = &array.rest {
                    self.bind(&rest.argument, from, place);
                }
            }
        }
    }

    pub(super) fn simple_target(&mut self, target: &SimpleAssignmentTarget<'_>) -> Value {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => {
                let symbol = self.scoping.get_reference(id.reference_id()).symbol_id();
                symbol.map_or(NOTHING, |symbol| self.build.read(symbol, self.is_own(symbol)))
            }
            SimpleAssignmentTarget::StaticMemberExpression(member) => {
                let of = self.expression(&member.object);
                self.read_member(of, &member.property.name)
            }
            _ => NOTHING,
        }
    }

    pub(super) fn assign_target(&mut self, target: &AssignmentTarget<'_>, value: Value) {
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                if let Some(symbol) = self.scoping.get_reference(id.reference_id()).symbol_id() {
                    self.assign_symbol(symbol, value);
                }
            }
            AssignmentTarget::StaticMemberExpression(member) => {
                let base = self.expression(&member.object);
                self.build.put(base, &member.property.name, value);
            }
            AssignmentTarget::PrivateFieldExpression(member) => {
                let base = self.expression(&member.object);
                self.build.put(base, &format!("#{}", member.field.name), value);
            }
            AssignmentTarget::ComputedMemberExpression(member) => {
                let base = self.expression(&member.object);
                self.expression(&member.expression);
                let name = fixed_key(&member.expression);
                self.build.put(base, name.as_deref().unwrap_or(ELEMENT), value);
            }
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                for part in array.elements.iter().flatten() {
                    let element = self.build.member(value, ELEMENT);
                    self.assign_maybe_default(part, element);
                }
                if let Some(rest) = &array.rest {
                    self.assign_target(&rest.target, value);
                }
            }
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) => {
                            let part = self.read_member(value, &short.binding.name);
                            if let Some(symbol) = self.scoping.get_reference(short.binding.reference_id()).symbol_id() {
                                self.assign_symbol(symbol, part);
                            }
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(long) => {
                            let name = self.key(&long.name);
                            let part = self.read_member(value, &name);
                            self.assign_maybe_default(&long.binding, part);
                        }
                    }
                }
                if let Some(rest) = &object.rest {
                    self.assign_target(&rest.target, value);
                }
            }
            _ => {}
        }
    }

    fn assign_maybe_default(&mut self, target: &AssignmentTargetMaybeDefault<'_>, value: Value) {
        if let AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(with_default) = target {
            let default = self.expression(&with_default.init);
            let either = self.build.either(&[value, default]);
            self.assign_target(&with_default.binding, either);
        } else if let Some(target) = target.as_assignment_target() {
            self.assign_target(target, value);
        }
    }

    /// A function with a body; yields the value that it is. `class`: whose instances it is called on.
    pub(super) fn function(
        &mut self,
        function: &Function<'_>,
        span: Span,
        class: Option<u32>,
        is_constructor: bool,
    ) -> Value {
        let Some(body) = function.body.as_deref() else { return NOTHING };
        let span = self.line_span(span);
        let (index, outer) = self.build.enter(span, class, is_constructor);
        let this = class.map_or(NOTHING, |class| self.build.file.classes[class as usize].instance);
        let outer_this = std::mem::replace(&mut self.this, this);
        let outer_scope = self.scope.replace(function.scope_id());
        self.parameters(index, &function.params);
        self.statements(&body.statements);
        self.this = outer_this;
        self.scope = outer_scope;
        self.build.leave(outer);
        self.function_value(index)
    }

    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>) -> Value {
        let span = self.line_span(arrow.span);
        let (index, outer) = self.build.enter(span, None, false);
        let outer_scope = self.scope.replace(arrow.scope_id());
        self.parameters(index, &arrow.params);
        match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => self.statements(&body.statements),
            body => {
                if let Some(expression) = body.as_expression() {
                    let value = self.expression(expression);
                    self.build.returned(value);
                }
            }
        }
        self.scope = outer_scope;
        self.build.leave(outer);
        self.function_value(index)
    }

    fn function_value(&mut self, index: u32) -> Value {
        let value = self.build.value();
        self.build.file.function_values.push((value, index));
        value
    }

    fn parameters(&mut self, function: u32, parameters: &FormalParameters<'_>) {
        let note = |reader: &mut Self, name: &str, takes| {
            let value = reader.build.value();
            let parameter = Parameter { name: name.to_owned(), value, takes };
            reader.build.file.functions[function as usize].parameters.push(parameter);
            value
        };
        for parameter in &parameters.items {
            let name = parameter.pattern.get_binding_identifier().map_or("", |id| id.name.as_str());
            let given = note(self, name, Takes::One);
            let default = parameter.initializer.as_ref().map_or(NOTHING, |default| self.expression(default));
            let held = self.build.either(&[given, default]);
            self.bind(&parameter.pattern, held, None);
            if parameter.accessibility.is_some() || parameter.readonly {
                self.build.put(self.this, name, held);
            }
        }
        if let Some(rest) = &parameters.rest {
            let held = note(self, "", Takes::Rest);
            self.bind(&rest.rest.argument, held, None);
        }
    }

    pub(super) fn class(&mut self, class: &Class<'_>) -> Value {
        if let Some(heritage) = &class.heritage {
            self.expression(&heritage.expression);
        }
        let outer_around = std::mem::replace(&mut self.build.around, super::javascript::OUTSIDE);
        let instance = self.build.value();
        self.build.around = outer_around;
        let index = self.build.file.classes.len() as u32;
        let span = self.line_span(class.span);
        self.build.file.classes.push(ClassOf { span, instance });
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => {
                    let is_constructor = method.kind == MethodDefinitionKind::Constructor;
                    let name = self.key(&method.key);
                    let on = (!method.r#static).then_some(index);
                    let before = self.build.file.functions.len();
                    self.function(&method.value, method.span, on, is_constructor);
                    if method.kind == MethodDefinitionKind::Get
                        && let Some(getter) = self.build.file.functions.get(before)
                    {
                        let returns = getter.returns;
                        self.build.put(instance, &name, returns);
                    }
                }
                ClassElement::PropertyDefinition(property) => {
                    if let Some(value) = &property.value {
                        let name = self.key(&property.key);
                        self.field(&name, value, if property.r#static { NOTHING } else { instance });
                    }
                }
                ClassElement::AccessorProperty(property) => {
                    if let Some(value) = &property.value {
                        let name = self.key(&property.key);
                        self.field(&name, value, if property.r#static { NOTHING } else { instance });
                    }
                }
                ClassElement::StaticBlock(block) => self.statements(&block.body),
                ClassElement::TSIndexSignature(_) => {}
            }
        }
        NOTHING
    }

    fn field(&mut self, name: &str, value: &Expression<'_>, this: Value) {
        let outer = std::mem::replace(&mut self.this, this);
        let value = self.expression(value);
        self.build.put(this, name, value);
        self.this = outer;
    }
}
