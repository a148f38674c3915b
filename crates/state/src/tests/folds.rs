//! What folds leave, repair and delete, with a store and a clock that misbehave.

use std::cell::Cell;

use crate::tests::scheduler::run;
use crate::tests::world::{NOON, World, add_keys, pool, put_pool};
use crate::{EditError, Edited};

fn edited(result: Result<Edited, EditError>) -> u64 {
    result.unwrap().stamp
}

#[test]
fn a_store_that_goes_away_says_whether_the_edit_is_logged() {
    // Calls of an edit: schema, head, pool; counter, operation, tombstone; then the fold.
    let total = {
        let world = World::new(1);
        world.edit(vec![put_pool("a", None)]).unwrap();
        let before = world.calls.get();
        world.edit(vec![put_pool("a", Some(1))]).unwrap();
        world.calls.get() - before
    };
    let mut seen = Vec::new();
    for at in 1..=total {
        let world = World::new(1);
        world.edit(vec![put_pool("a", None)]).unwrap();
        world.away_from.set(world.calls.get() + at);
        let error = world.edit(vec![put_pool("a", Some(1))]).unwrap_err();
        world.away_from.set(0);
        let is_logged = world.count("gp1:o:") > 1;
        world
            .with_ledger(async |ledger| ledger.fold().await)
            .unwrap();
        let is_made = world.root("a").config.stamp > 1;
        assert_eq!(is_logged, is_made, "{at}");
        match error {
            EditError::Unavailable(_) => assert!(!is_made, "{at}"),
            EditError::Uncertain => {}
            EditError::Logged => assert!(is_made, "{at}"),
            other => panic!("{at}: {other:?}"),
        }
        seen.push(std::mem::discriminant(&error));
    }
    seen.dedup();
    assert_eq!(
        seen.len(),
        3,
        "unavailable, uncertain, logged, in this order"
    );
}

#[test]
fn a_number_that_nobody_fills_is_passed_over_and_the_late_edit_gets_another_flt47() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    // An editor that died between its number and its operation.
    *world.counters.borrow_mut().get_mut("gp1:n:seq").unwrap() += 1;
    assert_eq!(edited(world.edit(vec![put_pool("a", None)])), 3);
    assert!(world.documents.borrow().contains_key("gp1:x:000000000002"));
    // Its operation arrives after all: nobody looks for it any more.
    let late = world
        .documents
        .borrow()
        .get("gp1:o:000000000003")
        .cloned()
        .unwrap();
    world
        .documents
        .borrow_mut()
        .insert("gp1:o:000000000002".to_owned(), late);
    assert_eq!(edited(world.edit(vec![put_pool("a", None)])), 4);
}

#[test]
fn a_counter_that_was_lost_is_brought_forward() {
    let world = World::new(1);
    for _ in 0..5 {
        world.edit(vec![put_pool("a", None)]).unwrap();
    }
    world.counters.borrow_mut().clear();
    assert_eq!(edited(world.edit(vec![put_pool("a", None)])), 6);
    assert_eq!(world.root("a").config.stamp, 6);
}

#[test]
fn an_older_head_that_a_slow_folder_published_is_brought_forward_by_the_next_flt36() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    let old = world.documents.borrow().get("gp1:head").cloned().unwrap();
    world.edit(vec![add_keys("a", &["one"])]).unwrap();
    world.edit(vec![add_keys("a", &["two"])]).unwrap();
    let newest = world.head();
    world
        .documents
        .borrow_mut()
        .insert("gp1:head".to_owned(), old);
    assert!(world.head().folded() < newest.folded());
    let head = world
        .with_ledger(async |ledger| ledger.fold().await)
        .unwrap()
        .unwrap();
    assert_eq!(head.folded(), newest.folded());
    assert_eq!(
        head.pool(&pool("a")),
        newest.pool(&pool("a")),
        "the same documents again"
    );
}

#[test]
fn a_fold_that_was_frozen_does_not_publish_flt42() {
    for jump in [11_i64, -3_600, 3_600, 315_360_000] {
        let world = World::new(1);
        world.edit(vec![put_pool("a", None)]).unwrap();
        *world.counters.borrow_mut().get_mut("gp1:n:seq").unwrap() += 1;
        let before = world.head().folded();
        // The clock jumps once, at the first call of the second half of the fold.
        let asked = Cell::new(0);
        let clock = || {
            asked.set(asked.get() + 1);
            if asked.get() == 4 {
                world
                    .now
                    .set(world.now.get().wrapping_add_signed(jump * 1_000));
            }
            world.time()
        };
        let head = run(world.ledger(&world.vault, &clock).fold())
            .unwrap()
            .unwrap();
        assert!(head.folded() > before, "{jump}: another round does it");
    }
}

#[test]
fn garbage_is_deleted_ten_minutes_and_some_edits_later() {
    let world = World::new(1);
    for number in 0..40 {
        world
            .edit(vec![
                put_pool("a", None),
                add_keys("a", &[&format!("key-{number}")]),
            ])
            .unwrap();
    }
    // One root and one page for every edit, none of them old.
    let before = world.count("gp1:d:");
    assert!(before > 75, "{before}");
    world.pass(601);
    for _ in 0..3 {
        world.edit(vec![put_pool("a", None)]).unwrap();
    }
    let after = world.count("gp1:d:");
    assert!(after < 50, "{before} {after}");
    assert_eq!(world.keys("a").len(), 40, "what is pointed to stays");
}

#[test]
fn a_wrong_clock_deletes_nothing_that_is_needed_and_keeps_nothing_for_ever_flt42() {
    for wrong in [0, NOON.0 + 315_360_000_000] {
        let world = World::new(1);
        world.edit(vec![put_pool("a", None)]).unwrap();
        let old = world.documents.borrow().clone();
        world.now.set(wrong);
        for number in 0..10 {
            world
                .edit(vec![add_keys("a", &[&format!("key-{number}")])])
                .unwrap();
        }
        world.now.set(NOON.0);
        for number in 10..15 {
            world
                .edit(vec![add_keys("a", &[&format!("key-{number}")])])
                .unwrap();
        }
        let documents = world.documents.borrow();
        assert!(
            old.keys().all(|name| documents.contains_key(name)),
            "a reader may need them"
        );
        drop(documents);
        let before = world.count("gp1:d:");
        for _ in 0..4 {
            world.pass(601);
            for _ in 0..8 {
                world.edit(vec![put_pool("a", None)]).unwrap();
            }
        }
        assert!(world.count("gp1:d:") < before + 4, "{wrong}");
        assert_eq!(world.keys("a").len(), 15);
    }
}

#[test]
fn the_log_is_trimmed_after_a_day_and_a_thousand_edits() {
    // Edits of one call are folded together, which makes this quick.
    let world = World::new(1);
    let edit = |count: usize| {
        world
            .edit((0..count).map(|_| put_pool("a", None)).collect())
            .unwrap();
    };
    edit(600);
    edit(600);
    edit(1);
    assert_eq!(world.count("gp1:o:"), 1_201, "none is a day old");
    world.pass(24 * 3_600);
    edit(1);
    assert_eq!(world.count("gp1:o:"), 1_202 - 64);
    edit(1);
    assert_eq!(world.count("gp1:o:"), 1_203 - 128);
    edit(1);
    assert_eq!(world.count("gp1:o:"), 1_204 - 128, "a thousand stay");
}
