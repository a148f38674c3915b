//! Whole answers by rule.

use super::*;
use crate::{Exchange, anthropic::MessagesRequest};

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 7,
        model: "claude-x".to_owned(),
    }
}

/// Renders an answer to a request with these fields.
fn answer(fields: &str, upstream: &str) -> Result<UnaryAnswer, UpstreamFault> {
    let body = format!(
        r#"{{"model":"m","max_tokens":9,"messages":[{{"role":"user","content":"Hi"}}]{fields}}}"#
    );
    let request = MessagesRequest::parse(body.as_bytes()).unwrap();
    request.render(&[upstream.as_bytes()], &meta())
}

fn body(fields: &str, upstream: &str) -> String {
    String::from_utf8(answer(fields, upstream).unwrap().body).unwrap()
}

const THINKING: &str = r#","thinking":{"type":"adaptive"}"#;
const SEARCH: &str = r#","tools":[{"type":"web_search_20250305","name":"web_search"}]"#;

/// Checks the content and the reason that a candidate with these parts has.
fn check(fields: &str, parts: &str, content: &str, stop_reason: &str) {
    let upstream = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{parts}]}},"finishReason":"STOP"}}],"responseId":"r"}}"#
    );
    let found = body(fields, &upstream);
    let expected =
        format!(r#""content":[{content}],"stop_reason":"{stop_reason}","stop_sequence":null,"#);
    assert!(found.contains(&expected), "{parts}\n{found}\n{expected}");
}

#[test]
fn wraps_an_answer_as_anthropic_does_7_2() {
    let upstream = r#"{
        "candidates": [{"content": {"parts": [{"text": "Hello"}, {"text": ", \"you\"\n"}], "role": "model"}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 50, "candidatesTokenCount": 3, "thoughtsTokenCount": 10, "toolUsePromptTokenCount": 7, "cachedContentTokenCount": 20, "totalTokenCount": 70, "serviceTier": "standard"},
        "responseId": "Ad-1"}"#;
    insta::assert_snapshot!(body("", upstream), @r#"{"id":"msg_Ad-1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Hello, \"you\"\n"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":37,"cache_creation_input_tokens":0,"cache_read_input_tokens":20,"output_tokens":13,"output_tokens_details":{"thinking_tokens":10},"service_tier":"standard"}}"#);
}

#[test]
fn the_fallback_stands_in_for_a_missing_id_a1() {
    let upstream = r#"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}"#;
    assert!(body("", upstream).starts_with(r#"{"id":"msg_0123456789abcdef","type":"message","#));
}

#[test]
fn reasons_are_anthropics_2_2() {
    for (parts, reason, expected) in [
        (
            r#"{"text":"a"}"#,
            "STOP",
            r#""stop_reason":"end_turn","stop_sequence":null,"usage""#,
        ),
        (
            r#"{"functionCall":{"name":"f"}}"#,
            "STOP",
            r#""stop_reason":"tool_use","stop_sequence":null,"usage""#,
        ),
        (
            r#"{"functionCall":{"name":"f"}}"#,
            "MAX_TOKENS",
            r#""stop_reason":"max_tokens","stop_sequence":null,"usage""#,
        ),
        (
            "",
            "MAX_TOKENS",
            r#""content":[],"stop_reason":"max_tokens""#,
        ),
        (
            r#"{"text":"a"}"#,
            "FAKE_NEW_REASON",
            r#""stop_reason":"end_turn""#,
        ),
        (
            r#"{"text":"a"}"#,
            "RECITATION",
            r#""stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"Answer stopped by Gemini: RECITATION"},"usage""#,
        ),
        ("", "OTHER", r#""content":[],"stop_reason":"refusal""#),
    ] {
        let upstream = format!(
            r#"{{"candidates":[{{"content":{{"parts":[{parts}]}},"finishReason":"{reason}"}}]}}"#
        );
        let found = body("", &upstream);
        assert!(found.contains(expected), "{reason}: {found}");
    }
}

#[test]
fn a_blocked_prompt_is_a_refusal_b1() {
    let upstream = r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}"#;
    insta::assert_snapshot!(body("", upstream), @r#"{"id":"msg_0123456789abcdef","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Prompt blocked by Gemini: SAFETY"}],"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"Prompt blocked by Gemini: SAFETY"},"usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}"#);
}

#[test]
fn thoughts_text_and_calls_keep_their_order_a4_c1() {
    check(
        THINKING,
        r#"{"text":"Hm, ","thought":true},{"text":"so.","thought":true},{"text":"I look."},
           {"functionCall":{"id":"a1","name":"f","args":{"n":1.50,"a":[]}}},{"functionCall":{"name":"f"}}"#,
        r#"{"type":"thinking","thinking":"Hm, so.","signature":""},{"type":"text","text":"I look."},{"type":"tool_use","id":"a1","name":"f","input":{"n":1.50,"a":[]}},{"type":"tool_use","id":"toolu_0123456789abcdef00000000","name":"f","input":{}}"#,
        "tool_use",
    );
}

#[test]
fn the_signature_of_a_call_is_on_a_thinking_block_right_before_it_3_10() {
    let call = r#"{"functionCall":{"id":"a1","name":"f"},"thoughtSignature":"Ci+/="}"#;
    let block = r#"{"type":"tool_use","id":"a1","name":"f","input":{}}"#;
    let thought = r#"{"text":"hm","thought":true}"#;
    for (fields, before, expected) in [
        (
            THINKING,
            thought,
            r#"{"type":"thinking","thinking":"hm","signature":"gemini.call.Ci+/="},"#,
        ),
        (
            THINKING,
            "",
            r#"{"type":"thinking","thinking":"","signature":"gemini.call.Ci+/="},"#,
        ),
        (
            THINKING,
            r#"{"text":"hm","thought":true},{"text":"So"}"#,
            r#"{"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"So"},{"type":"thinking","thinking":"","signature":"gemini.call.Ci+/="},"#,
        ),
        // A client that asked for no thinking gets no block for it.
        ("", "", ""),
        ("", r#"{"text":"So"}"#, r#"{"type":"text","text":"So"},"#),
        // Thoughts that come all the same carry it.
        (
            "",
            thought,
            r#"{"type":"thinking","thinking":"hm","signature":"gemini.call.Ci+/="},"#,
        ),
    ] {
        let comma = if before.is_empty() { "" } else { "," };
        check(
            fields,
            &format!("{before}{comma}{call}"),
            &format!("{expected}{block}"),
            "tool_use",
        );
    }
}

#[test]
fn signatures_of_calls_are_kept_for_clients_that_drop_blocks_3_5() {
    let upstream = r#"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"a1","name":"f"},"thoughtSignature":"Ci"}]},"finishReason":"STOP"}]}"#;
    let signatures = answer("", upstream).unwrap().signatures;
    assert_eq!(signatures[0].call_id, "a1");
    assert_eq!(signatures[0].signature, "Ci");
}

#[test]
fn the_signature_of_a_text_is_on_the_thought_before_it_3_7() {
    let thought = r#"{"text":"hm","thought":true}"#;
    check(
        THINKING,
        &format!(r#"{thought},{{"text":"Yes","thoughtSignature":"Ci"}}"#),
        r#"{"type":"thinking","thinking":"hm","signature":"gemini.text.3.Ci"},{"type":"text","text":"Yes"}"#,
        "end_turn",
    );
    // What is not signed must not grow onto what is.
    check(
        THINKING,
        &format!(r#"{thought},{{"text":"Yes","thoughtSignature":"Ci"}},{{"text":"!"}}"#),
        r#"{"type":"thinking","thinking":"hm","signature":"gemini.text.3.Ci"},{"type":"text","text":"Yes"},{"type":"text","text":"!"}"#,
        "end_turn",
    );
    // Nothing to carry it, and Gemini does not miss it.
    for parts in [
        r#"{"text":"Ye"},{"text":"s","thoughtSignature":"Ci"}"#,
        r#"{"text":"Yes"},{"text":"","thoughtSignature":"Ci"}"#,
    ] {
        check(
            THINKING,
            parts,
            r#"{"type":"text","text":"Yes"}"#,
            "end_turn",
        );
    }
}

#[test]
fn at_most_one_call_where_the_client_wants_no_more_t13() {
    let parts = r#"{"functionCall":{"id":"a","name":"f"},"thoughtSignature":"Ci"},{"functionCall":{"id":"b","name":"f"}},{"text":"x"}"#;
    let fields = r#","tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true}"#;
    check(
        fields,
        parts,
        r#"{"type":"tool_use","id":"a","name":"f","input":{}},{"type":"text","text":"x"}"#,
        "tool_use",
    );
}

#[test]
fn code_that_google_ran_is_text_a7() {
    check(
        "",
        r#"{"text":"Let me see."},{"executableCode":{"language":"PYTHON","code":"print(1)\n"},"thoughtSignature":"Ci"},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}},{"text":"One."}"#,
        r#"{"type":"text","text":"Let me see.\n```python\nprint(1)\n```\n\n```output\n1\n```\nOne."}"#,
        "end_turn",
    );
}

#[test]
fn an_image_is_never_lost_in_silence() {
    check(
        "",
        &format!(
            r#"{{"text":"Here:"}},{{"inlineData":{{"mimeType":"image/png","data":"{}"}}}}"#,
            "A".repeat(4096)
        ),
        r#"{"type":"text","text":"Here:\n[image/png of 3 KiB left out: Anthropic's API has no block for it in answers]\n"}"#,
        "end_turn",
    );
}

#[test]
fn what_was_searched_is_told_to_clients_that_declared_the_tool_n2() {
    let upstream = r#"{"candidates":[{"content":{"parts":[{"text":"Sunny."}]},"finishReason":"STOP",
        "groundingMetadata":{"webSearchQueries":["weather rome","rome sun"],
          "groundingChunks":[{"web":{"uri":"https://vertexaisearch.cloud.google.com/a","title":"weather.com"}},{"retrievedContext":{"title":"x"}},{"web":{"uri":"https://b"}}],
          "groundingSupports":[{"segment":{"endIndex":6},"groundingChunkIndices":[0]}]}}],
        "usageMetadata":{"promptTokenCount":4,"totalTokenCount":4},"responseId":"r"}"#;
    insta::assert_snapshot!(body(SEARCH, upstream), @r#"{"id":"msg_r","type":"message","role":"assistant","model":"claude-x","content":[{"type":"server_tool_use","id":"srvtoolu_000000000123456789abcdef","name":"web_search","input":{"query":"weather rome; rome sun"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_000000000123456789abcdef","content":[{"type":"web_search_result","title":"weather.com","url":"https://vertexaisearch.cloud.google.com/a","encrypted_content":"","page_age":null},{"type":"web_search_result","title":"https://b","url":"https://b","encrypted_content":"","page_age":null}]},{"type":"text","text":"Sunny."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0},"server_tool_use":{"web_search_requests":2,"web_fetch_requests":0}}}"#);
    let untold = body("", upstream);
    assert!(
        !untold.contains("server_tool_use") && !untold.contains("vertexaisearch"),
        "{untold}"
    );
}

#[test]
fn odd_grounding_breaks_no_answer_n2() {
    for grounding in [
        "{}",
        "[]",
        "7",
        r#"{"webSearchQueries":7}"#,
        r#"{"groundingChunks":[{"web":{"uri":"https://a"}}]}"#,
    ] {
        let upstream = format!(
            r#"{{"candidates":[{{"content":{{"parts":[{{"text":"a"}}]}},"finishReason":"STOP","groundingMetadata":{grounding}}}]}}"#
        );
        let found = body(SEARCH, &upstream);
        assert!(!found.contains("server_tool_use"), "{found}");
    }
}

#[test]
fn other_candidates_are_not_told() {
    let upstream = r#"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS","index":1}]}"#;
    let found = body("", upstream);
    assert!(
        found.contains(r#""content":[{"type":"text","text":"a"}],"stop_reason":"end_turn""#),
        "{found}"
    );
}

#[test]
fn an_empty_answer_is_one_and_a_fault_is_none() {
    let empty = answer(
        "",
        r#"{"candidates":[{"content":{},"finishReason":"STOP"}]}"#,
    )
    .unwrap();
    assert!(empty.empty);
    assert!(
        String::from_utf8(empty.body)
            .unwrap()
            .contains(r#""content":[],"stop_reason":"end_turn""#)
    );
    for (upstream, fault) in [
        ("{}", UpstreamFault::Empty),
        ("", UpstreamFault::Truncated),
        ("<html>", UpstreamFault::Malformed),
    ] {
        assert_eq!(answer("", upstream), Err(fault), "{upstream}");
    }
    let malformed = answer(
        "",
        r#"{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#,
    );
    assert!(matches!(malformed, Err(UpstreamFault::Unusable { .. })));
}
