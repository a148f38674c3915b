//! A store as the first format left it: every later version reads it, and goes on with it.
//!
//! `UPDATE_FIXTURES=1` writes it anew. Once a release has this format, do not: the point is what it wrote.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gempool_pool::Tier;

use crate::tests::scheduler::run;
use crate::tests::world::{World, add_keys, client, key, pool, put_pool};
use crate::{Change, KeyPatch, check_schema, find_client};

/// One document a line: its name and its bytes as base64.
const STORED: &str = include_str!("format_1.txt");

/// What the fixture has; sealed with the master key of every test.
fn make() -> World {
    let world = World::new(1);
    world.edit(vec![put_pool("a", Some(0))]).unwrap();
    let mut one = key("AIza-one");
    one.tier = Some(Tier::Paid);
    one.project = Some("projects/1".to_owned());
    let keys = vec![one, key("AIza-two")];
    let add = Change::AddKeys {
        pool: pool("a"),
        keys,
    };
    world.edit(vec![add]).unwrap();
    let patch = KeyPatch {
        disabled: Some(true),
        ..KeyPatch::default()
    };
    let edit = Change::EditKeys {
        pool: pool("a"),
        ids: vec![key("AIza-two").id()],
        patch,
        base: Some(2),
    };
    world.edit(vec![edit]).unwrap();
    let record = Box::new(client(&world.head(), "a", "sk-1"));
    world
        .edit(vec![Change::PutClient {
            record,
            base: Some(0),
        }])
        .unwrap();
    // One that is logged and not folded, as a crash leaves it.
    world.away_from.set(world.calls.get() + 8);
    world
        .edit(vec![add_keys("a", &["AIza-three"])])
        .unwrap_err();
    world.away_from.set(0);
    world
}

fn stored() -> World {
    let world = World::new(2);
    for line in STORED.lines() {
        let (name, document) = line.split_once(' ').expect("a name and a document");
        if name == "gp1:n:seq" {
            let count = document.parse().expect("a number");
            world.counters.borrow_mut().insert(name.to_owned(), count);
        } else {
            let document = STANDARD.decode(document).expect("base64");
            world
                .documents
                .borrow_mut()
                .insert(name.to_owned(), document);
        }
    }
    world
}

#[test]
fn a_store_of_format_1_is_read_and_edited_flt50() {
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        let world = make();
        let mut text = String::new();
        for (name, count) in world.counters.borrow().iter() {
            writeln!(text, "{name} {count}").unwrap();
        }
        for (name, document) in world.documents.borrow().iter() {
            writeln!(text, "{name} {}", STANDARD.encode(document)).unwrap();
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/format_1.txt");
        std::fs::write(path, text).unwrap();
        return;
    }
    let world = stored();
    assert!(run(check_schema(&world, &world.vault)).unwrap());
    assert_eq!(world.keys("a").len(), 2);
    let head = world
        .with_ledger(async |ledger| ledger.fold().await)
        .unwrap()
        .unwrap();
    let keys = world.keys("a");
    let found = |text: &str| keys.iter().find(|key| key.key.expose() == text).unwrap();
    let one = found("AIza-one");
    assert_eq!((one.tier, one.stamp), (Some(Tier::Paid), 2));
    assert_eq!(one.project.as_deref(), Some("projects/1"));
    assert!(found("AIza-two").disabled);
    assert_eq!(found("AIza-three").stamp, 5);
    let client = run(find_client(
        &world,
        &world.vault,
        &head,
        head.client_key_id("sk-1"),
    ));
    assert_eq!(client.unwrap().unwrap().pool, pool("a"));
    assert_eq!(world.edit(vec![put_pool("a", Some(1))]).unwrap().stamp, 6);
}

#[test]
fn an_upgrade_that_was_cut_anywhere_goes_on_flt50() {
    let edit = |world: &World| world.edit(vec![put_pool("a", Some(1))]);
    let total = {
        let world = stored();
        edit(&world).unwrap();
        world.calls.get()
    };
    for at in 1..=total {
        let world = stored();
        world.away_from.set(at);
        assert!(edit(&world).is_err(), "{at}");
        world.away_from.set(0);
        // It may have been made before the store went away; then this one is a conflict.
        let _again = edit(&world);
        assert!(world.root("a").config.stamp > 1, "{at}");
        assert_eq!(world.keys("a").len(), 3, "{at}");
    }
}
