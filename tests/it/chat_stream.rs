//! `POST /v1/chat/completions` with `stream`: events as they come, whole streams whole.
//!
//! Broken streams are in `faults.rs`; translation in depth is tested in `crates/translate`.

use serde_json::{Value, json};

use crate::support::chat::{self, MODEL};
use crate::support::scene::Scene;
use crate::support::transcript::Item;
use crate::support::upstream::{self, last_event, text_event};

/// Streams at once in the concurrency test, as the acceptance says.
const MANY: usize = 100;

#[tokio::test]
async fn a_stream_is_whole_and_says_what_the_unary_answer_says() {
    let scene = Scene::start().await;

    let unary = scene.chat(&chat::unary()).await.ok();
    scene.sim().clear();
    let stream = scene.stream(&chat::streaming()).await;

    stream.assert_complete();
    assert_eq!(
        stream.text(),
        unary["choices"][0]["message"]["content"].as_str().unwrap()
    );
    assert_eq!(stream.finish_reasons(), ["stop"]);
    let first = stream.events().next().unwrap();
    assert_eq!(first["model"], MODEL);
    assert!(
        first["id"].as_str().unwrap().starts_with("chatcmpl-"),
        "{first}"
    );
    assert!(
        stream
            .events()
            .all(|event| event.get("usage").is_none_or(Value::is_null)),
        "{stream:?}"
    );

    let calls = scene.generations();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        calls[0].path,
        format!("/v1beta/models/{MODEL}:streamGenerateContent")
    );
    assert_eq!(calls[0].query, "alt=sse");
}

#[tokio::test]
async fn usage_comes_in_a_last_chunk_of_its_own_when_asked_for() {
    let mut first = text_event("a");
    first["usageMetadata"] =
        json!({"promptTokenCount": 10, "candidatesTokenCount": 1, "totalTokenCount": 11});
    let mut last = last_event("b");
    last["usageMetadata"] = json!({
        "promptTokenCount": 10, "candidatesTokenCount": 2, "thoughtsTokenCount": 5,
        "cachedContentTokenCount": 4, "totalTokenCount": 17
    });
    let scene = Scene::scripted(upstream::streaming(&[first, last])).await;

    let body = chat::with(
        chat::streaming(),
        "stream_options",
        json!({"include_usage": true}),
    );
    let stream = scene.stream(&body).await;

    stream.assert_complete();
    assert_eq!(stream.text(), "ab");
    let events: Vec<&Value> = stream.events().collect();
    let (last, others) = events.split_last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["prompt_tokens"], 10);
    assert_eq!(last["usage"]["completion_tokens"], 7);
    assert_eq!(
        last["usage"]["completion_tokens_details"]["reasoning_tokens"],
        5
    );
    assert_eq!(last["usage"]["prompt_tokens_details"]["cached_tokens"], 4);
    for event in others {
        assert_eq!(event.get("usage"), Some(&Value::Null), "{event}");
    }
}

#[tokio::test]
async fn thoughts_are_streamed_apart_from_the_answer() {
    let thought =
        json!({"candidates": [{"content": {"parts": [{"text": "Hm.", "thought": true}]}}]});
    let scene = Scene::scripted(upstream::streaming(&[thought, last_event("Yes.")])).await;

    let stream = scene.stream(&chat::streaming()).await;

    stream.assert_complete();
    assert_eq!(stream.text(), "Yes.");
    let thoughts: String = stream
        .events()
        .filter_map(|event| event["choices"][0]["delta"]["reasoning_content"].as_str())
        .collect();
    assert_eq!(thoughts, "Hm.");
}

#[tokio::test]
async fn a_blocked_prompt_ends_the_stream_as_filtered() {
    let blocked = json!({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}});
    let scene = Scene::scripted(upstream::streaming(&[blocked])).await;

    let stream = scene.stream(&chat::streaming()).await;

    stream.assert_complete();
    assert_eq!(stream.finish_reasons(), ["content_filter"]);
    assert_eq!(scene.generations().len(), 1);
}

#[tokio::test]
async fn content_after_a_first_finish_is_not_lost() {
    let second = json!({"candidates": [{"content": {"parts": [{"text": "two"}]}, "finishReason": "MAX_TOKENS"}]});
    let scene = Scene::scripted(upstream::streaming(&[last_event("one "), second])).await;

    let stream = scene.stream(&chat::streaming()).await;

    stream.assert_complete();
    assert_eq!(stream.text(), "one two");
    assert_eq!(stream.finish_reasons(), ["length"]);
}

#[tokio::test]
async fn text_that_looks_like_an_event_stays_text() {
    let text = "a\r\ndata: [DONE]\n\n\u{2028}event: x\n: y\u{0}\"\\é😀";
    let scene = Scene::scripted(upstream::streaming(&[last_event(text)])).await;

    let stream = scene.stream(&chat::streaming()).await;

    stream.assert_complete();
    assert_eq!(stream.text(), text);
}

#[tokio::test]
async fn events_split_at_every_byte_arrive_whole() {
    let events = [text_event("Grüße, "), last_event("世界 😀")];
    let scene =
        Scene::scripted(json!([{"then": {"stream": {"events": events, "chunk_bytes": 1}}}])).await;

    let stream = scene.stream(&chat::streaming()).await;

    stream.assert_complete();
    assert_eq!(stream.text(), "Grüße, 世界 😀");
}

#[tokio::test]
async fn a_silent_stream_is_kept_alive_by_comments() {
    let scene = Scene::builder()
        .script(upstream::stalling_once_after("thinking"))
        .variable("HEARTBEAT_MS", "50")
        .start()
        .await;

    let mut stream = scene.open_stream(&chat::streaming()).await;
    assert_eq!(stream.next_text().await, "thinking");
    let mut comments = 0;
    while comments < 3 {
        match stream.next().await.expect("the stream goes on") {
            Item::Comment(_) => comments += 1,
            other => panic!("a silent upstream gave {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_hundred_streams_at_once_are_all_whole_and_nobody_gets_anothers() {
    let scene = Scene::builder().threads(2).start().await;
    let client = scene.client();

    let streams: Vec<_> = (0..MANY)
        .map(|number| {
            let client = client.clone();
            let words = format!("for client {number:03} alone, {}", chat::prompt());
            let body = json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": words}]});
            tokio::spawn(async move { (words, client.stream(&body).await) })
        })
        .collect();

    for stream in streams {
        let (words, stream) = stream.await.expect("a finished stream");
        stream.assert_complete();
        assert!(
            stream.text().contains(&words),
            "`{words}` got: {}",
            stream.text()
        );
    }
    let used = scene.keys_used();
    assert_eq!(used.len(), MANY, "no stream needed a second attempt");
    let first = used.iter().filter(|key| **key == used[0]).count();
    assert!(
        (MANY / 4..=MANY * 3 / 4).contains(&first),
        "the load is shared: {first} of {MANY}"
    );
}
