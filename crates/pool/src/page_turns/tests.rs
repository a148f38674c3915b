//! Turns of pages: order, waiting, returning.

use super::*;
use crate::verdict::CoolingCause;

const CAUSE: WaitCause = WaitCause::Cooling(CoolingCause::DayQuota);

fn ready(weights: &[u64]) -> Vec<(u64, Place)> {
    weights
        .iter()
        .map(|weight| (*weight, Place::Ready))
        .collect()
}

fn take(turns: &mut PageTurns, weights: &[u64]) -> usize {
    let (_, page) = turns.next(None).unwrap();
    turns.went(page, weights[page]);
    page
}

#[test]
fn pages_go_in_proportion_to_their_weights_in_any_run() {
    let weights = [5, 3, 1, 1];
    for random in 0..50 {
        let mut turns = PageTurns::by_shares(&ready(&weights), random);
        let taken: Vec<_> = (0..100).map(|_| take(&mut turns, &weights)).collect();
        for window in taken.windows(10) {
            let counts: Vec<_> = (0..4)
                .map(|page| window.iter().filter(|taken| **taken == page).count())
                .collect();
            for (count, weight) in counts.iter().zip([5, 3, 1, 1]) {
                assert!(count.abs_diff(weight) <= 1, "{random}: {counts:?}");
            }
        }
    }
}

#[test]
fn the_first_page_of_many_instances_follows_the_weights() {
    let weights = [3, 1, 1];
    let mut firsts = [0_i32; 3];
    for random in 0..20_000 {
        let random = crate::chance::mixed(random, 9);
        let mut turns = PageTurns::by_shares(&ready(&weights), random);
        firsts[take(&mut turns, &weights)] += 1;
    }
    for (found, expected) in firsts.into_iter().zip([12_000, 4_000, 4_000]) {
        assert!((found - expected).abs() < 400, "{firsts:?}");
    }
}

#[test]
fn a_page_that_waits_costs_nothing_and_returns_without_a_burst() {
    let weights = [1, 1, 1];
    let mut turns = PageTurns::by_shares(&ready(&weights), 1);
    let until = UnixMillis(1000);
    turns.put(0, Place::Waiting(until, CAUSE));
    assert_eq!(turns.soonest(), Some((until, 0, CAUSE)));
    for _ in 0..100 {
        assert_ne!(take(&mut turns, &weights), 0);
    }
    turns.wake(UnixMillis(999), |_| true);
    assert_ne!(turns.place(0), Place::Ready);
    turns.wake(until, |_| true);
    assert_eq!((turns.place(0), turns.soonest()), (Place::Ready, None));
    let back: Vec<_> = (0..30).map(|_| take(&mut turns, &weights)).collect();
    let count = back.iter().filter(|page| **page == 0).count();
    assert!((9..=11).contains(&count), "{back:?}");
}

#[test]
fn the_soonest_return_is_known_and_a_page_that_is_out_never_returns() {
    let mut turns = PageTurns::by_shares(&ready(&[1; 4]), 1);
    for (page, until) in [(0, 50), (1, 20), (2, 90)] {
        turns.put(page, Place::Waiting(UnixMillis(until), CAUSE));
    }
    turns.put(3, Place::Out);
    assert_eq!(turns.next(None), None);
    assert_eq!(
        turns.soonest().map(|(until, page, _)| (until.0, page)),
        Some((20, 1))
    );
    turns.wake(UnixMillis(u64::MAX), |page| page != 2);
    assert_eq!(turns.place(2), Place::Unloaded);
    assert_eq!(turns.place(3), Place::Out);
    assert!(turns.is_open(0) && turns.is_open(2) && !turns.is_open(3));
}

#[test]
fn by_rank_the_same_page_goes_until_it_waits() {
    let pages = [(30, Place::Ready), (10, Place::Ready), (20, Place::Ready)];
    let mut turns = PageTurns::by_ranks(&pages);
    for _ in 0..3 {
        assert_eq!(take(&mut turns, &[1; 3]), 1);
    }
    turns.put(1, Place::Waiting(UnixMillis(5), CAUSE));
    assert_eq!(take(&mut turns, &[1; 3]), 2);
    turns.wake(UnixMillis(5), |_| true);
    assert_eq!(take(&mut turns, &[1; 3]), 1);
    turns.set_rank(0, 1);
    assert_eq!(take(&mut turns, &[1; 3]), 0);
}
