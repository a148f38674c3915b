//! Another master key: mixed stores are read, everything is sealed anew, and a cut in between harms nothing.

use crate::tests::scheduler::run;
use crate::tests::world::{World, add_keys, client, key, master, pool, put_pool};
use crate::{
    Change, EditError, ReadError, Vault, current_head, find_client, find_pool, load_pool_keys,
};

fn stored() -> World {
    let world = World::new(1);
    world.edit(vec![put_pool("a", None)]).unwrap();
    let keys = (0..300)
        .map(|number| key(&format!("AIza-{number}")))
        .collect();
    let add = Change::AddKeys {
        pool: pool("a"),
        keys,
    };
    world.edit(vec![add]).unwrap();
    let record = Box::new(client(&world.head(), "a", "sk-1"));
    world
        .edit(vec![Change::PutClient { record, base: None }])
        .unwrap();
    world
}

/// Keys that this vault reads, and whether it knows the client key.
fn read(world: &World, vault: &Vault) -> Result<(usize, bool), ReadError> {
    run(async {
        let head = current_head(world, vault).await?.unwrap();
        let root = find_pool(world, vault, &head, &pool("a")).await?.unwrap();
        let whole = load_pool_keys(world, vault, &root).await?;
        let id = head.client_key_id("sk-1");
        let client = find_client(world, vault, &head, id).await?;
        Ok((whole.records.len(), client.is_some()))
    })
}

#[test]
fn what_the_previous_key_sealed_is_read_and_what_is_new_is_sealed_with_the_current() {
    let world = stored();
    let vault = Vault::new(&master(2), Some(&master(1)));
    assert_eq!(read(&world, &vault).unwrap(), (300, true));
    let clock = || world.time();
    let ledger = world.ledger(&vault, &clock);
    run(ledger.edit("admin", vec![add_keys("a", &["new"])])).unwrap();
    assert_eq!(read(&world, &vault).unwrap(), (301, true));
    // Who has only the previous one is told so, and not that the store is damaged.
    assert!(matches!(
        world.edit(vec![add_keys("a", &["old"])]),
        Err(EditError::Unreadable(ReadError::WrongMasterKey))
    ));
    assert!(matches!(
        read(&world, &world.vault),
        Err(ReadError::WrongMasterKey)
    ));
}

#[test]
fn after_resealing_nothing_needs_the_previous_key_and_client_keys_still_open() {
    let world = stored();
    let both = Vault::new(&master(2), Some(&master(1)));
    let clock = || world.time();
    let done = run(world.ledger(&both, &clock).reseal()).unwrap();
    assert!(done.damaged.is_empty(), "{:?}", done.damaged);
    assert_eq!(done.resealed, done.seen);
    let alone = Vault::new(&master(2), None);
    assert_eq!(read(&world, &alone).unwrap(), (300, true));
    let ledger = world.ledger(&alone, &clock);
    run(ledger.edit("admin", vec![add_keys("a", &["new"])])).unwrap();
    assert_eq!(read(&world, &alone).unwrap(), (301, true));
    let again = run(ledger.reseal()).unwrap();
    assert_eq!(again.resealed, 0);
}

#[test]
fn a_resealing_that_was_cut_anywhere_is_finished_by_the_next() {
    let total = {
        let world = stored();
        let before = world.calls.get();
        let clock = || world.time();
        run(world
            .ledger(&Vault::new(&master(2), Some(&master(1))), &clock)
            .reseal())
        .unwrap();
        world.calls.get() - before
    };
    for at in 1..=total {
        let world = stored();
        let both = Vault::new(&master(2), Some(&master(1)));
        let clock = || world.time();
        world.away_from.set(world.calls.get() + at);
        assert!(run(world.ledger(&both, &clock).reseal()).is_err(), "{at}");
        world.away_from.set(0);
        assert_eq!(read(&world, &both).unwrap(), (300, true), "{at}");
        run(world.ledger(&both, &clock).reseal()).unwrap();
        let alone = Vault::new(&master(2), None);
        assert_eq!(read(&world, &alone).unwrap(), (300, true), "{at}");
    }
}
