//! Claims about summaries.

use proptest::prelude::*;

use super::*;
use crate::envelope::{MAX_DOCUMENT_BYTES, to_plain};
use crate::scripted_store::{ScriptedStore, run};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const NAME: &str = "gp1:s:team-a";
const MODEL: &str = "gemini-2.5-flash";

fn pool() -> PoolId {
    "team-a".parse().unwrap()
}

fn later(seconds: u64) -> UnixMillis {
    UnixMillis(NOW.0 + seconds * 1000)
}

fn write(store: &ScriptedStore, mine: &mut Summary) -> Stored {
    run(write_summary(store, &pool(), mine, NOW)).unwrap()
}

fn read(store: &ScriptedStore, bits: u8) -> Summary {
    run(read_summary(store, &pool(), bits)).unwrap().summary
}

#[test]
fn an_instance_learns_from_one_read_whose_marks_another_changed_flt39() {
    let store = ScriptedStore::default();
    let mut seen = read(&store, 9);
    let mut other = Summary::new(9);
    other.touch(7, NOW);
    assert_eq!(write(&store, &mut other), Stored::Now);
    let now = read(&store, 9);
    let changed: Vec<usize> = (0..512)
        .filter(|page| now.stamp(*page) != seen.stamp(*page))
        .collect();
    assert_eq!(changed, [7]);
    seen.merge(&now);
    assert_eq!(seen.stamp(7), now.stamp(7));
}

#[test]
fn a_second_change_shows_whatever_the_clock_says_flt42() {
    for clock in [NOW, later(1), UnixMillis(NOW.0 - 3_600_000), UnixMillis(0)] {
        let mut summary = Summary::new(1);
        summary.touch(0, NOW);
        let before = summary.stamp(0);
        summary.touch(0, clock);
        assert_ne!(summary.stamp(0), before, "{clock:?}");
    }
    // An instance ten years ahead: its stamps are forgotten, and the next change shows.
    let store = ScriptedStore::default();
    let mut ahead = Summary::new(1);
    let years = UnixMillis(NOW.0 + 87_600 * 3_600_000);
    ahead.touch(0, years);
    run(write_summary(&store, &pool(), &mut ahead, years)).unwrap();
    let seen = read(&store, 1);
    let mut mine = Summary::new(1);
    mine.touch(0, NOW);
    write(&store, &mut mine);
    assert_ne!(read(&store, 1).stamp(0), seen.stamp(0));
}

#[test]
fn a_page_without_a_key_for_a_model_is_told_to_others_flt44() {
    let store = ScriptedStore::default();
    let mut mine = Summary::new(9);
    for page in 0..512 {
        mine.exhaust(page, "v3", MODEL, later(3600), NOW);
    }
    write(&store, &mut mine);
    let theirs = read(&store, 9);
    for page in 0..512 {
        assert_eq!(
            theirs.exhausted_until(page, "v3", MODEL, NOW),
            Some(later(3600))
        );
    }
    assert_eq!(theirs.exhausted_until(0, "v3", "another", NOW), None);
    assert_eq!(theirs.exhausted_until(0, "v3", MODEL, later(3600)), None);
}

#[test]
fn keys_that_come_later_are_not_hidden_by_what_was_true_of_the_others() {
    let (store, mut first) = (ScriptedStore::default(), Summary::new(1));
    first.exhaust(0, "old", MODEL, later(3600), NOW);
    write(&store, &mut first);
    let mut second = read(&store, 1);
    assert_eq!(second.exhausted_until(0, "new", MODEL, NOW), None);
    // What is true of the new keys replaces it, for whoever writes first and reads last.
    second.exhaust(0, "new", "another", later(10), NOW);
    write(&store, &mut second);
    write(&store, &mut first);
    assert_eq!(first, second);
    assert_eq!(first.exhausted_until(0, "old", MODEL, NOW), None);
    let until = first.exhausted_until(0, "new", "another", NOW);
    assert_eq!(until, Some(later(10)));
}

#[test]
fn a_hint_further_ahead_than_a_cooling_counts_as_past_flt42() {
    let mut summary = Summary::new(1);
    summary.exhaust(0, "v", MODEL, later(26 * 3600), NOW);
    assert_eq!(summary.exhausted_until(0, "v", MODEL, NOW), None);
    // It does not hide the true one for longer than until the next flush.
    write(&ScriptedStore::default(), &mut summary);
    summary.exhaust(0, "v", MODEL, later(60), NOW);
    assert_eq!(summary.exhausted_until(0, "v", MODEL, NOW), Some(later(60)));
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let store = ScriptedStore::default();
    let mut mine = Summary::new(4);
    mine.touch(3, NOW);
    mine.exhaust(3, "v", MODEL, later(100), NOW);
    assert_eq!(write(&store, &mut mine), Stored::Now);
    assert_eq!(write(&store, &mut mine), Stored::Before);
    let mut knows_less = Summary::new(4);
    assert_eq!(write(&store, &mut knows_less), Stored::Before);
    assert_eq!(knows_less, mine);
}

#[test]
fn an_instance_with_old_page_numbers_does_not_undo_the_new_ones() {
    let store = ScriptedStore::default();
    let mut new = Summary::new(5);
    new.touch(30, NOW);
    write(&store, &mut new);
    assert_eq!(write(&store, &mut Summary::new(4)), Stored::Not);
    assert_eq!(read(&store, 5), new);
    // Read with other numbers it says nothing.
    assert_eq!(read(&store, 4), Summary::new(4));
    let mut newer = Summary::new(6);
    newer.touch(1, NOW);
    assert_eq!(write(&store, &mut newer), Stored::Now);
    assert_eq!(read(&store, 6), newer);
}

#[test]
fn a_full_summary_of_2048_pages_fits_and_a_larger_one_keeps_what_saves_most_flt43() {
    for (bits, kept) in [(9, 8), (11, 8), (12, 2)] {
        let store = ScriptedStore::default();
        let mut mine = Summary::new(bits);
        for page in 0..1 << bits {
            mine.touch(page, later(u64::try_from(page).unwrap()));
            for model in 0..MAX_SUMMARY_MODELS {
                if page > model {
                    let name = format!("gemini-3.{model}-flash-image-preview-with-thinking");
                    mine.exhaust(page, "v", &name, later(90_000 - 2 * page as u64), NOW);
                }
            }
        }
        write(&store, &mut mine);
        assert!(store.document(NAME).unwrap().len() <= MAX_DOCUMENT_BYTES);
        let read = read(&store, bits);
        assert_eq!(read, mine);
        let models: Vec<&String> = read.hints.keys().collect();
        assert_eq!(models.len(), kept, "{bits}");
        assert!(models[0].starts_with("gemini-3.0-"));
    }
}

#[test]
fn a_ninth_model_takes_the_place_of_the_one_that_is_exhausted_least() {
    let mut summary = Summary::new(4);
    for model in 0..9 {
        for page in 0..=model {
            summary.exhaust(page, "v", &format!("m{model}"), later(100), NOW);
        }
    }
    assert_eq!(summary.exhausted_until(0, "v", "m0", NOW), None);
    assert!(summary.exhausted_until(0, "v", "m8", NOW).is_some());
}

#[test]
fn a_damaged_summary_reads_as_an_empty_one_and_is_replaced_flt30() {
    for bytes in [
        b"gpp\x01damaged, and long enough".to_vec(),
        to_plain(NAME, &"summary").unwrap(),
        to_plain(NAME, &serde_json::json!({"b": 40})).unwrap(),
        to_plain(NAME, &serde_json::json!({"b": 1, "w": "AAA", "e": ""})).unwrap(),
        to_plain(NAME, &serde_json::json!({"b": 1, "w": "AAAA", "e": ""})).unwrap(),
    ] {
        let store = ScriptedStore::default();
        store.put(NAME, bytes);
        let found = run(read_summary(&store, &pool(), 2)).unwrap();
        assert_eq!(found.summary, Summary::new(2));
        assert!(found.damage.is_some());
        let mut mine = Summary::new(2);
        mine.touch(0, NOW);
        assert_eq!(write(&store, &mut mine), Stored::Now);
        assert_eq!(read(&store, 2), mine);
    }
}

#[test]
fn pages_and_models_that_cannot_be_are_passed_over() {
    let mut summary = Summary::new(1);
    summary.touch(2, NOW);
    summary.exhaust(2, "v", MODEL, later(100), NOW);
    summary.exhaust(0, "v", &"m".repeat(129), later(100), NOW);
    assert_eq!(summary, Summary::new(1));
    assert_eq!(summary.stamp(2), 0);
    assert_eq!(summary.exhausted_until(2, "v", MODEL, NOW), None);
}

fn any_summary() -> impl Strategy<Value = Summary> {
    let event = (0..4_usize, "v[0-2]", "m[0-3]", 1..1000_u64);
    proptest::collection::vec(event, 0..12).prop_map(|events| {
        let mut summary = Summary::new(2);
        for (page, version, model, seconds) in events {
            if seconds % 3 == 0 {
                summary.touch(page, later(seconds));
            }
            summary.exhaust(page, &version, &model, later(seconds), NOW);
        }
        summary
    })
}

proptest! {
    #[test]
    fn merging_is_free_of_order_grouping_and_number(one in any_summary(), two in any_summary(), three in any_summary()) {
        let of = |parts: &[&Summary]| {
            let mut sum = Summary::new(2);
            for part in parts {
                sum.merge(part);
            }
            sum
        };
        let all = of(&[&one, &two, &three]);
        prop_assert_eq!(&of(&[&three, &one, &two]), &all);
        prop_assert_eq!(&of(&[&one, &of(&[&two, &three])]), &all);
        prop_assert_eq!(&of(&[&all, &one, &all, &two]), &all);
    }

    #[test]
    fn a_document_says_what_was_written_of_a_summary(mut one in any_summary(), mut two in any_summary()) {
        let store = ScriptedStore::default();
        write(&store, &mut one);
        prop_assert_eq!(read(&store, 2), one.clone());
        write(&store, &mut two);
        one.merge(&two);
        prop_assert_eq!(read(&store, 2), two.clone());
        prop_assert_eq!(two, one);
    }
}
