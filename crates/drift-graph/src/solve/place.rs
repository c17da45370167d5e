//! Where the parts of a file are among those of all files.
//!
//! Facts number nodes, objects, functions and classes within their file. A place says which numbers they have here. Every
//! file has one; a copy of a function has one as well, which holds what the copy has of its own.

use std::ops::Range;
use std::rc::Rc;

use drift_facts::{
    AccessFact, CalleeShape, ClassFact, FunctionFact, ImplicitCallFact, IterationFact, Library, MemberKind, NO_NAME,
    NONE, SiteFact, SiteKind,
};
use rustc_hash::FxHashMap;

use super::Solver;
use super::model::{Class, ClassId, Function, FunctionId, Name, Node, ObjectId, Shared, Site, TypeId};
use super::rows::Fixed;

/// Index of a place; those of the files come first, in their order.
pub(super) type PlaceId = u32;

/// Some numbers of a file, which follow each other here as well.
#[derive(Clone, Debug, Default)]
pub(super) struct Shift {
    pub(super) from: Range<u32>,
    pub(super) to: u32,
    /// Where only some are found here: for each its number among these, from 1, or 0.
    some: Option<Rc<[u32]>>,
}

impl Shift {
    /// All of `count` numbers, from `to` on.
    pub(super) fn all(count: usize, to: usize) -> Self {
        Self::of_range(0..count as u32, to as u32)
    }

    pub(super) fn of_range(from: Range<u32>, to: u32) -> Self {
        Self { from, to, some: None }
    }

    pub(super) fn some(from: Range<u32>, some: Rc<[u32]>, to: u32) -> Self {
        Self { from, to, some: Some(some) }
    }

    fn of(&self, local: u32) -> Option<u32> {
        if !self.from.contains(&local) {
            return None;
        }
        let at = local - self.from.start;
        match &self.some {
            None => Some(self.to + at),
            Some(some) => some[at as usize].checked_sub(1).map(|at| self.to + at),
        }
    }
}

/// What is found in one place.
pub(super) struct Place {
    pub(super) file: u32,
    /// Where everything else is found.
    pub(super) around: Option<PlaceId>,
    pub(super) variables: Shift,
    pub(super) nodes: Shift,
    pub(super) functions: Shift,
    pub(super) classes: Shift,
    pub(super) objects: Shift,
    /// How many copies enter each other here, the innermost being this; 0 for a file.
    pub(super) depth: u8,
    /// It is a copy that a decorator entered, or what it made.
    pub(super) decorates: bool,
}

impl Solver<'_> {
    fn located(&self, mut place: PlaceId, of: impl Fn(&Place) -> Option<u32>) -> u32 {
        loop {
            let here = &self.places[place as usize];
            match (of(here), here.around) {
                (Some(found), _) => return found,
                (None, Some(around)) => place = around,
                (None, None) => return 0, // No front end emits such a number.
            }
        }
    }

    /// A node of a file, as it is numbered here; 0 for none.
    pub(super) fn at(&self, place: PlaceId, node: Node) -> Node {
        if node == NONE {
            return 0;
        }
        self.located(place, |place| place.nodes.of(node).or_else(|| place.variables.of(node)))
    }

    pub(super) fn function_at(&self, place: PlaceId, function: u32) -> FunctionId {
        self.located(place, |place| place.functions.of(function))
    }

    pub(super) fn class_at(&self, place: PlaceId, class: u32) -> ClassId {
        self.located(place, |place| place.classes.of(class))
    }

    pub(super) fn object_at(&self, place: PlaceId, object: u32) -> ObjectId {
        self.located(place, |place| place.objects.of(object))
    }

    pub(super) fn type_at(&self, place: PlaceId, ty: u32) -> TypeId {
        self.bases[self.places[place as usize].file as usize].ty + ty
    }

    fn name_at(&self, place: PlaceId, name: u32) -> Name {
        self.local(self.places[place as usize].file, name)
    }

    fn all_at<L: FromIterator<Node>>(&self, place: PlaceId, nodes: &[Node]) -> L {
        nodes.iter().map(|&node| self.at(place, node)).collect()
    }

    fn all_named(&self, place: PlaceId, pairs: &[(u32, Node)]) -> Fixed<(Name, Node)> {
        pairs.iter().map(|&(name, node)| (self.name_at(place, name), self.at(place, node))).collect()
    }

    pub(super) fn function_in(&self, place: PlaceId, fact: &FunctionFact, origin: FunctionId) -> Function {
        let name = |&name: &u32| if name == NO_NAME { NO_NAME } else { self.name_at(place, name) };
        Function {
            params: self.all_at(place, &fact.params),
            rest: self.at(place, fact.rest),
            this: self.at(place, fact.this),
            returns: self.at(place, fact.returns),
            binds_this: fact.binds_this,
            binding: fact.binding,
            is_member: fact.is_member,
            library: self.library_in(place),
            param_names: match self.functions.get(origin as usize) {
                Some(origin) => origin.param_names.clone(),
                None => fact.param_names.iter().map(name).collect(),
            },
            named_params: self.all_named(place, &fact.named_params),
            named_rest: self.at(place, fact.named_rest),
            place,
            origin,
        }
    }

    pub(super) fn class_in(&self, place: PlaceId, fact: &ClassFact) -> Class {
        let mut members: FxHashMap<(Name, bool), Vec<(MemberKind, FunctionId)>> = FxHashMap::default();
        for member in &fact.members {
            let (name, function) = (self.name_at(place, member.name), self.function_at(place, member.function));
            members.entry((name, member.is_static)).or_default().push((member.kind, function));
            let field = match (member.kind, self.accessors.get(&name)) {
                (MemberKind::Getter, Some(&(getter, _))) => getter,
                (MemberKind::Setter, Some(&(_, setter))) => setter,
                _ => continue,
            };
            members.entry((field, member.is_static)).or_default().push((MemberKind::Method, function));
        }
        Class {
            constructor: self.function_at(place, fact.constructor),
            implicit: fact.implicit_constructor,
            extends: self.at(place, fact.extends),
            instance: self.at(place, fact.instance),
            members,
            declared: fact.declared.iter().map(|&name| self.name_at(place, name)).collect(),
            origin: None,
            has_copies: false,
            shared: fact.shared.as_ref().map(|shared| Shared {
                bases: self.all_at(place, &shared.bases),
                attributes: shared.attributes.iter().map(|&name| self.name_at(place, name)).collect(),
                metaclass: self.at(place, shared.metaclass),
                fields: shared.fields.iter().map(|&name| self.name_at(place, name)).collect(),
                is_tuple: shared.is_tuple,
                statics: self.at(place, fact.statics),
                order: Vec::new(),
                open: Vec::new(),
            }),
        }
    }

    pub(super) fn site_in(&self, place: PlaceId, fact: &SiteFact) -> Site {
        Site {
            kind: fact.kind,
            callee: self.at(place, fact.callee),
            this: self.at(place, fact.this),
            args: self.all_at(place, &fact.args),
            named: self.all_named(place, &fact.named),
            named_spread: self.at(place, fact.named_spread),
            spread: self.at(place, fact.spread),
            maybe_missing: fact.maybe_missing,
            result: self.at(place, fact.result),
            shape: fact.shape,
            decorates: self.places[place as usize].decorates,
            ..Site::unseen(SiteKind::Call, self.library_in(place), place)
        }
    }

    pub(super) fn access_in(&self, place: PlaceId, fact: &AccessFact) -> Site {
        Site {
            this: self.at(place, fact.this),
            args: [self.at(place, fact.value)].into_iter().collect(),
            shape: CalleeShape::Member(fact.field),
            ..Site::unseen(SiteKind::Accessor, self.library_in(place), place)
        }
    }

    /// The sites of the iterator's making and of its steps.
    pub(super) fn iteration_in(&self, place: PlaceId, fact: &IterationFact) -> [Site; 2] {
        [self.at(place, fact.from), 0]
            .map(|this| Site { this, ..Site::unseen(SiteKind::Iteration, self.library_in(place), place) })
    }

    pub(super) fn implicit_call_in(&self, place: PlaceId, fact: &ImplicitCallFact) -> Site {
        Site {
            this: self.at(place, fact.base),
            args: self.all_at(place, &fact.args),
            result: self.at(place, fact.result),
            ..Site::unseen(fact.kind, self.library_in(place), place)
        }
    }

    fn library_in(&self, place: PlaceId) -> Library {
        self.files[self.places[place as usize].file as usize].facts.library
    }
}
