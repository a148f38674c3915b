//! Every endpoint that asks Gemini, in one table: errors come in the dialect of the endpoint, name the
//! field, and tell when to come back.

use http::Method;
use serde_json::{Value, json};

use crate::support::chat::{EMBEDDING_MODEL, IMAGE_MODEL, MODEL, SPEECH_MODEL, models};
use crate::support::client::{Answer, Client};
use crate::support::scene::Scene;

/// Whose error object an endpoint answers with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    OpenAi,
    Anthropic,
    Google,
}

/// An endpoint, a request that it takes, and one that makes no sense.
struct Endpoint {
    path: String,
    shape: Shape,
    good: Value,
    /// With what is wrong and where.
    nonsense: Value,
    field: &'static str,
}

fn endpoint(path: &str, shape: Shape, good: Value, field: &'static str, wrong: Value) -> Endpoint {
    let mut nonsense = good.clone();
    nonsense[field] = wrong;
    Endpoint {
        path: path.to_owned(),
        shape,
        good,
        nonsense,
        field,
    }
}

/// All of them.
fn endpoints() -> Vec<Endpoint> {
    let model = MODEL;
    let messages = json!([{"role": "user", "content": "hi"}]);
    vec![
        endpoint(
            "/v1/chat/completions",
            Shape::OpenAi,
            json!({"model": model, "messages": messages}),
            "temperature",
            json!("hot"),
        ),
        endpoint(
            "/v1/completions",
            Shape::OpenAi,
            json!({"model": model, "prompt": "hi"}),
            "prompt",
            json!({}),
        ),
        endpoint(
            "/v1/responses",
            Shape::OpenAi,
            json!({"model": model, "input": "hi"}),
            "input",
            json!(7),
        ),
        endpoint(
            "/v1/embeddings",
            Shape::OpenAi,
            json!({"model": EMBEDDING_MODEL, "input": "hi"}),
            "input",
            json!([[1, 2]]),
        ),
        endpoint(
            "/v1/images/generations",
            Shape::OpenAi,
            json!({"model": IMAGE_MODEL, "prompt": "hi"}),
            "n",
            json!(0),
        ),
        endpoint(
            "/v1/audio/speech",
            Shape::OpenAi,
            json!({"model": SPEECH_MODEL, "input": "hi", "voice": "alloy"}),
            "input",
            json!([]),
        ),
        endpoint(
            "/v1/messages",
            Shape::Anthropic,
            json!({"model": model, "max_tokens": 50, "messages": messages}),
            "max_tokens",
            json!(-1),
        ),
        endpoint(
            "/v1/messages/count_tokens",
            Shape::Anthropic,
            json!({"model": model, "messages": messages}),
            "messages",
            json!("hi"),
        ),
        endpoint(
            &format!("/v1beta/models/{model}:generateContent"),
            Shape::Google,
            json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}),
            "nonsense",
            json!(1),
        ),
    ]
}

/// Checks the error object and gives its message.
fn message(answer: &Answer, shape: Shape, what: &str) -> String {
    let body = answer.json();
    let error = &body["error"];
    match shape {
        Shape::OpenAi => {
            assert!(error["type"].is_string(), "{what}: {body}");
            assert!(error.get("param").is_some(), "{what}: {body}");
            assert!(error.get("code").is_some(), "{what}: {body}");
        }
        Shape::Anthropic => {
            assert_eq!(body["type"], "error", "{what}: {body}");
            assert!(error["type"].is_string(), "{what}: {body}");
        }
        Shape::Google => {
            assert_eq!(error["code"], answer.status.as_u16(), "{what}: {body}");
            assert!(error["status"].is_string(), "{what}: {body}");
        }
    }
    error["message"].as_str().unwrap_or_default().to_owned()
}

async fn scene(script: Value) -> Scene {
    let builder = Scene::builder().models(models());
    builder.script(script).start().await
}

async fn post(client: &Client, endpoint: &Endpoint, body: &Value) -> Answer {
    client
        .request(Method::POST, &endpoint.path)
        .json(body)
        .answer()
        .await
}

#[tokio::test]
async fn nonsense_is_a_400_that_names_the_field_in_the_endpoints_own_dialect() {
    let scene = scene(json!([])).await;
    for endpoint in endpoints() {
        let answer = post(&scene.client(), &endpoint, &endpoint.nonsense).await;
        assert_eq!(answer.status, 400, "{}: {}", endpoint.path, answer.text());
        let message = message(&answer, endpoint.shape, &endpoint.path);
        assert!(
            message.contains(endpoint.field),
            "{}: {message}",
            endpoint.path
        );
    }
}

#[tokio::test]
async fn what_is_not_json_is_a_400_in_the_endpoints_own_dialect() {
    let scene = scene(json!([])).await;
    for endpoint in endpoints() {
        let answer = scene
            .client()
            .request(Method::POST, &endpoint.path)
            .body("{\"model\": ")
            .answer()
            .await;
        assert_eq!(answer.status, 400, "{}", endpoint.path);
        message(&answer, endpoint.shape, &endpoint.path);
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn nobody_gets_in_without_a_client_key() {
    let scene = scene(json!([])).await;
    for endpoint in endpoints() {
        let answer = post(&scene.client().anonymous(), &endpoint, &endpoint.good).await;
        assert_eq!(answer.status, 401, "{}", endpoint.path);
        message(&answer, endpoint.shape, &endpoint.path);
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn exhausted_keys_are_a_429_that_says_when_to_come_back() {
    let scene = scene(json!([{"then": {"respond": {"error": "quota_day"}}}])).await;
    for endpoint in endpoints() {
        let answer = post(&scene.client(), &endpoint, &endpoint.good).await;
        assert_eq!(answer.status, 429, "{}: {}", endpoint.path, answer.text());
        message(&answer, endpoint.shape, &endpoint.path);
        let seconds: u64 = answer.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(seconds > 0, "{}", endpoint.path);
    }
}

#[tokio::test]
async fn an_overloaded_model_is_a_503_and_a_529_to_anthropics_clients() {
    for endpoint in endpoints() {
        // Each has a product of its own: the first one's failures make the next wait.
        let scene = scene(json!([{"then": {"respond": {"error": "overloaded"}}}])).await;
        let answer = post(&scene.client(), &endpoint, &endpoint.good).await;
        let expected = if endpoint.shape == Shape::Anthropic {
            529
        } else {
            503
        };
        assert_eq!(answer.status, expected, "{}", endpoint.path);
        message(&answer, endpoint.shape, &endpoint.path);
    }
}

#[tokio::test]
async fn every_endpoint_answers_with_another_key_when_google_refuses_the_first() {
    for endpoint in endpoints() {
        let scene =
            scene(json!([{"match": {"times": 1}, "then": {"respond": {"error": "suspended"}}}]))
                .await;
        let answer = post(&scene.client(), &endpoint, &endpoint.good).await;
        let is_native = endpoint.shape == Shape::Google;
        assert_eq!(answer.status, 200, "{}: {}", endpoint.path, answer.text());
        assert!(!answer.body.is_empty() || is_native, "{}", endpoint.path);
        assert_eq!(scene.sim().requests().len(), 2, "{}", endpoint.path);
    }
}
