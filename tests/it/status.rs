//! `GET /v1/status`: what the pool looks like, in the shape that five systems' dashboards read.

use serde_json::{Value, json};

use crate::support::chat::{self, MODEL};
use crate::support::scene::Scene;
use crate::support::secrets::UPSTREAM_KEYS;
use crate::support::upstream::failing;

async fn status(scene: &Scene) -> Value {
    scene.client().get("/v1/status").await.ok()
}

#[tokio::test]
async fn a_fresh_pool_is_healthy_and_complete() {
    let scene = Scene::builder()
        .variable("LOAD_BALANCE_STRATEGY", "round-robin")
        .start()
        .await;

    let body = status(&scene).await;

    assert_eq!(body["status"], "healthy");
    let pool = &body["keyPool"];
    assert_eq!(pool["totalKeys"], 2);
    assert_eq!(pool["availableKeys"], 2);
    assert_eq!(pool["failedKeys"], 0);
    assert_eq!(pool["coolingKeys"], 0);
    assert_eq!(pool["strategy"], "round-robin");
    assert!(pool.get("coolingDetails").is_none(), "{pool}");
    assert_eq!(body["auth"]["validTokens"], 2);
    assert!(!body["version"].as_str().unwrap().is_empty());
    assert!(!body["features"].as_array().unwrap().is_empty());
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z'), "{body}");
    assert!(
        scene.sim().requests().is_empty(),
        "asking costs no upstream call"
    );
}

#[tokio::test]
async fn a_cooling_and_a_dead_key_are_counted_and_masked() {
    let [cooling, dead, healthy] = UPSTREAM_KEYS;
    let scene = Scene::builder()
        .upstream_keys(&[cooling, dead, healthy])
        .script(json!([
            {"match": {"key": cooling}, "then": {"respond": {"error": "rate_limited_minute"}}},
            {"match": {"key": dead}, "then": {"respond": {"error": "invalid_key"}}},
        ]))
        .start()
        .await;
    for _ in 0..3 {
        scene.chat(&chat::unary()).await.ok();
    }

    let body = status(&scene).await;

    let pool = &body["keyPool"];
    assert_eq!(pool["totalKeys"], 3, "{pool}");
    assert_eq!(pool["availableKeys"], 1, "{pool}");
    assert_eq!(pool["coolingKeys"], 1, "{pool}");
    assert_eq!(pool["failedKeys"], 1, "{pool}");
    let details = pool["coolingDetails"].as_array().unwrap();
    assert_eq!(details.len(), 1, "{pool}");
    let shown = details[0]["key"].as_str().unwrap();
    assert!(shown.ends_with("..."), "{shown}");
    assert!(cooling.starts_with(shown.trim_end_matches('.')), "{shown}");
    assert!(
        (1..=2).contains(&details[0]["remainingMinutes"].as_u64().unwrap()),
        "{pool}"
    );
    assert!(
        details[0]["remainingDisplay"]
            .as_str()
            .unwrap()
            .ends_with('m'),
        "{pool}"
    );
}

#[tokio::test]
async fn a_pool_without_any_usable_key_is_not_healthy() {
    let scene = Scene::scripted(failing("invalid_key")).await;
    scene.chat(&chat::unary()).await.error(503);

    let body = status(&scene).await;

    assert_ne!(body["status"], "healthy", "{body}");
    assert_eq!(body["keyPool"]["availableKeys"], 0);
    assert_eq!(body["keyPool"]["failedKeys"], 2);
    assert!(
        !body.to_string().contains(MODEL),
        "a dead key is dead for every model"
    );
}
