//! A hundred thousand keys.

use gempool_pool::{DeathCause, MAX_KEYS, Mark};

use crate::tests::scheduler::run;
use crate::tests::world::{World, key, pool, put_pool};
use crate::{Change, EditError, Invalid, read_marks, write_marks};

fn import(world: &World, keys: std::ops::Range<usize>) -> usize {
    let change = Change::AddKeys {
        pool: pool("a"),
        keys: keys
            .map(|number| key(&format!("AIza-{number:034}")))
            .collect(),
    };
    let before = world.calls.get();
    world.edit(change.split()).unwrap();
    world.calls.get() - before
}

#[test]
fn an_import_costs_calls_in_proportion_to_its_documents() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    let operations = 8_000 / 400;
    let calls = import(&world, 0..8_000);
    let root = world.root("a");
    let pages = root.keys.pages.len();
    assert_eq!(root.key_count(), 8_000);
    assert_eq!(pages, 64);
    // For an operation: write, tombstone, read. For a page: write. And what one edit costs.
    assert!(calls <= 3 * operations + pages + 20, "{calls}");
    assert_eq!(
        world.count("gp1:d:"),
        1 + pages + 1,
        "every page once, two roots"
    );

    let calls = import(&world, 8_000..8_001);
    assert!(calls <= 18, "one key costs one page: {calls}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "a minute without optimization")]
fn a_hundred_thousand_keys_fit_and_one_more_is_refused() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    import(&world, 0..MAX_KEYS);
    let root = world.root("a");
    assert_eq!(root.key_count(), 100_000);
    assert!(root.keys.pages.iter().all(|page| page.records <= 256));
    assert!(root.keys.bits <= 10);
    // Those that it has do not count.
    import(&world, 0..1_000);
    let one_more = Change::AddKeys {
        pool: pool("a"),
        keys: vec![key("one-more")],
    };
    assert!(matches!(
        world.edit(vec![one_more]),
        Err(EditError::Invalid(Invalid::TooManyKeys(100_001)))
    ));
}

#[test]
fn marks_follow_their_keys_to_more_pages_and_end_with_their_pool() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    import(&world, 0..100);
    let id = key(&format!("AIza-{:034}", 7)).id();
    let mark = Mark {
        key: id,
        generation: 0,
        dead: Some(DeathCause::Leaked),
        coolings: Vec::new(),
        project: None,
    };
    run(write_marks(
        &world,
        &pool("a"),
        0,
        0,
        std::slice::from_ref(&mark),
        world.time(),
    ))
    .unwrap();

    import(&world, 100..1_000);

    let bits = world.root("a").keys.bits;
    assert!(bits > 0);
    let read = |bits| run(read_marks(&world, &pool("a"), bits, id.page(bits))).unwrap();
    assert_eq!(read(bits).marks, [mark]);
    assert!(read(0).marks.is_empty(), "nothing is left where they were");

    let delete = Change::DeletePool {
        pool: pool("a"),
        base: None,
    };
    world.edit(vec![delete]).unwrap();
    assert!(read(bits).marks.is_empty());
}
