//! Classes that a function makes anew for each base it is given: `const Mixed = (Base) => class extends Base {}`.
//!
//! One class for all calls would extend every base at once, and whatever extends it would inherit from all of them. So a
//! call whose callee is known before values flow yields a copy of the class, which extends what that call passes.

use drift_facts::{NONE, SiteKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Solver;
use super::model::{Class, ClassId, FunctionId, Node, Object, SiteId, Use};

impl Solver<'_> {
    /// Copies the classes of mixins for each call; what the copies extend is still to be worked out.
    pub(super) fn copy_mixins(&mut self) {
        let mixins = self.find_mixins();
        if mixins.is_empty() {
            return;
        }
        for site in 0..self.sites.len() as SiteId {
            let callee = self.sites[site as usize].callee;
            let &[callee] = self.graph.objects(callee) else { continue };
            let Object::Function(function) = self.objects[callee as usize] else { continue };
            if self.sites[site as usize].kind != SiteKind::Call {
                continue;
            }
            for &(class, parameter) in mixins.get(&function).map_or(&[][..], Vec::as_slice) {
                if let Some(&base) = self.sites[site as usize].args.get(parameter) {
                    let copy = self.copy_class(class, base);
                    let copy = self.object(Object::Class(copy));
                    self.add(self.sites[site as usize].result, copy);
                    self.mixed.insert((site, function));
                }
            }
        }
    }

    /// By function the classes that it returns and that extend one of its parameters, with the position of that one.
    fn find_mixins(&self) -> FxHashMap<FunctionId, Vec<(ClassId, usize)>> {
        let mut mixins: FxHashMap<FunctionId, Vec<(ClassId, usize)>> = FxHashMap::default();
        for (file, source) in self.files.iter().enumerate() {
            let (facts, base) = (source.facts, &self.bases[file]);
            for (index, class) in facts.classes.iter().enumerate() {
                let Some(around) = facts.functions[class.constructor as usize].parent else { continue };
                let params = &facts.functions[around as usize].params;
                let Some(parameter) = params.iter().position(|&node| node != NONE && node == class.extends) else {
                    continue;
                };
                let (class, function) = (base.class + index as u32, base.function + around);
                let returns = self.graph.objects(self.functions[function as usize].returns);
                if returns.iter().any(|&object| self.objects[object as usize] == Object::Class(class)) {
                    mixins.entry(function).or_default().push((class, parameter));
                }
            }
        }
        mixins
    }

    /// A class with the members of another, extending what is at `base`.
    fn copy_class(&mut self, class: ClassId, base: Node) -> ClassId {
        let copy = self.classes.len() as ClassId;
        let [extends, instance] = [(); 2].map(|()| self.fresh());
        let original = &mut self.classes[class as usize];
        original.has_copies = true;
        let all = original.instance;
        let copied = Class {
            constructor: original.constructor,
            implicit: original.implicit,
            extends,
            instance,
            members: original.members.clone(),
            declared: FxHashSet::clone(&original.declared),
            origin: Some(class),
            shared: None,
            has_copies: false,
        };
        self.classes.push(copied);
        self.edge(base, extends);
        let made = self.object(Object::ClassInstance(copy));
        self.add(instance, made);
        self.edge(instance, all);
        self.use_of(extends, Use::Extends(copy));
        copy
    }
}
