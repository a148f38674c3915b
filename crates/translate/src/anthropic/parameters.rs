//! Generation parameters, checked (G1–G6, G17).

use std::borrow::Cow;

use super::{request::Fields, thinking::OutputFormat as Format};
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    prompt::{OutputFormat, Sampling},
};

/// Converts what steers generation.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn convert_sampling<'a>(fields: &'a Fields<'_>) -> Result<Sampling<'a>, Refusal> {
    let stop = fields.stop_sequences.as_deref().unwrap_or_default();
    // Empty strings would stop every answer at once and are dropped (G6).
    let stop = stop.iter().filter(|text| !text.is_empty());
    Ok(Sampling {
        max_output_tokens: max_tokens(fields.max_tokens)?,
        temperature: unit("temperature", fields.temperature)?,
        top_p: unit("top_p", fields.top_p)?,
        top_k: top_k(fields.top_k)?,
        stop: stop.map(|text| Cow::Borrowed(&**text)).collect(),
        seed: None,
        candidates: None,
        logprobs: None,
    })
}

/// Anthropic's tiers choose between priority and standard, which is what Gemini does unasked (G14).
///
/// # Errors
/// A [`Refusal`] for a tier that Anthropic does not define.
pub(super) fn check_service_tier(fields: &Fields<'_>) -> Result<(), Refusal> {
    match fields.service_tier.as_deref() {
        None | Some("auto" | "standard_only") => Ok(()),
        Some(tier) => Err(Refusal::new(
            Code::InvalidValue,
            "service_tier",
            format_args!(
                "unknown tier {}; use `auto` or `standard_only`",
                Quoted(tier)
            ),
        )),
    }
}

/// Converts `output_config.format`, and `output_format`, its older place (G17).
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn convert_format<'a>(fields: &'a Fields<'_>) -> Result<OutputFormat<'a>, Refusal> {
    let config = fields.output_config.as_ref();
    let (format, path) = match config.and_then(|config| config.format.as_ref()) {
        Some(format) => (Some(format), "output_config.format"),
        None => (fields.output_format.as_ref(), "output_format"),
    };
    match format {
        None => Ok(OutputFormat::Text),
        Some(format) => read_format(format).map_err(|refusal| refusal.within(path)),
    }
}

fn read_format<'a>(format: &'a Format<'_>) -> Result<OutputFormat<'a>, Refusal> {
    match format.r#type.as_deref() {
        Some("json_schema") => {}
        Some(kind) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!("unknown type {}; use `json_schema`", Quoted(kind)),
            ));
        }
        None => return Err(Refusal::missing("type", "`json_schema`")),
    }
    match format.schema {
        None => Err(Refusal::missing("schema", "a JSON Schema")),
        Some(schema) if !schema.get().starts_with('{') => Err(Refusal::new(
            Code::InvalidType,
            "schema",
            "expected an object",
        )),
        Some(schema) => Ok(OutputFormat::Schema(Cow::Borrowed(schema))),
    }
}

/// At least 1, and at most what Gemini's int32 holds. Anthropic takes 0 to warm its cache, which
/// Gemini has no way of.
fn max_tokens(value: Option<i64>) -> Result<Option<u32>, Refusal> {
    match value {
        Some(value) if value < 1 => Err(Refusal::new(
            Code::InvalidValue,
            "max_tokens",
            format_args!("must be at least 1, not {value}"),
        )),
        Some(value) => Ok(u32::try_from(value.min(i64::from(i32::MAX))).ok()),
        None => Ok(None),
    }
}

/// 0 is no limit.
fn top_k(value: Option<i64>) -> Result<Option<u32>, Refusal> {
    match value {
        Some(value) if value < 0 => Err(Refusal::new(
            Code::InvalidValue,
            "top_k",
            format_args!("must be at least 0, not {value}"),
        )),
        Some(value) if value > 0 => Ok(u32::try_from(value.min(i64::from(i32::MAX))).ok()),
        _ => Ok(None),
    }
}

fn unit(field: &str, value: Option<f64>) -> Result<Option<f64>, Refusal> {
    match value {
        Some(value) if !(0.0..=1.0).contains(&value) => Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!("must be between 0 and 1, not {value}"),
        )),
        value => Ok(value),
    }
}
