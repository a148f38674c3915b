//! Counts tokens of an answer while it is sent.

use serde_json::Value;

use super::Envelope;
use crate::script::Answer;
use crate::tokens::{self, estimate};
use crate::wire::part::{Data, Part};
use crate::wire::{ModalityCount, UsageMetadata};

/// Tokens so far.
pub(super) struct Totals<'a> {
    envelope: Envelope<'a>,
    prompt: Vec<ModalityCount>,
    cached: u64,
    candidates: u64,
    /// Of `candidates`, what is not text.
    media: Vec<ModalityCount>,
    thoughts: u64,
    /// What the answer says of thoughts that it does not show.
    all_thoughts: Option<u64>,
    tool_use: u64,
}

impl<'a> Totals<'a> {
    pub(super) fn of_prompt(answer: &Answer, envelope: Envelope<'a>) -> Self {
        let prompt = match answer.prompt_tokens {
            Some(tokens) => vec![ModalityCount::text(tokens)],
            None => envelope.prompt.to_vec(),
        };
        Self {
            envelope,
            prompt,
            cached: answer.cached_tokens,
            candidates: 0,
            media: Vec::new(),
            thoughts: 0,
            all_thoughts: answer.thought_tokens,
            tool_use: 0,
        }
    }

    pub(super) fn add(&mut self, part: &Part) {
        if part.thought {
            if let Data::Text(text) = &part.data {
                self.thoughts += estimate(text);
            }
            return;
        }
        self.settle();
        match &part.data {
            Data::Text(text) => self.candidates += estimate(text),
            Data::FunctionCall(call) => {
                self.candidates +=
                    estimate(&call.name) + estimate(&Value::Object(call.args.clone()).to_string());
            }
            Data::Blob(blob) => {
                let count = tokens::of_output(&blob.mime_type, &blob.data);
                self.candidates += count.token_count;
                tokens::add(&mut self.media, count);
            }
            // Results are read by the model before it goes on.
            Data::Given(part) => match part.get("codeExecutionResult") {
                Some(result) => self.tool_use += estimate(&result.to_string()),
                None => self.candidates += estimate(&Value::Object(part.clone()).to_string()),
            },
        }
    }

    /// All thoughts are counted when the answer proper begins.
    pub(super) fn settle(&mut self) {
        if let Some(tokens) = self.all_thoughts {
            self.thoughts = tokens;
        }
    }

    pub(super) fn usage(&self) -> UsageMetadata {
        let as_text = |tokens: u64| match tokens {
            0 => Vec::new(),
            tokens => vec![ModalityCount::text(tokens)],
        };
        let prompt = tokens::sum(&self.prompt);
        UsageMetadata {
            prompt_token_count: prompt,
            candidates_token_count: self.candidates,
            total_token_count: prompt + self.candidates + self.thoughts + self.tool_use,
            cached_content_token_count: self.cached,
            prompt_tokens_details: self.prompt.clone(),
            cache_tokens_details: as_text(self.cached),
            candidates_tokens_details: self.media.clone(),
            tool_use_prompt_token_count: self.tool_use,
            tool_use_prompt_tokens_details: as_text(self.tool_use),
            thoughts_token_count: self.thoughts,
            service_tier: self.envelope.service_tier.to_owned(),
        }
    }
}
