//! What follows from where a function is passed, and from what a generic function is given.

use drift_facts::SiteKind;

use super::super::Solver;
use super::super::declared::tidy;
use super::super::model::{ClassId, Node, SiteId};
use super::{Bindings, Part, Parts, Shape};

impl Solver<'_> {
    /// What a parameter without a type of its own is given, by where the function is passed.
    pub(super) fn type_from_context(&mut self, parameter: Node, depth: u32) -> Option<Parts> {
        let &(function, index) = self.declared.contexts.get(&parameter)?;
        let &(site, argument) = self.declared.passed.get(&function)?;
        let (kind, callee) = (self.sites[site as usize].kind, self.sites[site as usize].callee);
        if let Some((field, this)) = self.member_called(site) {
            let receiver = self.type_of(this, depth)?;
            let receiver = self.with_member(&receiver, field);
            return self.union(&receiver, |solver, part| {
                if let Some(given) = solver.given_by_library(part, field, argument, index, site, depth) {
                    return Some(given);
                }
                let member = solver.type_of_member(part, field, depth)?;
                solver.given_to_argument(&member, argument, index, site, depth)
            });
        }
        let called = self.type_of(callee, depth)?;
        let called = if kind == SiteKind::New { self.constructors(&called)? } else { called };
        self.given_to_argument(&called, argument, index, site, depth)
    }

    pub(super) fn constructors(&self, parts: &[Part]) -> Option<Parts> {
        parts
            .iter()
            .map(|&part| match part {
                Part::Maker(class) => Some(Part::Function(self.classes[class as usize].constructor)),
                _ => None,
            })
            .collect()
    }

    /// What a function that is the argument of a call of `called` is given as its argument `index`.
    pub(super) fn given_to_argument(
        &mut self,
        called: &[Part],
        argument: usize,
        index: usize,
        site: SiteId,
        depth: u32,
    ) -> Option<Parts> {
        self.union(called, |solver, part| {
            let taken = solver.accepted(part, argument, depth)?;
            let given = solver.union(&taken, |solver, callback| solver.accepted(callback, index, depth))?;
            if given.iter().any(|given| matches!(given, Part::Parameter(_) | Part::Shape(_))) {
                let bindings = solver.inferred(part, site, true, depth);
                return solver.substitute(given, &bindings);
            }
            Some(given)
        })
    }

    /// What a function of the project or of a signature accepts as an argument.
    pub(super) fn accepted(&mut self, part: Part, argument: usize, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        match part {
            Part::Function(function) => {
                let node = *self.functions[function as usize].params.get(argument)?;
                self.type_of(node, depth)
            }
            Part::Signature(returns) => {
                let accepts = self.declared.accepts.get(&returns)?;
                let &(_, node) = accepts.iter().find(|&&(index, _)| index as usize == argument)?;
                self.type_of(node, depth)
            }
            Part::Type(ty) => {
                let signatures = self.declared.signatures.get(&self.types[ty as usize].instance).cloned()?;
                let [returns] = signatures[..] else { return None };
                self.accepted(Part::Signature(returns), argument, depth)
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Bound(inner, bindings) => {
                    let accepted = self.accepted(inner, argument, depth)?;
                    self.substitute(accepted, &bindings)
                }
                Shape::Applied(inner, arguments) => {
                    let accepted = self.accepted(inner, argument, depth)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(accepted, &bindings)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What the type parameters of a function stand for in a call, by what it is given. `leaves_out`: functions among it.
    pub(super) fn inferred(&mut self, part: Part, site: SiteId, leaves_out: bool, depth: u32) -> Bindings {
        let function = match self.shape_of(part) {
            Some(Shape::Bound(inner, _)) => *inner,
            _ => part,
        };
        let parameters = self.parameters_of(function).to_vec();
        let mut bindings = Bindings::new();
        if parameters.is_empty() || self.is_too_far(depth) {
            return bindings;
        }
        self.unify_arguments(part, site, leaves_out, &parameters, &mut bindings, depth);
        if bindings.is_empty()
            && let Some(&to) = self.declared.assigned.get(&self.sites[site as usize].result)
            && let (Some(wanted), Some(given)) =
                (self.returns_if_function(part, depth + 1), self.type_of(to, depth + 1))
        {
            self.unify(&wanted, &given, &parameters, &mut bindings, depth + 1);
        }
        tidy_bindings(bindings)
    }

    /// What the type parameters of a class stand for where `new` makes an instance of it.
    pub(super) fn inferred_by_constructor(&mut self, class: ClassId, site: SiteId, depth: u32) -> Bindings {
        let parameters = self.parameters_of(Part::Class(class)).to_vec();
        let constructor = Part::Function(self.classes[class as usize].constructor);
        let mut bindings = Bindings::new();
        self.unify_arguments(constructor, site, false, &parameters, &mut bindings, depth);
        tidy_bindings(bindings)
    }

    /// `part` is called at a site: what that says of type parameters. See [`Solver::inferred`].
    fn unify_arguments(
        &mut self,
        part: Part,
        site: SiteId,
        leaves_out: bool,
        of: &[Node],
        bindings: &mut Bindings,
        depth: u32,
    ) {
        for index in 0..self.sites[site as usize].args.len() {
            let given = self.sites[site as usize].args[index];
            if leaves_out && self.declared.function_values.contains(&given) {
                continue;
            }
            if let (Some(wanted), Some(given)) = (self.accepted(part, index, depth + 1), self.type_of(given, depth + 1))
            {
                self.unify(&wanted, &given, of, bindings, depth + 1);
            }
        }
    }

    pub(super) fn unify(&mut self, wanted: &[Part], given: &[Part], of: &[Node], bindings: &mut Bindings, depth: u32) {
        if self.is_too_far(depth) {
            return;
        }
        for &part in wanted {
            if let Part::Parameter(parameter) = part {
                if of.contains(&parameter) {
                    let others = given.iter().copied().filter(|one| !wanted.contains(one));
                    match bindings.iter_mut().find(|(bound, _)| *bound == parameter) {
                        Some((_, parts)) => parts.extend(others),
                        None => bindings.push((parameter, others.collect())),
                    }
                }
                continue;
            }
            for &one in given {
                if let (Some(wanted), Some(given)) =
                    (self.element_if_list(part, depth), self.element_if_list(one, depth))
                {
                    self.unify(&wanted, &given, of, bindings, depth + 1);
                }
                if let (Some(Shape::Applied(left, wanted)), Some(Shape::Applied(right, given))) =
                    (self.shape_of(part).cloned(), self.shape_of(one).cloned())
                    && left == right
                {
                    for (wanted, given) in wanted.iter().zip(&given) {
                        self.unify(wanted, given, of, bindings, depth + 1);
                    }
                }
                if let Part::Maker(class) = one
                    && let Part::Type(ty) = part
                    && let Some(nodes) = self.types[ty as usize].members.get(&self.made).cloned()
                {
                    for node in nodes {
                        if let Some(wanted) = self.type_of(node, depth) {
                            self.unify(&wanted, &[Part::Class(class)], of, bindings, depth + 1);
                        }
                    }
                }
                if let (Some(wanted), Some(given)) =
                    (self.returns_if_function(part, depth), self.returns_if_function(one, depth))
                {
                    self.unify(&wanted, &given, of, bindings, depth + 1);
                }
            }
        }
    }

    pub(super) fn element_if_list(&mut self, part: Part, depth: u32) -> Option<Parts> {
        if self.is_list(part) { self.element(part, depth) } else { None }
    }

    pub(super) fn returns_if_function(&mut self, part: Part, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        match part {
            Part::Function(function) => self.type_of(self.functions[function as usize].returns, depth),
            Part::Signature(returns) => self.type_of(returns, depth),
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Bound(inner, bindings) => {
                    let returned = self.returns_if_function(inner, depth)?;
                    self.substitute(returned, &bindings)
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// In order, each part once; without those that may be too much.
fn tidy_bindings(mut bindings: Bindings) -> Bindings {
    bindings.sort_by_key(|&(parameter, _)| parameter);
    bindings.into_iter().filter_map(|(parameter, parts)| Some((parameter, tidy(parts)?))).collect()
}
