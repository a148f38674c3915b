//! Pictures, speech and sources, and what a request says of its tier and cache.

use gemini_sim::Sim;
use serde_json::{Value, json};

use crate::client::{EVENTS, UNARY, post, prompt};

async fn start() -> Sim {
    Sim::builder().start("127.0.0.1:0").await.unwrap()
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn speech_comes_whole_or_in_pieces_of_the_same_type() {
    let sim = start().await;
    let body = with(
        prompt("Say hi."),
        "generationConfig",
        json!({"responseModalities": ["AUDIO"], "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}}}),
    );
    let model = "/v1beta/models/gemini-3.8-flash-tts";
    let whole = post(&sim, &format!("{model}:generateContent"), &body)
        .await
        .json();
    let events = post(
        &sim,
        &format!("{model}:streamGenerateContent?alt=sse"),
        &body,
    )
    .await
    .events();
    assert_eq!(events.len(), 4);
    let audio =
        |answer: &Value| answer["candidates"][0]["content"]["parts"][0]["inlineData"].clone();
    for answer in events.iter().chain([&whole]) {
        assert_eq!(audio(answer)["mimeType"], "audio/L16;codec=pcm;rate=24000");
    }
    let size = |answer: &Value| audio(answer)["data"].as_str().unwrap().len();
    assert_eq!(events.iter().map(size).sum::<usize>(), size(&whole));
    assert_eq!(events[3]["candidates"][0]["finishReason"], "STOP");
}

#[tokio::test]
async fn pictures_come_from_image_models_and_from_imagen() {
    let sim = start().await;
    let made = post(
        &sim,
        "/v1beta/models/gemini-3.1-flash-lite-image:generateContent",
        &prompt("a cat"),
    )
    .await
    .json();
    let parts = &made["candidates"][0]["content"]["parts"];
    assert_eq!(parts[1]["inlineData"]["mimeType"], "image/png");
    assert!(parts[1]["thoughtSignature"].is_string());

    let body = json!({"instances": [{"prompt": "a cat"}], "parameters": {"sampleCount": 2}});
    let predicted = post(
        &sim,
        "/v1beta/models/imagen-4.0-generate-001:predict",
        &body,
    )
    .await
    .json();
    let predictions = predicted["predictions"].as_array().unwrap();
    assert_eq!(predictions.len(), 2);
    assert_eq!(predictions[1]["mimeType"], "image/png");
    assert_eq!(
        predictions[1]["bytesBase64Encoded"],
        parts[1]["inlineData"]["data"]
    );
}

#[tokio::test]
async fn sources_come_with_the_last_event() {
    let sim = start().await;
    let body = with(prompt("hi"), "tools", json!([{"google_search": {}}]));
    let events = post(&sim, EVENTS, &body).await.events();
    let (last, others) = events.split_last().unwrap();
    assert!(
        others
            .iter()
            .all(|event| event["candidates"][0].get("groundingMetadata").is_none())
    );
    assert!(last["candidates"][0]["groundingMetadata"]["groundingSupports"].is_array());
}

#[tokio::test]
async fn tier_and_cache_are_told_in_usage() {
    let sim = start().await;
    let cache = with(
        prompt(&"long ".repeat(1_000)),
        "model",
        json!("models/gemini-2.5-flash"),
    );
    let cache = post(&sim, "/v1beta/cachedContents", &cache).await.json();
    let body = with(
        with(prompt("hi"), "serviceTier", json!("flex")),
        "cachedContent",
        cache["name"].clone(),
    );
    let response = post(&sim, UNARY, &body).await;
    assert_eq!(response.header("x-gemini-service-tier"), Some("flex"));
    let usage = response.json()["usageMetadata"].clone();
    assert_eq!(usage["serviceTier"], "flex");
    assert_eq!(usage["cachedContentTokenCount"], 1_250);
    assert!(usage["promptTokenCount"].as_u64().unwrap() > 1_250);
}

#[tokio::test]
async fn a_script_says_anything_that_a_model_says() {
    let sim = start().await;
    sim.set_script(json!([{"then": {"answer": {
        "thoughts": ["hm"], "text": ["a"], "images": [{"mime_type": "image/jpeg", "data": "AAAA"}],
        "calls": [{"name": "f", "args": {"b": [1]}, "signature": "c2ln"}],
        "candidates": [{"text": ["b"]}]
    }}}]))
    .unwrap();
    let answer = post(&sim, UNARY, &prompt("hi")).await.json();
    assert_eq!(
        answer["candidates"][0]["content"]["parts"],
        json!([
            {"text": "hm", "thought": true},
            {"text": "a"},
            {"inlineData": {"mimeType": "image/jpeg", "data": "AAAA"}},
            {"functionCall": {"name": "f", "args": {"b": [1]}}, "thoughtSignature": "c2ln"}
        ])
    );
    assert_eq!(answer["candidates"][1]["index"], 1);
}
