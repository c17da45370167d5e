//! What the variables of a function hold at one point of it: the part of versions that no language changes.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::flow::Node;

/// Versions kept at once; past that all are forgotten, so that many paths over many variables stay cheap.
const MAX_VERSIONS: usize = 128;

/// The node that holds the value of each variable at one point; a variable that is missing may hold all it ever holds.
#[derive(Clone, Debug)]
pub(crate) struct Versions<V> {
    current: FxHashMap<V, Node>,
    /// Nothing reaches the point: it is behind a `return` and the like.
    unreachable: bool,
}

impl<V> Default for Versions<V> {
    fn default() -> Self {
        Self { current: FxHashMap::default(), unreachable: false }
    }
}

impl<V: Copy + Ord + Hash> Versions<V> {
    pub(crate) fn get(&self, variable: V) -> Option<Node> {
        self.current.get(&variable).copied()
    }

    pub(crate) fn set(&mut self, variable: V, version: Node) {
        if self.current.len() >= MAX_VERSIONS {
            self.current.clear();
        }
        self.current.insert(variable, version);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.current.is_empty()
    }

    pub(crate) fn forget(&mut self, variable: V) {
        self.current.remove(&variable);
    }

    /// Whether anything reaches this point.
    pub(crate) fn is_reachable(&self) -> bool {
        !self.unreachable
    }

    /// Says whether anything reaches this point.
    pub(crate) fn set_reachable(&mut self, is_reachable: bool) {
        self.unreachable = !is_reachable;
    }

    /// What holds where several paths meet; `either` makes a node that holds what two nodes hold. In order of the
    /// variables, so that nodes are numbered alike each time.
    pub(crate) fn meet(paths: Vec<Self>, mut either: impl FnMut(Node, Node) -> Node) -> Self {
        let mut live = paths.into_iter().filter(|path| !path.unreachable);
        let Some(mut met) = live.next() else {
            return Self { current: FxHashMap::default(), unreachable: true };
        };
        for path in live {
            let mut variables: Vec<V> = met.current.keys().copied().collect();
            variables.sort_unstable();
            for variable in variables {
                match path.get(variable) {
                    None => met.forget(variable),
                    Some(other) => {
                        let one = met.current[&variable];
                        if one != other {
                            met.current.insert(variable, either(one, other));
                        }
                    }
                }
            }
        }
        met
    }
}
