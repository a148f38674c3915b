//! Which egress a key uses, and what makes one back off.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn key(number: u64) -> KeyId {
    KeyId::from_bytes(number.to_be_bytes())
}

fn egresses(count: usize) -> Egresses {
    Egresses::new((0..count).map(|number| format!("e{number}")).collect()).unwrap()
}

fn after(millis: u64) -> UnixMillis {
    UnixMillis(NOW.0 + millis)
}

const FIRST: EgressIndex = EgressIndex(0);

#[test]
fn a_list_of_names_must_be_short_and_without_twins() {
    assert_eq!(Egresses::new(vec![]).unwrap_err(), InvalidEgresses::None);
    let name = "a".to_owned();
    assert_eq!(
        Egresses::new(vec![name.clone(), name.clone()]).unwrap_err(),
        InvalidEgresses::Twice { name }
    );
    let many = (0..=MAX_EGRESSES)
        .map(|number| number.to_string())
        .collect();
    assert_eq!(
        Egresses::new(many).unwrap_err(),
        InvalidEgresses::TooMany { count: 65 }
    );
    assert_eq!(egresses(2).names().collect::<Vec<_>>(), ["e0", "e1"]);
    assert_eq!(Egresses::default().names().collect::<Vec<_>>(), ["default"]);
}

#[test]
fn keys_spread_evenly_and_only_those_of_a_blocked_egress_move_and_come_back() {
    let mut egresses = egresses(4);
    let home: Vec<_> = (0..4000)
        .map(|number| egresses.of(None, key(number), NOW).unwrap())
        .collect();
    for index in 0..4 {
        let share = home.iter().filter(|home| home.0 == index).count();
        assert!((900..1100).contains(&share), "{index}: {share}");
    }
    egresses.note_refused(FIRST, EgressCause::Location, NOW, 0);
    for (number, home) in (0..).zip(&home) {
        let now_at = egresses.of(None, key(number), NOW).unwrap();
        assert_ne!(now_at, FIRST);
        assert!(*home == FIRST || now_at == *home);
    }
    let later = after(600_000);
    for (number, home) in (0..).zip(&home) {
        assert_eq!(egresses.of(None, key(number), later), Some(*home));
    }
}

#[test]
fn the_order_of_the_names_does_not_matter() {
    let one = Egresses::new(vec!["a".into(), "b".into(), "c".into()]).unwrap();
    let other = Egresses::new(vec!["c".into(), "a".into(), "b".into()]).unwrap();
    for number in 0..200 {
        let name = |egresses: &Egresses| {
            let index = egresses.of(None, key(number), NOW).unwrap();
            egresses.names().nth(index.get()).unwrap().to_owned()
        };
        assert_eq!(name(&one), name(&other));
    }
}

#[test]
fn a_pinned_key_uses_its_egress_or_none() {
    let mut egresses = egresses(3);
    for number in 0..20 {
        assert_eq!(
            egresses.of(Some("e1"), key(number), NOW),
            Some(EgressIndex(1))
        );
        assert_eq!(egresses.of(Some("gone"), key(number), NOW), None);
    }
    egresses.note_refused(EgressIndex(1), EgressCause::Location, NOW, 0);
    assert_eq!(egresses.of(Some("e1"), key(1), NOW), None);
    assert_eq!(
        egresses.of(Some("e1"), key(1), after(600_000)),
        Some(EgressIndex(1))
    );
}

#[test]
fn a_refused_region_backs_off_ten_minutes_and_a_sorry_page_a_minute_and_growing() {
    for (cause, lengths) in [
        (EgressCause::Location, [600, 600, 600, 600, 600, 600]),
        (EgressCause::SorryPage, [60, 120, 240, 480, 600, 600]),
    ] {
        let mut egresses = Egresses::default();
        let mut now = NOW;
        for seconds in lengths {
            egresses.note_refused(FIRST, cause, now, 0);
            let until = now.saturating_add(Duration::from_secs(seconds));
            assert_eq!(egresses.until(FIRST, now), Some(until));
            assert_eq!(egresses.all_until(now), Some(until));
            assert_eq!(egresses.of(None, key(1), now), None);
            now = until;
            assert_eq!(egresses.until(FIRST, now), None);
            assert_eq!(egresses.all_until(now), None);
        }
        egresses.note_success(FIRST, now);
        egresses.note_refused(FIRST, EgressCause::SorryPage, now, 0);
        assert_eq!(
            egresses.until(FIRST, now),
            Some(now.saturating_add(Duration::from_mins(1))),
            "a success makes the next back-off short again"
        );
    }
}

#[test]
fn all_back_off_until_the_first_of_them_returns() {
    let mut egresses = egresses(2);
    egresses.note_refused(FIRST, EgressCause::Location, NOW, 0);
    assert_eq!(egresses.all_until(NOW), None);
    let refused = Verdict::Egress {
        cause: EgressCause::Location,
    };
    assert_eq!(egresses.retry(&refused, NOW), Retry::NextKeyOnce);
    egresses.note_refused(EgressIndex(1), EgressCause::SorryPage, NOW, 0);
    assert_eq!(egresses.all_until(NOW), Some(after(60_000)));
    assert_eq!(egresses.retry(&refused, NOW), Retry::No);
    assert_eq!(egresses.retry(&Verdict::Network, NOW), Retry::AfterDelay);
}

#[test]
fn three_keys_refused_without_details_within_five_seconds_are_the_egress_s_fault() {
    let mut egresses = Egresses::default();
    for (at, number, blame) in [
        (0, 1, Blame::Key),
        (0, 1, Blame::Key),
        (1000, 2, Blame::Key),
        // The first one is five seconds old: two are left.
        (5000, 3, Blame::Key),
        (5500, 4, Blame::Egress),
        // The rest of the wave.
        (5600, 5, Blame::Egress),
    ] {
        assert_eq!(
            egresses.note_unexplained_429(FIRST, key(number), after(at), 0),
            blame,
            "{at}"
        );
    }
    assert_eq!(egresses.until(FIRST, after(5600)), Some(after(10_500)));
}

#[test]
fn after_a_back_off_one_refusal_is_enough_and_the_next_one_lasts_twice_as_long() {
    let mut egresses = Egresses::default();
    for number in 0..3 {
        let _ = egresses.note_unexplained_429(FIRST, key(number), NOW, 0);
    }
    let mut now = after(5000);
    for seconds in [10, 20, 40, 60, 60] {
        assert_eq!(
            egresses.note_unexplained_429(FIRST, key(9), now, 0),
            Blame::Egress
        );
        let until = now.saturating_add(Duration::from_secs(seconds));
        assert_eq!(egresses.until(FIRST, now), Some(until));
        now = until;
    }
    let long_after = now.saturating_add(Duration::from_mins(1));
    assert_eq!(
        egresses.note_unexplained_429(FIRST, key(9), long_after, 0),
        Blame::Key,
        "suspicion does not last"
    );
}

#[test]
fn a_success_between_them_clears_the_egress() {
    let mut egresses = Egresses::default();
    for number in 0..50 {
        assert_eq!(
            egresses.note_unexplained_429(FIRST, key(number), NOW, 0),
            Blame::Key
        );
        egresses.note_success(FIRST, NOW);
    }
}

#[test]
fn a_success_during_a_back_off_was_asked_for_before() {
    let mut egresses = Egresses::default();
    egresses.note_refused(FIRST, EgressCause::SorryPage, NOW, 0);
    egresses.note_success(FIRST, after(1000));
    assert!(egresses.until(FIRST, after(1000)).is_some());
}

#[test]
fn three_keys_restricted_within_a_minute_are_the_host_s_problem_flt6() {
    let mut egresses = Egresses::default();
    for (at, number, blame) in [
        (0, 1, Blame::Key),
        (20_000, 2, Blame::Key),
        (60_000, 3, Blame::Key),
        (79_999, 4, Blame::Egress),
    ] {
        assert_eq!(
            egresses.note_restricted(FIRST, key(number), after(at), 0),
            blame,
            "{at}"
        );
    }
    assert!(egresses.until(FIRST, after(80_000)).is_some());
}

#[test]
fn an_egress_that_cannot_be_reached_is_left_where_there_is_another_flt9() {
    let mut single = Egresses::default();
    let mut two = egresses(2);
    for at in [0, 0, 4000] {
        assert_eq!(two.until(FIRST, after(at)), None);
        two.note_broken(FIRST, after(at), 0);
        single.note_broken(FIRST, after(at), 0);
    }
    assert_eq!(two.until(FIRST, after(4000)), Some(after(9000)));
    assert_eq!(two.until(EgressIndex(1), after(4000)), None);
    assert_eq!(single.until(FIRST, after(4000)), None);

    two.note_broken(FIRST, after(9000), 0);
    assert_eq!(two.until(FIRST, after(9000)), Some(after(19_000)));
    two.note_success(FIRST, after(19_000));
    two.note_broken(FIRST, after(19_000), 0);
    two.note_broken(FIRST, after(24_000), 0);
    two.note_broken(FIRST, after(28_000), 0);
    assert_eq!(two.until(FIRST, after(28_000)), None, "too far apart");
}

#[test]
fn a_longer_refusal_counts_and_a_shorter_one_does_not_flt1() {
    let mut egresses = Egresses::default();
    egresses.note_refused(FIRST, EgressCause::SorryPage, NOW, 0);
    egresses.note_refused(FIRST, EgressCause::Location, after(1000), 0);
    assert_eq!(egresses.until(FIRST, after(1000)), Some(after(601_000)));
    egresses.note_refused(FIRST, EgressCause::SorryPage, after(2000), 0);
    assert_eq!(egresses.until(FIRST, after(2000)), Some(after(601_000)));
}

#[test]
fn a_clock_set_back_ends_every_back_off_flt42() {
    let mut egresses = Egresses::default();
    egresses.note_refused(FIRST, EgressCause::Location, NOW, u64::MAX);
    assert_eq!(egresses.until(FIRST, UnixMillis(0)), None);
    // Refusals of a time that is not yet are forgotten.
    let _ = egresses.note_unexplained_429(FIRST, key(1), UnixMillis(9000), 0);
    let _ = egresses.note_unexplained_429(FIRST, key(2), UnixMillis(9000), 0);
    assert_eq!(
        egresses.note_unexplained_429(FIRST, key(3), UnixMillis(1000), 0),
        Blame::Key
    );
}

#[test]
fn an_index_of_another_list_changes_nothing() {
    let mut egresses = Egresses::default();
    let other = EgressIndex(7);
    egresses.note_refused(other, EgressCause::Location, NOW, 0);
    egresses.note_success(other, NOW);
    assert_eq!(egresses.note_restricted(other, key(1), NOW, 0), Blame::Key);
    assert_eq!(egresses.until(other, NOW), None);
}

proptest! {
    /// Whatever happens in whatever order of times, no back-off lasts longer than eleven minutes and an unpinned
    /// key has an egress exactly when one does not back off.
    #[test]
    fn back_offs_are_bounded_and_keys_find_what_is_left(
        events in prop::collection::vec((0_u8..6, 0_u8..3, 0_u64..5, any::<u32>(), any::<u64>()), 0..60),
    ) {
        let mut egresses = egresses(3);
        for (event, index, number, at, random) in events {
            let (index, now) = (EgressIndex(index), UnixMillis(u64::from(at)));
            match event {
                0 => egresses.note_refused(index, EgressCause::Location, now, random),
                1 => egresses.note_refused(index, EgressCause::SorryPage, now, random),
                2 => drop(egresses.note_unexplained_429(index, key(number), now, random)),
                3 => drop(egresses.note_restricted(index, key(number), now, random)),
                4 => egresses.note_broken(index, now, random),
                _ => egresses.note_success(index, now),
            }
            if let Some(until) = egresses.until(index, now) {
                prop_assert!(until.saturating_since(now) <= Duration::from_mins(11));
            }
            prop_assert_eq!(egresses.of(None, key(number), now).is_none(), egresses.all_until(now).is_some());
        }
    }
}
