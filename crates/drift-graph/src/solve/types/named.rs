//! Types by their names: what annotations, imports and type parameters stand for.

use drift_facts::{ExportFact, ImportKind};
use rustc_hash::FxHashSet;

use super::super::Solver;
use super::super::declared::{primitive, tidy};
use super::super::model::{Name, Node, Object, TypeId};
use super::{Part, Parts, Shape, Source};
use crate::imports::Resolved;

impl Solver<'_> {
    /// The type that a node holds as a type.
    pub(super) fn type_named(&mut self, declared: Node, depth: u32) -> Option<Parts> {
        if self.declared.is_parameter.contains(&declared) {
            return Some(vec![Part::Parameter(declared)]);
        }
        self.type_held(declared, None, depth)
    }

    /// The same, with the arguments of the first of these applied types that is this one with arguments.
    pub(super) fn type_applied(&mut self, declared: Node, applied: &mut Vec<Node>, depth: u32) -> Option<Parts> {
        let at = applied.iter().position(|one| self.declared.bases.get(one) == Some(&declared));
        let Some(at) = at else { return self.type_named(declared, depth) };
        let arguments = self.argument_types(applied.remove(at), depth);
        self.type_held(declared, arguments.as_deref(), depth)
    }

    /// What something is applied to, see [`drift_facts::Detail::Argument`]; those that are not settled are [`None`].
    pub(super) fn argument_types(&mut self, of: Node, depth: u32) -> Option<Vec<Option<Parts>>> {
        let nodes = self.declared.arguments.get(&of).cloned()?;
        Some(nodes.into_iter().map(|node| self.type_of(node, depth)).collect())
    }

    /// The type that a node holds as a type, with its arguments. Of one that is not settled nothing is said.
    pub(super) fn type_held(
        &mut self,
        declared: Node,
        arguments: Option<&[Option<Parts>]>,
        depth: u32,
    ) -> Option<Parts> {
        let mut parts = Parts::new();
        let mut is_type = false;
        let mut held: Vec<Object> =
            self.graph.objects(declared).iter().map(|&object| self.objects[object as usize]).collect();
        held.extend(self.declared.named.get(&declared).map(|&ty| Object::Type(ty)));
        if held.is_empty()
            && let [Source::Part(Part::Primitive), ..] = self.sources_of(declared)[..]
        {
            return Some(vec![Part::Primitive]);
        }
        let merged: Vec<TypeId> = held
            .iter()
            .filter_map(|object| match object {
                Object::Class(class) => self.declared.merged.get(class).cloned(),
                _ => None,
            })
            .flatten()
            .collect();
        for object in held {
            let part = match object {
                Object::Class(class) => Part::Class(class),
                Object::Type(ty) if merged.contains(&ty) => continue,
                Object::Type(ty) => {
                    let Some(instance) = self.is_alias(ty) else {
                        let part = self.list_or_map(ty, depth + 1).unwrap_or(Part::Type(ty));
                        parts.push(self.applied(part, arguments));
                        is_type = true;
                        continue;
                    };
                    let stands_for = self.type_of(instance, depth)?;
                    let bindings = self.bindings(Part::Type(ty), arguments);
                    parts.extend(self.substitute(stands_for, &bindings)?);
                    is_type = true;
                    continue;
                }
                Object::External(name) => primitive(&self.names[name as usize])?,
                // A value of the same name.
                Object::Function(_) | Object::Plain | Object::Array => continue,
                _ => return None,
            };
            parts.push(self.applied(part, arguments));
            is_type = true;
        }
        if is_type { tidy(parts) } else { None }
    }

    /// An array, tuple, set or map, by what is in it; `None` where that is not settled.
    pub(super) fn list_or_map(&mut self, ty: TypeId, depth: u32) -> Option<Part> {
        let part = Part::Type(ty);
        if let Some((keys, values)) = self.map_of(part, depth) {
            return self.shape(Shape::Map(keys, values));
        }
        if !self.is_list(part) {
            return None;
        }
        if let Some(nodes) = self.declared.arguments.get(&self.types[ty as usize].instance).cloned() {
            let elements: Option<Vec<Parts>> = nodes.into_iter().map(|node| self.type_of(node, depth)).collect();
            return self.shape(Shape::Tuple(elements?));
        }
        let elements = self.element(part, depth)?;
        self.shape(Shape::List(elements))
    }

    /// The node that has the type which a type without members stands for.
    pub(super) fn is_alias(&self, ty: TypeId) -> Option<Node> {
        let ty = &self.types[ty as usize];
        (ty.members.is_empty() && ty.extends.is_empty() && ty.library.is_none()).then_some(ty.instance)
    }

    /// A type in which what is left of type parameters is their constraints; `None` where one has none.
    pub(in crate::solve) fn with_constraints(&mut self, parts: Parts) -> Option<Parts> {
        if !parts.iter().any(|part| matches!(part, Part::Parameter(_))) {
            return Some(parts);
        }
        let mut all = Parts::new();
        for part in parts {
            match part {
                Part::Parameter(parameter) => all.extend(self.constraint(parameter, 0)?),
                part => all.push(part),
            }
        }
        tidy(all)
    }

    pub(super) fn constraint(&mut self, parameter: Node, depth: u32) -> Option<Parts> {
        if let Some(&own) = self.declared.this_types.get(&parameter) {
            return Some(vec![own]);
        }
        let parts = self.type_held(parameter, None, depth)?;
        (!parts.contains(&Part::Parameter(parameter))).then_some(parts)
    }

    /// What is imported into a node.
    pub(super) fn type_of_import(&mut self, node: Node, depth: u32) -> Option<Parts> {
        let &(file, index) = self.declared.imported.get(&node)?;
        let import = &self.files[file as usize].facts.imports[index as usize];
        let Resolved::File(target) = self.imports.get(file, import.specifier) else { return None };
        match import.kind {
            ImportKind::Named(name) => {
                let from = self.exported(target, self.local(file, name))?;
                self.type_of(from, depth)
            }
            ImportKind::Namespace if !self.is_common_js(target) => Some(vec![Part::Module(target)]),
            _ => None,
        }
    }

    /// The node of a file whose value is exported under a name.
    pub(super) fn exported(&self, file: u32, name: Name) -> Option<Node> {
        let star = self.name_ids.get("*");
        let (mut open, mut seen) = (vec![(file, name)], FxHashSet::default());
        while let Some((file, name)) = open.pop() {
            if !seen.insert((file, name)) || self.is_common_js(file) {
                continue;
            }
            let target = |specifier: u32| match self.imports.get(file, specifier) {
                Resolved::File(target) => Some(target),
                _ => None,
            };
            let exports = &self.exports[file as usize];
            match exports.get(&name).map(Vec::as_slice) {
                Some(&[ExportFact::Local { from, .. }]) => return Some(self.bases[file as usize].node + from),
                Some(&[ExportFact::Forward { specifier, imported, .. }]) => {
                    open.extend(target(specifier).map(|target| (target, self.local(file, imported))));
                }
                Some(_) => {}
                None => {
                    let all = star.and_then(|star| exports.get(star)).into_iter().flatten();
                    open.extend(all.filter_map(|export| match *export {
                        ExportFact::All { specifier } => target(specifier).map(|target| (target, name)),
                        _ => None,
                    }));
                }
            }
        }
        None
    }
}
