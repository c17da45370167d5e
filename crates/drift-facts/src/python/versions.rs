//! Which assignment a read of a variable sees, where code runs straight; see the module of the same name beside
//! `javascript`, whose rules these are.

use std::mem;

use rustc_hash::FxHashMap;
use tree_sitter::Node as Syntax;

use super::Lower;
use super::scopes::Variable;
use crate::flow::{NONE, Node};

/// Versions kept at once; past that all are forgotten, so that many paths over many variables stay cheap.
const MAX_VERSIONS: usize = 128;

/// What variables hold at one point of a function, by the node that holds all they ever hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    current: FxHashMap<Node, Node>,
    /// The point is behind a `return`, `raise`, `break` or `continue`.
    unreachable: bool,
}

impl<'t> Lower<'t> {
    /// The node that holds the variable's value here.
    pub(super) fn version(&self, variable: Variable) -> Node {
        self.versions.current.get(&variable.node).copied().unwrap_or(variable.node)
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
        if self.versions.current.len() >= MAX_VERSIONS {
            self.versions.current.clear();
        }
        self.versions.current.insert(all, version);
    }

    /// What is assigned in this stretch may or may not have happened, or happen again.
    pub(super) fn forget_versions(&mut self, syntax: Syntax<'t>) {
        self.versions.unreachable = false;
        if self.versions.current.is_empty() {
            return;
        }
        for node in self.assigned_within(syntax) {
            self.versions.current.remove(&node);
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
        self.versions.unreachable = true;
    }

    /// Lowers what may or may not run.
    pub(super) fn optional<R>(&mut self, syntax: Syntax<'t>, lower: impl FnOnce(&mut Self) -> R) -> R {
        if self.assigned_within(syntax).is_empty() {
            let result = lower(self);
            self.versions.unreachable = false;
            return result;
        }
        let before = self.versions.clone();
        let result = lower(self);
        let after = mem::take(&mut self.versions);
        self.meet(vec![before, after]);
        result
    }

    /// Lowers what may run any number of times.
    pub(super) fn repeated(&mut self, syntax: Syntax<'t>, lower: impl FnOnce(&mut Self)) {
        self.forget_versions(syntax);
        lower(self);
        self.forget_versions(syntax);
    }

    pub(super) fn versions_here(&self) -> Versions {
        self.versions.clone()
    }

    /// Goes on from another point; returns what holds at this one.
    pub(super) fn go_on_from(&mut self, versions: Versions) -> Versions {
        mem::replace(&mut self.versions, versions)
    }

    /// Several paths meet here.
    pub(super) fn meet(&mut self, paths: Vec<Versions>) {
        let mut live = paths.into_iter().filter(|path| !path.unreachable);
        let Some(mut met) = live.next() else {
            self.versions = Versions { current: FxHashMap::default(), unreachable: true };
            return;
        };
        for path in live {
            let mut variables: Vec<Node> = met.current.keys().copied().collect();
            variables.sort_unstable();
            for variable in variables {
                match path.current.get(&variable) {
                    None => {
                        met.current.remove(&variable);
                    }
                    Some(&other) => {
                        let one = met.current[&variable];
                        if one != other {
                            let either = self.either(&[one, other]);
                            met.current.insert(variable, either);
                        }
                    }
                }
            }
        }
        self.versions = met;
    }
}
