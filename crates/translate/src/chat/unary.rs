//! Whole answers to a `chat.completion`.
//!
//! It puts choices together; each is made in `choice`.

#[cfg(test)]
mod tests;

use super::{
    choice::{blocked_choice, convert_candidate},
    response::{ChatCompletion, Choice},
    style::Style,
};
use crate::{
    AnswerMeta, JSON, ServedTier, UnaryAnswer, UpstreamFault, Usage,
    answer::{Answer, CallReader},
    gemini::response::GenerateContentResponse,
    json::write_json,
};

/// Room for everything but what Gemini said, in bytes: envelope, ids and usage take about 800.
const ENVELOPE_BYTES: usize = 1024;

/// Renders the answers of `generateContent`: one, or those of several calls that were made for one
/// request with `n`.
///
/// A blocked prompt is an answer, not a fault (B1): clients index `choices[0]`. Of several answers
/// the choices are numbered in order, and what all of them cost is summed up, also of those left
/// out: unlike OpenAI's, the prompt counts as often as it was sent.
///
/// # Errors
/// Of one answer, see [`Answer::read`]. Of several, one in which the model went wrong or said
/// nothing is left out as long as there is another; a broken one breaks all.
pub(super) fn render(
    answers: &[&[u8]],
    calls: &mut CallReader,
    meta: &AnswerMeta,
    style: &Style,
) -> Result<UnaryAnswer, UpstreamFault> {
    let responses: Vec<GenerateContentResponse<'_>> = answers
        .iter()
        .map(|body| GenerateContentResponse::parse(body))
        .collect::<Result<_, _>>()?;
    let several = responses.len() > 1;
    let upstream_bytes: usize = answers.iter().map(|body| body.len()).sum();
    let answers = read_all(&responses, calls)?;
    let first = answers.first().ok_or(UpstreamFault::Empty)?;
    let usage = responses
        .iter()
        .filter_map(|response| Usage::from_gemini(response.usage_metadata.as_ref()?))
        .reduce(Usage::plus)
        .unwrap_or_default();

    let mut choices: Vec<Choice<'_>> = Vec::new();
    for answer in &answers {
        choices.extend(answer.blocked.map(blocked_choice));
        let candidates = answer.candidates.iter();
        choices.extend(candidates.map(|candidate| convert_candidate(candidate, meta, style)));
    }
    if several {
        for (index, choice) in (0..).zip(&mut choices) {
            choice.index = index;
        }
    }
    let id = meta.id("chatcmpl-", first.response_id);
    let completion = ChatCompletion {
        id: &id,
        object: "chat.completion",
        created: meta.created_unix_s,
        model: &meta.model,
        service_tier: usage.tier.map(ServedTier::openai_name),
        system_fingerprint: first.model_version,
        choices,
        usage: usage.into(),
    };
    let mut body = Vec::with_capacity(upstream_bytes + ENVELOPE_BYTES);
    write_json(&mut body, &completion);
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage,
        empty: answers.iter().all(|answer| answer.empty),
        signatures: answers.iter().flat_map(Answer::signatures).collect(),
    })
}

/// The answers that can be shown, at least one.
fn read_all<'a>(
    responses: &'a [GenerateContentResponse<'a>],
    calls: &mut CallReader,
) -> Result<Vec<Answer<'a>>, UpstreamFault> {
    let mut answers = Vec::with_capacity(responses.len());
    let mut first_fault = None;
    for response in responses {
        match Answer::read(response, calls) {
            Ok(answer) => answers.push(answer),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    match first_fault {
        Some(fault) if answers.is_empty() => Err(fault),
        _ => Ok(answers),
    }
}
