//! What the compatibility page calls ignored changes nothing of what goes up.
//!
//! Only parameters of the body itself: those inside others have their own tests. Each needs a value
//! here that its endpoint takes, so that one which becomes meaningful cannot be forgotten.

// Clippy's allowances for tests reach helpers only where `cfg(test)` is said.
#![cfg(test)]

use std::collections::BTreeMap;

use gempool_translate::{
    ChatRequest, CompletionRequest, Exchange, Features, InvalidRequest, ModelName, Signing, Target,
    anthropic::MessagesRequest,
    compatibility::{Becomes, ENDPOINTS},
    embeddings::EmbeddingsRequest,
    images::ImageRequest,
    responses::ResponsesRequest,
    speech::SpeechRequest,
};

type Read = fn(&[u8]) -> Result<Box<dyn Exchange + '_>, InvalidRequest>;

/// Endpoints with a JSON body that is translated, each with the smallest body that it takes but for
/// its last brace, and a model.
const ENDPOINTS_READ: &[(&str, &str, &str, Read)] = &[
    (
        "POST /v1/chat/completions",
        r#"{"model":"m","messages":[{"role":"user","content":"a"}]"#,
        "gemini-3.8-flash",
        |body| Ok(Box::new(ChatRequest::parse(body)?)),
    ),
    (
        "POST /v1/completions",
        r#"{"model":"m","prompt":"a""#,
        "gemini-3.8-flash",
        |body| Ok(Box::new(CompletionRequest::parse(body)?)),
    ),
    (
        "POST /v1/responses",
        r#"{"model":"m","input":"a""#,
        "gemini-3.8-flash",
        |body| Ok(Box::new(ResponsesRequest::parse(body)?)),
    ),
    (
        "POST /v1/messages",
        r#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"}]"#,
        "gemini-3.8-flash",
        |body| Ok(Box::new(MessagesRequest::parse(body)?)),
    ),
    (
        "POST /v1/embeddings",
        r#"{"model":"m","input":"a""#,
        "gemini-embedding-2",
        |body| Ok(Box::new(EmbeddingsRequest::parse(body)?)),
    ),
    (
        "POST /v1/images/generations",
        r#"{"model":"m","prompt":"a""#,
        "gemini-3.1-flash-image",
        |body| Ok(Box::new(ImageRequest::parse(body)?)),
    ),
    (
        "POST /v1/audio/speech",
        r#"{"model":"m","input":"a","voice":"alloy""#,
        "gemini-3.8-flash-tts",
        |body| Ok(Box::new(SpeechRequest::parse(body)?)),
    ),
];

/// Values that the parameters take, and that would matter if they were not ignored.
const VALUES: &[(&str, &str)] = &[
    ("access_programs", r#"{"a":1}"#),
    ("background_options", r#"{"a":1}"#),
    ("best_of", "1"),
    ("cache_control", r#"{"type":"ephemeral"}"#),
    ("complexity", r#""low""#),
    ("container", r#""c""#),
    ("context_management", "{}"),
    ("context_management", "[]"),
    ("diagnostics", r#"{"a":1}"#),
    ("frequency_penalty", "1.5"),
    ("image", r#"{"a":1}"#),
    ("inference_geo", r#""eu""#),
    ("input_fidelity", r#""high""#),
    ("logit_bias", r#"{"50256":-100}"#),
    ("max_tool_calls", "3"),
    ("metadata", r#"{"a":"b"}"#),
    ("moderation", r#""low""#),
    ("moderation", r#"{"model":"a"}"#),
    ("parallel_tool_calls", "false"),
    ("partial_images", "1"),
    ("prediction", r#"{"type":"content","content":"a"}"#),
    ("presence_penalty", "-1.5"),
    ("prompt_cache_key", r#""a""#),
    ("prompt_cache_options", r#"{"a":1}"#),
    ("prompt_cache_retention", r#""24h""#),
    ("safety_identifier", r#""a""#),
    ("service_tier", r#""standard_only""#),
    ("speed", "1.5"),
    ("speed", r#""fast""#),
    ("stream_options", r#"{"include_obfuscation":false}"#),
    ("style", r#""vivid""#),
    ("truncation", r#""auto""#),
    ("user", r#""a""#),
    ("user_profile_id", r#""a""#),
    ("verbosity", r#""low""#),
];

fn sent(read: Read, body: &str, model: &str) -> Result<Vec<Vec<u8>>, InvalidRequest> {
    let model: ModelName = model.parse()?;
    let plan = read(body.as_bytes())?.plan(&Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    })?;
    Ok(plan.bodies)
}

#[test]
fn ignored_parameters_change_nothing_g11_g12() {
    let mut wrong = Vec::new();
    for (path, start, model, read) in ENDPOINTS_READ {
        let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.path == *path);
        let endpoint = endpoint.unwrap_or_else(|| panic!("{path} has no table"));
        let plain = sent(*read, &format!("{start}}}"), model).unwrap();
        let mut tried = 0;
        for parameter in endpoint.tables.iter().copied().flatten() {
            let inside = parameter.name.contains(['.', '[', ' ']);
            if inside || !matches!(parameter.becomes, Becomes::Ignored(_)) {
                continue;
            }
            let name = parameter.name;
            let values = VALUES.iter().filter(|(known, _)| *known == name);
            let outcomes: Vec<_> = values
                .map(|(_, value)| sent(*read, &format!(r#"{start},"{name}":{value}}}"#), model))
                .collect();
            // Endpoints may want values of different types; one of them must be right for this.
            if !outcomes.iter().any(Result::is_ok) {
                wrong.push(format!("{path}: {name}: no good value: {outcomes:?}"));
            }
            if outcomes.into_iter().flatten().any(|found| found != plain) {
                wrong.push(format!("{path}: {name} is not ignored"));
            }
            tried += 1;
        }
        assert!(tried > 0, "{path} ignores nothing");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
