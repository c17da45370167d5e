//! Analyses on facts and the call graph, one file each. Pure: what they look at is handed to them.

mod arrangement;
mod flows;
mod library;
#[cfg(test)]
mod tests;

pub use flows::{Arrives, Code, FlowAnswer, Hop, Sink, TargetOf, flows};
