//! A whole Gemini answer to a `chat.completion`.
//!
//! Tool calls, images, citations and log probabilities in it are not translated yet.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::{
    AnswerMeta, UnaryAnswer, UpstreamFault, Usage,
    blocked_prompt::{block_reason, refusal_text},
    finish_reason::{Conclusion, Finish},
    gemini::response::{Candidate, GenerateContentResponse},
    json::write_json,
    openai::{AnswerMessage, ChatCompletion, Choice, FinishReason},
    shown::{Output, Shown},
};

/// Room for everything but the text, in bytes: envelope, ids and usage take about 500.
const ENVELOPE_BYTES: usize = 768;

/// Translates the body of a `generateContent` answer with HTTP status 200.
///
/// A blocked prompt is an answer, not a fault (B1): clients index `choices[0]`.
///
/// # Errors
/// Every [`UpstreamFault`] but `EventTooLarge`. `Empty` means that there was no candidate and no
/// reason (B3); a candidate that said nothing is an answer with
/// [`empty`](UnaryAnswer::empty) set.
pub fn chat_from_gemini(
    upstream_body: &[u8],
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let response = GenerateContentResponse::parse(upstream_body)?;
    let usage = response
        .usage_metadata
        .as_ref()
        .and_then(Usage::from_gemini)
        .unwrap_or_default();
    let (choices, empty) = convert_choices(&response)?;

    let id = meta.completion_id(response.response_id.as_deref());
    let completion = ChatCompletion {
        id: &id,
        object: "chat.completion",
        created: meta.created_unix_s,
        model: &meta.model,
        choices,
        usage: usage.into(),
    };
    let mut body = Vec::with_capacity(upstream_body.len() + ENVELOPE_BYTES);
    write_json(&mut body, &completion);
    Ok(UnaryAnswer { body, usage, empty })
}

/// The choices, and whether none of them says anything.
fn convert_choices<'a>(
    response: &'a GenerateContentResponse<'_>,
) -> Result<(Vec<Choice<'a>>, bool), UpstreamFault> {
    let candidates = response.candidates.as_deref().unwrap_or_default();
    if candidates.is_empty() {
        return match block_reason(response) {
            Some(reason) => Ok((vec![blocked_choice(reason)], false)),
            None => Err(UpstreamFault::Empty),
        };
    }

    let mut choices = Vec::with_capacity(candidates.len());
    let mut silent = 0_usize;
    let mut fault = None;
    for candidate in candidates {
        let (message, shown) = convert_candidate(candidate);
        let finish = Finish::of(candidate).unwrap_or_else(Finish::unspecified);
        let finish_reason = match finish.conclude(shown) {
            Conclusion::Finished(reason) => reason,
            Conclusion::Silent => {
                silent += 1;
                FinishReason::Stop
            }
            Conclusion::Unusable(reason) => {
                fault = Some(reason);
                continue;
            }
        };
        let index = candidate.index.unwrap_or(0);
        choices.push(Choice {
            index,
            message,
            logprobs: None,
            finish_reason,
        });
    }
    match fault {
        // One that went wrong beside others that did not is left out, as if it had not been made.
        Some(fault) if choices.is_empty() => Err(fault),
        _ => {
            let all_silent = silent == choices.len();
            Ok((choices, all_silent))
        }
    }
}

fn convert_candidate<'a>(candidate: &'a Candidate<'_>) -> (AnswerMessage<'a>, Shown) {
    let mut content = Cow::Borrowed("");
    let mut thoughts = Cow::Borrowed("");
    let mut shown = Shown::default();
    for part in candidate.parts() {
        match shown.take(part) {
            Some(Output::Answer(text)) => append(&mut content, text),
            Some(Output::Thought(text)) => append(&mut thoughts, text),
            None => {}
        }
    }
    let message = AnswerMessage {
        role: "assistant",
        content,
        reasoning_content: (!thoughts.is_empty()).then_some(thoughts),
        refusal: None,
    };
    (message, shown)
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
        message: AnswerMessage {
            role: "assistant",
            content: Cow::Borrowed(""),
            reasoning_content: None,
            refusal: Some(Cow::Owned(refusal_text(reason))),
        },
        logprobs: None,
        finish_reason: FinishReason::ContentFilter,
    }
}
