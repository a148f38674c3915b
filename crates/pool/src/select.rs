//! Taking turns: which of the usable keys goes next, in exact proportion to weights.
//!
//! It does not know what makes a key usable; the pool tells it. One [`Turns`] serves one model, because quotas are
//! per model: with one sequence for all, two models asked in alternation would each hit always the same keys.
//!
//! Each key has a position on a common line and moves `1 / weight` further with each request; the hindmost usable
//! key goes next. While the same keys are usable, the sequence repeats after as many requests as the weights add up
//! to, so every run of that length is exactly proportional: 3:1:1 gives 3, 1 and 1 in any five. A key that was away
//! rejoins at the common position instead of catching up in a burst.
//!
//! Costs one pass over all keys per request, without allocation: right for the tens or hundreds of keys a variable
//! holds, not for 100,000.

use crate::key_list::Weight;

/// One turn of a key of weight 1, in position units. The fraction is what start positions are spread over.
const TURN: u64 = 1 << 20;

/// Positions of all keys of a pool, for one model.
#[derive(Debug)]
pub(crate) struct Turns {
    lanes: Vec<Lane>,
    /// The lane that went last, as it was before it went: its position is the common one.
    front: Lane,
}

/// `position / weight` is how far a key has come.
#[derive(Clone, Copy, Debug)]
struct Lane {
    position: u64,
    weight: u64,
}

impl Lane {
    fn is_behind(self, other: Self) -> bool {
        u128::from(self.position) * u128::from(other.weight)
            < u128::from(other.position) * u128::from(self.weight)
    }
}

impl Turns {
    /// Starts somewhere in the sequence, chosen by `random`: the first key with the chance its weight gives it, all
    /// others spread at random. Instances live for seconds on some hosts; if each began at the first key, that key
    /// would serve most requests.
    pub(crate) fn new(weights: impl Iterator<Item = Weight>, random: u64) -> Self {
        let mut seed = random;
        let mut lanes: Vec<Lane> = weights
            .map(|weight| Lane {
                position: next_random(&mut seed) % TURN,
                weight: u64::from(weight.get()),
            })
            .collect();
        let total = lanes.iter().map(|lane| lane.weight).sum();
        let first = index_at(
            below(total, next_random(&mut seed)),
            lanes.iter().map(|lane| lane.weight),
        );
        if let Some(lane) = lanes.get_mut(first) {
            lane.position = 0;
        }
        Self {
            lanes,
            front: Lane {
                position: 0,
                weight: 1,
            },
        }
    }

    /// The usable key that goes next, by its index.
    pub(crate) fn take(&mut self, is_usable: impl Fn(usize) -> bool) -> Option<usize> {
        let (next, lane) = self
            .lanes
            .iter()
            .enumerate()
            .filter(|(index, _)| is_usable(*index))
            .map(|(index, lane)| (index, self.rejoined(*lane)))
            .reduce(|best, candidate| {
                if candidate.1.is_behind(best.1) {
                    candidate
                } else {
                    best
                }
            })?;
        self.front = lane;
        if let Some(moved) = self.lanes.get_mut(next) {
            *moved = Lane {
                position: lane.position.saturating_add(TURN),
                ..lane
            };
        }
        Some(next)
    }

    /// The lane, brought up to the common position if it fell behind while its key was away.
    fn rejoined(&self, lane: Lane) -> Lane {
        if !lane.is_behind(self.front) {
            return lane;
        }
        // Rounded down, so that a lane on a par with the front is never moved.
        let position = u128::from(self.front.position) * u128::from(lane.weight)
            / u128::from(self.front.weight);
        Lane {
            position: u64::try_from(position).unwrap_or(u64::MAX),
            ..lane
        }
    }
}

/// The usable key that chance picks, in proportion to the weights. Passes over the keys twice instead of allocating.
pub(crate) fn pick_by_chance(
    weights: &[Weight],
    is_usable: impl Fn(usize) -> bool,
    random: u64,
) -> Option<usize> {
    let share = |(index, weight): (usize, &Weight)| {
        if is_usable(index) {
            u64::from(weight.get())
        } else {
            0
        }
    };
    let total = weights.iter().enumerate().map(share).sum();
    if total == 0 {
        return None;
    }
    Some(index_at(
        below(total, random),
        weights.iter().enumerate().map(share),
    ))
}

/// The index at which the running sum of `weights` passes `point`.
fn index_at(point: u64, weights: impl Iterator<Item = u64>) -> usize {
    let mut passed = 0;
    weights
        .take_while(|weight| {
            passed += weight;
            passed <= point
        })
        .count()
}

/// An even choice from zero up to but not including `bound`; zero if there is no choice.
fn below(bound: u64, random: u64) -> u64 {
    let product = u128::from(bound) * u128::from(random);
    u64::try_from(product >> u64::BITS).unwrap_or(u64::MAX)
}

/// `SplitMix64` (Steele, Lea, Flood 2014; <https://prng.di.unimi.it/splitmix64.c>): many numbers out of the one given.
fn next_random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests;
