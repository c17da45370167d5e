//! Types of what arrays, maps, promises and functions of the library yield, and give to functions they are passed.

use super::super::Solver;
use super::super::declared::tidy;
use super::super::model::{Name, Node, SiteId};
use super::{Part, Parts, Shape};

impl Solver<'_> {
    /// What functions of the library make that are no members of what they are given.
    pub(super) fn made_by_library(&mut self, site: SiteId, field: Name, this: Node, depth: u32) -> Option<Parts> {
        let global = self.global_named(this)?;
        let given = *self.sites[site as usize].args.first()?;
        let given = self.type_of(given, depth)?;
        match (self.names[global as usize].as_str(), self.names[field as usize].as_str()) {
            ("Object", "values") | ("Array", "from") => {
                let elements = self.type_of_element(&given, depth)?;
                self.list_of(elements)
            }
            ("Object", "entries") => {
                let elements = self.type_of_element(&given, depth)?;
                let pair = self.shape(Shape::Tuple(vec![vec![Part::Primitive], elements]))?;
                self.list_of(vec![pair])
            }
            ("Object", "assign" | "freeze") | ("Promise", "resolve" | "all") => Some(given),
            _ => None,
        }
    }

    /// What a member of an array or a map returns.
    pub(super) fn returned_by_library(&mut self, part: Part, field: Name, site: SiteId, depth: u32) -> Option<Parts> {
        if let Some((keys, values)) = self.map_of(part, depth) {
            return match self.names[field as usize].as_str() {
                "get" => Some(values),
                "values" => self.list_of(values),
                "keys" => self.list_of(keys),
                "entries" => {
                    let pair = self.shape(Shape::Tuple(vec![keys, values]))?;
                    self.list_of(vec![pair])
                }
                _ => None,
            };
        }
        if !self.is_list(part) {
            return None;
        }
        let callback = self.sites[site as usize].args.first().copied();
        match self.names[field as usize].as_str() {
            "at" | "pop" | "shift" => self.element(part, depth),
            "find" | "findLast" => match self.said_by_callback(callback, depth) {
                Some(said) => Some(said),
                None => self.element(part, depth),
            },
            "filter" => match self.said_by_callback(callback, depth) {
                Some(said) => self.list_of(said),
                None => {
                    let elements = self.element(part, depth)?;
                    self.list_of(elements)
                }
            },
            "slice" | "splice" | "reverse" | "sort" | "toReversed" | "toSorted" | "values" | "toSpliced" => {
                let elements = self.element(part, depth)?;
                self.list_of(elements)
            }
            "concat" => {
                let mut elements = self.element(part, depth)?;
                for given in self.sites[site as usize].args.clone().iter().copied() {
                    for part in self.type_of(given, depth)? {
                        match self.element_if_list(part, depth) {
                            Some(more) => elements.extend(more),
                            None => elements.push(part),
                        }
                    }
                }
                let elements = tidy(elements)?;
                self.list_of(elements)
            }
            "map" => {
                let called = self.type_of(callback?, depth)?;
                let returned = self.union(&called, |solver, part| solver.returns_if_function(part, depth))?;
                self.list_of(returned)
            }
            _ => None,
        }
    }

    /// What a function that a member of an array is given says of its first argument.
    pub(super) fn said_by_callback(&mut self, callback: Option<Node>, depth: u32) -> Option<Parts> {
        let [Part::Function(function)] = self.type_of(callback?, depth)?[..] else { return None };
        let &(argument, said) = self.declared.says.get(&function)?;
        if argument == 0 { self.type_of(said, depth) } else { None }
    }

    /// What a member of an array or a map gives, as argument `index`, to the function that is its argument.
    pub(super) fn given_by_library(
        &mut self,
        part: Part,
        field: Name,
        argument: usize,
        index: usize,
        site: SiteId,
        depth: u32,
    ) -> Option<Parts> {
        if argument != 0 {
            return None;
        }
        if let Some((keys, values)) = self.map_of(part, depth) {
            let name = self.names[field as usize].as_str();
            return match (name, index) {
                ("forEach", 0) => Some(values),
                ("forEach", 1) => Some(keys),
                _ => None,
            };
        }
        if self.names[field as usize] == "then" && index == 0 && !matches!(part, Part::Literal(_)) {
            // The engine looks through promises, so what they resolve to stands for them.
            let is_own = self.type_of_member(part, field, depth).is_some();
            return if is_own { None } else { Some(vec![part]) };
        }
        if !self.is_list(part) {
            return None;
        }
        let of_elements = match (self.names[field as usize].as_str(), index) {
            (
                "forEach" | "map" | "filter" | "find" | "findLast" | "findIndex" | "findLastIndex" | "some" | "every"
                | "flatMap",
                0,
            )
            | ("sort" | "toSorted", 0 | 1)
            | ("reduce" | "reduceRight", 1) => true,
            ("reduce" | "reduceRight", 0) => self.sites[site as usize].args.len() == 1,
            _ => return None,
        };
        if of_elements {
            return self.element(part, depth);
        }
        let &first = self.sites[site as usize].args.get(1)?;
        self.type_of(first, depth)
    }
}
