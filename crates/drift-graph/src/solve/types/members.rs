//! Types of members and elements.

use std::rc::Rc;

use drift_facts::MemberKind;

use super::super::Solver;
use super::super::declared::tidy;
use super::super::model::{ClassId, Name, Node, Object, Type, TypeId};
use super::{Bindings, Part, Parts, Shape};

/// Classes or types that one extends: of more not all `this` are told apart.
const MAX_RECEIVERS: usize = 64;

impl Solver<'_> {
    pub(super) fn type_of_field(&mut self, parts: &[Part], field: Name, depth: u32) -> Option<Parts> {
        let parts = self.with_member(parts, field);
        self.union(&parts, |solver, part| solver.type_of_member(part, field, depth))
    }

    /// The parts that may have a member. In checked code those that lack it are parts of a type that is all of them at once.
    pub(super) fn with_member(&self, parts: &[Part], field: Name) -> Parts {
        let mut left = parts.to_vec();
        if parts.len() > 1 {
            left.retain(|&part| !self.lacks_member(part, field));
        }
        left
    }

    pub(in crate::solve) fn type_of_element(&mut self, parts: &[Part], depth: u32) -> Option<Parts> {
        self.union(parts, |solver, part| solver.element(part, depth))
    }

    /// What all parts together yield; primitives yield nothing.
    pub(super) fn union(
        &mut self,
        parts: &[Part],
        mut of: impl FnMut(&mut Self, Part) -> Option<Parts>,
    ) -> Option<Parts> {
        let mut all = Parts::new();
        let mut is_any = false;
        for &part in parts {
            if part != Part::Primitive {
                all.extend(of(self, part)?);
                is_any = true;
            }
        }
        if is_any { tidy(all) } else { None }
    }

    /// The library type behind a type.
    pub(super) fn library_of_type(&self, part: Part) -> Option<&str> {
        let Part::Type(ty) = part else { return None };
        self.types[ty as usize].library.map(|name| self.names[name as usize].as_str())
    }

    /// Whether it is an array, or an iterable like one.
    pub(super) fn is_list(&self, part: Part) -> bool {
        match self.shape_of(part) {
            Some(Shape::List(_) | Shape::Tuple(_)) => true,
            Some(_) => false,
            None => matches!(self.library_of_type(part), Some("Array.prototype" | "Set.prototype")),
        }
    }

    /// Keys and values of a map.
    pub(super) fn map_of(&mut self, part: Part, depth: u32) -> Option<(Parts, Parts)> {
        if let Some(Shape::Map(keys, values)) = self.shape_of(part) {
            return Some((keys.clone(), values.clone()));
        }
        if !matches!(self.library_of_type(part), Some("Map.prototype" | "WeakMap.prototype")) {
            return None;
        }
        let Part::Type(ty) = part else { return None };
        let arguments = self.declared.arguments.get(&self.types[ty as usize].instance).cloned()?;
        let [keys, values] = arguments[..] else { return None };
        Some((self.type_of(keys, depth).unwrap_or_default(), self.type_of(values, depth)?))
    }

    /// What iterating over values of this type yields, or any of their elements.
    pub(super) fn element(&mut self, part: Part, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        if let Some((keys, values)) = self.map_of(part, depth) {
            return Some(vec![self.shape(Shape::Tuple(vec![keys, values]))?]);
        }
        match part {
            Part::Type(_) => self.type_of_member(part, self.element, depth + 1),
            Part::Parameter(parameter) => {
                let parts = self.constraint(parameter, depth)?;
                self.union(&parts, |solver, part| solver.element(part, depth + 1))
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::List(elements) => Some(elements),
                Shape::Tuple(elements) => tidy(elements.concat()),
                Shape::Applied(inner, arguments) => {
                    let element = self.element(inner, depth)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(element, &bindings)
                }
                Shape::Map(..) | Shape::Bound(..) => None,
            },
            _ => None,
        }
    }

    pub(super) fn element_at(&mut self, part: Part, index: usize, depth: u32) -> Option<Parts> {
        if let Some(Shape::Tuple(elements)) = self.shape_of(part) {
            return elements.get(index).cloned();
        }
        if let Part::Type(ty) = part
            && self.library_of_type(part) == Some("Array.prototype")
            && let Some(nodes) = self.declared.arguments.get(&self.types[ty as usize].instance)
        {
            let node = *nodes.get(index)?;
            return self.type_of(node, depth);
        }
        self.element(part, depth)
    }

    pub(super) fn index_named(&self, field: Name) -> Option<usize> {
        if self.indices.contains(&field) { self.names[field as usize].parse().ok() } else { None }
    }

    /// The type of a member of what is of this type.
    pub(super) fn type_of_member(&mut self, part: Part, field: Name, depth: u32) -> Option<Parts> {
        let member = self.member_of(part, field, depth)?;
        let receivers = self.receivers_of(part, depth);
        let bound = receivers.iter().filter(|&&node| part != Part::Parameter(node));
        let bindings: Bindings = bound.map(|&node| (node, vec![part])).collect();
        self.substitute(member, &bindings)
    }

    /// What a class extends, where `this` is what is at the node of its instances.
    pub(super) fn type_of_super(&mut self, this: Node, depth: u32) -> Option<Parts> {
        let &class = self.declared.instances.get(&this)?;
        let bases = self.bases_of_class(class)?;
        let arguments = self.argument_types(this, depth);
        self.union(&bases, |solver, base| {
            let mut bindings = solver.bindings(base, arguments.as_deref());
            let receivers = solver.receivers_of(base, depth);
            bindings.extend(receivers.iter().map(|&node| (node, vec![Part::Parameter(this)])));
            bindings.sort_by_key(|&(node, _)| node);
            Some(vec![solver.shape(Shape::Bound(base, bindings))?])
        })
    }

    /// The nodes of instances of what a part is and of all that it extends, in order: those that stand for `this` there.
    fn receivers_of(&mut self, part: Part, depth: u32) -> Rc<[Node]> {
        match part {
            Part::Class(_) | Part::Type(_) => {}
            Part::Receiver(class) => return self.receivers_of(Part::Class(class), depth),
            Part::Parameter(parameter) => {
                let constraint = self.constraint(parameter, depth).unwrap_or_default();
                let mut all: Vec<Node> = Vec::new();
                for part in constraint {
                    if !matches!(part, Part::Parameter(_)) {
                        all.extend(&*self.receivers_of(part, depth));
                    }
                }
                all.sort_unstable();
                all.dedup();
                return all.into();
            }
            Part::Shape(_) => match self.shape_of(part) {
                Some(&Shape::Applied(inner, _)) => return self.receivers_of(inner, depth),
                _ => return Rc::new([]),
            },
            _ => return Rc::new([]),
        }
        if let Some(known) = self.declared.receivers_of.get(&part) {
            return Rc::clone(known);
        }
        let (mut open, mut seen) = (vec![part], vec![part]);
        while let Some(next) = open.pop() {
            let bases = match next {
                Part::Class(class) => {
                    let merged = self.declared.merged.get(&class).cloned().unwrap_or_default();
                    self.bases_of_class(class).map(|mut bases| {
                        bases.extend(merged.into_iter().map(Part::Type));
                        bases
                    })
                }
                Part::Type(ty) => self.bases_of_type(ty),
                _ => None,
            };
            for base in bases.unwrap_or_default() {
                if seen.len() < MAX_RECEIVERS && !seen.contains(&base) {
                    seen.push(base);
                    open.push(base);
                }
            }
        }
        let nodes = seen.iter().filter_map(|&part| self.values_of(part));
        let mut nodes: Vec<Node> = nodes.filter(|node| self.declared.this_types.contains_key(node)).collect();
        nodes.sort_unstable();
        let nodes: Rc<[Node]> = nodes.into();
        self.declared.receivers_of.insert(part, Rc::clone(&nodes));
        nodes
    }

    /// The same, in which `this` is what the member is declared in.
    fn member_of(&mut self, part: Part, field: Name, depth: u32) -> Option<Parts> {
        if self.is_too_far(depth) {
            return None;
        }
        if self.is_list(part)
            && let Some(index) = self.index_named(field)
        {
            return self.element_at(part, index, depth + 1);
        }
        match part {
            Part::Class(class) | Part::Receiver(class) => self.member_of_class(class, field, false, depth),
            Part::Maker(class) => self.member_of_class(class, field, true, depth),
            Part::Type(ty) => {
                let found = self.types[ty as usize].members.get(&field).cloned();
                if let Some(nodes) = found {
                    let mut parts = Parts::new();
                    for node in nodes {
                        parts.extend(self.type_of(node, depth)?);
                    }
                    return tidy(parts);
                }
                if self.types[ty as usize].library.is_none()
                    && self.types[ty as usize].members.contains_key(&self.element)
                {
                    return self.member_of(part, self.element, depth + 1);
                }
                let bases = self.bases_with_arguments(ty, depth + 1)?;
                self.union(&bases, |solver, base| solver.member_of(base, field, depth + 1))
            }
            Part::Parameter(parameter) => {
                let parts = self.constraint(parameter, depth)?;
                self.union(&parts, |solver, part| solver.member_of(part, field, depth + 1))
            }
            Part::Literal(literal) => {
                let stored = self.declared.stores.get(&literal).cloned().flatten()?;
                let mut parts = Parts::new();
                let mut is_any = false;
                for (_, from) in stored.into_iter().filter(|&(name, _)| name == field) {
                    parts.extend(self.type_of(from, depth)?);
                    is_any = true;
                }
                if is_any { tidy(parts) } else { None }
            }
            Part::Module(file) => {
                let from = self.exported(file, field)?;
                self.type_of(from, depth)
            }
            Part::Shape(_) => match self.shape_of(part)?.clone() {
                Shape::Applied(inner, arguments) => {
                    let member = self.member_of(inner, field, depth + 1)?;
                    let bindings = self.bindings_of(inner, arguments);
                    self.substitute(member, &bindings)
                }
                Shape::Bound(inner @ Part::Class(_), bindings) => {
                    let member = self.member_of(inner, field, depth + 1)?;
                    self.substitute(member, &bindings)
                }
                _ => None,
            },
            Part::Callable | Part::Primitive | Part::Function(_) | Part::Signature(_) => None,
        }
    }

    pub(super) fn member_of_class(
        &mut self,
        class: ClassId,
        field: Name,
        is_static: bool,
        depth: u32,
    ) -> Option<Parts> {
        let own = self.classes[class as usize].origin.unwrap_or(class);
        if let Some(&like) = self.declared.fields.get(&(own, field, is_static)) {
            return self.type_of(like, depth);
        }
        for (kind, function) in
            self.classes[class as usize].members.get(&(field, is_static)).cloned().unwrap_or_default()
        {
            match kind {
                MemberKind::Method => return Some(vec![Part::Function(function)]),
                MemberKind::Getter => return self.type_of(self.functions[function as usize].returns, depth),
                MemberKind::Setter => {}
            }
        }
        for ty in self.declared.merged.get(&class).filter(|_| !is_static).cloned().unwrap_or_default() {
            if !self.lacks_member(Part::Type(ty), field)
                && let Some(found) = self.member_of(Part::Type(ty), field, depth + 1)
            {
                return Some(found);
            }
        }
        let bases = self.bases_of_class(class)?;
        let arguments = self.argument_types(self.classes[class as usize].instance, depth);
        self.union(&bases, |solver, base| {
            let Part::Class(inherited) = base else { return None };
            let member = if is_static { Part::Maker(inherited) } else { base };
            let member = solver.member_of(member, field, depth + 1)?;
            let bindings = solver.bindings(base, arguments.as_deref());
            solver.substitute(member, &bindings)
        })
    }

    /// What a type extends, with its arguments.
    pub(super) fn bases_with_arguments(&mut self, ty: TypeId, depth: u32) -> Option<Parts> {
        let Type { instance, extends, .. } = &self.types[ty as usize];
        let mut applied = self.declared.applied.get(instance).cloned().unwrap_or_default();
        if applied.is_empty() {
            return self.bases_of_type(ty);
        }
        let mut all = Parts::new();
        for node in extends.clone() {
            all.extend(self.type_applied(node, &mut applied, depth)?);
        }
        Some(all)
    }

    pub(super) fn bases_of_class(&self, class: ClassId) -> Option<Parts> {
        let extends = self.classes[class as usize].extends;
        let held = self.graph.objects(extends).iter();
        held.filter_map(|&object| match self.objects[object as usize] {
            Object::Class(class) => Some(Some(Part::Class(class))),
            // An interface of the same name.
            Object::Type(_) => None,
            _ => Some(None),
        })
        .collect()
    }

    pub(in crate::solve) fn bases_of_type(&self, ty: TypeId) -> Option<Parts> {
        let extends = self.types[ty as usize].extends.iter();
        let held = extends.flat_map(|&node| self.graph.objects(node));
        held.filter_map(|&object| match self.objects[object as usize] {
            Object::Class(class) => Some(Some(Part::Class(class))),
            Object::Type(ty) => Some(Some(Part::Type(ty))),
            Object::Function(_) => None,
            _ => Some(None),
        })
        .collect()
    }
}
