//! Types of what calls return and `new` makes.

use drift_facts::{CalleeShape, Flow, SiteKind};

use super::super::Solver;
use super::super::declared::{SITE, tidy};
use super::super::model::{Name, Node, Object, SiteId};
use super::{Part, Parts, Shape};

impl Solver<'_> {
    /// The member that a site calls on its receiver, and the node of the receiver.
    pub(in crate::solve) fn member_called(&self, site: SiteId) -> Option<(Name, Node)> {
        let file = self.file_of_site(site);
        // Behind the calls that are written come those that are not.
        let fact = self.files[file].facts.sites.get((site - self.bases[file].site) as usize)?;
        let CalleeShape::Member(field) = fact.shape else { return None };
        let this = self.sites[site as usize].this;
        (fact.on_receiver && this != 0).then(|| (self.local(file as u32, field), this))
    }

    pub(super) fn type_of_call(&mut self, site: SiteId, depth: u32) -> Option<Parts> {
        let (kind, callee) = (self.sites[site as usize].kind, self.sites[site as usize].callee);
        match kind {
            SiteKind::New => return self.type_of_made(site, callee, depth),
            SiteKind::Call | SiteKind::OptionalCall => {}
            _ => return None,
        }
        if let Some((field, this)) = self.member_called(site) {
            if let Some(known) = self.made_by_library(site, field, this, depth) {
                return Some(known);
            }
            let receiver = self.type_of(this, depth)?;
            let receiver = self.with_member(&receiver, field);
            return self.union(&receiver, |solver, part| {
                if let Some(known) = solver.returned_by_library(part, field, site, depth) {
                    return Some(known);
                }
                let member = solver.type_of_member(part, field, depth)?;
                solver.union(&member, |solver, function| solver.returned(function, site, depth))
            });
        }
        if let Some(called) = self.type_of(callee, depth) {
            return self.union(&called, |solver, function| solver.returned(function, site, depth));
        }
        if self.declared.filled.contains(&callee) && !self.declared.imported.contains_key(&callee) {
            return None;
        }
        let held = self.graph.objects(callee).to_vec();
        let mut all = Parts::new();
        for object in &held {
            let Object::Function(function) = self.objects[*object as usize] else { return None };
            all.extend(self.returned(Part::Function(function), site, depth)?);
        }
        if held.is_empty() { None } else { tidy(all) }
    }

    /// What `new` makes at a site.
    pub(super) fn type_of_made(&mut self, site: SiteId, callee: Node, depth: u32) -> Option<Parts> {
        let file = self.file_of_site(site);
        if !self.files[file].facts.is_typed {
            return None;
        }
        let result = self.sites[site as usize].result;
        let explicit = self.argument_types(result, depth);
        if let Some(name) = self.global_named(callee) {
            let mut arguments: Vec<Parts> = explicit?.into_iter().collect::<Option<_>>()?;
            return match (self.names[name as usize].as_str(), arguments.len()) {
                ("Map" | "WeakMap", 2) => {
                    let values = arguments.pop()?;
                    Some(vec![self.shape(Shape::Map(arguments.pop()?, values))?])
                }
                ("Set" | "Array", 1) => self.list_of(arguments.pop()?),
                _ => None,
            };
        }
        let called = self.type_of(callee, depth)?;
        self.union(&called, |solver, part| match part {
            Part::Maker(class) => {
                let constructor = solver.classes[class as usize].constructor;
                // It may return something else.
                if !solver.sources_of(solver.functions[constructor as usize].returns).is_empty() {
                    return None;
                }
                let made = Part::Class(class);
                let parameters = solver.parameters_of(made).to_vec();
                if parameters.is_empty() {
                    return Some(vec![made]);
                }
                let arguments = match &explicit {
                    Some(explicit) => explicit.clone(),
                    None => {
                        let bindings = solver.inferred_by_constructor(class, site, depth);
                        let of = |parameter: &Node| {
                            let at = bindings.iter().find(|(bound, _)| bound == parameter);
                            at.map(|(_, parts)| parts.clone())
                        };
                        parameters.iter().map(of).collect()
                    }
                };
                Some(vec![solver.applied(made, Some(&arguments))])
            }
            Part::Type(ty) => {
                let nodes = solver.types[ty as usize].members.get(&solver.made).cloned()?;
                let mut parts = Parts::new();
                for node in nodes {
                    parts.extend(solver.type_of(node, depth)?);
                }
                tidy(parts)
            }
            _ => None,
        })
    }

    /// What calling a function of this type at a site returns.
    pub(super) fn returned(&mut self, part: Part, site: SiteId, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        let returned = match part {
            Part::Function(function) => self.type_of(self.functions[function as usize].returns, depth)?,
            Part::Signature(returns) => self.type_of(returns, depth)?,
            Part::Type(ty) => {
                let signatures = self.declared.signatures.get(&self.types[ty as usize].instance).cloned()?;
                let mut all = Parts::new();
                for returns in signatures {
                    all.extend(self.returned(Part::Signature(returns), site, depth + 1)?);
                }
                return tidy(all);
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Bound(inner, bindings) => {
                    let returned = self.returns_if_function(inner, depth)?;
                    self.substitute(returned, &bindings)?
                }
                Shape::Applied(inner, arguments) => {
                    let returned = self.returned(inner, site, depth + 1)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(returned, &bindings)?
                }
                _ => return None,
            },
            _ => return None,
        };
        if returned.iter().any(|part| matches!(part, Part::Parameter(_) | Part::Shape(_))) {
            let bindings = self.inferred(part, site, false, depth);
            return self.substitute(returned, &bindings);
        }
        Some(returned)
    }

    /// The global variable that a node reads.
    pub(super) fn global_named(&self, node: Node) -> Option<Name> {
        let sources = &self.declared.sources;
        let first = sources.partition_point(|&(to, _)| to < node);
        let &(to, entry) = sources.get(first)?;
        if to != node || entry >= SITE {
            return None;
        }
        let file = self.file_of(node)?;
        match self.files[file].facts.flows[entry as usize] {
            Flow::Global { name, .. } => Some(self.bases[file].names[name as usize]),
            _ => None,
        }
    }
}
