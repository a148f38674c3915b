//! Upstreams that break: a broken stream says so in band and never looks whole, nothing the client has
//! seen is asked for a second time, and what breaks before the first byte has a status (FLT-12 to FLT-19).
//!
//! Keys that fail are in `failover.rs`, clients that leave in `disconnect.rs`.

use serde_json::{Value, json};

use crate::support::chat;
use crate::support::scene::{Scene, SceneBuilder};
use crate::support::transcript::Transcript;
use crate::support::upstream::{self, last_event, text_event};

/// One event over the gateway's limit of 24 MiB (FLT-16).
const HUGE_EVENT_BYTES: usize = 25 * 1024 * 1024;

/// Over the gateway's limit for an answer that is not streamed (64 MiB).
const HUGE_ANSWER_BYTES: usize = 65 * 1024 * 1024;

/// Time limits that a test can wait for. Far above what a healthy answer takes on a busy machine.
fn impatient() -> SceneBuilder {
    Scene::builder()
        .variable("FIRST_BYTE_TIMEOUT_MS", "1000")
        .variable("IDLE_TIMEOUT_MS", "500")
        .variable("TOTAL_TIMEOUT_MS", "1500")
        .variable("HEARTBEAT_MS", "100")
}

/// One attempt per request: repetition is tested in `failover.rs`, and its pauses take seconds.
async fn single_attempt(script: Value) -> Scene {
    Scene::builder()
        .script(script)
        .variable("MAX_ATTEMPTS", "1")
        .start()
        .await
}

/// The scene is as good as new after a fault: nothing asked twice, no key punished, the next one works.
async fn assert_contained(what: &str, scene: &Scene) {
    assert_eq!(
        scene.generations().len(),
        1,
        "{what}: a begun answer was asked for again"
    );
    let pool = scene.client().get("/v1/status").await.ok()["keyPool"].clone();
    assert_eq!(pool["availableKeys"], 2, "{what}: {pool}");
    scene.sim().clear();
    scene.stream(&chat::streaming()).await.assert_complete();
}

/// Half of the simulator's usual stream, in bytes: behind the first event and before the last.
async fn half_a_stream() -> usize {
    let scene = Scene::start().await;
    scene.stream(&chat::streaming()).await.assert_complete();
    usize::try_from(scene.generations()[0].bytes_sent / 2).unwrap()
}

/// Checks a stream that broke after its beginning reached the client.
fn assert_broken_in_the_middle(what: &str, stream: &Transcript, code: &str) {
    let error = stream.assert_broken();
    assert_eq!(error["code"], code, "{what}: {error}");
    assert!(
        stream.text().starts_with("You said"),
        "{what}: the beginning is lost: {stream:?}"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_in_the_middle_says_so_and_is_not_repeated() {
    let half = half_a_stream().await;
    for (fault, code) in [
        (
            json!({"kind": "reset_after_bytes", "bytes": half}),
            "upstream_unreachable",
        ),
        (
            json!({"kind": "truncate_after_bytes", "bytes": half}),
            "upstream_unreachable",
        ),
        (
            json!({"kind": "end_after_bytes", "bytes": half}),
            "upstream_truncated",
        ),
        (
            json!({"kind": "malformed_event", "at": 2}),
            "upstream_malformed",
        ),
    ] {
        let what = fault.to_string();
        let scene = Scene::scripted(json!([{"then": {"fault": fault}}])).await;
        let stream = scene.stream(&chat::streaming()).await;
        assert_broken_in_the_middle(&what, &stream, code);
        assert_contained(&what, &scene).await;
    }
}

#[tokio::test]
async fn a_stream_without_a_finish_reason_is_truncated() {
    let scene = Scene::scripted(upstream::streaming(&[
        text_event("all that "),
        text_event("came"),
    ]))
    .await;

    let stream = scene.stream(&chat::streaming()).await;

    assert_eq!(stream.assert_broken()["code"], "upstream_truncated");
    assert_eq!(stream.text(), "all that came");
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up() {
    let scene = impatient()
        .script(upstream::stalling_once_after("You said"))
        .start()
        .await;

    let stream = scene.stream(&chat::streaming()).await;

    assert_broken_in_the_middle("stall", &stream, "upstream_timeout");
    assert!(stream.comments() > 0, "the wait was bridged by heartbeats");
    scene.upstream_is_hung_up_on().await;
    assert_contained("stall", &scene).await;
}

#[tokio::test]
async fn a_stream_that_never_ends_is_given_up_although_it_is_never_silent() {
    let events = vec![text_event("You said "); 1_000];
    let scene = impatient()
        .script(upstream::streaming_slowly(&events, 50))
        .start()
        .await;

    let stream = scene.stream(&chat::streaming()).await;

    assert_broken_in_the_middle("endless", &stream, "upstream_timeout");
    scene.upstream_is_hung_up_on().await;
    assert_contained("endless", &scene).await;
}

#[tokio::test]
async fn a_slow_drip_below_the_limits_arrives_whole() {
    let scene =
        Scene::scripted(json!([{"then": {"fault": {"kind": "drip", "bytes": 5, "ms": 1}}}])).await;
    let stream = scene.stream(&chat::streaming()).await;
    stream.assert_complete();
    assert!(stream.text().contains(&chat::prompt()));
}

#[tokio::test]
async fn an_event_over_the_limit_breaks_the_stream_and_not_the_product() {
    let huge = text_event(&"x".repeat(HUGE_EVENT_BYTES));
    let events = [text_event("You said"), huge, last_event("")];
    let scene = Scene::scripted(upstream::streaming(&events)).await;

    let stream = scene.stream(&chat::streaming()).await;

    assert_broken_in_the_middle("huge event", &stream, "upstream_too_large");
    assert_contained("huge event", &scene).await;
}

#[tokio::test]
async fn an_error_inside_a_stream_is_handed_on_as_one() {
    let error = json!({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}});
    let raw = Value::String(serde_json::to_string_pretty(&error).unwrap());
    let in_array = Value::String(format!("[{error}]"));
    for (what, tail) in [
        ("an event", error.clone()),
        ("bare JSON", raw),
        ("bare JSON in an array", in_array),
    ] {
        let scene = Scene::scripted(upstream::streaming(&[text_event("You said"), tail])).await;
        let stream = scene.stream(&chat::streaming()).await;
        assert_broken_in_the_middle(what, &stream, "model_overloaded");
        assert_eq!(scene.generations().len(), 1, "{what}");
    }
}

#[tokio::test]
async fn an_upstream_that_never_begins_is_504() {
    let silent = json!([{"then": {"fault": {"kind": "stall_before_headers"}}}]);
    let stalled = json!([{"then": {"fault": {"kind": "stall_after_bytes", "bytes": 20}}}]);
    for script in [silent, stalled] {
        for body in [chat::unary(), chat::streaming()] {
            let scene = impatient().script(script.clone()).start().await;
            let error = scene.chat(&body).await.error(504);
            assert_eq!(error["code"], "upstream_timeout");
            scene.upstream_is_hung_up_on().await;
            assert_contained(&script.to_string(), &scene).await;
        }
    }
}

#[tokio::test]
async fn an_upstream_that_begins_late_but_in_time_is_waited_for() {
    let scene = impatient()
        .script(json!([{"then": {"fault": {"kind": "delay_headers", "ms": 200}}}]))
        .start()
        .await;
    scene.chat(&chat::unary()).await.ok();
    scene.stream(&chat::streaming()).await.assert_complete();
    assert_eq!(scene.generations().len(), 2);
}

#[tokio::test]
async fn an_answer_that_breaks_on_every_attempt_is_502() {
    for (fault, code) in [
        (
            json!({"kind": "reset_before_headers"}),
            "upstream_unreachable",
        ),
        (json!({"kind": "close"}), "upstream_unreachable"),
        (
            json!({"kind": "reset_after_bytes", "bytes": 20}),
            "upstream_unreachable",
        ),
        (
            json!({"kind": "truncate_after_bytes", "bytes": 20}),
            "upstream_unreachable",
        ),
        (
            json!({"kind": "malformed_event", "at": 0}),
            "upstream_malformed",
        ),
    ] {
        let scene = single_attempt(json!([{"then": {"fault": fault}}])).await;
        for body in [chat::unary(), chat::streaming()] {
            let error = scene.chat(&body).await.error(502);
            assert_eq!(error["code"], code, "{fault}: {error}");
        }
        scene.sim().clear();
        scene.chat(&chat::unary()).await.ok();
    }
}

#[tokio::test]
async fn a_success_that_is_none_is_502() {
    let compressed =
        json!({"status": 200, "headers": {"content-encoding": "gzip"}, "body": {"candidates": []}});
    let moved = json!({"status": 302, "headers": {"location": "http://example.com/"}, "body": ""});
    for (what, respond) in [
        (
            "a page",
            json!({"status": 200, "body": "<html>hello</html>"}),
        ),
        ("nothing", json!({"status": 200, "body": ""})),
        (
            "no candidates",
            json!({"status": 200, "body": {"candidates": []}}),
        ),
        ("something compressed", compressed),
        ("a redirect", moved),
        ("an internal error", json!({"error": "internal"})),
        ("a page of the front end", json!({"error": "bad_gateway"})),
    ] {
        for body in [chat::unary(), chat::streaming()] {
            let scene = single_attempt(json!([{"then": {"respond": respond}}])).await;
            let answer = scene.chat(&body).await;
            let error = answer.error(502);
            assert_eq!(error["type"], "upstream_error", "{what}");
            assert_eq!(answer.header("location"), "", "{what}");
        }
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_502_and_not_a_trap() {
    let fault = json!({"kind": "huge_event", "bytes": HUGE_ANSWER_BYTES});
    let scene = Scene::scripted(json!([{"match": {"times": 1}, "then": {"fault": fault}}])).await;
    let error = scene.chat(&chat::unary()).await.error(502);
    assert_eq!(error["code"], "upstream_too_large");
    scene.chat(&chat::unary()).await.ok();
}
