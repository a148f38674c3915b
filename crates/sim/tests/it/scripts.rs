//! Scripts that answer.

use gemini_sim::{Sim, StartError};
use serde_json::{Value, json};

use crate::client::{EVENTS, UNARY, get, post, prompt};

async fn start(script: Value) -> Sim {
    Sim::builder()
        .script(script)
        .start("127.0.0.1:0")
        .await
        .unwrap()
}

#[tokio::test]
async fn named_errors_have_the_status_and_words_of_the_real_api() {
    let cases = [
        ("rate_limited_minute", 429, "PerMinutePerProjectPerModel"),
        ("rate_limited_tokens", 429, "InputTokensPerModelPerMinute"),
        ("quota_day", 429, "PerDayPerProjectPerModel"),
        ("limit_zero", 429, "limit: 0"),
        (
            "bare_429",
            429,
            "Resource has been exhausted (e.g. check quota).",
        ),
        ("html_sorry", 429, "<title>Sorry...</title>"),
        ("prepay_depleted", 402, "prepayment credits are depleted"),
        ("invalid_key", 400, "API_KEY_INVALID"),
        ("expired_key", 400, "API key expired"),
        ("key_not_found", 400, "API Key not found"),
        (
            "access_token_unsupported",
            401,
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        ),
        ("leaked", 403, "reported as leaked"),
        ("suspended", 403, "Consumer 'api_key:k' has been suspended"),
        ("project_denied", 403, "project has been denied access"),
        ("service_disabled", 403, "SERVICE_DISABLED"),
        ("service_blocked", 403, "API_KEY_SERVICE_BLOCKED"),
        (
            "caller_no_permission",
            403,
            "The caller does not have permission",
        ),
        ("location", 400, "User location is not supported"),
        ("bad_request", 400, "fieldViolations"),
        ("token_limit", 400, "exceeds the maximum number of tokens"),
        ("free_tier_country", 400, "free tier is not available"),
        ("multiple_credentials", 400, "Multiple authentication"),
        ("payload_too_large", 400, "Request payload size exceeds"),
        ("unknown_field", 400, "Cannot find field."),
        ("opaque_argument", 400, "contains an invalid argument."),
        ("function_call_turn_order", 400, "function call turn comes"),
        (
            "function_response_turn_order",
            400,
            "function response turn comes",
        ),
        (
            "function_response_count",
            400,
            "number of function response",
        ),
        ("missing_thought_signature", 400, "is missing a thought_sig"),
        ("corrupted_thought_signature", 400, "Corrupted thought"),
        (
            "invalid_thought_signature",
            400,
            "Invalid thought signature",
        ),
        ("model_turn_prefill", 400, "Requests ending with a model"),
        ("cached_content_conflict", 400, "CachedContent can not be"),
        ("multiple_candidates", 400, "Multiple candidates is not"),
        ("penalty_not_enabled", 400, "Penalty is not enabled for"),
        ("logprobs_not_enabled", 400, "models/gemini-2.5-flash"),
        ("thinking_level_unsupported", 400, "Thinking level is not"),
        ("thinking_level_and_budget", 400, "only set only one of"),
        ("thinking_unsupported", 400, "thinking_config is not"),
        ("thinking_cannot_be_off", 400, "Budget 0 is invalid."),
        ("json_mode_with_functions", 400, "a response mime type"),
        ("search_with_functions", 400, "Tool use with function"),
        ("server_side_tools_not_included", 400, "Please enable tool_"),
        ("calling_config_without_functions", 400, "is set without"),
        ("response_modalities", 400, "combination of response"),
        ("batch_too_large", 400, "at most 100 requests"),
        ("deadline_too_short", 400, "deadline 5s is too short."),
        (
            "model_not_found",
            404,
            "models/gemini-2.5-flash is not found",
        ),
        ("model_retired", 404, "no longer available to new users"),
        ("internal", 500, "INTERNAL"),
        ("overloaded", 503, "high demand"),
        ("deadline_expired", 503, "Deadline expired"),
        ("deadline_exceeded", 504, "DEADLINE_EXCEEDED"),
        ("bad_gateway", 502, "<b>502.</b>"),
    ];
    let sim = start(json!([])).await;
    for (name, status, words) in cases {
        sim.set_script(json!([{"then": {"respond": {"error": name}}}]))
            .unwrap();
        let response = post(&sim, UNARY, &prompt("hi")).await;
        assert_eq!(response.status, status, "{name}");
        assert!(response.body.contains(words), "{name}: {}", response.body);
    }
}

#[tokio::test]
async fn a_response_is_sent_as_given() {
    let sim = start(json!([
        {"match": {"nth": 1}, "then": {"respond": {"status": 418, "headers": {"x-test": "1"}, "body": {"a": 1}}}},
        {"match": {"nth": 1}, "then": {"respond": {"headers": {"content-type": "text/plain"}, "body": "{not json"}}},
        {"then": {"respond": {"error": "overloaded", "status": 529, "retry_s": 7.0}}}
    ]))
    .await;
    let first = post(&sim, UNARY, &prompt("hi")).await;
    assert_eq!((first.status, first.header("x-test")), (418, Some("1")));
    assert_eq!(first.json(), json!({"a": 1}));
    let second = post(&sim, UNARY, &prompt("hi")).await;
    assert_eq!((second.status, second.body.as_str()), (200, "{not json"));
    assert_eq!(second.header("content-type"), Some("text/plain"));
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 529);
}

#[tokio::test]
async fn answers_with_the_content_of_the_script_in_the_shape_asked_for() {
    let sim = start(json!([{"then": {"answer": {
        "text": ["Hel", "lo"], "thoughts": ["hm"], "finish_reason": "MAX_TOKENS",
        "prompt_tokens": 100, "cached_tokens": 60, "thought_tokens": 7
    }}}]))
    .await;
    let unary = post(&sim, UNARY, &prompt("hi")).await.json();
    let candidate = &unary["candidates"][0];
    assert_eq!(
        candidate["content"]["parts"],
        json!([{"text": "hm", "thought": true}, {"text": "Hello"}])
    );
    assert_eq!(candidate["finishReason"], "MAX_TOKENS");

    let events = post(&sim, EVENTS, &prompt("hi")).await.events();
    assert_eq!(events.len(), 3);
    assert_eq!(events[2]["candidates"][0]["finishReason"], "MAX_TOKENS");
    let usage = &events[2]["usageMetadata"];
    assert_eq!(usage, &unary["usageMetadata"]);
    assert_eq!(usage["promptTokenCount"], 100);
    assert_eq!(usage["cachedContentTokenCount"], 60);
    assert_eq!(usage["thoughtsTokenCount"], 7);
    assert_eq!(usage["cacheTokensDetails"][0]["tokenCount"], 60);
}

#[tokio::test]
async fn a_blocked_prompt_has_no_candidates_and_a_null_finish_reason_none() {
    let sim = start(json!([
        {"match": {"nth": 1}, "then": {"answer": {"block_reason": "PROHIBITED_CONTENT"}}},
        {"then": {"answer": {"text": ["a"], "finish_reason": null}}}
    ]))
    .await;
    let blocked = post(&sim, UNARY, &prompt("hi")).await.json();
    assert_eq!(
        blocked["promptFeedback"]["blockReason"],
        "PROHIBITED_CONTENT"
    );
    assert!(blocked.get("candidates").is_none());
    let unfinished = post(&sim, UNARY, &prompt("hi")).await.json();
    assert!(unfinished["candidates"][0].get("finishReason").is_none());
}

#[tokio::test]
async fn a_stream_is_sent_as_given() {
    let raw = "{\n  \"error\": {\"code\": 503}\n}\n";
    let sim = start(json!([{"then": {"stream": {"events": [{"candidates": []}, raw]}}}])).await;
    let response = post(&sim, EVENTS, &prompt("hi")).await;
    assert_eq!(
        response.body,
        format!("data: {{\"candidates\": []}}\r\n\r\n{raw}")
    );
}

#[tokio::test]
async fn any_method_can_be_scripted_and_checks_come_first() {
    let sim = start(json!([
        {"match": {"method": "models"}, "then": {"respond": {"body": {"models": []}}}},
        {"match": {"method": "streamGenerateContent"}, "then": {"respond": {"error": "internal"}}}
    ]))
    .await;
    assert_eq!(
        get(&sim, "/v1beta/models").await.json(),
        json!({"models": []})
    );
    assert_eq!(post(&sim, EVENTS, &prompt("hi")).await.status, 500);
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
    assert_eq!(post(&sim, EVENTS, &json!({})).await.status, 400);
}

#[tokio::test]
async fn a_script_that_cannot_be_acted_on_is_refused() {
    let cases = [
        json!({}),
        json!([{"then": {"respond": {}}}]),
        json!([{"then": {"respond": {"error": "internal", "body": {}}}}]),
        json!([{"then": {"respond": {"error": "no_such_error"}}}]),
        json!([{"then": {"respond": {"status": 99, "body": {}}}}]),
        json!([{"then": {"respond": {"headers": {"a b": "c"}, "body": {}}}}]),
        json!([{"then": {"fault": {"kind": "explode"}}}]),
        json!([{"then": {"answer": {"texts": []}}}]),
        json!([{"then": {"answer": {"parts": ["text"]}}}]),
        json!([{"then": {"answer": {"calls": [{}]}}}]),
        json!([{"then": {"answer": {"candidates": [{"delay_ms": 1}]}}}]),
        json!([{"match": {"colour": "red"}, "then": {"respond": {"error": "internal"}}}]),
    ];
    for script in cases {
        let started = Sim::builder()
            .script(script.clone())
            .start("127.0.0.1:0")
            .await;
        assert!(matches!(started, Err(StartError::Script(_))), "{script}");
    }
}
