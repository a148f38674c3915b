//! The three policies for when every key is out.

use super::*;
use crate::policy::Policy;
use crate::rig::{INVALID, MODEL, NOW, Rig, after, id, rate_limited};
use crate::verdict::{CoolingCause, Verdict};

fn rig(emergency: Emergency) -> Rig {
    let policy = Policy {
        emergency,
        ..Policy::default()
    };
    let mut rig = Rig::with_policy("a,b,c", policy);
    rig.report(id("a"), &rate_limited(after(300)), NOW);
    rig.report(id("b"), &rate_limited(after(200)), NOW);
    rig.report(id("c"), &INVALID, NOW);
    rig
}

fn cooling_until(seconds: u64) -> NoKey {
    NoKey::AllCooling {
        soonest: after(seconds),
        cause: WaitCause::Cooling(CoolingCause::RateLimited),
    }
}

#[test]
fn fail_says_when_the_first_key_returns() {
    let none = rig(Emergency::Fail).select(NOW).unwrap_err();
    assert_eq!(none, cooling_until(200));
}

#[test]
fn probe_soonest_tries_the_key_that_returns_first_one_request_at_a_time() {
    let mut rig = rig(Emergency::ProbeSoonest);
    let selected = rig.select(NOW).unwrap();
    assert_eq!((selected.id, selected.probe), (id("b"), true));
    assert_eq!(rig.select(NOW).unwrap_err(), cooling_until(200));

    rig.report(id("b"), &rate_limited(after(400)), NOW);
    let second = rig.select(NOW).unwrap();
    assert_eq!(second.id, id("a"), "that one returns first now");
    rig.report(id("a"), &Verdict::Success, NOW);
    let third = rig.select(NOW).unwrap();
    assert_eq!(
        (third.id, third.probe),
        (id("a"), false),
        "it has proven itself"
    );
}

#[test]
fn a_trial_that_nobody_reports_makes_room_after_its_lease() {
    let mut rig = rig(Emergency::ProbeSoonest);
    rig.select(NOW).unwrap();
    assert!(rig.select(after(59)).is_err());
    assert!(rig.select(after(60)).is_ok());
}

#[test]
fn an_emergency_is_one_only_for_who_would_not_wait_that_long() {
    for emergency in [Emergency::ProbeSoonest, Emergency::Reset] {
        let mut rig = rig(emergency);
        let patient = Wish {
            model: MODEL,
            patience: Duration::from_secs(200),
            ..Wish::default()
        };
        assert!(matches!(
            rig.choose(&patient, NOW, 0),
            Choice::None(reason) if reason == cooling_until(200)
        ));
    }
}

#[test]
fn reset_forgets_every_cooling_once_a_minute_but_no_death() {
    let mut rig = rig(Emergency::Reset);
    let tried: Vec<_> = (0..4).map(|_| rig.take(NOW)).collect();
    assert!(tried.contains(&id("a")) && tried.contains(&id("b")));
    assert!(!tried.contains(&id("c")), "the dead stay dead");

    for key in ["a", "b"] {
        rig.report(id(key), &rate_limited(after(600)), NOW);
    }
    assert_eq!(rig.select(after(59)).unwrap_err(), cooling_until(600));
    assert!(rig.select(after(60)).is_ok());
}

#[test]
fn what_was_forgotten_does_not_come_back_with_old_marks() {
    let mut rig = rig(Emergency::Reset);
    let old = rig.pool.changed_marks(NOW).remove(0).1;
    rig.select(NOW).unwrap();
    rig.pool.merge_marks(0, &old, NOW);
    assert!(rig.select(NOW).is_ok());
    assert_eq!(rig.pool.status(NOW).failed_keys, 1);

    let mut news = old;
    for mark in &mut news {
        for cooling in &mut mark.coolings {
            cooling.until = after(900);
        }
    }
    rig.pool.merge_marks(0, &news, NOW);
    assert!(rig.select(NOW).is_err(), "a later end is news");
}
