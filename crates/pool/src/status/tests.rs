//! The status document, field by field.

use serde_json::json;

use super::*;
use crate::key_list::parse_keys;
use crate::pool::KeyIndex;
use crate::verdict::{Scope, Verdict};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn pool(keys: &str) -> (Pool, Vec<KeyIndex>) {
    let mut pool = Pool::new(parse_keys(keys).unwrap(), Strategy::RoundRobin);
    let mut indexes = Vec::new();
    while let Ok(selected) = pool.select("any", NOW, 0, &indexes) {
        indexes.push(selected.index);
    }
    indexes.sort();
    (pool, indexes)
}

fn cool(scope: Scope, seconds: u64, cause: CoolingCause) -> Verdict {
    Verdict::Cool {
        scope,
        until: NOW.saturating_add(Duration::from_secs(seconds)),
        cause,
    }
}

#[test]
fn a_pool_with_nothing_to_report_has_four_counts_and_a_strategy() {
    let (pool, _) = pool("a,b");
    assert_eq!(
        serde_json::to_value(pool.status(NOW)).unwrap(),
        json!({"totalKeys": 2, "availableKeys": 2, "failedKeys": 0, "coolingKeys": 0, "strategy": "round-robin"})
    );
}

#[test]
fn shows_cooling_and_dead_keys_by_their_masks() {
    let (mut pool, keys) =
        pool("AIzaSyABC1-aaaaaaaaaaaaaaaaaaaaaaaaaaaa,AIzaSyABC2-bbbbbbbbbbbbbbbbbbbbbbbbbbbb,c,d");
    let day = cool(Scope::Model, 86_400, CoolingCause::DayQuota);
    pool.record(keys[0], "gemini-2.5-pro", &day, NOW, 0);
    pool.record(
        keys[0],
        "gemini-2.5-flash",
        &cool(Scope::Key, 299, CoolingCause::KeyRestricted),
        NOW,
        0,
    );
    pool.record(
        keys[1],
        "m",
        &Verdict::Dead {
            cause: DeathCause::Leaked,
        },
        NOW,
        0,
    );
    assert_eq!(
        serde_json::to_value(pool.status(NOW)).unwrap(),
        json!({
            "totalKeys": 4, "availableKeys": 2, "failedKeys": 1, "coolingKeys": 1, "strategy": "round-robin",
            "coolingDetails": [{
                "key": "AIzaSyABC1...", "remainingMinutes": 1440, "remainingHours": 24, "remainingDisplay": "24h0m",
                "models": [
                    {"model": null, "cause": "key-restricted", "remainingSeconds": 299},
                    {"model": "gemini-2.5-pro", "cause": "day-quota", "remainingSeconds": 86_400},
                ],
            }],
            "failedDetails": [{"key": "AIzaSyABC2...", "cause": "leaked"}],
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
        let (mut pool, keys) = pool("a");
        pool.record(
            keys[0],
            "m",
            &cool(Scope::Model, seconds, CoolingCause::DayQuota),
            NOW,
            0,
        );
        let detail = pool.status(NOW).cooling_details.remove(0);
        assert_eq!(
            (detail.remaining_minutes, detail.remaining_hours),
            (minutes, hours)
        );
        assert_eq!(detail.remaining_display, display);
    }
}

#[test]
fn a_key_whose_cooling_is_over_counts_as_available() {
    let (mut pool, keys) = pool("a");
    pool.record(
        keys[0],
        "m",
        &cool(Scope::Model, 10, CoolingCause::DayQuota),
        NOW,
        0,
    );
    let later = NOW.saturating_add(Duration::from_secs(10));
    assert_eq!(pool.status(later).available_keys, 1);
    assert!(pool.status(later).cooling_details.is_empty());
}

#[test]
fn a_large_pool_lists_some_keys_and_counts_all() {
    let text: String = (0..300).map(|number| format!("k{number},")).collect();
    let (mut pool, keys) = pool(&text);
    for (number, key) in keys.into_iter().enumerate() {
        let dead = Verdict::Dead {
            cause: DeathCause::Invalid,
        };
        let cooling = cool(Scope::Model, 60, CoolingCause::MinuteQuota);
        pool.record(
            key,
            "m",
            if number % 2 == 0 { &dead } else { &cooling },
            NOW,
            0,
        );
    }
    let status = pool.status(NOW);
    assert_eq!((status.failed_keys, status.cooling_keys), (150, 150));
    assert_eq!(
        (status.failed_details.len(), status.cooling_details.len()),
        (MAX_STATUS_DETAILS, MAX_STATUS_DETAILS)
    );
}
