//! Turns the content of an answer into what the asked-for shape sends.
//!
//! It does not choose the content.

use std::time::Duration;

use bytes::Bytes;

use crate::fault;
use crate::render::{self, ARRAY_END};
use crate::reply::{Reply, Shape};
use crate::script::Answer;
use crate::wire::{
    Candidate, Content, GenerateContentResponse, ModalityCount, Part, PromptFeedback, UsageMetadata,
};

/// What an answer says about its request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) model: &'a str,
    pub(crate) response_id: &'a str,
    /// Used where the answer does not give its own.
    pub(crate) prompt_tokens: u64,
}

/// Tokens of a text, as coarse as Google's own rule of thumb: 4 characters each.
pub(crate) fn estimate_tokens(text: &str) -> u64 {
    text.chars().count().div_ceil(4) as u64
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

/// One event per thought and per text, totals growing; the last one carries the finish reason.
fn events(answer: &Answer, envelope: Envelope<'_>) -> Vec<GenerateContentResponse> {
    if answer.block_reason.is_some() {
        return vec![unary(answer, envelope)];
    }
    let mut totals = Totals::of_prompt(answer, envelope);
    let thoughts = answer.thoughts.iter().map(|text| (text, true));
    let texts = answer.text.iter().map(|text| (text, false));
    let mut events = Vec::with_capacity(answer.thoughts.len() + answer.text.len());
    for (text, thought) in thoughts.chain(texts) {
        totals.add(text, thought);
        if !thought && let Some(tokens) = answer.thought_tokens {
            totals.thoughts = tokens;
        }
        let part = Part {
            text: text.clone(),
            thought,
        };
        events.push(response(vec![part], None, &totals, envelope));
    }
    if events.is_empty() {
        let mut event = response(Vec::new(), None, &totals, envelope);
        event.usage_metadata = totals.usage();
        events.push(event);
    }
    if let Some(last) = events.last_mut() {
        for candidate in &mut last.candidates {
            candidate.finish_reason.clone_from(&answer.finish_reason);
        }
    }
    events
}

/// The whole answer in one document.
fn unary(answer: &Answer, envelope: Envelope<'_>) -> GenerateContentResponse {
    let mut totals = Totals::of_prompt(answer, envelope);
    if let Some(block_reason) = &answer.block_reason {
        return GenerateContentResponse {
            candidates: Vec::new(),
            prompt_feedback: Some(PromptFeedback {
                block_reason: block_reason.clone(),
            }),
            usage_metadata: totals.usage(),
            model_version: envelope.model.to_owned(),
            response_id: envelope.response_id.to_owned(),
        };
    }
    let thoughts = answer.thoughts.iter().map(|text| (text, true));
    let texts = answer.text.iter().map(|text| (text, false));
    let mut parts: Vec<Part> = Vec::new();
    for (text, thought) in thoughts.chain(texts) {
        totals.add(text, thought);
        match parts.last_mut() {
            // The pieces of a stream are one part when not streamed.
            Some(part) if part.thought == thought => part.text.push_str(text),
            _ => parts.push(Part {
                text: text.clone(),
                thought,
            }),
        }
    }
    if let Some(tokens) = answer.thought_tokens {
        totals.thoughts = tokens;
    }
    response(parts, answer.finish_reason.clone(), &totals, envelope)
}

fn response(
    parts: Vec<Part>,
    finish_reason: Option<String>,
    totals: &Totals,
    envelope: Envelope<'_>,
) -> GenerateContentResponse {
    let content = (!parts.is_empty()).then_some(Content {
        parts,
        role: "model",
    });
    GenerateContentResponse {
        candidates: vec![Candidate {
            content,
            finish_reason,
            index: 0,
        }],
        prompt_feedback: None,
        usage_metadata: totals.usage(),
        model_version: envelope.model.to_owned(),
        response_id: envelope.response_id.to_owned(),
    }
}

/// Tokens so far.
struct Totals {
    prompt: u64,
    cached: u64,
    candidates: u64,
    thoughts: u64,
}

impl Totals {
    fn of_prompt(answer: &Answer, envelope: Envelope<'_>) -> Self {
        Self {
            prompt: answer.prompt_tokens.unwrap_or(envelope.prompt_tokens),
            cached: answer.cached_tokens,
            candidates: 0,
            thoughts: 0,
        }
    }

    fn add(&mut self, text: &str, thought: bool) {
        if thought {
            self.thoughts += estimate_tokens(text);
        } else {
            self.candidates += estimate_tokens(text);
        }
    }

    fn usage(&self) -> UsageMetadata {
        let cache_tokens_details = match self.cached {
            0 => Vec::new(),
            cached => vec![ModalityCount::text(cached)],
        };
        UsageMetadata {
            prompt_token_count: self.prompt,
            candidates_token_count: self.candidates,
            total_token_count: self.prompt + self.candidates + self.thoughts,
            cached_content_token_count: self.cached,
            prompt_tokens_details: vec![ModalityCount::text(self.prompt)],
            cache_tokens_details,
            thoughts_token_count: self.thoughts,
            service_tier: "standard",
        }
    }
}
