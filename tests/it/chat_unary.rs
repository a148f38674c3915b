//! `POST /v1/chat/completions` without `stream`: one question, one upstream call, one answer.
//!
//! Translation in depth is tested in `crates/translate`; here is that it all arrives on the wire.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::support::chat::{self, MODEL, OTHER_MODEL};
use crate::support::scene::Scene;
use crate::support::secrets::UPSTREAM_KEYS;
use crate::support::upstream::answering;

#[tokio::test]
async fn a_question_is_answered_by_one_upstream_call() {
    let scene = Scene::start().await;

    let answer = scene.chat(&chat::unary()).await;

    let body = answer.ok();
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(body["model"], MODEL);
    assert!(
        body["id"].as_str().unwrap().starts_with("chatcmpl-"),
        "{body}"
    );
    assert!(body["created"].as_u64().unwrap() > 1_700_000_000, "{body}");
    let choice = &body["choices"][0];
    assert_eq!(choice["index"], 0);
    assert_eq!(choice["finish_reason"], "stop");
    assert_eq!(choice["message"]["role"], "assistant");
    assert!(
        choice["message"]["content"]
            .as_str()
            .unwrap()
            .contains("Say hello"),
        "{body}"
    );

    let calls = scene.generations();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        calls[0].path,
        format!("/v1beta/models/{MODEL}:generateContent")
    );
    assert!(UPSTREAM_KEYS.contains(&calls[0].key.as_deref().unwrap()));
    assert_eq!(
        scene.only_generation()["contents"],
        json!([{"role": "user", "parts": [{"text": chat::prompt()}]}])
    );
}

#[tokio::test]
async fn system_messages_and_turns_keep_their_order() {
    let scene = Scene::start().await;

    let body = json!({"model": MODEL, "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {"role": "user", "content": [{"type": "text", "text": "Three"}, {"type": "text", "text": "Four"}]},
    ]});
    scene.chat(&body).await.ok();

    let sent = scene.only_generation();
    assert_eq!(
        sent["systemInstruction"]["parts"],
        json!([{"text": "Be brief."}, {"text": "Be kind."}])
    );
    assert_eq!(
        sent["contents"],
        json!([
            {"role": "user", "parts": [{"text": "One"}]},
            {"role": "model", "parts": [{"text": "Two"}]},
            {"role": "user", "parts": [{"text": "Three"}, {"text": "Four"}]},
        ])
    );
}

#[tokio::test]
async fn an_image_in_a_data_url_reaches_the_upstream_byte_for_byte() {
    let scene = Scene::start().await;
    // Larger than any single buffer on the way (256 KiB), and not a pattern that repeats.
    let image: Vec<u8> = (0..256 * 1024_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let data = BASE64_STANDARD.encode(&image);

    let body = json!({"model": MODEL, "messages": [{"role": "user", "content": [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{data}"), "detail": "auto"}},
    ]}]});
    scene.chat(&body).await.ok();

    let sent = scene.only_generation();
    let parts = sent["contents"][0]["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0], json!({"text": "What is this?"}));
    assert_eq!(parts[1]["inlineData"]["mimeType"], "image/png");
    assert!(
        parts[1]["inlineData"]["data"] == data,
        "the image changed on its way"
    );
}

#[tokio::test]
async fn parameters_reach_the_upstream_under_its_names() {
    let scene = Scene::start().await;
    for (field, value, upstream_field, expected) in [
        ("max_tokens", json!(17), "maxOutputTokens", json!(17)),
        (
            "max_completion_tokens",
            json!(18),
            "maxOutputTokens",
            json!(18),
        ),
        ("temperature", json!(0.5), "temperature", json!(0.5)),
        ("top_p", json!(0.25), "topP", json!(0.25)),
        ("stop", json!("END"), "stopSequences", json!(["END"])),
        (
            "stop",
            json!(["A", "B"]),
            "stopSequences",
            json!(["A", "B"]),
        ),
        ("seed", json!(7), "seed", json!(7)),
    ] {
        scene.sim().clear();
        scene
            .chat(&chat::with(chat::unary(), field, value))
            .await
            .ok();
        let sent = scene.only_generation();
        assert_eq!(
            sent["generationConfig"][upstream_field], expected,
            "{field}: {sent}"
        );
    }
}

#[tokio::test]
async fn parameters_without_a_meaning_upstream_are_not_sent() {
    let scene = Scene::start().await;
    let mut body = chat::unary();
    for (field, value) in [
        ("user", json!("someone")),
        ("frequency_penalty", json!(0)),
        ("logit_bias", json!({})),
        ("metadata", json!({"a": "b"})),
        ("n", json!(1)),
    ] {
        body = chat::with(body, field, value);
    }

    scene.chat(&body).await.ok();

    let sent = scene.only_generation();
    let fields: Vec<&String> = sent.as_object().unwrap().keys().collect();
    for field in fields {
        let known = [
            "contents",
            "systemInstruction",
            "generationConfig",
            "safetySettings",
            "store",
        ];
        assert!(
            known.contains(&field.as_str()),
            "`{field}` was sent: {sent}"
        );
    }
}

#[tokio::test]
async fn usage_counts_thoughts_and_cached_tokens() {
    let scene = Scene::scripted(answering(&json!({
        "candidates": [{"content": {"role": "model", "parts": [{"text": "42"}]}, "finishReason": "STOP"}],
        "usageMetadata": {
            "promptTokenCount": 100, "candidatesTokenCount": 5, "thoughtsTokenCount": 30,
            "cachedContentTokenCount": 64, "totalTokenCount": 135
        },
        "modelVersion": MODEL, "responseId": "resp-1"
    })))
    .await;

    let body = scene.chat(&chat::unary()).await.ok();

    assert_eq!(body["id"], "chatcmpl-resp-1");
    assert_eq!(body["choices"][0]["message"]["content"], "42");
    let usage = &body["usage"];
    assert_eq!(usage["prompt_tokens"], 100);
    assert_eq!(usage["completion_tokens"], 35);
    assert_eq!(usage["total_tokens"], 135);
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 64);
    assert_eq!(usage["completion_tokens_details"]["reasoning_tokens"], 30);
}

#[tokio::test]
async fn finish_reasons_are_told_in_openai_words() {
    let scene = Scene::start().await;
    for (upstream, expected) in [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "content_filter"),
        ("RECITATION", "content_filter"),
        ("PROHIBITED_CONTENT", "content_filter"),
        ("A_REASON_OF_NEXT_YEAR", "stop"),
    ] {
        let script = answering(&json!({"candidates": [
            {"content": {"role": "model", "parts": [{"text": "partial"}]}, "finishReason": upstream}
        ]}));
        scene.sim().set_script(script).expect("a valid script");
        let body = scene.chat(&chat::unary()).await.ok();
        assert_eq!(body["choices"][0]["finish_reason"], expected, "{upstream}");
        assert_eq!(
            body["choices"][0]["message"]["content"], "partial",
            "{upstream}"
        );
    }
}

#[tokio::test]
async fn a_blocked_prompt_is_an_answer_and_not_an_error() {
    let scene = Scene::scripted(answering(&json!({
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 9, "totalTokenCount": 9}
    })))
    .await;

    let body = scene.chat(&chat::unary()).await.ok();

    let choice = &body["choices"][0];
    assert_eq!(choice["finish_reason"], "content_filter");
    assert_eq!(choice["message"]["content"], "");
    assert!(
        choice["message"]["refusal"]
            .as_str()
            .unwrap()
            .contains("PROHIBITED_CONTENT"),
        "{body}"
    );
    assert_eq!(
        scene.generations().len(),
        1,
        "no key was to blame, so none was tried again"
    );
}

#[tokio::test]
async fn thoughts_are_kept_apart_from_the_answer() {
    let scene = Scene::scripted(answering(&json!({"candidates": [{
        "content": {"role": "model", "parts": [
            {"text": "Let me think.", "thought": true}, {"text": "Yes"}, {"text": ".", "thoughtSignature": "c2ln"}
        ]},
        "finishReason": "STOP"
    }]})))
    .await;

    let message = scene.chat(&chat::unary()).await.ok()["choices"][0]["message"].clone();

    assert_eq!(message["content"], "Yes.");
    assert_eq!(message["reasoning_content"], "Let me think.");
}

#[tokio::test]
async fn a_model_may_be_named_with_its_google_prefix() {
    let scene = Scene::start().await;
    for name in [
        format!("models/{OTHER_MODEL}"),
        format!("google/{OTHER_MODEL}"),
        OTHER_MODEL.to_owned(),
    ] {
        scene.sim().clear();
        let body = scene.chat(&chat::unary_for(&name)).await.ok();
        assert_eq!(
            body["model"], *name,
            "the client gets back the name it used"
        );
        assert_eq!(scene.generations_of(OTHER_MODEL).len(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_asked_for_once_more() {
    let empty =
        json!({"candidates": [{"finishReason": "STOP"}], "usageMetadata": {"promptTokenCount": 3}});
    let scene = Scene::scripted(json!([
        {"match": {"times": 1}, "then": {"respond": {"status": 200, "body": empty}}}
    ]))
    .await;

    let body = scene.chat(&chat::unary()).await.ok();

    assert!(
        body["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .contains("Say hello"),
        "{body}"
    );
    assert_eq!(scene.generations().len(), 2);
}
