//! The status document, field by field.

use serde_json::json;

use super::*;
use crate::rig::{NOW, Rig, after, cool, id};
use crate::verdict::{Scope, Verdict};

fn rig(keys: &str) -> Rig {
    Rig::new(keys, Strategy::RoundRobin)
}

#[test]
fn a_pool_with_nothing_to_report_has_four_counts_and_a_strategy() {
    let rig = rig("a,b");
    assert_eq!(
        serde_json::to_value(rig.pool.status(NOW)).unwrap(),
        json!({"totalKeys": 2, "availableKeys": 2, "failedKeys": 0, "coolingKeys": 0, "strategy": "round-robin"})
    );
}

#[test]
fn shows_cooling_and_dead_keys_by_their_masks() {
    let (one, two) = (
        "AIzaSyABC1-aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "AIzaSyABC2-bbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    );
    let mut rig = rig(&format!("{one},{two},c,d"));
    let day = cool(Scope::Model, after(86_400), CoolingCause::DayQuota);
    rig.report_for("gemini-2.5-pro", id(one), &day, NOW, 0);
    rig.report_for(
        "gemini-2.5-flash",
        id(one),
        &cool(Scope::Key, after(299), CoolingCause::KeyRestricted),
        NOW,
        0,
    );
    rig.report_for(
        "m",
        id(two),
        &Verdict::Dead {
            cause: DeathCause::Leaked,
        },
        NOW,
        0,
    );
    assert_eq!(
        serde_json::to_value(rig.pool.status(NOW)).unwrap(),
        json!({
            "totalKeys": 4, "availableKeys": 2, "failedKeys": 1, "coolingKeys": 1, "strategy": "round-robin",
            "coolingDetails": [{
                "key": "AIzaSyABC1...", "remainingMinutes": 1440, "remainingHours": 24, "remainingDisplay": "24h0m",
                "models": [
                    {"model": null, "cause": "key-restricted", "remainingSeconds": 299},
                    {"model": "gemini-2.5-pro", "cause": "day-quota", "remainingSeconds": 86_400},
                ],
            }],
            "failedDetails": [{"key": "AIzaSyABC2...", "id": id(two), "cause": "leaked"}],
        })
    );
}

#[test]
fn remaining_time_is_rounded_up_and_reads_in_hours_and_minutes() {
    for (seconds, minutes, hours, display) in [
        (1, 1, 0, "1m"),
        (300, 5, 0, "5m"),
        (301, 6, 0, "6m"),
        (3600, 60, 1, "1h0m"),
        (5_401, 91, 1, "1h31m"),
    ] {
        let mut rig = rig("a");
        rig.report_for(
            "m",
            id("a"),
            &cool(Scope::Model, after(seconds), CoolingCause::DayQuota),
            NOW,
            0,
        );
        let detail = rig.pool.status(NOW).cooling_details.remove(0);
        assert_eq!(
            (detail.remaining_minutes, detail.remaining_hours),
            (minutes, hours)
        );
        assert_eq!(detail.remaining_display, display);
    }
}

#[test]
fn a_key_whose_cooling_is_over_counts_as_available() {
    let mut rig = rig("a");
    rig.report_for(
        "m",
        id("a"),
        &cool(Scope::Model, after(10), CoolingCause::DayQuota),
        NOW,
        0,
    );
    let later = NOW.saturating_add(Duration::from_secs(10));
    assert_eq!(rig.pool.status(later).available_keys, 1);
    assert!(rig.pool.status(later).cooling_details.is_empty());
}

#[test]
fn a_large_pool_lists_some_keys_and_counts_all() {
    let text: String = (0..300).map(|number| format!("k{number},")).collect();
    let mut rig = rig(&text);
    for number in 0..300 {
        let dead = Verdict::Dead {
            cause: DeathCause::Invalid,
        };
        let cooling = cool(Scope::Model, after(60), CoolingCause::MinuteQuota);
        rig.report_for(
            "m",
            id(&format!("k{number}")),
            if number % 2 == 0 { &dead } else { &cooling },
            NOW,
            0,
        );
    }
    let status = rig.pool.status(NOW);
    assert_eq!((status.failed_keys, status.cooling_keys), (150, 150));
    assert_eq!(
        (status.failed_details.len(), status.cooling_details.len()),
        (MAX_STATUS_DETAILS, MAX_STATUS_DETAILS)
    );
}
