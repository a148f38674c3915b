//! `response_format`: what the text of the answer has to be (G15–G17).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text, UnusedText},
    prompt::OutputFormat,
};

#[derive(Debug, Deserialize)]
pub(super) struct ResponseFormat<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    json_schema: Option<Object<JsonSchema<'a>>>,
    /// With `json_object`: how llama.cpp, Together and Fireworks take a schema.
    schema: Option<&'a RawValue>,
    /// With `json_object`: how LiteLLM takes one.
    response_schema: Option<&'a RawValue>,
}

/// Gemini knows the schema only, and always holds to it, as `strict` asks (G17).
#[derive(Debug, Deserialize)]
pub(super) struct JsonSchema<'a> {
    #[serde(borrow)]
    schema: Option<&'a RawValue>,
    #[serde(rename = "name")]
    _name: Option<UnusedText>,
    #[serde(rename = "description")]
    _description: Option<UnusedText>,
    #[serde(rename = "strict")]
    _strict: Option<bool>,
}

/// # Errors
/// A [`Refusal`] whose path is relative to `response_format`.
pub(super) fn convert_format<'a>(
    format: &'a ResponseFormat<'_>,
) -> Result<OutputFormat<'a>, Refusal> {
    let found = match format.r#type.as_deref() {
        Some("text") => return Ok(OutputFormat::Text),
        Some("json_object") => match format.schema {
            Some(schema) => check_schema("schema", Some(schema))?,
            None => check_schema("response_schema", format.response_schema)?,
        },
        Some("json_schema") => match &format.json_schema {
            Some(json_schema) => check_schema("json_schema.schema", json_schema.schema)?,
            None => {
                return Err(Refusal::missing("json_schema", "an object with `schema`"));
            }
        },
        Some(kind) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "unknown type {}; use one of `text`, `json_object`, `json_schema`",
                    Quoted(kind)
                ),
            ));
        }
        None => {
            return Err(Refusal::missing(
                "type",
                "`text`, `json_object` or `json_schema`",
            ));
        }
    };
    Ok(found.map_or(OutputFormat::Json, |schema| {
        OutputFormat::Schema(Cow::Borrowed(schema))
    }))
}

fn check_schema<'a>(
    path: &str,
    schema: Option<&'a RawValue>,
) -> Result<Option<&'a RawValue>, Refusal> {
    if schema.is_some_and(|schema| !schema.get().starts_with('{')) {
        return Err(Refusal::new(
            Code::InvalidType,
            path,
            "expected an object: a JSON Schema",
        ));
    }
    Ok(schema)
}
