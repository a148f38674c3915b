//! Each method's answer in its true shape.

use gemini_sim::Sim;
use serde_json::json;

use crate::client::{MODEL, UNARY, get, post, prompt};

async fn start() -> Sim {
    Sim::builder().start("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn a_unary_answer_is_indented_json_with_the_headers_of_the_real_api() {
    let sim = start().await;
    let response = post(&sim, UNARY, &prompt("hello")).await;
    assert_eq!(response.status, 200);
    assert_eq!(
        response.header("content-type"),
        Some("application/json; charset=UTF-8")
    );
    assert_eq!(response.header("x-gemini-service-tier"), Some("standard"));
    assert!(response.header("server-timing").is_some());
    assert!(
        response
            .body
            .starts_with("{\n  \"candidates\": [\n    {\n      \"content\"")
    );
    let body = response.json();
    let candidate = &body["candidates"][0];
    assert_eq!(
        candidate["content"]["parts"],
        json!([{"text": "You said: hello"}])
    );
    assert_eq!(candidate["content"]["role"], "model");
    assert_eq!(candidate["finishReason"], "STOP");
    assert_eq!(body["modelVersion"], MODEL);
    assert_eq!(body["responseId"].as_str().unwrap().len(), 23);
}

#[tokio::test]
async fn usage_adds_up_and_leaves_out_what_is_zero() {
    let sim = start().await;
    let usage = post(&sim, UNARY, &prompt("hello")).await.json()["usageMetadata"].clone();
    let count = |name: &str| usage[name].as_u64().unwrap();
    assert_eq!(
        count("totalTokenCount"),
        count("promptTokenCount") + count("candidatesTokenCount") + count("thoughtsTokenCount")
    );
    assert!(usage.get("cachedContentTokenCount").is_none());
    assert_eq!(
        usage["promptTokensDetails"],
        json!([{"modality": "TEXT", "tokenCount": count("promptTokenCount")}])
    );
}

#[tokio::test]
async fn thoughts_are_shown_only_where_asked_for() {
    let sim = start().await;
    let mut request = prompt("hello");
    request["generationConfig"] = json!({"thinkingConfig": {"includeThoughts": true}});
    let body = post(&sim, UNARY, &request).await.json();
    let parts = &body["candidates"][0]["content"]["parts"];
    assert_eq!(parts[0]["thought"], true);
    assert_eq!(parts[1], json!({"text": "You said: hello"}));
}

#[tokio::test]
async fn the_same_request_gets_the_same_text_and_another_id() {
    let sim = start().await;
    let first = post(&sim, UNARY, &prompt("hello")).await.json();
    let second = post(&sim, UNARY, &prompt("hello")).await.json();
    assert_eq!(first["candidates"], second["candidates"]);
    assert_ne!(first["responseId"], second["responseId"]);
}

#[tokio::test]
async fn models_come_in_pages() {
    let models = ["a", "b", "c", "gemini-embedding-001", "d"];
    let sim = Sim::builder()
        .models(models)
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let mut names = Vec::new();
    let mut target = "/v1beta/models?pageSize=2".to_owned();
    for _ in 0..3 {
        let page = get(&sim, &target).await.json();
        let listed = page["models"].as_array().unwrap();
        names.extend(
            listed
                .iter()
                .map(|model| model["name"].as_str().unwrap().to_owned()),
        );
        match page["nextPageToken"].as_str() {
            Some(token) => target = format!("/v1beta/models?pageSize=2&pageToken={token}"),
            None => break,
        }
    }
    assert_eq!(names, models.map(|model| format!("models/{model}")));
    assert_eq!(
        get(&sim, "/v1beta/models?pageToken=nonsense").await.status,
        400
    );
}

#[tokio::test]
async fn a_model_says_what_it_can_do() {
    let sim = start().await;
    let flash = get(&sim, "/v1beta/models/gemini-2.5-flash").await.json();
    assert_eq!(flash["displayName"], "Gemini 2.5 Flash");
    assert_eq!(flash["supportedGenerationMethods"][0], "generateContent");
    let embedding = get(&sim, "/v1/models/gemini-embedding-001").await.json();
    assert_eq!(embedding["supportedGenerationMethods"][0], "embedContent");
    assert!(embedding.get("thinking").is_none());
    assert_eq!(get(&sim, "/v1beta/models/none").await.status, 404);
}

#[tokio::test]
async fn the_usual_models_have_their_true_limits_and_methods() {
    let sim = start().await;
    for (name, input, output, method, thinks) in [
        (
            "gemini-2.5-flash",
            1_048_576,
            65_536,
            "batchGenerateContent",
            true,
        ),
        (
            "gemini-4-argon",
            1_048_576,
            65_536,
            "createCachedContent",
            true,
        ),
        (
            "gemini-2.5-flash-image",
            32_768,
            32_768,
            "generateContent",
            false,
        ),
        (
            "gemini-3.8-flash-tts",
            8_192,
            16_384,
            "generateContent",
            false,
        ),
        ("gemma-3-27b-it", 131_072, 8_192, "countTokens", false),
        ("gemini-embedding-2", 8_192, 1, "embedContent", false),
        ("imagen-4.0-generate-001", 480, 8_192, "predict", false),
    ] {
        let model = get(&sim, &format!("/v1beta/models/{name}")).await.json();
        assert_eq!(model["inputTokenLimit"], input, "{name}");
        assert_eq!(model["outputTokenLimit"], output, "{name}");
        assert_eq!(
            model["thinking"].as_bool().unwrap_or(false),
            thinks,
            "{name}"
        );
        let methods = model["supportedGenerationMethods"].as_array().unwrap();
        assert!(methods.contains(&json!(method)), "{name}: {methods:?}");
    }
}

#[tokio::test]
async fn a_model_has_the_methods_of_its_kind_and_no_other() {
    let sim = start().await;
    for (name, method, status) in [
        ("imagen-4.0-generate-001", "generateContent", 404),
        ("gemini-2.5-flash", "embedContent", 404),
        ("gemini-2.5-flash", "predict", 404),
        ("gemini-embedding-001", "countTokens", 200),
    ] {
        let body = match method {
            "predict" => json!({"instances": [{"prompt": "a"}]}),
            "embedContent" => json!({"content": {"parts": [{"text": "a"}]}}),
            _ => prompt("a"),
        };
        let target = format!("/v1beta/models/{name}:{method}");
        assert_eq!(post(&sim, &target, &body).await.status, status, "{target}");
    }
}

#[tokio::test]
async fn tokens_are_counted_as_usage_counts_them() {
    let sim = start().await;
    let counted = post(
        &sim,
        "/v1beta/models/gemini-2.5-flash:countTokens",
        &prompt("hello there"),
    )
    .await;
    let used = post(&sim, UNARY, &prompt("hello there")).await;
    assert_eq!(
        counted.json()["totalTokens"],
        used.json()["usageMetadata"]["promptTokenCount"]
    );
}
