//! What a summary saves, what it may not hide, and how large it gets.

use proptest::prelude::*;

use super::*;
use crate::policy::Policy;
use crate::rig::{MODEL, NOW, Rig, Stored, after, rate_limited, records};
use crate::wish::{Choice, NoKey, Wish};

const WISH: Wish<'static> = Wish {
    model: MODEL,
    tried: &[],
    only: None,
    paid_only: false,
    conversation: None,
    tokens: 0,
    patience: std::time::Duration::ZERO,
};

/// An instance that knows that no page has a usable key, apart from this one.
fn exhausted_but(stored: &Stored, left: usize) -> Rig {
    let mut rig = stored.loaded(Policy::default());
    rig.select(NOW).unwrap();
    let ids: Vec<_> = rig.pool.slots().map(|slot| slot.id).collect();
    for key in ids.into_iter().filter(|key| key.page(3) != left) {
        rig.report(key, &rate_limited(after(600)), NOW);
    }
    rig
}

#[test]
fn a_cold_instance_asks_at_once_for_the_page_that_has_keys_flt44() {
    let stored = Stored::new(3, records(100));
    for left in [2, 5] {
        let summary = exhausted_but(&stored, left).pool.summary(NOW).unwrap();
        let mut cold = stored.rig(Policy::default());
        cold.pool.merge_summary(&summary, NOW);
        for random in 0..20 {
            assert!(matches!(cold.choose(&WISH, NOW, random), Choice::Page(page) if page == left));
        }
        // Heard after the model was asked for, it says the same; and only until its time.
        let mut late = stored.rig(Policy::default());
        late.choose(&WISH, NOW, 3);
        late.pool.merge_summary(&summary, NOW);
        assert!(matches!(late.choose(&WISH, NOW, 3), Choice::Page(page) if page == left));
        stored.load(&mut late.pool, left, "v1");
        let ids: Vec<_> = late.pool.slots().map(|slot| slot.id).collect();
        for key in ids {
            late.report(key, &rate_limited(after(900)), NOW);
        }
        let none = late.select(NOW).unwrap_err();
        assert!(matches!(none, NoKey::AllCooling { soonest, .. } if soonest == after(600)));
        assert!(matches!(late.choose(&WISH, after(600), 3), Choice::Page(_)));
    }
}

#[test]
fn keys_that_were_added_later_are_not_hidden() {
    let stored = Stored::new(3, records(100));
    let summary = exhausted_but(&stored, 8).pool.summary(NOW).unwrap();
    let mut cold = stored.rig(Policy::default());
    cold.pool.merge_summary(&summary, NOW);
    assert!(matches!(cold.choose(&WISH, NOW, 1), Choice::None(_)));
    stored.lay_out(&mut cold.pool, "v2");
    assert!(matches!(cold.choose(&WISH, NOW, 1), Choice::Page(_)));
    cold.pool.merge_summary(&summary, NOW);
    assert!(matches!(cold.choose(&WISH, NOW, 1), Choice::Page(_)));
}

#[test]
fn a_pool_of_one_page_has_none_and_another_division_is_not_heard() {
    assert_eq!(
        Stored::new(0, records(9))
            .loaded(Policy::default())
            .pool
            .summary(NOW),
        None
    );
    let stored = Stored::new(3, records(100));
    let summary = exhausted_but(&stored, 8).pool.summary(NOW).unwrap();
    let mut finer = Stored::new(4, records(100)).rig(Policy::default());
    finer.pool.merge_summary(&summary, NOW);
    assert!(matches!(finer.choose(&WISH, NOW, 1), Choice::Page(_)));
}

#[test]
fn the_dead_of_pages_that_are_not_loaded_are_counted_as_somebody_told() {
    let stored = Stored::new(3, records(100));
    let mut one = stored.loaded(Policy::default());
    let ids: Vec<_> = one.pool.slots().map(|slot| slot.id).take(3).collect();
    for key in &ids {
        one.report(*key, &crate::rig::INVALID, NOW);
        one.pool.marks_written(key.page(3), NOW);
    }
    let summary = one.pool.summary(NOW).unwrap();
    let mut cold = stored.rig(Policy::default());
    cold.pool.merge_summary(&summary, NOW);
    let status = cold.pool.status(NOW);
    let counts = (status.total_keys, status.available_keys, status.failed_keys);
    assert_eq!(counts, (100, 97, 3));
}

#[test]
fn the_largest_one_fits_into_a_document() {
    let mut summary = Summary::default();
    for page in 0..4096 {
        summary.note_written(page, 256, NOW);
        for model in 0..10 {
            let name = format!("{model:0>64}");
            let until = after(3600).0 / 1000;
            summary
                .out
                .entry(name)
                .or_default()
                .insert(page, (until, u16::MAX));
        }
    }
    summary.trim(NOW);
    let length = serde_json::to_vec(&summary).unwrap().len();
    assert!(length <= 64 * 1024, "{length}");
}

#[test]
fn what_is_over_or_impossible_is_dropped_flt42() {
    let mut summary = Summary::default();
    let seconds = |at: UnixMillis| at.0 / 1000;
    for (page, until) in [(1, NOW), (2, after(60)), (3, after(90_000 + 301))] {
        let out = summary.out.entry(MODEL.to_owned()).or_default();
        out.insert(page, (seconds(until), 0));
        summary.written.insert(page, (seconds(until), 0));
    }
    summary.trim(NOW);
    assert_eq!(summary.out[MODEL].keys().collect::<Vec<_>>(), [&2]);
    assert_eq!(summary.written.keys().collect::<Vec<_>>(), [&1, &2]);
}

fn any_summary() -> impl Strategy<Value = Summary> {
    let pages = prop::collection::btree_map(0_usize..4, (0_u64..4, 0_u16..2), 0..4);
    (
        1_u8..3,
        prop::collection::btree_map(0_usize..4, (0_u64..4, 0_u32..3), 0..4),
        prop::collection::btree_map("[ab]", pages, 0..3),
    )
        .prop_map(|(bits, written, out)| Summary { bits, written, out })
}

proptest! {
    #[test]
    fn merging_is_commutative_associative_and_idempotent(
        one in any_summary(), two in any_summary(), three in any_summary(),
    ) {
        let merged = |parts: &[&Summary]| {
            let mut sum = Summary::default();
            for part in parts {
                sum.merge(part);
            }
            sum
        };
        let all = merged(&[&one, &two, &three]);
        prop_assert_eq!(&merged(&[&three, &one, &two]), &all);
        prop_assert_eq!(&merged(&[&one, &merged(&[&two, &three])]), &all);
        prop_assert_eq!(&merged(&[&all, &two, &all]), &all);
    }
}
