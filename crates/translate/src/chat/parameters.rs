//! Generation parameters, checked (G1–G14).
//!
//! Parameters that are refused or ignored never get here.

use std::borrow::Cow;

use super::request::{Fields, Stop};
use crate::{
    gemini::request::ServiceTier,
    invalid_request::{Code, Quoted, Refusal},
    prompt::Sampling,
};

/// Converts what steers generation.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn convert_sampling<'a>(fields: &'a Fields<'_>) -> Result<Sampling<'a>, Refusal> {
    let newer = positive("max_completion_tokens", fields.max_completion_tokens)?;
    let older = positive("max_tokens", fields.max_tokens)?;
    Ok(Sampling {
        max_output_tokens: newer.or(older),
        temperature: in_range("temperature", fields.temperature, 2.0)?,
        top_p: in_range("top_p", fields.top_p, 1.0)?,
        top_k: positive("top_k", fields.top_k)?,
        stop: fields.stop.as_ref().map(convert_stop).unwrap_or_default(),
        seed: fields.seed.map(wrap_seed),
        candidates: None,
        logprobs: None,
    })
}

/// At least 1, and at most what Gemini's int32 holds.
fn positive(field: &str, value: Option<i64>) -> Result<Option<u32>, Refusal> {
    let Some(value) = value else {
        return Ok(None);
    };
    if value < 1 {
        return Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!("must be at least 1, not {value}"),
        ));
    }
    Ok(u32::try_from(value.min(i64::from(i32::MAX))).ok())
}

fn in_range(field: &str, value: Option<f64>, max: f64) -> Result<Option<f64>, Refusal> {
    match value {
        Some(value) if !(0.0..=max).contains(&value) => Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!("must be between 0 and {max}, not {value}"),
        )),
        value => Ok(value),
    }
}

/// Empty strings would stop every answer at once and are dropped (G6).
fn convert_stop<'a>(stop: &'a Stop<'_>) -> Vec<Cow<'a, str>> {
    let list: Vec<&str> = match stop {
        Stop::One(text) => vec![text],
        Stop::Many(list) => list.iter().map(|text| &**text).collect(),
    };
    let list = list.into_iter().filter(|text| !text.is_empty());
    list.map(Cow::Borrowed).collect()
}

/// The low 32 bits: equal seeds stay equal, which is all that a seed promises (G7).
fn wrap_seed(seed: i64) -> i32 {
    let [a, b, c, d, ..] = seed.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// `auto` and `default` are what Gemini does unasked, and `scale` has no counterpart (G14).
///
/// # Errors
/// A [`Refusal`] for a tier that OpenAI does not define.
pub(super) fn convert_service_tier(fields: &Fields<'_>) -> Result<Option<ServiceTier>, Refusal> {
    match fields.service_tier.as_deref() {
        None | Some("auto" | "default" | "scale") => Ok(None),
        Some("flex") => Ok(Some(ServiceTier::Flex)),
        Some("priority" | "fast") => Ok(Some(ServiceTier::Priority)),
        Some(tier) => Err(Refusal::new(
            Code::InvalidValue,
            "service_tier",
            format_args!(
                "unknown tier {}; use one of `auto`, `default`, `flex`, `priority`",
                Quoted(tier)
            ),
        )),
    }
}
