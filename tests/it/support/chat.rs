//! Request bodies in OpenAI's shape, as small as they can be. Each prompt holds the prompt canary.

use serde_json::{Value, json};

use super::secrets::PROMPT_CANARY;

/// The model most tests ask for.
pub(crate) const MODEL: &str = "gemini-2.5-flash";

/// A second one, to show that cooling is kept per model.
pub(crate) const OTHER_MODEL: &str = "gemini-2.5-pro";

/// Wants thought signatures with every call.
pub(crate) const AGENT_MODEL: &str = "gemini-3-flash-preview";

/// Turns text to vectors.
pub(crate) const EMBEDDING_MODEL: &str = "gemini-embedding-001";

/// Draws.
pub(crate) const IMAGE_MODEL: &str = "gemini-2.5-flash-image";

/// Speaks.
pub(crate) const SPEECH_MODEL: &str = "gemini-2.5-flash-preview-tts";

/// One of each kind.
pub(crate) fn models() -> Vec<String> {
    [
        MODEL,
        OTHER_MODEL,
        AGENT_MODEL,
        EMBEDDING_MODEL,
        IMAGE_MODEL,
        SPEECH_MODEL,
    ]
    .map(str::to_owned)
    .into()
}

/// The prompt of [`unary`] and [`streaming`].
pub(crate) fn prompt() -> String {
    format!("Say hello, {PROMPT_CANARY}")
}

/// One user message.
pub(crate) fn unary() -> Value {
    unary_for(MODEL)
}

/// One user message to `model`.
pub(crate) fn unary_for(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": prompt()}]})
}

/// One user message, answered as a stream.
pub(crate) fn streaming() -> Value {
    with(unary(), "stream", json!(true))
}

/// `body` with one field more.
pub(crate) fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}
