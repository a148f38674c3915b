//! Whole answers by rule, and that they hold the same as streams do.

use crate::{AnswerMeta, Exchange, UnaryAnswer, UpstreamFault, responses::ResponsesRequest};
use serde_json::Value;

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "alias".to_owned(),
    }
}

fn answer(request: &str, upstream: &str) -> Result<UnaryAnswer, UpstreamFault> {
    let request = format!(r#"{{"model":"m","input":"hi"{request}}}"#);
    let request = ResponsesRequest::parse(request.as_bytes()).unwrap();
    request.render(&[upstream.as_bytes()], &meta())
}

fn body(request: &str, upstream: &str) -> Value {
    serde_json::from_slice(&answer(request, upstream).unwrap().body).unwrap()
}

const TEXT: &str = r#"{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":2,"totalTokenCount":6,"serviceTier":"flex"},"responseId":"r1"}"#;

#[test]
fn every_key_is_there_with_openais_defaults_s8_2() {
    let body = String::from_utf8(answer("", TEXT).unwrap().body).unwrap();
    insta::assert_snapshot!(body, @r#"{"id":"resp_f","object":"response","created_at":7,"status":"completed","error":null,"incomplete_details":null,"model":"alias","output":[{"type":"message","id":"msg_f0000","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"Hi"}]}],"service_tier":"flex","usage":{"input_tokens":4,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":6},"background":false,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,"metadata":{},"parallel_tool_calls":true,"previous_response_id":null,"prompt_cache_key":null,"prompt_cache_retention":null,"reasoning":{"effort":null,"summary":null},"safety_identifier":null,"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":null,"truncation":"disabled","user":null}"#);
}

#[test]
fn repeats_the_request_as_the_client_wrote_it() {
    let request = r#","instructions":"Be \"brief\"","tools":[ {"type":"function","name":"f","extra":1.0e2} ],"tool_choice":{"type":"function","name":"f"},"temperature":0.70,"top_p":1.0,"metadata":{"a":"b"},"text":{"format":{"type":"text"},"verbosity":"low"},"parallel_tool_calls":false,"reasoning":{"effort":"low"},"max_output_tokens":16,"max_tool_calls":2,"truncation":"auto","user":"u","safety_identifier":"s","prompt_cache_key":"k","prompt_cache_retention":"24h","store":true,"top_logprobs":0"#;
    let body = String::from_utf8(answer(request, TEXT).unwrap().body).unwrap();
    for field in request.trim_start_matches(',').split(",\"") {
        let field = format!("\"{}", field.trim_start_matches('"'));
        assert!(body.contains(&field), "{field} in {body}");
    }
}

#[test]
fn the_tier_is_the_one_that_served_g14() {
    let unknown = TEXT.replace(r#","serviceTier":"flex""#, "");
    for (wished, upstream, expected) in [
        ("", TEXT, "flex"),
        (r#","service_tier":"priority""#, TEXT, "flex"),
        (r#","service_tier":"fast""#, &unknown, "priority"),
        (r#","service_tier":"auto""#, &unknown, "default"),
        ("", &unknown, "default"),
    ] {
        assert_eq!(body(wished, upstream)["service_tier"], expected, "{wished}");
    }
}

#[test]
fn a_whole_answer_holds_what_a_stream_of_it_ends_with() {
    let request = r#","include":["reasoning.encrypted_content","code_interpreter_call.outputs"]"#;
    for parts in [
        r#"{"text":"a"},{"text":"b"}"#,
        r#"{"text":"hm","thought":true},{"text":"a"},{"functionCall":{"name":"f"},"thoughtSignature":"Cg=="},{"functionCall":{"name":"f"}}"#,
        r#"{"executableCode":{"code":"1"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},{"text":"b"},{"inlineData":{"mimeType":"image/png","data":"AA=="}}"#,
        r#"{"executableCode":{"code":"1"}}"#,
    ] {
        for reason in ["STOP", "MAX_TOKENS", "SAFETY"] {
            let upstream = format!(
                r#"{{"candidates":[{{"content":{{"parts":[{parts}]}},"finishReason":"{reason}"}}],"usageMetadata":{{"promptTokenCount":1,"totalTokenCount":1}}}}"#
            );
            let whole = body(request, &upstream);
            let json = format!(r#"{{"model":"m","input":"hi"{request}}}"#);
            let parsed = ResponsesRequest::parse(json.as_bytes()).unwrap();
            let mut stream = parsed.stream_translator(&meta()).unwrap();
            let mut out = Vec::new();
            stream.push_whole(upstream.as_bytes(), &mut out).unwrap();
            stream.finish(&mut out).unwrap();
            let last = String::from_utf8(out).unwrap();
            let (_, last) = last.trim_end().rsplit_once("data: ").unwrap();
            let last: Value = serde_json::from_str(last).unwrap();
            assert_eq!(last["response"], whole, "{parts} {reason}");
        }
    }
}

#[test]
fn a_blocked_prompt_is_a_refusal_b1() {
    let body = body("", r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#);
    assert_eq!(body["status"], "incomplete");
    assert_eq!(body["incomplete_details"]["reason"], "content_filter");
    let part = &body["output"][0]["content"][0];
    assert_eq!(part["type"], "refusal");
    assert_eq!(part["refusal"], "Prompt blocked by Gemini: SAFETY");
}

#[test]
fn an_answer_that_says_nothing_is_an_empty_message_and_worth_a_retry() {
    let found = answer("", r#"{"candidates":[{"finishReason":"STOP"}]}"#).unwrap();
    assert!(found.empty);
    let body: Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(body["output"][0]["content"][0]["text"], "");
    assert_eq!(body["status"], "completed");
}

#[test]
fn thinking_that_ate_the_budget_is_incomplete_without_text_g1() {
    let body = body("", r#"{"candidates":[{"finishReason":"MAX_TOKENS"}]}"#);
    assert_eq!(body["incomplete_details"]["reason"], "max_output_tokens");
    assert_eq!(body["output"], Value::Array(Vec::new()));
}

#[test]
fn faults_of_the_model_are_faults_s2_2() {
    let upstream = r#"{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#;
    let fault = answer("", upstream).unwrap_err();
    assert!(matches!(fault, UpstreamFault::Unusable { .. }), "{fault:?}");
    assert_eq!(answer("", "{}").unwrap_err(), UpstreamFault::Empty);
}

#[test]
fn signatures_are_told_to_whoever_keeps_them() {
    let found = answer("", r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"},"thoughtSignature":"Cg=="}]},"finishReason":"STOP"}]}"#).unwrap();
    let body: Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(found.signatures.len(), 1);
    assert_eq!(body["output"][0]["call_id"], found.signatures[0].call_id);
}

#[test]
fn what_the_limit_leaves_out_makes_the_answer_incomplete() {
    let half = "a".repeat(crate::MAX_EVENT_BYTES / 2 + 1);
    let upstream = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{half}"}},{{"text":"{half}"}},{{"text":"b"}}]}},"finishReason":"STOP"}}]}}"#
    );
    let body = body("", &upstream);
    assert_eq!(body["incomplete_details"]["reason"], "max_output_tokens");
    let text = body["output"][0]["content"][0]["text"].as_str().unwrap();
    assert_eq!(text.len(), half.len(), "nothing after what did not fit");
}
