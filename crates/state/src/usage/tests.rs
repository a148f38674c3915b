//! Claims about counters.

use std::cell::RefCell;

use gempool_pool::{KeyId, UnixMillis};
use proptest::prelude::*;

use super::tally::MAX_SLOTS;
use super::*;
use crate::client_key::ClientKeyId;
use crate::pool_config::PoolId;
use crate::scripted_store::{Outcome as Call, ScriptedStore, run};

/// An hour and a day begin here and end much later: 2026-11-24, 18:00 UTC.
const NOW: UnixMillis = UnixMillis(1_795_543_200_000);
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MODEL: &str = "gemini-2.5-flash";

fn pool() -> PoolId {
    "team-a".parse().unwrap()
}

fn client(number: u8) -> ClientKeyId {
    ClientKeyId([number; 16])
}

fn key(number: u32) -> KeyId {
    let [a, b, c, d] = number.to_be_bytes();
    KeyId::from_bytes([a, b, c, d, 0, 0, 0, 0])
}

fn used(pool: &PoolId) -> Used<'_> {
    Used {
        pool,
        client: Some(client(1)),
        key: Some(key(1)),
        model: MODEL,
        outcome: Outcome::Answered,
        input_tokens: 100,
        output_tokens: 20,
    }
}

fn record(tally: &RefCell<Tally>, times: u64, now: UnixMillis) {
    for _ in 0..times {
        tally.borrow_mut().record(&used(&pool()), now);
    }
}

/// Flushes until nothing waits.
fn flush_all(store: &ScriptedStore, tally: &RefCell<Tally>, now: UnixMillis) -> Vec<Shared> {
    let mut sums = Vec::new();
    while !tally.borrow().is_empty() {
        let flushed = run(flush(store, tally, now));
        assert!(flushed.failure.is_none());
        sums.extend(flushed.sums);
    }
    sums
}

fn read(store: &ScriptedStore, series: &Series, count: u32, now: UnixMillis) -> Vec<Usage> {
    let windows = run(read_usage(store, series, count, now)).unwrap();
    windows.into_iter().map(|(_, usage)| usage).collect()
}

fn later(millis: u64) -> UnixMillis {
    UnixMillis(NOW.0 + millis)
}

#[test]
fn a_request_counts_for_its_pool_its_client_and_its_key() {
    let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
    record(&tally, 2, NOW);
    let pool = pool();
    let failed = Used {
        outcome: Outcome::Failed,
        input_tokens: 0,
        output_tokens: 0,
        ..used(&pool)
    };
    tally.borrow_mut().record(&failed, NOW);
    flush_all(&store, &tally, NOW);
    let (requests, errors, tokens, output_tokens) = (3, 1, 240, 40);
    let (none, all) = (
        Usage::default(),
        Usage {
            requests,
            errors,
            tokens,
            output_tokens,
        },
    );
    for (series, usage) in [
        (
            Series::PoolHours(pool.clone()),
            Usage {
                requests,
                errors,
                ..none
            },
        ),
        (Series::PoolDays(pool), all),
        (
            Series::ClientMinutes(client(1)),
            Usage {
                requests,
                tokens,
                ..none
            },
        ),
        (Series::ClientDays(client(1)), all),
        (
            Series::KeyDays(key(1), MODEL.into()),
            Usage {
                requests,
                tokens,
                ..none
            },
        ),
        (Series::KeyDays(key(1), "another".into()), none),
    ] {
        assert_eq!(read(&store, &series, 1, NOW), [usage], "{series:?}");
    }
}

#[test]
fn limits_are_shared_by_the_sums_that_a_flush_returns_flt39() {
    let store = ScriptedStore::default();
    let (one, other) = (RefCell::<Tally>::default(), RefCell::<Tally>::default());
    record(&one, 3, NOW);
    flush_all(&store, &one, NOW);
    record(&other, 2, NOW);
    let minutes = Series::ClientMinutes(client(1));
    assert_eq!(other.borrow().pending(&minutes, NOW).requests, 2);
    let sums = flush_all(&store, &other, NOW);
    let sum = sums.iter().find(|sum| sum.series == minutes).unwrap();
    assert_eq!((sum.usage.requests, sum.usage.tokens), (5, 600));
    assert_eq!(sum.window, minutes.window(NOW));
    assert_eq!(other.borrow().pending(&minutes, NOW), Usage::default());
}

#[test]
fn a_flush_makes_a_bounded_number_of_calls_and_the_rest_follows_oldest_first() {
    let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
    let pool = pool();
    for number in 0..300 {
        let used = Used {
            key: Some(key(number)),
            client: None,
            ..used(&pool)
        };
        tally.borrow_mut().record(&used, NOW);
    }
    let mut seen = Vec::new();
    while !tally.borrow().is_empty() {
        store.calls.set(0);
        let flushed = run(flush(&store, &tally, NOW));
        assert!(store.calls.get() <= MAX_FLUSH_CALLS);
        seen.extend(flushed.sums.into_iter().map(|sum| sum.series));
    }
    let keys: Vec<Series> = (0..300)
        .map(|number| Series::KeyDays(key(number), MODEL.into()))
        .collect();
    assert_eq!(seen[2..], keys);
}

#[test]
fn a_failed_addition_waits_for_the_next_flush_and_counts_once_flt27_flt48() {
    for failing in 0..14 {
        let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
        record(&tally, 3, NOW);
        let mut script = vec![Call::Fails];
        script.extend(vec![Call::Works; failing]);
        store.script.replace(script);
        let flushed = run(flush(&store, &tally, NOW));
        assert!(flushed.failure.is_some(), "{failing}");
        assert_eq!(
            store.calls.get(),
            failing + 1,
            "nothing more is asked of it"
        );
        store.script.borrow_mut().clear();
        flush_all(&store, &tally, NOW);
        let days = read(&store, &Series::PoolDays(pool()), 1, NOW);
        assert_eq!((days[0].requests, days[0].tokens), (3, 360), "{failing}");
        let days = read(&store, &Series::ClientDays(client(1)), 1, NOW);
        assert_eq!((days[0].requests, days[0].tokens), (3, 360), "{failing}");
    }
}

#[test]
fn an_addition_of_unknown_outcome_counts_again_and_its_window_is_cleaned_all_the_same_flt28() {
    let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
    record(&tally, 3, NOW);
    store.script.borrow_mut().push(Call::WorksUnheard);
    run(flush(&store, &tally, NOW));
    flush_all(&store, &tally, NOW);
    let hours = Series::PoolHours(pool());
    // Six instead of three for this one counter, never fewer; the others are exact.
    assert_eq!(read(&store, &hours, 1, NOW)[0].requests, 6);
    assert_eq!(
        read(&store, &Series::PoolDays(pool()), 1, NOW)[0].requests,
        3
    );
    let next_year = later(365 * DAY);
    record(&tally, 1, next_year);
    flush_all(&store, &tally, next_year);
    let window = hours.window(NOW);
    assert!(
        !store
            .counters()
            .contains_key(&format!("gp1:n:h:team-a:{window}"))
    );
}

#[test]
fn a_flush_that_is_dropped_loses_nothing_flt48() {
    for polls in 0..20 {
        let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
        record(&tally, 3, NOW);
        {
            let mut flushing = std::pin::pin!(flush(&store, &tally, NOW));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            for _ in 0..polls {
                let _ = flushing.as_mut().poll(&mut context);
                // Requests go on meanwhile.
                if !tally.borrow().is_empty() && polls == 5 {
                    record(&tally, 1, NOW);
                }
                if store.calls.get() > 12 {
                    break;
                }
            }
        }
        flush_all(&store, &tally, NOW);
        let expected = if polls == 5 { 8 } else { 3 };
        let hours = read(&store, &Series::PoolHours(pool()), 1, NOW);
        assert_eq!(hours[0].requests, expected, "{polls}");
    }
}

#[test]
fn without_counters_memory_stays_bounded_and_no_request_of_a_pool_is_lost_flt29() {
    let tally = RefCell::<Tally>::default();
    let pool = pool();
    for number in 0..20_000_u32 {
        let now = later(u64::from(number) * 10 * MINUTE);
        let used = Used {
            client: Some(ClientKeyId(u128::from(number).to_be_bytes())),
            key: Some(key(number)),
            ..used(&pool)
        };
        tally.borrow_mut().record(&used, now);
        assert!(tally.borrow().waiting() <= MAX_SLOTS);
    }
    let (store, end) = (ScriptedStore::default(), later(20_000 * 10 * MINUTE));
    flush_all(&store, &tally, end);
    let hours = read(&store, &Series::PoolHours(pool.clone()), 48, end);
    assert_eq!(
        hours.iter().map(|usage| usage.requests).sum::<u64>(),
        20_000
    );
    let days = read(&store, &Series::PoolDays(pool), 40, end);
    assert_eq!(days.iter().map(|usage| usage.requests).sum::<u64>(), 20_000);
    assert_eq!(
        days.iter().map(|usage| usage.tokens).sum::<u64>(),
        2_400_000
    );
}

#[test]
fn a_clock_that_is_set_back_moves_counts_into_the_present_flt42() {
    let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
    record(&tally, 3, later(3650 * DAY));
    record(&tally, 1, UnixMillis(0));
    record(&tally, 2, NOW);
    flush_all(&store, &tally, NOW);
    for series in [Series::PoolHours(pool()), Series::PoolDays(pool())] {
        assert_eq!(read(&store, &series, 1, NOW)[0].requests, 6);
    }
    // Other minutes than these limit nobody.
    let minutes = Series::ClientMinutes(client(1));
    assert_eq!(read(&store, &minutes, 1, NOW)[0].requests, 2);
}

#[test]
fn an_instance_years_ahead_stops_neither_cleaning_nor_reading_flt42() {
    let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
    let years = later(3650 * DAY);
    record(&tally, 1, years);
    flush_all(&store, &tally, years);
    let left_behind = store.counters().len();
    for minute in 0..100 {
        record(&tally, 1, later(minute * 3 * MINUTE));
        flush_all(&store, &tally, later(minute * 3 * MINUTE));
    }
    let end = later(99 * 3 * MINUTE);
    let minutes = Series::ClientMinutes(client(1));
    assert_eq!(read(&store, &minutes, 2, end)[0].requests, 1);
    let of_minutes = store
        .counters()
        .into_keys()
        .filter(|name| name.starts_with("gp1:n:m:"));
    assert!(of_minutes.count() <= left_behind + 3);
}

#[test]
fn readers_see_the_last_windows_and_make_none_that_stay() {
    let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
    let hours = Series::PoolHours(pool());
    assert_eq!(read(&store, &hours, 3, NOW), [Usage::default(); 3]);
    assert_eq!(store.counters().len(), 1, "the marker only");
    record(&tally, 5, NOW);
    flush_all(&store, &tally, NOW);
    record(&tally, 7, later(2 * HOUR));
    flush_all(&store, &tally, later(2 * HOUR));
    let seen = read(&store, &hours, 99, later(3 * HOUR));
    let requests: Vec<u64> = seen.iter().map(|usage| usage.requests).collect();
    assert_eq!((requests.len(), &requests[..4]), (48, &[0, 7, 0, 5][..]));
    // A window in which nothing happened was read, and is forgotten with the others.
    record(&tally, 1, later(100 * HOUR));
    flush_all(&store, &tally, later(100 * HOUR));
    let left = store
        .counters()
        .into_keys()
        .filter(|name| name.starts_with("gp1:n:h:"));
    assert_eq!(left.count(), 1);
}

#[test]
fn two_instances_that_begin_windows_at_once_leave_the_marker_right() {
    // Both read the marker before either moves it.
    let store = ScriptedStore::default();
    let (one, other) = (RefCell::<Tally>::default(), RefCell::<Tally>::default());
    let next = later(HOUR);
    record(&one, 1, NOW);
    flush_all(&store, &one, NOW);
    record(&one, 1, next);
    record(&other, 1, later(2 * HOUR));
    run(async {
        let flushes = (
            flush(&store, &one, next),
            flush(&store, &other, later(2 * HOUR)),
        );
        futures::join!(flushes.0, flushes.1)
    });
    flush_all(&store, &one, later(2 * HOUR));
    flush_all(&store, &other, later(2 * HOUR));
    let hours = Series::PoolHours(pool());
    let end = later(2 * HOUR);
    assert_eq!(
        store.counters()["gp1:n:w:h:team-a"],
        i64::from(hours.window(end))
    );
    let seen = read(&store, &hours, 3, end);
    assert!(seen.iter().all(|usage| usage.requests == 1), "{seen:?}");
}

#[derive(Clone, Debug)]
enum Step {
    Record(usize, u8),
    Flush(usize, Vec<Call>),
    Wait(u64),
}

fn any_step(unheard: u32) -> impl Strategy<Value = Step> {
    let call = prop_oneof![
        6 => Just(Call::Works),
        2 => Just(Call::Fails),
        unheard => Just(Call::WorksUnheard),
    ];
    prop_oneof![
        4 => (0..3_usize, 0..3_u8).prop_map(|(tally, client)| Step::Record(tally, client)),
        3 => (0..3_usize, prop::collection::vec(call, 0..12)).prop_map(|(tally, calls)| Step::Flush(tally, calls)),
        1 => (0..2 * HOUR).prop_map(Step::Wait),
    ]
}

/// Requests of the pool in counters and tallies together, and how many calls were carried out unheard.
fn conserved(steps: &[Step]) -> (u64, u64, u64) {
    let store = ScriptedStore::default();
    let tallies: [RefCell<Tally>; 3] = Default::default();
    let (mut now, mut requests, mut unheard) = (NOW, 0, 0);
    for step in steps {
        match step {
            Step::Record(tally, number) => {
                let pool = pool();
                let used = Used {
                    client: Some(client(*number)),
                    key: Some(key(u32::from(*number))),
                    ..used(&pool)
                };
                tallies[*tally].borrow_mut().record(&used, now);
                requests += 1;
            }
            Step::Flush(tally, calls) => {
                store.script.replace(calls.clone());
                run(flush(&store, &tallies[*tally], now));
                store.script.borrow_mut().clear();
                unheard += calls
                    .iter()
                    .filter(|call| **call == Call::WorksUnheard)
                    .count() as u64;
            }
            Step::Wait(millis) => now = UnixMillis(now.0 + millis),
        }
    }
    let counted: i64 = store
        .counters()
        .iter()
        .filter(|(name, _)| name.starts_with("gp1:n:d:"))
        .map(|(_, sum)| sum >> 32)
        .sum();
    // What waits is flushed into a store of its own.
    let rest = ScriptedStore::default();
    for tally in &tallies {
        flush_all(&rest, tally, now);
    }
    let days = read(&rest, &Series::PoolDays(pool()), 40, now);
    let waiting: u64 = days.iter().map(|usage| usage.requests).sum();
    (u64::try_from(counted).unwrap() + waiting, requests, unheard)
}

proptest! {
    #[test]
    fn what_is_counted_and_what_waits_are_the_requests_made_flt48(steps in prop::collection::vec(any_step(0), 0..60)) {
        let (found, requests, _) = conserved(&steps);
        prop_assert_eq!(found, requests);
    }

    #[test]
    fn calls_of_unknown_outcome_lose_nothing_flt28(steps in prop::collection::vec(any_step(1), 0..60)) {
        let (found, requests, unheard) = conserved(&steps);
        prop_assert!(found >= requests, "{} {}", found, requests);
        prop_assert!(unheard > 0 || found == requests);
    }

    #[test]
    fn windows_are_forgotten_after_pauses_of_any_length(pauses in prop::collection::vec(0..90_u64, 1..24), minutes in prop::bool::ANY) {
        let (store, tally) = (ScriptedStore::default(), RefCell::<Tally>::default());
        let (mut now, unit) = (NOW, if minutes { MINUTE } else { HOUR });
        for pause in pauses {
            now = UnixMillis(now.0 + pause * unit / 2);
            record(&tally, 1, now);
            flush_all(&store, &tally, now);
            for series in [Series::ClientMinutes(client(1)), Series::PoolHours(pool()), Series::KeyDays(key(1), MODEL.into())] {
                let prefix = series.marker().replacen(":w", "", 1);
                let left = store.counters().into_keys().filter(|name| name.starts_with(&prefix)).count();
                prop_assert!((1..=series.kept() as usize).contains(&left), "{:?} {}", series, left);
            }
        }
    }
}
