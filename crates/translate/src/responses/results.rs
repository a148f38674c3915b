//! Results of calls to Gemini's function responses (M8, P9).
//!
//! Texts are joined line by line into one result; what Gemini takes inside a response travels there,
//! anything else beside it. Whether a model takes images there is the assembler's to know.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{
    content::{Allowed, convert_content},
    value::Value,
};
use crate::{
    gemini::request::{Data, FunctionResponsePart, Part},
    invalid_request::Refusal,
    media::Budget,
    prompt::values,
};

/// What a result may hold beside its text
/// (<https://ai.google.dev/gemini-api/docs/function-calling#multimodal>, November 2026). Anything
/// else goes beside the result, which every model takes.
const INSIDE_RESULTS: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/pdf",
    "text/plain",
];

/// A result without the call it belongs to.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    /// Always an object.
    pub(super) response: Cow<'a, RawValue>,
    pub(super) inside: Vec<FunctionResponsePart<'a>>,
    pub(super) beside: Vec<Part<'a>>,
}

/// Converts `output` of a call's result.
///
/// # Errors
/// A [`Refusal`] whose path starts with `output`.
pub(super) fn convert_output<'a>(
    output: &'a Value<'_>,
    budget: &mut Budget,
) -> Result<Outcome<'a>, Refusal> {
    let mut outcome = Outcome {
        response: values::empty_object(),
        inside: Vec::new(),
        beside: Vec::new(),
    };
    if let Value::Text(text) = output {
        outcome.response = values::result(text);
        return Ok(outcome);
    }
    let mut parts = Vec::new();
    convert_content("output", output, Allowed::TextAndMedia, budget, &mut parts)?;
    let mut texts = Vec::new();
    for part in parts {
        match part.data {
            Data::Text(text) => texts.push(text),
            Data::InlineData(inline_data) if INSIDE_RESULTS.contains(&&*inline_data.mime_type) => {
                outcome.inside.push(FunctionResponsePart { inline_data });
            }
            Data::InlineData(_)
            | Data::InlineBytes(_)
            | Data::FileData(_)
            | Data::FunctionCall(_)
            | Data::FunctionResponse(_) => outcome.beside.push(part),
        }
    }
    outcome.response = match texts.as_slice() {
        [Cow::Borrowed(text)] => values::result(text),
        _ => Cow::Owned(values::result(&texts.join("\n")).into_owned()),
    };
    Ok(outcome)
}
