//! Many editors and folders at once, in hundreds of orders, with crashes, failures and freezes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use futures::future::LocalBoxFuture;

use crate::tests::scheduler::{Dice, Trouble, interleave};
use crate::tests::world::{World, add_keys, pool, put_pool};
use crate::{Change, EditError, Ledger, PoolConfig, current_head, find_pool};

/// What editors were told.
#[derive(Default)]
struct Told {
    /// Words that are in the pool's description, each put there by a conditional edit of its own.
    words: BTreeSet<String>,
    /// Groups of keys.
    groups: BTreeSet<usize>,
}

/// One editor: adds groups of three keys, and a word to the description as everybody else does.
async fn edit(ledger: Ledger<'_>, number: usize, edits: usize, told: &RefCell<Told>) {
    for edit in 0..edits {
        let group = number * 100 + edit;
        if edit % 2 == 0 {
            let keys = [0, 1, 2].map(|key| format!("key-{group}-{key}"));
            let change = add_keys("a", &keys.each_ref().map(String::as_str));
            if ledger.edit("adder", vec![change]).await.is_ok() {
                told.borrow_mut().groups.insert(group);
            }
            continue;
        }
        let word = format!("w{group}");
        for _ in 0..20 {
            match append_word(ledger, &word).await {
                Ok(()) => {
                    told.borrow_mut().words.insert(word);
                    break;
                }
                Err(EditError::Conflict { .. }) => {}
                Err(_) => break,
            }
        }
    }
}

async fn append_word(ledger: Ledger<'_>, word: &str) -> Result<(), EditError> {
    let unreadable = EditError::Unreadable;
    let head = current_head(ledger.store, ledger.vault)
        .await
        .map_err(unreadable)?;
    let head = head.expect("a head never disappears");
    let root = find_pool(ledger.store, ledger.vault, &head, &pool("a"))
        .await
        .map_err(unreadable)?;
    let config = root.expect("a pool never disappears").config;
    let change = Change::PutPool {
        base: Some(config.stamp),
        config: Box::new(PoolConfig {
            description: format!("{} {word}", config.description),
            ..config
        }),
    };
    ledger.edit("writer", vec![change]).await.map(|_| ())
}

async fn fold(ledger: Ledger<'_>, times: usize) {
    for _ in 0..times {
        // Whether it succeeds is not the folder's to care for.
        let _result = ledger.fold().await;
    }
}

/// One run; what must hold is checked at its end. What it returns is how many numbers were passed over, and how many
/// of those were filled after all.
fn check(
    seed: u64,
    editors: usize,
    folders: usize,
    trouble: Trouble,
    failing: usize,
    holding: usize,
) -> (usize, usize) {
    let world = World::new(seed);
    world.edit(vec![put_pool("a", Some(0))]).unwrap();
    let told = RefCell::new(Told::default());
    let clock = || world.time();
    let ledger = world.ledger(&world.vault, &clock);
    world.is_shared.set(true);
    // Calls of all tasks together take so long that folders lose patience with frozen editors, and give up when they
    // were frozen themselves.
    world.tick.set(10);
    world.failing.set(failing);
    world.holding.set(holding);
    let mut tasks: Vec<LocalBoxFuture<'_, ()>> = Vec::new();
    for number in 0..editors {
        tasks.push(Box::pin(edit(ledger, number, 4, &told)));
    }
    for _ in 0..folders {
        tasks.push(Box::pin(fold(ledger, 4)));
    }
    interleave(&mut Dice(seed ^ 0x5eed), trouble, tasks);

    world.is_shared.set(false);
    world.failing.set(0);
    let head = world
        .with_ledger(async |ledger| ledger.fold().await)
        .unwrap()
        .unwrap();
    let given = world.counters.borrow().get("gp1:n:seq").copied().unwrap();
    assert_eq!(i64::try_from(head.folded()).unwrap(), given, "seed {seed}");

    let description = world.root("a").config.description;
    let words: Vec<&str> = description.split_whitespace().collect();
    let once: BTreeSet<&str> = words.iter().copied().collect();
    assert_eq!(
        words.len(),
        once.len(),
        "seed {seed}: twice in {description}"
    );
    let told = told.into_inner();
    for word in &told.words {
        assert!(once.contains(word.as_str()), "seed {seed}: {word} is lost");
    }

    let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
    for key in world.keys("a") {
        let text = key.key.expose().to_owned();
        let group = text.split('-').nth(1).unwrap().parse().unwrap();
        *groups.entry(group).or_default() += 1;
    }
    for (group, keys) in &groups {
        assert_eq!(*keys, 3, "seed {seed}: half of group {group}");
    }
    for group in &told.groups {
        assert!(
            groups.contains_key(group),
            "seed {seed}: group {group} is lost"
        );
    }
    let documents = world.documents.borrow();
    let passed_over = documents
        .keys()
        .filter_map(|name| name.strip_prefix("gp1:x:"));
    let filled = passed_over
        .clone()
        .filter(|seq| documents.contains_key(&format!("gp1:o:{seq}")));
    (passed_over.clone().count(), filled.count())
}

/// How many orders each test tries: as many as take a second, or what `GEMPOOL_SEEDS` says.
fn seeds() -> u64 {
    let asked = std::env::var("GEMPOOL_SEEDS").ok();
    let usual = if cfg!(debug_assertions) { 10 } else { 400 };
    asked.map_or(usual, |seeds| seeds.parse().expect("a number"))
}

#[test]
fn no_acknowledged_edit_is_lost_whatever_the_order_flt46() {
    for seed in 0..seeds() {
        check(seed, 3, 1, Trouble::default(), 0, 0);
    }
}

#[test]
fn a_crash_between_any_two_calls_loses_nothing_and_leaves_no_half_flt35() {
    let mut holes = 0;
    for seed in 0..seeds() {
        let trouble = Trouble {
            crash: 60,
            freeze: 0,
        };
        holes += check(seed, 4, 2, trouble, 0, 0).0;
    }
    assert!(
        holes > 0,
        "some editor crashed before its operation was there"
    );
}

#[test]
fn calls_that_fail_lose_nothing_and_leave_no_half_flt35() {
    for seed in 0..seeds() {
        check(seed, 3, 2, Trouble::default(), 40, 0);
    }
}

#[test]
fn editors_and_folders_that_freeze_lose_nothing_flt46_flt47() {
    let mut late = 0;
    for seed in 0..seeds() {
        let trouble = Trouble {
            crash: 400,
            freeze: 60,
        };
        late += check(seed, 3, 3, trouble, 0, 4).1;
    }
    assert!(late > 0, "some editor came back after it was passed over");
}

/// The tree of a log that was folded with pauses after some of its edits.
fn fold_in_parts(seed: u64) -> (Vec<(String, Vec<u8>)>, usize) {
    let world = World::new(seed);
    let mut dice = Dice(seed);
    world.edit(vec![put_pool("a", None)]).unwrap();
    let mut changes = Vec::new();
    for number in 0..60 {
        let keys: Vec<String> = (0..12).map(|key| format!("key-{number}-{key}")).collect();
        let texts: Vec<&str> = keys.iter().map(String::as_str).collect();
        changes.push(add_keys("a", &texts));
        if number % 7 == 0 {
            changes.push(put_pool("a", None));
        }
        if number % 10 == 9 {
            let keys = [add_keys("a", &texts)];
            let ids = keys.iter().flat_map(|change| match change {
                Change::AddKeys { keys, .. } => keys.iter().map(gempool_pool::KeyRecord::id),
                _ => panic!("another change"),
            });
            changes.push(Change::RemoveKeys {
                pool: pool("a"),
                ids: ids.take(5).collect(),
            });
        }
    }
    let mut folds = 0;
    while !changes.is_empty() {
        // One call is folded at once.
        let part = (1 + dice.below(20)).min(changes.len());
        world.edit(changes.drain(..part).collect()).unwrap();
        folds += 1;
    }
    let head = world.head();
    let root = world.root("a");
    let mut names: Vec<String> = crate::whole::documents(&root.keys)
        .map(crate::DocId::name)
        .collect();
    names.push(head.pool(&pool("a")).unwrap().doc.name());
    let documents = world.documents.borrow();
    let opened = names
        .into_iter()
        .map(|name| {
            let content = world
                .vault
                .open(&name, documents.get(&name).unwrap())
                .unwrap();
            (name, content)
        })
        .collect();
    (opened, folds)
}

#[test]
fn the_same_edits_make_the_same_documents_however_they_are_folded_flt47() {
    let (first, folds) = fold_in_parts(0);
    assert!(first.len() > 3, "several pages");
    let mut others = BTreeSet::from([folds]);
    for seed in 1..4 {
        let (other, folds) = fold_in_parts(seed);
        assert_eq!(first, other, "seed {seed}");
        others.insert(folds);
    }
    assert!(others.len() > 1, "folded in different parts");
}
