//! Documents that were changed, cut, exchanged or lost: what still works, and what is said of the rest.

use crate::tests::scheduler::run;
use crate::tests::world::{World, add_keys, client, key, master, pool, put_pool};
use crate::{
    Change, Damage, EditError, KeyPatch, ReadError, Refusal, Vault, check_schema, current_head,
    find_client, list_clients, load_pool_keys, read_root,
};

/// A store with a pool of several pages, another pool, and a client key.
fn stored() -> World {
    let world = World::new(1);
    world
        .edit(vec![
            put_pool("a", None),
            put_pool("b", None),
            add_keys("b", &["other"]),
        ])
        .unwrap();
    let change = Change::AddKeys {
        pool: pool("a"),
        keys: (0..600)
            .map(|number| key(&format!("AIza-{number}")))
            .collect(),
    };
    world.edit(change.split()).unwrap();
    let record = Box::new(client(&world.head(), "b", "sk-1"));
    world
        .edit(vec![Change::PutClient { record, base: None }])
        .unwrap();
    world
}

/// Everything that can be wrong with a document, with its name in messages.
fn damages(world: &World, name: &str) -> Vec<(&'static str, Option<Vec<u8>>, Damage)> {
    let whole = world.documents.borrow().get(name).cloned().unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let elsewhere = Vault::new(&master(9), None);
    let of_another_key = elsewhere.seal(world, name, b"[]").unwrap();
    let of_another_name = world.vault.seal(world, "gp1:d:0", b"[]").unwrap();
    let of_another_type = world.vault.seal(world, name, b"7").unwrap();
    let plain = crate::envelope::to_plain(name, &7).unwrap();
    vec![
        ("bit flip", Some(flipped), Damage::Changed),
        (
            "cut",
            Some(whole.get(..20).unwrap().to_vec()),
            Damage::Truncated,
        ),
        ("empty", Some(Vec::new()), Damage::Truncated),
        ("foreign", Some(b"{\"keys\":[]}".to_vec()), Damage::Foreign),
        ("another key", Some(of_another_key), Damage::UnknownKey),
        ("another name", Some(of_another_name), Damage::Changed),
        ("another type", Some(of_another_type), Damage::OtherType),
        ("plain", Some(plain), Damage::OtherKind),
        ("missing", None, Damage::Missing),
    ]
}

fn put(world: &World, name: &str, document: Option<Vec<u8>>) {
    let mut documents = world.documents.borrow_mut();
    match document {
        Some(document) => documents.insert(name.to_owned(), document),
        None => documents.remove(name),
    };
}

#[test]
fn a_damaged_page_of_keys_leaves_the_other_pages_and_pools_flt30() {
    let world = stored();
    let root = world.root("a");
    let page = root.keys.page(1);
    let name = page.doc.unwrap().name();
    let whole = world.documents.borrow().get(&name).cloned();
    for (text, document, expected) in damages(&world, &name) {
        put(&world, &name, document.clone());
        let read = run(load_pool_keys(&world, &world.vault, &root)).unwrap();
        let lost = usize::try_from(page.records).unwrap();
        assert_eq!(read.records.len(), 600 - lost, "{text}");
        assert!(
            matches!(read.damaged.as_slice(), [ReadError::Damaged { name: found, damage }]
                if *found == name && *damage == expected),
            "{text}: {:?}",
            read.damaged
        );
        assert_eq!(world.keys("b").len(), 1, "{text}");
    }
    put(&world, &name, whole);
    assert_eq!(world.keys("a").len(), 600);
}

#[test]
fn an_edit_never_overwrites_what_it_could_not_read_flt30() {
    let world = stored();
    let keys = world.root("a").keys;
    let victim = world
        .keys("a")
        .into_iter()
        .find(|key| key.id().page(keys.bits) == 1)
        .unwrap();
    let other = world
        .keys("a")
        .into_iter()
        .find(|key| key.id().page(keys.bits) == 2)
        .unwrap();
    let name = keys.page(1).doc.unwrap().name();
    let patch = |id| Change::EditKeys {
        pool: pool("a"),
        ids: vec![id],
        patch: KeyPatch {
            disabled: Some(true),
            ..KeyPatch::default()
        },
        base: None,
    };
    for (text, document, _) in damages(&world, &name) {
        put(&world, &name, document.clone());
        let refused = world.edit(vec![patch(victim.id())]);
        assert!(
            matches!(refused, Err(EditError::Refused(Refusal::Damaged))),
            "{text}: {refused:?}"
        );
        assert_eq!(
            world.documents.borrow().get(&name).cloned(),
            document,
            "{text}"
        );
        assert_eq!(world.root("a").keys.page(1).doc, keys.page(1).doc, "{text}");
        world.edit(vec![patch(other.id())]).unwrap();
        world
            .edit(vec![add_keys("b", &[&text.replace(' ', "-")])])
            .unwrap();
    }
}

#[test]
fn a_damaged_root_leaves_the_other_pools_and_can_be_removed_flt30() {
    for at in 0..9 {
        let world = stored();
        let root = world.head().pool(&pool("a")).unwrap();
        let name = root.doc.name();
        let (text, document, _) = damages(&world, &name).swap_remove(at);
        put(&world, &name, document);
        let read = run(read_root(&world, &world.vault, root));
        assert!(matches!(read, Err(ReadError::Damaged { .. })), "{text}");
        assert_eq!(world.keys("b").len(), 1, "{text}");
        assert!(world.edit(vec![put_pool("a", None)]).is_err(), "{text}");
        let delete = Change::DeletePool {
            pool: pool("a"),
            base: None,
        };
        world.edit(vec![delete]).unwrap();
        assert!(world.head().pool(&pool("a")).is_none(), "{text}");
    }
}

#[test]
fn a_damaged_page_of_client_keys_opens_nothing_flt30() {
    let world = stored();
    let name = world.head().clients().page(0).doc.unwrap().name();
    for (text, document, expected) in damages(&world, &name) {
        put(&world, &name, document);
        let head = world.head();
        let found = run(find_client(
            &world,
            &world.vault,
            &head,
            head.client_key_id("sk-1"),
        ));
        assert!(
            matches!(found, Err(ReadError::Damaged { damage, .. }) if damage == expected),
            "{text}"
        );
        let whole = run(list_clients(&world, &world.vault, &head)).unwrap();
        assert!(
            whole.records.is_empty() && whole.damaged.len() == 1,
            "{text}"
        );
    }
}

#[test]
fn a_damaged_head_is_an_error_and_is_not_overwritten_flt30() {
    let world = stored();
    for (text, document, expected) in damages(&world, "gp1:head") {
        let Some(document) = document else { continue };
        put(&world, "gp1:head", Some(document.clone()));
        let read = run(current_head(&world, &world.vault))
            .map(|_| ())
            .unwrap_err();
        let is_expected = match (&read, expected) {
            (ReadError::WrongMasterKey, Damage::UnknownKey) => true,
            (ReadError::Damaged { damage, .. }, expected) => *damage == expected,
            _ => false,
        };
        assert!(is_expected, "{text}: {read:?}");
        assert!(world.edit(vec![put_pool("a", None)]).is_err(), "{text}");
        assert!(
            world
                .with_ledger(async |ledger| ledger.fold().await)
                .is_err(),
            "{text}"
        );
        assert_eq!(
            world.documents.borrow().get("gp1:head"),
            Some(&document),
            "{text}"
        );
    }
}

#[test]
fn a_damaged_schema_stops_edits_and_not_readers_flt30() {
    let world = stored();
    put(&world, "gp1:schema", Some(b"{}".to_vec()));
    let read = run(check_schema(&world, &world.vault));
    assert!(matches!(read, Err(ReadError::Damaged { .. })));
    assert!(matches!(
        world.edit(vec![put_pool("a", None)]),
        Err(EditError::Unreadable(ReadError::Damaged { .. }))
    ));
    assert_eq!(world.keys("a").len(), 600);
}

#[test]
fn a_damaged_operation_is_passed_over_and_the_log_goes_on_flt30() {
    let world = stored();
    for (text, document, _) in damages(&world, "gp1:o:000000000001") {
        if matches!(text, "missing" | "another key") {
            continue;
        }
        let seq = {
            let mut counters = world.counters.borrow_mut();
            let seq = counters.get_mut("gp1:n:seq").unwrap();
            *seq += 1;
            *seq
        };
        put(&world, &format!("gp1:o:{seq:012}"), document);
        let head = world
            .with_ledger(async |ledger| ledger.fold().await)
            .unwrap()
            .unwrap();
        assert_eq!(i64::try_from(head.folded()).unwrap(), seq, "{text}");
        world.edit(vec![put_pool("a", None)]).unwrap();
    }
}

#[test]
fn another_master_key_is_told_apart_from_damage_and_writes_nothing() {
    let world = stored();
    let before = world.documents.borrow().clone();
    let counters = world.counters.borrow().clone();
    let vault = Vault::new(&master(2), Some(&master(3)));
    let clock = || world.time();
    let ledger = world.ledger(&vault, &clock);
    let edited = run(ledger.edit("admin", vec![put_pool("a", None)]));
    assert!(matches!(
        edited,
        Err(EditError::Unreadable(ReadError::WrongMasterKey))
    ));
    assert!(matches!(run(ledger.fold()), Err(ReadError::WrongMasterKey)));
    assert!(matches!(
        run(ledger.reseal()),
        Err(EditError::Unreadable(ReadError::WrongMasterKey))
    ));
    assert!(matches!(
        run(check_schema(&world, &vault)),
        Err(ReadError::WrongMasterKey)
    ));
    assert!(matches!(
        run(current_head(&world, &vault)),
        Err(ReadError::WrongMasterKey)
    ));
    assert_eq!(*world.documents.borrow(), before);
    assert_eq!(*world.counters.borrow(), counters);
}

#[test]
fn a_store_of_a_newer_version_is_neither_read_nor_written_flt49() {
    let world = stored();
    let newer = serde_json::json!({"format": 3, "min_reader": 2, "shape": "unheard of"});
    let schema = crate::envelope::to_plain("gp1:schema", &newer).unwrap();
    let head = world.vault.seal_json(&world, "gp1:head", &newer).unwrap();
    let mut envelope = world.documents.borrow().get("gp1:head").cloned().unwrap();
    *envelope.get_mut(3).unwrap() = 2;
    for (name, document) in [
        ("gp1:schema", schema),
        ("gp1:head", head),
        ("gp1:head", envelope),
    ] {
        let whole = world.documents.borrow().get(name).cloned();
        put(&world, name, Some(document));
        let before = world.documents.borrow().clone();
        let counters = world.counters.borrow().clone();
        assert!(matches!(
            world.edit(vec![put_pool("a", None)]),
            Err(EditError::Unreadable(ReadError::TooNew(2)))
        ));
        let folded = world.with_ledger(async |ledger| ledger.fold().await);
        assert!(matches!(folded, Err(ReadError::TooNew(2))));
        assert_eq!(*world.documents.borrow(), before);
        assert_eq!(*world.counters.borrow(), counters);
        put(&world, name, whole);
    }
}

#[test]
fn no_document_shows_a_key_in_any_encoding() {
    use base64::Engine as _;

    let world = World::new(1);
    world
        .edit(vec![
            put_pool("a", None),
            add_keys("a", &["AIzaSyCanaryCanaryCanary"]),
        ])
        .unwrap();
    let record = Box::new(client(&world.head(), "a", "sk-canary-of-a-client"));
    world
        .edit(vec![Change::PutClient { record, base: None }])
        .unwrap();
    let mut needles: Vec<Vec<u8>> = Vec::new();
    for secret in ["AIzaSyCanaryCanaryCanary", "sk-canary-of-a-client"] {
        needles.push(secret.as_bytes().to_vec());
        needles.push(secret.bytes().rev().collect());
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        needles.push(hex.into_bytes());
        let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret);
        needles.push(base64.into_bytes());
    }
    for (name, document) in world.documents.borrow().iter() {
        for needle in &needles {
            let found = document
                .windows(needle.len())
                .any(|window| window == needle);
            assert!(!found, "{name}");
        }
    }
}
