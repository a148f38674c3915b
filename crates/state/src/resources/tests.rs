//! Claims about resources.

use super::*;
use crate::envelope::to_plain;
use crate::scripted_store::{Outcome, ScriptedStore, run};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn pool() -> PoolId {
    "team-a".parse().unwrap()
}

fn made_by(number: u8, life: Duration) -> Resource {
    Resource {
        key: KeyId::from_bytes([number; 8]),
        client: [number, 0, 0, 0, 0, 0, 0, 0xff],
        expires: NOW.saturating_add(life),
    }
}

fn put(store: &ScriptedStore, name: &str, resource: Resource) -> Kept {
    run(remember(store, &pool(), name, resource, NOW)).unwrap()
}

fn get(store: &ScriptedStore, name: &str, now: UnixMillis) -> Option<Resource> {
    run(find(store, &pool(), name, now)).unwrap().resource
}

/// Names that share the document of the first.
fn neighbors() -> impl Iterator<Item = String> {
    let first = Place::of(&pool(), "files/0").document;
    (0..)
        .map(|number| format!("files/{number}"))
        .filter(move |name| Place::of(&pool(), name).document == first)
}

#[test]
fn what_was_made_leads_to_its_key_and_client_until_it_is_over_or_deleted() {
    let store = ScriptedStore::default();
    let (file, batch) = (made_by(1, FILE_LIFE), made_by(2, BATCH_LIFE));
    assert_eq!(put(&store, "files/one", file), Kept::Seen);
    assert_eq!(put(&store, "batches/two", batch), Kept::Seen);
    assert_eq!(get(&store, "files/one", NOW), Some(file));
    assert_eq!(get(&store, "files/three", NOW), None);
    assert_eq!(get(&store, "files/one", file.expires), None);
    assert_eq!(get(&store, "batches/two", file.expires), Some(batch));
    let forgotten = run(forget(&store, &pool(), "batches/two", NOW)).unwrap();
    assert_eq!(forgotten, Kept::Seen);
    assert_eq!(get(&store, "batches/two", NOW), None);
}

#[test]
fn a_name_means_something_in_its_pool_only() {
    let store = ScriptedStore::default();
    put(&store, "files/one", made_by(1, FILE_LIFE));
    let other = "team-b".parse().unwrap();
    let found = run(find(&store, &other, "files/one", NOW)).unwrap();
    assert_eq!(found.resource, None);
}

#[test]
fn the_store_does_not_learn_the_names() {
    let store = ScriptedStore::default();
    put(&store, "files/acme-merger-draft", made_by(1, FILE_LIFE));
    for name in store.names() {
        let text = String::from_utf8_lossy(&store.document(&name).unwrap()).into_owned();
        assert!(!name.contains("acme") && !text.contains("acme"));
    }
}

#[test]
fn remembering_the_same_again_writes_nothing_and_another_maker_replaces_it() {
    let store = ScriptedStore::default();
    put(&store, "files/one", made_by(1, FILE_LIFE));
    store.calls.set(0);
    assert_eq!(put(&store, "files/one", made_by(1, FILE_LIFE)), Kept::Seen);
    assert_eq!(store.calls.get(), 1);
    put(&store, "files/one", made_by(2, FILE_LIFE));
    assert_eq!(get(&store, "files/one", NOW), Some(made_by(2, FILE_LIFE)));
}

#[test]
fn an_entry_that_a_racing_writer_undid_is_written_again() {
    let names: Vec<String> = neighbors().take(2).collect();
    let other = ScriptedStore::default();
    put(&other, &names[1], made_by(2, FILE_LIFE));
    let theirs = other.document(&other.names()[0]);
    for (races, kept) in [(1, Kept::Seen), (2, Kept::Seen), (3, Kept::Lost)] {
        let store = ScriptedStore::default();
        store.overwrite_next.replace(vec![theirs.clone(); races]);
        assert_eq!(put(&store, &names[0], made_by(1, FILE_LIFE)), kept);
        assert_eq!(
            store.calls.get(),
            if races == 3 { 7 } else { 3 + 2 * races }
        );
        let mine = get(&store, &names[0], NOW);
        assert_eq!(mine.is_some(), kept == Kept::Seen);
        assert!(get(&store, &names[1], NOW).is_some());
    }
}

#[test]
fn a_full_document_drops_what_expires_first_flt31() {
    let (store, names) = (ScriptedStore::default(), neighbors().take(2));
    let names: Vec<String> = names.collect();
    let place = Place::of(&pool(), &names[0]);
    let mut slot = Slot::default();
    for index in 0..660 {
        let life = Duration::from_hours(2 + index % 60);
        let mut line = Line::new(&place, made_by(1, life), NOW);
        line.digest = format!("{index:032x}");
        slot.put(line);
    }
    let all: Vec<u64> = slot.lines.iter().map(|line| line.expires).collect();
    store.put(&place.document, slot.encode(&place));
    assert_eq!(put(&store, &names[0], made_by(2, FILE_LIFE)), Kept::Seen);
    assert!(get(&store, &names[0], NOW).is_some());
    let slot = Slot::decode(&place, &store.document(&place.document).unwrap()).unwrap();
    assert!(
        (620..660).contains(&slot.lines.len()),
        "{}",
        slot.lines.len()
    );
    let first = slot.lines.iter().map(|line| line.expires).min().unwrap();
    let gone = all.iter().filter(|expires| **expires < first).count();
    assert!(
        gone + slot.lines.len() > 640,
        "only what expires first went"
    );
    // What would be the first to go is not taken in, and its maker hears of it.
    let life = Duration::from_secs(60);
    assert_eq!(put(&store, &names[1], made_by(3, life)), Kept::Lost);
}

#[test]
fn what_is_over_goes_with_the_next_write() {
    let store = ScriptedStore::default();
    let names: Vec<String> = neighbors().take(2).collect();
    put(&store, &names[0], made_by(1, FILE_LIFE));
    let length = |store: &ScriptedStore| store.document(&store.names()[0]).unwrap().len();
    let before = length(&store);
    let later = NOW.saturating_add(FILE_LIFE);
    let second = Resource {
        expires: later.saturating_add(FILE_LIFE),
        ..made_by(2, FILE_LIFE)
    };
    run(remember(&store, &pool(), &names[1], second, later)).unwrap();
    assert_eq!(length(&store), before);
}

#[test]
fn nothing_lasts_longer_than_a_week_flt42() {
    let store = ScriptedStore::default();
    let week = NOW.saturating_add(MAX_LIFE);
    put(&store, "cachedContents/one", made_by(1, MAX_LIFE * 9));
    let found = get(&store, "cachedContents/one", NOW).unwrap();
    assert_eq!(found.expires, week);
    // An instance years ahead made another one; the next write here gives it a week.
    let names: Vec<String> = neighbors().take(2).collect();
    let years = UnixMillis(NOW.0 * 2);
    let theirs = Resource {
        expires: years.saturating_add(FILE_LIFE),
        ..made_by(2, FILE_LIFE)
    };
    run(remember(&store, &pool(), &names[0], theirs, years)).unwrap();
    put(&store, &names[1], made_by(1, FILE_LIFE));
    assert_eq!(get(&store, &names[0], NOW).unwrap().expires, week);
}

#[test]
fn a_damaged_document_is_named_and_replaced_and_the_others_work_flt30() {
    let (store, place) = (ScriptedStore::default(), Place::of(&pool(), "files/0"));
    put(&store, "files/0", made_by(1, FILE_LIFE));
    let mut bytes = store.document(&place.document).unwrap();
    bytes[20] ^= 4;
    store.put(&place.document, bytes);
    let found = run(find(&store, &pool(), "files/0", NOW)).unwrap();
    assert_eq!(
        (found.resource, found.damage),
        (None, Some(Damage::Changed))
    );
    assert_eq!(put(&store, "files/0", made_by(1, FILE_LIFE)), Kept::Seen);
    assert!(get(&store, "files/0", NOW).is_some());
}

#[test]
fn what_a_newer_version_added_is_kept_and_its_new_format_left_alone_flt49() {
    let (store, place) = (ScriptedStore::default(), Place::of(&pool(), "files/0"));
    let name = neighbors().nth(1).unwrap();
    let document = serde_json::json!({"later": 1, "r": [{
        "d": "00", "k": "0000000000000001", "c": "0000000000000002", "e": NOW.0 / 1000 + 60, "x": [2],
    }]});
    let bytes = to_plain(&place.document, &document).unwrap();
    store.put(&place.document, bytes);
    put(&store, &name, made_by(1, FILE_LIFE));
    let text = String::from_utf8(store.document(&place.document).unwrap()[12..].to_vec()).unwrap();
    assert!(
        text.contains(r#""later":1"#) && text.contains(r#""x":[2]"#),
        "{text}"
    );

    store.put(&place.document, b"gpp\x02something else".to_vec());
    assert_eq!(put(&store, "files/0", made_by(1, FILE_LIFE)), Kept::Not);
}

#[test]
fn a_store_that_is_away_is_an_error_not_an_unknown_resource_flt27() {
    let store = ScriptedStore::default();
    store.script.borrow_mut().push(Outcome::Fails);
    assert!(run(find(&store, &pool(), "files/0", NOW)).is_err());
}

#[test]
fn resources_spread_over_all_documents() {
    let documents: std::collections::BTreeSet<String> = (0..4000)
        .map(|number| Place::of(&pool(), &format!("files/{number}")).document)
        .collect();
    assert_eq!(documents.len(), 256);
    assert!(documents.contains("gp1:r:00") && documents.contains("gp1:r:ff"));
}
