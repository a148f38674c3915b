//! Native streams by rule: each input whole, in two pieces at every place, and byte by byte.

use super::*;
use crate::{
    AnswerMeta, AnswerStream, UpstreamFault, answer::CallReader,
    prompt::function_names::FunctionNames,
};

fn stream(framing: Framing) -> AnswerStream {
    let meta = AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    };
    let calls = CallReader::new(FunctionNames::default(), "", &meta);
    AnswerStream::new(Box::new(NativeRender::new(framing).unwrap()), calls)
}

/// What came out, and how it ended.
type Outcome = (String, Result<(), UpstreamFault>);

fn run<'a>(framing: Framing, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut stream = stream(framing);
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

/// The one outcome of `input` at every split.
fn outcome(framing: Framing, input: &str) -> Outcome {
    let bytes = input.as_bytes();
    let whole = run(framing, [bytes]);
    assert_eq!(run(framing, bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run(framing, [left, right]), whole, "split at {at}");
    }
    whole
}

const TEXT: &str = r#"{"candidates": [{"content": {"parts": [{"text": "Hé\n","x":1.0}],"role": "model"}}],"new":{}}"#;
const CALL: &str =
    r#"{"candidates": [{"content": {"parts": [{"functionCall":{"name":"f","args":{"n":1e2}}}]}}]}"#;
const STOP: &str = r#"{"candidates": [{"finishReason": "STOP"}],"usageMetadata": {"promptTokenCount": 4,"totalTokenCount": 4}}"#;

fn events(events: &[&str]) -> String {
    let event = |event: &&str| format!("data: {event}\r\n\r\n");
    events.iter().map(event).collect()
}

#[test]
fn events_pass_byte_for_byte_u6() {
    let input = events(&[TEXT, CALL, STOP]);
    assert_eq!(
        outcome(Framing::Events, &input),
        (input.clone(), Ok(())),
        "Gemini's stream is the client's"
    );
    // Other line ends and comments are Google's to send and not the client's to see.
    let other = format!(": hi\nevent: x\ndata:{TEXT}\n\ndata: {CALL}\r\rdata: {STOP}");
    assert_eq!(outcome(Framing::Events, &other), (input, Ok(())));
}

#[test]
fn an_array_holds_the_same_events_section_9() {
    let (out, result) = outcome(Framing::Array, &events(&[TEXT, CALL, STOP]));
    assert_eq!(result, Ok(()));
    assert_eq!(out, format!("[{TEXT}\n,\n{CALL}\n,\n{STOP}\n]\n"));
    let read: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(read.len(), 3);
}

#[test]
fn an_event_of_many_lines_stays_one_x1() {
    let pretty = "{\n  \"candidates\": [\r\n{\"content\":{\"parts\":[{\"text\":\"a\\nb\"}]},\"finishReason\":\"STOP\"}]}";
    let lines: String = pretty
        .lines()
        .map(|line| format!("data: {line}\n"))
        .collect();
    let (out, result) = outcome(Framing::Events, &format!("{lines}\n"));
    assert_eq!(result, Ok(()));
    let json = out
        .strip_prefix("data: ")
        .unwrap()
        .strip_suffix("\r\n\r\n")
        .unwrap();
    assert!(!json.contains(['\r', '\n']), "{json}");
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(json), value(pretty));

    // A whole answer given as a stream (X15).
    let mut stream = stream(Framing::Events);
    let mut fake = Vec::new();
    stream.push_whole(pretty.as_bytes(), &mut fake).unwrap();
    stream.finish(&mut fake).unwrap();
    let fake = String::from_utf8(fake).unwrap();
    assert_eq!(
        value(fake.strip_prefix("data: ").unwrap().trim_end()),
        value(pretty)
    );
}

#[test]
fn without_a_finish_reason_it_ends_as_an_error_x12() {
    for framing in [Framing::Events, Framing::Array] {
        for input in [
            events(&[TEXT]),
            events(&[TEXT, STOP, CALL]),
            format!("{}data: {{\"cand", events(&[TEXT])),
        ] {
            let (out, result) = outcome(framing, &input);
            assert_eq!(result, Err(UpstreamFault::Truncated));
            assert!(out.contains(TEXT) && !out.ends_with("]\n"), "{out}");
        }
    }
}

#[test]
fn errors_are_told_in_band_in_googles_shape_u8_x11() {
    let report = r#"{"error":{"code":503,"message":"busy"}}"#;
    let error = ApiError {
        status: 503,
        message: "the model is \"busy\"".to_owned(),
        kind: "upstream_error",
        param: None,
        code: Some("model_overloaded".to_owned()),
        retry_after_s: None,
    };
    let told = String::from_utf8(error.to_json(Dialect::Gemini)).unwrap();
    for (framing, input, expected) in [
        (
            Framing::Events,
            events(&[TEXT, report]),
            events(&[TEXT, &told]),
        ),
        (
            Framing::Events,
            format!("{}{report}", events(&[TEXT])),
            events(&[TEXT, &told]),
        ),
        (
            Framing::Array,
            events(&[TEXT, report]),
            format!("[{TEXT}\n,\n{told}\n]\n"),
        ),
        (Framing::Array, events(&[report]), format!("[{told}\n]\n")),
    ] {
        let mut stream = stream(framing);
        let mut out = Vec::new();
        let result = stream
            .push(input.as_bytes(), &mut out)
            .and_then(|()| stream.finish(&mut out));
        assert!(matches!(result, Err(UpstreamFault::Reported { .. })));
        stream.fail(&error, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert!(
            told.starts_with(r#"{"error":"#),
            "as Google's Python SDK looks for it"
        );
    }
}

#[test]
fn a_heartbeat_is_white_space_between_events_x10() {
    for framing in [Framing::Events, Framing::Array] {
        let mut stream = stream(framing);
        let mut out = Vec::new();
        for event in [TEXT, CALL, STOP] {
            out.extend_from_slice(stream.heartbeat());
            stream.push(events(&[event]).as_bytes(), &mut out).unwrap();
            out.extend_from_slice(stream.heartbeat());
        }
        stream.finish(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        match framing {
            Framing::Array => {
                let read: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
                assert_eq!(read.len(), 3);
            }
            _ => {
                // Every line that is not blank is an event's.
                let lines: Vec<&str> = out.lines().filter(|line| !line.is_empty()).collect();
                assert!(lines.iter().all(|line| line.starts_with("data: {")));
                assert_eq!(lines.len(), 3);
            }
        }
    }
}

#[test]
fn a_blocked_prompt_and_silence_are_told_by_gemini_itself_b1() {
    let blocked = events(&[r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#]);
    assert_eq!(
        outcome(Framing::Events, &blocked),
        (blocked.clone(), Ok(()))
    );
    let silent = events(&[STOP]);
    assert_eq!(
        outcome(Framing::Events, &silent),
        (silent.clone(), Err(UpstreamFault::Empty)),
        "worth another try"
    );
    let mut stream = stream(Framing::Array);
    let mut out = Vec::new();
    stream.push(silent.as_bytes(), &mut out).unwrap();
    assert_eq!(stream.finish(&mut out), Err(UpstreamFault::Empty));
    stream.finish_empty(&mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), format!("[{STOP}\n]\n"));
}
