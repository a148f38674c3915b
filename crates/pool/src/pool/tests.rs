//! Selection and recording together: failover, reasons for having no key, trials, the shared pause of a model.

use std::time::Duration;

use proptest::prelude::{Just, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as _;

use super::*;
use crate::cooling::PROBE_LEASE;
use crate::key_list::parse_keys;
use crate::verdict::{DeathCause, FaultCause, Scope};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const MODEL: &str = "gemini-2.5-flash";
const INVALID: Verdict = Verdict::Dead {
    cause: DeathCause::Invalid,
};
const OVERLOADED: Verdict = Verdict::ModelFault {
    cause: FaultCause::Overloaded,
};

fn pool(keys: &str, strategy: Strategy) -> Pool {
    Pool::new(parse_keys(keys).unwrap(), strategy)
}

fn after(seconds: u64) -> UnixMillis {
    NOW.saturating_add(Duration::from_secs(seconds))
}

fn cool_for(seconds: u64, now: UnixMillis) -> Verdict {
    let until = now.saturating_add(Duration::from_secs(seconds));
    Verdict::Cool {
        scope: Scope::Model,
        until,
        cause: CoolingCause::RateLimited,
    }
}

fn take(pool: &mut Pool, now: UnixMillis) -> KeyIndex {
    let selected = pool.select(MODEL, now, 0, &[]).unwrap();
    pool.record(selected.index, MODEL, &Verdict::Success, now, 0);
    selected.index
}

#[test]
fn weights_share_exactly_whatever_other_models_do() {
    let mut pool = pool("a*3,b,c", Strategy::Weighted);
    let mut sequence = Vec::new();
    for step in 0..50 {
        for _ in 0..step % 3 {
            pool.select("another-model", NOW, step, &[]).unwrap();
        }
        sequence.push(take(&mut pool, NOW));
    }
    for window in sequence.windows(5) {
        let count = |key: usize| window.iter().filter(|index| index.0 == key).count();
        assert_eq!([count(0), count(1), count(2)], [3, 1, 1]);
    }
}

#[test]
fn round_robin_ignores_weights_and_random_follows_the_number_given() {
    let mut even = pool("a*9,b", Strategy::RoundRobin);
    let sequence: Vec<_> = (0..10).map(|_| take(&mut even, NOW).0).collect();
    assert_eq!(sequence.iter().sum::<usize>(), 5, "{sequence:?}");

    let mut chance = pool("a*3,b", Strategy::Random);
    for (random, expected) in [
        (0, 0),
        (u64::MAX / 2, 0),
        (u64::MAX / 8 * 7, 1),
        (u64::MAX, 1),
    ] {
        assert_eq!(
            chance.select(MODEL, NOW, random, &[]).unwrap().index,
            KeyIndex(expected)
        );
    }
}

#[test]
fn a_failed_request_gets_every_other_key_once() {
    let mut pool = pool("a,b,c", Strategy::Weighted);
    let mut tried = Vec::new();
    for _ in 0..3 {
        let selected = pool.select(MODEL, NOW, 0, &tried).unwrap();
        assert!(!tried.contains(&selected.index));
        assert_eq!(
            pool.key(selected.index).unwrap().expose(),
            selected.key.expose()
        );
        pool.record(selected.index, MODEL, &Verdict::Forbidden, NOW, 0);
        tried.push(selected.index);
    }
    assert_eq!(
        pool.select(MODEL, NOW, 0, &tried).unwrap_err(),
        NoKey::AllTried
    );
}

#[test]
fn says_why_there_is_no_key() {
    assert_eq!(
        pool("", Strategy::Weighted)
            .select(MODEL, NOW, 0, &[])
            .unwrap_err(),
        NoKey::Empty
    );

    let mut pool = pool("a,b,c", Strategy::Weighted);
    pool.record(KeyIndex(0), MODEL, &INVALID, NOW, 0);
    pool.record(KeyIndex(1), MODEL, &cool_for(50, NOW), NOW, 0);
    assert_eq!(
        pool.select(MODEL, NOW, 0, &[KeyIndex(2)]).unwrap_err(),
        NoKey::AllTried
    );

    pool.record(KeyIndex(2), MODEL, &cool_for(20, NOW), NOW, 0);
    let cooling = NoKey::AllCooling {
        soonest: after(20),
        cause: CoolingCause::RateLimited,
    };
    assert_eq!(pool.select(MODEL, NOW, 0, &[]).unwrap_err(), cooling);
    assert_eq!(
        pool.select(MODEL, NOW, 0, &[KeyIndex(2)]).unwrap_err(),
        cooling,
        "tried keys recover as well"
    );
    assert!(pool.select("another-model", NOW, 0, &[]).is_ok());

    pool.record(KeyIndex(1), MODEL, &INVALID, NOW, 0);
    pool.record(KeyIndex(2), MODEL, &INVALID, NOW, 0);
    assert_eq!(pool.select(MODEL, NOW, 0, &[]).unwrap_err(), NoKey::AllDead);
}

#[test]
fn one_trial_request_follows_a_cooling_until_it_is_reported() {
    let mut pool = pool("a", Strategy::Weighted);
    pool.record(KeyIndex(0), MODEL, &cool_for(10, NOW), NOW, 0);
    assert!(pool.select(MODEL, after(9), 0, &[]).is_err());

    let end = after(10);
    assert!(pool.select(MODEL, end, 0, &[]).unwrap().probe);
    let waiting = NoKey::AllCooling {
        soonest: end.saturating_add(PROBE_LEASE),
        cause: CoolingCause::RateLimited,
    };
    assert_eq!(pool.select(MODEL, end, 0, &[]).unwrap_err(), waiting);
    pool.record(KeyIndex(0), MODEL, &Verdict::Success, end, 0);
    assert!(!pool.select(MODEL, end, 0, &[]).unwrap().probe);
    assert!(!pool.select(MODEL, end, 0, &[]).unwrap().probe);
}

#[test]
fn an_overloaded_model_pauses_for_everybody_and_a_success_ends_the_pause() {
    let mut pool = pool("a,b", Strategy::Weighted);
    pool.record(KeyIndex(0), MODEL, &OVERLOADED, NOW, 0);
    let until = after(1);
    assert_eq!(
        pool.select(MODEL, NOW, 0, &[]).unwrap_err(),
        NoKey::ModelBackoff { until }
    );
    assert!(pool.select("another-model", NOW, 0, &[]).is_ok());
    assert!(pool.select(MODEL, until, 0, &[KeyIndex(0)]).is_ok());

    pool.record(KeyIndex(1), MODEL, &OVERLOADED, until, 0);
    assert_eq!(
        pool.select(MODEL, until, 0, &[]).unwrap_err(),
        NoKey::ModelBackoff { until: after(3) }
    );
    pool.record(KeyIndex(1), MODEL, &Verdict::Success, until, 0);
    assert!(pool.select(MODEL, until, 0, &[]).is_ok());
    assert_eq!(pool.status(until).available_keys, 2, "no key is to blame");
}

#[test]
fn an_internal_error_of_one_request_does_not_pause_the_model_for_others() {
    let mut pool = pool("a,b", Strategy::Weighted);
    for cause in [FaultCause::Internal, FaultCause::Deadline] {
        pool.record(KeyIndex(0), MODEL, &Verdict::ModelFault { cause }, NOW, 0);
        assert!(pool.select(MODEL, NOW, 0, &[]).is_ok());
    }
}

#[test]
fn an_index_of_another_pool_does_nothing() {
    let mut pool = pool("a", Strategy::Weighted);
    pool.record(KeyIndex(7), MODEL, &INVALID, NOW, 0);
    assert!(pool.key(KeyIndex(7)).is_none());
    assert_eq!(pool.status(NOW).available_keys, 1);
}

#[test]
fn debug_of_pool_and_selection_shows_no_key() {
    let mut pool = pool(
        "AIzaSy-a-very-secret-key-of-some-length",
        Strategy::Weighted,
    );
    let selected = pool.select(MODEL, NOW, 0, &[]).unwrap();
    assert!(!format!("{pool:?} {selected:?}").contains("secret"));
}

fn any_verdict() -> impl proptest::strategy::Strategy<Value = Verdict> {
    prop_oneof![
        4 => Just(Verdict::Success),
        4 => (1_u64..200_000).prop_map(|seconds| cool_for(seconds, NOW)),
        1 => (1_u64..2000).prop_map(|seconds| Verdict::Cool {
            scope: Scope::Key, until: after(seconds), cause: CoolingCause::KeyRestricted,
        }),
        1 => Just(Verdict::ModelUnavailable { until: after(86_400), cause: CoolingCause::NoQuotaForModel }),
        1 => Just(INVALID),
        1 => Just(Verdict::Dead { cause: DeathCause::Expired }),
        1 => Just(OVERLOADED),
        1 => Just(Verdict::Network),
    ]
}

proptest! {
    #[test]
    fn never_hands_out_a_tried_dead_or_cooling_key_and_never_loses_one(
        strategy in prop::sample::select(vec![Strategy::Weighted, Strategy::RoundRobin, Strategy::Random]),
        steps in prop::collection::vec(
            (any_verdict(), 0_usize..2, 0_usize..4, any::<u64>(), -4000_i64..40_000),
            1..80,
        ),
    ) {
        let mut pool = pool("a*3,b,c*2,d", strategy);
        let mut now = NOW;
        for (verdict, model, tried, random, pause) in steps {
            let model = ["one", "two"][model];
            let tried: Vec<_> = (0..tried).map(KeyIndex).collect();
            let usable: Vec<_> = pool.entries.iter().map(|entry| entry.is_usable(model, now)).collect();
            match pool.select(model, now, random, &tried) {
                Ok(selected) => {
                    prop_assert!(usable[selected.index.0] && !tried.contains(&selected.index));
                    pool.record(selected.index, model, &verdict, now, random);
                }
                Err(NoKey::AllTried) => prop_assert!(usable.contains(&true)),
                Err(NoKey::ModelBackoff { until }) => prop_assert!(until > now),
                Err(NoKey::AllCooling { soonest, .. }) => {
                    prop_assert!(soonest > now);
                    prop_assert!(!usable.contains(&true));
                    let then: Vec<_> = pool.entries.iter().map(|entry| entry.is_usable(model, soonest)).collect();
                    prop_assert!(then.contains(&true), "promised a key that does not come");
                }
                Err(NoKey::AllDead) => prop_assert_eq!(pool.status(now).failed_keys, 4),
                Err(NoKey::Empty) => prop_assert!(false),
            }
            let status = pool.status(now);
            prop_assert_eq!(status.total_keys, 4);
            prop_assert_eq!(status.available_keys + status.failed_keys + status.cooling_keys, 4);
            now = UnixMillis(now.0.saturating_add_signed(pause));
        }
    }
}
