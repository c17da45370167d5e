//! Random programs and random facts against what the front end and the solver promise.
//!
//! A [`Case`] is made from a seed and a number ([`make`]), and [`check`] says whether all promises hold on it. What
//! breaks one is made smaller ([`minimise`]) and kept in `corpus/`, which `cargo test` checks again. Never published.

mod case;
mod check;
mod dice;
mod generate;
mod minimise;
mod mutate;
mod random_facts;

pub use case::{Case, Content, Finding, Input, Target};
pub use check::{Failure, check, check_caught, on_worker_stack};
pub use dice::Dice;
pub use minimise::minimise;

/// The case of this number. Depends on the arguments only; `seeds` are programs to start mutations from, beside those
/// that are generated.
pub fn make(target: Target, seed: u64, number: u64, seeds: &[Vec<Input>]) -> Case {
    let mut dice = Dice::new(seed, number, target);
    match target {
        Target::FrontEnd => match dice.below(10) {
            0..5 => generate::program(&mut dice),
            _ => mutate::program(&mut dice, seeds),
        },
        Target::Solver => match dice.below(10) {
            0..6 => random_facts::random(&mut dice),
            _ => random_facts::mutated(&mut dice, seeds),
        },
    }
}
