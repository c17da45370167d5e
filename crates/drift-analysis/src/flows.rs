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

use drift_facts::values::{FileValues, NOTHING, Value};
use drift_text::LineSpan;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::arrangement::Arranged;

mod answer;
mod calls;
mod code;
mod within;

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
    /// What was done to it on the way, see [`drift_facts::values::effect`].
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
}
