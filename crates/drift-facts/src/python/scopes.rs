//! Which name means which variable: Python binds a name in the innermost function, class or module that assigns it.

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Syntax;

use super::Lower;
use crate::flow::Node;

pub(super) type ScopeId = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Function,
    Class,
    Comprehension,
}

/// A name that a scope binds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variable {
    /// Holds every value that it ever gets.
    pub node: Node,
    /// How often it is assigned, and whether only by the code of its scope.
    pub writes: u32,
    pub is_shared: bool,
    pub is_parameter: bool,
    pub is_import: bool,
}

pub(super) struct Scope<'t> {
    pub kind: ScopeKind,
    parent: Option<ScopeId>,
    pub names: FxHashMap<&'t str, Variable>,
    /// In the order in which they are first bound.
    pub order: Vec<&'t str>,
    globals: FxHashSet<&'t str>,
    nonlocals: FxHashSet<&'t str>,
    /// Where variables are assigned, by position.
    pub places: Vec<(u32, Node)>,
}

impl<'t> Lower<'t> {
    /// Names that functions assign beyond their own scope.
    pub(super) fn find_shared(&mut self, root: Syntax<'t>) {
        if !self.may_hold(root, &["global", "nonlocal"]) {
            return;
        }
        preorder(root, |node| {
            if matches!(node.kind(), "global_statement" | "nonlocal_statement") {
                for name in super::children(node) {
                    self.shared.insert(self.text_of(name));
                }
            }
            true
        });
    }

    /// Whether one of these keywords can stand in a node. Its text tells in a fraction of the time that its parts take, save
    /// where the parser may have made one up.
    pub(super) fn may_hold(&self, node: Syntax<'_>, keywords: &[&str]) -> bool {
        let text = self.text_of(node);
        node.has_error() || text.is_empty() || keywords.iter().any(|keyword| text.contains(keyword))
    }

    /// A new scope inside the current one, with all that `body` binds.
    pub(super) fn open_scope(&mut self, kind: ScopeKind, body: Syntax<'t>) -> ScopeId {
        let id = self.scopes.len();
        let parent = (id > 0).then_some(self.scope);
        self.scopes.push(Scope {
            kind,
            parent,
            names: FxHashMap::default(),
            order: Vec::new(),
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            places: Vec::new(),
        });
        if kind != ScopeKind::Comprehension {
            self.collect(id, body);
            self.scopes[id].places.sort_unstable();
        }
        if kind == ScopeKind::Module {
            self.collect_globals(id, body);
        }
        id
    }

    /// Names that only functions assign at the top level.
    fn collect_globals(&mut self, id: ScopeId, root: Syntax<'t>) {
        if !self.may_hold(root, &["global"]) {
            return;
        }
        preorder(root, |node| {
            if node.kind() == "global_statement" {
                for name in super::children(node) {
                    let text = self.text_of(name);
                    self.declare(id, text, node.start_byte());
                }
            }
            true
        });
    }

    fn collect(&mut self, id: ScopeId, body: Syntax<'t>) {
        preorder(body, |node| {
            match node.kind() {
                "function_definition" | "class_definition" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        self.declare(id, self.text_of(name), name.start_byte());
                    }
                    return node == body;
                }
                "lambda" => return node == body,
                "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                    self.collect_walrus(id, node);
                    return false;
                }
                "assignment" | "augmented_assignment" | "for_statement" => self.declare_field(id, node, "left"),
                "named_expression" => self.declare_field(id, node, "name"),
                "type_alias_statement" => self.declare_field(id, node, "left"),
                "as_pattern" => {
                    if let Some(alias) = node.child_by_field_name("alias") {
                        self.declare_targets(id, alias);
                    }
                }
                "delete_statement" => {}
                "case_pattern" => self.declare_captures(id, node),
                "import_statement" | "import_from_statement" | "future_import_statement" => {
                    for name in super::fields(node, "name") {
                        let bound = name.child_by_field_name("alias").unwrap_or(name);
                        let text = self.text_of(bound);
                        let text = if node.kind() == "import_statement" && name.kind() == "dotted_name" {
                            text.split('.').next().unwrap_or(text).trim()
                        } else {
                            text
                        };
                        self.declare(id, text, bound.start_byte());
                        if let Some(variable) = self.scopes[id].names.get_mut(text) {
                            variable.is_import = true;
                        }
                    }
                    return false;
                }
                "global_statement" | "nonlocal_statement" if self.scopes[id].kind != ScopeKind::Module => {
                    for name in super::children(node) {
                        let text = self.text_of(name);
                        let scope = &mut self.scopes[id];
                        scope.names.remove(text);
                        scope.order.retain(|known| *known != text);
                        let declared =
                            if node.kind() == "global_statement" { &mut scope.globals } else { &mut scope.nonlocals };
                        declared.insert(text);
                    }
                    return false;
                }
                _ => {}
            }
            true
        });
    }

    /// `:=` inside a comprehension binds in the scope around it.
    fn collect_walrus(&mut self, id: ScopeId, comprehension: Syntax<'t>) {
        preorder(comprehension, |node| {
            if node.kind() == "named_expression" {
                self.declare_field(id, node, "name");
            }
            node.kind() != "lambda"
        });
    }

    fn declare_captures(&mut self, id: ScopeId, pattern: Syntax<'t>) {
        preorder(pattern, |node| {
            if node.kind() == "identifier" && self.is_capture(node) {
                self.declare(id, self.text_of(node), node.start_byte());
            }
            true
        });
    }

    /// Whether an identifier in a `case` pattern takes a value.
    pub(super) fn is_capture(&self, identifier: Syntax<'_>) -> bool {
        let Some(parent) = identifier.parent() else { return false };
        match parent.kind() {
            "dotted_name" => {
                parent.named_child_count() == 1
                    && parent
                        .parent()
                        .is_some_and(|outer| outer.kind() != "class_pattern" && self.text_of(parent) != "_")
            }
            "splat_pattern" | "as_pattern" | "as_pattern_target" => self.text_of(identifier) != "_",
            _ => false,
        }
    }

    fn declare_field(&mut self, id: ScopeId, node: Syntax<'t>, field: &str) {
        if let Some(target) = node.child_by_field_name(field) {
            self.declare_targets(id, target);
        }
    }

    /// Every plain name in a target of an assignment.
    pub(super) fn declare_targets(&mut self, id: ScopeId, target: Syntax<'t>) {
        preorder(target, |node| match node.kind() {
            "identifier" => {
                self.declare(id, self.text_of(node), node.start_byte());
                false
            }
            "attribute" | "subscript" | "call" => false,
            _ => true,
        });
    }

    pub(super) fn declare(&mut self, id: ScopeId, name: &'t str, at: usize) {
        if self.scopes[id].globals.contains(name) || self.scopes[id].nonlocals.contains(name) {
            return;
        }
        if !self.scopes[id].names.contains_key(name) {
            let (node, is_shared) = (self.node(), self.shared.contains(name));
            let variable = Variable { node, writes: 0, is_shared, is_parameter: false, is_import: false };
            self.scopes[id].names.insert(name, variable);
            self.scopes[id].order.push(name);
        }
        let scope = &mut self.scopes[id];
        if let Some(variable) = scope.names.get_mut(name) {
            variable.writes += 1;
            scope.places.push((at as u32, variable.node));
        }
    }

    /// What a name means here; `None` when no scope of the file binds it.
    pub(super) fn find(&self, name: &str) -> Option<Variable> {
        let mut id = self.scope;
        loop {
            let scope = &self.scopes[id];
            if scope.globals.contains(name) {
                return self.scopes[0].names.get(name).copied();
            }
            if (scope.kind != ScopeKind::Class || id == self.scope)
                && let Some(&variable) = scope.names.get(name)
            {
                return Some(variable);
            }
            id = scope.parent?;
        }
    }

    /// What assigning a name means here; a name bound by `:=` in a comprehension belongs to the scope around it.
    pub(super) fn find_target(&self, name: &str) -> Option<Variable> {
        let scope = &self.scopes[self.scope];
        match scope.names.get(name) {
            Some(&variable) => Some(variable),
            None => self.find(name),
        }
    }

    /// The scopes whose code runs as part of the current function: classes and comprehensions inside it, and itself.
    pub(super) fn running_scopes(&self) -> Vec<ScopeId> {
        let mut found = vec![self.scope];
        let mut id = self.scope;
        while matches!(self.scopes[id].kind, ScopeKind::Class | ScopeKind::Comprehension)
            && let Some(parent) = self.scopes[id].parent
        {
            id = parent;
            found.push(id);
        }
        found
    }
}

/// Visits a node and what is below it, costing no stack; `visit` says whether to go on below a node.
pub(super) fn preorder<'t>(root: Syntax<'t>, mut visit: impl FnMut(Syntax<'t>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        loop {
            if cursor.node() == root {
                return;
            }
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
