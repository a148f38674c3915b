//! An agent's loop on a model that wants its thought signatures back (reference §3): what the upstream is
//! sent, for clients that keep them and for clients that drop them.

use serde_json::{Value, json};

use crate::support::chat::{AGENT_MODEL, models};
use crate::support::scene::{Scene, SceneBuilder};

/// Requests until a signature must have reached the store: many times what one write takes.
const TRIES_MAX: usize = 50;

/// Google's documented stand-in for a signature that is lost.
const STAND_IN: &str = "skip_thought_signature_validator";

fn builder() -> SceneBuilder {
    Scene::builder().models(models())
}

fn ask(messages: &Value) -> Value {
    let schema =
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    let tool = |name| json!({"type": "function", "function": {"name": name, "parameters": schema}});
    json!({"model": AGENT_MODEL, "messages": messages, "tools": [tool("get_weather"), tool("get_time")]})
}

/// The conversation after both calls of `message` were answered.
fn answered(message: &Value) -> Value {
    let results = message["tool_calls"].as_array().unwrap().iter().map(
        |call| json!({"role": "tool", "tool_call_id": call["id"], "content": "{\"ok\":true}"}),
    );
    let mut messages = vec![task(), message.clone()];
    messages.extend(results);
    messages.into()
}

fn task() -> Value {
    json!({"role": "user", "content": "Please call get_weather and get_time for Paris."})
}

/// The message as a client sends it back that knows only OpenAI's own fields.
fn without_unknown_fields(message: &Value) -> Value {
    let calls =
        message["tool_calls"].as_array().unwrap().iter().map(
            |call| json!({"id": call["id"], "type": "function", "function": call["function"]}),
        );
    json!({"role": "assistant", "content": null, "tool_calls": calls.collect::<Vec<_>>()})
}

/// The signatures of the calls in the last request that the upstream got.
fn sent_signatures(scene: &Scene) -> Vec<Option<String>> {
    let last = scene.generations().pop().unwrap();
    let body: Value = serde_json::from_slice(&last.body).unwrap();
    let contents = body["contents"].as_array().unwrap();
    let parts = contents
        .iter()
        .flat_map(|content| content["parts"].as_array().unwrap());
    parts
        .filter(|part| part.get("functionCall").is_some())
        .map(|part| part["thoughtSignature"].as_str().map(str::to_owned))
        .collect()
}

async fn first_step(scene: &Scene) -> (Value, String) {
    let answer = scene.chat(&ask(&json!([task()]))).await.ok();
    let message = answer["choices"][0]["message"].clone();
    assert_eq!(
        message["tool_calls"].as_array().unwrap().len(),
        2,
        "{answer}"
    );
    let signature = message["tool_calls"][0]["extra_content"]["google"]["thought_signature"]
        .as_str()
        .unwrap_or_else(|| panic!("the first call is signed: {message}"))
        .to_owned();
    (message, signature)
}

#[tokio::test]
async fn a_signature_that_the_client_keeps_goes_back_with_its_call() {
    let scene = builder().start().await;
    let (message, signature) = first_step(&scene).await;
    scene.chat(&ask(&answered(&message))).await.ok();
    assert_eq!(sent_signatures(&scene), [Some(signature), None]);
}

#[tokio::test]
async fn a_signature_that_the_client_drops_is_remembered_across_instances() {
    let scene = builder().threads(2).start().await;
    let (message, signature) = first_step(&scene).await;
    let history = answered(&without_unknown_fields(&message));
    // The store is written once the answer is out, so a very quick client may come too early for the other
    // instance; each try is a request that works, and one that finds the signature ends the wait.
    for _ in 0..TRIES_MAX {
        scene.chat(&ask(&history)).await.ok();
        if sent_signatures(&scene) == [Some(signature.clone()), None] {
            break;
        }
    }
    // Connections are spread over the threads, so that several tries meet both instances.
    for _ in 0..4 {
        scene.chat(&ask(&history)).await.ok();
        assert_eq!(sent_signatures(&scene), [Some(signature.clone()), None]);
    }
}

#[tokio::test]
async fn a_call_that_nobody_has_seen_goes_with_the_stand_in() {
    let scene = builder().start().await;
    let (message, _) = first_step(&scene).await;
    let mut foreign = without_unknown_fields(&message);
    foreign["tool_calls"][0]["id"] = "call_of_another_server".into();
    scene.chat(&ask(&answered(&foreign))).await.ok();
    assert_eq!(sent_signatures(&scene), [Some(STAND_IN.to_owned()), None]);
}

#[tokio::test]
async fn a_signature_that_google_refuses_is_replaced_once_with_the_same_key() {
    let scene = builder().start().await;
    let (mut message, _) = first_step(&scene).await;
    let before = scene.generations().len();
    message["tool_calls"][0]["extra_content"]["google"]["thought_signature"] =
        "c2lnbmVkIGVsc2V3aGVyZQ==".into();
    scene.chat(&ask(&answered(&message))).await.ok();
    let tries = scene.keys_used().split_off(before);
    assert_eq!(tries.len(), 2, "one refusal, one repetition");
    assert_eq!(tries[0], tries[1], "the key is not to blame");
    assert_eq!(sent_signatures(&scene), [Some(STAND_IN.to_owned()), None]);
}
