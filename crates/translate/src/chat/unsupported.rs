//! Refuses what would change the meaning of an answer and is not translated yet.
//!
//! One place, so that supporting a feature starts with removing its lines here. Fields that are
//! ignored on purpose are listed in `request`.

use super::request::Fields;
use crate::invalid_request::{Code, Quoted, Refusal};

/// # Errors
/// The first field that asks for something unsupported. A field that asks for nothing (`null`, an
/// empty list, `"none"`, `false`, 0) passes.
pub(crate) fn refuse(fields: &Fields<'_>) -> Result<(), Refusal> {
    refuse_other_output(fields)?;
    refuse_choices(fields)?;
    refuse_penalties(fields)?;
    let present = [
        (
            "reasoning_effort",
            fields.reasoning_effort.is_some(),
            "setting the reasoning effort is",
        ),
        (
            "google",
            fields.google.is_some(),
            "Google's extra settings are",
        ),
        (
            "extra_body",
            fields.extra_body.is_some(),
            "extra settings are",
        ),
    ];
    refuse_present(&present)
}

fn refuse_present(fields: &[(&str, bool, &str)]) -> Result<(), Refusal> {
    match fields.iter().find(|(_, present, _)| *present) {
        Some((field, _, what)) => Err(Refusal::not_supported_yet(*field, what)),
        None => Ok(()),
    }
}

fn refuse_other_output(fields: &Fields<'_>) -> Result<(), Refusal> {
    if let Some(format) = &fields.response_format {
        match format.r#type.as_deref() {
            Some("text") => {}
            Some(kind @ ("json_object" | "json_schema")) => {
                return Err(Refusal::not_supported_yet(
                    "response_format",
                    format_args!("{} is", Quoted(kind)),
                ));
            }
            Some(kind) => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "response_format.type",
                    format_args!("unknown type {}; use `text`", Quoted(kind)),
                ));
            }
            None => {
                return Err(Refusal::new(
                    Code::MissingParameter,
                    "response_format.type",
                    "is required: `text`",
                ));
            }
        }
    }
    if let Some(modalities) = &fields.modalities
        && let Some((index, other)) = modalities
            .iter()
            .enumerate()
            .find(|(_, name)| &***name != "text")
    {
        return Err(Refusal::not_supported_yet(
            format!("modalities[{index}]"),
            format_args!("output as {} is", Quoted(other)),
        ));
    }
    refuse_present(&[
        ("audio", fields.audio.is_some(), "audio output is"),
        (
            "logprobs",
            fields.logprobs == Some(true),
            "log probabilities are",
        ),
        (
            "top_logprobs",
            fields.top_logprobs.is_some_and(|count| count != 0),
            "log probabilities are",
        ),
    ])
}

fn refuse_choices(fields: &Fields<'_>) -> Result<(), Refusal> {
    match fields.n {
        None | Some(1) => Ok(()),
        Some(count) if count < 1 => Err(Refusal::new(
            Code::InvalidValue,
            "n",
            format_args!("must be at least 1, not {count}"),
        )),
        // Gemini 3 refuses several candidates, and Gemini 2.5 refuses them in streams (G5).
        Some(_) => Err(Refusal::not_supported_yet(
            "n",
            "more than one choice per request is",
        )),
    }
}

/// Zero is what clients send by default; anything else fails on every current model (G8).
fn refuse_penalties(fields: &Fields<'_>) -> Result<(), Refusal> {
    for (field, value) in [
        ("presence_penalty", fields.presence_penalty),
        ("frequency_penalty", fields.frequency_penalty),
    ] {
        if value.is_some_and(|value| value != 0.0) {
            return Err(Refusal::new(
                Code::UnsupportedValue,
                field,
                "Gemini models accept no penalty; leave it out or set it to 0",
            ));
        }
    }
    Ok(())
}
