//! Generation parameters to `generationConfig`, `serviceTier` and `store` (G1–G14).
//!
//! Parameters that are refused or ignored never get here.

use crate::{
    gemini::request::{GenerationConfig, ServiceTier},
    invalid_request::{Code, Quoted, Refusal},
    model_capabilities::{ModelCapabilities, Sampling},
    openai::{ChatRequest, Stop},
};

/// Converts what steers generation.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(crate) fn convert_generation_config<'a>(
    request: &'a ChatRequest<'_>,
    capabilities: ModelCapabilities,
) -> Result<GenerationConfig<'a>, Refusal> {
    let fields = request.fields();
    let temperature = in_range("temperature", fields.temperature, 2.0)?;
    // Some models refuse 0, and sampling from nothing means nothing (G3).
    let top_p = in_range("top_p", fields.top_p, 1.0)?.filter(|value| *value > 0.0);
    let top_k = positive("top_k", fields.top_k)?;
    let sampled = capabilities.sampling == Sampling::Accepted;
    Ok(GenerationConfig {
        max_output_tokens: convert_max_tokens(request, capabilities)?,
        temperature: temperature.filter(|_| sampled),
        top_p: top_p.filter(|_| sampled),
        top_k: top_k.filter(|_| sampled),
        stop_sequences: fields.stop.as_ref().map(convert_stop).unwrap_or_default(),
        seed: fields.seed.map(wrap_seed),
    })
}

/// Asking for more than the model can give is not an error to OpenAI, but an opaque one to Gemini,
/// so it is clamped (G1).
fn convert_max_tokens(
    request: &ChatRequest<'_>,
    capabilities: ModelCapabilities,
) -> Result<Option<u32>, Refusal> {
    let fields = request.fields();
    let newer = positive("max_completion_tokens", fields.max_completion_tokens)?;
    let older = positive("max_tokens", fields.max_tokens)?;
    let limit = capabilities.output_tokens.map(|limits| {
        if request.stream() {
            limits.streaming
        } else {
            limits.unary
        }
    });
    Ok(newer
        .or(older)
        .map(|tokens| tokens.min(limit.unwrap_or(u32::MAX))))
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
fn convert_stop<'a>(stop: &'a Stop<'_>) -> Vec<&'a str> {
    let list: Vec<&str> = match stop {
        Stop::One(text) => vec![text],
        Stop::Many(list) => list.iter().map(|text| &**text).collect(),
    };
    list.into_iter().filter(|text| !text.is_empty()).collect()
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
pub(crate) fn convert_service_tier(
    request: &ChatRequest<'_>,
) -> Result<Option<ServiceTier>, Refusal> {
    match request.fields().service_tier.as_deref() {
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
