//! A whole answer to a `chat.completion`.
//!
//! Tool calls, images, citations and log probabilities in it are not translated yet.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::response::{ChatCompletion, Choice, FinishReason, Message};
use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault,
    answer::{Answer, AnsweredCandidate, CallReader, Output, refusal_text},
    gemini::response::GenerateContentResponse,
    json::write_json,
};

/// Room for everything but the text, in bytes: envelope, ids and usage take about 500.
const ENVELOPE_BYTES: usize = 768;

/// Renders the answer of `generateContent`.
///
/// A blocked prompt is an answer, not a fault (B1): clients index `choices[0]`.
///
/// # Errors
/// See [`Answer::read`].
pub(super) fn render(
    answers: &[&[u8]],
    calls: &mut CallReader,
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let upstream = answers.first().copied().unwrap_or_default();
    let response = GenerateContentResponse::parse(upstream)?;
    let answer = Answer::read(&response, calls)?;
    let choices = match answer.blocked {
        Some(reason) => vec![blocked_choice(reason)],
        None => answer.candidates.iter().map(convert_candidate).collect(),
    };
    let id = meta.id("chatcmpl-", answer.response_id);
    let completion = ChatCompletion {
        id: &id,
        object: "chat.completion",
        created: meta.created_unix_s,
        model: &meta.model,
        choices,
        usage: answer.usage.into(),
    };
    let mut body = Vec::with_capacity(upstream.len() + ENVELOPE_BYTES);
    write_json(&mut body, &completion);
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage: answer.usage,
        empty: answer.empty,
        signatures: answer.signatures(),
    })
}

fn convert_candidate<'a>(candidate: &AnsweredCandidate<'a>) -> Choice<'a> {
    let mut content = Cow::Borrowed("");
    let mut thoughts = Cow::Borrowed("");
    for said in &candidate.said {
        match said.output {
            Output::Text(text) => append(&mut content, text),
            Output::Thought(text) => append(&mut thoughts, text),
            Output::Call(_)
            | Output::Media(_)
            | Output::Code { .. }
            | Output::CodeResult { .. }
            | Output::Nothing => {}
        }
    }
    Choice {
        index: candidate.index,
        message: Message {
            role: "assistant",
            content,
            reasoning_content: (!thoughts.is_empty()).then_some(thoughts),
            refusal: None,
        },
        logprobs: None,
        finish_reason: candidate.stopped.kind.into(),
    }
}

/// Borrows while there is one part, the usual case.
fn append<'a>(target: &mut Cow<'a, str>, text: &'a str) {
    if target.is_empty() {
        *target = Cow::Borrowed(text);
    } else {
        target.to_mut().push_str(text);
    }
}

fn blocked_choice(reason: &str) -> Choice<'static> {
    Choice {
        index: 0,
        message: Message {
            role: "assistant",
            content: Cow::Borrowed(""),
            reasoning_content: None,
            refusal: Some(Cow::Owned(refusal_text(reason))),
        },
        logprobs: None,
        finish_reason: FinishReason::ContentFilter,
    }
}
