//! Calls that enter the language's own library: where it moves values, and which callbacks it runs.

use drift_facts::SiteKind;

use super::model::{Name, Node, Object, ObjectId, SiteId, Use};
use super::{Solver, call_name, member_name};
use crate::library::{self, Effect};

impl Solver<'_> {
    pub(super) fn call_library(&mut self, site: SiteId, name: Name) {
        let at = site as usize;
        let text = self.names[name as usize].clone();
        let (this, result, args) = (self.sites[at].this, self.sites[at].result, self.sites[at].args.clone());
        let arg = |index: usize| args.get(index).copied().unwrap_or(0);
        let Some(effect) = library::effect(&text) else {
            let yielded = match library::returns(&text) {
                Some(of) => of.to_owned(),
                None if self.sites[at].kind == SiteKind::New => member_name(&text, "prototype"),
                None => call_name(&text),
            };
            let object = self.external(&yielded);
            self.add(result, object);
            self.leave_project(site);
            return;
        };
        // Effects differ by site, and every site meets a library function at most once per name.
        let element = self.fresh();
        if library::moves_elements(&text) {
            self.use_of(this, Use::Iterate { to: element });
            self.use_of(this, Use::Store { field: self.element, from: element });
        }
        match effect {
            Effect::EachElement | Effect::FilterElements | Effect::FindElement => {
                self.use_of(this, Use::Iterate { to: element });
                self.callback(site, arg(0), vec![element, 0, this], 0);
                match effect {
                    Effect::FilterElements => self.edge(this, result),
                    Effect::FindElement => self.edge(element, result),
                    _ => {}
                }
            }
            Effect::MapElements | Effect::FromIterable => {
                let is_from = effect == Effect::FromIterable;
                let (list, function) = if is_from { (arg(0), arg(1)) } else { (this, arg(0)) };
                self.use_of(list, Use::Iterate { to: element });
                let mapped = self.fresh();
                if is_from && function == 0 {
                    self.edge(element, mapped);
                }
                self.callback(site, function, vec![element, 0, list], mapped);
                let array = self.objects.len() as ObjectId;
                self.objects.push(Object::Array);
                self.add(result, array);
                let field = self.field(array, self.element);
                self.edge(mapped, field);
                if text.ends_with("flatMap") {
                    self.use_of(mapped, Use::Iterate { to: field });
                }
            }
            Effect::Reduce => {
                self.use_of(this, Use::Iterate { to: element });
                let accumulator = self.fresh();
                self.edge(arg(1), accumulator);
                self.edge(element, accumulator);
                self.callback(site, arg(0), vec![accumulator, element, 0, this], accumulator);
                self.edge(accumulator, result);
            }
            Effect::Push => {
                for &from in &args {
                    self.use_of(this, Use::Store { field: self.element, from });
                }
                let spread = self.sites[at].spread;
                if spread != 0 {
                    self.use_of(this, Use::Store { field: self.element, from: spread });
                }
            }
            Effect::TakeElement => self.use_of(this, Use::Iterate { to: result }),
            Effect::CopyElements => {
                let array = self.objects.len() as ObjectId;
                self.objects.push(Object::Array);
                self.add(result, array);
                let field = self.field(array, self.element);
                self.use_of(this, Use::Iterate { to: field });
                if text.ends_with(".concat") {
                    for &from in &args {
                        self.use_of(from, Use::Iterate { to: field });
                        self.edge(from, field);
                    }
                } else {
                    for &from in args.iter().skip(1) {
                        self.edge(from, field);
                    }
                }
                if text.ends_with(".flat") {
                    self.use_of(field, Use::Iterate { to: field });
                }
            }
            Effect::Receiver => {
                self.edge(this, result);
                if text.ends_with(".fill") {
                    self.use_of(this, Use::Store { field: self.element, from: arg(0) });
                }
            }
            Effect::Then => {
                let value = if text.ends_with("then") { this } else { 0 };
                for &function in &args {
                    self.callback(site, function, vec![value], result);
                }
                self.edge(this, result);
            }
            Effect::FirstArgument => self.edge(arg(0), result),
            Effect::AssignFields => {
                for &from in args.iter().skip(1) {
                    self.use_of(arg(0), Use::CopyFields { to: from });
                    self.copy_onto_functions(arg(0), from);
                }
                self.edge(arg(0), result);
            }
            Effect::Create => {
                let created = self.objects.len() as ObjectId;
                self.objects.push(Object::Plain);
                self.add(result, created);
                let inherited = self.field(created, self.inherits);
                self.edge(arg(0), inherited);
            }
            Effect::Inherit => {
                self.use_of(arg(0), Use::Store { field: self.inherits, from: arg(1) });
                self.edge(arg(0), result);
            }
            Effect::FieldValues => {
                let array = self.objects.len() as ObjectId;
                self.objects.push(Object::Array);
                self.add(result, array);
                let field = self.field(array, self.element);
                self.use_of(arg(0), Use::LoadAny { to: field });
            }
            Effect::Run => self.callback(site, arg(0), args.iter().skip(2).copied().collect(), 0),
        }
    }

    /// `Object.assign(f, …)` and `Object.assign(f.prototype, …)`.
    pub(super) fn copy_onto_functions(&mut self, to: Node, from: Node) {
        self.use_of(to, Use::Store { field: self.inherits, from });
    }
}
