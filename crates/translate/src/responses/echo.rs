//! What a response repeats of its request, as the client wrote it.
//!
//! Owned, since a stream outlives the request's body, and on one line, since a stream's events are:
//! a line break between two values would end an event.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{ResponsesRequest, request::Fields};

/// The fields that OpenAI's servers repeat, in alphabetical order. Defaults are OpenAI's where
/// clients need a value, `null` where only Gemini knows it.
#[derive(Debug, Serialize)]
pub(super) struct Echo {
    background: bool,
    instructions: Option<String>,
    max_output_tokens: Option<i64>,
    max_tool_calls: Option<i64>,
    metadata: Box<RawValue>,
    parallel_tool_calls: bool,
    previous_response_id: Option<()>,
    prompt_cache_key: Option<String>,
    prompt_cache_retention: Option<String>,
    reasoning: Box<RawValue>,
    safety_identifier: Option<String>,
    store: bool,
    temperature: Option<Box<RawValue>>,
    text: Box<RawValue>,
    tool_choice: Box<RawValue>,
    tools: Box<RawValue>,
    top_logprobs: i64,
    top_p: Option<Box<RawValue>>,
    truncation: String,
    user: Option<String>,
}

impl Echo {
    pub(super) fn new(request: &ResponsesRequest<'_>) -> Self {
        let fields: &Fields<'_> = request.fields();
        let text = |text: &Option<crate::json::Text<'_>>| text.as_deref().map(str::to_owned);
        Self {
            background: false,
            instructions: text(&fields.instructions),
            max_output_tokens: fields.max_output_tokens,
            max_tool_calls: fields.max_tool_calls,
            metadata: keep_or(fields.metadata, "{}"),
            parallel_tool_calls: fields.parallel_tool_calls.unwrap_or(true),
            previous_response_id: None,
            prompt_cache_key: text(&fields.prompt_cache_key),
            prompt_cache_retention: text(&fields.prompt_cache_retention),
            reasoning: keep_or(fields.reasoning, r#"{"effort":null,"summary":null}"#),
            safety_identifier: text(&fields.safety_identifier),
            // Whoever did not ask for it must not believe it: nothing is stored here.
            store: fields.store.unwrap_or(false),
            temperature: fields.temperature.map(keep),
            text: keep_or(fields.text, r#"{"format":{"type":"text"}}"#),
            tool_choice: keep_or(fields.tool_choice, r#""auto""#),
            tools: keep_or(request.raw_tools(), "[]"),
            top_logprobs: fields.top_logprobs.unwrap_or(0),
            top_p: fields.top_p.map(keep),
            truncation: text(&fields.truncation).unwrap_or_else(|| "disabled".to_owned()),
            user: text(&fields.user),
        }
    }
}

/// `default` is JSON.
fn keep_or(value: Option<&RawValue>, default: &str) -> Box<RawValue> {
    match value {
        Some(value) => keep(value),
        None => from_json(default.to_owned()),
    }
}

/// JSON has line breaks between values only: inside strings they are escaped.
fn keep(value: &RawValue) -> Box<RawValue> {
    let json = value.get();
    if json.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return from_json(json.replace(['\n', '\r'], " "));
    }
    value.to_owned()
}

/// What is not JSON, which cannot happen, becomes `null`.
fn from_json(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
