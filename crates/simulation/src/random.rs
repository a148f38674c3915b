//! Bits that a seed decides: the only source of chance in a run.
//!
//! Good enough to spread events, and no more: it makes no secret.

use std::cell::Cell;

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): every seed, zero
/// included, gives a good sequence, and a state is one number.
#[derive(Debug)]
pub(crate) struct Random {
    state: Cell<u64>,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: Cell::new(seed),
        }
    }

    pub(crate) fn next(&self) -> u64 {
        let state = self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.set(state);
        mix(state)
    }

    /// A generator of its own, so that what one part draws does not move what another one draws.
    pub(crate) fn fork(&self) -> Self {
        Self::new(self.next())
    }

    /// A number below `end`; zero if there is none.
    pub(crate) fn below(&self, end: u64) -> u64 {
        // The bias of a remainder is far below what a few thousand draws can show.
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// The same, for positions.
    pub(crate) fn index(&self, length: usize) -> usize {
        let end = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(end)).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&self, low: u64, high: u64) -> u64 {
        let width = high.saturating_sub(low).saturating_add(1);
        low.saturating_add(self.below(width))
    }

    /// Whether something happens now.
    pub(crate) fn happens(&self, chance: Chance) -> bool {
        // Drawn even when the answer is known, so that a changed chance moves as little as possible.
        self.below(1_000) < chance.0
    }

    /// One of these; `None` of none.
    pub(crate) fn pick<'a, T>(&self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.index(choices.len()))
    }
}

fn mix(state: u64) -> u64 {
    let first = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    second ^ (second >> 31)
}

/// How often something happens, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const NEVER: Self = Self(0);

    pub(crate) const fn per_mille(thousandths: u64) -> Self {
        Self(thousandths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bits_and_another_one_others() {
        let draw = |seed| {
            let random = Random::new(seed);
            [random.next(), random.fork().next(), random.next()]
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_both() {
        let random = Random::new(1);
        let drawn: Vec<u64> = (0..200).map(|_| random.between(3, 5)).collect();
        assert!((3..=5).all(|number| drawn.contains(&number)));
        assert!(drawn.iter().all(|number| (3..=5).contains(number)));
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u8>(&[]), None);
    }

    #[test]
    fn chances_are_thousandths() {
        let random = Random::new(1);
        let often = (0..10_000)
            .filter(|_| random.happens(Chance::per_mille(250)))
            .count();
        assert!((2_300..2_700).contains(&often), "{often}");
        assert!(!(0..1_000).any(|_| random.happens(Chance::NEVER)));
    }
}
