//! Shares follow the weights, on one instance and on many, in one page and in many.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::chance::mixed;
use crate::key_id::KeyId;
use crate::policy::{Affinity, Policy};
use crate::rig::{MODEL, NOW, Rig, Stored, after, count, id, rate_limited, records};
use crate::strategy::Strategy;
use crate::wish::{Choice, Wish};

fn list(weights: &[u32]) -> String {
    let keys = weights.iter().enumerate();
    keys.map(|(number, weight)| format!("k{number}*{weight},"))
        .collect()
}

#[test]
fn three_to_one_to_one_is_exact_in_any_five() {
    let mut rig = Rig::new("a*3,b,c", Strategy::Weighted);
    for window in rig.take_many(1000).windows(5) {
        assert_eq!(["a", "b", "c"].map(|key| count(window, key)), [3, 1, 1]);
    }
}

#[test]
fn sixteen_instances_that_begin_anywhere_share_within_three_percent() {
    let mut taken = Vec::new();
    for instance in 0..16_u64 {
        let mut rig = Rig::new("a*3,b,c", Strategy::Weighted);
        // Between one request and a hundred per instance: none of them has the time to be exact.
        let random = mixed(instance, 4);
        for _ in 0..=random % 100 {
            taken.push(rig.try_for(MODEL, &[], NOW, random).unwrap().id);
        }
    }
    let total = taken.len();
    for (key, percent) in [("a", 60), ("b", 20), ("c", 20)] {
        let share = count(&taken, key) * 1000 / total;
        assert!(share.abs_diff(percent * 10) <= 30, "{key}: {share} of 1000");
    }
}

#[test]
fn a_pool_of_many_pages_shares_by_weight_and_reaches_every_key() {
    let weights: Vec<u32> = (0..600).map(|number| [1, 1, 4][number % 3]).collect();
    let mut rig = Rig::new(&list(&weights), Strategy::Weighted);
    assert!(rig.pool.pages.len() > 2);
    let rounds = 3;
    let mut counts = BTreeMap::<KeyId, usize>::new();
    for key in rig.take_many(1200 * rounds) {
        *counts.entry(key).or_default() += 1;
    }
    for (number, weight) in weights.into_iter().enumerate() {
        let count = counts[&id(&format!("k{number}"))];
        let expected = usize::try_from(weight).unwrap() * rounds;
        assert!(
            count.abs_diff(expected) <= 1,
            "k{number}: {count} of {expected}"
        );
    }
}

#[test]
fn every_strategy_that_takes_turns_reaches_every_key_of_many_pages() {
    for strategy in [Strategy::RoundRobin, Strategy::LeastRecentlyUsed] {
        let mut rig = Rig::new(&list(&[1; 700]), strategy);
        let mut taken = rig.take_many(720);
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), 700, "{strategy}");
    }
}

#[test]
fn a_page_with_few_usable_keys_gets_few_requests() {
    let mut rig = Rig::new(&list(&[1; 600]), Strategy::Weighted);
    let (first, rest): (Vec<_>, Vec<_>) = rig
        .pool
        .slots()
        .map(|slot| slot.id)
        .partition(|id| id.page(rig.pool.bits()) == 0);
    for key in &first[1..] {
        rig.report(*key, &rate_limited(after(600)), NOW);
    }
    let taken = rig.take_many(10 * (rest.len() + 1));
    let lonely = taken.iter().filter(|key| **key == first[0]).count();
    assert!((9..=12).contains(&lonely), "{lonely}");
}

#[test]
fn a_conversation_keeps_its_key_while_other_keys_come_and_go() {
    let policy = Policy {
        affinity: Affinity::Conversation,
        ..Policy::default()
    };
    let mut rig = Rig::with_policy(&list(&[1; 900]), policy);
    let ask = |rig: &mut Rig, conversation, tried: &[KeyId]| {
        let wish = Wish {
            model: MODEL,
            conversation: Some(conversation),
            tried,
            ..Wish::default()
        };
        match rig.choose(&wish, NOW, conversation) {
            Choice::Key(selected) => selected.id,
            other => panic!("{other:?}"),
        }
    };
    let before: Vec<_> = (0..200).map(|number| ask(&mut rig, number, &[])).collect();
    let lost = before[7];
    rig.report(lost, &rate_limited(after(60)), NOW);
    for (number, key) in (0..).zip(&before) {
        let now = ask(&mut rig, number, &[]);
        assert_eq!(now == *key, *key != lost, "{number}");
    }
    let second = ask(&mut rig, 8, &[before[8]]);
    assert_ne!(second, before[8]);
    assert_eq!(
        ask(&mut rig, 8, &[before[8]]),
        second,
        "the second choice stays, too"
    );
    let mut used = before;
    used.sort();
    used.dedup();
    assert!(used.len() > 150, "conversations spread over the keys");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shares_converge_to_any_weights(
        weights in prop::collection::vec(1_u32..20, 1..120),
        strategy in prop::sample::select(vec![Strategy::Weighted, Strategy::Random]),
    ) {
        let mut all = records(weights.len());
        for (record, weight) in all.iter_mut().zip(&weights) {
            record.weight = (*weight).try_into().unwrap();
        }
        let mut rig = Stored::new(2, all).loaded(Policy { strategy, ..Policy::default() });
        let numbers: BTreeMap<_, _> =
            (0..weights.len()).map(|number| (id(&format!("k{number}")), number)).collect();
        let mut counts = vec![0_u32; weights.len()];
        let mut random = 1;
        for _ in 0..weights.iter().sum::<u32>() * 3 {
            random = mixed(random, 3);
            let selected = rig.try_for(MODEL, &[], NOW, random).unwrap();
            counts[numbers[&selected.id]] += 1;
        }
        for (count, weight) in counts.into_iter().zip(weights) {
            let expected = f64::from(weight * 3);
            // By chance, six standard deviations; in turn, the rounding of pages.
            let tolerance = if strategy == Strategy::Random { 6.0 * expected.sqrt() } else { 2.0 };
            prop_assert!((f64::from(count) - expected).abs() <= tolerance, "{} of {}", count, expected);
        }
    }
}
