//! Whole answers to a `text_completion`.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{
    body::{Choice, Completion, FinishReason, OBJECT},
    logprobs::TextLogprobs,
};
use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault, Usage,
    answer::{Answer, AnsweredCandidate, CallReader, Output, code_text, logprobs},
    gemini::response::GenerateContentResponse,
    json::write_json,
};

/// Room for everything but the text, in bytes: envelope, ids and usage take about 600.
const ENVELOPE_BYTES: usize = 1024;

/// What of a request shows in its answer.
pub(super) struct Asked<'a> {
    /// In order.
    pub(super) prompts: Vec<&'a str>,
    /// How many answers each prompt gets, one after the other.
    pub(super) per_prompt: usize,
    pub(super) echo: bool,
}

impl<'a> Asked<'a> {
    /// What comes before the text of the answer with this position.
    pub(super) fn echo_of(&self, answer: usize) -> &'a str {
        let prompt = answer.checked_div(self.per_prompt).unwrap_or(0);
        let prompt = self.prompts.get(prompt).filter(|_| self.echo);
        prompt.copied().unwrap_or_default()
    }
}

/// Renders the answers of `generateContent`, one for each choice.
///
/// A refused prompt is an empty text (B1). What all answers cost is summed up.
///
/// # Errors
/// See [`Answer::read`]: whatever is wrong with one answer is wrong with all, because clients tell
/// prompts apart by the position of their choices.
pub(super) fn render(
    answers: &[&[u8]],
    asked: &Asked<'_>,
    calls: &mut CallReader,
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let responses: Vec<GenerateContentResponse<'_>> = answers
        .iter()
        .map(|body| GenerateContentResponse::parse(body))
        .collect::<Result<_, _>>()?;
    let answers: Vec<Answer<'_>> = responses
        .iter()
        .map(|response| Answer::read(response, calls))
        .collect::<Result<_, _>>()?;
    let first = answers.first().ok_or(UpstreamFault::Empty)?;
    let usages = answers.iter().map(|answer| answer.usage);
    let usage = usages.reduce(Usage::plus).unwrap_or_default();

    let mut choices: Vec<Choice<'_>> = Vec::new();
    for (position, answer) in answers.iter().enumerate() {
        let echo = asked.echo_of(position);
        choices.extend(answer.blocked.map(|_| blocked_choice(echo)));
        let candidates = answer.candidates.iter();
        choices.extend(candidates.map(|candidate| convert_candidate(candidate, echo)));
    }
    for (index, choice) in (0..).zip(&mut choices) {
        choice.index = index;
    }
    let texts: usize = choices.iter().map(|choice| choice.text.len()).sum();
    let id = meta.id("cmpl-", first.response_id);
    let completion = Completion {
        id: &id,
        object: OBJECT,
        created: meta.created_unix_s,
        model: &meta.model,
        system_fingerprint: first.model_version,
        choices,
        usage: usage.into(),
    };
    let mut body = Vec::with_capacity(texts + ENVELOPE_BYTES);
    write_json(&mut body, &completion);
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage,
        empty: answers.iter().all(|answer| answer.empty),
        signatures: Vec::new(),
    })
}

fn convert_candidate<'a>(candidate: &'a AnsweredCandidate<'_>, echo: &'a str) -> Choice<'a> {
    let mut text = Cow::Borrowed(echo);
    for said in &candidate.said {
        match &said.output {
            Output::Text(piece) if text.is_empty() => text = Cow::Borrowed(piece),
            Output::Text(piece) => text.to_mut().push_str(piece),
            output => {
                if let Some(code) = code_text(output) {
                    text.to_mut().push_str(&code);
                }
            }
        }
    }
    let tokens = candidate.notes.logprobs.map(logprobs::read);
    Choice {
        text,
        index: candidate.index,
        logprobs: TextLogprobs::of(tokens.unwrap_or_default(), &mut 0),
        finish_reason: Some(candidate.stopped.kind.into()),
    }
}

fn blocked_choice(echo: &str) -> Choice<'_> {
    Choice {
        text: Cow::Borrowed(echo),
        finish_reason: Some(FinishReason::ContentFilter),
        ..Choice::default()
    }
}
