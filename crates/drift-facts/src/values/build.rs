//! The part that languages share: values, edges, and what variables hold at each point of a function.

use std::hash::Hash;
use std::mem;

use drift_text::{LineIndex, LineSpan, Span};
use rustc_hash::FxHashMap;

use super::{Argument, Call, Edge, FileValues, Function, How, NOTHING, TOP, Value, effect};

/// What variables hold at one point; `None` where that point is not reached.
pub type Held<Variable> = Option<FxHashMap<Variable, Value>>;

/// What can be left by `break`, or gone on with by `continue`.
struct Frame<Variable> {
    /// What a turn of the loop starts with; `None` for what is no loop.
    start: Option<FxHashMap<Variable, Value>>,
    exits: Vec<Held<Variable>>,
}

/// Collects what a file does. `Variable` names variables within the file.
pub struct Build<Variable> {
    pub file: FileValues,
    pub lines: LineIndex,
    /// The function around.
    pub around: u32,
    held: Held<Variable>,
    /// See [`Build::cell`].
    cells: FxHashMap<Variable, Value>,
    frames: Vec<Frame<Variable>>,
}

/// What surrounds a function that is being read.
pub struct Outer<Variable> {
    around: u32,
    held: Held<Variable>,
    frames: Vec<Frame<Variable>>,
}

impl<Variable: Copy + Eq + Hash + Ord> Build<Variable> {
    pub fn new(text: &str) -> Self {
        let file = FileValues { around: vec![TOP], ..FileValues::default() };
        let (held, cells, frames) = (Some(FxHashMap::default()), FxHashMap::default(), Vec::new());
        Self { file, lines: LineIndex::new(text), around: TOP, held, cells, frames }
    }

    pub fn span(&self, start: u32, end: u32) -> LineSpan {
        self.lines.line_span(Span::new(start, end))
    }

    pub fn value(&mut self) -> Value {
        self.file.around.push(self.around);
        self.file.around.len() as Value - 1
    }

    pub fn edge(&mut self, from: Value, to: Value, how: How) {
        if from != NOTHING && to != NOTHING && from != to {
            self.file.edges.push(Edge { from, to, how });
        }
    }

    pub fn same(&mut self, from: Value, to: Value) {
        self.edge(from, to, How::Same);
    }

    /// A value made of others.
    pub fn made(&mut self, parts: &[Value], effect: u8) -> Value {
        if parts.iter().all(|&part| part == NOTHING) {
            return NOTHING;
        }
        let to = self.value();
        for &part in parts {
            self.edge(part, to, How::Made(effect));
        }
        to
    }

    /// A text put together; also one that is written out is a part of it.
    pub fn joined(&mut self, parts: &[Value]) -> Value {
        self.made(parts, effect::JOINED)
    }

    /// One of several.
    pub fn either(&mut self, of: &[Value]) -> Value {
        let some: Vec<Value> = of.iter().copied().filter(|&value| value != NOTHING).collect();
        match some[..] {
            [] => NOTHING,
            [one] => one,
            _ => {
                let to = self.value();
                for from in some {
                    self.same(from, to);
                }
                to
            }
        }
    }

    pub fn text(&mut self, text: &str) -> Value {
        let to = self.value();
        self.file.texts.push((to, text.to_owned()));
        to
    }

    /// What a value has under a name.
    pub fn member(&mut self, of: Value, name: &str) -> Value {
        if of == NOTHING {
            return NOTHING;
        }
        let to = self.value();
        self.edge(of, to, How::From(name.to_owned()));
        to
    }

    pub fn put(&mut self, into: Value, name: &str, value: Value) {
        self.edge(value, into, How::Into(name.to_owned()));
    }

    pub fn place(&mut self, span: LineSpan, value: Value) {
        if value != NOTHING {
            self.file.places.push((span, value));
        }
    }

    pub fn call(
        &mut self,
        span: LineSpan,
        (name, callee): (&str, &str),
        receiver: Value,
        arguments: Vec<Argument>,
    ) -> Value {
        let (result, around) = (self.value(), self.around);
        let (name, callee) = (name.to_owned(), callee.to_owned());
        self.file.calls.push(Call { span, name, callee, receiver, arguments, result, around });
        result
    }

    /// What a variable holds here. `own`: the function around declares it.
    pub fn read(&mut self, variable: Variable, own: bool) -> Value {
        let here = self.held.as_ref().and_then(|held| held.get(&variable));
        here.copied().filter(|_| own).unwrap_or_else(|| self.cell(variable))
    }

    /// From here on the variable holds this. `own`: the function around declares it, and no other one assigns it.
    pub fn assign(&mut self, variable: Variable, value: Value, own: bool) {
        let cell = self.cell(variable);
        self.same(value, cell);
        if !own {
            return;
        }
        // What does not matter hides what was there before, too.
        let now = if value == NOTHING { self.value() } else { value };
        if let Some(held) = &mut self.held {
            held.insert(variable, now);
        }
    }

    /// All that a variable ever holds. It belongs to no function, for those inside may read it at any time.
    fn cell(&mut self, variable: Variable) -> Value {
        if let Some(&cell) = self.cells.get(&variable) {
            return cell;
        }
        self.file.around.push(TOP);
        let cell = self.file.around.len() as Value - 1;
        self.cells.insert(variable, cell);
        cell
    }

    pub fn fork(&self) -> Held<Variable> {
        self.held.clone()
    }

    /// Goes on from another point; returns what holds at this one.
    pub fn go_on(&mut self, held: Held<Variable>) -> Held<Variable> {
        mem::replace(&mut self.held, held)
    }

    /// Several ways meet here.
    pub fn meet(&mut self, ways: Vec<Held<Variable>>) {
        let mut reached = ways.into_iter().flatten();
        let Some(mut all) = reached.next() else {
            self.held = None;
            return;
        };
        for other in reached {
            for (variable, value) in ordered(other) {
                let known = all.get(&variable).copied().unwrap_or(value);
                let either = if known == value { value } else { self.either(&[known, value]) };
                all.insert(variable, either);
            }
        }
        self.held = Some(all);
    }

    /// Nothing behind this point is reached from it.
    pub fn end_way(&mut self) {
        self.held = None;
    }

    /// Begins what may run any number of times, and can be left; returns what a turn starts with.
    pub fn begin_loop(&mut self) -> Held<Variable> {
        let start: Held<Variable> = self.held.take().map(|held| {
            let turn = ordered(held).into_iter().map(|(variable, value)| {
                let each = self.value();
                self.same(value, each);
                (variable, each)
            });
            turn.collect()
        });
        self.held.clone_from(&start);
        self.frames.push(Frame { start: Some(start.clone().unwrap_or_default()), exits: Vec::new() });
        start
    }

    pub fn end_loop(&mut self, start: Held<Variable>) {
        self.again();
        let mut ways = self.frames.pop().map(|frame| frame.exits).unwrap_or_default();
        ways.push(start);
        self.meet(ways);
    }

    /// Begins what can be left by `break`, and runs once.
    pub fn begin_breakable(&mut self) {
        self.frames.push(Frame { start: None, exits: Vec::new() });
    }

    pub fn end_breakable(&mut self) {
        let mut ways = self.frames.pop().map(|frame| frame.exits).unwrap_or_default();
        ways.push(self.held.take());
        self.meet(ways);
    }

    pub fn leave_loop(&mut self) {
        let held = self.held.take();
        if let Some(frame) = self.frames.last_mut() {
            frame.exits.push(held);
        }
    }

    /// The next turn of the innermost loop starts with what holds here.
    pub fn again(&mut self) {
        let (Some(held), Some(frame)) = (self.held.take(), self.frames.iter().rfind(|frame| frame.start.is_some()))
        else {
            return;
        };
        for (variable, each) in ordered(frame.start.clone().unwrap_or_default()) {
            if let Some(&value) = held.get(&variable) {
                self.same(value, each);
            }
        }
    }

    /// Begins a function; all that follows until [`Build::leave`] is inside.
    pub fn enter(&mut self, span: LineSpan, class: Option<u32>, is_constructor: bool) -> (u32, Outer<Variable>) {
        let index = self.file.functions.len() as u32;
        let outer = Outer {
            around: mem::replace(&mut self.around, index),
            held: self.held.replace(FxHashMap::default()),
            frames: mem::take(&mut self.frames),
        };
        let returns = self.value();
        self.file.functions.push(Function { span, parameters: Vec::new(), returns, class, is_constructor });
        (index, outer)
    }

    pub fn leave(&mut self, Outer { around, held, frames }: Outer<Variable>) {
        (self.around, self.held, self.frames) = (around, held, frames);
    }

    pub fn returned(&mut self, value: Value) {
        if let Some(function) = self.file.functions.get(self.around as usize) {
            let returns = function.returns;
            self.same(value, returns);
        }
    }

    pub fn yielded(&mut self, value: Value) {
        if let Some(function) = self.file.functions.get(self.around as usize) {
            let returns = function.returns;
            self.put(returns, super::ELEMENT, value);
        }
    }
}

/// In an order that is the same in each run.
fn ordered<Variable: Ord>(held: FxHashMap<Variable, Value>) -> Vec<(Variable, Value)> {
    let mut variables: Vec<_> = held.into_iter().collect();
    variables.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
    variables
}
