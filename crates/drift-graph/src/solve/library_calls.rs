//! Calls that enter the language's own library: where it moves values, and which callbacks it runs.

use drift_facts::SiteKind;

use super::model::{Name, Node, Object, ObjectId, Site, SiteId, Use};
use super::rows::Fixed;
use super::{Solver, call_name, member_name};
use crate::library::{self, Effect, EmitterMember};

impl Solver<'_> {
    pub(super) fn call_library(&mut self, site: SiteId, name: Name) {
        let at = site as usize;
        let text = self.names[name as usize].clone();
        if self.is_python(site) {
            return self.call_python_library(site, &text);
        }
        let (this, result, args) = (self.sites[at].this, self.sites[at].result, self.sites[at].args.clone());
        let arg = |index: usize| args.get(index).copied().unwrap_or(0);
        let is_creation = self.sites[at].kind == SiteKind::New;
        let effect = if is_creation { library::creation(&text) } else { library::effect(&text) };
        let Some(effect) = effect else {
            match library::emitter_member(&text) {
                Some(EmitterMember::Listens) => self.use_of(arg(0), Use::Listens { on: this, from: arg(1) }),
                Some(EmitterMember::Emits) => {
                    let listeners = self.fresh();
                    self.use_of(arg(0), Use::Emits { on: this, to: listeners });
                    self.callback(site, listeners, args.iter().skip(1).copied().collect(), 0);
                }
                None => {}
            }
            let yielded = match library::returns(&text) {
                Some(of) => of.to_owned(),
                None if is_creation => member_name(&text, "prototype"),
                None => call_name(&text),
            };
            let object = self.external(&yielded);
            self.add(result, object);
            self.leave_project(site);
            return;
        };
        // Effects differ by site, and every site meets a library function at most once per name.
        let element = self.fresh();
        match effect {
            Effect::FromIterable => self.filter_elements(element, arg(0)),
            Effect::EachElement
            | Effect::FilterElements
            | Effect::FindElement
            | Effect::MapElements
            | Effect::Reduce => self.filter_elements(element, this),
            _ => {}
        }
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
                let field = self.array(result);
                self.edge(mapped, field);
                if text.ends_with("flatMap") {
                    self.use_of(mapped, Use::Iterate { to: field });
                }
            }
            Effect::Reduce => {
                self.use_of(this, Use::Iterate { to: element });
                let accumulator = self.fresh();
                self.edge(arg(1), accumulator);
                // Without a start the first element is it.
                if args.len() < 2 {
                    self.edge(element, accumulator);
                }
                self.callback(site, arg(0), vec![accumulator, element, 0, this], accumulator);
                self.edge(accumulator, result);
            }
            Effect::Push => {
                for &from in &*args {
                    self.use_of(this, Use::Store { field: self.element, from });
                }
                let spread = self.sites[at].spread;
                if spread != 0 {
                    self.use_of(this, Use::Store { field: self.element, from: spread });
                }
            }
            Effect::TakeElement => self.use_of(this, Use::Iterate { to: result }),
            Effect::CopyElements => {
                let field = self.array(result);
                self.use_of(this, Use::Iterate { to: field });
                if text.ends_with(".concat") {
                    for &from in &*args {
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
                let is_then = text.ends_with("then");
                let value = self.fresh();
                self.use_of(this, Use::Fulfilled { to: value });
                for (index, &function) in args.iter().enumerate() {
                    let given = if is_then && index == 0 { vec![value] } else { Vec::new() };
                    self.callback(site, function, given, result);
                }
                if !is_then || arg(0) == 0 {
                    self.edge(value, result);
                }
                self.add(result, self.promise);
            }
            Effect::FirstArgument => {
                self.edge(arg(0), result);
                if text.starts_with("Promise.") {
                    self.add(result, self.promise);
                }
            }
            Effect::DefineProperty => {
                let value = self.described(site, arg(2));
                self.use_of(arg(0), Use::StoreAny { from: value, key: arg(1) });
                self.edge(arg(0), result);
            }
            Effect::DefineProperties => {
                self.use_of(arg(1), Use::Describe { site, onto: arg(0) });
                self.edge(arg(0), result);
            }
            Effect::GetField => self.use_of(arg(0), Use::LoadAny { to: result, key: arg(1) }),
            Effect::ReplaceText => {
                let object = self.external("String.prototype");
                self.add(element, object);
                self.add(result, object);
                self.callback(site, arg(1), vec![element, element, element], 0);
            }
            Effect::RunText => {
                self.add(result, self.unknown);
                self.leave_project(site);
            }
            Effect::AssignFields => {
                for &from in args.iter().skip(1) {
                    self.use_of(arg(0), Use::CopyFields { to: from });
                    self.copy_onto_functions(arg(0), from);
                }
                self.edge(arg(0), result);
            }
            Effect::Create => {
                let created = self.made(Object::Plain);
                self.add(result, created);
                let inherited = self.field(created, self.inherits);
                self.edge(arg(0), inherited);
                self.use_of(arg(1), Use::Describe { site, onto: result });
            }
            Effect::Inherit => {
                self.use_of(arg(0), Use::Store { field: self.inherits, from: arg(1) });
                self.edge(arg(0), result);
            }
            Effect::InheritPrototype => {
                let [prototype, inherited] = [(); 2].map(|()| self.fresh());
                self.use_of(arg(0), Use::Load { to: prototype, field: self.prototype });
                self.use_of(arg(1), Use::Load { to: inherited, field: self.prototype });
                self.use_of(prototype, Use::Store { field: self.inherits, from: inherited });
                let base = self.name("super_");
                self.use_of(arg(0), Use::Store { field: base, from: arg(1) });
            }
            Effect::FieldValues => {
                let field = self.array(result);
                self.use_of(arg(0), Use::LoadAny { to: field, key: 0 });
            }
            Effect::Run(first) => self.callback(site, arg(0), args.iter().skip(first).copied().collect(), 0),
            Effect::ArrayOf => {
                let field = self.array(result);
                for &from in &*args {
                    self.edge(from, field);
                }
            }
            Effect::Pairs { of_argument } => {
                let value = self.fresh();
                if of_argument {
                    self.use_of(arg(0), Use::LoadAny { to: value, key: 0 });
                } else {
                    self.use_of(this, Use::Iterate { to: value });
                }
                let (field, pair) = (self.array(result), self.pair(0, value));
                self.add(field, pair);
            }
            Effect::FromPairs => {
                let made = self.made(Object::Plain);
                self.add(result, made);
                let field = self.field(made, self.element);
                self.use_of(arg(0), Use::Iterate { to: element });
                self.use_of(element, Use::IterateAt { to: field, index: 1 });
            }
            Effect::NewMap => {
                let made = self.instance(&text, result);
                self.use_of(arg(0), Use::Iterate { to: element });
                for (index, field) in [(0, self.key), (1, self.element)] {
                    let to = self.field(made, field);
                    self.use_of(element, Use::IterateAt { to, index });
                }
            }
            Effect::NewEmitter => drop(self.instance(&text, result)),
            Effect::NewSet => {
                let made = self.instance(&text, result);
                let field = self.field(made, self.element);
                self.use_of(arg(0), Use::Iterate { to: field });
            }
            Effect::MapSet => {
                self.use_of(this, Use::Store { field: self.key, from: arg(0) });
                self.use_of(this, Use::Store { field: self.element, from: arg(1) });
                self.edge(this, result);
            }
            Effect::SetAdd => {
                self.use_of(this, Use::Store { field: self.element, from: arg(0) });
                self.edge(this, result);
            }
            Effect::ValueOf => self.use_of(this, Use::Kept { field: self.element, to: result }),
            Effect::Values | Effect::Keys => {
                let to = self.array(result);
                let field = if effect == Effect::Keys { self.key } else { self.element };
                self.use_of(this, Use::Kept { field, to });
            }
            Effect::EachValue => {
                let key = self.fresh();
                let field = if text.starts_with("Set") { self.element } else { self.key };
                self.use_of(this, Use::Kept { field: self.element, to: element });
                self.use_of(this, Use::Kept { field, to: key });
                self.callback(site, arg(0), vec![element, key, this], 0);
            }
            Effect::NewPromise => {
                let settle = self.fresh();
                let function = self.object(Object::Settle(result));
                self.add(settle, function);
                let reject = self.fresh();
                let function = self.external("Promise.reject");
                self.add(reject, function);
                self.callback(site, arg(0), vec![settle, reject], 0);
                self.add(result, self.promise);
            }
            Effect::WithResolvers => {
                let made = self.made(Object::Plain);
                self.add(result, made);
                let field = self.name("promise");
                let promise = self.field(made, field);
                self.add(promise, self.promise);
                let settle = self.object(Object::Settle(promise));
                let reject = self.external("Promise.reject");
                for (name, function) in [("resolve", settle), ("reject", reject)] {
                    let field = self.name(name);
                    let field = self.field(made, field);
                    self.add(field, function);
                }
            }
            Effect::FirstFulfilled => {
                self.use_of(arg(0), Use::Iterate { to: element });
                self.use_of(element, Use::Fulfilled { to: result });
            }
            Effect::ReflectApply => self.reflect(site, SiteKind::Call, (arg(0), arg(1)), arg(2)),
            Effect::ReflectConstruct => self.reflect(site, SiteKind::New, (arg(0), 0), arg(1)),
            Effect::NewProxy => {
                self.edge(arg(0), result);
                let (apply, get) = (self.name("apply"), self.name("get"));
                self.use_of(arg(1), Use::Load { to: result, field: apply });
                let trap = self.fresh();
                self.use_of(arg(1), Use::Load { to: trap, field: get });
                let made = self.made(Object::Plain);
                self.add(result, made);
                let field = self.field(made, self.element);
                self.callback(site, trap, vec![arg(0)], field);
            }
        }
    }

    /// The value that a property descriptor gives: its `value`, or what its `get` returns.
    pub(super) fn described(&mut self, site: SiteId, descriptor: Node) -> Node {
        let [value, getter] = [(); 2].map(|()| self.fresh());
        let (value_name, get) = (self.name("value"), self.name("get"));
        self.use_of(descriptor, Use::Load { to: value, field: value_name });
        self.use_of(descriptor, Use::Load { to: getter, field: get });
        self.callback(site, getter, Vec::new(), value);
        value
    }

    /// Fields described by those of an object.
    pub(super) fn describe(&mut self, site: SiteId, descriptors: ObjectId, onto: Node) {
        if matches!(self.objects[descriptors as usize], Object::Plain) {
            for (field, descriptor) in self.fields_of.get(&descriptors).cloned().unwrap_or_default() {
                if field != self.inherits {
                    let from = self.described(site, descriptor);
                    self.use_of(onto, Use::Store { field, from });
                }
            }
        }
    }

    /// The field of an object that holds what hears the event of this name.
    pub(super) fn event(&mut self, name: ObjectId) -> Option<Name> {
        let Object::Key(name) = self.objects[name as usize] else { return None };
        let field = self.name(&format!("[on]{}", self.names[name as usize]));
        self.events.insert(field);
        Some(field)
    }

    /// A new array in `to`; returns what its elements hold.
    fn array(&mut self, to: Node) -> Node {
        let array = self.made(Object::Array);
        self.add(to, array);
        self.field(array, self.element)
    }

    /// A new instance of a library class in `to`.
    fn instance(&mut self, class: &str, to: Node) -> ObjectId {
        let name = self.name(&format!("{class}.prototype"));
        let made = self.made(Object::Instance(name));
        self.add(to, made);
        made
    }

    /// The site calls what its first argument holds, with the elements of `list`.
    fn reflect(&mut self, site: SiteId, kind: SiteKind, (callee, this): (Node, Node), list: Node) {
        let spread = self.fresh();
        self.use_of(list, Use::Iterate { to: spread });
        let id = self.sites.len() as SiteId;
        let outer = &self.sites[site as usize];
        let mut inner = Site::inner(outer, callee, Fixed::default(), outer.result);
        (inner.kind, inner.this, inner.spread) = (kind, this, spread);
        self.sites.push(inner);
        self.targets.grow(1);
        self.stand_ins.entry(site).or_default().push(id);
        self.use_of(callee, Use::Callee(id));
    }

    /// `Object.assign(f, …)` and `Object.assign(f.prototype, …)`.
    pub(super) fn copy_onto_functions(&mut self, to: Node, from: Node) {
        self.use_of(to, Use::Store { field: self.inherits, from });
    }
}
