use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use crate::Target;

/// Everything random about one case: the same for the same seed, number and target.
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// Dice of their own for each case.
    pub fn new(seed: u64, number: u64, target: Target) -> Self {
        // The generator wants its bits spread; neighbouring numbers must not roll alike.
        let mixed = (u128::from(seed) << 64 | u128::from(number) << 1 | u128::from(target == Target::Solver))
            .wrapping_add(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
            .wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645);
        let mut generator = Pcg64Mcg::new(mixed ^ (mixed >> 61));
        let _: u64 = generator.random();
        Self(generator)
    }

    /// A number from 0 up to, not including, `end`; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.0.random_range(0..end) }
    }

    /// As [`Self::below`], for the numbers of facts.
    pub fn index(&mut self, end: u32) -> u32 {
        if end == 0 { 0 } else { self.0.random_range(0..end) }
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of a list, which is not empty.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
