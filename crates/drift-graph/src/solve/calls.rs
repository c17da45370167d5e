//! Calls: arguments to parameters, receivers to `this`, results back.

use drift_facts::{Library, MAX_INDEX, SiteKind};

use super::Solver;
use super::model::{ClassId, Function, FunctionId, Node, Object, ObjectId, Site, SiteId, Use};

/// Calls that a call causes, which cause calls in turn: past so many the last is not followed.
pub(super) const MAX_STAND_INS: u8 = 3;

impl Solver<'_> {
    /// `receiver`: the one that the callee was found on; without it `this` is all that the site's receiver holds.
    pub(super) fn call(&mut self, site: SiteId, callee: ObjectId, receiver: Option<ObjectId>) {
        let at = site as usize;
        if matches!(self.sites[at].kind, SiteKind::Require | SiteKind::DynamicImport) {
            if self.is_outside(callee) || matches!(self.objects[callee as usize], Object::Module(_)) {
                self.targets.insert(site, callee);
            }
            return;
        }
        if self.waits_for_copy(site, callee, receiver) {
            return;
        }
        let is_known = receiver.is_some() && !self.called.insert((site, callee));
        if is_known && !matches!(self.objects[callee as usize], Object::Function(_)) {
            return;
        }
        if self.makes_values(callee) {
            self.put_off.push((site, callee, receiver, is_known));
        } else {
            self.call_now(site, callee, receiver, is_known);
        }
    }

    /// Whether calling this makes objects or calls that nobody wrote, which are told apart by their numbers.
    fn makes_values(&self, callee: ObjectId) -> bool {
        match self.objects[callee as usize] {
            Object::External(_) | Object::Standing(..) | Object::Partial(_) | Object::PartialMethod(_) => true,
            Object::Plain => self.library_of.contains_key(&callee),
            Object::Class(class) => self.shared(class).is_some(),
            _ => false,
        }
    }

    /// Makes the calls of this round that make objects or other calls, in an order that does not depend on how they came.
    pub(super) fn make_values(&mut self) {
        while !self.put_off.is_empty() {
            let mut calls = std::mem::take(&mut self.put_off);
            calls.sort_by(|&(site, callee, receiver, _), &(other_site, other, other_receiver, _)| {
                let by_receiver = || receiver.unwrap_or_default().cmp(&other_receiver.unwrap_or_default());
                site.cmp(&other_site).then_with(|| self.compare(callee, other)).then_with(by_receiver)
            });
            for (site, callee, receiver, is_known) in calls {
                self.call_now(site, callee, receiver, is_known);
            }
            self.work_off();
        }
    }

    fn call_now(&mut self, site: SiteId, callee: ObjectId, receiver: Option<ObjectId>, is_known: bool) {
        let at = site as usize;
        match self.objects[callee as usize] {
            Object::Method(function, receiver) => {
                let target = self.object(Object::Function(self.functions[function as usize].origin));
                self.targets.insert(site, target);
                let function = match receiver {
                    0 => function,
                    _ if self.stands_for_one(receiver) => self.entered_on(receiver, function),
                    _ => self.entered_to_decorate(site, function).unwrap_or_else(|| self.entered(site, function)),
                };
                let mut args = vec![0];
                args.extend_from_slice(&self.sites[at].args);
                if receiver != 0 {
                    self.give_receiver(function, receiver);
                }
                self.enter(site, function, 0, &args, 0);
                // The rest of what a copy has not of its own; what is made, the copy makes.
                if let Some(function) = self.copies.forwards.beside(function) {
                    if self.is_maker(function) {
                        self.pass_named(site, function, &args, 0);
                    } else {
                        self.give_receiver(function, receiver);
                        self.enter(site, function, 0, &args, 0);
                    }
                }
            }
            Object::Class(class) if self.shared(class).is_some() => self.create(site, class),
            Object::ClassInstance(class) if self.shared(class).is_some() => {
                let call = self.name("__call__");
                let method = self.read_node(callee, call);
                self.use_of(method, Use::Callee(site));
            }
            Object::Standing(object, given) => self.call_standing(site, object, given),
            Object::Partial(of) | Object::PartialMethod(of) => self.call_partial(site, of),
            Object::Accessor(function) => {
                let target = self.object(Object::Function(self.functions[function as usize].origin));
                self.targets.insert(site, target);
                let mut args = vec![0, 0];
                args.extend_from_slice(&self.sites[at].args);
                self.enter(site, function, 0, &args, 0);
            }
            Object::Plain if self.library_of.contains_key(&callee) => self.call_wrapper(site, callee),
            Object::Function(function) => {
                let target = self.object(Object::Function(self.functions[function as usize].origin));
                self.targets.insert(site, target);
                let function = self.entered(site, function);
                match receiver {
                    Some(receiver) => {
                        self.receive(function, receiver);
                        if !is_known {
                            let args = self.sites[at].args.clone();
                            self.enter(site, function, 0, &args, 0);
                        }
                    }
                    None => {
                        let (this, args) = (self.sites[at].this, self.sites[at].args.clone());
                        self.enter(site, function, this, &args, 0);
                    }
                }
            }
            Object::Class(class) => {
                let is_creation = matches!(self.sites[at].kind, SiteKind::New | SiteKind::SuperCall | SiteKind::Jsx);
                if is_creation {
                    self.construct(site, class, false);
                    if self.sites[at].kind == SiteKind::New {
                        let instance = self.object(Object::ClassInstance(class));
                        self.add(self.sites[at].result, instance);
                    }
                }
            }
            Object::TypeInstance(ty) if self.sites[at].kind == SiteKind::New => {
                for made in self.types[ty as usize].members.get(&self.made).cloned().unwrap_or_default() {
                    self.edge(made, self.sites[at].result);
                }
            }
            Object::Call(function) => {
                let target = self.object(Object::Function(self.functions[function as usize].origin));
                self.targets.insert(site, target);
                let function = self.entered(site, function);
                let args = self.sites[at].args.clone();
                let (this, rest) = args.split_first().map_or((0, &[][..]), |(&this, rest)| (this, rest));
                self.enter(site, function, this, rest, 0);
            }
            Object::Apply(function) => {
                let target = self.object(Object::Function(self.functions[function as usize].origin));
                self.targets.insert(site, target);
                let function = self.entered(site, function);
                let args = self.sites[at].args.clone();
                let this = args.first().copied().unwrap_or(0);
                let spread = self.fresh();
                if let Some(&list) = args.get(1) {
                    self.use_of(list, Use::Iterate { to: spread });
                }
                self.enter(site, function, this, &[], spread);
            }
            Object::Bind(function) => {
                let target = self.external("Function.prototype.bind");
                self.targets.insert(site, target);
                let bound = self.bound(site, function);
                let args = self.sites[at].args.clone();
                if let Some((&this, given)) = args.split_first() {
                    self.enter_this(bound, this);
                    let params = self.functions[bound as usize].params.clone();
                    for (&from, &to) in given.iter().zip(&*params) {
                        self.edge(from, to);
                    }
                    if bound != function {
                        self.functions[bound as usize].params = params.iter().copied().skip(given.len()).collect();
                    }
                }
                let bound = self.object(Object::Function(bound));
                self.add(self.sites[at].result, bound);
            }
            Object::Signature(returns) => {
                self.targets.insert(site, callee);
                self.edge(returns, self.sites[at].result);
                self.leave_project(site);
            }
            Object::Settle(values) => {
                self.targets.insert(site, callee);
                if let Some(&value) = self.sites[at].args.first() {
                    self.use_of(value, Use::Fulfilled { to: values });
                }
            }
            Object::External(name) => {
                self.targets.insert(site, callee);
                self.call_library(site, name);
            }
            Object::Unknown => {
                self.targets.insert(site, callee);
                self.add(self.sites[at].result, self.unknown);
                self.leave_project(site);
            }
            _ => {}
        }
    }

    /// Arguments, receiver and result of a call that enters a function.
    pub(super) fn enter(&mut self, site: SiteId, function: FunctionId, this: Node, args: &[Node], extra: Node) {
        let at = site as usize;
        let kind = self.sites[at].kind;
        let is_creation = kind == SiteKind::New;
        if is_creation {
            let instance = self.object(Object::FunctionInstance(function));
            self.add(self.functions[function as usize].this, instance);
            self.add(self.sites[at].result, instance);
        } else {
            self.enter_this(function, this);
        }
        if self.functions[function as usize].library == Library::Python {
            self.pass_named(site, function, args, extra);
            self.edge(self.functions[function as usize].returns, self.sites[at].result);
            return;
        }
        let (params, rest, returns) = {
            let function = &self.functions[function as usize];
            (function.params.clone(), function.rest, function.returns)
        };
        // `f.call` passes its arguments on from the second.
        let shifted = (self.sites[at].args.len() - args.len().min(self.sites[at].args.len())) as u32;
        let maybe_missing = self.sites[at].maybe_missing.checked_shr(shifted).unwrap_or(0);
        self.pass(args, maybe_missing, [self.sites[at].spread, extra], &params, rest);
        let to = self.sites[at].result;
        if self.mixed.contains(&(site, function)) {
            self.use_of(returns, Use::ReturnedByMixin { to });
        } else {
            self.edge(returns, to);
        }
    }

    /// Arguments reach parameters; what is not passed is undefined.
    pub(super) fn pass(&mut self, args: &[Node], maybe_missing: u32, spreads: [Node; 2], params: &[Node], rest: Node) {
        for (index, &from) in args.iter().enumerate() {
            match params.get(index) {
                Some(&to) => {
                    self.edge(from, to);
                    if maybe_missing.checked_shr(index as u32).unwrap_or(0) & 1 == 1 {
                        self.add(to, self.undefined);
                    }
                }
                None if rest == 0 => {}
                None => {
                    let at = (index - params.len()) as u32;
                    if at < MAX_INDEX {
                        let field = self.name(&at.to_string());
                        self.use_of(rest, Use::Store { field, from });
                    } else {
                        self.use_of(rest, Use::StoreAny { from, key: 0 });
                    }
                }
            }
        }
        for &to in params.iter().skip(args.len()) {
            self.add(to, self.undefined);
        }
        for spread in spreads {
            if spread == 0 {
                continue;
            }
            for &to in params.iter().skip(args.len()) {
                self.edge(spread, to);
            }
            if rest != 0 {
                self.use_of(rest, Use::StoreAny { from: spread, key: 0 });
            }
        }
    }

    /// A value of a declared type stands for values that are found elsewhere.
    pub(super) fn receive(&mut self, function: FunctionId, receiver: ObjectId) {
        let Function { this, binds_this, .. } = self.functions[function as usize];
        let is_value = !matches!(self.objects[receiver as usize], Object::TypeInstance(_) | Object::External(_));
        if binds_this && is_value {
            self.add(this, receiver);
        }
    }

    pub(super) fn enter_this(&mut self, function: FunctionId, this: Node) {
        let Function { this: to, binds_this, .. } = self.functions[function as usize];
        if binds_this {
            self.edge(this, to);
        }
    }

    /// `new C()` and `super()`: the constructor that runs, which may be an inherited one.
    /// An implicit one passes everything on, so that it only counts for the class that is created.
    pub(super) fn construct(&mut self, site: SiteId, class: ClassId, is_inherited: bool) {
        let (constructor, implicit, extends) = {
            let class = &self.classes[class as usize];
            (class.constructor, class.implicit, class.extends)
        };
        if !(implicit && is_inherited) {
            let target = self.object(Object::Function(self.functions[constructor as usize].origin));
            self.targets.insert(site, target);
        }
        if implicit {
            self.use_of(extends, Use::InheritedConstructor(site));
        } else {
            let args = self.sites[site as usize].args.clone();
            self.enter_arguments(site, constructor, &args);
            if self.sites[site as usize].kind == SiteKind::New {
                self.edge(self.functions[constructor as usize].returns, self.sites[site as usize].result);
            }
        }
    }

    pub(super) fn inherited_constructor(&mut self, site: SiteId, base: ObjectId) {
        match self.objects[base as usize] {
            Object::Class(class) => self.construct(site, class, true),
            Object::Function(function) => {
                let target = self.object(Object::Function(self.functions[function as usize].origin));
                self.targets.insert(site, target);
                let args = self.sites[site as usize].args.clone();
                self.enter_arguments(site, function, &args);
            }
            _ => {}
        }
    }

    pub(super) fn enter_arguments(&mut self, site: SiteId, function: FunctionId, args: &[Node]) {
        let params = self.functions[function as usize].params.clone();
        let rest = self.functions[function as usize].rest;
        let Site { spread, maybe_missing, .. } = self.sites[site as usize];
        self.pass(args, maybe_missing, [spread, 0], &params, rest);
    }

    /// Arguments go where nobody sees; functions among them may be called with anything.
    pub(super) fn leave_project(&mut self, site: SiteId) {
        let Site { args, spread, named, named_spread, .. } = &self.sites[site as usize];
        let (spread, named_spread) = (*spread, *named_spread);
        let named: Vec<Node> = named.iter().map(|&(_, node)| node).collect();
        let args = args.clone();
        for arg in args.iter().copied().chain(named) {
            self.use_of(arg, Use::Escape);
        }
        self.use_of(named_spread, Use::Escape);
        self.use_of(spread, Use::Escape);
    }

    /// A function that was given its first arguments before.
    fn call_partial(&mut self, site: SiteId, of: SiteId) {
        if self.sites[site as usize].depth >= MAX_STAND_INS || !self.made_by.insert((site, u32::MAX - of)) {
            return;
        }
        let given = &self.sites[of as usize];
        let Some((&callee, first)) = given.args.split_first() else { return };
        let outer = &self.sites[site as usize];
        let args = first.iter().chain(&*outer.args).copied().collect();
        let mut inner = Site::inner(outer, callee, args, outer.result);
        inner.named = given.named.iter().chain(&*outer.named).copied().collect();
        inner.spread = outer.spread;
        inner.named_spread = if outer.named_spread == 0 { given.named_spread } else { outer.named_spread };
        let id = self.sites.len() as SiteId;
        self.sites.push(inner);
        self.targets.grow(1);
        self.stand_ins.entry(site).or_default().push(id);
        self.use_of(callee, Use::Callee(id));
    }

    /// Makes every function in `callback` be called with these arguments and send its result to `to`.
    pub(super) fn callback(&mut self, site: SiteId, callback: Node, args: Vec<Node>, to: Node) {
        if self.sites[site as usize].depth >= MAX_STAND_INS {
            self.add(to, self.unknown);
            return;
        }
        let id = self.sites.len() as SiteId;
        let inner = Site::inner(&self.sites[site as usize], callback, args.into(), to);
        self.sites.push(inner);
        self.targets.grow(1);
        self.use_of(callback, Use::Callee(id));
    }
}
