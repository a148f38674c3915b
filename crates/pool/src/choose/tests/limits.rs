//! What keeps a request from keys that are well: quotas, tiers, egresses, an admin.

use std::time::Duration;

use proptest::prelude::*;

use crate::egress::Egresses;
use crate::explain::Why;
use crate::lessons::Lessons;
use crate::policy::Policy;
use crate::quota::QuotaLimit;
use crate::record::Tier;
use crate::rig::{MODEL, NOW, Rig, Stored, after, count, id, record, records};
use crate::strategy::Strategy;
use crate::verdict::{EgressCause, Verdict};
use crate::wait::WaitCause;
use crate::wish::{Choice, NoKey, Selected, Wish};

fn ask(rig: &mut Rig, wish: Wish<'_>) -> Result<Selected, NoKey> {
    let wish = Wish {
        model: MODEL,
        ..wish
    };
    match rig.choose(&wish, NOW, 0) {
        Choice::Key(selected) => Ok(selected),
        Choice::None(reason) => Err(reason),
        Choice::Page(page) => panic!("{page}"),
    }
}

fn with_limit(limit: QuotaLimit) -> Policy {
    Policy {
        quotas: vec![limit],
        ..Policy::default()
    }
}

fn of_tokens(tokens: u64) -> Wish<'static> {
    Wish {
        tokens,
        ..Wish::default()
    }
}

fn is_quota(reason: NoKey) -> bool {
    matches!(
        reason,
        NoKey::AllCooling {
            cause: WaitCause::Quota(_),
            ..
        }
    )
}

#[test]
fn keys_that_would_exceed_their_quota_are_passed_over_until_its_window_ends() {
    let mut rig = Rig::with_policy(
        "a*9,b,c",
        with_limit(QuotaLimit {
            model: "gemini-*".to_owned(),
            rpm: Some(2),
            ..QuotaLimit::default()
        }),
    );
    let taken = rig.take_many(6);
    assert_eq!(["a", "b", "c"].map(|key| count(&taken, key)), [2, 2, 2]);
    let NoKey::AllCooling { soonest, cause } = rig.select(NOW).unwrap_err() else {
        panic!("keys are left");
    };
    assert!(matches!(cause, WaitCause::Quota(_)));
    assert!(soonest > NOW && soonest <= after(120), "{soonest:?}");
    assert!(rig.select(soonest).is_ok());
    assert!(rig.try_for("another-model", &[], NOW, 0).is_ok());
}

#[test]
fn a_page_full_of_used_up_quotas_leaves_the_one_key_that_has_room() {
    let policy = with_limit(QuotaLimit {
        model: "*".to_owned(),
        rpm: Some(1),
        ..QuotaLimit::default()
    });
    let keys: String = (0..60).map(|number| format!("k{number},")).collect();
    let mut rig = Rig::with_policy(&keys, policy);
    let mut taken = rig.take_many(60);
    taken.sort();
    taken.dedup();
    assert_eq!(taken.len(), 60);
    assert!(is_quota(rig.select(NOW).unwrap_err()));
}

#[test]
fn a_request_that_is_too_large_for_now_does_not_stop_smaller_ones() {
    let mut rig = Rig::with_policy(
        "a,b",
        with_limit(QuotaLimit {
            model: "*".to_owned(),
            tpm: Some(1000),
            ..QuotaLimit::default()
        }),
    );
    for _ in 0..2 {
        ask(&mut rig, of_tokens(800)).unwrap();
    }
    assert!(is_quota(ask(&mut rig, of_tokens(500)).unwrap_err()));
    assert!(ask(&mut rig, of_tokens(100)).is_ok());
}

#[test]
fn keys_of_one_project_share_its_quota() {
    let policy = with_limit(QuotaLimit {
        model: "*".to_owned(),
        rpm: Some(3),
        ..QuotaLimit::default()
    });
    let mut shared = records(2);
    for record in &mut shared {
        record.project = Some("one".to_owned());
    }
    let mut rig = Stored::new(0, shared).loaded(policy);
    rig.take_many(3);
    assert!(is_quota(rig.select(NOW).unwrap_err()));
}

#[test]
fn who_asks_for_a_paid_key_gets_none_that_is_not_known_to_be() {
    let learned = |tier| Lessons {
        tier: Some(tier),
        ..Lessons::default()
    };
    let mut tiers = records(3);
    tiers[0].tier = Some(Tier::Paid);
    tiers[1].tier = Some(Tier::Free);
    let mut rig = Stored::new(0, tiers).loaded(Policy::default());
    let paid = Wish {
        paid_only: true,
        ..Wish::default()
    };
    for _ in 0..5 {
        assert_eq!(ask(&mut rig, paid).unwrap().id, id("k0"));
    }
    rig.pool.learn(id("k0"), MODEL, &learned(Tier::Free), NOW);
    assert_eq!(
        ask(&mut rig, paid).unwrap_err(),
        NoKey::NonePaid,
        "Google knows better than the record"
    );
    rig.pool.learn(id("k2"), MODEL, &learned(Tier::Paid), NOW);
    assert_eq!(ask(&mut rig, paid).unwrap().id, id("k2"));
    assert!(ask(&mut rig, Wish::default()).is_ok());
}

#[test]
fn a_key_goes_by_the_egress_it_is_pinned_to_or_not_at_all() {
    let mut pinned = records(2);
    pinned[0].egress = Some("far".to_owned());
    let mut rig = Stored::new(0, pinned).loaded(Policy::default());
    rig.egresses = Egresses::new(vec!["near".to_owned(), "far".to_owned()]).unwrap();
    let far = rig.egresses.find("far").unwrap();
    let first = rig.try_for(MODEL, &[id("k1")], NOW, 0).unwrap();
    assert_eq!((first.id, first.egress), (id("k0"), far));

    let refused = Verdict::Egress {
        cause: EgressCause::Location,
    };
    rig.pool
        .record(&first.attempt(MODEL), &refused, &mut rig.egresses, NOW, 0);
    for _ in 0..4 {
        let selected = rig.select(NOW).unwrap();
        assert_eq!(selected.id, id("k1"), "the pinned key waits");
        assert_ne!(selected.egress, far, "the other one has moved");
    }
    let wish = Wish {
        model: MODEL,
        only: Some(id("k0")),
        ..Wish::default()
    };
    let explained = rig.pool.explain(&wish, &rig.egresses, NOW);
    assert!(matches!(
        explained[0].why,
        Why::Waiting {
            cause: WaitCause::Egress,
            ..
        }
    ));
    let available = rig.pool.status(NOW).available_keys;
    assert_eq!(available, 2, "no key is to blame");
}

#[test]
fn a_key_that_is_pinned_to_an_egress_that_is_gone_waits() {
    let mut pinned = record("k0");
    pinned.egress = Some("gone".to_owned());
    let mut rig = Stored::new(0, vec![pinned]).loaded(Policy::default());
    assert!(matches!(
        rig.select(NOW).unwrap_err(),
        NoKey::AllCooling {
            cause: WaitCause::Egress,
            ..
        }
    ));
}

#[test]
fn no_key_is_tried_while_every_egress_is_refused() {
    let mut rig = Rig::new("a,b", Strategy::Weighted);
    let first = rig.select(NOW).unwrap();
    let refused = Verdict::Egress {
        cause: EgressCause::SorryPage,
    };
    rig.report(first.id, &refused, NOW);
    let NoKey::EgressBackoff { until } = rig.select(NOW).unwrap_err() else {
        panic!("an egress is left");
    };
    assert!(until > NOW && until.saturating_since(NOW) <= Duration::from_mins(15));
    assert!(rig.select(until).is_ok());
}

proptest! {
    #[test]
    fn a_disabled_key_never_serves(
        disabled in prop::collection::vec(any::<bool>(), 1..40),
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        random in any::<u64>(),
    ) {
        let mut all = records(disabled.len());
        for (record, disabled) in all.iter_mut().zip(&disabled) {
            record.disabled = *disabled;
        }
        let policy = Policy { strategy, ..Policy::default() };
        let mut rig = Stored::new(2, all).loaded(policy);
        let mut enabled = Vec::new();
        for (number, disabled) in disabled.iter().enumerate() {
            let key = id(&format!("k{number}"));
            let wish = Wish { only: Some(key), ..Wish::default() };
            prop_assert_eq!(ask(&mut rig, wish).is_err(), *disabled);
            if !disabled {
                enabled.push(key);
            }
        }
        for step in 0..60 {
            match rig.try_for(MODEL, &[], NOW, random.wrapping_mul(step)) {
                Ok(selected) => prop_assert!(enabled.contains(&selected.id)),
                Err(reason) => {
                    prop_assert_eq!(reason, NoKey::AllDead);
                    prop_assert!(enabled.is_empty());
                }
            }
        }
    }
}
