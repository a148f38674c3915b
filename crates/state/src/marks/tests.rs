//! Claims about shared marks.

use std::collections::BTreeSet;

use gempool_pool::{CoolingCause, CoolingMark, DeathCause, KeyId};
use proptest::prelude::*;

use super::*;
use crate::envelope::{MAX_DOCUMENT_BYTES, to_plain};
use crate::scripted_store::{Outcome, ScriptedStore, run};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const HOUR: u64 = 3_600_000;

fn pool() -> PoolId {
    "team-a".parse().unwrap()
}

/// Keys spread over all pages, as digests do.
fn key(number: u32) -> KeyId {
    let [a, b, c, d] = number.wrapping_mul(0x9e37_79b1).to_be_bytes();
    KeyId::from_bytes([a, b, c, d, 0, 0, 0, 1])
}

fn mark(number: u32) -> Mark {
    Mark {
        key: key(number),
        generation: 0,
        dead: None,
        coolings: Vec::new(),
        project: None,
    }
}

fn cooling(model: &str, hours: u64) -> CoolingMark {
    CoolingMark {
        model: Some(model.to_owned()),
        until: UnixMillis(NOW.0 + hours * HOUR),
        cause: CoolingCause::DayQuota,
    }
}

fn cooling_key(number: u32, hours: u64) -> Mark {
    Mark {
        coolings: vec![cooling("gemini-2.5-flash", hours)],
        ..mark(number)
    }
}

fn dead_key(number: u32) -> Mark {
    Mark {
        dead: Some(DeathCause::Leaked),
        ..mark(number)
    }
}

fn write(store: &ScriptedStore, mine: &[Mark], now: UnixMillis) -> WrittenMarks {
    run(write_marks(store, &pool(), 0, 0, mine, now)).unwrap()
}

fn read_all(store: &ScriptedStore, bits: u8) -> Vec<Mark> {
    let pages =
        (0..1 << bits).flat_map(|page| run(read_marks(store, &pool(), bits, page)).unwrap().marks);
    pages.collect()
}

#[test]
fn two_instances_see_each_others_marks_flt39() {
    let store = ScriptedStore::default();
    write(&store, &[cooling_key(1, 2)], NOW);
    let second = write(&store, &[dead_key(2)], NOW);
    assert_eq!(second.stored, Stored::Now);
    assert_eq!(second.marks.len(), 2);
    assert_eq!(read_all(&store, 0), second.marks);
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let store = ScriptedStore::default();
    write(&store, &[cooling_key(1, 2)], NOW);
    let again = write(&store, &[cooling_key(1, 2)], NOW);
    assert_eq!(again.stored, Stored::Before);
    let later = write(&store, &[cooling_key(1, 3)], NOW);
    assert_eq!(later.stored, Stored::Now);
    let shorter = write(&store, &[cooling_key(1, 1)], NOW);
    assert_eq!(
        (shorter.stored, shorter.marks),
        (Stored::Before, later.marks)
    );
}

#[test]
fn a_mark_that_a_racing_writer_undid_is_written_at_the_next_flush() {
    let store = ScriptedStore::default();
    let other = ScriptedStore::default();
    write(&other, &[cooling_key(2, 2)], NOW);
    let theirs = other.document("gp1:c:team-a:0:0");
    store.overwrite_next.borrow_mut().push(theirs);
    let mine = [cooling_key(1, 2)];
    assert_eq!(write(&store, &mine, NOW).stored, Stored::Now);
    let second = write(&store, &mine, NOW);
    assert_eq!((second.stored, second.marks.len()), (Stored::Now, 2));
    assert_eq!(write(&store, &mine, NOW).stored, Stored::Before);
}

#[test]
fn coolings_go_when_they_are_over_and_deaths_stay() {
    let store = ScriptedStore::default();
    write(&store, &[cooling_key(1, 2), dead_key(2)], NOW);
    let later = UnixMillis(NOW.0 + 2 * HOUR);
    let written = write(&store, &[cooling_key(3, 3)], later);
    assert_eq!(
        written
            .marks
            .iter()
            .map(|mark| mark.key)
            .collect::<BTreeSet<_>>(),
        BTreeSet::from([key(2), key(3)])
    );
}

#[test]
fn a_time_that_only_a_broken_clock_sets_counts_as_past_flt42() {
    let store = ScriptedStore::default();
    let years = UnixMillis(NOW.0 + 87_600 * HOUR);
    // An instance ten years ahead writes what is right for its own clock.
    let theirs = Mark {
        coolings: vec![CoolingMark {
            until: UnixMillis(years.0 + HOUR),
            ..cooling("gemini-2.5-flash", 0)
        }],
        ..mark(1)
    };
    assert_eq!(write(&store, &[theirs], years).stored, Stored::Now);
    // It neither lasts for years nor hides the true cooling.
    let written = write(&store, &[cooling_key(1, 2)], NOW);
    assert_eq!(written.marks, [cooling_key(1, 2)]);
    for hours in [0, 26] {
        let written = write(&ScriptedStore::default(), &[cooling_key(1, hours)], NOW);
        assert_eq!(
            (written.stored, written.marks),
            (Stored::Before, vec![]),
            "{hours}"
        );
    }
}

#[test]
fn a_revived_key_is_not_killed_by_marks_of_its_earlier_life_flt5() {
    let store = ScriptedStore::default();
    write(&store, &[dead_key(1)], NOW);
    let revived = Mark {
        generation: 1,
        ..cooling_key(1, 2)
    };
    let written = write(&store, std::slice::from_ref(&revived), NOW);
    assert_eq!(written.marks, std::slice::from_ref(&revived));
    let stale = write(&store, &[dead_key(1)], NOW);
    assert_eq!((stale.stored, stale.marks), (Stored::Before, vec![revived]));
}

#[test]
fn a_damaged_document_reads_as_none_is_named_and_replaced_flt30() {
    let name = "gp1:c:team-a:0:0";
    let good = ScriptedStore::default();
    write(&good, &[dead_key(1)], NOW);
    let good = good.document(name).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for (bytes, damage) in [
        (flipped, Damage::Changed),
        (good[..9].to_vec(), Damage::Truncated),
        (b"[]".to_vec(), Damage::Truncated),
        (b"1234567890".to_vec(), Damage::Foreign),
        (to_plain(name, &"marks").unwrap(), Damage::OtherType),
    ] {
        let store = ScriptedStore::default();
        store.put(name, bytes);
        let read = run(read_marks(&store, &pool(), 0, 0)).unwrap();
        assert_eq!((read.marks, read.damage), (vec![], Some(damage)));
        let written = write(&store, &[dead_key(2)], NOW);
        assert_eq!(
            (written.stored, written.damage),
            (Stored::Now, Some(damage))
        );
        assert_eq!(write(&store, &[], NOW).damage, None);
    }
}

#[test]
fn a_document_of_a_newer_version_stays_flt49() {
    let store = ScriptedStore::default();
    store.put("gp1:c:team-a:0:0", b"gpp\x02something else".to_vec());
    assert_eq!(write(&store, &[dead_key(2)], NOW).stored, Stored::Not);
    assert_eq!(
        store.document("gp1:c:team-a:0:0").unwrap(),
        b"gpp\x02something else"
    );
}

#[test]
fn fields_and_causes_of_a_newer_version_do_not_hide_what_is_known_flt49() {
    let name = "gp1:c:team-a:0:0";
    let document = serde_json::json!({
        "t": NOW.0, "later": {}, "s": ["gemini-2.5-flash", "day-quota", "moon-phase", "leaked"],
        "k": [
            {"k": "0000000000000001", "c": [[1, 1000, 2, 99], [0, 2000, 3], [9, 1, 2], [1]], "later": 1},
            {"k": "0000000000000002", "d": 3},
            {"k": "0000000000000003", "d": 4, "p": 77},
        ],
    });
    let store = ScriptedStore::default();
    store.put(name, to_plain(name, &document).unwrap());
    let read = run(read_marks(&store, &pool(), 0, 0)).unwrap();
    let [first, second, third] = read.marks.as_slice() else {
        panic!("{read:?}");
    };
    let until = |millis| UnixMillis(NOW.0 + millis);
    assert_eq!(
        first.coolings,
        [
            CoolingMark {
                model: None,
                until: until(2000),
                cause: CoolingCause::Unexplained
            },
            CoolingMark {
                model: Some("gemini-2.5-flash".to_owned()),
                until: until(1000),
                cause: CoolingCause::DayQuota
            },
        ]
    );
    assert_eq!(second.dead, Some(DeathCause::Rejected));
    assert_eq!(
        (third.dead, &third.project),
        (Some(DeathCause::Leaked), &None)
    );
}

#[test]
fn two_hundred_keys_that_cool_for_a_dozen_models_fit_flt43() {
    let store = ScriptedStore::default();
    let marks: Vec<Mark> = (0..200)
        .map(|number| Mark {
            project: Some(format!(
                "projects/{}",
                100_000_000_000_u64 + u64::from(number)
            )),
            coolings: (0..12)
                .map(|model| cooling(&format!("gemini-3.{model}-flash-preview"), model + 1))
                .collect(),
            ..mark(number)
        })
        .collect();
    let written = write(&store, &marks, NOW);
    let coolings: usize = written.marks.iter().map(|mark| mark.coolings.len()).sum();
    assert_eq!(coolings, 200 * 12);
    assert_eq!(read_all(&store, 0), written.marks);
}

#[test]
fn what_does_not_fit_goes_by_worth_and_no_death_before_a_cooling_flt31() {
    let store = ScriptedStore::default();
    let mut marks: Vec<Mark> = (0..256)
        .map(|number| Mark {
            coolings: (0..64)
                .map(|model| cooling(&format!("model-{model}"), model % 24 + 1))
                .collect(),
            ..mark(number)
        })
        .collect();
    marks.extend((256..512).map(dead_key));
    let written = write(&store, &marks, NOW);
    assert_eq!(read_all(&store, 0), written.marks);
    assert!(store.document("gp1:c:team-a:0:0").unwrap().len() > MAX_DOCUMENT_BYTES * 4 / 5);
    let deaths = written.marks.iter().filter(|mark| mark.dead.is_some());
    assert_eq!(deaths.count(), 256);
    let ends = |marks: &[Mark]| -> Vec<UnixMillis> {
        let coolings = marks.iter().flat_map(|mark| &mark.coolings);
        let mut ends: Vec<_> = coolings.map(|cooling| cooling.until).collect();
        ends.sort();
        ends
    };
    let (all, kept) = (ends(&marks), ends(&written.marks));
    assert!(kept.len() > 1000, "{}", kept.len());
    assert!(all.ends_with(&kept), "those that end last are kept");
}

#[test]
fn deaths_of_keys_that_are_gone_give_way_to_new_ones_flt31() {
    let store = ScriptedStore::default();
    let old: Vec<Mark> = (0..3000).map(dead_key).collect();
    write(&store, &old, NOW);
    let new: Vec<Mark> = (5000..5256).map(dead_key).collect();
    write(&store, &new, UnixMillis(NOW.0 + HOUR));
    let kept: BTreeSet<KeyId> = read_all(&store, 0).iter().map(|mark| mark.key).collect();
    assert!(new.iter().all(|mark| kept.contains(&mark.key)));
    assert!(kept.len() > 512, "{}", kept.len());
}

#[test]
fn a_store_that_is_away_is_an_error_and_nothing_is_written_blindly_flt27() {
    let store = ScriptedStore::default();
    write(&store, &[dead_key(1)], NOW);
    let before = store.document("gp1:c:team-a:0:0");
    store.script.borrow_mut().push(Outcome::Fails);
    assert!(run(write_marks(&store, &pool(), 0, 0, &[dead_key(2)], NOW)).is_err());
    assert_eq!(store.document("gp1:c:team-a:0:0"), before);
}

#[test]
fn marks_follow_their_keys_to_other_pages() {
    for (old, new) in [(0, 3), (3, 0), (2, 9), (9, 8), (4, 4)] {
        let store = ScriptedStore::default();
        let marks: Vec<Mark> = (0..500).map(|number| cooling_key(number, 2)).collect();
        for page in 0..1 << old {
            run(write_marks(&store, &pool(), old, page, &marks, NOW)).unwrap();
        }
        let before = read_all(&store, old);
        assert_eq!(before.len(), 500);
        store.calls.set(0);
        let migrated = run(migrate_marks(&store, &pool(), old, new, NOW)).unwrap();
        let moved = if old == new { 0 } else { 500 };
        assert_eq!((migrated.marks, migrated.damaged), (moved, vec![]));
        assert!(store.calls.get() <= 2 * ((1 << old) + (1 << new)));
        assert!(store.most_under_way.get() <= MIGRATION_CALLS);
        assert_eq!(read_all(&store, new), before, "{old} {new}");
        let prefix = format!("gp1:c:team-a:{new}:");
        assert!(store.names().iter().all(|name| name.starts_with(&prefix)));
        run(forget_marks(&store, &pool(), new)).unwrap();
        assert_eq!(store.names(), Vec::<String>::new());
    }
}

#[test]
fn an_interrupted_move_can_be_repeated_flt50() {
    for failing in 0..60 {
        let store = ScriptedStore::default();
        let marks: Vec<Mark> = (0..20).map(|number| cooling_key(number, 2)).collect();
        for page in 0..4 {
            run(write_marks(&store, &pool(), 2, page, &marks, NOW)).unwrap();
        }
        let before = read_all(&store, 2);
        let mut script = vec![Outcome::Fails];
        script.extend(vec![Outcome::Works; failing]);
        store.script.replace(script);
        let _ = run(migrate_marks(&store, &pool(), 2, 4, NOW));
        store.script.replace(Vec::new());
        run(migrate_marks(&store, &pool(), 2, 4, NOW)).unwrap();
        assert_eq!(read_all(&store, 4), before, "{failing}");
    }
}

#[test]
fn marks_of_other_pages_are_passed_over() {
    let store = ScriptedStore::default();
    let marks: Vec<Mark> = (0..64).map(dead_key).collect();
    let written = run(write_marks(&store, &pool(), 3, 5, &marks, NOW)).unwrap();
    assert!(!written.marks.is_empty());
    assert!(written.marks.iter().all(|mark| mark.key.page(3) == 5));
}

fn any_cooling() -> impl Strategy<Value = CoolingMark> {
    let model = proptest::option::of("m[0-2]");
    let cause = prop_oneof![
        Just(CoolingCause::DayQuota),
        Just(CoolingCause::MinuteQuota)
    ];
    (model, 0..30_u64, cause).prop_map(|(model, hours, cause)| CoolingMark {
        model,
        until: UnixMillis(NOW.0 + hours * HOUR),
        cause,
    })
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let cause = prop_oneof![Just(DeathCause::Invalid), Just(DeathCause::Leaked)];
    (
        0..4_u32,
        0..3_u32,
        proptest::option::weighted(0.2, cause),
        proptest::collection::vec(any_cooling(), 0..4),
        proptest::option::of("p[0-2]"),
    )
        .prop_map(|(number, generation, dead, coolings, project)| Mark {
            generation,
            dead,
            coolings,
            project,
            ..mark(number)
        })
}

fn any_marks() -> impl Strategy<Value = Vec<Mark>> {
    proptest::collection::vec(any_mark(), 0..8)
}

/// What the document says after these writes, in this order.
fn after(writes: &[&[Mark]]) -> Option<Vec<u8>> {
    let store = ScriptedStore::default();
    for marks in writes {
        write(&store, marks, NOW);
    }
    store.document("gp1:c:team-a:0:0")
}

proptest! {
    #[test]
    fn documents_merge_in_any_order_grouping_and_number(one in any_marks(), two in any_marks(), three in any_marks()) {
        let all = after(&[&one, &two, &three]);
        prop_assert_eq!(&after(&[&three, &one, &two]), &all);
        prop_assert_eq!(&after(&[&one, &one, &two, &three, &two, &three]), &all);
        // Grouped: another instance first made two and three into one.
        let store = ScriptedStore::default();
        write(&store, &two, NOW);
        let group = write(&store, &three, NOW).marks;
        prop_assert_eq!(&after(&[&one, &group]), &all);
        prop_assert_eq!(&after(&[&group, &one]), &all);
    }

    #[test]
    fn a_document_says_what_was_written(one in any_marks()) {
        let store = ScriptedStore::default();
        let written = write(&store, &one, NOW);
        prop_assert_eq!(read_all(&store, 0), written.marks.clone());
        for mark in &written.marks {
            let latest = one.iter().filter(|known| known.key == mark.key).map(|known| known.generation).max();
            prop_assert!(Some(mark.generation) <= latest);
            prop_assert!(mark.dead.is_none() || mark.coolings.is_empty());
            let horizon = NOW.saturating_add(gempool_pool::MAX_COOLING);
            prop_assert!(mark.coolings.iter().all(|cooling| cooling.until > NOW && cooling.until <= horizon));
        }
    }
}
