//! The cost of a choice does not grow with the pool, and the answer is right all the same.

use crate::choose::MAX_PAGES_PROBED;
use crate::key_id::KeyId;
use crate::policy::Policy;
use crate::rig::{INVALID, MODEL, NOW, Rig, Stored, after, cool, rate_limited, records};
use crate::verdict::{CoolingCause, Scope};
use crate::wait::WaitCause;
use crate::wish::NoKey;

/// 64 pages of about 60 keys.
fn large() -> (Rig, Vec<KeyId>) {
    let rig = Stored::new(6, records(4000)).loaded(Policy::default());
    let ids = rig.pool.slots().map(|slot| slot.id).collect();
    (rig, ids)
}

fn probed(rig: &mut Rig) -> (usize, Result<KeyId, NoKey>) {
    let before = rig.pool.probed;
    let found = rig.select(NOW).map(|selected| selected.id);
    (rig.pool.probed - before, found)
}

#[test]
fn one_page_is_looked_at_while_all_is_well() {
    let (mut rig, _) = large();
    for _ in 0..500 {
        assert_eq!(probed(&mut rig).0, 1);
    }
}

#[test]
fn the_last_page_with_a_key_is_found_at_once_flt44() {
    let (mut rig, ids) = large();
    rig.select(NOW).unwrap();
    let left = ids[ids.len() / 2];
    for key in ids.iter().filter(|key| **key != left) {
        rig.report(*key, &rate_limited(after(600)), NOW);
    }
    for _ in 0..50 {
        assert_eq!(probed(&mut rig), (1, Ok(left)));
    }
}

#[test]
fn all_keys_out_is_said_at_once_with_the_soonest_return_flt44() {
    let (mut rig, ids) = large();
    rig.select(NOW).unwrap();
    for (number, key) in (100..).zip(&ids) {
        rig.report(*key, &rate_limited(after(number)), NOW);
    }
    let none = NoKey::AllCooling {
        soonest: after(100),
        cause: WaitCause::Cooling(CoolingCause::RateLimited),
    };
    assert_eq!(probed(&mut rig), (0, Err(none)));
    assert_eq!(rig.select(after(100)).unwrap().id, ids[0]);
}

#[test]
fn deaths_and_coolings_of_whole_keys_count_for_every_model_asked_for() {
    let (mut rig, ids) = large();
    rig.try_for("another-model", &[], NOW, 0).unwrap();
    rig.select(NOW).unwrap();
    let (dead, cooling) = ids.split_at(ids.len() / 2);
    for key in dead {
        rig.report(*key, &INVALID, NOW);
    }
    for key in cooling {
        let broke = cool(Scope::Key, after(900), CoolingCause::CreditsDepleted);
        rig.report(*key, &broke, NOW);
    }
    for model in [MODEL, "another-model"] {
        let before = rig.pool.probed;
        let none = rig.try_for(model, &[], NOW, 0).unwrap_err();
        assert!(matches!(none, NoKey::AllCooling { soonest, .. } if soonest == after(900)));
        assert_eq!(rig.pool.probed, before, "{model}");
    }
}

#[test]
fn what_changed_unseen_costs_eight_pages_and_is_worth_asking_again() {
    let (mut rig, ids) = large();
    // No model has been asked for, so nobody has looked at the pages.
    for key in &ids {
        rig.report(*key, &rate_limited(after(600)), NOW);
    }
    let mut asked = 0;
    loop {
        let (pages, found) = probed(&mut rig);
        assert!(pages <= MAX_PAGES_PROBED);
        asked += 1;
        match found.unwrap_err() {
            NoKey::AllCooling {
                soonest,
                cause: WaitCause::Unknown,
            } => assert_eq!(soonest, NOW),
            NoKey::AllCooling { soonest, .. } => {
                assert_eq!(soonest, after(600));
                break;
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(asked, 64 / MAX_PAGES_PROBED);
}

#[test]
fn tried_keys_do_not_hide_the_others_of_their_pages() {
    let mut rig = Stored::new(2, records(12)).loaded(Policy::default());
    let mut tried = Vec::new();
    for _ in 0..12 {
        let selected = rig.try_for(MODEL, &tried, NOW, 5).unwrap();
        assert!(!tried.contains(&selected.id));
        tried.push(selected.id);
    }
    let none = rig.try_for(MODEL, &tried, NOW, 5).unwrap_err();
    assert_eq!(none, NoKey::AllTried);
}
