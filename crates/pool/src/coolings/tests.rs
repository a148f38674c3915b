//! Lengths, trials, bounds and clock jumps of the coolings of one key.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const MODEL: &str = "gemini-2.5-flash";

fn after(seconds: u64) -> UnixMillis {
    NOW.saturating_add(Duration::from_secs(seconds))
}

fn cool(coolings: &mut Coolings, seconds: u64, cause: CoolingCause, now: UnixMillis, random: u64) {
    let until = now.saturating_add(Duration::from_secs(seconds));
    coolings.cool(
        Scope::Model,
        &MODEL.into(),
        Cool { until, cause },
        now,
        random,
    );
}

fn models(coolings: &Coolings) -> Vec<&str> {
    let kept = coolings.0.iter().flat_map(|kept| &kept.models);
    kept.map(|(model, _)| &**model).collect()
}

fn seconds_left(coolings: &Coolings, now: UnixMillis) -> f64 {
    match coolings.availability(MODEL, now) {
        Availability::Cooling { until, .. } | Availability::Probing { until, .. } => {
            until.saturating_since(now).as_secs_f64()
        }
        Availability::Ready | Availability::Probe => 0.0,
    }
}

#[test]
fn jitter_only_ever_lengthens_and_stays_in_its_bounds() {
    for (cause, seconds, least, most) in [
        (CoolingCause::MinuteQuota, 26, 27.0, 28.0),
        (CoolingCause::DayQuota, 3600, 3600.0, 3660.0),
        (CoolingCause::Unexplained, 30, 30.0, 33.0),
        (CoolingCause::RateLimited, 100, 100.0, 110.0),
        (CoolingCause::KeyRestricted, 900, 900.0, 990.0),
        // Nothing is longer than the longest cooling.
        (CoolingCause::DayQuota, 90_000, 90_000.0, 90_000.0),
        (
            CoolingCause::RateLimited,
            u64::MAX / 1000,
            90_000.0,
            90_000.0,
        ),
    ] {
        for (random, expected) in [(0, least), (u64::MAX, most)] {
            let mut coolings = Coolings::default();
            cool(&mut coolings, seconds, cause, NOW, random);
            let left = seconds_left(&coolings, NOW);
            assert!(
                (left - expected).abs() <= 0.002,
                "{cause:?} {random}: {left}"
            );
        }
    }
}

#[test]
fn a_cooling_without_explanation_doubles_to_half_an_hour_while_trials_fail() {
    let mut coolings = Coolings::default();
    let mut now = NOW;
    for seconds in [30, 60, 120, 240, 480, 960, 1800, 1800] {
        // A whole wave of failures counts once.
        for _ in 0..5 {
            cool(&mut coolings, 30, CoolingCause::Unexplained, now, 0);
        }
        assert_eq!(seconds_left(&coolings, now), f64::from(seconds));
        now = now.saturating_add(Duration::from_secs(u64::try_from(seconds).unwrap()));
        assert_eq!(coolings.availability(MODEL, now), Availability::Probe);
    }
    coolings.clear_past(MODEL, now);
    cool(&mut coolings, 30, CoolingCause::Unexplained, now, 0);
    assert_eq!(seconds_left(&coolings, now), 30.0);
}

#[test]
fn a_later_smaller_hint_does_not_shorten_a_cooling() {
    let mut coolings = Coolings::default();
    cool(&mut coolings, 3600, CoolingCause::DayQuota, NOW, 0);
    cool(&mut coolings, 5, CoolingCause::MinuteQuota, after(10), 0);
    let expected = Availability::Cooling {
        until: after(3600),
        cause: CoolingCause::DayQuota,
    };
    assert_eq!(coolings.availability(MODEL, after(10)), expected);
}

#[test]
fn one_trial_request_follows_a_cooling() {
    let mut coolings = Coolings::default();
    cool(&mut coolings, 10, CoolingCause::RateLimited, NOW, 0);
    let end = after(10);
    assert_eq!(coolings.availability(MODEL, end), Availability::Probe);
    coolings.start_probe(MODEL, end);
    let lease_end = end.saturating_add(PROBE_LEASE);
    let waiting = Availability::Probing {
        until: lease_end,
        cause: CoolingCause::RateLimited,
    };
    assert_eq!(coolings.availability(MODEL, end), waiting);
    assert_eq!(
        coolings.availability(MODEL, lease_end),
        Availability::Probe,
        "the trial was lost"
    );

    coolings.start_probe(MODEL, lease_end);
    coolings.end_probe(MODEL);
    assert_eq!(
        coolings.availability(MODEL, lease_end),
        Availability::Probe,
        "the trial said nothing"
    );

    coolings.start_probe(MODEL, lease_end);
    coolings.clear_past(MODEL, lease_end);
    assert_eq!(coolings.availability(MODEL, lease_end), Availability::Ready);
}

#[test]
fn a_success_from_before_the_cooling_does_not_end_it() {
    let mut coolings = Coolings::default();
    cool(&mut coolings, 10, CoolingCause::RateLimited, NOW, 0);
    coolings.clear_past(MODEL, after(1));
    assert_eq!(seconds_left(&coolings, after(1)), 9.0);
}

#[test]
fn a_cooling_of_the_whole_key_holds_for_every_model() {
    let mut coolings = Coolings::default();
    coolings.cool(
        Scope::Key,
        &MODEL.into(),
        Cool {
            until: after(900),
            cause: CoolingCause::KeyRestricted,
        },
        NOW,
        0,
    );
    cool(&mut coolings, 1000, CoolingCause::RateLimited, NOW, 0);
    for (model, until) in [("other", after(900)), (MODEL, after(1000))] {
        let Availability::Cooling { until: found, .. } = coolings.availability(model, NOW) else {
            panic!("{model} is not cooling");
        };
        assert_eq!(found, until);
    }
    // The trial of one model is the trial of the key.
    assert_eq!(
        coolings.availability("other", after(900)),
        Availability::Probe
    );
    coolings.start_probe("other", after(900));
    assert!(matches!(
        coolings.availability("third", after(900)),
        Availability::Probing { .. }
    ));
    coolings.clear_past("other", after(901));
    assert_eq!(
        coolings.availability("third", after(901)),
        Availability::Ready
    );
    assert_eq!(seconds_left(&coolings, after(901)), 99.0);
}

#[test]
fn a_clock_set_back_or_forth_does_not_lock_a_key_up() {
    let ten_years = Duration::from_hours(10 * 365 * 24);
    let mut coolings = Coolings::default();
    cool(
        &mut coolings,
        86_400,
        CoolingCause::DayQuota,
        NOW.saturating_add(ten_years),
        0,
    );
    assert_eq!(
        coolings.availability(MODEL, NOW),
        Availability::Probe,
        "set back by ten years"
    );
    assert_eq!(
        coolings.availability(MODEL, UnixMillis(0)),
        Availability::Probe,
        "set back to 1970"
    );
    coolings.start_probe(MODEL, NOW);
    assert_eq!(
        coolings.availability(MODEL, UnixMillis(0)),
        Availability::Probe,
        "the lease neither"
    );

    // A new failure replaces the impossible time.
    cool(&mut coolings, 10, CoolingCause::RateLimited, NOW, 0);
    assert_eq!(seconds_left(&coolings, NOW), 10.0);
    // An hour back: still within the longest cooling, so it holds.
    let hour_ago = UnixMillis(NOW.0 - 3_600_000);
    assert_eq!(seconds_left(&coolings, hour_ago), 3610.0);
}

#[test]
fn a_key_remembers_a_bounded_number_of_models_past_ones_least() {
    let mut coolings = Coolings::default();
    let add = |coolings: &mut Coolings, name: &str, seconds, now| {
        coolings.cool(
            Scope::Model,
            &name.into(),
            Cool {
                until: after(seconds),
                cause: CoolingCause::RateLimited,
            },
            now,
            0,
        );
    };
    add(&mut coolings, "past", 5, NOW);
    for number in 1..MAX_MODELS_PER_KEY {
        add(
            &mut coolings,
            &format!("m{number:03}"),
            1000 + u64::try_from(number).unwrap(),
            NOW,
        );
    }
    add(&mut coolings, "new", 5000, after(10));
    assert_eq!(models(&coolings).len(), MAX_MODELS_PER_KEY);
    assert!(!models(&coolings).contains(&"past"));
    add(&mut coolings, "newer", 5000, after(10));
    assert_eq!(models(&coolings).len(), MAX_MODELS_PER_KEY);
    assert!(
        !models(&coolings).contains(&"m001"),
        "the one that ends first goes when none is past"
    );
    assert!(models(&coolings).contains(&"new") && models(&coolings).contains(&"newer"));
}

proptest! {
    #[test]
    fn no_sequence_of_failures_ever_shortens_a_cooling(
        steps in prop::collection::vec((0_u64..200_000, 0_usize..11, any::<bool>(), 0_u64..4000, any::<u64>()), 1..40),
    ) {
        const CAUSES: [CoolingCause; 11] = [
            CoolingCause::MinuteQuota, CoolingCause::DayQuota, CoolingCause::RateLimited, CoolingCause::Unexplained,
            CoolingCause::NoQuotaForModel, CoolingCause::ModelClosedToNewUsers, CoolingCause::ServiceDisabled,
            CoolingCause::KeyRestricted, CoolingCause::FreeTierCountry, CoolingCause::CreditsDepleted,
            CoolingCause::ExpiryReported,
        ];
        let mut coolings = Coolings::default();
        let mut now = NOW;
        for (seconds, cause, whole_key, pause, random) in steps {
            let scope = if whole_key { Scope::Key } else { Scope::Model };
            let before = seconds_left(&coolings, now);
            let until = now.saturating_add(Duration::from_secs(seconds));
            coolings.cool(scope, &MODEL.into(), Cool { until, cause: CAUSES[cause] }, now, random);
            let left = seconds_left(&coolings, now);
            prop_assert!(left >= before, "{before} became {left}");
            prop_assert!(left <= MAX_COOLING.as_secs_f64());
            now = now.saturating_add(Duration::from_secs(pause));
        }
    }
}
