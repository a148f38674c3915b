//! Turns the content of an answer into what the asked-for shape sends.
//!
//! It does not choose the content.

mod beats;
mod usage;

use std::time::Duration;

use bytes::Bytes;

use self::beats::{Beat, beats};
use self::usage::Totals;
use crate::fault;
use crate::model_traits::ModelTraits;
use crate::render::{self, ARRAY_END};
use crate::reply::{Reply, Shape};
use crate::script::Answer;
use crate::wire::part::{Data, Part};
use crate::wire::{Candidate, Content, GenerateContentResponse, ModalityCount, PromptFeedback};

/// What an answer says about its request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) model: ModelTraits<'a>,
    pub(crate) response_id: &'a str,
    /// Used where the answer does not give its own.
    pub(crate) prompt: &'a [ModalityCount],
    pub(crate) service_tier: &'a str,
    /// What ids of calls and signatures follow from.
    pub(crate) seed: u64,
}

/// The reply of a generating method.
pub(crate) fn reply(answer: &Answer, envelope: Envelope<'_>, shape: Shape) -> Reply {
    let delay = Duration::from_millis(answer.delay_ms);
    let mut reply = match shape {
        Shape::Unary => Reply::document(render::document(&unary(answer, envelope))),
        Shape::Events => {
            let events = events(answer, envelope);
            Reply::stream(shape, events.iter().map(render::event), delay)
        }
        Shape::Array => Reply::stream(shape, array(&events(answer, envelope)), delay),
    };
    if answer.chunk_bytes > 0 {
        fault::cut(&mut reply, answer.chunk_bytes, delay);
    }
    reply
}

/// The elements of an array, its end with the last one.
fn array(events: &[GenerateContentResponse]) -> Vec<Bytes> {
    let elements = events.iter().enumerate();
    let mut pieces: Vec<Bytes> = elements
        .map(|(index, event)| render::element(event, index == 0))
        .collect();
    if let Some(last) = pieces.last_mut() {
        *last = [&last[..], ARRAY_END].concat().into();
    }
    pieces
}

/// The first candidate and those after it.
fn candidates(answer: &Answer) -> impl Iterator<Item = &Answer> {
    std::iter::once(answer).chain(&answer.candidates)
}

/// One event per beat, all candidates that have it in it, totals growing; the last beat of a
/// candidate carries its end.
fn events(answer: &Answer, envelope: Envelope<'_>) -> Vec<GenerateContentResponse> {
    if answer.block_reason.is_some() {
        return vec![unary(answer, envelope)];
    }
    let mut totals = Totals::of_prompt(answer, envelope);
    let mut scores: Vec<(&Answer, Vec<Beat>)> = candidates(answer)
        .map(|answer| (answer, beats(answer, envelope.model, envelope.seed)))
        .collect();
    let length = scores.iter().map(|(_, beats)| beats.len()).max();
    let mut events = Vec::new();
    for at in 0..length.unwrap_or_default() {
        let mut now = Vec::new();
        for (index, (answer, beats)) in scores.iter_mut().enumerate() {
            let is_last = at + 1 == beats.len();
            let Some(beat) = beats.get_mut(at) else {
                continue;
            };
            for part in &beat.parts {
                totals.add(part);
            }
            let mut candidate = candidate(index, std::mem::take(&mut beat.parts));
            if is_last {
                end(&mut candidate, answer);
                if !answer.calls.is_empty() && envelope.model.is_gemini_3() {
                    // Said by unary answers of Gemini 3 only (recorded).
                    candidate.finish_message.clone_from(&answer.finish_message);
                }
            } else if beat.is_end {
                candidate.finish_reason = Some("STOP".to_owned());
            }
            now.push(candidate);
        }
        events.push(response(now, &totals, envelope));
    }
    events
}

/// The whole answer in one document.
fn unary(answer: &Answer, envelope: Envelope<'_>) -> GenerateContentResponse {
    let mut totals = Totals::of_prompt(answer, envelope);
    if let Some(block_reason) = &answer.block_reason {
        let mut blocked = response(Vec::new(), &totals, envelope);
        blocked.prompt_feedback = Some(PromptFeedback {
            block_reason: block_reason.clone(),
        });
        return blocked;
    }
    let mut all = Vec::new();
    for (index, answer) in candidates(answer).enumerate() {
        let mut parts: Vec<Part> = Vec::new();
        let beats = beats(answer, envelope.model, envelope.seed);
        for part in beats.into_iter().flat_map(|beat| beat.parts) {
            totals.add(&part);
            join(&mut parts, part);
        }
        let mut candidate = candidate(index, parts);
        end(&mut candidate, answer);
        all.push(candidate);
    }
    totals.settle();
    response(all, &totals, envelope)
}

/// The pieces of a stream are one part when not streamed.
fn join(parts: &mut Vec<Part>, part: Part) {
    let Data::Text(text) = &part.data else {
        return parts.push(part);
    };
    match parts.last_mut() {
        Some(Part {
            data: Data::Text(before),
            thought,
            thought_signature: signature @ None,
        }) if *thought == part.thought => {
            before.push_str(text);
            *signature = part.thought_signature;
        }
        // What ends a stream after calls.
        Some(_) if text.is_empty() && part.thought_signature.is_none() => {}
        _ => parts.push(part),
    }
}

fn candidate(index: usize, parts: Vec<Part>) -> Candidate {
    let content = (!parts.is_empty()).then_some(Content {
        parts,
        role: "model",
    });
    Candidate {
        content,
        finish_reason: None,
        index,
        finish_message: None,
        grounding_metadata: None,
        url_context_metadata: None,
        logprobs_result: None,
    }
}

/// What comes with the end of a candidate.
fn end(candidate: &mut Candidate, answer: &Answer) {
    candidate.finish_reason.clone_from(&answer.finish_reason);
    candidate.finish_message.clone_from(&answer.finish_message);
    if !answer.calls.is_empty() && candidate.finish_message.is_none() {
        candidate.finish_message = Some("Model generated function call(s).".to_owned());
    }
    candidate.grounding_metadata.clone_from(&answer.grounding);
    candidate
        .url_context_metadata
        .clone_from(&answer.url_context);
    candidate.logprobs_result.clone_from(&answer.logprobs);
}

fn response(
    candidates: Vec<Candidate>,
    totals: &Totals<'_>,
    envelope: Envelope<'_>,
) -> GenerateContentResponse {
    GenerateContentResponse {
        candidates,
        prompt_feedback: None,
        usage_metadata: totals.usage(),
        model_version: envelope.model.name.to_owned(),
        response_id: envelope.response_id.to_owned(),
    }
}

#[cfg(test)]
mod tests;
