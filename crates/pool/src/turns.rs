//! Taking turns within a page: which of its usable keys goes next, in exact proportion to weights.
//!
//! It does not know what makes a key usable; the pool tells it. One [`Turns`] serves one model, because quotas are
//! per model: with one sequence for all, two models asked in alternation would each hit always the same keys.
//!
//! Each key has a position on a common line and moves `1 / weight` further with each request; the hindmost usable
//! key goes next. While the same keys are usable, the sequence repeats after as many requests as the weights add up
//! to, so every run of that length is exactly proportional: 3:1:1 gives 3, 1 and 1 in any five. A key that was away
//! rejoins at the common position instead of catching up in a burst.
//!
//! Costs one pass over all keys of the page per request, without allocation; a page has about 200 keys, and which
//! page goes next is `page_turns.rs`.

use crate::chance::{below, index_at, next_random};

/// One turn of a key of weight 1, in position units. The fraction is what start positions are spread over.
const TURN: u64 = 1 << 20;

/// Positions of all keys of a page, for one model.
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
    pub(crate) fn new(weights: impl Iterator<Item = u64>, random: u64) -> Self {
        let mut seed = random;
        let mut lanes: Vec<Lane> = weights
            .map(|weight| Lane {
                position: next_random(&mut seed) % TURN,
                weight: weight.max(1),
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

    /// The usable key that goes next, by its index. It has not gone before [`Self::went`] says so.
    pub(crate) fn next(&self, is_usable: impl Fn(usize) -> bool) -> Option<usize> {
        self.lanes
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
            })
            .map(|(index, _)| index)
    }

    /// Moves the key at this index on.
    pub(crate) fn went(&mut self, index: usize) {
        let Some(lane) = self.lanes.get(index).map(|lane| self.rejoined(*lane)) else {
            return;
        };
        self.front = lane;
        if let Some(moved) = self.lanes.get_mut(index) {
            *moved = Lane {
                position: lane.position.saturating_add(TURN),
                ..lane
            };
        }
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

#[cfg(test)]
mod tests;
