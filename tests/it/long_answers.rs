//! What keeps long answers alive: heartbeats before the first word, streams made of whole answers, and
//! going on with an answer that breaks off.

use serde_json::json;

use crate::support::chat::{self, MODEL};
use crate::support::scene::Scene;

#[tokio::test]
async fn a_stream_for_which_gemini_takes_long_begins_with_heartbeats() {
    let scene = Scene::builder()
        .variable("FIRST_HEARTBEAT_MS", "50")
        .variable("HEARTBEAT_MS", "50")
        .script(json!([{"then": {"fault": {"kind": "delay_headers", "ms": 400}}}]))
        .start()
        .await;
    let transcript = scene.stream(&chat::streaming()).await;
    assert!(transcript.comments() > 1, "heartbeats came");
    transcript.assert_complete();
}

#[tokio::test]
async fn a_failure_after_heartbeats_ends_the_stream_with_an_error() {
    let scene = Scene::builder()
        .variable("FIRST_HEARTBEAT_MS", "50")
        .script(json!([{"then": {"respond": {"error": "bad_request", "delay_ms": 300}}}]))
        .start()
        .await;
    let transcript = scene.stream(&chat::streaming()).await;
    let error = transcript.assert_broken();
    assert_eq!(error["type"], "invalid_request_error", "{error}");
}

#[tokio::test]
async fn a_stream_can_be_made_of_a_whole_answer_by_a_setting_or_by_the_models_name() {
    let by_setting = Scene::builder()
        .variable("FAKE_STREAMING", "on")
        .start()
        .await;
    by_setting
        .stream(&chat::streaming())
        .await
        .assert_complete();
    let by_name = Scene::start().await;
    let request = chat::with(chat::streaming(), "model", json!(format!("fake/{MODEL}")));
    by_name.stream(&request).await.assert_complete();
    for scene in [by_setting, by_name] {
        let path = scene.generations().remove(0).path;
        assert!(path.ends_with(":generateContent"), "{path}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_gone_on_with_where_that_is_wanted() {
    let broken = json!({
        "match": {"times": 1},
        "then": {"stream": {"events": [
            {"candidates": [{"content": {"parts": [{"text": "one, t"}], "role": "model"}}]}
        ]}}
    });
    let rest = json!({"then": {"answer": {"text": ["wo, three"]}}});
    let scene = Scene::scripted(json!([broken, rest])).await;
    let model = json!(format!("anti-trunc/{MODEL}"));
    let transcript = scene
        .stream(&chat::with(chat::streaming(), "model", model))
        .await;
    transcript.assert_complete();
    assert_eq!(transcript.text(), "one, two, three");

    let plain = Scene::scripted(json!([broken])).await;
    plain.stream(&chat::streaming()).await.assert_broken();
}
