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

/// Bits of a fraction that `f64` holds exactly.
const FRACTION_BITS: u32 = 52;

/// Of exponentially distributed waits the shortest wins in proportion to the rates; the negative makes it the largest.
fn score(draw: u64, weight: u64) -> f64 {
    let whole = f64::from(1_u32 << (FRACTION_BITS / 2)).powi(2);
    // In two halves, each of which an `f64` takes without loss.
    let high = u32::try_from(draw >> u32::BITS).unwrap_or(u32::MAX);
    let low = u32::try_from((draw >> (u64::BITS - FRACTION_BITS)) & 0xf_ffff).unwrap_or(0);
    let units = f64::from(high) * f64::from(1_u32 << 20) + f64::from(low);
    // Half a unit more, so that it is neither zero nor one.
    let fraction = (units + 0.5) / whole;
    let weight = f64::from(u32::try_from(weight).unwrap_or(u32::MAX));
    fraction.ln() / weight
}
