//! Runs the translation over a folder of recorded Gemini answers, if there is one beside the
//! project. The folder is not part of the project; without it this test says so and passes.

use std::{fs, path::PathBuf};

use gempool_translate::{AnswerMeta, ChatRequest, Exchange, UpstreamFault, models_from_gemini};
use serde_json::Value;

/// Next to the workspace, which is two levels above this crate.
const FOLDER: [&str; 5] = [
    env!("CARGO_MANIFEST_DIR"),
    "..",
    "..",
    "..",
    "shared/fixtures",
];

#[test]
fn every_recorded_answer_translates_or_fails_as_documented() {
    let folder: PathBuf = FOLDER.iter().collect();
    let Ok(index) = fs::read(folder.join("index.json")) else {
        println!("skipped: no recorded answers at {}", folder.display());
        return;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let mut translated = 0;
    let mut surprises = Vec::new();
    for fixture in index["fixtures"].as_array().unwrap() {
        let text = |key: &str| fixture[key].as_str().unwrap_or_default();
        let (name, file) = (text("name"), text("file"));
        let Ok(body) = fs::read(folder.join(file)) else {
            continue;
        };
        if text("kind") == "models" {
            assert!(
                !models_from_gemini(&body).unwrap().models.is_empty(),
                "{name}"
            );
            continue;
        }
        // Whatever it is, as a client's request it is refused or read, but never a panic.
        let _ = ChatRequest::parse(&body);
        let ok = fixture["http_status"]
            .as_u64()
            .is_none_or(|status| status == 200);
        // Bodies from bug reports name no endpoint, but are answers all the same.
        let generates = matches!(
            text("endpoint"),
            "" | "generateContent" | "streamGenerateContent"
        );
        if !ok || !generates {
            continue;
        }
        let fault = if file.ends_with(".sse") {
            stream_fault(&body)
        } else {
            unary_fault(&body)
        };
        if !is_expected(name, text("kind"), fault.as_ref()) {
            surprises.push(format!("{name} ({}): {fault:?}", text("kind")));
        }
        translated += 1;
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    assert!(translated > 100, "only {translated} answers were found");
}

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "x".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    }
}

fn request() -> ChatRequest<'static> {
    let body = br#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    ChatRequest::parse(body).unwrap()
}

fn unary_fault(body: &[u8]) -> Option<UpstreamFault> {
    request().render(&[body], &meta()).err()
}

/// Runs the stream whole and in small pieces, which must not differ.
fn stream_fault(body: &[u8]) -> Option<UpstreamFault> {
    let run = |piece: usize| {
        let mut stream = request().stream_translator(&meta()).unwrap();
        let mut out = Vec::new();
        let result = body
            .chunks(piece)
            .try_for_each(|piece| stream.push(piece, &mut out))
            .and_then(|()| stream.finish(&mut out));
        (out, result)
    };
    let whole = run(body.len().max(1));
    for piece in [1, 7, 1460] {
        assert_eq!(run(piece), whole, "in pieces of {piece}");
    }
    whole.1.err()
}

fn is_expected(name: &str, kind: &str, fault: Option<&UpstreamFault>) -> bool {
    match fault {
        None => kind != "stream-error",
        Some(UpstreamFault::Unusable { .. }) => kind == "finish-abnormal",
        Some(UpstreamFault::Reported { .. }) => kind == "stream-error" || kind.starts_with("error"),
        Some(UpstreamFault::Empty) => {
            matches!(name, "invalid_response_shape" | "imagen_all_filtered")
        }
        Some(
            UpstreamFault::Malformed | UpstreamFault::Truncated | UpstreamFault::EventTooLarge,
        ) => false,
    }
}
