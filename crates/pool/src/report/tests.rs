//! What reports do beyond one key: projects, lessons, egresses, aliases of models.

use super::*;
use crate::lessons::{LearnedLimit, QuotaKind};
use crate::policy::Policy;
use crate::rig::{MODEL, NOW, Rig, Stored, after, cool, id, rate_limited, records};
use crate::strategy::Strategy;
use crate::wait::WaitCause;
use crate::wish::NoKey;

/// Keys `k0` and `k1` of one project, `k2` of another, `k3` of nobody knows which.
fn rig() -> Rig {
    let mut all = records(4);
    for (record, project) in all.iter_mut().zip(["one", "one", "two"]) {
        record.project = Some(project.to_owned());
    }
    Stored::new(0, all).loaded(Policy::default())
}

fn served(rig: &mut Rig, model: &str, now: UnixMillis) -> Vec<KeyId> {
    let mut keys: Vec<_> = (0..12)
        .filter_map(|step| rig.try_for(model, &[], now, step).ok())
        .map(|selected| selected.id)
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

fn sorted(keys: &[&str]) -> Vec<KeyId> {
    let mut ids: Vec<_> = keys.iter().map(|key| id(key)).collect();
    ids.sort();
    ids
}

#[test]
fn a_quota_of_a_project_cools_its_other_keys_for_that_model_only() {
    for cause in [
        CoolingCause::MinuteQuota,
        CoolingCause::DayQuota,
        CoolingCause::NoQuotaForModel,
    ] {
        let mut rig = rig();
        rig.report(id("k0"), &cool(Scope::Model, after(600), cause), NOW);
        assert_eq!(served(&mut rig, MODEL, NOW), sorted(&["k2", "k3"]));
        assert_eq!(served(&mut rig, "other", NOW).len(), 4);
        assert_eq!(rig.pool.status(NOW).cooling_keys, 2);
    }
}

#[test]
fn what_is_only_the_keys_fault_leaves_its_project_alone() {
    for cause in [CoolingCause::Unexplained, CoolingCause::KeyRestricted] {
        let mut rig = rig();
        rig.report(id("k0"), &cool(Scope::Key, after(600), cause), NOW);
        assert_eq!(served(&mut rig, MODEL, NOW), sorted(&["k1", "k2", "k3"]));
    }
}

#[test]
fn one_trial_serves_for_the_whole_project() {
    let mut rig = rig();
    let day = cool(Scope::Model, after(600), CoolingCause::DayQuota);
    rig.report(id("k0"), &day, NOW);
    let later = after(700);
    let mut probes: Vec<_> = (0..8)
        .map(|_| rig.select(later).unwrap())
        .filter(|selected| selected.probe)
        .map(|selected| selected.id)
        .collect();
    assert_eq!(probes.len(), 1, "the other key waits for the result");
    rig.report(probes.remove(0), &Verdict::Success, later);
    assert_eq!(served(&mut rig, MODEL, later).len(), 4);
}

#[test]
fn a_project_that_an_error_names_is_learned_with_what_is_known_of_the_key() {
    let mut rig = rig();
    let lessons = Lessons {
        project: Some("seven".to_owned()),
        ..Lessons::default()
    };
    // `k3` is cooling when its project becomes known, `k2` keeps the one that was typed.
    let minute = cool(Scope::Model, after(60), CoolingCause::MinuteQuota);
    rig.report(id("k3"), &minute, NOW);
    rig.pool.learn(id("k3"), MODEL, &lessons, NOW);
    rig.pool.learn(id("k2"), MODEL, &lessons, NOW);
    assert_eq!(
        rig.pool.subject(id("k3")),
        Some(Subject::of(Some("seven"), id("k3")))
    );
    assert_eq!(
        rig.pool.subject(id("k2")),
        Some(Subject::of(Some("two"), id("k2")))
    );
    let marks = rig.pool.changed_marks(NOW);
    assert_eq!(marks[0].1[0].project.as_deref(), Some("seven"));

    let subject = Subject::of(Some("seven"), id("k3"));
    let availability = rig.pool.projects.availability(subject, MODEL, NOW);
    assert!(availability.wait().is_some());
}

#[test]
fn a_quota_that_google_names_by_another_model_cools_that_too() {
    let mut rig = Rig::new("a", Strategy::Weighted);
    rig.report(id("a"), &rate_limited(after(60)), NOW);
    let lessons = Lessons {
        model: Some("gemini-true-name".to_owned()),
        ..Lessons::default()
    };
    rig.pool.learn(id("a"), MODEL, &lessons, NOW);
    assert!(rig.try_for("gemini-true-name", &[], NOW, 0).is_err());
    assert!(rig.try_for("another", &[], NOW, 0).is_ok());
}

#[test]
fn a_limit_that_a_refusal_told_is_kept_to() {
    let mut rig = Rig::new("a", Strategy::Weighted);
    let lessons = Lessons {
        limits: vec![LearnedLimit {
            kind: QuotaKind::RequestsPerMinute,
            limit: 2,
        }],
        ..Lessons::default()
    };
    rig.pool.learn(id("a"), MODEL, &lessons, NOW);
    rig.take_many(2);
    assert!(matches!(
        rig.select(NOW).unwrap_err(),
        NoKey::AllCooling {
            cause: WaitCause::Quota(QuotaKind::RequestsPerMinute),
            ..
        }
    ));
}

#[test]
fn several_keys_refused_without_a_word_are_the_egresss_fault() {
    let mut rig = Rig::new("a,b,c,d,e,f,g,h", Strategy::Weighted);
    let unexplained = cool(Scope::Model, after(30), CoolingCause::Unexplained);
    let mut refused = 0;
    while let Ok(selected) = rig.select(NOW) {
        rig.report(selected.id, &unexplained, NOW);
        refused += 1;
    }
    assert!(matches!(
        rig.select(NOW).unwrap_err(),
        NoKey::EgressBackoff { .. }
    ));
    let cooling = rig.pool.status(NOW).cooling_keys;
    assert!(cooling < refused && refused < 8, "{cooling} of {refused}");
}

#[test]
fn a_storm_of_returning_keys_is_one_trial_each_at_different_times_flt45() {
    let mut rig = Stored::new(2, records(400)).loaded(Policy::default());
    rig.select(NOW).unwrap();
    let midnight = after(3600);
    let ids: Vec<_> = rig.pool.slots().map(|slot| slot.id).collect();
    for (number, key) in (0..).zip(&ids) {
        let day = cool(Scope::Model, midnight, CoolingCause::DayQuota);
        let random = crate::chance::mixed(number, 1);
        rig.report_for(MODEL, *key, &day, NOW, random);
    }
    let mut at_once = 0;
    let mut trials = Vec::new();
    for second in 0..=60 {
        let now = midnight.saturating_add(std::time::Duration::from_secs(second));
        while let Ok(selected) = rig.select(now) {
            assert!(selected.probe);
            trials.push(selected.id);
            at_once += usize::from(second == 0);
        }
    }
    assert!(at_once < 20, "{at_once}");
    trials.sort();
    trials.dedup();
    assert_eq!(trials.len(), ids.len(), "each key once");
}
