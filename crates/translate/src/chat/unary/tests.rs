//! Unary answers by rule.

use super::*;
use crate::prompt::function_names::FunctionNames;

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "fallback".to_owned(),
        created_unix_s: 1_764_000_000,
        model: "gpt-4o".to_owned(),
    }
}

fn translate(upstream: &str) -> Result<(String, bool), UpstreamFault> {
    let answer = render_all(&[upstream])?;
    Ok((String::from_utf8(answer.body).unwrap(), answer.empty))
}

fn render_all(upstream: &[&str]) -> Result<UnaryAnswer, UpstreamFault> {
    let upstream: Vec<&[u8]> = upstream.iter().map(|body| body.as_bytes()).collect();
    let mut calls = CallReader::new(FunctionNames::default(), "call_", &meta());
    render(&upstream, &mut calls, &meta(), &Style::default())
}

/// The message and finish reason of the only choice, and whether the answer is empty.
fn check(upstream: &str, message: &str, finish_reason: &str, expected_empty: bool) {
    let (body, empty) = translate(upstream).unwrap();
    let expected = format!(
        r#""choices":[{{"index":0,"message":{message},"logprobs":null,"finish_reason":"{finish_reason}"}}],"#
    );
    assert!(body.contains(&expected), "{upstream}\n{body}\n{expected}");
    assert_eq!(empty, expected_empty, "{upstream}");
}

#[test]
fn wraps_an_answer_as_openai_does_a1_s2() {
    let (body, empty) = translate(
        r#"{
          "candidates": [{
            "content": {"parts": [{"text": "Hello"}, {"text": ", \"you\"\n"}], "role": "model"},
            "finishReason": "STOP",
            "index": 0
          }],
          "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 3, "totalTokenCount": 18,
                            "thoughtsTokenCount": 10, "cachedContentTokenCount": 2},
          "modelVersion": "gemini-2.5-flash",
          "responseId": "Ad-1"
        }"#,
    )
    .unwrap();
    assert!(!empty);
    insta::assert_snapshot!(body, @r#"{"id":"chatcmpl-Ad-1","object":"chat.completion","created":1764000000,"model":"gpt-4o","system_fingerprint":"gemini-2.5-flash","choices":[{"index":0,"message":{"role":"assistant","content":"Hello, \"you\"\n","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":13,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":2,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":10,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}"#);
}

#[test]
fn thoughts_go_to_reasoning_content_a4() {
    check(
        r#"{"candidates":[{"content":{"parts":[
            {"text":"First, ","thought":true},{"text":"then.","thought":true},{"text":"Done"}
          ]},"finishReason":"STOP"}]}"#,
        r#"{"role":"assistant","content":"Done","reasoning_content":"First, then.","refusal":null}"#,
        "stop",
        false,
    );
}

#[test]
fn a_signature_does_not_make_a_thought_a5() {
    check(
        r#"{"candidates":[{"content":{"parts":[{"text":"Answer","thoughtSignature":"CiQB4w=="}]},"finishReason":"STOP"}]}"#,
        r#"{"role":"assistant","content":"Answer","refusal":null,"extra_content":{"google":{"thought_signature":"CiQB4w=="}}}"#,
        "stop",
        false,
    );
}

#[test]
fn unknown_parts_and_nulls_are_ignored_a6() {
    check(
        r#"{"candidates":[{"content":{"parts":[
            {"toolCall":{"x":[1]}},{"text":null,"thought":null},{},{"text":"a"},{"future":{"text":"no"}}
          ],"role":null},"finishReason":"STOP","index":null,"safetyRatings":null}],"promptFeedback":{},"usageMetadata":null}"#,
        r#"{"role":"assistant","content":"a","refusal":null}"#,
        "stop",
        false,
    );
}

#[test]
fn content_is_an_empty_string_when_there_is_none_a3() {
    const NO_TEXT: &str = r#"{"role":"assistant","content":"","refusal":null}"#;
    for (candidate, finish_reason, empty) in [
        (
            r#"{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}"#,
            "length",
            false,
        ),
        (
            r#"{"content":{},"finishReason":"SAFETY"}"#,
            "content_filter",
            false,
        ),
        (r#"{"finishReason":"BLOCKLIST"}"#, "content_filter", false),
        (r#"{"finishReason":"OTHER"}"#, "content_filter", false),
        (
            r#"{"content":{"parts":[]},"finishReason":"STOP"}"#,
            "stop",
            true,
        ),
        (r#"{"content":{}}"#, "stop", true),
        ("{}", "stop", true),
    ] {
        check(
            &format!(r#"{{"candidates":[{candidate}]}}"#),
            NO_TEXT,
            finish_reason,
            empty,
        );
    }
}

#[test]
fn a_blocked_prompt_is_a_refusal_b1() {
    for (reason, candidates) in [
        ("PROHIBITED_CONTENT", ""),
        ("SAFETY", r#""candidates":[],"#),
        ("FUTURE_REASON", r#""candidates":null,"#),
    ] {
        check(
            &format!(r#"{{{candidates}"promptFeedback":{{"blockReason":"{reason}"}}}}"#),
            &format!(
                r#"{{"role":"assistant","content":"","refusal":"Prompt blocked by Gemini: {reason}"}}"#
            ),
            "content_filter",
            false,
        );
    }
}

#[test]
fn ratings_alone_block_nothing_b2_b3() {
    let ratings = r#"{"promptFeedback":{"safetyRatings":[{"category":"X","probability":"LOW"}]}}"#;
    for body in [
        ratings,
        "{}",
        r#"{"candidates":[]}"#,
        r#"{"this":[{"is":"not valid"}]}"#,
    ] {
        assert_eq!(translate(body), Err(UpstreamFault::Empty), "{body}");
    }
}

#[test]
fn each_candidate_is_a_choice_a2() {
    let (body, _) = translate(
        r#"{"candidates":[
            {"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},
            {"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS","index":1},
            {"finishReason":"MALFORMED_RESPONSE","index":2}
          ]}"#,
    )
    .unwrap();
    assert_eq!(body.matches(r#""role":"assistant""#).count(), 2);
    assert!(body.contains(r#"{"index":1,"message":{"role":"assistant","content":"b""#));
}

#[test]
fn a_fault_of_the_model_with_nothing_to_show_is_no_answer() {
    let upstream = r#"{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL",
        "finishMessage":"Malformed function call: print(default_api.x("}]}"#;
    let Err(UpstreamFault::Unusable { reason, message }) = translate(upstream) else {
        panic!("expected a fault");
    };
    assert_eq!(reason, "malformed_function_call");
    assert_eq!(message, "Malformed function call: print(default_api.x(");
}

#[test]
fn tells_broken_bodies_apart() {
    for (body, fault) in [
        ("", UpstreamFault::Truncated),
        (r#"{"candidates":[{"content""#, UpstreamFault::Truncated),
        ("<html>Sorry...</html>", UpstreamFault::Malformed),
        ("[]", UpstreamFault::Malformed),
        (r#"{"candidates":7}"#, UpstreamFault::Malformed),
    ] {
        assert_eq!(translate(body), Err(fault), "{body}");
    }
    let reports = [
        r#"{"error":{"code":503,"message":"high demand"}}"#,
        r#"[{"error":{"code":503,"message":"high demand"}}]"#,
    ];
    for body in reports {
        let fault = translate(body).unwrap_err();
        assert!(
            matches!(
                fault,
                UpstreamFault::Reported {
                    status: Some(503),
                    ..
                }
            ),
            "{body}"
        );
    }
}

const GOOD: &str = r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"},"thoughtSignature":"Zg=="}]},"finishReason":"STOP"}],
    "responseId":"r1","modelVersion":"v1","usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":2,"totalTokenCount":6,"serviceTier":"flex"}}"#;
const BLOCKED: &str =
    r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4}}"#;
const SILENT: &str = r#"{"candidates":[{"finishReason":"STOP"}]}"#;
const WENT_WRONG: &str = r#"{"candidates":[{"finishReason":"MALFORMED_RESPONSE"}],"usageMetadata":{"promptTokenCount":4}}"#;

#[test]
fn several_answers_are_one_with_numbered_choices_and_all_costs_g5() {
    let answer = render_all(&[GOOD, WENT_WRONG, BLOCKED, "{}", GOOD, SILENT]).unwrap();
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let choices = body["choices"].as_array().unwrap();
    let indices: Vec<u64> = choices
        .iter()
        .map(|choice| choice["index"].as_u64().unwrap())
        .collect();
    assert_eq!(indices, [0, 1, 2, 3]);
    let id = |choice: usize| &choices[choice]["message"]["tool_calls"][0]["id"];
    assert_ne!(id(0), id(2), "two calls of one answer");
    assert_eq!(choices[1]["finish_reason"], "content_filter");
    assert_eq!(body["id"], "chatcmpl-r1");
    assert_eq!(body["service_tier"], "flex");
    assert_eq!(answer.usage.prompt_tokens, 16);
    assert_eq!(answer.usage.total_tokens, 20);
    assert!(!answer.empty);
    assert_eq!(answer.signatures.len(), 2);
}

#[test]
fn several_answers_fail_when_none_can_be_shown_or_one_is_broken() {
    for (bodies, expected) in [
        (&[SILENT, SILENT][..], Ok(true)),
        (&["{}", "{}"], Err(UpstreamFault::Empty)),
        (&["{}", WENT_WRONG], Err(UpstreamFault::Empty)),
        (&[GOOD, "{\"candidates\":["], Err(UpstreamFault::Truncated)),
        (&[], Err(UpstreamFault::Empty)),
    ] {
        let found = render_all(bodies).map(|answer| answer.empty);
        assert_eq!(found, expected, "{bodies:?}");
    }
}
