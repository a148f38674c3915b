//! Selection and recording together: failover, reasons for having no key, trials, the shared pause of a model.

use proptest::prelude::{Just, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as _;

use crate::cooling::PROBE_LEASE;
use crate::explain::Why;
use crate::key_id::KeyId;
use crate::rig::{INVALID, MODEL, NOW, OVERLOADED, Rig, after, count, id, rate_limited};
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause, FaultCause, Scope, Verdict};
use crate::wait::WaitCause;
use crate::wish::{NoKey, Wish};

#[test]
fn weights_share_exactly_whatever_other_models_do() {
    let mut rig = Rig::new("a*3,b,c", Strategy::Weighted);
    let mut sequence = Vec::new();
    for step in 0..50 {
        for _ in 0..step % 3 {
            rig.try_for("another-model", &[], NOW, step).unwrap();
        }
        sequence.push(rig.take(NOW));
    }
    for window in sequence.windows(5) {
        assert_eq!(["a", "b", "c"].map(|key| count(window, key)), [3, 1, 1]);
    }
}

#[test]
fn round_robin_ignores_weights() {
    let mut rig = Rig::new("a*9,b", Strategy::RoundRobin);
    assert_eq!(count(&rig.take_many(10), "a"), 5);
}

#[test]
fn random_follows_the_numbers_given() {
    let mut rig = Rig::new("a*3,b", Strategy::Random);
    let steps = 1000;
    let found: Vec<_> = (0..steps)
        .map(|step| {
            rig.try_for(MODEL, &[], NOW, step * (u64::MAX / steps))
                .unwrap()
                .id
        })
        .collect();
    assert!((749..=751).contains(&count(&found, "a")));
}

#[test]
fn the_key_that_has_rested_longest_goes_next() {
    let mut rig = Rig::new("a*9,b,c", Strategy::LeastRecentlyUsed);
    let order = ["a", "b", "c"].map(id);
    assert_eq!(rig.take_many(3), order);
    rig.report(id("b"), &rate_limited(after(10)), NOW);
    assert_eq!(rig.take_many(2), [id("a"), id("c")]);
    let later = after(20);
    assert_eq!(rig.take(later), id("b"), "it has rested longest");
    assert_eq!(rig.take(later), id("a"));
}

#[test]
fn one_key_is_filled_before_the_next_heavier_ones_first() {
    let mut rig = Rig::new("a,b,c*5,d*5", Strategy::FillFirst);
    for key in ["c", "d", "a", "b"] {
        assert_eq!(rig.take_many(3), [id(key); 3]);
        rig.report(id(key), &rate_limited(after(60)), NOW);
    }
    assert_eq!(rig.take(after(120)), id("c"));
}

#[test]
fn a_failed_request_gets_every_other_key_once() {
    let mut rig = Rig::new("a,b,c", Strategy::Weighted);
    let mut tried = Vec::new();
    for _ in 0..3 {
        let selected = rig.try_for(MODEL, &tried, NOW, 0).unwrap();
        assert!(!tried.contains(&selected.id));
        assert_eq!(
            rig.pool.key(selected.id).unwrap().expose(),
            selected.key.expose()
        );
        rig.report(selected.id, &Verdict::Forbidden, NOW);
        tried.push(selected.id);
    }
    let none = rig.try_for(MODEL, &tried, NOW, 0);
    assert_eq!(none.unwrap_err(), NoKey::AllTried);
}

#[test]
fn says_why_there_is_no_key() {
    let none = Rig::new("", Strategy::Weighted).select(NOW);
    assert_eq!(none.unwrap_err(), NoKey::Empty);

    let mut rig = Rig::new("a,b,c", Strategy::Weighted);
    rig.report(id("a"), &INVALID, NOW);
    rig.report(id("b"), &rate_limited(after(50)), NOW);
    let tried = [id("c")];
    let none = rig.try_for(MODEL, &tried, NOW, 0);
    assert_eq!(none.unwrap_err(), NoKey::AllTried);

    rig.report(id("c"), &rate_limited(after(20)), NOW);
    let cooling = NoKey::AllCooling {
        soonest: after(20),
        cause: WaitCause::Cooling(CoolingCause::RateLimited),
    };
    assert_eq!(rig.select(NOW).unwrap_err(), cooling);
    let none = rig.try_for(MODEL, &tried, NOW, 0);
    assert_eq!(none.unwrap_err(), cooling, "tried keys recover as well");
    assert!(rig.try_for("another-model", &[], NOW, 0).is_ok());

    rig.report(id("b"), &INVALID, NOW);
    rig.report(id("c"), &INVALID, NOW);
    assert_eq!(rig.select(NOW).unwrap_err(), NoKey::AllDead);
}

#[test]
fn one_trial_request_follows_a_cooling_until_it_is_reported() {
    let mut rig = Rig::new("a", Strategy::Weighted);
    rig.report(id("a"), &rate_limited(after(10)), NOW);
    assert!(rig.select(after(9)).is_err());

    let end = after(10);
    assert!(rig.select(end).unwrap().probe);
    let waiting = NoKey::AllCooling {
        soonest: end.saturating_add(PROBE_LEASE),
        cause: WaitCause::Probe,
    };
    assert_eq!(rig.select(end).unwrap_err(), waiting);
    rig.report(id("a"), &Verdict::Success, end);
    assert!(!rig.select(end).unwrap().probe);
    assert!(!rig.select(end).unwrap().probe);
}

#[test]
fn a_trial_that_says_nothing_of_the_key_makes_room_for_the_next() {
    let mut rig = Rig::new("a", Strategy::Weighted);
    rig.report(id("a"), &rate_limited(after(10)), NOW);
    for verdict in [Verdict::Canceled, Verdict::Network, Verdict::Client] {
        assert!(rig.select(after(10)).unwrap().probe, "{verdict:?}");
        rig.report(id("a"), &verdict, after(10));
    }
}

#[test]
fn an_overloaded_model_pauses_for_everybody_and_a_success_ends_the_pause() {
    let mut rig = Rig::new("a,b", Strategy::Weighted);
    rig.report(id("a"), &OVERLOADED, NOW);
    let until = after(1);
    assert_eq!(rig.select(NOW).unwrap_err(), NoKey::ModelBackoff { until });
    assert!(rig.try_for("another-model", &[], NOW, 0).is_ok());
    assert!(rig.try_for(MODEL, &[id("a")], until, 0).is_ok());

    rig.report(id("b"), &OVERLOADED, until);
    assert_eq!(
        rig.select(until).unwrap_err(),
        NoKey::ModelBackoff { until: after(3) }
    );
    rig.report(id("b"), &Verdict::Success, until);
    assert!(rig.select(until).is_ok());
    let available = rig.pool.status(until).available_keys;
    assert_eq!(available, 2, "no key is to blame");
}

#[test]
fn an_internal_error_of_one_request_does_not_pause_the_model_for_others() {
    let mut rig = Rig::new("a,b", Strategy::Weighted);
    for cause in [FaultCause::Internal, FaultCause::Deadline] {
        rig.report(id("a"), &Verdict::ModelFault { cause }, NOW);
        assert!(rig.select(NOW).is_ok());
    }
}

#[test]
fn a_model_that_eight_keys_are_refused_is_asked_for_no_more_for_an_hour() {
    let refused = Verdict::ModelUnavailable {
        until: after(86_400),
        cause: CoolingCause::ModelClosedToNewUsers,
    };
    let gone = NoKey::NoSuchModel { until: after(3600) };
    let keys: String = (0..20).map(|number| format!("k{number},")).collect();
    let mut rig = Rig::new(&keys, Strategy::Weighted);
    for number in 0..7 {
        rig.report(id(&format!("k{number}")), &refused, NOW);
        rig.report(id("k0"), &refused, NOW);
        assert!(rig.select(NOW).is_ok(), "one key counts once");
    }
    rig.report(id("k7"), &refused, NOW);
    assert_eq!(rig.select(NOW).unwrap_err(), gone);
    assert!(rig.try_for("another-model", &[], NOW, 0).is_ok());
    rig.report(id("k19"), &Verdict::Success, NOW);
    assert!(rig.select(NOW).is_ok(), "one key that works is enough");

    let mut small = Rig::new("a", Strategy::Weighted);
    small.report(id("a"), &refused, NOW);
    assert_eq!(small.select(NOW).unwrap_err(), gone);
}

#[test]
fn a_key_of_another_pool_does_nothing() {
    let mut rig = Rig::new("a", Strategy::Weighted);
    rig.report(id("z"), &INVALID, NOW);
    assert!(rig.pool.key(id("z")).is_none() && !rig.pool.contains(id("z")));
    assert_eq!(rig.pool.status(NOW).available_keys, 1);
}

#[test]
fn debug_of_pool_and_selection_shows_no_key() {
    let mut rig = Rig::new(
        "AIzaSy-a-very-secret-key-of-some-length",
        Strategy::Weighted,
    );
    let selected = rig.select(NOW).unwrap();
    assert!(!format!("{:?} {selected:?}", rig.pool).contains("secret"));
}

fn usable_keys(rig: &mut Rig, model: &str, now: UnixMillis) -> Vec<KeyId> {
    let wish = Wish {
        model,
        ..Wish::default()
    };
    let explained = rig.pool.explain(&wish, &rig.egresses, now);
    let usable = explained
        .iter()
        .filter(|key| matches!(key.why, Why::Ready | Why::Probe));
    usable.map(|key| key.id).collect()
}

fn any_verdict() -> impl proptest::strategy::Strategy<Value = Verdict> {
    prop_oneof![
        4 => Just(Verdict::Success),
        4 => (1_u64..200_000).prop_map(|seconds| rate_limited(after(seconds))),
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
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        steps in prop::collection::vec(
            (any_verdict(), 0_usize..2, 0_usize..4, any::<u64>(), -4000_i64..40_000),
            1..80,
        ),
    ) {
        let keys = ["a", "b", "c", "d"].map(id);
        let mut rig = Rig::new("a*3,b,c*2,d", strategy);
        let mut now = NOW;
        for (verdict, model, tried, random, pause) in steps {
            let model = ["one", "two"][model];
            let tried = &keys[..tried];
            let usable = usable_keys(&mut rig, model, now);
            match rig.try_for(model, tried, now, random) {
                Ok(selected) => {
                    prop_assert!(usable.contains(&selected.id) && !tried.contains(&selected.id));
                    rig.report_for(model, selected.id, &verdict, now, random);
                }
                Err(NoKey::AllTried) => prop_assert!(!usable.is_empty()),
                // Restrictions of several keys in a row are blamed on the egress.
                Err(NoKey::ModelBackoff { until } | NoKey::EgressBackoff { until }) => {
                    prop_assert!(until > now);
                }
                Err(NoKey::AllCooling { soonest, .. }) => {
                    prop_assert!(soonest > now);
                    prop_assert!(usable.is_empty());
                    let then = usable_keys(&mut rig, model, soonest);
                    prop_assert!(!then.is_empty(), "promised a key that does not come");
                }
                Err(NoKey::AllDead) => prop_assert_eq!(rig.pool.status(now).failed_keys, 4),
                Err(other) => prop_assert!(false, "{other:?}"),
            }
            let status = rig.pool.status(now);
            prop_assert_eq!(status.total_keys, 4);
            prop_assert_eq!(status.available_keys + status.failed_keys + status.cooling_keys, 4);
            now = UnixMillis(now.0.saturating_add_signed(pause));
        }
    }
}
