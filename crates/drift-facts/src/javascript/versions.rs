//! Which assignment a read of a reassigned variable sees.
//!
//! A variable that is assigned again gets a node of its own per assignment, as in static single assignment form, as long
//! as the code runs straight: `f = a; f(); f = b; f();` calls `a`, then `b`. Where paths meet the versions are joined;
//! where code can run more than once, or be left in the middle (loops, `try`, `switch`), what is assigned in there is
//! forgotten and the variable's own node, which holds every value it ever gets, is read again. Functions inside read
//! that node too, for nobody knows when they run; a variable that they assign has no versions at all.

use std::mem;

use oxc::ast::ast::{
    AssignmentTarget, BindingPattern, FormalParameter, IdentifierReference, Program, VariableDeclarator,
};
use oxc::ast_visit::{Visit, walk};
use oxc::semantic::{ScopeId, Scoping, SymbolId};
use oxc::span::{GetSpan, Span};
use rustc_hash::FxHashSet;

use super::Lower;
use super::narrowing::Place;
use crate::flow::{Detail, NONE, Node};

/// What variables hold at one point of a function.
pub(super) type Versions = crate::versions::Versions<Place>;

/// Assignments, and the variables that have versions.
pub(super) struct Assignments {
    /// By position, those to variables that were declared before.
    places: Vec<(u32, SymbolId)>,
    /// By position, those to members.
    members: Vec<u32>,
    versioned: FxHashSet<SymbolId>,
}

impl Assignments {
    pub(super) fn find(program: &Program<'_>, scoping: &Scoping) -> Self {
        let versioned: FxHashSet<SymbolId> =
            scoping.symbol_ids().filter(|&symbol| is_assigned_where_declared(scoping, symbol)).collect();
        let found = Self { places: Vec::new(), members: Vec::new(), versioned };
        let mut finder = Finder { scoping, found };
        finder.visit_program(program);
        let mut found = finder.found;
        found.places.sort_unstable_by_key(|&(at, _)| at);
        found.members.sort_unstable();
        found
    }

    fn within(&self, span: Span) -> &[(u32, SymbolId)] {
        let first = self.places.partition_point(|&(at, _)| at < span.start);
        let end = self.places.partition_point(|&(at, _)| at < span.end);
        &self.places[first..end]
    }

    fn are_members_within(&self, span: Span) -> bool {
        let first = self.members.partition_point(|&at| at < span.start);
        self.members.get(first).is_some_and(|&at| at < span.end)
    }

    fn are_any_within(&self, span: Span) -> bool {
        !self.within(span).is_empty() || self.are_members_within(span)
    }
}

/// It is assigned after its declaration, and only by the function that declares it.
fn is_assigned_where_declared(scoping: &Scoping, symbol: SymbolId) -> bool {
    if !scoping.symbol_is_mutated(symbol) {
        return false;
    }
    let owner = function_scope(scoping, scoping.symbol_scope_id(symbol));
    scoping
        .get_resolved_references(symbol)
        .filter(|reference| reference.is_write())
        .all(|reference| function_scope(scoping, reference.scope_id()) == owner)
}

fn function_scope(scoping: &Scoping, scope: ScopeId) -> Option<ScopeId> {
    scoping.scope_ancestors(scope).find(|&scope| scoping.scope_flags(scope).is_var())
}

struct Finder<'s> {
    scoping: &'s Scoping,
    found: Assignments,
}

impl Finder<'_> {
    /// What a declared type says holds for every version, so there is one only.
    fn leave_out(&mut self, pattern: &BindingPattern<'_>) {
        for id in pattern.get_binding_identifiers() {
            self.found.versioned.remove(&id.symbol_id());
        }
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_identifier_reference(&mut self, id: &IdentifierReference<'a>) {
        let reference = self.scoping.get_reference(id.reference_id());
        if let (true, Some(symbol)) = (reference.is_write(), reference.symbol_id()) {
            self.found.places.push((id.span.start, symbol));
        }
    }
    fn visit_assignment_target(&mut self, target: &AssignmentTarget<'a>) {
        if target.as_simple_assignment_target().is_some_and(|target| target.as_member_expression().is_some()) {
            self.found.members.push(target.span().start);
        }
        walk::walk_assignment_target(self, target);
    }
    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if declarator.type_annotation.is_some() {
            self.leave_out(&declarator.id);
        }
        walk::walk_variable_declarator(self, declarator);
    }
    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        if parameter.type_annotation.is_some() {
            self.leave_out(&parameter.pattern);
        }
        walk::walk_formal_parameter(self, parameter);
    }
}

impl Lower<'_> {
    /// The node that holds the variable's value here.
    pub(super) fn version(&self, symbol: SymbolId) -> Node {
        self.versions.get(Place::Variable(symbol)).unwrap_or_else(|| Self::symbol(symbol))
    }

    /// The variable holds this from here on.
    pub(super) fn assign_variable(&mut self, symbol: SymbolId, from: Node) {
        let (all, place) = (Self::symbol(symbol), Place::Variable(symbol));
        self.forget_members(Some(symbol));
        if from == all || !self.assignments.versioned.contains(&symbol) {
            self.assign(all, from);
            self.versions.forget(place);
            return;
        }
        let version = self.node();
        self.assign(version, from);
        self.assign(all, version);
        if let Some(&first) = self.first_versions.get(&symbol) {
            self.detail(version, Detail::Like, 0, first);
        }
        self.versions.set(place, version);
    }

    /// The variable is declared with this value, from which its type follows.
    pub(super) fn declare_variable(&mut self, symbol: SymbolId, from: Node) {
        self.assign_variable(symbol, from);
        if from != NONE && self.assignments.versioned.contains(&symbol) {
            self.first_versions.insert(symbol, self.version(symbol));
        }
    }

    /// The node that a parameter's arguments go to.
    pub(super) fn parameter_variable(&mut self, symbol: SymbolId) -> Node {
        if !self.assignments.versioned.contains(&symbol) {
            return Self::symbol(symbol);
        }
        let from = self.node();
        self.assign_variable(symbol, from);
        from
    }

    /// What is assigned in this stretch may or may not have happened, or happen again.
    pub(super) fn forget_versions(&mut self, span: Span) {
        self.versions.set_reachable(true);
        if self.versions.is_empty() {
            return;
        }
        if self.assignments.are_members_within(span) {
            self.forget_members(None);
        }
        let symbols: Vec<SymbolId> = self.assignments.within(span).iter().map(|&(_, symbol)| symbol).collect();
        for symbol in symbols {
            self.versions.forget(Place::Variable(symbol));
            self.forget_members(Some(symbol));
        }
    }

    /// Nothing behind this point is reached from it.
    pub(super) fn end_path(&mut self) {
        self.versions.set_reachable(false);
    }

    /// Lowers what may or may not run.
    pub(super) fn optional<R>(&mut self, span: Span, lower: impl FnOnce(&mut Self) -> R) -> R {
        if !self.assignments.are_any_within(span) {
            return lower(self);
        }
        let before = self.versions.clone();
        let result = lower(self);
        let after = mem::take(&mut self.versions);
        self.meet(vec![before, after]);
        result
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
        self.versions = Versions::meet(paths, |one, other| {
            let either = self.node();
            self.assign(either, one);
            self.assign(either, other);
            either
        });
    }

    /// A `let` without a value holds nothing until it is assigned.
    pub(super) fn declare_empty(&mut self, symbol: SymbolId) {
        if self.assignments.versioned.contains(&symbol) {
            self.assign_variable(symbol, NONE);
        }
    }
}
