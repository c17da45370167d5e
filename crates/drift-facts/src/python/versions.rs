//! Which assignment a read of a variable sees, where code runs straight; see the module of the same name beside
//! `javascript`, whose rules these are.

use std::mem;

use tree_sitter::Node as Syntax;

use super::Lower;
use super::scopes::Variable;
use crate::flow::{NONE, Node};

/// What variables hold at one point of a function, by the node that holds all they ever hold.
pub(super) type Versions = crate::versions::Versions<Node>;

impl<'t> Lower<'t> {
    /// The node that holds the variable's value here.
    pub(super) fn version(&self, variable: Variable) -> Node {
        self.versions.get(variable.node).unwrap_or(variable.node)
    }

    /// The variable holds this from here on.
    pub(super) fn assign_variable(&mut self, variable: Variable, from: Node) {
        let all = variable.node;
        if variable.is_shared || variable.writes < 2 {
            self.assign(all, from);
            return;
        }
        let version = if from == NONE { self.node() } else { from };
        self.assign(all, version);
        self.versions.set(all, version);
    }

    /// What is assigned in this stretch may or may not have happened, or happen again.
    pub(super) fn forget_versions(&mut self, syntax: Syntax<'t>) {
        self.versions.set_reachable(true);
        self.forget_keys();
        if self.versions.is_empty() {
            return;
        }
        for node in self.assigned_within(syntax) {
            self.versions.forget(node);
        }
    }

    fn assigned_within(&self, syntax: Syntax<'t>) -> Vec<Node> {
        let range = syntax.byte_range();
        let mut found = Vec::new();
        for id in self.running_scopes() {
            let places = &self.scopes[id].places;
            let first = places.partition_point(|&(at, _)| (at as usize) < range.start);
            let end = places.partition_point(|&(at, _)| (at as usize) < range.end);
            found.extend(places[first..end].iter().map(|&(_, node)| node));
        }
        found
    }

    /// Nothing behind this point is reached from it.
    pub(super) fn end_path(&mut self) {
        self.versions.set_reachable(false);
    }

    /// Lowers what may or may not run.
    pub(super) fn optional<R>(&mut self, syntax: Syntax<'t>, lower: impl FnOnce(&mut Self) -> R) -> R {
        if self.assigned_within(syntax).is_empty() {
            self.forget_keys();
            let result = lower(self);
            self.forget_keys();
            self.versions.set_reachable(true);
            return result;
        }
        let before = self.versions.clone();
        self.forget_keys();
        let result = lower(self);
        let after = mem::take(&mut self.versions);
        self.meet(vec![before, after]);
        result
    }

    /// Lowers what may run any number of times.
    pub(super) fn repeated(&mut self, syntax: Syntax<'t>, lower: impl FnOnce(&mut Self)) {
        self.forget_versions(syntax);
        // What a test says of a variable holds inside only.
        let before = self.versions_here();
        lower(self);
        self.go_on_from(before);
    }

    pub(super) fn versions_here(&self) -> Versions {
        self.versions.clone()
    }

    /// Goes on from another point; returns what holds at this one.
    pub(super) fn go_on_from(&mut self, versions: Versions) -> Versions {
        self.forget_keys();
        mem::replace(&mut self.versions, versions)
    }

    /// Several paths meet here.
    pub(super) fn meet(&mut self, paths: Vec<Versions>) {
        self.forget_keys();
        self.versions = Versions::meet(paths, |one, other| self.either(&[one, other]));
    }
}
