//! Limits, sampling and service tier, checked (G1–G3, G10, G14).
//!
//! Numbers that the answer repeats are kept as JSON and read here.

use std::ops::RangeInclusive;

use serde_json::value::RawValue;

use super::{request::Fields, settings::Included, settings::one_of};
use crate::{
    gemini::request::ServiceTier,
    invalid_request::Refusal,
    json::read_field,
    parameters::{in_range, positive},
    prompt::Sampling,
};

/// Alternatives to a token that OpenAI and Gemini know of (G10).
const TOP_LOGPROBS: RangeInclusive<i64> = 0..=20;

/// Converts what steers generation. There are no stop sequences in this API, and one candidate.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn convert_sampling<'a>(
    fields: &Fields<'_>,
    included: Included,
) -> Result<Sampling<'a>, Refusal> {
    let top_logprobs = in_range("top_logprobs", fields.top_logprobs, TOP_LOGPROBS)?;
    // Gemini is asked for them only if the answer will show them.
    let logprobs = u32::try_from(top_logprobs.unwrap_or(0)).ok();
    Ok(Sampling {
        max_output_tokens: positive("max_output_tokens", fields.max_output_tokens)?,
        temperature: in_range(
            "temperature",
            number("temperature", fields.temperature)?,
            0.0..=2.0,
        )?,
        top_p: in_range("top_p", number("top_p", fields.top_p)?, 0.0..=1.0)?,
        logprobs: logprobs.filter(|_| included.logprobs),
        ..Sampling::default()
    })
}

fn number(field: &str, value: Option<&RawValue>) -> Result<Option<f64>, Refusal> {
    value.map(|value| read_field(field, value)).transpose()
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
