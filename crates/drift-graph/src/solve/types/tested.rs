//! What tests leave of declared types: `x instanceof A`, `typeof x`, calls of functions that say what they are given is.

use drift_facts::MemberKind;

use super::super::Solver;
use super::super::declared::tidy;
use super::super::model::{ClassId, FunctionId, Name, Node, Object, SiteId, TypeId};
use super::{Part, Parts, Shape};

/// What a test asks for.
pub(super) enum Test {
    Parts(Parts),
    Array,
    /// Something of which nothing is known here.
    Anything,
}

impl Solver<'_> {
    /// What an operator asks for whose right side is this node.
    pub(super) fn tested_for(&mut self, declared: Node, depth: u32) -> Test {
        let is_array = |solver: &Self, object: &u32| match solver.objects[*object as usize] {
            Object::External(name) => matches!(solver.names[name as usize].as_str(), "Array" | "Array.prototype"),
            _ => false,
        };
        if self.graph.objects(declared).iter().any(|object| is_array(self, object)) {
            return Test::Array;
        }
        self.type_named(declared, depth).map_or(Test::Anything, Test::Parts)
    }

    /// The type of what is left of a node where a test holds (`is`) or does not; `None` where nothing is known of it.
    pub(super) fn narrowed_type(&mut self, from: Node, test: Test, is: bool, depth: u32) -> Option<Parts> {
        let before = self.type_of(from, depth);
        match test {
            Test::Anything => before,
            Test::Array => {
                let mut left = before?;
                left.retain(|&part| self.may_be_array(part) && is || !is && !self.is_array(part));
                tidy(left)
            }
            Test::Parts(wanted) if is => {
                let Some(before) = before else { return tidy(wanted) };
                let mut left = Parts::new();
                for &wanted in &wanted {
                    for &had in &before {
                        if self.is_part_of(had, wanted) {
                            left.push(had);
                        } else if self.is_part_of(wanted, had) {
                            left.push(wanted);
                        }
                    }
                }
                // What is both is an instance of a class that nothing here names.
                tidy(if left.is_empty() { wanted } else { left })
            }
            Test::Parts(wanted) => {
                let mut left = before?;
                // A part that is a primitive may be another one.
                left.retain(|&had| {
                    had == Part::Primitive || !wanted.iter().any(|&wanted| self.is_certainly(had, wanted))
                });
                tidy(left)
            }
        }
    }

    fn may_be_array(&self, part: Part) -> bool {
        match part {
            Part::Type(ty) => self.is_array(part) || self.types[ty as usize].required.is_empty(),
            Part::Class(class) => self.declared.ancestors[class as usize].is_none(),
            Part::Shape(_) => match self.shape_of(part) {
                Some(Shape::Applied(part, _)) => self.may_be_array(*part),
                Some(Shape::List(_) | Shape::Tuple(_)) => true,
                _ => false,
            },
            Part::Parameter(_) => true,
            _ => false,
        }
    }

    fn is_array(&self, part: Part) -> bool {
        if let Some(Shape::List(_) | Shape::Tuple(_)) = self.shape_of(part) {
            return true;
        }
        let Part::Type(ty) = part else { return false };
        self.types[ty as usize].library.is_some_and(|library| self.names[library as usize] == "Array.prototype")
    }

    fn class_extends(&self, class: ClassId, other: ClassId) -> bool {
        class == other || self.declared.ancestors[class as usize].as_ref().is_some_and(|all| all.contains(&other))
    }

    /// Whether all values of one part may be of another.
    fn is_part_of(&self, part: Part, of: Part) -> bool {
        match (self.without_arguments(part), self.without_arguments(of)) {
            (Part::Class(class), Part::Type(ty)) => self.has_members(class, ty),
            (Part::Type(own), Part::Type(ty)) => self.type_has_members(own, ty),
            _ => self.is_certainly(part, of),
        }
    }

    pub(in crate::solve) fn without_arguments(&self, part: Part) -> Part {
        match self.shape_of(part) {
            Some(&(Shape::Applied(inner, _) | Shape::Bound(inner, _))) => inner,
            _ => match part {
                Part::Parameter(node) => self.declared.this_types.get(&node).copied().unwrap_or(part),
                part => part,
            },
        }
    }

    /// The node that holds a value of a class or type.
    pub(in crate::solve) fn values_of(&self, part: Part) -> Option<Node> {
        match self.without_arguments(part) {
            Part::Class(class) => Some(self.classes[class as usize].instance),
            Part::Type(ty) => Some(self.types[ty as usize].instance),
            _ => None,
        }
    }

    /// Whether all values of one part are of another.
    fn is_certainly(&self, part: Part, of: Part) -> bool {
        match (self.without_arguments(part), self.without_arguments(of)) {
            (Part::Function(_) | Part::Signature(_), Part::Callable) => true,
            (Part::Class(class), Part::Class(other)) => self.class_extends(class, other),
            (Part::Type(own), Part::Type(ty)) => self.extends_type(own, ty),
            (Part::Type(ty), Part::Callable) => self.is_callable(ty),
            _ => part == of,
        }
    }

    fn extends_type(&self, own: TypeId, ty: TypeId) -> bool {
        let (mut open, mut seen) = (vec![own], vec![own]);
        while let Some(next) = open.pop() {
            if next == ty {
                return true;
            }
            for base in self.bases_of_type(next).into_iter().flatten() {
                if let Part::Type(base) = base
                    && !seen.contains(&base)
                {
                    seen.push(base);
                    open.push(base);
                }
            }
        }
        false
    }

    /// The node that has the type of which a call, whose result this is, says that an argument is of it.
    pub(in crate::solve) fn said_by(&mut self, call: Node, argument: u32, depth: u32) -> Option<Node> {
        let site = self.site_of_result(call)?;
        let functions = self.functions_called(site, depth)?;
        let mut said = functions.iter().map(|function| self.declared.says.get(function).copied());
        let first = said.next()??;
        (first.0 == argument && said.all(|one| one == Some(first))).then_some(first.1)
    }

    /// The functions that a site calls, as far as declarations say it.
    fn functions_called(&mut self, site: SiteId, depth: u32) -> Option<Vec<FunctionId>> {
        if let Some((field, this)) = self.member_called(site)
            && let Some(receiver) = self.type_of(this, depth)
        {
            return receiver.iter().map(|&part| self.method_of(part, field)).collect();
        }
        let callee = self.sites[site as usize].callee;
        let held = self.graph.objects(callee).to_vec();
        let functions: Option<Vec<FunctionId>> = held
            .into_iter()
            .map(|object| match self.objects[object as usize] {
                Object::Function(function) => Some(function),
                _ => None,
            })
            .collect();
        functions.filter(|functions| !functions.is_empty())
    }

    /// The method that instances of a class have under a name.
    fn method_of(&self, part: Part, field: Name) -> Option<FunctionId> {
        let Part::Class(class) = self.without_arguments(part) else { return None };
        let (mut at, mut steps) = (class, 0);
        loop {
            let members = self.classes[at as usize].members.get(&(field, false));
            if let Some(&(_, function)) =
                members.and_then(|members| members.iter().find(|(kind, _)| *kind == MemberKind::Method))
            {
                return Some(function);
            }
            let [Part::Class(base)] = self.bases_of_class(at)?[..] else { return None };
            steps += 1;
            if steps > self.classes.len() {
                return None;
            }
            at = base;
        }
    }

    /// What functions say of arguments, as hints of what the nodes hold where nothing else is known.
    pub(in crate::solve) fn hint_at_what_is_said(&mut self) {
        for (to, call, argument) in self.declared.guarded.clone() {
            if let Some(said) = self.said_by(call, argument, 0)
                && let Some(parts) = self.type_of(said, 0)
            {
                for part in parts {
                    if let Some(values) = self.values_of(part) {
                        self.hint(to, values);
                    }
                }
            }
        }
    }
}
