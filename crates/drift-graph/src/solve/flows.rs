//! From the flows of a file to edges, uses and first objects.

use drift_facts::Flow;

use super::Solver;
use super::model::{Node, Object, ObjectId, Use};
use super::place::PlaceId;

impl Solver<'_> {
    /// One flow, as it holds in one place.
    pub(super) fn load_flow(&mut self, place: PlaceId, flow: &Flow) {
        let file = self.places[place as usize].file;
        match *flow {
            // What it lets through is a matter of declarations.
            Flow::Assign { to, from } | Flow::Guarded { to, from, .. } => {
                self.edge(self.at(place, from), self.at(place, to));
            }
            Flow::Await { to, from } => self.use_of(self.at(place, from), Use::Fulfilled { to: self.at(place, to) }),
            Flow::Class { to, class } => {
                let object = self.object(Object::Class(self.class_at(place, class)));
                self.give_birth(self.at(place, to), object);
            }
            Flow::Type { to, declared } => {
                let object = self.object(Object::Type(self.type_at(place, declared)));
                self.add(self.at(place, to), object);
            }
            Flow::Typed { to, declared, .. } => {
                self.use_of(self.at(place, declared), Use::Typed { to: self.at(place, to) });
            }
            Flow::Hinted { to, declared } => {
                self.use_of(self.at(place, declared), Use::Hinted { to: self.at(place, to) });
            }
            Flow::Otherwise { to, from } => self.guesses.receivers.push((self.at(place, to), self.at(place, from))),
            Flow::Narrowed { to, from, declared, is } => {
                let (to, declared) = (self.at(place, to), self.at(place, declared));
                self.use_of(self.at(place, from), Use::Narrowed { to, declared, is });
            }
            Flow::Where { to, from, test, missing } => {
                let (to, from) = (self.at(place, to), self.at(place, from));
                self.use_of(self.at(place, test), Use::Where { to, from, missing });
            }
            Flow::Decorated { to, from, given } => {
                let (to, given) = (self.at(place, to), self.at(place, given));
                if self.graph.objects(given).iter().any(|&one| matches!(self.objects[one as usize], Object::Class(_))) {
                    self.decorated.classes_yielded.push((self.at(place, from), to, given));
                }
                self.use_of(self.at(place, from), Use::Decorated { to, given });
            }
            Flow::Function { to, function } => {
                let object = self.object(Object::Function(self.function_at(place, function)));
                self.give_birth(self.at(place, to), object);
            }
            Flow::Object { to, object } => self.give_birth(self.at(place, to), self.object_at(place, object)),
            Flow::Array { to, object } => {
                let object = self.object_at(place, object);
                self.objects[object as usize] = Object::Array;
                self.give_birth(self.at(place, to), object);
            }
            Flow::External { to, name } => {
                let name = self.local(file, name);
                let object = self.object(Object::External(name));
                self.add(self.at(place, to), object);
            }
            Flow::Signature { to, returns } => {
                let object = self.object(Object::Signature(self.at(place, returns)));
                self.add(self.at(place, to), object);
            }
            Flow::Load { to, base, field } => {
                let field = self.local(file, field);
                self.use_of(self.at(place, base), Use::Load { to: self.at(place, to), field });
            }
            Flow::Store { base, field, from } => {
                let field = self.local(file, field);
                self.use_of(self.at(place, base), Use::Store { field, from: self.at(place, from) });
            }
            Flow::LoadAny { to, base, key } => {
                self.use_of(self.at(place, base), Use::LoadAny { to: self.at(place, to), key: self.at(place, key) });
            }
            Flow::Key { to, name } => {
                let name = self.local(file, name);
                let object = self.object(Object::Key(name));
                self.add(self.at(place, to), object);
            }
            Flow::StoreAny { base, from, key } => {
                self.use_of(
                    self.at(place, base),
                    Use::StoreAny { from: self.at(place, from), key: self.at(place, key) },
                );
            }
            Flow::CopyFields { to, from } => {
                self.use_of(self.at(place, to), Use::CopyFields { to: self.at(place, from) });
            }
            Flow::Global { to, name } => {
                let name = self.local(file, name);
                if let Some(&global) = self.globals.get(&name) {
                    self.edge(global, self.at(place, to));
                } else {
                    let object = self.object(Object::External(name));
                    self.add(self.at(place, to), object);
                }
            }
            Flow::StoreGlobal { name, from } => {
                let name = self.local(file, name);
                if let Some(&global) = self.globals.get(&name) {
                    self.edge(self.at(place, from), global);
                }
            }
            Flow::FieldLike { base, field, like } => {
                let field = self.local(file, field);
                self.use_of(self.at(place, base), Use::FieldLike { field, like: self.at(place, like) });
            }
            Flow::Unknown { to } => self.add(self.at(place, to), self.unknown),
            Flow::Iterate { to, from } => self.use_of(self.at(place, from), Use::Iterate { to: self.at(place, to) }),
            Flow::IterateAt { to, from, index } => {
                self.use_of(self.at(place, from), Use::IterateAt { to: self.at(place, to), index });
            }
            Flow::Super { to, from, class } => {
                self.use_of(
                    self.at(place, from),
                    Use::Super { to: self.at(place, to), class: self.class_at(place, class) },
                );
            }
            Flow::Slice { to, from, start } => {
                let array = self.made(Object::Array);
                let list = self.name("builtins.list");
                self.library_of.insert(array, list);
                // Elements are told apart up to a few.
                let start = u8::try_from(start).unwrap_or(u8::MAX);
                self.use_of(self.at(place, from), Use::Slice { to: self.at(place, to), array, start });
            }
            Flow::Join { to, first, second } => {
                let (to, second) = (self.at(place, to), self.at(place, second));
                self.use_of(self.at(place, first), Use::Join { to, second });
            }
            Flow::Entered { to, from } => self.use_of(self.at(place, from), Use::Entered { to: self.at(place, to) }),
            Flow::Undefined { to } => self.add(self.at(place, to), self.undefined),
            Flow::Default { to, from, default } => {
                self.use_of(
                    self.at(place, from),
                    Use::Default { to: self.at(place, to), default: self.at(place, default) },
                );
            }
        }
    }

    /// A node holds what is made there.
    fn give_birth(&mut self, to: Node, object: ObjectId) {
        self.born.insert(object, to);
        self.add(to, object);
    }
}

/// Whether it is loaded before values flow.
pub(super) fn is_of_types(flow: &Flow) -> bool {
    matches!(
        flow,
        Flow::Assign { .. }
            | Flow::Class { .. }
            | Flow::Type { .. }
            | Flow::Typed { .. }
            | Flow::Hinted { .. }
            | Flow::Function { .. }
    )
}
