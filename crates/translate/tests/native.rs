//! Passing the native API through, over recorded exchanges and over arbitrary input.
//!
//! The recorded ones lie in a folder beside the project, if there is one; without it the tests that
//! need it say so and pass.

// Clippy's allowances for tests reach helpers only where `cfg(test)` is said.
#![cfg(test)]

use std::{collections::BTreeMap, fs, path::PathBuf};

use gempool_translate::{
    AnswerMeta, ApiError, Dialect, Exchange, Features, InvalidRequest, ModelName, Plan, Signing,
    Target, UpstreamFault,
    native::{Framing, NativeCall, NativeMethod, NativePath, NativeRequest, parse_path},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};
use serde_json::Value;

/// Next to the workspace, which is two levels above this crate.
const FOLDER: [&str; 5] = [
    env!("CARGO_MANIFEST_DIR"),
    "..",
    "..",
    "..",
    "shared/fixtures",
];

/// Above this many bytes a stream is cut at samples only: every place would take minutes.
const MAX_CUT_EVERYWHERE: usize = 64 << 10;

struct Recorded {
    name: String,
    file: String,
    url: String,
    status: u64,
    body: Vec<u8>,
}

/// Every recorded body; `None` without the folder.
fn recorded() -> Option<Vec<Recorded>> {
    let folder: PathBuf = FOLDER.iter().collect();
    let Ok(index) = fs::read(folder.join("index.json")) else {
        println!("skipped: no recorded answers at {}", folder.display());
        return None;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let fixtures = index["fixtures"].as_array().unwrap();
    let read = fixtures.iter().filter_map(|fixture| {
        let text = |key: &str| fixture[key].as_str().unwrap_or_default().to_owned();
        Some(Recorded {
            name: text("name"),
            url: text("url"),
            status: fixture["http_status"].as_u64().unwrap_or(200),
            body: fs::read(folder.join(text("file"))).ok()?,
            file: text("file"),
        })
    });
    Some(read.collect())
}

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    }
}

fn call(method: NativeMethod) -> NativeCall<'static> {
    NativeCall { model: "m", method }
}

fn run<'a>(
    query: &str,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<u8>, Result<(), UpstreamFault>) {
    let request =
        NativeRequest::new(call(NativeMethod::StreamGenerate), Some(query), b"{}").unwrap();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (out, result)
}

fn plan(request: &NativeRequest<'_>) -> Result<Plan, InvalidRequest> {
    let model: ModelName = "gemini-3.8-flash".parse().unwrap();
    request.plan(&Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: request.streams(),
    })
}

/// The JSON of each event, found the simplest way there is: recorded streams have one line each.
fn json_lines(stream: &[u8]) -> Vec<&[u8]> {
    let lines = stream.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| line.strip_prefix(b"data: "))
        .map(<[u8]>::trim_ascii_end)
        .collect()
}

#[test]
fn every_recorded_stream_passes_with_its_events_unchanged_u6() {
    let Some(recorded) = recorded() else { return };
    let mut streams = 0;
    for fixture in recorded {
        if !fixture.file.ends_with(".sse") {
            continue;
        }
        streams += 1;
        let (name, body) = (&fixture.name, fixture.body.as_slice());
        let whole = run("alt=sse", [body]);
        let mut sent = json_lines(body);
        let told = json_lines(&whole.0);
        if matches!(whole.1, Err(UpstreamFault::Reported { .. })) {
            // An error event is not passed on: it is told again, without secrets.
            sent.truncate(told.len());
        }
        assert_eq!(told, sent, "{name}");

        let (array, result) = run("", [body]);
        assert_eq!(result, whole.1, "{name}");
        if result.is_ok() {
            let read: Vec<Value> = serde_json::from_slice(&array).unwrap();
            let expected: Vec<Value> = sent
                .iter()
                .map(|json| serde_json::from_slice(json).unwrap())
                .collect();
            assert_eq!(read, expected, "{name}");
        }

        // Sixty cuts of a short stream, and every one at once; twenty of a long one.
        let long = body.len() > MAX_CUT_EVERYWHERE;
        let step = body.len().div_ceil(if long { 20 } else { 60 }).max(1);
        for at in (0..=body.len()).step_by(step) {
            let (left, right) = body.split_at(at);
            assert_eq!(run("alt=sse", [left, right]), whole, "{name} cut at {at}");
        }
        if !long {
            assert_eq!(run("alt=sse", body.chunks(1)), whole, "{name} in bytes");
        }
    }
    println!("{streams} recorded streams passed through");
    assert!(streams > 40, "only {streams} streams were found");
}

#[test]
fn every_recorded_answer_passes_unchanged() {
    let Some(recorded) = recorded() else { return };
    let mut answers = 0;
    for fixture in recorded {
        let path = fixture.url.rsplit("/v1beta/").next().unwrap_or_default();
        let Some(NativePath::Call(call)) = parse_path(path) else {
            continue;
        };
        if !fixture.file.ends_with(".json") {
            continue;
        }
        let request = NativeRequest::new(call, None, b"{}").unwrap();
        match request.render(&[&fixture.body], &meta()) {
            Ok(answer) => {
                assert_eq!(fixture.status, 200, "{}", fixture.name);
                assert_eq!(answer.body, fixture.body, "{}", fixture.name);
                let sum = answer.usage.prompt_tokens + answer.usage.completion_tokens;
                assert_eq!(answer.usage.total_tokens, sum, "{}", fixture.name);
                answers += 1;
            }
            Err(UpstreamFault::Reported { .. }) => {
                assert_ne!(fixture.status, 200, "{}", fixture.name);
            }
            Err(fault) => {
                let odd = ["invalid_response_shape", "imagen_all_filtered"];
                assert!(
                    odd.contains(&fixture.name.as_str()),
                    "{}: {fault:?}",
                    fixture.name
                );
            }
        }
    }
    println!("{answers} recorded answers passed through");
    assert!(answers > 50, "only {answers} answers were found");
}

#[test]
fn every_recorded_request_goes_up_with_nothing_but_store_added_g13() {
    let folder: PathBuf = FOLDER.iter().collect();
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: no recorded requests at {}", folder.display());
        return;
    };
    let mut requests = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".request.json") {
            continue;
        }
        let body = fs::read(&path).unwrap();
        let Ok(before) = serde_json::from_slice::<Value>(&body) else {
            continue;
        };
        for method in [
            NativeMethod::Generate,
            NativeMethod::CountTokens,
            NativeMethod::BatchEmbed,
        ] {
            let request = NativeRequest::new(call(method), None, &body).unwrap();
            let sent = plan(&request).unwrap().bodies.remove(0);
            if method != NativeMethod::Generate {
                assert_eq!(sent, body, "{}", path.display());
                continue;
            }
            let mut after: Value = serde_json::from_slice(&sent).unwrap();
            if before.get("store").is_none() {
                assert_eq!(
                    after.as_object_mut().unwrap().remove("store"),
                    Some(Value::Bool(false))
                );
            }
            assert_eq!(after, before, "{}", path.display());
        }
        requests += 1;
    }
    println!("{requests} recorded requests passed through");
    assert!(requests > 60, "only {requests} requests were found");
}

#[test]
fn our_errors_have_the_shape_and_the_words_of_every_recorded_one_u9() {
    let Some(recorded) = recorded() else { return };
    let mut errors = 0;
    for fixture in recorded {
        let Ok(theirs) = serde_json::from_slice::<Value>(&fixture.body) else {
            continue;
        };
        let theirs = theirs.get(0).unwrap_or(&theirs)["error"].clone();
        let Some(code) = theirs["code"]
            .as_u64()
            .and_then(|code| u16::try_from(code).ok())
        else {
            continue;
        };
        let error = ApiError {
            status: code,
            message: theirs["message"].as_str().unwrap_or_default().to_owned(),
            kind: "upstream_error",
            param: Some("contents".to_owned()),
            code: Some("some_reason".to_owned()),
            retry_after_s: Some(31),
        };
        let ours: Value = serde_json::from_slice(&error.to_json(Dialect::Gemini)).unwrap();
        let ours = &ours["error"];
        assert_eq!(ours["code"], theirs["code"]);
        assert_eq!(ours["message"], theirs["message"]);
        // A precondition is a 400 too, and the status does not tell them apart.
        if theirs["status"] != "FAILED_PRECONDITION" {
            assert_eq!(ours["status"], theirs["status"], "{}", fixture.name);
        }
        for detail in ours["details"].as_array().unwrap() {
            let kind = detail["@type"].as_str().unwrap();
            let same_kind = |other: &&Value| {
                let other = other["@type"].as_str().unwrap_or_default();
                other.trim() == kind
            };
            let details = theirs["details"].as_array();
            if let Some(other) = details.and_then(|details| details.iter().find(same_kind)) {
                for (key, value) in detail.as_object().unwrap() {
                    let other = &other[key];
                    assert!(
                        other.is_null() || value.is_string() == other.is_string(),
                        "{}: {key}",
                        fixture.name
                    );
                }
            }
        }
        errors += 1;
    }
    println!("{errors} recorded errors compared");
    assert!(errors > 60, "only {errors} errors were found");
}

/// JSON objects with odd white space, duplicate and unknown fields.
fn object() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1.50e+3".to_owned()),
        Just("[ {}, \"a\\\"}\" ]".to_owned()),
        Just("{\"store\":true}".to_owned()),
        ".{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap_or_default()),
    ];
    let name = prop_oneof![Just("contents"), Just("model"), Just("x"), Just("stores")];
    let space = prop_oneof![Just(""), Just(" "), Just("\r\n\t")];
    let field = (name, space.clone(), value, space.clone())
        .prop_map(|(name, left, value, right)| format!("{left}\"{name}\":{right}{value}{left}"));
    (space, prop::collection::vec(field, 0..5))
        .prop_map(|(space, fields)| format!("{space}{{{}}}{space}", fields.join(",")))
}

/// The same cases on every run: a test that fails only sometimes is no test.
fn config() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_124),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_body_goes_up_as_it_came_but_for_store_g13(body in object()) {
        let request = NativeRequest::new(call(NativeMethod::Generate), None, body.as_bytes()).unwrap();
        let sent = String::from_utf8(plan(&request).unwrap().bodies.remove(0)).unwrap();
        prop_assert!(serde_json::from_str::<Value>(&sent).is_ok(), "{}", sent);
        let cut = sent.replacen("\"store\":false,", "", 1);
        let cut = if cut == sent { sent.replacen("\"store\":false", "", 1) } else { cut };
        prop_assert_eq!(cut, body);
        // What went up once goes up again as it is.
        let again = NativeRequest::new(call(NativeMethod::Generate), None, sent.as_bytes()).unwrap();
        prop_assert_eq!(plan(&again).unwrap().bodies.remove(0), sent.into_bytes());
    }

    #[test]
    fn a_path_that_is_taken_names_a_model_and_nothing_else_u14(path in "(models/)?[a-zA-Z0-9:./%?#@ -]{0,30}(:generateContent)?") {
        if let Some(NativePath::Call(NativeCall { model, .. }) | NativePath::Model(model)) = parse_path(&path) {
            let name = model.split(':').next().unwrap_or_default();
            let name: ModelName = name.parse().unwrap();
            prop_assert!(!name.as_str().contains(['/', '%', '?', '#', '@', ' ', ':']));
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_bytes(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in ".{0,60}",
    ) {
        let _ = parse_path(&text);
        let _ = Framing::of(call(NativeMethod::StreamGenerate), Some(&text));
        for method in [NativeMethod::Generate, NativeMethod::Embed] {
            if let Ok(request) = NativeRequest::new(call(method), Some(&text), &bytes) {
                let _ = plan(&request);
            }
            let request = NativeRequest::new(call(method), None, b"{}").unwrap();
            let _ = request.render(&[&bytes], &meta());
        }
        let whole = run("alt=sse", [bytes.as_slice()]);
        prop_assert_eq!(run("alt=sse", bytes.chunks(3)), whole);
    }
}
