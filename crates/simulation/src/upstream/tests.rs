//! Claims about the scripted upstream.

use gempool_pool::ApiKey;

use super::*;
use crate::world::Tracing;

fn account(minute: u64, day: u64) -> Account {
    Account {
        project: 1,
        quota: Quota { minute, day },
        ends: None,
    }
}

/// Sends requests one after the other, so many milliseconds apart, and gives their statuses.
fn statuses(account: Account, mood: Mood, apart_ms: u64, count: u64) -> Vec<u16> {
    let world = World::new(1, Tracing::Off);
    let accounts = BTreeMap::from([("key".to_owned(), account)]);
    let upstream = Upstream::new(&world, accounts, mood);
    let clock = world.clone();
    let sent = async move {
        let mut statuses = Vec::new();
        for request in 0..count {
            let key = ApiKey::new("key").unwrap();
            let sent = upstream.send(
                InstanceId(1),
                &UpstreamRequest {
                    url: "https://one.test/v1beta/models/m:generateContent",
                    key: &key,
                    headers: &[],
                    ask: Ask::Post(Bytes::from(format!("{REQUEST}{request}"))),
                },
            );
            statuses.push(sent.await.map_or(0, |answer| answer.status.as_u16()));
            clock.sleep(apart_ms).await;
        }
        (statuses, upstream.calls())
    };
    let (statuses, calls) = world.run(sent).unwrap();
    let numbers: Vec<u64> = calls.iter().map(|call| call.request).collect();
    assert_eq!(numbers, (0..count).collect::<Vec<u64>>());
    statuses
}

#[test]
fn a_minutes_quota_is_used_up_and_comes_back() {
    let seen = statuses(account(2, 100), Mood::default(), 15_000, 8);
    assert_eq!(seen, [200, 200, 429, 429, 200, 200, 429, 429]);
}

#[test]
fn a_days_quota_does_not_come_back_with_the_minute() {
    let seen = statuses(account(100, 3), Mood::default(), 60_000, 5);
    assert_eq!(seen, [200, 200, 200, 429, 429]);
}

#[test]
fn a_key_ends_and_a_mood_is_felt() {
    let ends = Account {
        ends: Some((crate::world::START_MS + 5_000, Death::Leaked)),
        ..account(100, 100)
    };
    assert_eq!(statuses(ends, Mood::default(), 4_000, 3), [200, 200, 403]);
    let always = Chance::per_mille(1_000);
    for (mood, status) in [
        (
            Mood {
                overloaded: always,
                ..Mood::default()
            },
            503,
        ),
        (
            Mood {
                resets: always,
                ..Mood::default()
            },
            0,
        ),
        (
            Mood {
                refused_egress: Some("one.test"),
                ..Mood::default()
            },
            400,
        ),
    ] {
        assert_eq!(statuses(account(100, 100), mood, 1, 1), [status]);
    }
}
