//! What a module takes from others, and what it offers.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{ExportFact, ImportFact, ImportKind, NONE, Name};

impl<'t> Lower<'t> {
    /// `import a.b`, `import a.b as c`
    pub(super) fn import_statement(&mut self, node: Syntax<'t>) {
        for item in fields(node, "name") {
            let (to, kind) = (self.node(), ImportKind::Namespace);
            if item.kind() == "aliased_import" {
                let module = item.child_by_field_name("name").map_or("", |name| self.text_of(name));
                let specifier = self.specifier(module);
                self.facts.imports.push(ImportFact { to, specifier, kind });
                if let Some(alias) = item.child_by_field_name("alias") {
                    self.note_import(self.text_of(alias), specifier, None);
                    self.bind(self.text_of(alias), to);
                }
            } else {
                let module = self.text_of(item);
                let first = module.split('.').next().unwrap_or(module).trim();
                let specifier = self.specifier(first);
                self.facts.imports.push(ImportFact { to, specifier, kind });
                if first != module {
                    // The modules on the way are loaded, too.
                    let specifier = self.specifier(module);
                    self.facts.imports.push(ImportFact { to: NONE, specifier, kind });
                }
                let specifier = self.specifier(first);
                self.note_import(first, specifier, None);
                self.bind(first, to);
            }
        }
    }

    /// `from a import b`, `from . import *`
    pub(super) fn import_from_statement(&mut self, node: Syntax<'t>) {
        let module = node.child_by_field_name("module_name").map_or("__future__", |name| self.text_of(name));
        let specifier = self.specifier(module);
        if children(node).iter().any(|child| child.kind() == "wildcard_import") {
            if !self.stars.contains(&specifier) {
                self.stars.push(specifier);
                self.facts.exports.push(ExportFact::All { specifier });
            }
            return;
        }
        for item in fields(node, "name") {
            let name = item.child_by_field_name("name").filter(|_| item.kind() == "aliased_import").unwrap_or(item);
            let bound = item.child_by_field_name("alias").unwrap_or(name);
            let to = self.node();
            let imported = self.name(self.text_of(name));
            self.facts.imports.push(ImportFact { to, specifier, kind: ImportKind::Named(imported) });
            self.note_import(self.text_of(bound), specifier, Some(imported));
            self.bind(self.text_of(bound), to);
        }
    }

    /// A name is bound to something of another module.
    fn note_import(&mut self, bound: &'t str, specifier: Name, imported: Option<Name>) {
        let Some(variable) = self.find_target(bound) else { return };
        let names = &self.facts.names;
        let text = match imported {
            Some(name) => format!("{}.{}", names[specifier as usize], names[name as usize]),
            None => names[specifier as usize].clone(),
        };
        self.imported.entry(variable.node).or_insert(text);
    }

    /// What an expression is called in the library, where it is a name of it: `typing.List`, `builtins.list`.
    pub(super) fn library_name(&self, node: Syntax<'_>) -> Option<String> {
        match node.kind() {
            "attribute" => {
                let base = self.library_name(node.child_by_field_name("object")?)?;
                Some(format!("{base}.{}", self.text_of(node.child_by_field_name("attribute")?)))
            }
            "identifier" => self.library_name_of(self.text_of(node)),
            _ => None,
        }
    }

    pub(super) fn library_name_of(&self, name: &str) -> Option<String> {
        match self.find(name) {
            Some(variable) => self.imported.get(&variable.node).filter(|name| !name.starts_with('.')).cloned(),
            None => super::expressions::is_builtin_name(name).then(|| format!("builtins.{name}")),
        }
    }

    fn specifier(&mut self, module: &str) -> u32 {
        let text: String = module.chars().filter(|character| !character.is_whitespace()).collect();
        self.name(&text)
    }

    /// Every name of the module can be imported; `__all__` says what importing everything means.
    pub(super) fn exports(&mut self, root: Syntax<'t>) {
        self.import_starred();
        let listed = self.listed(root);
        let scope = &self.scopes[0];
        let bound: Vec<(&'t str, u32)> = scope.order.iter().map(|&name| (name, scope.names[name].node)).collect();
        for (text, from) in bound {
            let name = self.name(text);
            self.facts.exports.push(ExportFact::Local { name, from });
            let is_hidden = match &listed {
                Some(listed) => !listed.contains(&text),
                None => text.starts_with('_'),
            };
            if is_hidden {
                self.facts.hidden.push(name);
            }
        }
    }

    /// The names in `__all__`, where these are written out.
    fn listed(&self, root: Syntax<'t>) -> Option<Vec<&'t str>> {
        let mut listed = None;
        for statement in children(root) {
            let Some(assignment) = statement.named_child(0) else { continue };
            if !matches!(assignment.kind(), "assignment" | "augmented_assignment") {
                continue;
            }
            let (left, right) = (assignment.child_by_field_name("left")?, assignment.child_by_field_name("right"));
            if self.text_of(left) != "__all__" {
                continue;
            }
            let names = right.filter(|right| matches!(right.kind(), "list" | "tuple"))?;
            let names = children(names).into_iter().filter_map(|name| self.constant_text(name));
            listed.get_or_insert_with(Vec::new).extend(names);
        }
        listed
    }
}
