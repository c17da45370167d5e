//! What one file does with values, arranged for following one of them.

use std::rc::Rc;

use drift_facts::values::{FileValues, How, Value};
use drift_text::LineSpan;
use rustc_hash::FxHashMap;

/// How a call uses a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// As the argument at this place.
    Argument(u32),
    /// The member that is called belongs to it.
    Receiver,
}

/// A file, with its edges by both ends.
pub struct Arranged {
    pub path: String,
    pub values: Rc<FileValues>,
    pub out: FxHashMap<Value, Vec<u32>>,
    pub into: FxHashMap<Value, Vec<u32>>,
    pub uses: FxHashMap<Value, Vec<(u32, Use)>>,
    /// Function and place of the parameter.
    pub parameters: FxHashMap<Value, (u32, u32)>,
    pub returns: FxHashMap<Value, u32>,
    pub instances: FxHashMap<Value, u32>,
    pub results: FxHashMap<Value, u32>,
    pub functions: FxHashMap<Value, u32>,
    /// Calls that a function is given to.
    pub given_to: FxHashMap<u32, Vec<u32>>,
    texts: FxHashMap<Value, u32>,
    calls: FxHashMap<LineSpan, u32>,
}

impl Arranged {
    pub fn new(path: &str, values: &Rc<FileValues>) -> Self {
        let mut found = Self {
            path: path.to_owned(),
            out: FxHashMap::default(),
            into: FxHashMap::default(),
            uses: FxHashMap::default(),
            parameters: FxHashMap::default(),
            returns: FxHashMap::default(),
            instances: FxHashMap::default(),
            results: FxHashMap::default(),
            functions: values.function_values.iter().copied().collect(),
            given_to: FxHashMap::default(),
            texts: FxHashMap::default(),
            calls: FxHashMap::default(),
            values: Rc::clone(values),
        };
        for (at, edge) in values.edges.iter().enumerate() {
            found.out.entry(edge.from).or_default().push(at as u32);
            found.into.entry(edge.to).or_default().push(at as u32);
        }
        for (at, function) in values.functions.iter().enumerate() {
            found.returns.insert(function.returns, at as u32);
            for (place, parameter) in function.parameters.iter().enumerate() {
                found.parameters.insert(parameter.value, (at as u32, place as u32));
            }
        }
        found.instances = values.classes.iter().enumerate().map(|(at, class)| (class.instance, at as u32)).collect();
        found.texts = values.texts.iter().enumerate().map(|(at, (value, _))| (*value, at as u32)).collect();
        for (at, call) in values.calls.iter().enumerate() {
            let at = at as u32;
            found.results.insert(call.result, at);
            found.calls.insert(call.span, at);
            found.uses.entry(call.receiver).or_default().push((at, Use::Receiver));
            for (place, argument) in call.arguments.iter().enumerate() {
                found.uses.entry(argument.value).or_default().push((at, Use::Argument(place as u32)));
                if let Some(function) = found.function_in(argument.value) {
                    found.given_to.entry(function).or_default().push(at);
                }
            }
        }
        found
    }

    /// The function of this file that a value is: itself, or the only one that a variable holds.
    pub fn function_in(&self, value: Value) -> Option<u32> {
        let mut at = value;
        for _ in 0..4 {
            if let Some(&function) = self.functions.get(&at) {
                return Some(function);
            }
            let [edge] = self.into.get(&at)?[..] else { return None };
            let edge = &self.values.edges[edge as usize];
            if edge.how != How::Same {
                return None;
            }
            at = edge.from;
        }
        None
    }

    pub fn call_at(&self, span: LineSpan) -> Option<u32> {
        self.calls.get(&span).copied()
    }

    /// Of the functions that end where a definition does, the one that starts nearest: tools differ by modifiers.
    pub fn function_at(&self, span: LineSpan) -> Option<u32> {
        let end = (span.end_line, span.end_column);
        let ending =
            self.values.functions.iter().enumerate().filter(|(_, one)| (one.span.end_line, one.span.end_column) == end);
        let nearest = ending.min_by_key(|(_, one)| distance(one.span, span));
        nearest.map(|(at, _)| at as u32)
    }

    /// Texts that are written out and that a value is made of, without what calls yield.
    pub fn texts_of(&self, value: Value) -> Vec<&str> {
        let (mut pending, mut seen, mut found) = (vec![value], vec![value], Vec::new());
        while let Some(value) = pending.pop() {
            if let Some(&text) = self.texts.get(&value) {
                found.push(self.values.texts[text as usize].1.as_str());
            }
            for &edge in self.into.get(&value).into_iter().flatten() {
                let edge = &self.values.edges[edge as usize];
                if matches!(edge.how, How::Same | How::Made(_)) && seen.len() < 200 && !seen.contains(&edge.from) {
                    seen.push(edge.from);
                    pending.push(edge.from);
                }
            }
        }
        found
    }

    /// What is read within a stretch: the values of its outermost expressions; for a stretch within one, that of the
    /// innermost around.
    pub fn values_at(&self, span: LineSpan) -> Vec<Value> {
        let within = |inner: &LineSpan, outer: &LineSpan| {
            (outer.line, outer.column) <= (inner.line, inner.column)
                && (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
        };
        let places = &self.values.places;
        let inside: Vec<&(LineSpan, Value)> = places.iter().filter(|(place, _)| within(place, &span)).collect();
        let outermost =
            inside.iter().filter(|(place, _)| !inside.iter().any(|(other, _)| other != place && within(place, other)));
        let mut found: Vec<Value> = outermost.map(|(_, value)| *value).collect();
        if found.is_empty() {
            let around = places.iter().filter(|(place, _)| within(&span, place));
            let size = |place: &LineSpan| (place.end_line - place.line, place.end_column.saturating_sub(place.column));
            found.extend(around.min_by_key(|(place, _)| size(place)).map(|(_, value)| *value));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn distance(left: LineSpan, right: LineSpan) -> (u32, u32) {
    (left.line.abs_diff(right.line), left.column.abs_diff(right.column))
}
