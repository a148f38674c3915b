//! Whole exchanges: what an agent asks, is answered, and asks next, down to Gemini's bodies.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{Features, Signing};

const TOOLS: &str = r#"[
    {"name":"get weather","description":"W","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},
    {"name":"get_time","input_schema":{"type":"object","properties":{}}}]"#;

const CALLS: &str = r#"{"candidates":[{"content":{"role":"model","parts":[
    {"text":"Both.","thought":true},
    {"functionCall":{"id":"w1","name":"get_weather","args":{"city":"Rome"}},"thoughtSignature":"CiQB+/=="},
    {"functionCall":{"id":"t1","name":"get_time","args":{}}}]},"finishReason":"STOP"}],"responseId":"r1"}"#;

const THINKING: &str = r#","thinking":{"type":"enabled","budget_tokens":2048}"#;

/// Asks with these messages, and gives Gemini's body for `model`.
fn plan(model: &str, fields: &str, messages: &Value, kept: &BTreeMap<String, String>) -> Value {
    let body = format!(
        r#"{{"model":"m","max_tokens":4096,"tools":{TOOLS},"messages":{messages}{fields}}}"#
    );
    let request = MessagesRequest::parse(body.as_bytes()).unwrap();
    let plan = request
        .plan(&target(&model.parse().unwrap(), kept))
        .unwrap();
    assert_eq!(plan.method, Method::Generate);
    serde_json::from_slice(&plan.bodies[0]).unwrap()
}

fn target<'a>(model: &'a crate::ModelName, kept: &'a BTreeMap<String, String>) -> Target<'a> {
    Target {
        model,
        features: Features::default(),
        safety: &[],
        signatures: kept,
        signing: Signing::Kept,
        streamed: false,
    }
}

/// Gemini's calls as the client gets them: the content of the message, and what is kept of it.
fn answer(fields: &str) -> (Value, BTreeMap<String, String>) {
    let body = format!(
        r#"{{"model":"m","max_tokens":4096,"tools":{TOOLS},"messages":[{{"role":"user","content":"?"}}]{fields}}}"#
    );
    let request = MessagesRequest::parse(body.as_bytes()).unwrap();
    let meta = AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    };
    let answer = request.render(&[CALLS.as_bytes()], &meta).unwrap();
    let kept = answer.signatures.into_iter();
    let kept = kept.map(|one| (one.call_id, one.signature)).collect();
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    (body["content"].clone(), kept)
}

/// The next messages of a client that answers both calls, the second first.
fn next(content: &Value) -> Value {
    json!([
        {"role": "user", "content": "Weather and time?"},
        {"role": "assistant", "content": content},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "noon"},
            {"type": "tool_result", "tool_use_id": "w1", "content": [
                {"type": "text", "text": "sunny"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
            ]},
            {"type": "text", "text": "Well?"},
        ]},
    ])
}

/// Blocks of `content` but those that a client might drop.
fn without_thinking(content: &Value) -> Value {
    let blocks = content.as_array().unwrap().iter();
    blocks
        .filter(|block| block["type"] != "thinking")
        .cloned()
        .collect()
}

/// What the model is reminded of having said.
fn model_turn(body: &Value) -> &Value {
    &body["contents"][1]["parts"]
}

fn signed_calls(signature: &str) -> Value {
    json!([
        {"functionCall": {"id": "w1", "name": "get_weather", "args": {"city": "Rome"}}, "thoughtSignature": signature},
        {"functionCall": {"id": "t1", "name": "get_time", "args": {}}},
    ])
}

#[test]
fn an_agent_that_sends_everything_back_goes_on_3_10() {
    let (content, _) = answer(THINKING);
    assert_eq!(content[1]["name"], "get weather", "the client's own name");
    let body = plan(
        "gemini-3.5-flash",
        THINKING,
        &next(&content),
        &BTreeMap::new(),
    );
    assert_eq!(*model_turn(&body), signed_calls("CiQB+/=="));
    assert_eq!(
        body["contents"][2],
        json!({"role": "user", "parts": [
            {"functionResponse": {"id": "w1", "name": "get_weather", "response": {"result": "sunny"},
                "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]}},
            {"functionResponse": {"id": "t1", "name": "get_time", "response": {"result": "noon"}}},
            {"text": "Well?"},
        ]})
    );
}

#[test]
fn an_agent_that_drops_thinking_goes_on_with_what_was_kept_3_5() {
    for fields in [THINKING, ""] {
        let (content, kept) = answer(fields);
        let messages = next(&without_thinking(&content));
        let body = plan("gemini-3.5-flash", fields, &messages, &kept);
        assert_eq!(*model_turn(&body), signed_calls("CiQB+/=="), "{fields}");
    }
}

#[test]
fn an_agent_that_lost_everything_goes_on_with_the_stand_in_3_6() {
    let (content, _) = answer("");
    let messages = next(&without_thinking(&content));
    let body = plan("gemini-3.5-flash", "", &messages, &BTreeMap::new());
    assert_eq!(
        *model_turn(&body),
        signed_calls("skip_thought_signature_validator")
    );
}

#[test]
fn a_conversation_with_another_model_goes_on_here_3_8() {
    let content = json!([
        {"type": "thinking", "thinking": "Both.", "signature": "EqQBCkYIBRgCKkAxyz"},
        {"type": "tool_use", "id": "w1", "name": "get weather", "input": {"city": "Rome"}},
        {"type": "tool_use", "id": "t1", "name": "get_time", "input": {}},
    ]);
    let body = plan(
        "gemini-3.5-flash",
        THINKING,
        &next(&content),
        &BTreeMap::new(),
    );
    assert_eq!(
        *model_turn(&body),
        signed_calls("skip_thought_signature_validator")
    );
}

#[test]
fn a_request_is_fitted_to_its_model() {
    let messages = json!([{"role": "user", "content": "Hi"}]);
    let fields = r#","thinking":{"type":"adaptive"},"output_config":{"effort":"low"},"temperature":0.5,"tool_choice":{"type":"tool","name":"get weather"}"#;
    let body = plan("gemini-2.5-flash", fields, &messages, &BTreeMap::new());
    insta::assert_snapshot!(body, @r#"{"contents":[{"parts":[{"text":"Hi"}],"role":"user"}],"generationConfig":{"maxOutputTokens":4096,"temperature":0.5,"thinkingConfig":{"includeThoughts":true,"thinkingBudget":1024}},"store":false,"toolConfig":{"functionCallingConfig":{"allowedFunctionNames":["get_weather"],"mode":"ANY"}},"tools":[{"functionDeclarations":[{"description":"W","name":"get_weather","parametersJsonSchema":{"properties":{"city":{"type":"string"}},"required":["city"],"type":"object"}},{"name":"get_time"}]}]}"#);
    let body = plan("gemini-3.8-flash", fields, &messages, &BTreeMap::new());
    insta::assert_snapshot!(body["generationConfig"], @r#"{"maxOutputTokens":4096,"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"LOW"}}"#);
}

#[test]
fn a_prefill_is_closed_where_the_model_wants_it_m11() {
    let messages =
        json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "The"}]);
    let body = plan("gemini-3.8-flash", "", &messages, &BTreeMap::new());
    assert_eq!(body["contents"][2]["role"], "user");
    let body = plan("gemini-2.5-flash", "", &messages, &BTreeMap::new());
    assert!(body["contents"][2].is_null());
}
