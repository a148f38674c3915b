//! Clients that hang up: the upstream call ends at once, whatever it was doing (FLT-22, FLT-23).

use serde_json::{Value, json};

use crate::support::chat;
use crate::support::scene::Scene;
use crate::support::upstream::{last_event, stalling_once_after, streaming_slowly, text_event};

/// An upstream that accepts the question and then says nothing.
fn silent() -> Value {
    json!([{"match": {"times": 1}, "then": {"fault": {"kind": "stall_before_headers"}}}])
}

/// An upstream that answers a little at a time, for longer than any test waits.
fn dripping() -> Value {
    let events = vec![text_event("drop "); 5_000];
    json!([{"match": {"times": 1}, "then": {"stream": {"events": events, "delay_ms": 20}}}])
}

/// After a client left, nobody asks again in its name, and the pool is as it was.
async fn assert_untouched(scene: &Scene) {
    scene.chat(&chat::unary()).await.ok();
    assert_eq!(
        scene.generations().len(),
        2,
        "a client that left was asked for again"
    );
    let pool = scene.client().get("/v1/status").await.ok()["keyPool"].clone();
    assert_eq!(pool["availableKeys"], 2, "the key is not to blame: {pool}");
}

#[tokio::test]
async fn leaving_before_any_header_ends_the_upstream_call() {
    for body in [chat::unary(), chat::streaming()] {
        let scene = Scene::scripted(silent()).await;
        let client = scene.client();
        let waiting = tokio::spawn(async move { client.chat(&body).await });
        scene.upstream_is_asked().await;

        waiting.abort();

        scene.upstream_is_hung_up_on().await;
        assert_untouched(&scene).await;
    }
}

#[tokio::test]
async fn leaving_a_stalled_stream_ends_the_upstream_call() {
    let scene = Scene::scripted(stalling_once_after("well")).await;
    let mut stream = scene.open_stream(&chat::streaming()).await;
    assert_eq!(stream.next_text().await, "well");

    drop(stream);

    scene.upstream_is_hung_up_on().await;
    assert_untouched(&scene).await;
}

#[tokio::test]
async fn leaving_a_running_stream_ends_the_upstream_call_x14() {
    let scene = Scene::scripted(dripping()).await;
    let mut stream = scene.open_stream(&chat::streaming()).await;
    assert_eq!(stream.next_text().await, "drop ");

    drop(stream);

    scene.upstream_is_hung_up_on().await;
    assert_untouched(&scene).await;
}

#[tokio::test]
async fn one_client_leaving_does_not_touch_the_others() {
    let events = [text_event("a"), text_event("b"), last_event("c")];
    let scene = Scene::scripted(streaming_slowly(&events, 100)).await;
    let mut leaving = scene.open_stream(&chat::streaming()).await;
    let mut staying = scene.open_stream(&chat::streaming()).await;
    assert_eq!(leaving.next_text().await, "a");
    assert_eq!(staying.next_text().await, "a");

    drop(leaving);

    let rest = staying.read_to_end().await;
    assert_eq!(rest.text(), "bc");
    assert_eq!(rest.finish_reasons(), ["stop"]);
}
