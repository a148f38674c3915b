//! Streams by rule: each input whole, in two pieces at every place, and byte by byte; and put
//! together again as Anthropic's own libraries do.

mod assembled;

use super::*;
use crate::{AnswerStream, Exchange, UpstreamFault, anthropic::MessagesRequest};

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 7,
        model: "claude-x".to_owned(),
    }
}

/// A stream for a request with these fields.
fn stream(fields: &str) -> AnswerStream {
    let body = format!(
        r#"{{"model":"m","max_tokens":9,"stream":true,"messages":[{{"role":"user","content":"Hi"}}]{fields}}}"#
    );
    let request = MessagesRequest::parse(body.as_bytes()).unwrap();
    assert!(request.streams());
    request.stream_translator(&meta()).unwrap()
}

/// What came out, and how it ended.
type Outcome = (String, Result<(), UpstreamFault>);

fn run<'a>(mut stream: AnswerStream, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

/// Runs `input` at every split and returns the one outcome that they must share.
fn outcome(fields: &str, input: &str) -> Outcome {
    let bytes = input.as_bytes();
    let whole = run(stream(fields), [bytes]);
    assert_eq!(run(stream(fields), bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run(stream(fields), [left, right]), whole, "split at {at}");
    }
    whole
}

/// Events of a stream that succeeds, a line each, without their framing, which is checked.
fn events_of(fields: &str, input: &str) -> String {
    let (out, result) = outcome(fields, input);
    assert_eq!(result, Ok(()));
    lines(&out)
}

fn lines(out: &str) -> String {
    let events = out.split_terminator("\n\n").map(|event| {
        let (name, data) = event.split_once('\n').unwrap();
        let (name, data) = (
            name.strip_prefix("event: ").unwrap(),
            data.strip_prefix("data: ").unwrap(),
        );
        assert!(
            data.starts_with(&format!(r#"{{"type":"{name}""#)),
            "{event}"
        );
        data
    });
    events.collect::<Vec<_>>().join("\n")
}

/// Events in Gemini's framing.
fn events(events: &[&str]) -> String {
    let framed = events
        .iter()
        .map(|event| format!("data: {{{event},\"responseId\":\"r1\"}}\r\n\r\n"));
    framed.collect()
}

/// An event with these parts.
fn parts(parts: &str) -> String {
    format!(r#""candidates":[{{"content":{{"parts":[{parts}],"role":"model"}},"index":0}}]"#)
}

const STOP: &str = r#""candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]"#;
const THINKING: &str = r#","thinking":{"type":"adaptive"}"#;

#[test]
fn writes_start_blocks_and_end_with_the_final_counts_7_2() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"Hé"},{"text":"llo"}]}}],"usageMetadata":{"promptTokenCount":50,"cachedContentTokenCount":20,"candidatesTokenCount":1,"totalTokenCount":51}"#,
        r#""candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":50,"cachedContentTokenCount":20,"candidatesTokenCount":2,"thoughtsTokenCount":3,"totalTokenCount":55}"#,
    ]);
    insta::assert_snapshot!(events_of("", &input), @r#"
    {"type":"message_start","message":{"id":"msg_r1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":30,"cache_creation_input_tokens":0,"cache_read_input_tokens":20,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}
    {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
    {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hé"}}
    {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"llo"}}
    {"type":"content_block_stop","index":0}
    {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":30,"cache_creation_input_tokens":0,"cache_read_input_tokens":20,"output_tokens":5,"output_tokens_details":{"thinking_tokens":3}}}
    {"type":"message_stop"}
    "#);
}

#[test]
fn framing_is_anthropics() {
    let (out, _) = outcome("", &events(&[&parts(r#"{"text":"a"}"#), STOP]));
    assert!(out.starts_with("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_r1\","), "{out}");
    assert!(
        out.ends_with("\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
        "{out}"
    );
}

#[test]
fn a_block_of_another_kind_closes_the_one_before_7_2() {
    let input = events(&[
        &parts(r#"{"text":"hm","thought":true}"#),
        &parts(r#"{"text":"!","thought":true},{"text":"So "}"#),
        &parts(
            r#"{"text":"I look."},{"functionCall":{"id":"a1","name":"f","args":{"q":"\"é\""}},"thoughtSignature":"Ci"}"#,
        ),
        &parts(r#"{"functionCall":{"name":"g"}}"#),
        STOP,
    ]);
    insta::assert_snapshot!(events_of(THINKING, &input), @r#"
    {"type":"message_start","message":{"id":"msg_r1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}
    {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
    {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}
    {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"!"}}
    {"type":"content_block_stop","index":0}
    {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
    {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"So "}}
    {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"I look."}}
    {"type":"content_block_stop","index":1}
    {"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":"","signature":""}}
    {"type":"content_block_delta","index":2,"delta":{"type":"signature_delta","signature":"gemini.call.Ci"}}
    {"type":"content_block_stop","index":2}
    {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"a1","name":"f","input":{}}}
    {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"q\":\"\\\"é\\\"\"}"}}
    {"type":"content_block_stop","index":3}
    {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_0123456789abcdef00000000","name":"g","input":{}}}
    {"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{}"}}
    {"type":"content_block_stop","index":4}
    {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}
    {"type":"message_stop"}
    "#);
}

#[test]
fn without_thinking_there_is_no_block_for_a_signature_3_10() {
    let input = events(&[
        &parts(r#"{"functionCall":{"id":"a1","name":"f"},"thoughtSignature":"Ci"}"#),
        &parts(r#"{"text":"","thoughtSignature":"Cj"}"#),
        STOP,
    ]);
    let out = events_of("", &input);
    assert!(
        !out.contains("thinking\"") && !out.contains("signature"),
        "{out}"
    );
    let mut stream = stream("");
    stream.push(input.as_bytes(), &mut Vec::new()).unwrap();
    assert_eq!(stream.take_signatures()[0].call_id, "a1");
}

#[test]
fn an_empty_answer_is_complete_all_the_same_7_2() {
    let input = events(&[
        r#""candidates":[{"content":{},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":4,"thoughtsTokenCount":9,"totalTokenCount":13}"#,
    ]);
    insta::assert_snapshot!(events_of("", &input), @r#"
    {"type":"message_start","message":{"id":"msg_r1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}
    {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":9,"output_tokens_details":{"thinking_tokens":9}}}
    {"type":"message_stop"}
    "#);

    let mut out = Vec::new();
    let mut stream = stream("");
    stream.push(events(&[STOP]).as_bytes(), &mut out).unwrap();
    assert_eq!(stream.finish(&mut out), Err(UpstreamFault::Empty));
    assert!(out.is_empty(), "another try is still possible");
    stream.finish_empty(&mut out).unwrap();
    let out = lines(&String::from_utf8(out).unwrap());
    assert!(
        out.contains(r#""stop_reason":"end_turn""#) && out.ends_with(r#"{"type":"message_stop"}"#),
        "{out}"
    );
}

#[test]
fn a_filtered_answer_is_a_refusal_2_2() {
    let input = events(&[
        &parts(r#"{"text":"a"}"#),
        r#""candidates":[{"finishReason":"SAFETY"}]"#,
    ]);
    let out = events_of("", &input);
    assert!(out.contains(r#"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"Answer stopped by Gemini: SAFETY"}},"#), "{out}");
}

#[test]
fn a_blocked_prompt_is_a_refusal_b1() {
    let input = events(&[r#""promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}"#]);
    insta::assert_snapshot!(events_of("", &input), @r#"
    {"type":"message_start","message":{"id":"msg_r1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}
    {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
    {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Prompt blocked by Gemini: PROHIBITED_CONTENT"}}
    {"type":"content_block_stop","index":0}
    {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"Prompt blocked by Gemini: PROHIBITED_CONTENT"}},"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}
    {"type":"message_stop"}
    "#);
}

#[test]
fn does_not_stop_at_the_first_finish_reason_x5() {
    let length =
        r#""candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"}]"#;
    let out = events_of("", &events(&[&parts(r#"{"text":"a"}"#), STOP, length]));
    assert_eq!(out.matches("message_delta").count(), 1);
    assert!(out.contains(r#""stop_reason":"max_tokens""#));
    assert_eq!(out.matches("content_block_start").count(), 1, "one text");
}

#[test]
fn an_end_without_finish_reason_is_truncation_x12() {
    for cut in [
        events(&[&parts(r#"{"text":"a"}"#)]),
        events(&[&parts(r#"{"text":"a"}"#), STOP, &parts(r#"{"text":"b"}"#)]),
        format!(
            "{}data: {{\"candidates\":[{{\"content",
            events(&[&parts(r#"{"text":"a"}"#)])
        ),
    ] {
        let (out, result) = outcome("", &cut);
        assert_eq!(result, Err(UpstreamFault::Truncated), "{cut}");
        assert!(out.contains(r#""text":"a""#), "what came is passed on");
        assert!(
            !out.contains("message_delta") && !out.contains("message_stop"),
            "{out}"
        );
    }
}

#[test]
fn errors_in_the_stream_are_reported_u8() {
    let error = r#"{"error":{"code":503,"message":"high demand","status":"UNAVAILABLE"}}"#;
    let first = events(&[&parts(r#"{"text":"a"}"#)]);
    for input in [
        format!("{first}data: {error}\r\n\r\n"),
        format!("{first}[{error}]\n"),
    ] {
        let (out, result) = outcome("", &input);
        assert!(
            matches!(
                result,
                Err(UpstreamFault::Reported {
                    status: Some(503),
                    ..
                })
            ),
            "{result:?}"
        );
        assert!(!out.contains("message_stop"), "{out}");
    }
}

#[test]
fn a_broken_answer_ends_with_an_error_event_5_5() {
    let mut out = Vec::new();
    let error = ApiError {
        status: 503,
        message: "high demand".to_owned(),
        kind: "upstream_error",
        param: None,
        code: Some("model_overloaded".to_owned()),
        retry_after_s: None,
    };
    stream("").fail(&error, &mut out);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"high demand\"}}\n\n"
    );
}

#[test]
fn a_ping_needs_a_message_to_belong_to_x10() {
    let mut stream = stream("");
    let mut out = Vec::new();
    assert_eq!(stream.heartbeat(), b": ping\n\n");
    stream
        .push(
            events(&[r#""usageMetadata":{"promptTokenCount":4}"#]).as_bytes(),
            &mut out,
        )
        .unwrap();
    assert_eq!(
        (out.is_empty(), stream.heartbeat()),
        (true, b": ping\n\n".as_slice())
    );
    stream
        .push(events(&[&parts(r#"{"text":"a"}"#)]).as_bytes(), &mut out)
        .unwrap();
    assert_eq!(
        stream.heartbeat(),
        b"event: ping\ndata: {\"type\": \"ping\"}\n\n"
    );
}

#[test]
fn begins_once_a_client_would_notice_something_x2() {
    for (event, expected) in [
        (r#""usageMetadata":{"promptTokenCount":4}"#, false),
        (STOP, false),
        (&parts(r#"{"text":""}"#), false),
        (&parts(r#"{"text":"","thoughtSignature":"Ci"}"#), false),
        (&parts(r#"{"text":"a"}"#), true),
        (&parts(r#"{"text":"a","thought":true}"#), true),
        (&parts(r#"{"functionCall":{"name":"f"}}"#), true),
        (r#""candidates":[{"finishReason":"SAFETY"}]"#, true),
        (r#""promptFeedback":{"blockReason":"OTHER"}"#, true),
    ] {
        let mut stream = stream("");
        let mut out = Vec::new();
        stream.push(events(&[event]).as_bytes(), &mut out).unwrap();
        assert_eq!(!out.is_empty(), expected, "{event}");
        assert_eq!(stream.has_output(), expected, "{event}");
    }
}

#[test]
fn other_candidates_are_not_told_x13() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"b"}]},"index":1}]"#,
        r#""candidates":[{"content":{"parts":[{"text":"a"}]}},{"finishReason":"SAFETY","index":1}]"#,
        STOP,
    ]);
    let out = events_of("", &input);
    assert!(!out.contains(r#""text":"b""#), "{out}");
    assert!(out.contains(r#""stop_reason":"end_turn""#), "{out}");
}

#[test]
fn what_was_searched_comes_last_n3() {
    let search = r#","tools":[{"type":"web_search_20250305","name":"web_search"}]"#;
    let input = events(&[
        &parts(r#"{"text":"Sunny."}"#),
        r#""candidates":[{"content":{},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["weather \"rome\""],"groundingChunks":[{"web":{"uri":"https://a","title":"a.com"}}]}}]"#,
    ]);
    insta::assert_snapshot!(events_of(search, &input), @r#"
    {"type":"message_start","message":{"id":"msg_r1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}
    {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
    {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Sunny."}}
    {"type":"content_block_stop","index":0}
    {"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"srvtoolu_000000000123456789abcdef","name":"web_search","input":{}}}
    {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"query\":\"weather \\\"rome\\\"\"}"}}
    {"type":"content_block_stop","index":1}
    {"type":"content_block_start","index":2,"content_block":{"type":"web_search_tool_result","tool_use_id":"srvtoolu_000000000123456789abcdef","content":[{"type":"web_search_result","title":"a.com","url":"https://a","encrypted_content":"","page_age":null}]}}
    {"type":"content_block_stop","index":2}
    {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0},"server_tool_use":{"web_search_requests":1,"web_fetch_requests":0}}}
    {"type":"message_stop"}
    "#);
}
