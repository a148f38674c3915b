//! Pages that are not loaded, loaded late, loaded again, divided anew.

use std::time::Duration;

use crate::policy::{Affinity, Policy};
use crate::pool::Pool;
use crate::rig::{INVALID, MODEL, NOW, Rig, Stored, after, id, rate_limited, record, records};
use crate::strategy::Strategy;
use crate::wish::{Choice, NoKey, Wish};

const WISH: Wish<'static> = Wish {
    model: MODEL,
    tried: &[],
    only: None,
    paid_only: false,
    conversation: None,
    tokens: 0,
    patience: Duration::ZERO,
};

fn page_of(choice: Choice) -> usize {
    match choice {
        Choice::Page(page) => page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cold_pool_asks_for_one_page_and_serves_from_it() {
    let stored = Stored::new(3, records(800));
    let mut rig = stored.rig(Policy::default());
    let page = page_of(rig.choose(&WISH, NOW, 7));
    stored.load(&mut rig.pool, page, "v1");
    for _ in 0..50 {
        assert_eq!(rig.take(NOW).page(3), page);
    }
}

#[test]
fn pages_whose_turn_it_was_are_wanted_and_take_their_share_once_loaded() {
    let stored = Stored::new(3, records(800));
    let mut rig = stored.rig(Policy::default());
    let first = page_of(rig.choose(&WISH, NOW, 7));
    stored.load(&mut rig.pool, first, "v1");
    let mut loaded = 1;
    for _ in 0..100 {
        rig.take(NOW);
        if let Some(page) = rig.pool.take_wanted_page() {
            stored.load(&mut rig.pool, page, "v1");
            loaded += 1;
        }
    }
    assert_eq!(loaded, 8);
    let taken = rig.take_many(800);
    let of_first = taken.iter().filter(|key| key.page(3) == first).count();
    let expected = stored.pages[first].len();
    assert!(of_first.abs_diff(expected) <= 2, "{of_first} of {expected}");
}

#[test]
fn another_page_is_asked_for_when_the_loaded_ones_are_out() {
    let stored = Stored::new(2, records(40));
    let mut rig = stored.rig(Policy::default());
    let mut asked = Vec::new();
    let none = loop {
        match rig.choose(&WISH, NOW, 7) {
            Choice::Page(page) => {
                assert!(!asked.contains(&page));
                asked.push(page);
                stored.load(&mut rig.pool, page, "v1");
            }
            Choice::Key(selected) => {
                rig.report(selected.id, &rate_limited(after(60)), NOW);
            }
            Choice::None(reason) => break reason,
        }
    };
    assert!(matches!(none, NoKey::AllCooling { soonest, .. } if soonest == after(60)));
    assert_eq!(asked.len(), 4);
}

#[test]
fn a_page_that_is_read_again_keeps_what_is_known_of_its_keys() {
    let mut stored = Stored::new(0, records(3));
    let mut rig = stored.loaded(Policy::default());
    rig.report(id("k0"), &rate_limited(after(60)), NOW);
    rig.report(id("k1"), &INVALID, NOW);
    stored.pages[0].push(record("k3"));
    stored.pages[0].retain(|record| record.id() != id("k2"));
    stored.lay_out(&mut rig.pool, "v2");
    assert_eq!(rig.pool.stale_pages(), [0]);
    stored.load(&mut rig.pool, 0, "v2");
    assert!(rig.pool.stale_pages().is_empty());
    assert_eq!(rig.take_many(5), [id("k3"); 5]);
    let status = rig.pool.status(NOW);
    let counts = (status.total_keys, status.failed_keys, status.cooling_keys);
    assert_eq!(counts, (3, 1, 1));
}

#[test]
fn a_new_life_forgets_what_was_known_flt5() {
    let mut stored = Stored::new(0, records(2));
    let mut rig = stored.loaded(Policy::default());
    rig.report(id("k0"), &INVALID, NOW);
    rig.report(id("k1"), &INVALID, NOW);
    assert_eq!(rig.select(NOW).unwrap_err(), NoKey::AllDead);
    for record in &mut stored.pages[0] {
        record.generation += u32::from(record.id() == id("k0"));
    }
    stored.load(&mut rig.pool, 0, "v2");
    assert_eq!(rig.take_many(3), [id("k0"); 3]);
}

#[test]
fn dividing_the_pool_anew_keeps_what_is_known_of_keys() {
    let mut rig = Stored::new(0, records(100)).loaded(Policy::default());
    rig.report(id("k1"), &INVALID, NOW);
    rig.report(id("k2"), &rate_limited(after(60)), NOW);
    let finer = Stored::new(2, records(100));
    finer.lay_out(&mut rig.pool, "v2");
    assert!(page_of(rig.choose(&WISH, NOW, 0)) < 4);
    for page in 0..4 {
        finer.load(&mut rig.pool, page, "v2");
    }
    let status = rig.pool.status(NOW);
    let counts = (status.total_keys, status.failed_keys, status.cooling_keys);
    assert_eq!(counts, (100, 1, 1));
    let marks = rig.pool.changed_marks(NOW);
    let marks = marks.iter().map(|(_, marks)| marks.len());
    assert_eq!(marks.sum::<usize>(), 2, "news are still to be written");
}

#[test]
fn records_of_other_pages_and_repeated_ones_are_left_out() {
    let mut pool = Pool::new(Policy::default());
    let stored = Stored::new(1, records(20));
    stored.lay_out(&mut pool, "v1");
    pool.load(0, "v1", [records(20), records(20)].concat());
    pool.load(99, "v1", records(20));
    assert_eq!(pool.slots().count(), stored.pages[0].len());
}

#[test]
fn a_conversation_asks_for_its_own_page() {
    let stored = Stored::new(3, records(800));
    let mut rig = stored.rig(Policy {
        affinity: Affinity::Conversation,
        ..Policy::default()
    });
    let wish = Wish {
        conversation: Some(42),
        ..WISH
    };
    let page = page_of(rig.choose(&wish, NOW, 1));
    stored.load(&mut rig.pool, (page + 1) % 8, "v1");
    assert_eq!(page_of(rig.choose(&wish, NOW, 2)), page);
    stored.load(&mut rig.pool, page, "v1");
    assert!(matches!(rig.choose(&wish, NOW, 3), Choice::Key(_)));
}

#[test]
fn filling_in_order_asks_for_the_heaviest_page_first() {
    let mut records = records(60);
    for record in &mut records {
        if record.id().page(2) == 2 {
            record.weight = 9_u32.try_into().unwrap();
        }
    }
    let stored = Stored::new(2, records);
    let mut rig = stored.rig(Policy {
        strategy: Strategy::FillFirst,
        ..Policy::default()
    });
    stored.load(&mut rig.pool, 0, "v1");
    assert_eq!(page_of(rig.choose(&WISH, NOW, 1)), 2);
    stored.load(&mut rig.pool, 2, "v1");
    let first = rig.take(NOW);
    assert_eq!(first.page(2), 2);
    assert_eq!(rig.take_many(5), [first; 5]);
}

#[test]
fn only_the_owner_of_a_resource_serves_it() {
    let stored = Stored::new(2, records(40));
    let mut rig = stored.rig(Policy::default());
    let owner = id("k7");
    let wish = Wish {
        only: Some(owner),
        ..WISH
    };
    let choose = |rig: &mut Rig, wish: &Wish<'_>| match rig.choose(wish, NOW, 0) {
        Choice::Key(selected) => Ok(selected.id),
        Choice::None(reason) => Err(reason),
        Choice::Page(page) => panic!("{page}"),
    };
    assert_eq!(page_of(rig.choose(&wish, NOW, 0)), owner.page(2));
    stored.load(&mut rig.pool, owner.page(2), "v1");
    assert_eq!(choose(&mut rig, &wish), Ok(owner));
    let again = Wish {
        tried: &[owner],
        ..wish
    };
    assert_eq!(choose(&mut rig, &again), Err(NoKey::AllTried));
    rig.report(owner, &rate_limited(after(60)), NOW);
    let none = choose(&mut rig, &wish).unwrap_err();
    assert!(matches!(none, NoKey::AllCooling { soonest, .. } if soonest == after(60)));
    rig.report(owner, &INVALID, NOW);
    assert_eq!(choose(&mut rig, &wish), Err(NoKey::Gone));

    let stranger = Wish {
        only: Some(id("stranger")),
        ..wish
    };
    stored.load(&mut rig.pool, id("stranger").page(2), "v1");
    assert_eq!(choose(&mut rig, &stranger), Err(NoKey::Gone));
}
