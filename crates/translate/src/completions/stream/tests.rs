//! Streams by rule: each input whole, in two pieces at every place, and byte by byte.

use crate::{AnswerMeta, AnswerStream, ApiError, CompletionRequest, Exchange, UpstreamFault};

type Outcome = (String, Result<(), UpstreamFault>);

fn stream(fields: &str) -> AnswerStream {
    let body = format!(r#"{{"model":"m","stream":true,{fields}}}"#);
    let request = CompletionRequest::parse(body.as_bytes()).unwrap();
    let meta = AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    };
    request.stream_translator(&meta).unwrap()
}

fn run<'a>(fields: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut stream = stream(fields);
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

/// The outcome, which must be the same at every split, with the head of chunks shortened to `…`.
fn outcome(fields: &str, events: &[&str]) -> Outcome {
    let framed = events
        .iter()
        .map(|event| format!("data: {{{event},\"responseId\":\"r1\"}}\r\n\r\n"));
    let input: String = framed.collect();
    let bytes = input.as_bytes();
    let whole = run(fields, [bytes]);
    assert_eq!(run(fields, bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run(fields, [left, right]), whole, "split at {at}");
    }
    let head = r#"{"id":"cmpl-r1","object":"text_completion","created":7,"model":"m","choices":["#;
    (whole.0.replace(head, "…").replace("\n\n", "\n"), whole.1)
}

const TEXTS: [&str; 3] = [
    r#""candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"up"},{"text":"on"}]}}]"#,
    r#""candidates":[{"content":{"parts":[{"executableCode":{"language":"PYTHON","code":"1"}}]},"finishReason":"STOP"}]"#,
    r#""candidates":[{"content":{"parts":[{"text":" a time"}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3,"totalTokenCount":5}"#,
];

#[test]
fn texts_are_chunks_and_usage_comes_last() {
    let fields = r#""prompt":"Once ","echo":true,"stream_options":{"include_usage":true}"#;
    let (out, result) = outcome(fields, &TEXTS);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"text":"Once ","index":0,"logprobs":null,"finish_reason":null}],"usage":null}
    data: …{"text":"up","index":0,"logprobs":null,"finish_reason":null}],"usage":null}
    data: …{"text":"on","index":0,"logprobs":null,"finish_reason":null}],"usage":null}
    data: …{"text":"\n```python\n1\n```\n","index":0,"logprobs":null,"finish_reason":null}],"usage":null}
    data: …{"text":" a time","index":0,"logprobs":null,"finish_reason":null}],"usage":null}
    data: …{"text":"","index":0,"logprobs":null,"finish_reason":"length"}],"usage":null}
    data: …],"usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
    data: [DONE]
    "#);
}

#[test]
fn nothing_is_repeated_and_no_usage_sent_unasked() {
    let (out, result) = outcome(r#""prompt":"Once ""#, &TEXTS);
    assert_eq!(result, Ok(()));
    assert!(!out.contains("Once") && !out.contains("usage"), "{out}");
}

#[test]
fn a_refused_prompt_ends_as_filtered_b1() {
    let (out, result) = outcome(
        r#""prompt":"a""#,
        &[r#""promptFeedback":{"blockReason":"SAFETY"}"#],
    );
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"text":"","index":0,"logprobs":null,"finish_reason":"content_filter"}]}
    data: [DONE]
    "#);
}

#[test]
fn log_probabilities_count_on_over_the_stream_n5() {
    let event = |more: &str| {
        format!(
            r#""candidates":[{{"content":{{"parts":[{{"text":"é"}}]}},"logprobsResult":{{"chosenCandidates":[{{"token":"é","logProbability":-0.5}}]}}{more}}}]"#
        )
    };
    let silent = r#""candidates":[{"logprobsResult":{"chosenCandidates":[{"token":"x"}]}}]"#;
    let events = [silent, &event(""), &event(r#","finishReason":"STOP""#)];
    let (out, result) = outcome(r#""prompt":"a","logprobs":0"#, &events);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    data: …{"text":"é","index":0,"logprobs":null,"finish_reason":null}]}
    data: …{"text":"","index":0,"logprobs":{"tokens":["é"],"token_logprobs":[-0.5],"top_logprobs":[{}],"text_offset":[0]},"finish_reason":null}]}
    data: …{"text":"é","index":0,"logprobs":null,"finish_reason":null}]}
    data: …{"text":"","index":0,"logprobs":{"tokens":["é"],"token_logprobs":[-0.5],"top_logprobs":[{}],"text_offset":[1]},"finish_reason":null}]}
    data: …{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn broken_streams_do_not_look_complete_x11_x12() {
    let (out, result) = outcome(r#""prompt":"a""#, &TEXTS[..1]);
    assert_eq!(result, Err(UpstreamFault::Truncated));
    assert!(
        out.contains(r#""text":"up""#) && !out.contains("[DONE]"),
        "{out}"
    );
    let mut out = Vec::new();
    let error = ApiError {
        status: 502,
        message: "cut off".to_owned(),
        kind: "upstream_error",
        param: None,
        code: Some("upstream_truncated".to_owned()),
        retry_after_s: None,
    };
    stream(r#""prompt":"a""#).fail(&error, &mut out);
    assert!(out.starts_with(br#"data: {"error":{"#) && out.ends_with(b"\n\n"));
}

#[test]
fn silence_can_still_be_given_as_an_empty_answer() {
    let mut stream = stream(r#""prompt":"Once","echo":true"#);
    let mut out = Vec::new();
    let silent = b"data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n";
    stream.push(silent, &mut out).unwrap();
    assert_eq!(stream.finish(&mut out), Err(UpstreamFault::Empty));
    assert!(out.is_empty() && !stream.has_output());
    assert_eq!(stream.finish_empty(&mut out), Ok(()));
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains(r#""text":"Once""#) && out.ends_with("data: [DONE]\n\n"));
}
