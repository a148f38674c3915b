//! From request to calls, and what a request says about its answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{AnswerMeta, ChatRequest, Exchange, Features, ModelName, Signing, Target};

/// The message of the answer to a request with this beside its messages, if Gemini calls `look`.
fn answered(more: &str) -> Value {
    let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],{more}}}"#);
    let request = ChatRequest::parse(body.as_bytes()).unwrap();
    let meta = AnswerMeta {
        fallback_id: "0".repeat(16),
        created_unix_s: 0,
        model: "m".to_owned(),
    };
    let upstream = br#"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c1","name":"look","args":{"input":"up"}}}]},"finishReason":"STOP"}],"responseId":"r"}"#;
    let answer = request.render(&[upstream], &meta).unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    answer["choices"][0]["message"].clone()
}

#[test]
fn calls_are_answered_in_the_form_they_were_declared_in_t12_t14() {
    let arguments = r#"{"input":"up"}"#;
    let functions = answered(r#""tools":[{"type":"function","function":{"name":"look"}}]"#);
    assert_eq!(
        functions["tool_calls"][0],
        json!({"id": "c1", "type": "function", "function": {"name": "look", "arguments": arguments}})
    );
    let custom = answered(r#""tools":[{"type":"custom","custom":{"name":"look"}}]"#);
    assert_eq!(
        custom["tool_calls"][0],
        json!({"id": "c1", "type": "custom", "custom": {"name": "look", "input": "up"}})
    );
    let older = answered(r#""functions":[{"name":"look"}]"#);
    assert_eq!(
        older["function_call"],
        json!({"name": "look", "arguments": arguments})
    );
}

#[test]
fn choices_cost_a_call_each_where_the_model_makes_one_g5() {
    let body = br#"{"model":"m","messages":[{"role":"user","content":"a"}],"n":3}"#;
    let request = ChatRequest::parse(body).unwrap();
    for (model, calls) in [("gemini-2.5-flash", 1), ("gemini-3.8-flash", 3)] {
        let model: ModelName = model.parse().unwrap();
        let target = Target {
            model: &model,
            features: Features::default(),
            safety: &[],
            signatures: &BTreeMap::new(),
            signing: Signing::Kept,
            streamed: false,
        };
        let plan = request.plan(&target).unwrap();
        assert_eq!(plan.bodies.len(), calls, "{model}");
    }
}

#[test]
fn a_large_request_is_not_multiplied_beyond_what_fits_g5() {
    let text = "a".repeat(9 << 20);
    let fits = |n: usize| {
        let body =
            format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{text}"}}],"n":{n}}}"#);
        let request = ChatRequest::parse(body.as_bytes()).unwrap();
        let model: ModelName = "gemini-3.8-flash".parse().unwrap();
        let plan = request.plan(&Target {
            model: &model,
            features: Features::default(),
            safety: &[],
            signatures: &BTreeMap::new(),
            signing: Signing::Kept,
            streamed: false,
        });
        plan.map(|plan| plan.bodies.len())
    };
    assert_eq!(fits(5), Ok(5));
    let error = fits(8).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("n"));
    assert!(error.message.contains("at most 5"), "{error}");
}
