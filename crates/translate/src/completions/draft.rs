//! A completion request to drafts, one for each prompt, and the checks that make that possible.

#[cfg(test)]
mod tests;

use super::request::Fields;
use crate::{
    gemini::request::{Content, Part},
    invalid_request::{Code, Refusal},
    parameters::{PENALTIES, in_range, positive, wrap_seed},
    prompt::{Draft, Sampling},
};

/// Most completions of one prompt, as of one chat (G5): each is a call to Gemini.
const MAX_COMPLETIONS: i64 = 8;

/// Most choices of one answer, so that one request cannot spend a pool's limits: as many as there may
/// be prompts.
const MAX_CHOICES: usize = super::prompt::MAX_PROMPTS;

/// What OpenAI takes for `logprobs`.
const MAX_LOGPROBS: i64 = 5;

/// Checks all fields.
///
/// # Errors
/// The first that is wrong, or that asks for what cannot be had.
pub(super) fn check(fields: &Fields<'_>) -> Result<(), Refusal> {
    let prompts = prompts(fields)?.len();
    let per_prompt = per_prompt(fields)?;
    if prompts.saturating_mul(per_prompt) > MAX_CHOICES {
        return Err(Refusal::new(
            Code::InvalidValue,
            "n",
            format_args!(
                "{prompts} prompts with {per_prompt} completions each are too many; at most {MAX_CHOICES} can be had together"
            ),
        ));
    }
    if fields.streams() {
        let alone = "in a stream; send the request without `stream`, or several times";
        if prompts > 1 {
            let problem = format!("must hold one text {alone}");
            return Err(Refusal::new(Code::UnsupportedValue, "prompt", problem));
        }
        if per_prompt > 1 {
            let problem = format!("must be 1 {alone}");
            return Err(Refusal::new(Code::UnsupportedValue, "n", problem));
        }
    }
    if fields
        .suffix
        .as_ref()
        .is_some_and(|suffix| !suffix.is_empty())
    {
        return Err(Refusal::new(
            Code::UnsupportedParameter,
            "suffix",
            "text cannot be inserted before another; ask for that in the prompt",
        ));
    }
    if fields.echoes() && fields.logprobs.is_some() {
        return Err(Refusal::new(
            Code::UnsupportedValue,
            "logprobs",
            "cannot be had of a prompt, so not together with `echo`",
        ));
    }
    sampling(fields).map(|_| ())
}

/// The prompts, at least one.
///
/// # Errors
/// See [`Prompt::texts`](super::prompt::Prompt::texts); a missing prompt too, since the end of a
/// document, which it stands for at OpenAI's, is nothing that Gemini could go on with.
pub(super) fn prompts<'a>(fields: &'a Fields<'_>) -> Result<Vec<&'a str>, Refusal> {
    match &fields.prompt {
        Some(prompt) => prompt.texts(),
        None => Err(Refusal::missing(
            "prompt",
            "a string, or an array of strings",
        )),
    }
}

/// How many completions each prompt gets.
///
/// # Errors
/// A [`Refusal`] for numbers out of range.
pub(super) fn per_prompt(fields: &Fields<'_>) -> Result<usize, Refusal> {
    let count = in_range("n", fields.n, 1..=MAX_COMPLETIONS)?.unwrap_or(1);
    // The best of several is as good as any other here, so it is not looked for.
    let best_of = positive("best_of", fields.best_of)?;
    if best_of.is_some_and(|best_of| i64::from(best_of) < count) {
        return Err(Refusal::new(
            Code::InvalidValue,
            "best_of",
            format_args!("must not be less than `n`, which is {count}"),
        ));
    }
    Ok(usize::try_from(count).unwrap_or(1))
}

/// What Gemini is asked for one prompt.
///
/// # Errors
/// A [`Refusal`] that names the parameter.
pub(super) fn draft<'a>(fields: &'a Fields<'_>, prompt: &'a str) -> Result<Draft<'a>, Refusal> {
    let turns = match prompt {
        "" => Vec::new(),
        prompt => vec![Content::user(vec![Part::text(prompt)])],
    };
    Ok(Draft {
        turns,
        sampling: sampling(fields)?,
        ..Draft::default()
    })
}

/// OpenAI's limit of 16 tokens where `max_tokens` is left out is not kept: a model that thinks would
/// have used it up before its first word.
fn sampling<'a>(fields: &'a Fields<'_>) -> Result<Sampling<'a>, Refusal> {
    in_range("frequency_penalty", fields.frequency_penalty, PENALTIES)?;
    in_range("presence_penalty", fields.presence_penalty, PENALTIES)?;
    let logprobs = in_range("logprobs", fields.logprobs, 0..=MAX_LOGPROBS)?;
    Ok(Sampling {
        max_output_tokens: positive("max_tokens", fields.max_tokens)?,
        temperature: in_range("temperature", fields.temperature, 0.0..=2.0)?,
        top_p: in_range("top_p", fields.top_p, 0.0..=1.0)?,
        stop: fields
            .stop
            .as_ref()
            .map(|stop| stop.sequences())
            .unwrap_or_default(),
        seed: fields.seed.map(wrap_seed),
        logprobs: logprobs.and_then(|count| u32::try_from(count).ok()),
        ..Sampling::default()
    })
}
