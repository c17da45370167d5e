//! Classes of classes: what making a class runs, and what calling one does where its own class says so.

use super::Solver;
use super::model::{Ancestor, ClassId, Node, Object, ObjectId, Site, SiteId, Use};

impl Solver<'_> {
    /// What runs when the classes of the program are made: `__init_subclass__`, and `__init__` of their classes.
    pub(super) fn make_classes(&mut self) {
        let [init_subclass, init] = ["__init_subclass__", "__init__"].map(|name| self.name(name));
        let has_hook = self.has_attribute("__init_subclass__");
        for class in 0..self.classes.len() as ClassId {
            if self.shared(class).is_none() {
                continue;
            }
            if has_hook {
                let (object, method) = (self.object(Object::Class(class)), self.fresh());
                let order: Vec<Ancestor> = self.order_of(class).into_iter().skip(1).collect();
                let order: Vec<Ancestor> =
                    order.into_iter().filter(|ancestor| matches!(ancestor, Ancestor::Class(_))).collect();
                self.attribute_along(&order, init_subclass, object, method);
                self.call_unseen(class, method);
            }
            for meta in self.metaclasses(class) {
                if self.declares(meta, init) {
                    let method = self.fresh();
                    let receiver = self.object(Object::Instantiated(class));
                    self.attribute_along(&self.order_of(meta), init, receiver, method);
                    self.call_unseen(class, method);
                }
            }
        }
    }

    /// A call without a place in the text.
    fn call_unseen(&mut self, class: ClassId, method: Node) {
        let function = &self.functions[self.classes[class as usize].constructor as usize];
        let (library, place) = (function.library, function.place);
        let id = self.sites.len() as SiteId;
        self.sites.push(Site { callee: method, ..Site::unseen(drift_facts::SiteKind::Operator, library, place) });
        self.targets.grow(1);
        self.use_of(method, Use::Callee(id));
    }

    /// The classes of the project that are the class of this one.
    fn metaclasses(&self, class: ClassId) -> Vec<ClassId> {
        let mut found = Vec::new();
        for ancestor in self.order_of(class) {
            let Ancestor::Class(base) = ancestor else { continue };
            let metaclass = self.shared(base).map_or(0, |shared| shared.metaclass);
            for &object in self.graph.objects(metaclass) {
                if let Object::Class(meta) = self.objects[object as usize]
                    && !found.contains(&meta)
                {
                    found.push(meta);
                }
            }
        }
        found
    }

    /// Calls what the class of a class says that calling it does; returns whether it says so.
    pub(super) fn call_metaclass(&mut self, site: SiteId, class: ClassId) -> bool {
        let call = self.name("__call__");
        let metas = self.metaclasses(class);
        let Some(&meta) = metas.iter().find(|&&meta| self.declares(meta, call)) else { return false };
        let (receiver, method) = (self.object(Object::Instantiated(class)), self.fresh());
        self.attribute_along(&self.order_of(meta), call, receiver, method);
        // What it returns for other classes is not what it returns for this one.
        let outer = &self.sites[site as usize];
        let result = outer.result;
        let mut inner = Site::inner(outer, method, outer.args.clone(), 0);
        (inner.named, inner.named_spread, inner.spread) = (outer.named.clone(), outer.named_spread, outer.spread);
        inner.maybe_missing = outer.maybe_missing;
        let id = self.sites.len() as SiteId;
        self.sites.push(inner);
        self.targets.grow(1);
        self.stand_ins.entry(site).or_default().push(id);
        self.use_of(method, Use::Callee(id));
        let instance = self.object(Object::ClassInstance(class));
        self.add(result, instance);
        self.guesses.made.insert(class);
        true
    }

    /// `super().__call__()` in a class of classes.
    pub(super) fn make_instance(&mut self, site: SiteId, object: ObjectId) {
        let first = self.sites[site as usize].args.first().copied();
        let (class, skipped) = match self.objects[object as usize] {
            Object::Super(_, receiver) => (self.objects[receiver as usize], 0),
            // `type.__call__(cls, …)`
            Object::External(_) => {
                return first.map_or((), |first| self.use_of(first, Use::MakeInstance(site)));
            }
            other => (other, 1),
        };
        let Object::Class(class) = class else { return };
        if self.shared(class).is_none() || !self.made_by.insert((site, class)) {
            return;
        }
        let outer = &self.sites[site as usize];
        let mut inner = Site::inner(outer, 0, outer.args.iter().skip(skipped).copied().collect(), outer.result);
        (inner.named, inner.named_spread, inner.spread) = (outer.named.clone(), outer.named_spread, outer.spread);
        inner.maybe_missing = outer.maybe_missing >> skipped;
        let id = self.sites.len() as SiteId;
        self.sites.push(inner);
        self.targets.grow(1);
        self.instantiate(id, class);
    }
}
