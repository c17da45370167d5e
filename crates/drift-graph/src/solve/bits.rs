//! Sets of small numbers, one bit each.

/// Grows as it needs to; two sets of the same numbers are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn of(number: u32) -> Self {
        let mut bits = Self::default();
        bits.insert(number);
        bits
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Returns whether that is new.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        let (at, bit) = (number as usize / 64, 1 << (number % 64));
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        let is_new = self.0[at] & bit == 0;
        self.0[at] |= bit;
        is_new
    }

    pub(super) fn remove(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Adds all of another set, and to `new` what was not there; returns whether there was any.
    pub(super) fn unite(&mut self, other: &Self, new: &mut Self) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut is_new = false;
        for (at, &word) in other.0.iter().enumerate() {
            let added = word & !self.0[at];
            if added != 0 {
                is_new = true;
                self.0[at] |= added;
                if new.0.len() <= at {
                    new.0.resize(at + 1, 0);
                }
                new.0[at] |= added;
            }
        }
        is_new
    }

    /// In ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u32 * 64 + bit)
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut bits = Bits::default();
        assert!(bits.insert(3) && bits.insert(200) && !bits.insert(3));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 200]);
        assert!(bits.contains(200) && !bits.contains(4) && bits.len() == 2);
        bits.remove(200);
        assert_eq!(bits, Bits::of(3));
        bits.remove(3);
        assert!(bits.is_empty());
    }

    #[test]
    fn uniting_says_what_is_new() {
        let (mut bits, mut new) = (Bits::of(1), Bits::default());
        let mut other = Bits::of(1);
        other.insert(70);
        assert!(bits.unite(&other, &mut new));
        assert_eq!((new, bits.len()), (Bits::of(70), 2));
        assert!(!bits.unite(&other, &mut Bits::default()));
    }
}
