//! Choices by chance: everything that is made of the random bits a caller gives.
//!
//! It makes no randomness of its own, so every choice can be repeated.

/// The index that chance picks, in proportion to `shares`; `None` if they add up to nothing. Passes over the shares
/// twice instead of allocating.
pub(crate) fn pick_by_chance(
    shares: impl Iterator<Item = u64> + Clone,
    random: u64,
) -> Option<usize> {
    let total = shares.clone().sum();
    (total > 0).then(|| index_at(below(total, random), shares))
}

/// The index at which the running sum of `weights` passes `point`.
pub(crate) fn index_at(point: u64, weights: impl Iterator<Item = u64>) -> usize {
    let mut passed = 0;
    weights
        .take_while(|weight| {
            passed += weight;
            passed <= point
        })
        .count()
}

/// An even choice from zero up to but not including `bound`; zero if there is no choice.
pub(crate) fn below(bound: u64, random: u64) -> u64 {
    let product = u128::from(bound) * u128::from(random);
    u64::try_from(product >> u64::BITS).unwrap_or(u64::MAX)
}

/// `SplitMix64` (Steele, Lea, Flood 2014; <https://prng.di.unimi.it/splitmix64.c>): many numbers out of the one given.
pub(crate) fn next_random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Two values mixed into one that looks random: the same two always give the same.
pub(crate) fn mixed(one: u64, other: u64) -> u64 {
    let mut seed = one ^ other.rotate_left(32);
    let first = next_random(&mut seed);
    seed = first ^ other;
    next_random(&mut seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_follows_the_shares_and_skips_what_has_none() {
        let shares = [2, 0, 1, 1];
        let steps = 4000_u64;
        let mut found = [0_u64; 4];
        for step in 0..steps {
            let random = step * (u64::MAX / steps);
            found[pick_by_chance(shares.into_iter(), random).unwrap()] += 1;
        }
        for (count, expected) in found.into_iter().zip([2000, 0, 1000, 1000]) {
            assert!(count.abs_diff(expected) <= 1, "{found:?}");
        }
        assert_eq!(pick_by_chance([0, 0, 0, 9].into_iter(), u64::MAX), Some(3));
        assert_eq!(pick_by_chance([0, 0].into_iter(), 9), None);
        assert_eq!(pick_by_chance(std::iter::empty(), 9), None);
    }
}
