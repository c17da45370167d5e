//! Where a value arrives: which arguments of which calls, by which way, and what was done to it.
//!
//! A value is followed through variables, fields, containers, texts that are put together, arguments and results, calls
//! along the edges of the call graph. What is followed is a value with the way to it inside of what holds it (`.a[]`), what was
//! done to it, and from which call its function was entered, so that what enters a function at one call does not leave it at
//! another (Reps, Horwitz and Sagiv 1995, section 4; Sridharan, Fink and Bodik 2007). Instances of a class are one value.
//! Not followed: names that one file imports from another unless they are called, and what is behind a call of which nothing is
//! known but its name, where it is one of a list (`library.rs`).

use std::collections::VecDeque;
use std::rc::Rc;

use drift_facts::values::{Argument, ELEMENT, FileValues, How, NOTHING, TOP, Takes, Value, effect};
use drift_text::LineSpan;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::arrangement::{Arranged, Use};
use crate::library::{Outcome, has_placeholder, outcome};

/// Names on the way to a value inside of what holds it; what lies deeper is not told apart.
const MAX_WAY: usize = 3;
/// So many steps are looked at in all.
const MAX_STATES: usize = 100_000;

/// A function that a call can enter.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetOf {
    /// Its file.
    pub path: String,
    /// The whole definition; of a class without a constructor the class.
    pub span: LineSpan,
    /// In (0, 1].
    pub probability: f32,
}

/// The project that is looked at.
pub trait Code {
    /// What can go wrong.
    type Error;
    /// What a file does with values; `None` where that is not read.
    ///
    /// # Errors
    /// Its own.
    fn values(&mut self, path: &str) -> Result<Option<Rc<FileValues>>, Self::Error>;
    /// Functions of the project that the call at a place is taken to enter.
    ///
    /// # Errors
    /// Its own.
    fn targets(&mut self, path: &str, call: LineSpan) -> Result<Vec<TargetOf>, Self::Error>;
    /// Calls that can enter the function at a place.
    ///
    /// # Errors
    /// Its own.
    fn callers(&mut self, path: &str, function: LineSpan) -> Result<Vec<(String, LineSpan)>, Self::Error>;
}

/// As what a value arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrives {
    /// The argument is the value, or what functions made of it.
    Whole,
    /// The argument is a text that it is a part of.
    Text,
    /// It is inside of the argument: an element, a field.
    Inside,
}

/// A call on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The file.
    pub path: String,
    /// The whole call.
    pub span: LineSpan,
    /// What is called, as far as it is written in names.
    pub callee: String,
}

/// A call at which the value arrives in an argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Sink {
    /// The call.
    pub at: Hop,
    /// Place of the argument among those that are written, from 0.
    pub argument: u32,
    /// Its name, if it is given by one.
    pub name: Option<String>,
    /// As what.
    pub arrives: Arrives,
    /// What was done to it on the way, see [`effect`].
    pub effects: u8,
    /// Another argument is a text with a place for a value in it, as that of a query with parameters.
    pub is_bound: bool,
    /// Of the calls on the way together.
    pub probability: f32,
    /// Calls that it came through, in their order.
    pub through: Vec<Hop>,
}

/// Where a value arrives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowAnswer {
    /// How many values are read at the place; 0: nothing is.
    pub sources: u32,
    /// By file, then position.
    pub sinks: Vec<Sink>,
    /// Nothing was left out for want of room.
    pub is_complete: bool,
}

/// Follows what is read at a place.
///
/// # Errors
/// Those of `code`.
pub fn flows<C: Code>(code: &mut C, path: &str, place: LineSpan) -> Result<FlowAnswer, C::Error> {
    let mut search = Search::new(code);
    let Some(file) = search.file(path)? else { return Ok(FlowAnswer::default()) };
    let sources = search.files[file as usize].values_at(place);
    for &value in &sources {
        search.reach(Fact { file, value, way: Vec::new(), effects: 0, context: ANY }, None, 1.0);
    }
    search.run()?;
    Ok(search.answer(sources.len() as u32))
}

/// The context of what may have been entered from anywhere.
const ANY: u32 = 0;

/// A value that is what was asked about, or holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Fact {
    file: u32,
    value: Value,
    way: Vec<u32>,
    effects: u8,
    context: u32,
}

struct State {
    fact: Fact,
    /// The state before, and the call between them.
    before: Option<(u32, Option<(u32, u32)>)>,
    probability: f32,
}

/// One way in which a function was entered.
#[derive(Default)]
struct Context {
    /// States at calls that entered it so, with the call and the probability of the edge.
    entered: Vec<(u32, u32, f32)>,
    /// What has left it: the parameter, or its result, and how.
    left: Vec<(Option<u32>, Vec<u32>, u8)>,
}

/// Functions by file, where they are read, with the probability of the edge.
type Targets = Rc<Vec<(u32, Option<u32>, f32)>>;
/// Calls, by file.
type Callers = Rc<Vec<(u32, u32)>>;

struct Search<'c, C: Code> {
    code: &'c mut C,
    files: Vec<Arranged>,
    by_path: FxHashMap<String, Option<u32>>,
    names: FxHashMap<String, u32>,
    states: Vec<State>,
    seen: FxHashSet<Fact>,
    queue: VecDeque<u32>,
    contexts: Vec<Context>,
    context_of: FxHashMap<(u32, u32, Value, Vec<u32>, u8), u32>,
    targets: FxHashMap<(u32, u32), Targets>,
    callers: FxHashMap<(u32, u32), Callers>,
    /// Which state arrived at which argument of which call first.
    sinks: FxHashMap<(u32, u32, u32, Arrives, u8), u32>,
    is_complete: bool,
}

impl<'c, C: Code> Search<'c, C> {
    fn new(code: &'c mut C) -> Self {
        Self {
            code,
            files: Vec::new(),
            by_path: FxHashMap::default(),
            names: FxHashMap::default(),
            states: Vec::new(),
            seen: FxHashSet::default(),
            queue: VecDeque::new(),
            contexts: vec![Context::default()],
            context_of: FxHashMap::default(),
            targets: FxHashMap::default(),
            callers: FxHashMap::default(),
            sinks: FxHashMap::default(),
            is_complete: true,
        }
    }

    fn file(&mut self, path: &str) -> Result<Option<u32>, C::Error> {
        if let Some(&known) = self.by_path.get(path) {
            return Ok(known);
        }
        let file = self.code.values(path)?.map(|values| {
            self.files.push(Arranged::new(path, &values));
            self.files.len() as u32 - 1
        });
        self.by_path.insert(path.to_owned(), file);
        Ok(file)
    }

    fn name(&mut self, name: &str) -> u32 {
        let next = self.names.len() as u32;
        *self.names.entry(name.to_owned()).or_insert(next)
    }

    fn reach(&mut self, fact: Fact, before: Option<(u32, Option<(u32, u32)>)>, probability: f32) -> Option<u32> {
        if fact.value == NOTHING || self.seen.contains(&fact) {
            return None;
        }
        if self.states.len() >= MAX_STATES {
            self.is_complete = false;
            return None;
        }
        self.seen.insert(fact.clone());
        let at = self.states.len() as u32;
        self.states.push(State { fact, before, probability });
        self.queue.push_back(at);
        Some(at)
    }

    fn run(&mut self) -> Result<(), C::Error> {
        while let Some(at) = self.queue.pop_front() {
            let State { fact, probability, .. } = &self.states[at as usize];
            let (fact, probability) = (fact.clone(), *probability);
            self.along_edges(at, &fact, probability);
            self.follow_uses(at, &fact, probability)?;
            self.out_of_function(at, &fact, probability)?;
        }
        Ok(())
    }

    fn along_edges(&mut self, at: u32, fact: &Fact, probability: f32) {
        let values = Rc::clone(&self.files[fact.file as usize].values);
        let edges = self.files[fact.file as usize].out.get(&fact.value).cloned().unwrap_or_default();
        let around = values.around[fact.value as usize];
        for edge in edges {
            let edge = &values.edges[edge as usize];
            // What is kept outside of a function is there whoever called it.
            let context = if values.around[edge.to as usize] == around { fact.context } else { ANY };
            let mut next = Fact { value: edge.to, context, ..fact.clone() };
            match &edge.how {
                How::Same => {}
                How::Made(effect) => {
                    next.way = Vec::new();
                    next.effects |= effect;
                }
                How::Into(name) => {
                    let name = self.name(name);
                    self.keep(at, &Fact { context: fact.context, ..next }, name, probability);
                    continue;
                }
                How::From(name) => match self.below(&fact.way, name) {
                    Some(way) => next.way = way,
                    None => continue,
                },
            }
            self.reach(next, Some((at, None)), probability);
        }
    }

    /// The rest of a way behind a name; `None` where it leads elsewhere. A part of the value itself is as good as the value.
    fn below(&mut self, way: &[u32], name: &str) -> Option<Vec<u32>> {
        let (wanted, any) = (self.name(name), self.name(ELEMENT));
        match way {
            [] => Some(Vec::new()),
            [first, rest @ ..] if *first == wanted || *first == any || wanted == any => Some(rest.to_vec()),
            _ => None,
        }
    }

    /// Something is put under a name into what `fact` holds, and so into what that came from: the same object.
    fn keep(&mut self, at: u32, fact: &Fact, name: u32, probability: f32) {
        let mut way = Vec::with_capacity(fact.way.len() + 1);
        way.push(name);
        way.extend(&fact.way);
        way.truncate(MAX_WAY);
        self.hold(at, Fact { way, ..fact.clone() }, None, probability);
    }

    /// What is in a value is in everything that it was taken from.
    fn hold(&mut self, at: u32, fact: Fact, hop: Option<(u32, u32)>, probability: f32) {
        let values = Rc::clone(&self.files[fact.file as usize].values);
        let mut pending = vec![fact];
        while let Some(mut fact) = pending.pop() {
            if values.around[fact.value as usize] == TOP {
                fact.context = ANY;
            }
            if self.reach(fact.clone(), Some((at, hop)), probability).is_none() {
                continue;
            }
            let arranged = &self.files[fact.file as usize];
            let edges = arranged.into.get(&fact.value).cloned().unwrap_or_default();
            if let Some(&(function, parameter)) = arranged.parameters.get(&fact.value) {
                self.leave(&fact, function, Some(parameter));
            }
            for edge in edges {
                let edge = &values.edges[edge as usize];
                let mut from = Fact { value: edge.from, ..fact.clone() };
                match &edge.how {
                    How::Same => {}
                    How::From(name) => {
                        from.way.insert(0, self.name(name));
                        from.way.truncate(MAX_WAY);
                    }
                    How::Made(_) | How::Into(_) => continue,
                }
                pending.push(from);
            }
        }
    }

    fn follow_uses(&mut self, at: u32, fact: &Fact, probability: f32) -> Result<(), C::Error> {
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

    fn note_sink(&mut self, at: u32, fact: &Fact, call: u32, place: u32) {
        let arrives = match (fact.way.is_empty(), fact.effects & effect::JOINED) {
            (false, _) => Arrives::Inside,
            (true, 0) => Arrives::Whole,
            (true, _) => Arrives::Text,
        };
        self.sinks.entry((fact.file, call, place, arrives, fact.effects)).or_insert(at);
    }

    fn enter(
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
    fn places_of(
        &mut self,
        arguments: &[Argument],
        place: u32,
        parameters: &[drift_facts::values::Parameter],
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
            let own = |one: &drift_facts::values::Parameter| one.name == *name && one.takes != Takes::Rest;
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
    fn outside(&mut self, at: u32, fact: &Fact, call: u32, used: Use, probability: f32) {
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

    fn out_of_function(&mut self, at: u32, fact: &Fact, probability: f32) -> Result<(), C::Error> {
        let arranged = &self.files[fact.file as usize];
        if let Some(&function) = arranged.returns.get(&fact.value) {
            self.leave(fact, function, None);
            let given_to = arranged_given(&self.files[fact.file as usize], function);
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
    fn leave(&mut self, fact: &Fact, function: u32, parameter: Option<u32>) {
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

    fn come_back(
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

    fn targets_of(&mut self, file: u32, call: u32) -> Result<Targets, C::Error> {
        if let Some(known) = self.targets.get(&(file, call)) {
            return Ok(Rc::clone(known));
        }
        let path = self.files[file as usize].path.clone();
        let span = self.files[file as usize].values.calls[call as usize].span;
        let mut found = Vec::new();
        for target in self.code.targets(&path, span)? {
            if let Some(file) = self.file(&target.path)? {
                found.push((file, self.files[file as usize].function_at(target.span), target.probability));
            }
        }
        let found = Rc::new(found);
        self.targets.insert((file, call), Rc::clone(&found));
        Ok(found)
    }

    /// Calls of a function, or those that make instances of a class.
    fn callers_of(&mut self, file: u32, which: u32, is_class: bool) -> Result<Callers, C::Error> {
        let key = (file, if is_class { !which } else { which });
        if let Some(known) = self.callers.get(&key) {
            return Ok(Rc::clone(known));
        }
        let arranged = &self.files[file as usize];
        let (path, values) = (arranged.path.clone(), Rc::clone(&arranged.values));
        let span = if is_class {
            let own = values.functions.iter().find(|one| one.class == Some(which) && one.is_constructor);
            own.map_or(values.classes[which as usize].span, |constructor| constructor.span)
        } else {
            values.functions[which as usize].span
        };
        let mut found = Vec::new();
        for (path, span) in self.code.callers(&path, span)? {
            let Some(file) = self.file(&path)? else { continue };
            found.extend(self.files[file as usize].call_at(span).map(|call| (file, call)));
        }
        let found = Rc::new(found);
        self.callers.insert(key, Rc::clone(&found));
        Ok(found)
    }

    fn answer(&self, sources: u32) -> FlowAnswer {
        let mut sinks: Vec<Sink> = self
            .sinks
            .iter()
            .map(|(&(file, call, argument, arrives, effects), &state)| {
                let arranged = &self.files[file as usize];
                let made = &arranged.values.calls[call as usize];
                let others = made.arguments.iter().enumerate().filter(|(place, _)| *place as u32 != argument);
                let is_bound = others.flat_map(|(_, other)| arranged.texts_of(other.value)).any(has_placeholder);
                Sink {
                    at: self.hop(file, call),
                    argument,
                    name: made.arguments[argument as usize].name.clone().filter(|name| !name.is_empty()),
                    arrives,
                    effects,
                    is_bound,
                    probability: self.states[state as usize].probability,
                    through: self.way_to(state),
                }
            })
            .collect();
        sinks.sort_by(|left, right| {
            let key = |sink: &Sink| (sink.at.path.clone(), sink.at.span, sink.argument, sink.arrives, sink.effects);
            key(left).cmp(&key(right))
        });
        FlowAnswer { sources, sinks, is_complete: self.is_complete }
    }

    fn hop(&self, file: u32, call: u32) -> Hop {
        let arranged = &self.files[file as usize];
        let made = &arranged.values.calls[call as usize];
        Hop { path: arranged.path.clone(), span: made.span, callee: made.callee.clone() }
    }

    fn way_to(&self, state: u32) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut at = state;
        while let Some((before, hop)) = self.states[at as usize].before {
            if let Some((file, call)) = hop {
                let hop = self.hop(file, call);
                if hops.last() != Some(&hop) {
                    hops.push(hop);
                }
            }
            at = before;
        }
        hops.reverse();
        hops
    }
}

fn arranged_given(arranged: &Arranged, function: u32) -> Vec<u32> {
    arranged.given_to.get(&function).cloned().unwrap_or_default()
}
