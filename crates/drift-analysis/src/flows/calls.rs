//! Steps into functions and out of them, and over calls of what is not of the project.

use std::rc::Rc;

use drift_facts::values::{Argument, ELEMENT, NOTHING, Parameter, Takes, effect};

use super::{ANY, Arrives, Code, Context, Fact, MAX_WAY, Search, State};
use crate::arrangement::Use;
use crate::library::{Outcome, outcome};

impl<C: Code> Search<'_, C> {
    pub(super) fn follow_uses(&mut self, at: u32, fact: &Fact, probability: f32) -> Result<(), C::Error> {
        let uses = self.files[fact.file as usize].uses.get(&fact.value).cloned().unwrap_or_default();
        for (call, used) in uses {
            let targets = self.targets_of(fact.file, call)?;
            if let Use::Argument(place) = used {
                self.note_sink(at, fact, call, place);
            }
            for &(file, function, edge) in targets.iter() {
                self.enter(at, fact, (call, used), (file, function), probability * edge);
            }
            if targets.is_empty() || used == Use::Receiver && fact.way.is_empty() {
                self.outside(at, fact, call, used, probability);
            }
        }
        Ok(())
    }

    pub(super) fn note_sink(&mut self, at: u32, fact: &Fact, call: u32, place: u32) {
        let arrives = match (fact.way.is_empty(), fact.effects & effect::JOINED) {
            (false, _) => Arrives::Inside,
            (true, 0) => Arrives::Whole,
            (true, _) => Arrives::Text,
        };
        self.sinks.entry((fact.file, call, place, arrives, fact.effects)).or_insert(at);
    }

    pub(super) fn enter(
        &mut self,
        at: u32,
        fact: &Fact,
        (call, used): (u32, Use),
        (file, function): (u32, Option<u32>),
        probability: f32,
    ) {
        let Some(function) = function else { return };
        let callee = self.files[file as usize].values.functions[function as usize].clone();
        let caller = Rc::clone(&self.files[fact.file as usize].values);
        let Use::Argument(place) = used else {
            // What an object holds is what its methods find in it.
            if let (Some(class), false) = (callee.class, fact.way.is_empty()) {
                let value = self.files[file as usize].values.classes[class as usize].instance;
                let held = Fact { file, value, context: ANY, ..fact.clone() };
                self.reach(held, Some((at, Some((fact.file, call)))), probability);
            }
            return;
        };
        for (parameter, way) in
            self.places_of(&caller.calls[call as usize].arguments, place, &callee.parameters, &fact.way)
        {
            let value = callee.parameters[parameter].value;
            let key = (file, function, value, way.clone(), fact.effects);
            let next = self.contexts.len() as u32;
            let context = *self.context_of.entry(key).or_insert(next);
            if context == next {
                self.contexts.push(Context::default());
            }
            let entry = (at, call, probability / self.states[at as usize].probability);
            self.contexts[context as usize].entered.push(entry);
            let entered = Fact { file, value, way, effects: fact.effects, context };
            self.reach(entered, Some((at, Some((fact.file, call)))), probability);
            for left in self.contexts[context as usize].left.clone() {
                self.come_back((file, function), entry, &left);
            }
        }
    }

    /// Which parameters an argument goes to, and the way inside of each.
    pub(super) fn places_of(
        &mut self,
        arguments: &[Argument],
        place: u32,
        parameters: &[Parameter],
        way: &[u32],
    ) -> Vec<(usize, Vec<u32>)> {
        let given = &arguments[place as usize];
        let inside = |search: &mut Self, name: &str| {
            let mut inner = vec![search.name(name)];
            inner.extend(way);
            inner.truncate(MAX_WAY);
            inner
        };
        let find = |takes: Takes| parameters.iter().position(|parameter| parameter.takes == takes);
        if let Some(name) = &given.name {
            if given.is_spread {
                let named = parameters.iter().enumerate().filter(|(_, one)| !one.name.is_empty());
                return named.filter_map(|(at, one)| Some((at, self.below(way, &one.name)?))).collect();
            }
            let own = |one: &Parameter| one.name == *name && one.takes != Takes::Rest;
            return match (parameters.iter().position(own), find(Takes::NamedRest)) {
                (Some(at), _) => vec![(at, way.to_vec())],
                (None, Some(rest)) => vec![(rest, inside(self, name))],
                (None, None) => Vec::new(),
            };
        }
        let positional: Vec<usize> =
            parameters.iter().enumerate().filter(|(_, one)| one.takes == Takes::One).map(|(at, _)| at).collect();
        let behind_spread = arguments[..place as usize].iter().any(|one| one.is_spread && one.name.is_none());
        let rest = find(Takes::Rest);
        if given.is_spread || behind_spread {
            let element = if given.is_spread { self.below(way, ELEMENT) } else { Some(way.to_vec()) };
            let Some(element) = element else { return Vec::new() };
            let later = positional.iter().skip(if behind_spread { 0 } else { place as usize });
            let mut found: Vec<(usize, Vec<u32>)> = later.map(|&at| (at, element.clone())).collect();
            found.extend(rest.map(|rest| (rest, inside(self, ELEMENT))));
            return found;
        }
        match (positional.get(place as usize), rest) {
            (Some(&at), _) => vec![(at, way.to_vec())],
            (None, Some(rest)) => vec![(rest, inside(self, ELEMENT))],
            (None, None) => Vec::new(),
        }
    }

    /// A call that enters nothing of the project.
    pub(super) fn outside(&mut self, at: u32, fact: &Fact, call: u32, used: Use, probability: f32) {
        let arranged = &self.files[fact.file as usize];
        let values = Rc::clone(&arranged.values);
        let made = &values.calls[call as usize];
        let texts: Vec<&str> = made.arguments.iter().flat_map(|argument| arranged.texts_of(argument.value)).collect();
        let callbacks: Vec<u32> =
            made.arguments.iter().filter_map(|argument| arranged.function_in(argument.value)).collect();
        let comes = outcome(&made.name, &made.callee, &texts, made.receiver != NOTHING);
        let hop = Some((at, Some((fact.file, call))));
        for function in callbacks {
            for parameter in &values.functions[function as usize].parameters {
                let given = Fact { value: parameter.value, way: Vec::new(), context: ANY, ..fact.clone() };
                self.reach(given, hop, probability);
            }
        }
        let result = Fact { value: made.result, ..fact.clone() };
        match (comes, used) {
            (Outcome::Nothing, _) => {}
            (Outcome::Kept, Use::Argument(_)) => {
                let name = self.name(ELEMENT);
                let receiver = Fact { value: made.receiver, ..fact.clone() };
                self.keep(at, &receiver, name, probability);
            }
            (Outcome::Container | Outcome::Kept, _) => {
                self.reach(result, hop, probability);
            }
            (Outcome::Made(effect), _) => {
                let result = Fact { way: Vec::new(), effects: fact.effects | effect, ..result };
                self.reach(result, hop, probability);
            }
        }
    }

    pub(super) fn out_of_function(&mut self, at: u32, fact: &Fact, probability: f32) -> Result<(), C::Error> {
        let arranged = &self.files[fact.file as usize];
        if let Some(&function) = arranged.returns.get(&fact.value) {
            let given_to = arranged.given_to.get(&function).cloned().unwrap_or_default();
            self.leave(fact, function, None);
            for call in given_to {
                if self.targets_of(fact.file, call)?.is_empty() {
                    let value = self.files[fact.file as usize].values.calls[call as usize].result;
                    let made = Fact { value, way: Vec::new(), context: ANY, ..fact.clone() };
                    self.reach(made, Some((at, Some((fact.file, call)))), probability);
                }
            }
            if fact.context == ANY {
                for &(file, call) in self.callers_of(fact.file, function, false)?.iter() {
                    let value = self.files[file as usize].values.calls[call as usize].result;
                    let result = Fact { file, value, context: ANY, ..fact.clone() };
                    self.reach(result, Some((at, Some((file, call)))), probability);
                }
            }
        }
        if let Some(&class) = self.files[fact.file as usize].instances.get(&fact.value)
            && !fact.way.is_empty()
        {
            for &(file, call) in self.callers_of(fact.file, class, true)?.iter() {
                let value = self.files[file as usize].values.calls[call as usize].result;
                let made = Fact { file, value, context: ANY, ..fact.clone() };
                self.reach(made, Some((at, None)), probability);
            }
        }
        Ok(())
    }

    /// Something leaves a function by its result or by what it was given: it comes back where it was entered.
    pub(super) fn leave(&mut self, fact: &Fact, function: u32, parameter: Option<u32>) {
        if fact.context == ANY {
            return;
        }
        let left = (parameter, fact.way.clone(), fact.effects);
        let context = &mut self.contexts[fact.context as usize];
        if context.left.contains(&left) {
            return;
        }
        context.left.push(left.clone());
        for entry in context.entered.clone() {
            self.come_back((fact.file, function), entry, &left);
        }
    }

    pub(super) fn come_back(
        &mut self,
        (file, function): (u32, u32),
        (at, call, edge): (u32, u32, f32),
        (parameter, way, effects): &(Option<u32>, Vec<u32>, u8),
    ) {
        let State { fact: caller, probability, .. } = &self.states[at as usize];
        let (caller, probability) = (caller.clone(), *probability * edge);
        let values = Rc::clone(&self.files[caller.file as usize].values);
        let made = &values.calls[call as usize];
        let hop = Some((caller.file, call));
        let back = Fact { way: way.clone(), effects: *effects, ..caller };
        match parameter {
            None => {
                let is_constructor = self.files[file as usize].values.functions[function as usize].is_constructor;
                if !is_constructor {
                    self.reach(Fact { value: made.result, ..back }, Some((at, hop)), probability);
                }
            }
            Some(parameter) => {
                if let Some(argument) = made.arguments.get(*parameter as usize)
                    && !way.is_empty()
                {
                    self.hold(at, Fact { value: argument.value, ..back }, hop, probability);
                }
            }
        }
    }
}
