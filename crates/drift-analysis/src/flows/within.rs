//! Steps within a function: along its edges, and into what holds a value.

use std::rc::Rc;

use drift_facts::values::{ELEMENT, How, TOP};

use super::{ANY, Code, Fact, MAX_WAY, Search};

impl<C: Code> Search<'_, C> {
    pub(super) fn along_edges(&mut self, at: u32, fact: &Fact, probability: f32) {
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
    pub(super) fn below(&mut self, way: &[u32], name: &str) -> Option<Vec<u32>> {
        let (wanted, any) = (self.name(name), self.name(ELEMENT));
        match way {
            [] => Some(Vec::new()),
            [first, rest @ ..] if *first == wanted || *first == any || wanted == any => Some(rest.to_vec()),
            _ => None,
        }
    }

    /// Something is put under a name into what `fact` holds, and so into what that came from: the same object.
    pub(super) fn keep(&mut self, at: u32, fact: &Fact, name: u32, probability: f32) {
        let mut way = Vec::with_capacity(fact.way.len() + 1);
        way.push(name);
        way.extend(&fact.way);
        way.truncate(MAX_WAY);
        self.hold(at, Fact { way, ..fact.clone() }, None, probability);
    }

    /// What is in a value is in everything that it was taken from.
    pub(super) fn hold(&mut self, at: u32, fact: Fact, hop: Option<(u32, u32)>, probability: f32) {
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
}
