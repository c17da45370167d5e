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

/// A variable of which a test says something.
#[derive(Clone, Copy)]
pub(crate) struct Narrowed<V> {
    pub(crate) variable: V,
    pub(crate) before: Option<Node>,
    pub(crate) after: Node,
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

    pub(crate) fn forget_where(&mut self, mut is_over: impl FnMut(V) -> bool) {
        self.current.retain(|&variable, _| !is_over(variable));
    }

    /// Whether anything reaches this point.
    pub(crate) fn is_reachable(&self) -> bool {
        !self.unreachable
    }

    /// Says whether anything reaches this point.
    pub(crate) fn set_reachable(&mut self, is_reachable: bool) {
        self.unreachable = !is_reachable;
    }

    /// From here on a variable holds what a test left of it.
    pub(crate) fn narrow(&mut self, variable: V, after: Node) -> Narrowed<V> {
        let before = self.get(variable);
        self.set(variable, after);
        Narrowed { variable, before, after }
    }

    /// What tests said, the newest last, no longer holds: each variable that was not assigned since holds what it held.
    pub(crate) fn widen(&mut self, narrowed: &[Narrowed<V>]) {
        for one in narrowed.iter().rev() {
            if self.get(one.variable) == Some(one.after) {
                match one.before {
                    Some(before) => self.set(one.variable, before),
                    None => self.forget(one.variable),
                }
            }
        }
    }

    /// What tests said no longer holds where all paths go on.
    pub(crate) fn widen_all(paths: &mut [Self], narrowed: &[Narrowed<V>]) {
        if paths.iter().all(Self::is_reachable) {
            for path in paths.iter_mut() {
                path.widen(narrowed);
            }
        }
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
