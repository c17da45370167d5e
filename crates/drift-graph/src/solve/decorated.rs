//! Objects that stand for what they decorate.
//!
//! All instances of a class are one object here, which would make everything that a class decorates one thing. So a
//! class that a decorator calls is extended by an empty class of its own for each place where it decorates, and its
//! methods are told apart for each of these.

use drift_facts::{Binding, Flow, SiteKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::calls::MAX_STAND_INS;
use super::copies::{MAX_DEPTH, MAX_FLOWS_FOR_DECORATED};
use super::model::{Ancestor, Class, ClassId, Function, FunctionId, Node, Object, ObjectId, Shared, Site, SiteId, Use};

/// Classes that were made for decorators.
#[derive(Default)]
pub(super) struct Decorated {
    made: FxHashMap<(SiteId, ClassId), ClassId>,
    /// With how many copies enter each other where they are made.
    classes: FxHashMap<ClassId, u8>,
    /// Definitions that are decorated.
    functions_given: FxHashSet<FunctionId>,
    classes_given: FxHashSet<ClassId>,
    /// What decorators of classes yield, where that goes, and what they were given.
    pub(super) classes_yielded: Vec<(Node, Node, Node)>,
    /// Functions that enter what they stand before.
    entered: FxHashSet<FunctionId>,
}

/// The attribute of a function that says what it stands before.
const WRAPPED: &str = "__wrapped__";
/// Arguments whose places are told apart where a function passes on all it is given.
const PASSED_ON: u32 = 4;

impl Solver<'_> {
    /// Finds the calls that make decorators, `@f` and `@f()`, and what decorators are given.
    pub(super) fn find_decorators(&mut self) {
        for (file, source) in self.files.iter().enumerate() {
            let flows = || source.facts.flows.iter();
            let given: FxHashSet<u32> = flows()
                .filter_map(|flow| if let Flow::Decorated { given, .. } = *flow { Some(given) } else { None })
                .collect();
            let base = &self.bases[file];
            for flow in flows() {
                match *flow {
                    Flow::Function { to, function } if given.contains(&to) => {
                        self.decorated.functions_given.insert(base.function + function);
                    }
                    Flow::Class { to, class } if given.contains(&to) => {
                        self.decorated.classes_given.insert(base.class + class);
                    }
                    _ => {}
                }
            }
            let sites = || source.facts.sites.iter();
            let decorators: FxHashSet<u32> =
                sites().filter(|site| site.kind == SiteKind::Decorator).map(|site| site.callee).collect();
            let first = self.bases[file].site as usize;
            for (index, site) in sites().enumerate() {
                self.sites[first + index].decorates =
                    site.kind == SiteKind::Decorator || (site.result != 0 && decorators.contains(&site.result));
            }
        }
    }

    /// The class that a call makes an instance of: for a decorator one of its own.
    pub(super) fn made_for(&mut self, site: SiteId, class: ClassId) -> ClassId {
        if let Some(&made) = self.decorated.made.get(&(site, class)) {
            return made;
        }
        let [call, get, new] = ["__call__", "__get__", "__new__"].map(|name| self.name(name));
        // A class that makes its instances itself may as well make a partial function of itself first: `@C(name="a")`.
        let Site { kind, depth, .. } = self.sites[site as usize];
        let is_decorator = kind == SiteKind::Decorator || depth > 0 || !self.declares(class, new);
        let stands_for_function = is_decorator && [call, get].into_iter().any(|method| self.declares(class, method));
        let depth = self.places[self.sites[site as usize].place as usize].depth;
        let made = if stands_for_function
            && self.can_be_told_apart(class)
            && depth <= MAX_DEPTH
            && !self.decorated.classes.contains_key(&class)
        {
            self.extend(class, depth + 1)
        } else {
            class
        };
        self.decorated.made.insert((site, class), made);
        made
    }

    /// Whether what calling or reading an instance of a class runs can have copies: some of it is small, or none is known.
    fn can_be_told_apart(&mut self, class: ClassId) -> bool {
        let names = ["__call__", "__get__"].map(|name| self.name(name));
        let mut is_any = false;
        for ancestor in self.order_of(class) {
            let Ancestor::Class(base) = ancestor else { continue };
            let holder = self.object(Object::Class(base));
            for name in names {
                let Some(&field) = self.fields.get(&(holder, name)) else { continue };
                for object in self.graph.objects(field).to_vec() {
                    let Object::Function(function) = self.objects[object as usize] else { continue };
                    let origin = self.functions[function as usize].origin;
                    let is_small = self.fact_of(origin).extent.flows.len() <= MAX_FLOWS_FOR_DECORATED;
                    if is_small || self.forwards(origin).is_some() {
                        return true;
                    }
                    is_any = true;
                }
            }
        }
        !is_any
    }

    /// An empty class that extends another.
    fn extend(&mut self, base: ClassId, depth: u8) -> ClassId {
        let class = self.classes.len() as ClassId;
        let [instance, statics] = [(); 2].map(|()| self.fresh());
        let mut order = vec![Ancestor::Class(class)];
        order.extend(self.order_of(base));
        let of = &self.classes[base as usize];
        let (open, is_tuple) = of.shared.as_ref().map_or((Vec::new(), false), |of| (of.open.clone(), of.is_tuple));
        let shared = Shared {
            bases: Vec::new(),
            attributes: FxHashSet::default(),
            metaclass: 0,
            fields: Vec::new(),
            is_tuple,
            statics,
            order,
            open,
        };
        let extended = Class {
            constructor: of.constructor,
            implicit: of.implicit,
            extends: 0,
            instance,
            members: FxHashMap::default(),
            declared: FxHashSet::default(),
            origin: None,
            has_copies: false,
            shared: Some(shared),
        };
        let all = of.instance;
        self.classes.push(extended);
        self.declared.ancestors.push(None);
        self.decorated.classes.insert(class, depth);
        let made = self.object(Object::ClassInstance(class));
        self.add(instance, made);
        self.edge(instance, all);
        class
    }

    /// Whether an object is a class, and another than the one that a decorator was given.
    fn is_another_class(&self, object: ObjectId, given: Node) -> bool {
        let is_class = |object: &ObjectId| matches!(self.objects[*object as usize], Object::Class(_));
        let given = self.graph.objects(given);
        is_class(&object) && given.iter().any(is_class) && !given.contains(&object)
    }

    /// What decorators of classes yield, if none of it can be what they were given, is what they made instead.
    /// Returns whether there are any.
    pub(super) fn yield_other_classes(&mut self) -> bool {
        let decorated = std::mem::take(&mut self.decorated.classes_yielded);
        let mut is_any = false;
        for (from, to, given) in decorated {
            let (held, given) = (self.graph.objects(from).to_vec(), self.graph.objects(given));
            if held.iter().any(|object| given.contains(object) || self.is_outside(*object)) {
                continue;
            }
            is_any = true;
            for object in held {
                self.add(to, object);
            }
        }
        is_any
    }

    /// Whether an object is a definition that another decorator was given than the one that was given this.
    pub(super) fn is_given_elsewhere(&self, object: ObjectId, given: Node) -> bool {
        let is_given = match self.objects[object as usize] {
            Object::Function(function) => {
                self.decorated.functions_given.contains(&self.functions[function as usize].origin)
            }
            Object::Class(class) => {
                self.decorated.classes_given.contains(&self.classes[class as usize].origin.unwrap_or(class))
            }
            _ => false,
        };
        is_given && !self.graph.objects(given).contains(&object)
    }

    /// What a decorator yields for the definition in `given`, if it is not another definition. What it makes of all
    /// definitions alike stands in the place of this one.
    pub(super) fn decorated_as(&mut self, object: ObjectId, given: Node) -> Option<ObjectId> {
        if self.is_given_elsewhere(object, given) || self.is_another_class(object, given) {
            return None;
        }
        let is_alike = match self.objects[object as usize] {
            Object::Function(function) => {
                let Function { place, origin, .. } = self.functions[function as usize];
                !self.places[place as usize].decorates && self.fact_of(origin).parent.is_some()
            }
            Object::ClassInstance(class) => {
                let call = self.name("__call__");
                self.shared(class).is_some() && !self.stands_for_one(object) && self.declares(class, call)
            }
            _ => false,
        };
        let given = self.graph.objects(given).first().copied();
        let given = given.filter(|&given| matches!(self.objects[given as usize], Object::Function(_)));
        match given {
            Some(given) if is_alike && given != object => Some(self.object(Object::Standing(object, given))),
            _ => Some(object),
        }
    }

    /// A call enters what stands there, and yields what the definition yields that it stands for.
    pub(super) fn call_standing(&mut self, site: SiteId, object: ObjectId, given: ObjectId) {
        let Site { depth, result, .. } = self.sites[site as usize];
        if depth >= MAX_STAND_INS {
            return;
        }
        for (callee, result, is_seen) in [(object, 0, true), (given, result, false)] {
            let held = self.fresh();
            self.add(held, callee);
            let outer = &self.sites[site as usize];
            let mut inner = Site::inner(outer, held, outer.args.clone(), result);
            (inner.named, inner.named_spread, inner.spread) = (outer.named.clone(), outer.named_spread, outer.spread);
            inner.maybe_missing = outer.maybe_missing;
            let id = self.sites.len() as SiteId;
            self.sites.push(inner);
            self.targets.grow(1);
            if is_seen {
                self.stand_ins.entry(site).or_default().push(id);
            } else {
                // Only what it yields is wanted, which is not worth copies.
                self.sites[id as usize].depth = MAX_STAND_INS;
            }
            self.use_of(held, Use::Callee(id));
        }
    }

    /// The same with a receiver.
    pub(super) fn bound_standing(&mut self, object: ObjectId, given: ObjectId, receiver: ObjectId) -> ObjectId {
        let receiver = self.given_receiver(receiver);
        let [object, given] = [object, given].map(|object| match self.objects[object as usize] {
            Object::Function(function) if self.functions[function as usize].binding == Binding::Instance => {
                self.copies.entered_itself.insert(function);
                self.give_receiver(function, receiver);
                self.object(Object::Method(function, 0))
            }
            _ => object,
        });
        self.object(Object::Standing(object, given))
    }

    /// A function stands before others and says so.
    pub(super) fn wraps(&mut self, object: ObjectId, wrapped: Node) {
        if matches!(self.objects[object as usize], Object::Function(_)) {
            let name = self.name(WRAPPED);
            let field = self.field(object, name);
            self.edge(wrapped, field);
        }
    }

    /// Lets functions that say what they stand before pass arguments on to it and yield what it yields, where nothing
    /// that is known says otherwise. Returns whether there were any that this was not done for yet.
    pub(super) fn enter_wrapped(&mut self) -> bool {
        let Some(&name) = self.name_ids.get(WRAPPED) else { return false };
        let mut found: Vec<(ObjectId, Node)> = self
            .fields
            .iter()
            .filter(|((_, field), _)| *field == name)
            .map(|(&(object, _), &node)| (object, node))
            .collect();
        found.sort_unstable();
        let mut is_any = false;
        for (object, wrapped) in found {
            let Object::Function(function) = self.objects[object as usize] else { continue };
            let Function { returns, .. } = self.functions[function as usize];
            if self.graph.objects(wrapped).is_empty()
                || !self.is_guessed(returns)
                || !self.decorated.entered.insert(function)
            {
                continue;
            }
            is_any = true;
            let Function { params, rest, named_rest, library, place, .. } = self.functions[function as usize].clone();
            let mut args = params.to_vec();
            let first_of_rest = args.len();
            if rest != 0 {
                for index in 0..PASSED_ON {
                    let to = self.fresh();
                    self.use_of(rest, Use::IterateAt { to, index });
                    args.push(to);
                }
            }
            let maybe_missing =
                (first_of_rest..args.len()).fold(0_u32, |bits, at| bits | 1_u32.checked_shl(at as u32).unwrap_or(0));
            let id = self.sites.len() as SiteId;
            self.sites.push(Site {
                callee: wrapped,
                args: args.into(),
                maybe_missing,
                named_spread: named_rest,
                result: returns,
                ..Site::unseen(SiteKind::Call, library, place)
            });
            self.targets.grow(1);
            self.use_of(wrapped, Use::Callee(id));
        }
        is_any
    }

    /// Whether an object stands for one thing that is decorated.
    pub(super) fn stands_for_one(&self, object: ObjectId) -> bool {
        self.depth_of(object) > 0
    }

    /// How many copies enter each other in the methods of such an object.
    pub(super) fn depth_of(&self, object: ObjectId) -> u8 {
        match self.objects[object as usize] {
            Object::ClassInstance(class) | Object::Class(class) => {
                self.decorated.classes.get(&class).copied().unwrap_or(0)
            }
            _ => 0,
        }
    }
}
