//! Imports and exports: which value a name of another file is.

use drift_facts::{ExportFact, ImportKind, Library, NONE};
use rustc_hash::FxHashSet;

use super::Solver;
use super::model::{Name, Node, Object, ObjectId, Pending, Use};
use crate::imports::Resolved;

impl Solver<'_> {
    pub(super) fn load_modules(&mut self, file: u32) {
        let facts = self.files[file as usize].facts;
        let node_base = self.bases[file as usize].node;
        let value = self.module_values[file as usize];
        if facts.module_object != NONE {
            let module = self.object(Object::CommonJs(file));
            self.add(node_base + facts.module_object, module);
            // The first object in `module.exports` is also what `exports` holds.
            let first = self.objects.len() as ObjectId;
            self.objects.push(Object::Plain);
            self.add(node_base + facts.exports_object, first);
            let exports = self.field(module, self.exports_name);
            self.add(exports, first);
            self.edge(exports, value);
        }
        let mut is_es_module = facts.module_object == NONE;
        for &export in &facts.exports {
            is_es_module = true;
            if let ExportFact::Local { from, .. } = export {
                self.use_of(node_base + from, Use::Escape);
            }
        }
        if is_es_module {
            let module = self.object(Object::Module(file));
            self.add(value, module);
        } else if facts.is_module {
            self.use_of(value, Use::Escape);
        }
        for import in &facts.imports {
            if import.to == NONE {
                continue;
            }
            let to = node_base + import.to;
            let specifier = self.files[file as usize].facts.names[import.specifier as usize].as_str();
            match self.imports.get(file, import.specifier) {
                Resolved::Missing => {
                    self.unresolved.insert(to);
                    self.add(to, self.unknown);
                }
                Resolved::External => {
                    let text = match import.kind {
                        ImportKind::Named(name) | ImportKind::Star(name) => {
                            let name = self.files[file as usize].facts.names[name as usize].as_str();
                            if name == "default" { specifier.to_owned() } else { format!("{specifier}.{name}") }
                        }
                        ImportKind::Namespace | ImportKind::Require => specifier.to_owned(),
                    };
                    let object = self.external(&text);
                    self.add(to, object);
                }
                Resolved::Folder(folder) => match import.kind {
                    ImportKind::Named(name) => {
                        let name = self.local(file, name);
                        self.read_folder(folder, name, to);
                    }
                    ImportKind::Star(_) => {}
                    ImportKind::Namespace | ImportKind::Require => {
                        let object = self.object(Object::Folder(folder));
                        self.add(to, object);
                    }
                },
                Resolved::File(target) => match import.kind {
                    ImportKind::Star(name) => {
                        let name = self.local(file, name);
                        self.forward_star(file, import.specifier, name, to);
                    }
                    ImportKind::Named(name) => {
                        let name = self.local(file, name);
                        let from = self.export_node(target, name);
                        self.edge(from, to);
                    }
                    ImportKind::Namespace | ImportKind::Require => self.pending_module(target, to),
                },
            }
        }
    }

    /// `to` holds the module of a file, which may not be loaded yet.
    pub(super) fn pending_module(&mut self, target: u32, to: Node) {
        let object = self.object(Object::Module(target));
        if self.is_common_js(target) {
            // Read through `module.exports`; the object is what names the file as the target of `require`.
            let module = self.object(Object::CommonJs(target));
            let exports = self.field(module, self.exports_name);
            self.edge(exports, to);
        }
        self.add(to, object);
    }

    pub(super) fn is_common_js(&self, file: u32) -> bool {
        let facts = self.files[file as usize].facts;
        facts.module_object != NONE
    }

    /// The node that holds what a file exports under a name.
    pub(super) fn export_node(&mut self, file: u32, name: Name) -> Node {
        if let Some(&node) = self.export_nodes.get(&(file, name)) {
            return node;
        }
        let node = self.fresh();
        self.export_nodes.insert((file, name), node);
        self.pending.push(Pending::Export { file, name, to: node });
        node
    }

    pub(super) fn find_export(&mut self, file: u32, name: Name, node: Node) {
        let mut found = false;
        let node_base = self.bases[file as usize].node;
        for export in self.exports[file as usize].get(&name).cloned().unwrap_or_default() {
            found = true;
            match export {
                ExportFact::Local { from, .. } => self.edge(node_base + from, node),
                ExportFact::Forward { specifier, imported, .. } => {
                    let imported = self.local(file, imported);
                    self.forward(file, specifier, imported, node);
                }
                ExportFact::ForwardNamespace { specifier, .. } => match self.imports.get(file, specifier) {
                    Resolved::File(target) => self.pending_module(target, node),
                    Resolved::External => {
                        let object = self.external(&self.files[file as usize].facts.names[specifier as usize].clone());
                        self.add(node, object);
                    }
                    Resolved::Folder(_) | Resolved::Missing => self.add(node, self.unknown),
                },
                ExportFact::All { .. } => {}
            }
        }
        if self.is_common_js(file) {
            let module = self.object(Object::CommonJs(file));
            let exports = self.field(module, self.exports_name);
            if name == self.default {
                self.edge(exports, node);
            } else {
                self.use_of(exports, Use::Load { to: node, field: name });
            }
            return;
        }
        let path = self.files[file as usize].path;
        if let Some(child) = self.imports.child(path, &self.names[name as usize]) {
            self.add_module(child, node);
        }
        let hook = self.name("__getattr__");
        if !found && name != hook && self.files[file as usize].facts.library == Library::Python {
            for export in self.exports[file as usize].get(&hook).cloned().unwrap_or_default() {
                if let ExportFact::Local { from, .. } = export {
                    self.use_of(node_base + from, Use::Returned { to: node });
                }
            }
        }
        if !found && name != self.default {
            let star = self.name("*");
            for export in self.exports[file as usize].get(&star).cloned().unwrap_or_default() {
                if let ExportFact::All { specifier } = export {
                    self.forward_star(file, specifier, name, node);
                }
            }
        }
    }

    /// Another file sets a variable of a module.
    pub(super) fn write_module(&mut self, file: u32, field: Name, from: Node) {
        let node_base = self.bases[file as usize].node;
        for export in self.exports[file as usize].get(&field).cloned().unwrap_or_default() {
            if let ExportFact::Local { from: variable, .. } = export {
                self.edge(from, node_base + variable);
            }
        }
        let node = self.export_node(file, field);
        self.edge(from, node);
    }

    pub(super) fn forward(&mut self, file: u32, specifier: u32, imported: Name, node: Node) {
        match self.imports.get(file, specifier) {
            Resolved::File(target) => {
                let from = self.export_node(target, imported);
                self.edge(from, node);
            }
            Resolved::External => {
                let specifier = &self.files[file as usize].facts.names[specifier as usize];
                let text = if imported == self.default {
                    specifier.clone()
                } else {
                    format!("{specifier}.{}", self.names[imported as usize])
                };
                let object = self.external(&text);
                self.add(node, object);
            }
            Resolved::Folder(folder) => self.read_folder(folder, imported, node),
            Resolved::Missing => {
                self.unresolved.insert(node);
                self.add(node, self.unknown);
            }
        }
    }

    /// A module of a package that has no file of its own.
    pub(super) fn read_folder(&mut self, folder: u32, name: Name, to: Node) {
        if let Some(child) = self.imports.child_of_folder(folder, &self.names[name as usize]) {
            self.add_module(child, to);
        }
    }

    fn add_module(&mut self, module: Resolved, to: Node) {
        match module {
            Resolved::File(file) => self.pending_module(file, to),
            Resolved::Folder(folder) => {
                let object = self.object(Object::Folder(folder));
                self.add(to, object);
            }
            Resolved::External | Resolved::Missing => {}
        }
    }

    /// Whether importing everything from a file leaves a name out.
    fn hides(&self, file: u32, name: Name) -> bool {
        let facts = self.files[file as usize].facts;
        facts.hidden.iter().any(|&hidden| self.local(file, hidden) == name)
    }

    /// `export *` offers a name only when the file behind it has it.
    pub(super) fn forward_star(&mut self, file: u32, specifier: u32, name: Name, node: Node) {
        match self.imports.get(file, specifier) {
            Resolved::File(target) => {
                if !self.hides(target, name) && self.offers(target, name) {
                    let from = self.export_node(target, name);
                    self.edge(from, node);
                }
            }
            Resolved::External => self.forward(file, specifier, name, node),
            Resolved::Folder(_) => {}
            Resolved::Missing => self.add(node, self.unknown),
        }
    }

    pub(super) fn offers(&self, file: u32, name: Name) -> bool {
        let Some(&star) = self.name_ids.get("*") else { return false };
        let mut visited = FxHashSet::default();
        let mut open = vec![file];
        while let Some(file) = open.pop() {
            if !visited.insert(file) {
                continue;
            }
            if self.is_common_js(file) || self.exports[file as usize].contains_key(&name) {
                return true;
            }
            for export in self.exports[file as usize].get(&star).into_iter().flatten() {
                if let ExportFact::All { specifier } = *export
                    && let Resolved::File(target) = self.imports.get(file, specifier)
                {
                    open.push(target);
                }
            }
        }
        false
    }
}
