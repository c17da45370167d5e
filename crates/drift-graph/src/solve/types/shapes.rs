//! Types that are made of others: arguments of generic types, lists, tuples, maps, and functions in which type parameters
//! stand for something.

use super::super::Solver;
use super::super::declared::tidy;
use super::super::model::Node;
use super::{Bindings, MAX_NESTING, Part, Parts, Shape};

impl Solver<'_> {
    pub(super) fn list_of(&mut self, elements: Parts) -> Option<Parts> {
        Some(vec![self.shape(Shape::List(elements))?])
    }

    /// `None` where it is nested too deeply.
    pub(super) fn shape(&mut self, shape: Shape) -> Option<Part> {
        if let Some(&known) = self.declared.shape_ids.get(&shape) {
            return Some(Part::Shape(known));
        }
        let nesting = |part: &Part| match *part {
            Part::Shape(inner) => self.declared.shapes[inner as usize].1,
            _ => 0,
        };
        let deepest = match &shape {
            Shape::Applied(part, all) => all.iter().flatten().chain([part]).map(nesting).max(),
            Shape::List(parts) => parts.iter().map(nesting).max(),
            Shape::Tuple(all) => all.iter().flatten().map(nesting).max(),
            Shape::Map(keys, values) => keys.iter().chain(values).map(nesting).max(),
            Shape::Bound(part, bindings) => {
                bindings.iter().flat_map(|(_, parts)| parts).chain([part]).map(nesting).max()
            }
        };
        let deepest = deepest.unwrap_or(0);
        if deepest >= MAX_NESTING {
            return None;
        }
        let id = self.declared.shapes.len() as u32;
        self.declared.shapes.push((shape.clone(), deepest + 1));
        self.declared.shape_ids.insert(shape, id);
        Some(Part::Shape(id))
    }

    pub(in crate::solve) fn shape_of(&self, part: Part) -> Option<&Shape> {
        match part {
            Part::Shape(shape) => Some(&self.declared.shapes[shape as usize].0),
            _ => None,
        }
    }

    /// A class or type with arguments; as it is where it has none, or they are not settled.
    pub(super) fn applied(&mut self, part: Part, arguments: Option<&[Option<Parts>]>) -> Part {
        let Some(arguments) = arguments.filter(|_| !self.parameters_of(part).is_empty()) else { return part };
        let settled: Option<Vec<Parts>> = arguments.iter().cloned().collect();
        settled.and_then(|settled| self.shape(Shape::Applied(part, settled))).unwrap_or(part)
    }

    /// The nodes of the type parameters of a class, type or function.
    pub(super) fn parameters_of(&self, part: Part) -> &[Node] {
        let of = match part {
            Part::Class(class) | Part::Maker(class) => self.classes[class as usize].instance,
            Part::Type(ty) => self.types[ty as usize].instance,
            Part::Function(function) => self.functions[function as usize].returns,
            Part::Signature(returns) => returns,
            _ => return &[],
        };
        self.declared.parameters.get(&of).map_or(&[], Vec::as_slice)
    }

    /// What the parameters of a class or type stand for; those whose arguments are not settled are left out.
    pub(super) fn bindings(&self, part: Part, arguments: Option<&[Option<Parts>]>) -> Bindings {
        let given = arguments.into_iter().flatten();
        let mut bindings: Bindings = self
            .parameters_of(part)
            .iter()
            .zip(given)
            .filter_map(|(&parameter, argument)| Some((parameter, argument.clone()?)))
            .collect();
        bindings.sort_by_key(|&(parameter, _)| parameter);
        bindings
    }

    pub(super) fn bindings_of(&self, part: Part, arguments: Vec<Parts>) -> Bindings {
        let arguments: Vec<Option<Parts>> = arguments.into_iter().map(Some).collect();
        self.bindings(part, Some(&arguments))
    }

    /// A type in which type parameters stand for what is bound to them.
    pub(super) fn substitute(&mut self, parts: Parts, bindings: &Bindings) -> Option<Parts> {
        let is_fixed =
            |part: &Part| !matches!(part, Part::Parameter(_) | Part::Shape(_) | Part::Function(_) | Part::Signature(_));
        if bindings.is_empty() || parts.iter().all(is_fixed) {
            return Some(parts);
        }
        if self.is_too_far(0) {
            return None;
        }
        let mut all = Parts::new();
        for part in parts {
            match part {
                Part::Parameter(parameter) => match bindings.binary_search_by_key(&parameter, |&(of, _)| of) {
                    Ok(at) => all.extend(bindings[at].1.iter().copied()),
                    Err(_) => all.push(part),
                },
                Part::Function(_) | Part::Signature(_) => {
                    all.push(self.shape(Shape::Bound(part, bindings.clone()))?);
                }
                Part::Shape(shape) => {
                    let shape = self.declared.shapes[shape as usize].0.clone();
                    let mut each = |list: Vec<Parts>| -> Option<Vec<Parts>> {
                        list.into_iter().map(|parts| self.substitute(parts, bindings)).collect()
                    };
                    let shape = match shape {
                        Shape::Applied(part, arguments) => Shape::Applied(part, each(arguments)?),
                        Shape::List(elements) => Shape::List(each(vec![elements])?.pop()?),
                        Shape::Tuple(elements) => Shape::Tuple(each(elements)?),
                        Shape::Map(keys, values) => {
                            let mut both = each(vec![keys, values])?;
                            let values = both.pop()?;
                            Shape::Map(both.pop()?, values)
                        }
                        Shape::Bound(part, own) => {
                            let (parameters, bound): (Vec<Node>, Vec<Parts>) = own.into_iter().unzip();
                            let others = bindings.iter().filter(|(parameter, _)| !parameters.contains(parameter));
                            let others: Vec<(Node, Parts)> = others.cloned().collect();
                            let mut all: Bindings = parameters.into_iter().zip(each(bound)?).collect();
                            all.extend(others);
                            all.sort_by_key(|&(parameter, _)| parameter);
                            Shape::Bound(part, all)
                        }
                    };
                    all.push(self.shape(shape)?);
                }
                part => all.push(part),
            }
        }
        tidy(all)
    }
}
