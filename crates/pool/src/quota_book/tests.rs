//! What fits into a quota, when it does again, and what no clock can break.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::lessons::LearnedLimit;
use crate::pacific::pacific_day;

/// 2026-07-01T12:00:00Z: 19 hours before midnight in Los Angeles, on the border of a slot.
const NOW: UnixMillis = UnixMillis(1_782_907_200_000);
const MODEL: &str = "gemini-2.5-flash";
const HOUR: u64 = 3_600_000;

fn subject(number: u64) -> Subject {
    Subject::Key(KeyId::from_bytes(number.to_be_bytes()))
}

const ONE: Subject = Subject::Project([1; 8]);

fn limit(model: &str) -> QuotaLimit {
    QuotaLimit {
        model: model.to_owned(),
        ..QuotaLimit::default()
    }
}

fn rpm(model: &str, rpm: u32) -> QuotaLimit {
    QuotaLimit {
        rpm: Some(rpm),
        ..limit(model)
    }
}

fn after(millis: u64) -> UnixMillis {
    UnixMillis(NOW.0 + millis)
}

fn full(which: QuotaKind, until: UnixMillis) -> Result<(), QuotaFull> {
    Err(QuotaFull { until, which })
}

fn lessons(kind: QuotaKind, limit: u64) -> Lessons {
    Lessons {
        limits: vec![LearnedLimit { kind, limit }],
        ..Lessons::default()
    }
}

/// Sends a request if it may.
fn send(book: &mut QuotaBook, tokens: u64, now: UnixMillis) -> bool {
    let may = book.may(ONE, MODEL, tokens, now).is_ok();
    if may {
        book.note(ONE, MODEL, tokens, now);
    }
    may
}

#[test]
fn requests_of_a_minute_count_for_sixty_to_seventy_seconds() {
    let mut book = QuotaBook::new(&[rpm("*", 2)]);
    assert!(send(&mut book, 0, after(0)));
    assert!(send(&mut book, 0, after(25_000)));
    for at in [25_000, 59_999, 69_999] {
        assert_eq!(
            book.may(ONE, MODEL, 0, after(at)),
            full(QuotaKind::RequestsPerMinute, after(70_000)),
            "{at}"
        );
    }
    assert!(send(&mut book, 0, after(70_000)));
    assert_eq!(
        book.may(ONE, MODEL, 0, after(70_000)),
        full(QuotaKind::RequestsPerMinute, after(90_000)),
        "the second one leaves with its slot"
    );
}

#[test]
fn subjects_and_models_are_counted_apart() {
    let mut book = QuotaBook::new(&[rpm("*", 1)]);
    book.note(ONE, MODEL, 0, NOW);
    assert!(book.may(ONE, MODEL, 0, NOW).is_err());
    assert_eq!(book.may(ONE, "gemini-2.5-pro", 0, NOW), Ok(()));
    assert_eq!(book.may(Subject::Project([2; 8]), MODEL, 0, NOW), Ok(()));
    assert_eq!(book.may(subject(1), MODEL, 0, NOW), Ok(()));
}

#[test]
fn keys_of_one_project_are_one_subject() {
    let key = |number: u64| KeyId::from_bytes(number.to_be_bytes());
    assert_eq!(
        Subject::of(Some("123"), key(1)),
        Subject::of(Some("123"), key(2))
    );
    assert_ne!(
        Subject::of(Some("123"), key(1)),
        Subject::of(Some("124"), key(1))
    );
    assert_eq!(Subject::of(None, key(1)), Subject::Key(key(1)));
}

#[test]
fn the_first_pattern_that_matches_limits_a_model() {
    let mut book = QuotaBook::new(&[
        rpm("gemini-2.5-flash-lite", 3),
        rpm("gemini-2.5-*", 2),
        limit("gemma-*"),
        rpm("*", 1),
    ]);
    for (model, expected) in [
        ("gemini-2.5-flash-lite", 3),
        ("gemini-2.5-pro", 2),
        ("gemini-3-pro", 1),
        ("gemma-3", 10),
    ] {
        let mut sent = 0;
        while sent < 10 && book.may(ONE, model, 0, NOW).is_ok() {
            book.note(ONE, model, 0, NOW);
            sent += 1;
        }
        assert_eq!(sent, expected, "{model}");
    }
    book.set_limits(&[]);
    assert_eq!(book.may(ONE, "gemini-3-pro", 0, NOW), Ok(()));
}

#[test]
fn tokens_of_a_minute_fit_or_wait_for_room() {
    let tpm = QuotaLimit {
        tpm: Some(1000),
        ..limit("*")
    };
    let mut book = QuotaBook::new(&[tpm]);
    assert!(send(&mut book, 400, after(0)));
    assert!(send(&mut book, 400, after(20_000)));
    assert!(book.may(ONE, MODEL, 200, after(20_000)).is_ok());
    for (tokens, until) in [(201, 70_000), (600, 70_000), (601, 90_000), (5000, 90_000)] {
        assert_eq!(
            book.may(ONE, MODEL, tokens, after(20_000)),
            full(QuotaKind::TokensPerMinute, after(until)),
            "{tokens}"
        );
    }
    assert!(
        book.may(ONE, MODEL, 5000, after(90_000)).is_ok(),
        "larger than the whole limit: for Google to judge"
    );
}

#[test]
fn real_use_replaces_the_estimate_where_it_was_counted() {
    let tpm = QuotaLimit {
        tpm: Some(1000),
        ..limit("*")
    };
    for (estimated, real, left) in [
        (900, 100, 900),
        (100, 900, 100),
        (0, 1000, 0),
        (500, 0, 1000),
    ] {
        let mut book = QuotaBook::new(std::slice::from_ref(&tpm));
        // Something else, so that the window is never empty.
        book.note(ONE, MODEL, 0, NOW);
        book.note(ONE, MODEL, estimated, NOW);
        let spent = Spent {
            noted_at: NOW,
            estimated,
            real,
        };
        book.correct(ONE, MODEL, spent, after(15_000));
        let has_room =
            |book: &mut QuotaBook, tokens| book.may(ONE, MODEL, tokens, after(15_000)).is_ok();
        assert!(has_room(&mut book, left), "{estimated} {real}");
        assert!(
            left == 1000 || !has_room(&mut book, left + 1),
            "{estimated} {real}"
        );
    }
}

#[test]
fn no_correction_makes_a_count_negative() {
    let tpm = QuotaLimit {
        tpm: Some(100),
        ..limit("*")
    };
    let mut book = QuotaBook::new(&[tpm]);
    book.note(ONE, MODEL, 10, NOW);
    for noted_at in [NOW, after(1_000_000), UnixMillis(0), UnixMillis(u64::MAX)] {
        let spent = Spent {
            noted_at,
            estimated: u64::MAX,
            real: 0,
        };
        book.correct(ONE, MODEL, spent, NOW);
    }
    book.note(ONE, MODEL, 60, NOW);
    assert!(book.may(ONE, MODEL, 41, NOW).is_err());
    assert!(book.may(ONE, MODEL, 40, NOW).is_ok());
}

#[test]
fn a_day_quota_returns_at_midnight_in_los_angeles_also_when_clocks_change() {
    let rpd = QuotaLimit {
        rpd: Some(1),
        ..limit("*")
    };
    for (start_of_day, hours) in [
        (1_782_889_200_000, 24), // 2026-07-01T07:00:00Z
        (1_772_956_800_000, 23), // 2026-03-08T08:00:00Z: clocks go forward
        (1_793_516_400_000, 25), // 2026-11-01T07:00:00Z: clocks go back
    ] {
        let mut book = QuotaBook::new(std::slice::from_ref(&rpd));
        let midnight = UnixMillis(start_of_day + hours * HOUR);
        assert!(send(&mut book, 0, UnixMillis(start_of_day)));
        for now in [start_of_day, start_of_day + 2 * HOUR, midnight.0 - 1] {
            assert_eq!(
                book.may(ONE, MODEL, 0, UnixMillis(now)),
                full(QuotaKind::RequestsPerDay, midnight)
            );
        }
        assert!(send(&mut book, 0, midnight));
        assert!(!send(&mut book, 0, midnight));
    }
}

#[test]
fn of_several_full_quotas_the_longest_is_told() {
    let both = QuotaLimit {
        rpm: Some(1),
        rpd: Some(1),
        ..limit("*")
    };
    let mut book = QuotaBook::new(&[both]);
    book.note(ONE, MODEL, 0, NOW);
    assert_eq!(
        book.may(ONE, MODEL, 0, NOW),
        full(QuotaKind::RequestsPerDay, after(19 * HOUR))
    );
}

#[test]
fn a_limit_of_zero_lets_nothing_pass() {
    for (limit, expected) in [
        (
            rpm("*", 0),
            full(QuotaKind::RequestsPerMinute, after(60_000)),
        ),
        (
            QuotaLimit {
                tpm: Some(0),
                ..limit("*")
            },
            full(QuotaKind::TokensPerMinute, after(60_000)),
        ),
        (
            QuotaLimit {
                rpd: Some(0),
                ..limit("*")
            },
            full(QuotaKind::RequestsPerDay, after(19 * HOUR)),
        ),
    ] {
        let mut book = QuotaBook::new(&[limit]);
        assert_eq!(book.may(ONE, MODEL, 1, NOW), expected);
        book.note(ONE, MODEL, 1, NOW);
        assert!(book.may(ONE, MODEL, 1, after(200_000)).is_err());
    }
}

#[test]
fn a_refusal_teaches_a_limit_for_an_hour_and_the_admin_knows_better() {
    let taught = lessons(QuotaKind::RequestsPerMinute, 1);
    let mut book = QuotaBook::new(&[]);
    book.note(ONE, MODEL, 0, NOW);
    assert_eq!(book.entries.len(), 0, "what has no limit is not counted");
    book.learn(ONE, MODEL, &taught, NOW);
    assert!(send(&mut book, 0, after(1000)));
    assert!(!send(&mut book, 0, after(2000)));
    let hour = after(HOUR);
    book.note(ONE, MODEL, 0, hour);
    assert!(book.may(ONE, MODEL, 0, hour).is_ok(), "it may be over");

    let mut book = QuotaBook::new(&[rpm("*", 2)]);
    book.learn(ONE, MODEL, &taught, NOW);
    assert!(send(&mut book, 0, NOW));
    assert!(send(&mut book, 0, NOW));
    assert!(!send(&mut book, 0, NOW));
}

#[test]
fn a_learned_limit_is_forgotten_when_more_has_succeeded() {
    let spent = |real| Spent {
        noted_at: NOW,
        estimated: 0,
        real,
    };
    for (kind, limit, real) in [
        (QuotaKind::RequestsPerMinute, 2, 0),
        (QuotaKind::RequestsPerDay, 2, 0),
        (QuotaKind::TokensPerMinute, 9, 10),
        (QuotaKind::TokensPerDay, 9, 10),
    ] {
        let mut book = QuotaBook::new(&[]);
        book.learn(ONE, MODEL, &lessons(kind, limit), NOW);
        for _ in 0..3 {
            book.note(ONE, MODEL, 0, NOW);
        }
        let learned = |book: &mut QuotaBook| {
            let entry = book.entries.get(ONE, MODEL).unwrap();
            entry.learned(kind, NOW)
        };
        for _ in 0..2 {
            book.correct(ONE, MODEL, spent(0), after(1000));
        }
        assert_eq!(learned(&mut book), Some(limit), "{kind:?}");
        book.correct(ONE, MODEL, spent(real), after(1000));
        assert_eq!(learned(&mut book), None, "{kind:?}");
    }
}

#[test]
fn sums_from_the_store_raise_todays_counts_and_never_lower_them() {
    let rpd = QuotaLimit {
        rpd: Some(10),
        ..limit("*")
    };
    let mut book = QuotaBook::new(&[rpd]);
    let today = pacific_day(NOW);
    book.shared(ONE, MODEL, today, 9, 0, NOW);
    assert!(send(&mut book, 0, NOW));
    assert!(!send(&mut book, 0, NOW));
    book.shared(ONE, MODEL, today, 3, 0, NOW);
    assert!(!send(&mut book, 0, NOW));
    let tomorrow = after(19 * HOUR);
    book.shared(ONE, MODEL, today, 50, 0, tomorrow);
    assert!(send(&mut book, 0, tomorrow), "yesterday's sum came late");
}

#[test]
fn memory_is_bounded_and_the_one_that_rested_longest_is_forgotten() {
    let mut book = QuotaBook::new(&[rpm("*", 1)]);
    let many = u64::try_from(MAX_COUNTED).unwrap();
    for number in 0..many {
        book.note(subject(number), MODEL, 0, NOW);
    }
    book.note(subject(0), MODEL, 0, NOW);
    book.note(subject(many), &"x".repeat(100_000), 0, NOW);
    assert_eq!(book.entries.len(), MAX_COUNTED);
    assert!(book.may(subject(0), MODEL, 0, NOW).is_err());
    assert!(book.may(subject(1), MODEL, 0, NOW).is_ok());
}

#[test]
fn a_clock_that_jumps_loses_counts_at_worst_flt42() {
    let both = QuotaLimit {
        rpm: Some(1),
        rpd: Some(1),
        ..limit("*")
    };
    let year = 365 * 24 * HOUR;
    for elsewhere in [0, 1, NOW.0 - HOUR * 48, NOW.0 + 10 * year, u64::MAX] {
        let mut book = QuotaBook::new(std::slice::from_ref(&both));
        let elsewhere = UnixMillis(elsewhere);
        book.note(ONE, MODEL, 5, elsewhere);
        assert!(
            send(&mut book, 0, NOW),
            "{elsewhere:?} says nothing of today"
        );
        assert!(!send(&mut book, 0, NOW));
        book.note(ONE, MODEL, 5, elsewhere);
        assert!(send(&mut book, 0, NOW));
    }
}

#[test]
fn a_clock_set_back_a_little_keeps_the_minute() {
    let mut book = QuotaBook::new(&[rpm("*", 1)]);
    book.note(ONE, MODEL, 0, NOW);
    let back = UnixMillis(NOW.0 - 30_000);
    assert_eq!(
        book.may(ONE, MODEL, 0, back),
        full(QuotaKind::RequestsPerMinute, after(70_000))
    );
}

proptest! {
    /// Whatever the times, no sixty seconds hold more than the limit, and a request that waits as told gets in.
    #[test]
    fn no_minute_ever_holds_more_than_its_limit(
        limit in 1_u32..6,
        steps in prop::collection::vec(0_u64..30_000, 1..80),
    ) {
        let mut book = QuotaBook::new(&[rpm("*", limit)]);
        let mut sent: VecDeque<u64> = VecDeque::new();
        let mut now = NOW;
        for step in steps {
            now.0 += step;
            if let Err(full) = book.may(ONE, MODEL, 0, now) {
                prop_assert!(full.until > now && full.until.0 <= now.0 + 70_000);
                prop_assert!(book.may(ONE, MODEL, 0, UnixMillis(full.until.0 - 1)).is_err());
                now = full.until;
                prop_assert!(book.may(ONE, MODEL, 0, now).is_ok());
            }
            book.note(ONE, MODEL, 0, now);
            sent.push_back(now.0);
            while sent.front().is_some_and(|first| first + 60_000 <= now.0) {
                sent.pop_front();
            }
            prop_assert!(sent.len() <= usize::try_from(limit).unwrap());
        }
    }

    /// No order of calls at whatever times panics or blocks for longer than a day of 25 hours.
    #[test]
    fn nothing_blocks_longer_than_a_day_flt42(
        calls in prop::collection::vec((0_u8..5, any::<u64>(), any::<u64>()), 0..60),
    ) {
        let limits = QuotaLimit { rpm: Some(1), tpm: Some(10), rpd: Some(2), ..limit("*") };
        let mut book = QuotaBook::new(&[limits]);
        for (call, at, tokens) in calls {
            let now = UnixMillis(at);
            match call {
                0 => book.note(ONE, MODEL, tokens, now),
                1 => book.correct(ONE, MODEL, Spent { noted_at: UnixMillis(tokens), estimated: at, real: tokens }, now),
                2 => book.learn(ONE, MODEL, &lessons(QuotaKind::TokensPerDay, tokens), now),
                3 => book.shared(ONE, MODEL, pacific_day(now), tokens, at, now),
                _ => {}
            }
            if let Err(full) = book.may(ONE, MODEL, tokens, now) {
                prop_assert!(full.until.saturating_since(now) <= Duration::from_hours(25));
            }
        }
    }
}
