//! Runs a folder of recorded Gemini answers through the Responses API, if there is one beside the
//! project: nothing is lost, the grammar of events holds, and what broke ends as an error. The
//! folder is not part of the project; without it this test says so and passes.

use std::{collections::BTreeMap, fs, path::PathBuf};

use gempool_translate::{
    AnswerMeta, ApiError, Exchange, UpstreamFault, responses::ResponsesRequest,
};
use serde_json::Value;

mod response_events;

/// Next to the workspace, which is two levels above this crate.
const FOLDER: [&str; 5] = [
    env!("CARGO_MANIFEST_DIR"),
    "..",
    "..",
    "..",
    "shared/fixtures",
];

/// A client that wants everything.
const REQUEST: &str = r#"{"model":"m","input":"hi","reasoning":{"summary":"auto"},"include":["reasoning.encrypted_content","code_interpreter_call.outputs","message.output_text.logprobs"]}"#;

#[test]
fn every_recorded_answer_is_told_whole_or_fails_as_documented() {
    let folder: PathBuf = FOLDER.iter().collect();
    let Ok(index) = fs::read(folder.join("index.json")) else {
        println!("skipped: no recorded answers at {}", folder.display());
        return;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for fixture in index["fixtures"].as_array().unwrap() {
        let text = |key: &str| fixture[key].as_str().unwrap_or_default();
        let (name, file, kind) = (text("name"), text("file"), text("kind"));
        let Ok(body) = fs::read(folder.join(file)) else {
            continue;
        };
        // Whatever it is, as a client's request it is refused or read, but never a panic.
        let _ = ResponsesRequest::parse(&body);
        let ok = fixture["http_status"]
            .as_u64()
            .is_none_or(|status| status == 200);
        // Bodies from bug reports name no endpoint, but are answers all the same.
        let generates = matches!(
            text("endpoint"),
            "" | "generateContent" | "streamGenerateContent"
        );
        if !ok || !generates || kind == "models" {
            continue;
        }
        let told = if file.ends_with(".sse") {
            check_stream(name, &body)
        } else {
            check_whole(name, &body)
        };
        assert!(
            is_expected(name, kind, told.as_ref().err()),
            "{name}: {told:?}"
        );
        *counts.entry(kind).or_default() += 1;
    }
    let total: u32 = counts.values().sum();
    println!("{total} answers of {} kinds: {counts:?}", counts.len());
    assert!(total > 100, "only {total} answers were found");
}

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    }
}

fn request() -> ResponsesRequest<'static> {
    ResponsesRequest::parse(REQUEST.as_bytes()).unwrap()
}

/// What Gemini said, by this test's own reading.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    text: String,
    thoughts: String,
    calls: usize,
    images: usize,
    codes: usize,
    blocked: bool,
}

impl Told {
    /// Of the first candidate, in one event or one whole answer.
    fn add(&mut self, event: &Value) {
        self.blocked |= event["promptFeedback"]["blockReason"].is_string();
        let parts = &event["candidates"][0]["content"]["parts"];
        for part in parts.as_array().into_iter().flatten() {
            let thought = part["thought"] == true;
            match part["text"].as_str() {
                Some(text) if thought => self.thoughts.push_str(text),
                Some(text) => self.text.push_str(text),
                None => {}
            }
            self.calls += usize::from(part["functionCall"]["name"].is_string());
            self.codes += usize::from(part["executableCode"].is_object());
            let media_type = part["inlineData"]["mimeType"].as_str().unwrap_or_default();
            self.images += usize::from(!thought && media_type.starts_with("image/"));
        }
    }

    /// The same of a response object.
    fn of(response: &Value) -> Self {
        let mut told = Self::default();
        for item in response["output"].as_array().unwrap() {
            match item["type"].as_str().unwrap() {
                "message" if item["content"][0]["type"] == "refusal" => told.blocked = true,
                "message" => told
                    .text
                    .push_str(item["content"][0]["text"].as_str().unwrap()),
                "reasoning" => {
                    let thoughts = item["summary"][0]["text"].as_str();
                    told.thoughts.push_str(thoughts.unwrap_or_default());
                }
                "function_call" => {
                    told.calls += 1;
                    let arguments = item["arguments"].as_str().unwrap();
                    let arguments: Value = serde_json::from_str(arguments).unwrap();
                    assert!(arguments.is_object(), "{item}");
                }
                "image_generation_call" => told.images += 1,
                "code_interpreter_call" => told.codes += 1,
                other => panic!("{other} is no item that Gemini makes"),
            }
        }
        told
    }
}

fn check_whole(name: &str, body: &[u8]) -> Result<(), UpstreamFault> {
    let answer = request().render(&[body], &meta())?;
    let response: Value = serde_json::from_slice(&answer.body).unwrap();
    let mut expected = Told::default();
    expected.add(&serde_json::from_slice(body).unwrap());
    assert_eq!(Told::of(&response), expected, "{name}");

    // The same answer as a stream of one event (X15).
    let request = request();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    stream.push_whole(body, &mut out)?;
    match stream.finish(&mut out) {
        // Without reason it is whole here and cut there.
        Err(UpstreamFault::Truncated) => return Ok(()),
        Err(UpstreamFault::Empty) => stream.finish_empty(&mut out)?,
        result => result?,
    }
    let streamed = response_events::check(std::str::from_utf8(&out).unwrap());
    assert_eq!(streamed.response, response, "{name}");
    Ok(())
}

fn check_stream(name: &str, body: &[u8]) -> Result<(), UpstreamFault> {
    let whole = run(&[body]);
    for size in [1, 7, 1460] {
        let pieces: Vec<&[u8]> = body.chunks(size).collect();
        assert_eq!(run(&pieces), whole, "{name} in pieces of {size}");
    }
    // At every place of a short stream, at some of a long one.
    for at in (0..body.len()).step_by(body.len() / 32 + 1) {
        let (left, right) = body.split_at(at);
        assert_eq!(run(&[left, right]), whole, "{name} split at {at}");
    }
    let (out, result) = whole;
    let checked = response_events::check(&out);
    if result.is_ok() {
        let mut expected = Told::default();
        let text = String::from_utf8_lossy(body);
        for data in text.lines().filter_map(|line| line.strip_prefix("data:")) {
            expected.add(&serde_json::from_str(data).unwrap());
        }
        assert_eq!(Told::of(&checked.response), expected, "{name}");
        assert_eq!(checked.text, expected.text, "{name}");
        assert_eq!(checked.thoughts, expected.thoughts, "{name}");
        let deltas = checked.events.iter().filter(|event| event["delta"] == "");
        assert!(
            deltas.count() <= expected.codes,
            "{name}: a delta says something"
        );
    }
    result
}

/// The events, with the end of a failure where it failed.
fn run(pieces: &[&[u8]]) -> (String, Result<(), UpstreamFault>) {
    let request = request();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    if let Err(fault) = &result {
        let error = ApiError {
            status: 502,
            message: fault.to_string(),
            kind: "upstream_error",
            param: None,
            code: None,
            retry_after_s: None,
        };
        stream.fail(&error, &mut out);
    }
    (String::from_utf8(out).unwrap(), result)
}

fn is_expected(name: &str, kind: &str, fault: Option<&UpstreamFault>) -> bool {
    match fault {
        None => kind != "stream-error",
        Some(UpstreamFault::Unusable { reason, .. }) => {
            kind == "finish-abnormal" || (kind == "tts" && reason == "unsupported_output")
        }
        Some(UpstreamFault::Reported { .. }) => kind == "stream-error" || kind.starts_with("error"),
        Some(UpstreamFault::Empty) => {
            matches!(name, "invalid_response_shape" | "imagen_all_filtered")
        }
        Some(
            UpstreamFault::Malformed | UpstreamFault::Truncated | UpstreamFault::EventTooLarge,
        ) => false,
    }
}
