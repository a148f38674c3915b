//! Which of several keys, or pages, a conversation prefers: always the same one while it is there.
//!
//! Rendezvous hashing (Thaler and Ravishankar, 1996) with weights: each candidate draws a number from the
//! conversation and its own id, and the best wins. So a candidate that goes moves only the conversations it had, and
//! one that comes takes only those it will have. It costs one draw per candidate.

use crate::chance::mixed;

/// The index of the candidate that this conversation prefers, among `(index, id, weight)`. Each wins in proportion to
/// its weight; candidates of weight zero never do.
pub(crate) fn favorite(
    conversation: u64,
    candidates: impl Iterator<Item = (usize, u64, u64)>,
) -> Option<usize> {
    candidates
        .filter(|(_, _, weight)| *weight > 0)
        .map(|(index, id, weight)| (index, id, score(mixed(conversation, id), weight)))
        .max_by(|(_, one_id, one), (_, other_id, other)| {
            one.total_cmp(other).then(one_id.cmp(other_id))
        })
        .map(|(index, _, _)| index)
}

/// Of exponentially distributed waits the shortest wins in proportion to the rates; the negative makes it the largest.
fn score(draw: u64, weight: u64) -> f64 {
    // The upper half of the draw is enough, and an `f64` holds it exactly; half a unit more makes it neither zero nor one.
    let draw = u32::try_from(draw >> u32::BITS).unwrap_or(u32::MAX);
    let fraction = (f64::from(draw) + 0.5) / (f64::from(u32::MAX) + 1.0);
    let weight = f64::from(u32::try_from(weight).unwrap_or(u32::MAX));
    fraction.ln() / weight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn favorites(weights: &[u64]) -> Vec<usize> {
        let candidates = || {
            (0..)
                .zip(weights)
                .map(|(index, weight)| (index, index as u64, *weight))
        };
        (0..10_000)
            .map(|conversation| favorite(conversation, candidates()).unwrap())
            .collect()
    }

    #[test]
    fn every_candidate_wins_in_proportion_to_its_weight() {
        let found = favorites(&[3, 1, 0, 1]);
        for (index, expected) in [(0, 6000), (1, 2000), (2, 0), (3, 2000)] {
            let count = found.iter().filter(|winner| **winner == index).count();
            assert!(count.abs_diff(expected) < 150, "{index}: {count}");
        }
        assert_eq!(favorite(7, std::iter::empty()), None);
    }

    #[test]
    fn one_that_goes_moves_only_the_conversations_it_had() {
        let before = favorites(&[3, 1, 2, 1]);
        let after = favorites(&[3, 1, 0, 1]);
        for (before, after) in before.into_iter().zip(after) {
            assert!(before == after || before == 2);
        }
    }
}
