//! Functions: parameters, bodies, decorators.

use std::mem;

use tree_sitter::Node as Syntax;

use super::calls::Callee;
use super::decorators::Role;
use super::scopes::{ScopeKind, preorder};
use super::{Lower, children};
use crate::flow::{
    Binding, Extent, Flow, FunctionFact, FunctionKind, MemberFact, MemberKind, NO_NAME, NONE, Node, RETURNED,
    getter_field, setter_field,
};

impl<'t> Lower<'t> {
    /// `outer`: the definition with its decorators.
    pub(super) fn function_definition(&mut self, node: Syntax<'t>, outer: Syntax<'t>) -> Node {
        self.function_with_role(node, outer, Role::Plain)
    }

    pub(super) fn function_with_role(&mut self, node: Syntax<'t>, outer: Syntax<'t>, role: Role) -> Node {
        let name = node.child_by_field_name("name").map_or("", |name| self.text_of(name));
        let is_member = self.is_in_class_body();
        let kind = match role {
            Role::Getter if is_member => FunctionKind::Getter,
            Role::Setter if is_member => FunctionKind::Setter,
            _ if is_member && name == "__init__" => FunctionKind::Constructor,
            _ if is_member => FunctionKind::Method,
            _ => FunctionKind::Function,
        };
        let binding = match role {
            Role::Static => Binding::Nothing,
            Role::Class => Binding::Class,
            _ if is_member && matches!(name, "__new__" | "__init_subclass__" | "__class_getitem__") => Binding::Class,
            _ => Binding::Instance,
        };
        // Defaults are evaluated outside.
        let parameters = node.child_by_field_name("parameters");
        let defaults = parameters.map_or(Vec::new(), |parameters| self.defaults(parameters));
        let function = self.begin_function(name, kind, outer, binding, is_member);
        if let Some(parameters) = parameters {
            self.body(function, node, |lower| lower.parameters(function, parameters, &defaults));
        }
        if is_member && let Some(class) = self.class_of_body() {
            let kind = match role {
                Role::Getter => Some((MemberKind::Getter, getter_field(name))),
                Role::Setter => Some((MemberKind::Setter, setter_field(name))),
                _ => None,
            };
            if let Some((kind, _)) = kind {
                let name = self.attribute_name(name);
                let member = MemberFact { name: self.name(&name), is_static: false, kind, function };
                self.facts.classes[class as usize].members.push(member);
            }
            if name == "__init__" {
                self.facts.classes[class as usize].constructor = function;
            }
        }
        let to = self.node();
        self.flow(Flow::Function { to, function });
        to
    }

    pub(super) fn lambda(&mut self, node: Syntax<'t>) -> Node {
        let parameters = node.child_by_field_name("parameters");
        let defaults = parameters.map_or(Vec::new(), |parameters| self.defaults(parameters));
        let function = self.begin_function("<lambda>", FunctionKind::Arrow, node, Binding::Instance, false);
        self.body(function, node, |lower| {
            if let Some(parameters) = parameters {
                lower.parameters(function, parameters, &defaults);
            }
        });
        let to = self.node();
        self.flow(Flow::Function { to, function });
        to
    }

    pub(super) fn begin_function(
        &mut self,
        name: &str,
        kind: FunctionKind,
        span: Syntax<'_>,
        binding: Binding,
        is_member: bool,
    ) -> u32 {
        let (name, returns, span) = (self.qualified(name), self.node(), self.span_of_code(span));
        let index = self.facts.functions.len() as u32;
        self.facts.functions.push(FunctionFact {
            name,
            kind,
            span,
            parent: self.around.function,
            params: Vec::new(),
            rest: NONE,
            this: NONE,
            returns,
            binds_this: false,
            binding,
            is_member,
            param_names: Vec::new(),
            named_params: Vec::new(),
            named_rest: NONE,
            says: None,
            extent: Extent::default(),
        });
        index
    }

    /// Lowers what a function does when it is called.
    fn body(&mut self, function: u32, node: Syntax<'t>, parameters: impl FnOnce(&mut Self)) {
        let Some(body) = node.child_by_field_name("body") else { return };
        let class = self.class_of_body();
        let (outer, outer_scope) = (self.around, self.scope);
        let versions = mem::take(&mut self.versions);
        let keys = mem::take(&mut self.keys_here);
        let first_flow = self.facts.flows.len() as u32;
        let fact = &self.facts.functions[function as usize];
        let (returns, is_member) = (fact.returns, fact.is_member);
        let last = fact.name.rsplit_once('.').map_or(fact.name.as_str(), |(_, last)| last).to_owned();
        self.path.push(last);
        self.scope = self.open_scope(ScopeKind::Function, body);
        self.around.function = Some(function);
        self.around.returns = returns;
        self.around.yields = NONE;
        self.around.missing = None;
        if is_member {
            self.around.class = class;
        }
        if self.may_hold(body, &["yield"]) && yields(body) {
            let object = self.object();
            self.instance(returns, object, "builtins.generator", true);
            let returned = self.node();
            self.store(returns, RETURNED, returned);
            (self.around.yields, self.around.returns) = (returns, returned);
        }
        parameters(self);
        if let Some(hint) = node.child_by_field_name("return_type") {
            self.return_hint(hint);
        }
        if node.kind() == "lambda" {
            let value = self.expression(body);
            self.assign(self.around.returns, value);
        } else {
            self.block(body);
        }
        self.path.pop();
        let (flows, nodes) = (self.facts.flows.len() as u32, self.facts.node_count);
        // All that is numbered from its result on is its own; its variables are among that.
        self.facts.functions[function as usize].extent =
            Extent { flows: first_flow..flows, variables: 0..0, nodes: returns..nodes };
        self.keys_here = keys;
        (self.around, self.scope, self.versions) = (outer, outer_scope, versions);
    }

    /// What the defaults of parameters hold, in order; [`NONE`] for a parameter without.
    fn defaults(&mut self, parameters: Syntax<'t>) -> Vec<Node> {
        children(parameters).into_iter().map(|parameter| self.field_value(parameter, "value")).collect()
    }

    fn parameters(&mut self, function: u32, list: Syntax<'t>, defaults: &[Node]) {
        let mut only_by_name = false;
        for (parameter, &default) in children(list).into_iter().zip(defaults) {
            let hint = parameter.child_by_field_name("type");
            let inner = match parameter.kind() {
                "typed_parameter" => parameter.named_child(0).unwrap_or(parameter),
                "default_parameter" | "typed_default_parameter" => {
                    parameter.child_by_field_name("name").unwrap_or(parameter)
                }
                _ => parameter,
            };
            match inner.kind() {
                "keyword_separator" => only_by_name = true,
                "positional_separator" => {
                    self.facts.functions[function as usize].param_names.fill(NO_NAME);
                }
                "list_splat_pattern" => {
                    only_by_name = true;
                    let (to, object) = (self.node(), self.object());
                    self.instance(to, object, "builtins.tuple", true);
                    self.facts.functions[function as usize].rest = to;
                    self.parameter_variable(inner.named_child(0), to, None);
                    hint.map(|hint| self.hint(hint));
                }
                "dictionary_splat_pattern" => {
                    let (to, object) = (self.node(), self.object());
                    self.instance(to, object, "builtins.dict", false);
                    self.facts.functions[function as usize].named_rest = to;
                    self.parameter_variable(inner.named_child(0), to, None);
                    hint.map(|hint| self.hint(hint));
                }
                _ => self.parameter(function, inner, (hint, default), only_by_name),
            }
        }
    }

    fn parameter(
        &mut self,
        function: u32,
        inner: Syntax<'t>,
        (hint, default): (Option<Syntax<'t>>, Node),
        only_by_name: bool,
    ) {
        let given = self.node();
        let mut held = given;
        if default != NONE {
            held = self.node();
            self.flow(Flow::Default { to: held, from: given, default });
        }
        let name = if inner.kind() == "identifier" { self.name(self.text_of(inner)) } else { NO_NAME };
        let fact = &mut self.facts.functions[function as usize];
        let is_receiver = fact.is_member && fact.params.is_empty() && !only_by_name;
        if only_by_name {
            // What is no name there is no Python; nobody can pass anything for it.
            if name != NO_NAME {
                fact.named_params.push((name, given));
            }
        } else {
            fact.params.push(given);
            fact.param_names.push(name);
        }
        let binding = fact.binding;
        if is_receiver && let Some(class) = self.around.class {
            let class = &self.facts.classes[class as usize];
            let from = match binding {
                Binding::Instance => class.instance,
                Binding::Class => class.statics,
                Binding::Nothing => NONE,
            };
            if from != NONE {
                self.flow(Flow::Otherwise { to: given, from });
            }
            if binding != Binding::Nothing {
                self.around.receiver = given;
            }
        }
        if inner.kind() == "identifier" {
            self.parameter_variable(Some(inner), held, hint);
        } else {
            self.bind_target(inner, held, None);
        }
    }

    fn parameter_variable(&mut self, name: Option<Syntax<'t>>, held: Node, hint: Option<Syntax<'t>>) {
        let Some(name) = name else { return };
        let text = self.text_of(name);
        self.declare(self.scope, text, name.start_byte());
        let declared = hint.map_or(NONE, |hint| self.hint(hint));
        if declared != NONE {
            self.flow(Flow::Hinted { to: held, declared });
        }
        let scope = self.scope;
        if let Some(variable) = self.scopes[scope].names.get_mut(text) {
            variable.is_parameter = true;
            let variable = *variable;
            self.assign_variable(variable, held);
        }
    }
}

/// Whether a function is a generator.
fn yields(body: Syntax<'_>) -> bool {
    let mut found = false;
    preorder(body, |node| {
        found |= node.kind() == "yield";
        !found && !matches!(node.kind(), "function_definition" | "class_definition" | "lambda")
    });
    found
}

impl Default for Callee {
    fn default() -> Self {
        Self::nothing()
    }
}
