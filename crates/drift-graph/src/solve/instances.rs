//! Which objects are instances of what a test names.

use super::Solver;
use super::model::{Ancestor, ClassId, Node, Object, ObjectId, Use};

impl Solver<'_> {
    /// An object reaches a place where a test says what it is or is not.
    pub(super) fn narrow(&mut self, object: ObjectId, declared: Node, is: bool, to: Node) {
        if is {
            self.use_of(declared, Use::NarrowedTo { to, object });
        } else if !self.graph.objects(declared).iter().any(|&of| self.is_certainly_instance(object, of)) {
            self.add(to, object);
        }
    }

    /// Whether an object may be an instance of what `of` is.
    pub(super) fn is_instance(&self, object: ObjectId, of: ObjectId) -> bool {
        match (self.objects[object as usize], self.objects[of as usize]) {
            (Object::ClassInstance(class), Object::Class(of)) => self.extends(class, of).unwrap_or(true),
            (Object::ClassInstance(class), Object::External(name)) => match self.shared(class) {
                Some(shared) => shared.order.iter().any(|ancestor| match *ancestor {
                    Ancestor::External(base) => base == name,
                    Ancestor::Unknown => true,
                    Ancestor::Class(_) => false,
                }),
                None => self.declared.ancestors[class as usize].is_none() || self.names[name as usize] == "Object",
            },
            // A class may extend a function.
            (Object::ClassInstance(class), Object::Function(_)) => self.declared.ancestors[class as usize].is_none(),
            (_, Object::Class(of)) if self.shared(of).is_some() => false,
            (Object::Function(_) | Object::Class(_), Object::External(name)) => {
                let name = self.names[name as usize].as_str();
                is_function(name) || !is_array(name) && !name.ends_with(".prototype")
            }
            (Object::Array, Object::External(name)) => {
                let name = self.names[name as usize].as_str();
                is_array(name) || !is_function(name) && !name.ends_with(".prototype")
            }
            (Object::Function(_) | Object::Class(_) | Object::Array, Object::Class(_) | Object::Function(_)) => false,
            (_, Object::Class(_) | Object::Function(_) | Object::External(_) | Object::Unknown) => true,
            _ => false,
        }
    }

    /// Whether an object is, whatever else happens, an instance of what `of` is.
    fn is_certainly_instance(&self, object: ObjectId, of: ObjectId) -> bool {
        match (self.objects[object as usize], self.objects[of as usize]) {
            (Object::ClassInstance(class), Object::Class(of)) => self.extends(class, of).unwrap_or(false),
            (Object::ClassInstance(class), Object::External(_)) => {
                self.shared(class).is_some() && self.is_instance(object, of)
            }
            (Object::Function(_) | Object::Class(_), Object::External(name)) => is_function(&self.names[name as usize]),
            (Object::Array, Object::External(name)) => is_array(&self.names[name as usize]),
            _ => false,
        }
    }

    /// Whether instances of a class are instances of another one; `None` where not all that it extends is known.
    fn extends(&self, class: ClassId, of: ClassId) -> Option<bool> {
        let origin = self.classes[of as usize].origin.unwrap_or(of);
        if class == of || self.classes[class as usize].origin == Some(origin) {
            return Some(true);
        }
        match self.shared(class) {
            Some(shared) => Some(shared.order.contains(&Ancestor::Class(of))),
            None => {
                let ancestors = self.declared.ancestors[class as usize].as_ref()?;
                Some(ancestors.contains(&of) || ancestors.contains(&origin))
            }
        }
    }

    /// The same for instances of a class.
    pub(super) fn is_instance_of(&self, class: ClassId, of: ObjectId) -> bool {
        self.object_ids.get(&Object::ClassInstance(class)).is_some_and(|&instance| self.is_instance(instance, of))
    }
}

fn is_function(name: &str) -> bool {
    matches!(name, "Function" | "Function.prototype")
}

fn is_array(name: &str) -> bool {
    matches!(name, "Array" | "Array.prototype")
}
