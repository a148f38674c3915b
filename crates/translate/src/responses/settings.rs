//! Settings that are objects or lists: `text`, `reasoning`, `include`, `metadata` (G16, G17, R2).
//!
//! They are read once, when the request is read, and say what is wished; the model is not known here.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text, UnusedText, read_field},
    parameters::read_effort,
    prompt::{Amount, OutputFormat, ThinkingWish},
};

#[derive(Debug, Deserialize)]
struct TextSettings<'a> {
    #[serde(borrow)]
    format: Option<Object<Format<'a>>>,
    verbosity: Option<Text<'a>>,
}

/// Flat, unlike that of chat completions. What begins with `_` has no counterpart (G17) and is only
/// checked.
#[derive(Debug, Deserialize)]
struct Format<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    schema: Option<&'a RawValue>,
    #[serde(rename = "name")]
    _name: Option<UnusedText>,
    #[serde(rename = "description")]
    _description: Option<UnusedText>,
    #[serde(rename = "strict")]
    _strict: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Reasoning<'a> {
    #[serde(borrow)]
    effort: Option<Text<'a>>,
    summary: Option<Text<'a>>,
    /// The older name of `summary`.
    generate_summary: Option<Text<'a>>,
    #[serde(rename = "context")]
    _context: Option<UnusedText>,
    #[serde(rename = "mode")]
    _mode: Option<UnusedText>,
}

/// What the answer shall hold besides the usual.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Included {
    /// Signatures of calls, in reasoning items.
    pub(super) encrypted_reasoning: bool,
    /// What code that Google ran printed.
    pub(super) code_outputs: bool,
    /// Log probabilities of the answer's text.
    pub(super) logprobs: bool,
}

/// All values that OpenAI defines (openai-python 3.54, `ResponseIncludable`). Those that name nothing
/// of ours ask for what tools of OpenAI's servers found, and there are none.
const INCLUDABLE: &[&str] = &[
    "reasoning.encrypted_content",
    "code_interpreter_call.outputs",
    "message.output_text.logprobs",
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
];

/// Most pairs, and longest key and value in characters, as OpenAI documents them
/// (<https://platform.openai.com/docs/api-reference/responses/create#metadata>, read 2026-11-21).
const MAX_METADATA: (usize, usize, usize) = (16, 64, 512);

/// # Errors
/// A [`Refusal`] whose path starts with `text`.
pub(super) fn read_text(text: &RawValue) -> Result<OutputFormat<'_>, Refusal> {
    const FIELD: &str = "text";
    let Object(text): Object<TextSettings<'_>> = read_field(FIELD, text)?;
    let verbosity = text.verbosity.as_deref();
    one_of("verbosity", verbosity, &["low", "medium", "high"])
        .map_err(|refusal| refusal.within(FIELD))?;
    let Some(Object(format)) = text.format else {
        return Ok(OutputFormat::Text);
    };
    read_format(&format).map_err(|refusal| refusal.within("format").within(FIELD))
}

fn read_format<'a>(format: &Format<'a>) -> Result<OutputFormat<'a>, Refusal> {
    match format.r#type.as_deref() {
        Some("text") => Ok(OutputFormat::Text),
        Some("json_object") => Ok(OutputFormat::Json),
        Some("json_schema") => match format.schema {
            Some(schema) if schema.get().starts_with('{') => {
                Ok(OutputFormat::Schema(Cow::Borrowed(schema)))
            }
            Some(_) => {
                let problem = "expected an object, a JSON Schema";
                Err(Refusal::new(Code::InvalidType, "schema", problem))
            }
            None => Err(Refusal::missing("schema", "a JSON Schema")),
        },
        other => Err(unknown(
            "type",
            other,
            &["text", "json_object", "json_schema"],
        )),
    }
}

/// Thoughts are shown where a summary is asked for, and only there, as with OpenAI (R2).
///
/// # Errors
/// A [`Refusal`] whose path starts with `reasoning`.
pub(super) fn read_reasoning(reasoning: &RawValue) -> Result<ThinkingWish, Refusal> {
    const FIELD: &str = "reasoning";
    const SUMMARIES: &[&str] = &["auto", "concise", "detailed"];
    let Object(reasoning): Object<Reasoning<'_>> = read_field(FIELD, reasoning)?;
    let wish = |reasoning: &Reasoning<'_>| {
        let amount = read_effort(reasoning.effort.as_deref(), "effort")?.map(Amount::Effort);
        let newer = one_of("summary", reasoning.summary.as_deref(), SUMMARIES)?;
        let older = reasoning.generate_summary.as_deref();
        let summary = newer.or(one_of("generate_summary", older, SUMMARIES)?);
        let wished = summary.is_some() || amount.is_some();
        Ok(ThinkingWish {
            amount,
            include_thoughts: wished.then_some(summary.is_some()),
        })
    };
    wish(&reasoning).map_err(|refusal: Refusal| refusal.within(FIELD))
}

/// # Errors
/// A [`Refusal`] at a value that OpenAI does not define.
pub(super) fn read_include(include: &[Text<'_>]) -> Result<Included, Refusal> {
    for (index, value) in include.iter().enumerate() {
        one_of(&format!("include[{index}]"), Some(&**value), INCLUDABLE)?;
    }
    let has = |wanted: &str| include.iter().any(|value| &**value == wanted);
    Ok(Included {
        encrypted_reasoning: has("reasoning.encrypted_content"),
        code_outputs: has("code_interpreter_call.outputs"),
        logprobs: has("message.output_text.logprobs"),
    })
}

/// Checks what is only repeated: clients rely on OpenAI's limits.
///
/// # Errors
/// A [`Refusal`] whose path starts with `metadata`.
pub(super) fn check_metadata(metadata: &RawValue) -> Result<(), Refusal> {
    const FIELD: &str = "metadata";
    let (max_pairs, max_key, max_value) = MAX_METADATA;
    let pairs: BTreeMap<Cow<'_, str>, Text<'_>> = read_field(FIELD, metadata)?;
    let too_long = |problem: String| Err(Refusal::new(Code::InvalidValue, FIELD, problem));
    if pairs.len() > max_pairs {
        return too_long(format!("may hold at most {max_pairs} pairs"));
    }
    for (key, value) in &pairs {
        if key.chars().count() > max_key {
            return too_long(format!("has a key of more than {max_key} characters"));
        }
        if value.chars().count() > max_value {
            return too_long(format!("has a value of more than {max_value} characters"));
        }
    }
    Ok(())
}

/// Checks a word that may be left out.
///
/// # Errors
/// A [`Refusal`] at `field` for any other word.
pub(super) fn one_of<'a>(
    field: &str,
    value: Option<&'a str>,
    known: &[&str],
) -> Result<Option<&'a str>, Refusal> {
    match value {
        Some(word) if !known.contains(&word) => Err(unknown(field, value, known)),
        value => Ok(value),
    }
}

fn unknown(field: &str, value: Option<&str>, known: &[&str]) -> Refusal {
    let known = known.join("`, `");
    match value {
        Some(value) => {
            let problem = format_args!("unknown value {}; use one of `{known}`", Quoted(value));
            Refusal::new(Code::InvalidValue, field, problem)
        }
        None => Refusal::missing(field, format_args!("one of `{known}`")),
    }
}
