//! What single edits do, one after the other.

use gempool_pool::KeyId;
use serde_json::Map;

use crate::tests::scheduler::run;
use crate::tests::world::{NOON, World, add_keys, client, key, master, pool, put_pool};
use crate::{
    Change, Current, EditError, Edited, HeadChange, Invalid, KeyPatch, PoolConfig, ReadError,
    Refusal, Vault, check_schema, find_client, list_clients, probe, read_head,
};

fn edited(result: Result<Edited, EditError>) -> u64 {
    result.unwrap().stamp
}

fn edit_keys(ids: Vec<KeyId>, patch: KeyPatch, base: Option<u64>) -> Change {
    Change::EditKeys {
        pool: pool("a"),
        ids,
        patch,
        base,
    }
}

#[test]
fn a_store_that_nobody_has_edited_is_empty_and_stays_so() {
    let world = World::new(1);
    assert!(!run(check_schema(&world, &world.vault)).unwrap());
    assert!(
        world
            .with_ledger(async |ledger| ledger.fold().await)
            .unwrap()
            .is_none()
    );
    assert!(world.edit(Vec::new()).unwrap().head.is_none());
    assert_eq!(world.documents.borrow().len(), 0);
}

#[test]
fn what_is_edited_is_there_when_the_edit_returns() {
    let world = World::new(1);
    assert_eq!(edited(world.edit(vec![put_pool("a", Some(0))])), 1);
    assert_eq!(
        edited(world.edit(vec![add_keys("a", &["one", "two", "one"])])),
        2
    );
    let keys = world.keys("a");
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| key.stamp == 2));
    assert_eq!(world.root("a").config.stamp, 1);
    let page = world.root("a").keys.page(0);
    assert_eq!((page.records, page.enabled, page.weight), (2, 2, 2));

    let patch = KeyPatch {
        weight: Some(5),
        name: Some("first".to_owned()),
        revive: true,
        ..KeyPatch::default()
    };
    let one = key("one").id();
    assert_eq!(
        edited(world.edit(vec![edit_keys(vec![one], patch, Some(2))])),
        3
    );
    let patch = KeyPatch {
        disabled: Some(true),
        ..KeyPatch::default()
    };
    let two = key("two").id();
    world.edit(vec![edit_keys(vec![two], patch, None)]).unwrap();
    let keys = world.keys("a");
    let found = keys.iter().find(|key| key.id() == one).unwrap();
    assert_eq!(
        (
            found.weight.get(),
            found.name.as_str(),
            found.generation,
            found.stamp
        ),
        (5, "first", 1, 3)
    );
    let page = world.root("a").keys.page(0);
    assert_eq!((page.records, page.enabled, page.weight), (2, 1, 5));

    let remove = Change::RemoveKeys {
        pool: pool("a"),
        ids: vec![one, two],
    };
    world.edit(vec![remove]).unwrap();
    assert!(world.keys("a").is_empty());
    assert_eq!(world.root("a").keys.page(0).doc, None);
}

#[test]
fn a_key_that_the_pool_has_stays_as_it_is() {
    let world = World::new(1);
    world
        .edit(vec![put_pool("a", None), add_keys("a", &["one"])])
        .unwrap();
    let patch = KeyPatch {
        name: Some("mine".to_owned()),
        ..KeyPatch::default()
    };
    world
        .edit(vec![edit_keys(vec![key("one").id()], patch, None)])
        .unwrap();
    world.edit(vec![add_keys("a", &["one", "two"])]).unwrap();
    let names: Vec<String> = world.keys("a").into_iter().map(|key| key.name).collect();
    assert_eq!(names.iter().filter(|name| *name == "mine").count(), 1);
    assert_eq!(names.len(), 2);
}

#[test]
fn an_edit_of_what_has_changed_meanwhile_is_a_conflict_and_shows_what_is_there_flt46() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", Some(0))]).unwrap();
    world.edit(vec![put_pool("a", Some(1))]).unwrap();
    for base in [0, 1, 99] {
        let logged = world.count("gp1:o:");
        let Err(EditError::Conflict { current }) = world.edit(vec![put_pool("a", Some(base))])
        else {
            panic!("{base}");
        };
        assert!(matches!(*current, Current::Pool(config) if config.stamp == 2));
        assert_eq!(world.count("gp1:o:"), logged, "nothing was logged");
    }
    world.edit(vec![add_keys("a", &["one"])]).unwrap();
    let change = edit_keys(vec![key("one").id()], KeyPatch::default(), Some(2));
    let Err(EditError::Conflict { current }) = world.edit(vec![change]) else {
        panic!("no conflict");
    };
    assert_eq!(current.stamp(), 3);
    let change = edit_keys(vec![key("gone").id()], KeyPatch::default(), Some(2));
    let Err(EditError::Conflict { current }) = world.edit(vec![change]) else {
        panic!("no conflict");
    };
    assert!(matches!(*current, Current::Nothing));
}

#[test]
fn client_keys_are_found_by_their_digest_and_go_with_their_pool() {
    let world = World::new(1);
    world
        .edit(vec![put_pool("a", None), put_pool("b", None)])
        .unwrap();
    let head = world.head();
    let put = |of: &str, text: &str, base| Change::PutClient {
        record: Box::new(client(&head, of, text)),
        base,
    };
    world
        .edit(vec![put("a", "sk-1", Some(0)), put("b", "sk-2", None)])
        .unwrap();
    let find = |text: &str| {
        let head = world.head();
        run(find_client(
            &world,
            &world.vault,
            &head,
            head.client_key_id(text),
        ))
        .unwrap()
    };
    assert_eq!(find("sk-1").unwrap().stamp, 3);
    assert!(find("sk-3").is_none());
    assert!(matches!(
        world.edit(vec![put("a", "sk-1", Some(0))]),
        Err(EditError::Conflict { .. })
    ));
    let delete = Change::DeletePool {
        pool: pool("a"),
        base: None,
    };
    world.edit(vec![delete]).unwrap();
    assert!(find("sk-1").is_none());
    let whole = run(list_clients(&world, &world.vault, &world.head())).unwrap();
    assert_eq!(whole.records.len(), 1);
    assert!(world.head().pool(&pool("a")).is_none());
    let id = world.head().client_key_id("sk-2");
    world.edit(vec![Change::DeleteClient { id }]).unwrap();
    assert!(find("sk-2").is_none());
}

#[test]
fn what_is_not_possible_is_refused_before_it_is_logged() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    let long = "x".repeat(65);
    let named = |name: &str| {
        let mut key = key("one");
        key.name = name.to_owned();
        Change::AddKeys {
            pool: pool("a"),
            keys: vec![key],
        }
    };
    let patch = |weight| {
        edit_keys(
            vec![key("one").id()],
            KeyPatch {
                weight: Some(weight),
                ..KeyPatch::default()
            },
            None,
        )
    };
    let mut large = PoolConfig::new(pool("b"), NOON);
    large.allowed_models = vec!["model".to_owned(); 3_000];
    let large = Change::PutPool {
        config: Box::new(large),
        base: None,
    };
    let ids = vec![key("one").id(), key("two").id()];
    let many = (0..401)
        .map(|number| key(&format!("key-{number}")))
        .collect();
    let many = Change::AddKeys {
        pool: pool("a"),
        keys: many,
    };
    type Expected = fn(&Invalid) -> bool;
    let cases: Vec<(Change, Expected)> = vec![
        (named(&long), |error| {
            matches!(
                error,
                Invalid::TooLong {
                    bytes: 65,
                    most: 64,
                    ..
                }
            )
        }),
        (named("a\nb"), |error| {
            matches!(error, Invalid::ControlCharacter { .. })
        }),
        (patch(0), |error| *error == Invalid::Weight),
        (patch(1_001), |error| *error == Invalid::Weight),
        (add_keys("b", &["one"]), |error| {
            matches!(error, Invalid::NoPool(_))
        }),
        (put_pool("env", None), |error| {
            *error == Invalid::ReservedPool
        }),
        (large, |error| matches!(error, Invalid::TooLong { .. })),
        (edit_keys(ids, KeyPatch::default(), Some(1)), |error| {
            *error == Invalid::BaseOfMany
        }),
        (many, |error| *error == Invalid::TooLarge),
    ];
    for (change, expected) in cases {
        let text = format!("{change:.60?}");
        match world.edit(vec![change]) {
            Err(EditError::Invalid(error)) => assert!(expected(&error), "{text}: {error:?}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(world.count("gp1:o:"), 1);
}

#[test]
fn there_are_at_most_so_many_pools_and_their_head_fits_flt31() {
    let world = World::new(1);
    let id = |number: usize| format!("{number:032}");
    let changes = (0..256).map(|number| put_pool(&id(number), None)).collect();
    world.edit(changes).unwrap();
    assert!(matches!(
        world.edit(vec![put_pool("one-more", None)]),
        Err(EditError::Invalid(Invalid::TooManyPools))
    ));
    // One that exists can still be edited.
    world.edit(vec![put_pool(&id(7), None)]).unwrap();
    assert_eq!(world.head().pools().count(), 256);
}

#[test]
fn an_edit_that_lost_a_race_is_refused_in_the_fold_flt47() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    // Two changes in one edit see the same store before they are logged; the second comes after the first.
    let delete = Change::DeletePool {
        pool: pool("a"),
        base: None,
    };
    let late = Change::PutPool {
        config: Box::new(PoolConfig::new(pool("a"), NOON)),
        base: Some(1),
    };
    assert!(matches!(
        world.edit(vec![delete, late]),
        Err(EditError::Conflict { .. })
    ));
    assert!(world.head().pool(&pool("a")).is_none());
}

#[test]
fn a_reader_notices_that_nothing_has_changed_without_opening_anything() {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    let head = world.head();
    let other = Vault::new(&master(9), None);
    let read = |vault: &Vault| run(read_head(&world, vault, Some(&head)));
    assert!(matches!(read(&other), Ok(HeadChange::Same)));
    world.edit(vec![put_pool("a", None)]).unwrap();
    assert!(matches!(read(&world.vault), Ok(HeadChange::New(_))));
    assert!(matches!(read(&other), Err(ReadError::WrongMasterKey)));
}

#[test]
fn a_change_of_one_page_leaves_the_names_of_the_others() {
    let world = World::new(1);
    world
        .edit(vec![put_pool("a", None), put_pool("b", None)])
        .unwrap();
    let texts: Vec<String> = (0..600).map(|number| format!("key-{number}")).collect();
    let keys = texts.iter().map(|text| key(text)).collect();
    let add = Change::AddKeys {
        pool: pool("a"),
        keys,
    };
    world.edit(add.split()).unwrap();
    let before = world.root("a").keys;
    let other = world.head().pool(&pool("b"));
    assert_eq!(before.bits, 2, "600 keys need more than two pages of 256");
    world.edit(vec![add_keys("a", &["another"])]).unwrap();
    let after = world.root("a").keys;
    let changed = before
        .pages
        .iter()
        .zip(&after.pages)
        .filter(|(old, new)| old != new);
    assert_eq!(changed.count(), 1);
    assert_eq!(world.head().pool(&pool("b")), other);
}

#[test]
fn foreign_documents_are_neither_read_nor_touched_flt40() {
    let world = World::new(1);
    let foreign = [("head", b"x".to_vec()), ("gp2:head", b"y".to_vec())];
    for (name, document) in &foreign {
        let name = (*name).to_owned();
        world.documents.borrow_mut().insert(name, document.clone());
    }
    world
        .edit(vec![put_pool("a", None), add_keys("a", &["one"])])
        .unwrap();
    assert_eq!(world.keys("a").len(), 1);
    for (name, document) in foreign {
        assert_eq!(world.documents.borrow().get(name), Some(&document));
    }
}

#[test]
fn a_store_that_works_passes_the_probe_and_is_as_it_was() {
    let world = World::new(1);
    let found = run(probe(&world, &world, &world)).unwrap();
    assert!(found.is_enough(), "{found:?}");
    assert!(world.documents.borrow().is_empty());
    assert!(world.counters.borrow().is_empty());
}

#[test]
fn fields_of_a_newer_version_survive_an_older_one_flt49() {
    let world = World::new(1);
    let mut later = Map::new();
    later.insert("later".to_owned(), serde_json::json!({"x": [1]}));
    let mut newer = PoolConfig::new(pool("a"), NOON);
    newer.unknown = later.clone();
    let mut one = key("one");
    one.unknown = later.clone();
    let put = Change::PutPool {
        config: Box::new(newer),
        base: None,
    };
    let add = Change::AddKeys {
        pool: pool("a"),
        keys: vec![one],
    };
    world.edit(vec![put, add]).unwrap();
    world.edit(vec![add_keys("a", &["two"])]).unwrap();
    assert_eq!(world.root("a").config.unknown, later);
    assert!(world.keys("a").iter().any(|key| key.unknown == later));
}

#[test]
fn refusals_say_what_happened() {
    assert_eq!(
        EditError::Refused(Refusal::NoPool).to_string(),
        "it could not be made: the pool is gone"
    );
}
