//! Marks in and out: what instances learn from each other, in whatever order.

use proptest::prelude::*;

use super::*;
use crate::key_id::KeyId;
use crate::mark::CoolingMark;
use crate::policy::Policy;
use crate::rig::{INVALID, MODEL, NOW, Rig, Stored, after, id, rate_limited, records};
use crate::strategy::Strategy as Turns;
use crate::verdict::{CoolingCause, DeathCause};
use crate::wish::NoKey;

fn mark(key: KeyId) -> Mark {
    Mark {
        key,
        generation: 0,
        dead: None,
        coolings: Vec::new(),
        project: None,
    }
}

fn cooling(key: KeyId, until: UnixMillis) -> Mark {
    let cooling = CoolingMark {
        model: Some(MODEL.to_owned()),
        until,
        cause: CoolingCause::DayQuota,
    };
    Mark {
        coolings: vec![cooling],
        ..mark(key)
    }
}

#[test]
fn what_one_instance_learns_holds_for_another() {
    let (mut one, mut other) = (
        Rig::new("a,b,c", Turns::Weighted),
        Rig::new("a,b,c", Turns::Weighted),
    );
    one.report(id("a"), &INVALID, NOW);
    one.report(id("b"), &rate_limited(after(60)), NOW);
    let changed = one.pool.changed_marks(NOW);
    assert_eq!(changed.len(), 1);
    let (page, marks) = &changed[0];
    assert_eq!(marks.len(), 2, "of ready keys there is nothing to tell");
    other.pool.merge_marks(*page, marks, NOW);
    assert_eq!(other.take_many(4), [id("c"); 4]);
    let counts = |rig: &Rig| {
        let status = rig.pool.status(NOW);
        (status.failed_keys, status.cooling_keys)
    };
    assert_eq!(counts(&other), counts(&one));
    assert!(
        other.pool.changed_marks(NOW).is_empty(),
        "what was read is not news"
    );
}

#[test]
fn news_remain_until_they_are_written_and_what_comes_meanwhile_too() {
    let mut rig = Rig::new("a,b", Turns::Weighted);
    rig.report(id("a"), &INVALID, NOW);
    assert_eq!(rig.pool.changed_marks(NOW)[0].1.len(), 1);
    assert_eq!(rig.pool.changed_marks(NOW)[0].1.len(), 1, "not written yet");
    rig.report(id("b"), &rate_limited(after(60)), NOW);
    rig.pool.marks_written(0, NOW);
    assert_eq!(rig.pool.changed_marks(NOW)[0].1.len(), 2);
    rig.pool.marks_written(0, NOW);
    assert!(rig.pool.changed_marks(NOW).is_empty());

    rig.report(id("b"), &rate_limited(after(600)), NOW);
    assert_eq!(rig.pool.changed_marks(NOW)[0].1.len(), 1);
    assert!(
        rig.pool.changed_marks(after(601)).is_empty(),
        "what is over is no news"
    );
}

#[test]
fn a_mark_never_shortens_a_cooling_and_never_wakes_the_dead() {
    let mut rig = Rig::new("a,b", Turns::Weighted);
    rig.report(id("a"), &INVALID, NOW);
    rig.report(id("b"), &rate_limited(after(600)), NOW);
    let marks = [mark(id("a")), cooling(id("b"), after(60))];
    rig.pool.merge_marks(0, &marks, NOW);
    assert!(matches!(
        rig.select(NOW).unwrap_err(),
        NoKey::AllCooling { soonest, .. } if soonest == after(600)
    ));
}

#[test]
fn marks_of_an_earlier_life_are_nothing_to_a_revived_key_flt5() {
    let mut all = records(1);
    all[0].generation = 2;
    let mut rig = Stored::new(0, all).loaded(Policy::default());
    let dead = |generation| Mark {
        generation,
        dead: Some(DeathCause::Leaked),
        ..mark(id("k0"))
    };
    rig.pool.merge_marks(0, &[dead(1)], NOW);
    assert!(rig.select(NOW).is_ok());
    rig.pool.merge_marks(0, &[dead(2)], NOW);
    assert_eq!(rig.select(NOW).unwrap_err(), NoKey::AllDead);
    let revived = Mark {
        generation: 3,
        ..mark(id("k0"))
    };
    rig.pool.merge_marks(0, &[revived], NOW);
    assert!(
        rig.select(NOW).is_ok(),
        "another instance has read the record already"
    );
}

#[test]
fn an_end_beyond_every_cooling_is_past_and_a_clock_that_jumps_locks_nothing_up_flt42() {
    let hour = 3600;
    let ten_years = 10 * 365 * 24 * hour;
    let mut rig = Rig::new("a", Turns::Weighted);
    rig.pool
        .merge_marks(0, &[cooling(id("a"), after(ten_years))], NOW);
    assert!(rig.select(NOW).is_ok());

    // Cooled while the clock was ten years ahead; then it is set right, and then to 1970.
    let ahead = after(ten_years);
    rig.report(
        id("a"),
        &rate_limited(ahead.saturating_add(std::time::Duration::from_secs(hour))),
        ahead,
    );
    assert!(rig.select(ahead).is_err());
    for now in [NOW, UnixMillis(0)] {
        let selected = rig.select(now).unwrap();
        rig.report(selected.id, &Verdict::Canceled, now);
    }
    // An hour to and fro moves nothing.
    rig.report(id("a"), &rate_limited(after(2 * hour)), NOW);
    for now in [after(hour), UnixMillis(NOW.0 - 3_600_000), NOW] {
        assert!(rig.select(now).is_err(), "{now:?}");
    }
    assert!(rig.select(after(2 * hour)).is_ok());
}

#[test]
fn a_key_of_a_known_project_tells_of_its_project() {
    let mut rig = Rig::new("a,b", Turns::Weighted);
    let with_project = |mark: Mark| Mark {
        project: Some("one".to_owned()),
        ..mark
    };
    rig.pool.merge_marks(0, &[with_project(mark(id("b")))], NOW);
    rig.pool
        .merge_marks(0, &[with_project(cooling(id("a"), after(60)))], NOW);
    assert!(rig.select(NOW).is_err(), "both keys use one quota");
}

#[test]
fn a_summary_tells_which_marks_to_read_again() {
    let stored = Stored::new(2, records(40));
    let (mut one, mut other) = (
        stored.loaded(Policy::default()),
        stored.loaded(Policy::default()),
    );
    assert!(other.pool.stale_marks().is_empty());
    let page = id("k0").page(2);
    one.report(id("k0"), &INVALID, NOW);
    one.pool.marks_written(page, NOW);
    assert!(one.pool.stale_marks().is_empty(), "its own write is known");
    let summary = one.pool.summary(NOW).unwrap();
    other.pool.merge_summary(&summary, NOW);
    assert_eq!(other.pool.stale_marks(), [page]);
    other.pool.merge_marks(page, &[], NOW);
    assert!(other.pool.stale_marks().is_empty());
    // A second write in the same second is another one.
    one.pool.marks_written(page, NOW);
    let summary = one.pool.summary(NOW).unwrap();
    other.pool.merge_summary(&summary, NOW);
    assert_eq!(other.pool.stale_marks(), [page]);
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let cooling = (
        prop::sample::select(vec![None, Some("m"), Some("n")]),
        -10_000_i64..200_000_000,
        prop::sample::select(vec![CoolingCause::DayQuota, CoolingCause::RateLimited]),
    )
        .prop_map(|(model, millis, cause)| CoolingMark {
            model: model.map(str::to_owned),
            until: UnixMillis(NOW.0.saturating_add_signed(millis)),
            cause,
        });
    (
        prop::sample::select(vec!["a", "b"]),
        0_u32..3,
        prop::option::weighted(0.2, Just(DeathCause::Invalid)),
        prop::collection::vec(cooling, 0..3),
    )
        .prop_map(|(key, generation, dead, coolings)| Mark {
            generation,
            dead,
            coolings,
            ..mark(id(key))
        })
}

fn state(rig: &Rig) -> Vec<Mark> {
    let mut marks: Vec<_> = rig.pool.slots().map(|slot| slot.mark(NOW)).collect();
    for mark in &mut marks {
        mark.merge(&mark.clone());
    }
    marks
}

proptest! {
    #[test]
    fn marks_may_come_in_any_order_any_number_of_times(
        marks in prop::collection::vec(any_mark(), 0..8),
        other_order in any::<prop::sample::Index>(),
    ) {
        let mut forth = Rig::new("a,b", Turns::Weighted);
        let mut back = Rig::new("a,b", Turns::Weighted);
        forth.pool.merge_marks(0, &marks, NOW);
        let mut shuffled = marks.clone();
        if !marks.is_empty() {
            shuffled.rotate_left(other_order.index(marks.len()));
            shuffled.reverse();
        }
        for mark in &shuffled {
            back.pool.merge_marks(0, std::slice::from_ref(mark), NOW);
        }
        back.pool.merge_marks(0, &marks, NOW);
        prop_assert_eq!(state(&forth), state(&back));
    }
}
