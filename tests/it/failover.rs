//! Keys that fail before the first byte: another one answers, and the failed one is treated as its
//! answer deserves. The verdict table itself is tested in `crates/pool`.

use serde_json::json;
use tokio::net::TcpListener;

use crate::support::chat::{self, MODEL, OTHER_MODEL};
use crate::support::client::Client;
use crate::support::product::{Product, Settings};
use crate::support::scene::Scene;
use crate::support::secrets::{CLIENT_KEYS, UPSTREAM_KEYS};
use crate::support::upstream::failing;

/// Attempts per request, the product's default (`max_attempts`).
const ATTEMPTS: usize = 3;

/// Enough requests that each of two keys has its turn more than once.
const ROUNDS: usize = 6;

#[tokio::test]
async fn a_failed_key_is_replaced_and_not_called_again() {
    let [failed, healthy, ..] = UPSTREAM_KEYS;
    for error in [
        "rate_limited_minute",
        "quota_day",
        "limit_zero",
        "bare_429",
        "invalid_key",
        "expired_key",
        "leaked",
        "suspended",
    ] {
        for streamed in [false, true] {
            let scene = Scene::scripted(json!([
                {"match": {"key": failed}, "then": {"respond": {"error": error}}}
            ]))
            .await;
            for _ in 0..ROUNDS {
                if streamed {
                    scene.stream(&chat::streaming()).await.assert_complete();
                } else {
                    scene.chat(&chat::unary()).await.ok();
                }
            }
            let used = scene.keys_used();
            let calls = |key: &str| used.iter().filter(|used| *used == key).count();
            assert_eq!(calls(failed), 1, "{error}, streamed {streamed}: {used:?}");
            assert_eq!(
                calls(healthy),
                ROUNDS,
                "{error}, streamed {streamed}: {used:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_quota_of_one_model_leaves_the_key_to_the_others() {
    let failed = UPSTREAM_KEYS[0];
    let scene = Scene::scripted(json!([
        {"match": {"key": failed, "model": MODEL}, "then": {"respond": {"error": "rate_limited_minute"}}}
    ]))
    .await;
    for _ in 0..ROUNDS {
        scene.chat(&chat::unary()).await.ok();
    }

    for _ in 0..ROUNDS {
        scene.chat(&chat::unary_for(OTHER_MODEL)).await.ok();
    }

    let used = scene.generations_of(OTHER_MODEL);
    let by_failed = used
        .iter()
        .filter(|call| call.key.as_deref() == Some(failed))
        .count();
    assert_eq!(
        by_failed,
        ROUNDS / 2,
        "the key still has its share of the other model"
    );
}

#[tokio::test]
async fn all_keys_over_quota_is_429_with_the_time_to_come_back() {
    let scene = Scene::scripted(failing("rate_limited_minute")).await;
    for streamed in [false, true] {
        let body = if streamed {
            chat::streaming()
        } else {
            chat::unary()
        };
        let answer = scene.chat(&body).await;
        let error = answer.error(429);
        assert_eq!(error["code"], "rate_limit_exceeded");
        let seconds: u64 = answer
            .header("retry-after")
            .parse()
            .expect("Retry-After in seconds");
        assert!((1..=120).contains(&seconds), "{seconds}");
    }
    assert_eq!(
        scene.keys_used().len(),
        2,
        "each key was asked once, then nobody was asked in vain"
    );
}

#[tokio::test]
async fn all_keys_dead_is_503_and_not_the_clients_fault() {
    let scene = Scene::scripted(failing("invalid_key")).await;
    for _ in 0..2 {
        let answer = scene.chat(&chat::unary()).await;
        let error = answer.error(503);
        assert_ne!(
            error["code"], "invalid_api_key",
            "the client's own key is fine"
        );
        assert_eq!(answer.header("x-should-retry"), "false");
    }
    assert_eq!(scene.keys_used().len(), 2, "dead keys were called again");
}

#[tokio::test]
async fn an_overloaded_model_is_tried_again_and_then_503() {
    let scene = Scene::builder()
        .upstream_keys(&UPSTREAM_KEYS)
        .script(failing("overloaded"))
        .start()
        .await;

    let answer = scene.chat(&chat::unary()).await;

    let error = answer.error(503);
    assert_eq!(error["code"], "model_overloaded");
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds >= 1)
    );
    let used = scene.keys_used();
    assert!((2..=ATTEMPTS).contains(&used.len()), "{used:?}");
}

#[tokio::test]
async fn a_short_overload_is_not_seen_by_the_client_and_costs_no_key() {
    let scene = Scene::scripted(json!([
        {"match": {"times": 1}, "then": {"respond": {"error": "overloaded"}}}
    ]))
    .await;

    scene.chat(&chat::unary()).await.ok();

    assert_eq!(scene.keys_used().len(), 2);
    let pool = scene.client().get("/v1/status").await.ok()["keyPool"].clone();
    assert_eq!(
        pool["availableKeys"], 2,
        "an overload is the model's fault: {pool}"
    );
}

#[tokio::test]
async fn what_google_refuses_is_refused_once_and_blames_no_key() {
    for (error, status) in [("bad_request", 400), ("model_not_found", 404)] {
        for streamed in [false, true] {
            let scene = Scene::scripted(failing(error)).await;
            let body = if streamed {
                chat::streaming()
            } else {
                chat::unary()
            };
            let refusal = scene.chat(&body).await.error(status);
            assert_eq!(refusal["type"], "invalid_request_error", "{error}");
            assert_eq!(
                scene.keys_used().len(),
                1,
                "{error} would be refused with any key"
            );
            let pool = scene.client().get("/v1/status").await.ok()["keyPool"].clone();
            assert_eq!(pool["availableKeys"], 2, "{error}: {pool}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_breaks_before_its_first_byte_is_asked_for_again() {
    for fault in [
        json!({"kind": "reset_before_headers"}),
        json!({"kind": "close"}),
        json!({"kind": "reset_after_bytes", "bytes": 0}),
        json!({"kind": "truncate_after_bytes", "bytes": 10}),
        json!({"kind": "end_after_bytes", "bytes": 10}),
        json!({"kind": "malformed_event", "at": 0}),
    ] {
        let scene =
            Scene::scripted(json!([{"match": {"times": 1}, "then": {"fault": fault}}])).await;
        scene.stream(&chat::streaming()).await.assert_complete();
        scene.chat(&chat::unary()).await.ok();
        let used = scene.keys_used();
        assert_eq!(used.len(), 3, "{fault}");
        assert_ne!(used[0], used[1], "{fault}: the other key was tried");
    }
}

#[tokio::test]
async fn an_upstream_that_breaks_every_time_is_given_up_after_a_few_attempts() {
    let scene =
        Scene::scripted(json!([{"then": {"fault": {"kind": "reset_before_headers"}}}])).await;

    scene.chat(&chat::unary()).await.error(502);

    assert_eq!(scene.keys_used().len(), ATTEMPTS);
    let pool = scene.client().get("/v1/status").await.ok()["keyPool"].clone();
    assert_eq!(
        pool["availableKeys"], 2,
        "the network is no key's fault: {pool}"
    );
}

#[tokio::test]
async fn an_upstream_that_nobody_serves_is_502() {
    // A port that was free a moment ago and is closed now.
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let settings = Settings {
        variables: vec![
            ("GEMINI_API_KEYS".to_owned(), UPSTREAM_KEYS.join(",")),
            ("VALID_AUTH_TOKENS".to_owned(), CLIENT_KEYS.join(",")),
            ("MAX_ATTEMPTS".to_owned(), "2".to_owned()),
        ],
        arguments: [
            "--upstream",
            &format!("http://{closed}"),
            "--store",
            "memory:",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    let product = Product::start(&settings).await;
    for body in [chat::unary(), chat::streaming()] {
        let error = Client::new(product.addr()).chat(&body).await.error(502);
        assert_eq!(error["code"], "upstream_unreachable");
    }
}
