//! Imports and exports: ES modules, CommonJS, and scripts that share their top level.

use oxc::ast::ast::{ExportDefaultDeclarationKind, ImportDeclarationSpecifier, ModuleDeclaration, ModuleExportName};

use super::Lower;
use crate::flow::{ExportFact, ImportFact, ImportKind, NONE, Node};

impl Lower<'_> {
    pub(super) fn module_declaration(&mut self, declaration: &ModuleDeclaration<'_>) {
        match declaration {
            ModuleDeclaration::ImportDeclaration(import) => {
                let specifier = self.name(&import.source.value);
                if import.specifiers.is_none() {
                    self.facts.imports.push(ImportFact { to: NONE, specifier, kind: ImportKind::Namespace });
                }
                for part in import.specifiers.iter().flatten() {
                    let (local, kind) = match part {
                        ImportDeclarationSpecifier::ImportSpecifier(named) => {
                            (&named.local, ImportKind::Named(self.name(&named.imported.name())))
                        }
                        ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => {
                            (&default.local, ImportKind::Named(self.name("default")))
                        }
                        ImportDeclarationSpecifier::ImportNamespaceSpecifier(namespace) => {
                            (&namespace.local, ImportKind::Namespace)
                        }
                    };
                    let to = Self::symbol(local.symbol_id());
                    self.facts.imports.push(ImportFact { to, specifier, kind });
                }
            }
            ModuleDeclaration::ExportAllDeclaration(all) => {
                let specifier = self.name(&all.source.value);
                let export = match &all.exported {
                    Some(exported) => {
                        let name = self.name(&exported.name());
                        ExportFact::ForwardNamespace { name, specifier }
                    }
                    None => ExportFact::All { specifier },
                };
                self.facts.exports.push(export);
            }
            ModuleDeclaration::ExportDeclaration(export) => {
                self.declaration(&export.declaration);
                for (name, from) in Self::declared_names(&export.declaration) {
                    self.export(&name, from);
                }
            }
            ModuleDeclaration::ExportNamedDeclaration(export) => {
                for specifier in &export.specifiers {
                    let from = match &specifier.local {
                        ModuleExportName::IdentifierReference(id) => self.read(id),
                        ModuleExportName::IdentifierName(_) | ModuleExportName::StringLiteral(_) => NONE,
                    };
                    self.export(&specifier.exported.name(), from);
                }
            }
            ModuleDeclaration::ExportFromDeclaration(export) => {
                let source = self.name(&export.source.value);
                for specifier in &export.specifiers {
                    let name = self.name(&specifier.exported.name());
                    let imported = self.name(&specifier.local.name());
                    self.facts.exports.push(ExportFact::Forward { name, specifier: source, imported });
                }
            }
            ModuleDeclaration::ExportDefaultDeclaration(export) => {
                let from = match &export.declaration {
                    ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                        self.function_declaration(function, "default")
                    }
                    ExportDefaultDeclarationKind::ClassDeclaration(class) => self.class(class, "default"),
                    ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                        self.interface(interface);
                        Self::symbol(interface.id.symbol_id())
                    }
                    expression => expression
                        .as_expression()
                        .map_or(NONE, |expression| self.named_expression(expression, Some("default"))),
                };
                self.export("default", from);
            }
            ModuleDeclaration::TSExportAssignment(export) => {
                let from = self.named_expression(&export.expression, Some("module.exports"));
                if self.facts.module_object == NONE {
                    self.common_js();
                }
                self.store(self.facts.module_object, "exports", from);
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn export(&mut self, name: &str, from: Node) {
        if from != NONE {
            let name = self.name(name);
            self.facts.exports.push(ExportFact::Local { name, from });
        }
    }

    /// Makes the nodes of `module` and `exports`.
    pub(super) fn common_js(&mut self) {
        self.facts.module_object = self.node();
        self.facts.exports_object = self.node();
    }

    /// The node of `module` or `exports` where they are not ordinary names.
    pub(super) fn common_js_name(&self, name: &str) -> Option<Node> {
        let node = match name {
            "module" => self.facts.module_object,
            "exports" => self.facts.exports_object,
            _ => NONE,
        };
        (node != NONE).then_some(node)
    }

    /// Whether a file without `import` and `export` is a CommonJS module: it names `module`, `exports` or `require`.
    pub(super) fn uses_common_js(&self) -> bool {
        ["module", "exports", "require"]
            .iter()
            .any(|name| self.scoping.root_unresolved_references().keys().any(|unresolved| unresolved.as_str() == *name))
    }

    /// Top-level names of a script are properties of the global object.
    pub(super) fn script_globals(&mut self) {
        let root = self.scoping.root_scope_id();
        let mut globals: Vec<(String, Node)> = self
            .scoping
            .get_bindings(root)
            .iter()
            .map(|(name, symbol)| (name.to_string(), Self::symbol(*symbol)))
            .collect();
        globals.sort();
        for (name, node) in globals {
            let name = self.name(&name);
            self.facts.globals.push((name, node));
        }
    }
}
