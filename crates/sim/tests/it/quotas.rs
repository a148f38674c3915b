//! Quotas that run out and come back, by a clock that the test moves.

use std::time::Duration;

use gemini_sim::{ManualClock, Quota, Sim};

use crate::client::{EVENTS, UNARY, get, post, prompt};

/// 2026-11-21 12:00:00 UTC.
const NOON_MS: u64 = 1_795_262_400_000;

#[tokio::test]
async fn a_spent_minute_quota_is_429_with_the_time_left_and_then_free_again() {
    let clock = ManualClock::at(NOON_MS);
    let sim = Sim::builder()
        .quota(Quota::any_model().per_minute(1))
        .clock(clock.clone())
        .start("127.0.0.1:0")
        .await
        .unwrap();
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
    clock.advance(Duration::from_secs(18));

    let refused = post(&sim, EVENTS, &prompt("hi")).await;
    assert_eq!(refused.status, 429);
    let error = refused.json()["error"].clone();
    assert_eq!(error["status"], "RESOURCE_EXHAUSTED");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("Please retry in 42.000000000s.")
    );
    let details = error["details"].as_array().unwrap();
    let quota = details
        .iter()
        .find(|detail| detail["violations"].is_array())
        .unwrap();
    let violation = &quota["violations"][0];
    assert_eq!(
        violation["quotaId"],
        "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
    );
    assert_eq!(violation["quotaValue"], "1");
    assert!(details.iter().any(|detail| detail["retryDelay"] == "42s"));

    clock.advance(Duration::from_secs(42));
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
}

#[tokio::test]
async fn a_daily_quota_lasts_until_midnight_pacific() {
    let clock = ManualClock::at(NOON_MS);
    let sim = Sim::builder()
        .quota(Quota::any_model().per_day(1))
        .clock(clock.clone())
        .start("127.0.0.1:0")
        .await
        .unwrap();
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
    clock.advance(Duration::from_secs(19 * 3600));
    let refused = post(&sim, UNARY, &prompt("hi")).await;
    assert!(
        refused
            .body
            .contains("GenerateRequestsPerDayPerProjectPerModel-FreeTier")
    );
    assert!(refused.body.contains("\"retryDelay\": \"26s\""));
    clock.advance(Duration::from_secs(3600));
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
}

#[tokio::test]
async fn a_tier_without_access_says_limit_0_and_no_value() {
    let sim = Sim::builder()
        .quota(Quota::model("gemini-2.5-flash").per_day(0))
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let refused = post(&sim, UNARY, &prompt("hi")).await;
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("limit: 0, model: gemini-2.5-flash"));
    assert!(!refused.body.contains("quotaValue"));
    assert_eq!(get(&sim, "/v1beta/models").await.status, 200);
}

#[tokio::test]
async fn keys_of_one_project_share_its_quota() {
    let sim = Sim::builder()
        .key_in_project("k", "p")
        .key_in_project("other", "p")
        .keys(["alone"])
        .quota(Quota::any_model().per_minute(1))
        .clock(ManualClock::at(NOON_MS))
        .start("127.0.0.1:0")
        .await
        .unwrap();
    for (key, status) in [("other", 200), ("k", 429), ("alone", 200)] {
        let target = format!("{UNARY}?key={key}");
        let body = prompt("hi").to_string();
        let response = crate::client::request(&sim, "POST", &target, "", body.as_bytes()).await;
        assert_eq!(response.status, status, "{key}");
    }
}
