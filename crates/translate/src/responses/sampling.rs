//! Limits, sampling and service tier, checked (G1–G3, G10, G14).
//!
//! Numbers that the answer repeats are kept as JSON and read here.

use serde_json::value::RawValue;

use super::{request::Fields, settings::Included, settings::one_of};
use crate::{
    gemini::request::ServiceTier,
    invalid_request::{Code, Refusal},
    json::read_field,
    prompt::Sampling,
};

/// Most alternatives to a token that OpenAI and Gemini know of (G10).
const MAX_TOP_LOGPROBS: i64 = 20;

/// Converts what steers generation. There are no stop sequences in this API, and one candidate.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn convert_sampling<'a>(
    fields: &Fields<'_>,
    included: Included,
) -> Result<Sampling<'a>, Refusal> {
    check_top_logprobs(fields.top_logprobs)?;
    // Gemini is asked for them only if the answer will show them.
    let top_logprobs = u32::try_from(fields.top_logprobs.unwrap_or(0)).ok();
    Ok(Sampling {
        max_output_tokens: positive("max_output_tokens", fields.max_output_tokens)?,
        temperature: in_range("temperature", fields.temperature, 2.0)?,
        top_p: in_range("top_p", fields.top_p, 1.0)?,
        logprobs: top_logprobs.filter(|_| included.logprobs),
        ..Sampling::default()
    })
}

fn check_top_logprobs(count: Option<i64>) -> Result<(), Refusal> {
    match count {
        Some(count) if !(0..=MAX_TOP_LOGPROBS).contains(&count) => Err(Refusal::new(
            Code::InvalidValue,
            "top_logprobs",
            format_args!("must be between 0 and {MAX_TOP_LOGPROBS}, not {count}"),
        )),
        _ => Ok(()),
    }
}

/// At least 1, and at most what Gemini's int32 holds.
///
/// # Errors
/// A [`Refusal`] at `field` for less.
pub(super) fn positive(field: &str, value: Option<i64>) -> Result<Option<u32>, Refusal> {
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

fn in_range(field: &str, value: Option<&RawValue>, max: f64) -> Result<Option<f64>, Refusal> {
    let Some(value) = value else {
        return Ok(None);
    };
    let value: f64 = read_field(field, value)?;
    if (0.0..=max).contains(&value) {
        return Ok(Some(value));
    }
    Err(Refusal::new(
        Code::InvalidValue,
        field,
        format_args!("must be between 0 and {max}, not {value}"),
    ))
}

/// All tiers that OpenAI defines.
const TIERS: &[&str] = &[
    "auto",
    "default",
    "flex",
    "scale",
    "priority",
    "fast",
    "ultrafast",
];

/// `auto` and `default` are what Gemini does unasked, and `scale` has no counterpart (G14).
///
/// # Errors
/// A [`Refusal`] for a tier that OpenAI does not define.
pub(super) fn convert_service_tier(tier: Option<&str>) -> Result<Option<ServiceTier>, Refusal> {
    let tier = one_of("service_tier", tier, TIERS)?;
    Ok(match tier {
        Some("flex") => Some(ServiceTier::Flex),
        Some("priority" | "fast" | "ultrafast") => Some(ServiceTier::Priority),
        _ => None,
    })
}
