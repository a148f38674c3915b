//! Loops of an agent: what is answered comes back in the next request, by clients of all kinds.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{Features, Signing};

const TOOLS: &str = r#"[{"type":"function","name":"look up"},{"type":"namespace","name":"crm","tools":[{"type":"custom","name":"note"}]}]"#;

/// Two calls at once, of which the first is signed, as Gemini 3 makes them.
const CALLS: &str = r#"{"candidates":[{"content":{"parts":[
    {"text":"Let me see."},
    {"functionCall":{"id":"a1","name":"look_up","args":{"n":1.0}},"thoughtSignature":"U2ln"},
    {"functionCall":{"id":"a2","name":"crm.note","args":{"input":"+x"}}}
]},"finishReason":"STOP"}]}"#;

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    }
}

fn parse(body: &str) -> ResponsesRequest<'_> {
    ResponsesRequest::parse(body.as_bytes()).unwrap()
}

/// What Gemini is asked.
fn asked(
    body: &str,
    model: &str,
    signatures: &BTreeMap<String, String>,
    signing: Signing,
) -> Value {
    let model = model.parse().unwrap();
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures,
        signing,
        streamed: false,
    };
    let plan = parse(body).plan(&target).unwrap();
    assert_eq!((plan.method, plan.bodies.len()), (Method::Generate, 1));
    serde_json::from_slice(&plan.bodies[0]).unwrap()
}

fn first_turn(fields: &str) -> String {
    format!(r#"{{"model":"m","input":"hi","tools":{TOOLS}{fields}}}"#)
}

/// The next request of a client that sends back what passes `keep`, and the results.
fn next_turn(answered: &[Value], keep: impl Fn(&Value) -> bool) -> String {
    let mut input = vec![json!({"role":"user","content":"hi"})];
    input.extend(answered.iter().filter(|item| keep(item)).cloned());
    for item in answered {
        if let Some(call_id) = item["call_id"].as_str() {
            let kind = format!("{}_output", item["type"].as_str().unwrap());
            input.push(json!({"type":kind,"call_id":call_id,"output":"ok"}));
        }
    }
    json!({"model":"m","input":input,"tools":serde_json::from_str::<Value>(TOOLS).unwrap()})
        .to_string()
}

fn output(body: &[u8]) -> Vec<Value> {
    let response: Value = serde_json::from_slice(body).unwrap();
    response["output"].as_array().unwrap().clone()
}

#[test]
fn a_client_that_keeps_all_items_keeps_the_signature_s3_2_s3_10() {
    let expected = r#"[{"parts":[{"text":"hi"}],"role":"user"},{"parts":[{"text":"Let me see."},{"functionCall":{"args":{"n":1.0},"id":"a1","name":"look_up"},"thoughtSignature":"U2ln"},{"functionCall":{"args":{"input":"+x"},"id":"a2","name":"crm.note"}}],"role":"model"},{"parts":[{"functionResponse":{"id":"a1","name":"look_up","response":{"result":"ok"}}},{"functionResponse":{"id":"a2","name":"crm.note","response":{"result":"ok"}}}],"role":"user"}]"#;
    for fields in [
        r#","include":["reasoning.encrypted_content"]"#,
        r#","store":false"#,
    ] {
        let first = first_turn(fields);
        let answer = parse(&first).render(&[CALLS.as_bytes()], &meta()).unwrap();
        let next = next_turn(&output(&answer.body), |_| true);
        assert_eq!(parse(&next).unsigned_calls(), ["a2"]);
        let asked = asked(&next, "gemini-3.5-flash", &BTreeMap::new(), Signing::Kept);
        assert_eq!(asked["contents"].to_string(), expected);
    }
}

#[test]
fn a_client_that_drops_reasoning_gets_it_from_whoever_kept_it_s3_5() {
    for fields in ["", r#","store":false"#] {
        let first = first_turn(fields);
        let answer = parse(&first).render(&[CALLS.as_bytes()], &meta()).unwrap();
        let kept = answer.signatures.into_iter();
        let kept: BTreeMap<String, String> =
            kept.map(|kept| (kept.call_id, kept.signature)).collect();
        let next = next_turn(&output(&answer.body), |item| item["type"] != "reasoning");
        assert_eq!(parse(&next).unsigned_calls(), ["a1", "a2"]);
        let calls = |signatures: &BTreeMap<String, String>, signing| {
            let asked = asked(&next, "gemini-3.5-flash", signatures, signing);
            asked["contents"][1]["parts"].clone()
        };
        let found = calls(&kept, Signing::Kept);
        assert_eq!(found[1]["thoughtSignature"], "U2ln");
        assert_eq!(found[2]["thoughtSignature"], Value::Null);
        // Nobody has it, or Gemini refused it: the documented stand-in (§3.6, §3.8).
        let unknown = calls(&BTreeMap::new(), Signing::Kept)[1]["thoughtSignature"].clone();
        assert!(unknown.is_string() && unknown != "U2ln", "{unknown}");
        assert_eq!(
            calls(&kept, Signing::Replaced)[1]["thoughtSignature"],
            unknown
        );
    }
}

#[test]
fn names_that_gemini_refuses_are_the_clients_own_again_t2() {
    let first = first_turn("");
    let declared = asked(&first, "gemini-3.5-flash", &BTreeMap::new(), Signing::Kept);
    let declarations = &declared["tools"][0]["functionDeclarations"];
    assert_eq!(declarations[0]["name"], "look_up");
    assert_eq!(declarations[1]["name"], "crm.note");
    let answer = parse(&first).render(&[CALLS.as_bytes()], &meta()).unwrap();
    let items = output(&answer.body);
    assert_eq!(items[1]["name"], "look up");
    assert_eq!(items[2]["namespace"], "crm");
    assert_eq!(items[2]["input"], "+x");
}

#[test]
fn pictures_are_asked_of_text_models_only_if_chosen_g20() {
    let offered = r#","tools":[{"type":"image_generation","size":"1536x1024"}]"#;
    let chosen = r#","tools":[{"type":"image_generation","size":"1536x1024"}],"tool_choice":{"type":"image_generation"}"#;
    for (fields, model, modalities) in [
        (offered, "gemini-3.5-flash", json!(null)),
        (offered, "gemini-2.5-flash-image", json!(["TEXT", "IMAGE"])),
        (chosen, "gemini-3.5-flash", json!(["TEXT", "IMAGE"])),
    ] {
        let body = format!(r#"{{"model":"m","input":"hi"{fields}}}"#);
        let asked = asked(&body, model, &BTreeMap::new(), Signing::Kept);
        let config = &asked["generationConfig"];
        assert_eq!(config["responseModalities"], modalities, "{model} {fields}");
        let ratio = if modalities.is_null() {
            json!(null)
        } else {
            json!("3:2")
        };
        assert_eq!(
            config["imageConfig"]["aspectRatio"], ratio,
            "{model} {fields}"
        );
    }
}

#[test]
fn models_for_speech_are_refused_g19() {
    let body = r#"{"model":"m","input":"hi"}"#;
    let model = "gemini-2.5-flash-preview-tts".parse().unwrap();
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    };
    let error = parse(body).plan(&target).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("model"), "{error}");
    assert!(error.message.contains("/v1/audio/speech"), "{error}");
}
