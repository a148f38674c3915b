//! Claims about the ring of failures.

use super::*;
use crate::scripted_store::{Outcome, ScriptedStore, run};

fn failure(at: u64) -> Failure {
    Failure {
        at: UnixMillis(at),
        pool: "team-a".parse().unwrap(),
        client: Some(ClientKeyId([1; 16])),
        key: Some(KeyId::from_bytes([2; 8])),
        model: "gemini-2.5-flash".into(),
        status: 429,
        cause: "day-quota".into(),
    }
}

fn write(store: &ScriptedStore, failures: impl IntoIterator<Item = u64>) {
    let mut log = FailureLog::default();
    for at in failures {
        log.note(failure(at));
    }
    run(log.take().write(store)).unwrap();
    assert!(log.is_empty());
}

#[test]
fn the_latest_failures_of_all_instances_are_found_latest_first_flt39() {
    let store = ScriptedStore::default();
    write(&store, [1, 2]);
    write(&store, [3]);
    let recent = run(read_failures(&store)).unwrap();
    assert_eq!(recent.failures, [failure(3), failure(2), failure(1)]);
    assert_eq!((recent.dropped, recent.damaged), (0, vec![]));
}

#[test]
fn the_ring_is_bounded_and_drops_the_oldest_flt55() {
    let store = ScriptedStore::default();
    for at in 0..200 {
        write(&store, [at]);
    }
    assert_eq!(store.names().len(), 64);
    let recent = run(read_failures(&store)).unwrap();
    let times: Vec<u64> = recent.failures.iter().map(|failure| failure.at.0).collect();
    assert_eq!(times, (136..200).rev().collect::<Vec<_>>());
}

#[test]
fn a_storm_is_one_small_document_and_a_number_flt3() {
    let store = ScriptedStore::default();
    write(&store, 0..1000);
    assert_eq!(store.calls.get(), 2);
    let length = store.document(&store.names()[0]).unwrap().len();
    assert!(length <= 8192, "{length}");
    let recent = run(read_failures(&store)).unwrap();
    assert_eq!((recent.failures.len(), recent.dropped), (16, 984));
    assert_eq!(recent.failures[0], failure(999));
}

#[test]
fn what_is_no_name_does_not_get_in() {
    for (text, word) in [
        ("gemini-2.5-flash", "gemini-2.5-flash"),
        ("models/gemini_3:tuned", "models/gemini_3:tuned"),
        ("my secret plan", "other"),
        ("line\nbreak", "other"),
        ("", "other"),
        (&"x".repeat(64), &"x".repeat(64)),
        (&"x".repeat(65), "other"),
    ] {
        assert_eq!(Word::from(text).as_str(), word);
    }
    let read: Word = serde_json::from_str(r#""two words""#).unwrap();
    assert_eq!(read.as_str(), "other");
}

#[test]
fn damage_hides_one_document_only_flt30() {
    let store = ScriptedStore::default();
    write(&store, [1]);
    write(&store, [2]);
    store.put(
        &store.names()[0],
        b"gpp\x01damaged, and long enough".to_vec(),
    );
    let recent = run(read_failures(&store)).unwrap();
    assert_eq!(recent.failures.len(), 1);
    assert_eq!(recent.damaged, [Damage::Changed]);
}

#[test]
fn while_the_store_is_away_nothing_piles_up_flt27() {
    let store = ScriptedStore::default();
    store.script.borrow_mut().push(Outcome::Fails);
    let mut log = FailureLog::default();
    log.note(failure(1));
    assert!(run(log.take().write(&store)).is_err());
    assert!(log.is_empty());
    assert_eq!(store.names(), Vec::<String>::new());
}
