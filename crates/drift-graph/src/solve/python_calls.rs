//! Calls that enter Python's own library.

use super::model::{Node, Object, ObjectId, SiteId, Use};
use super::{Solver, call_name};
use crate::python_library::{self, Effect};

impl Solver<'_> {
    pub(super) fn call_python_library(&mut self, site: SiteId, text: &str) {
        let at = site as usize;
        let (this, result, args) = (self.sites[at].this, self.sites[at].result, self.sites[at].args.clone());
        let arg = |index: usize| args.get(index).copied().unwrap_or(0);
        let spread = self.sites[at].spread;
        if text.ends_with(".__new__") {
            // `object.__new__(cls)`, `super().__new__(cls)`
            self.use_of(arg(0), Use::Instances { to: result });
            return self.leave_project(site);
        }
        let Some(effect) = python_library::effect(text) else {
            let yielded = match python_library::returns(text) {
                // Managers of the library mostly yield themselves.
                None if text.ends_with(".__enter__") => text.trim_end_matches(".__enter__").to_owned(),
                Some(of) => of.to_owned(),
                None if is_class(text) => text.to_owned(),
                None => call_name(text),
            };
            let object = self.external(&yielded);
            self.add(result, object);
            if self.sites[at].kind == drift_facts::SiteKind::Decorator {
                // What a decorator of the library returns does what the function does.
                self.edge(arg(0), result);
            }
            self.leave_project(site);
            return;
        };
        let element = self.fresh();
        match effect {
            Effect::CallWithElements => {
                // The function comes first, though both orders are met in programs that never iterate over it.
                let lists = args.iter().skip(1).map(|&list| self.elements(list)).collect();
                let mapped = self.list(result, "builtins.list");
                self.callback(site, arg(0), lists, mapped);
            }
            Effect::FilterBy => {
                self.use_of(arg(1), Use::Iterate { to: element });
                self.callback(site, arg(0), vec![element], 0);
                let kept = self.list(result, "builtins.list");
                self.edge(element, kept);
            }
            Effect::ListOf => {
                let class = if text.ends_with("set") { "builtins.set" } else { "builtins.list" };
                let kept = self.list(result, class);
                if !is_queue(text) {
                    self.use_of(arg(0), Use::Iterate { to: kept });
                }
            }
            Effect::ListOfSecond => {
                let kept = self.list(result, "builtins.list");
                self.use_of(arg(1), Use::Iterate { to: kept });
            }
            Effect::PushTo => {
                self.use_of(arg(0), Use::StoreAny { from: arg(1), key: 0 });
                self.use_of(arg(0), Use::Iterate { to: result });
            }
            Effect::SortedBy | Effect::BestBy | Effect::SortBy => {
                let from = if effect == Effect::SortBy { this } else { arg(0) };
                self.use_of(from, Use::Iterate { to: element });
                if effect == Effect::BestBy && args.len() > 1 {
                    for &one in &*args {
                        self.edge(one, element);
                    }
                }
                let key = self.named_argument(site, "key");
                self.callback(site, key, vec![element], 0);
                match effect {
                    Effect::SortedBy => {
                        let kept = self.list(result, "builtins.list");
                        self.edge(element, kept);
                    }
                    Effect::BestBy => self.edge(element, result),
                    _ => {}
                }
            }
            Effect::NextElement => {
                self.use_of(arg(0), Use::Iterate { to: result });
                self.edge(arg(1), result);
            }
            Effect::Zip => {
                let kept = self.list(result, "builtins.list");
                let tuple = self.made(Object::Array);
                self.library_as(tuple, "builtins.tuple");
                for (index, &list) in args.iter().enumerate() {
                    let field = self.name(&index.to_string());
                    let to = self.field(tuple, field);
                    self.use_of(list, Use::Iterate { to });
                }
                self.add(kept, tuple);
            }
            Effect::Enumerate => {
                let kept = self.list(result, "builtins.list");
                self.use_of(arg(0), Use::Iterate { to: element });
                let pair = self.pair(0, element);
                self.library_as(pair, "builtins.tuple");
                self.add(kept, pair);
            }
            Effect::Chain => {
                let kept = self.list(result, "builtins.list");
                for &list in args.iter().chain([&spread]) {
                    self.use_of(list, Use::Iterate { to: kept });
                }
            }
            Effect::LowerText => self.use_of(this, Use::Cased { to: result, is_upper: false }),
            Effect::UpperText => self.use_of(this, Use::Cased { to: result, is_upper: true }),
            Effect::ReplaceText => {
                for part in [this, arg(0), arg(1)] {
                    self.use_of(part, Use::Replaced(site));
                }
            }
            Effect::GetField => {
                self.use_of(arg(0), Use::LoadAny { to: result, key: arg(1) });
                self.edge(arg(2), result);
            }
            Effect::SetField => {
                self.hooks.set.push((arg(0), arg(1)));
                self.use_of(arg(0), Use::StoreAny { from: arg(2), key: arg(1) });
            }
            Effect::RunText => {
                self.add(result, self.unknown);
                self.leave_project(site);
            }
            Effect::Fold => {
                let accumulator = self.fresh();
                self.use_of(arg(1), Use::Iterate { to: element });
                self.edge(arg(2), accumulator);
                // Without a start the first element is it.
                if args.len() < 3 {
                    self.edge(element, accumulator);
                }
                self.callback(site, arg(0), vec![accumulator, element], accumulator);
                self.edge(accumulator, result);
            }
            Effect::Partial => {
                let partial = self.object(Object::Partial(site));
                self.add(result, partial);
            }
            Effect::FirstFunction if !args.is_empty() => {
                let otherwise = self.external(&call_name(text));
                self.use_of(arg(0), Use::Callable { to: result, otherwise });
            }
            Effect::FirstArgument | Effect::FirstFunction if args.is_empty() => {
                // `@lru_cache(maxsize=1)`: what is made here takes the function.
                let object = self.external(&call_name(text));
                self.add(result, object);
            }
            Effect::FirstArgument | Effect::FirstFunction => self.edge(arg(0), result),
            Effect::Cast => {
                self.use_of(arg(0), Use::Hinted { to: result });
                self.edge(arg(1), result);
            }
            Effect::Send => {
                self.use_of(this, Use::Store { field: self.sent, from: arg(0) });
                self.use_of(this, Use::Iterate { to: result });
            }
            Effect::Gather => {
                let tuple = self.made(Object::Array);
                self.library_as(tuple, "builtins.tuple");
                for (index, &from) in args.iter().enumerate() {
                    let field = self.name(&index.to_string());
                    let to = self.field(tuple, field);
                    self.use_of(from, Use::Fulfilled { to });
                }
                let all = self.field(tuple, self.element);
                self.edge(spread, all);
                self.add(result, tuple);
            }
            Effect::EnterFirst => {
                let (enter, method) = (self.name("__enter__"), self.fresh());
                self.use_of(arg(0), Use::Load { to: method, field: enter });
                self.callback(site, method, Vec::new(), result);
                self.use_of(arg(0), Use::Entered { to: result });
            }
            Effect::Submit => {
                let future = self.made(Object::Plain);
                self.library_as(future, "concurrent.futures.Future");
                let kept = self.field(future, self.element);
                self.callback(site, arg(0), args.iter().skip(1).copied().collect(), kept);
                self.add(result, future);
            }
            Effect::Kept => self.use_of(this, Use::Load { to: result, field: self.element }),
            Effect::Wrap => {
                self.use_of(arg(0), Use::Wraps { wrapped: arg(1) });
                self.edge(arg(0), result);
            }
            Effect::Keep => {
                let made = self.made(Object::Plain);
                self.library_as(made, text);
                for (index, name) in [(0, "fget"), (1, "fset")] {
                    let field = self.name(&index.to_string());
                    let to = self.field(made, field);
                    self.edge(arg(index), to);
                    let named = self.named_argument(site, name);
                    self.edge(named, to);
                }
                self.add(result, made);
            }
            Effect::NewNamespace => {
                let made = self.made(Object::Plain);
                self.library_as(made, text);
                for &(field, from) in &*self.sites[at].named.clone() {
                    let to = self.field(made, field);
                    self.edge(from, to);
                }
                self.add(result, made);
            }
            Effect::FieldDefault => {
                let [default, factory, default_factory] =
                    ["default", "factory", "default_factory"].map(|name| self.named_argument(site, name));
                self.edge(default, result);
                let first = if text.ends_with("Factory") { arg(0) } else { 0 };
                for function in [factory, default_factory, first] {
                    self.callback(site, function, Vec::new(), result);
                }
            }
            Effect::PartialMethod => {
                let partial = self.object(Object::PartialMethod(site));
                self.add(result, partial);
            }
            Effect::MakeInstance => self.use_of(this, Use::MakeInstance(site)),
            Effect::Push | Effect::InsertAt => {
                let from = if effect == Effect::Push { arg(0) } else { arg(1) };
                self.use_of(this, Use::Store { field: self.element, from });
            }
            Effect::PushAll => {
                self.use_of(arg(0), Use::Iterate { to: element });
                self.use_of(this, Use::Store { field: self.element, from: element });
            }
            Effect::TakeElement => self.use_of(this, Use::Iterate { to: result }),
            Effect::Receiver => self.edge(this, result),
            Effect::GetOr | Effect::GetOrSet => {
                self.use_of(this, Use::LoadAny { to: result, key: arg(0) });
                self.edge(arg(1), result);
                if effect == Effect::GetOrSet {
                    self.use_of(this, Use::StoreAny { from: arg(1), key: arg(0) });
                }
            }
            Effect::UpdateFields => {
                self.use_of(this, Use::CopyFields { to: arg(0) });
                self.store_named(site, this);
            }
            Effect::FieldsOf => {
                let kept = self.list(result, "builtins.list");
                self.use_of(this, Use::LoadAny { to: kept, key: 0 });
            }
            Effect::KeysOf => {
                let kept = self.list(result, "builtins.list");
                self.use_of(this, Use::Iterate { to: kept });
            }
            Effect::PairsOf => {
                let kept = self.list(result, "builtins.list");
                let [key, value] = [(); 2].map(|()| self.fresh());
                self.use_of(this, Use::Iterate { to: key });
                self.use_of(this, Use::LoadAny { to: value, key: 0 });
                let pair = self.pair(key, value);
                self.library_as(pair, "builtins.tuple");
                self.add(kept, pair);
            }
            Effect::NewDictionary | Effect::DefaultDictionary => {
                let made = self.made(Object::Plain);
                self.library_as(made, "builtins.dict");
                self.add(result, made);
                self.store_named(site, result);
                let held = self.field(made, self.element);
                if effect == Effect::DefaultDictionary {
                    self.callback(site, arg(0), Vec::new(), held);
                } else {
                    self.use_of(result, Use::CopyFields { to: arg(0) });
                    self.use_of(arg(0), Use::Iterate { to: element });
                    self.use_of(element, Use::IterateAt { to: held, index: 1 });
                }
            }
            Effect::RunTarget => {
                let (target, given) = (self.named_argument(site, "target"), self.named_argument(site, "args"));
                let target = if target == 0 { arg(1) } else { target };
                let places = (0..4).map(|index| {
                    let to = self.fresh();
                    self.use_of(given, Use::IterateAt { to, index });
                    to
                });
                let places = places.collect();
                self.callback(site, target, places, 0);
                let object = self.external(text);
                self.add(result, object);
            }
            Effect::RunFirst => {
                self.callback(site, arg(0), args.iter().skip(1).copied().collect(), 0);
                self.edge(arg(0), result);
            }
        }
    }

    /// A node that holds the elements of a list.
    fn elements(&mut self, list: Node) -> Node {
        let element = self.fresh();
        self.use_of(list, Use::Iterate { to: element });
        element
    }

    fn library_as(&mut self, object: ObjectId, class: &str) {
        let class = self.name(class);
        self.library_of.insert(object, class);
    }

    /// A new list in `to`; returns what its elements hold.
    fn list(&mut self, to: Node, class: &str) -> Node {
        let list = self.made(Object::Array);
        self.library_as(list, class);
        self.add(to, list);
        self.field(list, self.element)
    }

    fn named_argument(&mut self, site: SiteId, name: &str) -> Node {
        let name = self.name(name);
        let named = &self.sites[site as usize].named;
        named.iter().find(|&&(known, _)| known == name).map_or(0, |&(_, node)| node)
    }

    /// Arguments by name become entries of a dictionary.
    fn store_named(&mut self, site: SiteId, onto: Node) {
        for &(name, from) in &*self.sites[site as usize].named.clone() {
            let field = self.quoted(name);
            self.use_of(onto, Use::Store { field, from });
        }
    }
}

/// Whether a library name is by convention that of a class, whose instances are called like it.
fn is_class(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_known = name.strip_prefix("builtins.").is_some_and(|known| {
        matches!(known, "int" | "str" | "float" | "bytes" | "bool" | "bytearray" | "range" | "object" | "complex")
    });
    is_known || (last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase))
}

/// Whether a library class is a queue, whose first argument is its size.
fn is_queue(name: &str) -> bool {
    name.ends_with("Queue")
}
