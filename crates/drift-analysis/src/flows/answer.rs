//! What was found, with the way to it.

use super::{Code, FlowAnswer, Hop, Search, Sink};
use crate::library::has_placeholder;

impl<C: Code> Search<'_, C> {
    pub(super) fn answer(&self, sources: u32) -> FlowAnswer {
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

    pub(super) fn hop(&self, file: u32, call: u32) -> Hop {
        let arranged = &self.files[file as usize];
        let made = &arranged.values.calls[call as usize];
        Hop { path: arranged.path.clone(), span: made.span, callee: made.callee.clone() }
    }

    pub(super) fn way_to(&self, state: u32) -> Vec<Hop> {
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
