//! Exact shares, from any start and through any absence.

use proptest::prelude::*;

use super::*;

fn turns(numbers: &[u32], random: u64) -> Turns {
    Turns::new(numbers.iter().copied().map(u64::from), random)
}

/// Chooses a key and lets it go.
fn take(turns: &mut Turns, is_usable: impl Fn(usize) -> bool) -> Option<usize> {
    let index = turns.next(is_usable)?;
    turns.went(index);
    Some(index)
}

fn counts(sequence: &[usize], keys: usize) -> Vec<u32> {
    (0..keys)
        .map(|key| u32::try_from(sequence.iter().filter(|taken| **taken == key).count()).unwrap())
        .collect()
}

#[test]
fn three_to_one_to_one_is_exact_in_any_five() {
    for random in 0..200 {
        let mut turns = turns(&[3, 1, 1], random);
        let sequence: Vec<_> = (0..100)
            .map(|_| take(&mut turns, |_| true).unwrap())
            .collect();
        for window in sequence.windows(5) {
            assert_eq!(counts(window, 3), [3, 1, 1], "{random} {sequence:?}");
        }
    }
}

#[test]
fn equal_weights_take_turns_in_a_fixed_order() {
    let mut turns = turns(&[1; 7], 42);
    let first: Vec<_> = (0..7)
        .map(|_| take(&mut turns, |_| true).unwrap())
        .collect();
    let second: Vec<_> = (0..7)
        .map(|_| take(&mut turns, |_| true).unwrap())
        .collect();
    assert_eq!(first, second);
    assert_eq!(counts(&first, 7), [1; 7]);
}

#[test]
fn the_first_key_of_many_instances_follows_the_weights() {
    let mut firsts = [0; 3];
    let mut seed = 7;
    for _ in 0..50_000 {
        firsts[take(&mut turns(&[3, 1, 1], next_random(&mut seed)), |_| true).unwrap()] += 1;
    }
    for (found, expected) in firsts.into_iter().zip([30_000, 10_000, 10_000]) {
        assert!((i32::abs(found - expected)) < 600, "{firsts:?}");
    }
}

#[test]
fn a_key_that_was_away_rejoins_without_a_burst() {
    let mut turns = turns(&[1, 1, 1], 3);
    for _ in 0..1000 {
        take(&mut turns, |key| key != 0).unwrap();
    }
    let back: Vec<_> = (0..30)
        .map(|_| take(&mut turns, |_| true).unwrap())
        .collect();
    assert!(
        counts(&back, 3)
            .iter()
            .all(|count| (9..=11).contains(count)),
        "{back:?}"
    );
}

#[test]
fn light_keys_share_at_once_when_a_heavy_one_leaves() {
    let mut turns = turns(&[1000, 1, 1], 5);
    for _ in 0..777 {
        take(&mut turns, |_| true).unwrap();
    }
    let rest: Vec<_> = (0..10)
        .map(|_| take(&mut turns, |key| key != 0).unwrap())
        .collect();
    let counted = counts(&rest, 3);
    assert!(counted[1].abs_diff(counted[2]) <= 2, "{rest:?}");
}

#[test]
fn nobody_goes_when_nobody_can() {
    assert_eq!(turns(&[1, 2], 0).next(|_| false), None);
    assert_eq!(turns(&[], 0).next(|_| true), None);
}

proptest! {
    #[test]
    fn every_window_as_long_as_the_sum_of_weights_is_exact(
        numbers in prop::collection::vec(1_u32..12, 1..7),
        random in any::<u64>(),
    ) {
        let mut turns = turns(&numbers, random);
        let total = usize::try_from(numbers.iter().sum::<u32>()).unwrap();
        let sequence: Vec<_> = (0..3 * total).map(|_| take(&mut turns, |_| true).unwrap()).collect();
        for window in sequence.windows(total) {
            prop_assert_eq!(counts(window, numbers.len()), &numbers[..]);
        }
    }

    #[test]
    fn after_any_history_those_who_can_go_share_by_weight(
        numbers in prop::collection::vec(1_u32..50, 2..7),
        history in prop::collection::vec(1_u8..128, 0..60),
        present in 1_u8..128,
        random in any::<u64>(),
    ) {
        let keys = numbers.len();
        let is_in = |mask: u8, key: usize| mask & (1 << key) != 0;
        prop_assume!((0..keys).any(|key| is_in(present, key)));
        let mut turns = turns(&numbers, random);
        for mask in history {
            take(&mut turns, |key| is_in(mask, key));
        }
        let total: u32 = (0..keys).filter(|key| is_in(present, *key)).map(|key| numbers[key]).sum();
        let sequence: Vec<_> = (0..3 * total).map(|_| take(&mut turns, |key| is_in(present, key)).unwrap()).collect();
        for (key, count) in counts(&sequence, keys).into_iter().enumerate() {
            let expected = if is_in(present, key) { 3 * numbers[key] } else { 0 };
            prop_assert!(count.abs_diff(expected) <= 2, "{key}: {count} of {expected}");
        }
    }
}
