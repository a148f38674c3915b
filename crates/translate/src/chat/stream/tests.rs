//! Streams by rule: each input whole, in two pieces at every place, and byte by byte.

mod calls;
mod media;
mod notes;

use super::*;
use crate::{
    AnswerStream, UpstreamFault, answer::CallReader, prompt::function_names::FunctionNames,
};

fn stream(style: &Style) -> AnswerStream {
    let meta = AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    };
    let calls = CallReader::new(FunctionNames::default(), "call_", &meta);
    AnswerStream::new(Box::new(ChatRender::new(meta, style.clone())), calls)
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

/// Runs `input` at every split and returns the one outcome that they must share, with the head that
/// all chunks share shortened to `…`.
fn outcome_in(input: &str, style: &Style) -> Outcome {
    let bytes = input.as_bytes();
    let whole = run(stream(style), [bytes]);
    assert_eq!(run(stream(style), bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run(stream(style), [left, right]), whole, "split at {at}");
    }
    let head = r#"{"id":"chatcmpl-r1","object":"chat.completion.chunk","created":7,"model":"m","choices":["#;
    (whole.0.replace(head, "…").replace("\n\n", "\n"), whole.1)
}

/// In the default style.
fn outcome(input: &str) -> Outcome {
    outcome_in(input, &Style::default())
}

fn with_usage() -> Style {
    Style {
        usage: StreamUsage::Sent,
        ..Style::default()
    }
}

/// What a stream of these events, which must succeed, says.
fn shown(events_of_gemini: &[&str], style: &Style) -> String {
    let (out, result) = outcome_in(&events(events_of_gemini), style);
    assert_eq!(result, Ok(()));
    out
}

/// Events in Gemini's framing.
fn events(events: &[&str]) -> String {
    events
        .iter()
        .map(|event| format!("data: {{{event},\"responseId\":\"r1\"}}\r\n\r\n"))
        .collect()
}

fn text(text: &str) -> String {
    format!(
        r#""candidates":[{{"content":{{"parts":[{{"text":"{text}"}}],"role":"model"}},"index":0}}]"#
    )
}

const STOP: &str = r#""candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]"#;

#[test]
fn writes_role_text_finish_usage_and_done_x2_x7_x8_x9() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"Hé"},{"text":"llo"}]}}],"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}"#,
        r#""candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":2,"thoughtsTokenCount":3,"totalTokenCount":9}"#,
    ]);
    let (out, result) = outcome_in(&input, &with_usage());
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}
    data: …{"index":0,"delta":{"content":"Hé"},"finish_reason":null}],"usage":null}
    data: …{"index":0,"delta":{"content":"llo"},"finish_reason":null}],"usage":null}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}
    data: …],"usage":{"prompt_tokens":4,"completion_tokens":5,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
    data: [DONE]
    "#);
}

#[test]
fn a_silent_stream_is_kept_alive_by_comments_x10() {
    let stream = stream(&Style::default());
    assert_eq!(stream.heartbeat(), b": ping\n\n");
}

#[test]
fn without_include_usage_there_is_no_usage_x8() {
    let (out, result) = outcome(&events(&[&text("a"), STOP]));
    assert_eq!(result, Ok(()));
    assert!(!out.contains("usage"), "{out}");
    assert!(out.ends_with("data: [DONE]\n"));
}

#[test]
fn uses_the_fallback_id_when_gemini_sends_none_a1() {
    let (out, _) = run(
        stream(&Style::default()),
        [b"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\n".as_slice()],
    );
    assert!(
        out.starts_with(r#"data: {"id":"chatcmpl-f","object""#),
        "{out}"
    );
}

#[test]
fn thoughts_and_signed_text_keep_their_order_x3_a5() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Yes","thoughtSignature":"Cg=="}]},"finishReason":"STOP"}]"#,
    ]);
    let (out, result) = outcome(&input);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"Yes"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"extra_content":{"google":{"thought_signature":"Cg=="}}},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn does_not_stop_at_the_first_finish_reason_x5() {
    let length =
        r#""candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"}]"#;
    let (out, result) = outcome(&events(&[&text("a"), STOP, length]));
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"a"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"b"},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"length"}]}
    data: [DONE]
    "#);
}

#[test]
fn an_end_without_finish_reason_is_truncation_x12() {
    for cut in [
        events(&[&text("a")]),
        // Text came after the last finish reason, so that one was not the end.
        events(&[&text("a"), STOP, &text("b")]),
        format!(
            "{}data: {{\"candidates\":[{{\"content",
            events(&[&text("a")])
        ),
        // One of two candidates never ended (X13).
        events(&[
            r#""candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"content":{"parts":[{"text":"b"}]},"index":1}]"#,
        ]),
    ] {
        let (out, result) = outcome_in(&cut, &with_usage());
        assert_eq!(result, Err(UpstreamFault::Truncated), "{cut}");
        assert!(out.contains(r#""content":"a""#), "what came is passed on");
        assert!(
            !out.contains("[DONE]") && !out.contains(r#""finish_reason":""#),
            "{out}"
        );
    }
}

#[test]
fn demultiplexes_candidates_x13() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]},"index":1}]"#,
        r#""candidates":[{"finishReason":"STOP","index":1}]"#,
        r#""candidates":[{"content":{"parts":[{"text":"c"}]},"finishReason":"SAFETY"}]"#,
    ]);
    let (out, result) = outcome(&input);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"a"},"finish_reason":null}]}
    data: …{"index":1,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":1,"delta":{"content":"b"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"c"},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"content_filter"}]}
    data: …{"index":1,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn too_many_candidates_are_malformed() {
    let candidates: Vec<String> = (0..9)
        .map(|index| format!(r#"{{"index":{index}}}"#))
        .collect();
    let input = events(&[&format!(r#""candidates":[{}]"#, candidates.join(","))]);
    assert_eq!(outcome(&input).1, Err(UpstreamFault::Malformed));
}

#[test]
fn a_blocked_prompt_is_a_refusal_b1() {
    let (out, result) = outcome(&events(&[r#""promptFeedback":{"blockReason":"SAFETY"}"#]));
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"refusal":"Prompt blocked by Gemini: SAFETY"},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"content_filter"}]}
    data: [DONE]
    "#);
}

#[test]
fn has_output_once_a_client_would_notice_something() {
    for (event, expected) in [
        (r#""usageMetadata":{"promptTokenCount":4}"#, false),
        (r#""promptFeedback":{"safetyRatings":[]}"#, false),
        (STOP, false),
        (r#""candidates":[{"finishReason":"MAX_TOKENS"}]"#, false),
        (&text(""), false),
        (&text("a"), true),
        (
            r#""candidates":[{"content":{"parts":[{"text":"a","thought":true}]}}]"#,
            true,
        ),
        (r#""candidates":[{"finishReason":"SAFETY"}]"#, true),
        (r#""promptFeedback":{"blockReason":"OTHER"}"#, true),
    ] {
        let mut stream = stream(&Style::default());
        let mut out = Vec::new();
        stream.push(events(&[event]).as_bytes(), &mut out).unwrap();
        assert_eq!(stream.has_output(), expected, "{event}");
        assert_eq!(
            !out.is_empty(),
            expected,
            "nothing is written before: {event}"
        );
    }
}

#[test]
fn silence_is_an_empty_answer_that_can_still_be_given() {
    let silent = events(&[r#""candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]"#]);
    for input in [
        "",
        ": ping\n\n",
        "data:\n\n",
        &events(&[r#""modelVersion":"x""#]),
        &silent,
    ] {
        let (out, result) = outcome(input);
        assert_eq!(
            (out.as_str(), result),
            ("", Err(UpstreamFault::Empty)),
            "{input}"
        );
    }

    let mut out = Vec::new();
    assert_eq!(
        stream(&Style::default()).finish_empty(&mut out),
        Err(UpstreamFault::Empty)
    );
    assert!(out.is_empty());
    let mut stream = stream(&Style::default());
    stream.push(silent.as_bytes(), &mut out).unwrap();
    assert_eq!(stream.finish(&mut out), Err(UpstreamFault::Empty));
    assert_eq!(stream.finish_empty(&mut out), Ok(()));
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.contains(r#""finish_reason":"stop""#) && out.ends_with("data: [DONE]\n\n"),
        "{out}"
    );
}

#[test]
fn a_fault_of_the_model_is_an_error_only_if_nothing_was_shown() {
    let fault =
        r#""candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"Malformed"}]"#;
    let (out, result) = outcome(&events(&[fault]));
    assert_eq!(out, "");
    assert!(
        matches!(result, Err(UpstreamFault::Unusable { reason, .. }) if reason == "malformed_function_call")
    );

    let (out, result) = outcome(&events(&[&text("Let me see."), fault]));
    assert_eq!(result, Ok(()));
    assert!(out.contains(r#""finish_reason":"stop""#));
}

#[test]
fn errors_in_the_stream_are_reported_u8() {
    let error = r#"{"error":{"code":503,"message":"high demand","status":"UNAVAILABLE"}}"#;
    let pretty =
        "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"high demand\"\n  }\n}\n";
    let first = events(&[&text("a")]);
    for input in [
        format!("{first}data: {error}\r\n\r\n"),
        format!("{first}data: [{error}]\r\n\r\n"),
        format!("{first}{error}"),
        format!("{first}{pretty}"),
        format!("{first}[{pretty}]\n"),
    ] {
        let (out, result) = outcome(&input);
        let Err(UpstreamFault::Reported {
            status,
            message,
            raw,
        }) = result
        else {
            panic!("{input}: {result:?}");
        };
        assert_eq!((status, message.as_str()), (Some(503), "high demand"));
        assert!(raw.starts_with(br#"{"error":"#));
        assert!(
            out.contains(r#""content":"a""#) && !out.contains("DONE"),
            "{out}"
        );
    }
}

#[test]
fn broken_events_are_malformed() {
    for event in [
        "data: <html>\n\n",
        "data: 7\n\n",
        "data: {\"candidates\":{}}\n\n",
        "data: {\"candidates\":[\u{1}]}\n\n",
    ] {
        assert_eq!(outcome(event).1, Err(UpstreamFault::Malformed), "{event}");
    }
    let bad_utf8 = b"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\xff\"}]}}]}\n\n";
    assert_eq!(
        run(stream(&Style::default()), [bad_utf8.as_slice()]).1,
        Err(UpstreamFault::Malformed)
    );
}

#[test]
fn counts_that_a_later_event_lacks_are_kept_x8() {
    let mut stream = stream(&Style::default());
    let mut out = Vec::new();
    for (event, total) in [
        (
            r#""usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}"#,
            4,
        ),
        (
            r#""usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":3,"totalTokenCount":7}"#,
            7,
        ),
        (r#""usageMetadata":{"trafficType":"ON_DEMAND"}"#, 7),
        (STOP, 7),
    ] {
        stream.push(events(&[event]).as_bytes(), &mut out).unwrap();
        assert_eq!(stream.usage().total_tokens, total, "{event}");
    }
}

#[test]
fn a_whole_answer_makes_a_stream_even_without_a_finish_reason_x15() {
    for (body, expected) in [
        (format!("{{{}}}", text("a")), r#""finish_reason":"stop""#),
        (
            r#"{"candidates":[{"finishReason":"SAFETY"}]}"#.to_owned(),
            r#""finish_reason":"content_filter""#,
        ),
        (
            r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#.to_owned(),
            r#""refusal":"#,
        ),
    ] {
        let mut stream = stream(&Style::default());
        let mut out = Vec::new();
        stream.push_whole(body.as_bytes(), &mut out).unwrap();
        assert_eq!(stream.finish(&mut out), Ok(()), "{body}");
        let out = String::from_utf8(out).unwrap();
        assert!(
            out.contains(expected) && out.ends_with("data: [DONE]\n\n"),
            "{out}"
        );
    }
}
