//! Generation parameters, checked (G1–G14).
//!
//! Penalties are checked and go no further: no current model takes one, and to most clients they are
//! a taste rather than a need (G8).

use super::request::Fields;
use crate::{
    gemini::request::ServiceTier,
    invalid_request::{Code, Quoted, Refusal},
    parameters::{PENALTIES, in_range, positive, wrap_seed},
    prompt::Sampling,
};

/// Most choices of one request: as many candidates as Gemini 2.5 makes (G5). Where each costs a call,
/// this is also the most that one request may cause.
const MAX_CHOICES: i64 = 8;

/// Most alternatives to a token, of OpenAI's as of Gemini's (G10).
const MAX_TOP_LOGPROBS: i64 = 20;

/// Converts what steers generation.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn convert_sampling<'a>(fields: &'a Fields<'_>) -> Result<Sampling<'a>, Refusal> {
    let newer = positive("max_completion_tokens", fields.max_completion_tokens)?;
    let older = positive("max_tokens", fields.max_tokens)?;
    in_range("presence_penalty", fields.presence_penalty, PENALTIES)?;
    in_range("frequency_penalty", fields.frequency_penalty, PENALTIES)?;
    Ok(Sampling {
        max_output_tokens: newer.or(older),
        temperature: in_range("temperature", fields.temperature, 0.0..=2.0)?,
        top_p: in_range("top_p", fields.top_p, 0.0..=1.0)?,
        top_k: positive("top_k", fields.top_k)?,
        stop: fields
            .stop
            .as_ref()
            .map(|stop| stop.sequences())
            .unwrap_or_default(),
        seed: fields.seed.map(wrap_seed),
        candidates: convert_choices(fields.n)?,
        logprobs: convert_logprobs(fields)?,
    })
}

/// One choice is what everybody gets unasked (G5).
fn convert_choices(count: Option<i64>) -> Result<Option<u32>, Refusal> {
    let count = in_range("n", count, 1..=MAX_CHOICES)?;
    let count = count.and_then(|count| u32::try_from(count).ok());
    Ok(count.filter(|count| *count > 1))
}

fn convert_logprobs(fields: &Fields<'_>) -> Result<Option<u32>, Refusal> {
    let top = in_range("top_logprobs", fields.top_logprobs, 0..=MAX_TOP_LOGPROBS)?.unwrap_or(0);
    if fields.logprobs == Some(true) {
        return Ok(u32::try_from(top).ok());
    }
    if top > 0 {
        return Err(Refusal::new(
            Code::InvalidValue,
            "top_logprobs",
            "needs `logprobs` to be true",
        ));
    }
    Ok(None)
}

/// `auto` is what Gemini does unasked, and `scale` has no counterpart (G14).
///
/// # Errors
/// A [`Refusal`] for a tier that OpenAI does not define.
pub(super) fn convert_service_tier(fields: &Fields<'_>) -> Result<Option<ServiceTier>, Refusal> {
    match fields.service_tier.as_deref() {
        None | Some("auto" | "scale") => Ok(None),
        Some("default") => Ok(Some(ServiceTier::Standard)),
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
