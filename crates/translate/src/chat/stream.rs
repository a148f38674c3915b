//! A streamed answer to `chat.completion.chunk` events.
//!
//! It puts events in order; what a choice says is written in `streamed_choice`.

#[cfg(test)]
mod tests;

mod streamed_choice;

use std::collections::BTreeMap;

use streamed_choice::StreamedChoice;

use super::{
    chunk::{ChunkChoice, ChunkWriter, Delta, Head},
    response::FinishReason,
    style::{StreamUsage, Style},
};
use crate::{
    AnswerMeta, ApiError, ServedTier, Usage,
    answer::{Notes, Render, Said, Start, Stopped, refusal_text},
};

/// Writes chunks.
pub(super) struct ChatRender {
    chunks: Chunks,
    /// By index; each counts for itself (X13).
    choices: BTreeMap<u32, StreamedChoice>,
}

/// What all choices write with.
struct Chunks {
    meta: AnswerMeta,
    style: Style,
    /// From the first event on, because the id comes with it.
    writer: Option<ChunkWriter>,
}

impl ChatRender {
    /// A stream of which nothing is written yet.
    pub(super) fn new(meta: AnswerMeta, style: Style) -> Self {
        Self {
            chunks: Chunks {
                meta,
                style,
                writer: None,
            },
            choices: BTreeMap::new(),
        }
    }
}

impl Chunks {
    fn delta(&self, index: u32, delta: Delta<'_>, out: &mut Vec<u8>) {
        let choice = ChunkChoice {
            index,
            delta,
            ..ChunkChoice::default()
        };
        self.choice(&choice, out);
    }

    fn choice(&self, choice: &ChunkChoice<'_>, out: &mut Vec<u8>) {
        if let Some(writer) = &self.writer {
            writer.choice(out, choice);
        }
    }
}

impl Render for ChatRender {
    fn start(&mut self, start: Start<'_>, _out: &mut Vec<u8>) {
        let Chunks { meta, style, .. } = &self.chunks;
        let id = meta.id("chatcmpl-", start.response_id);
        let head = Head {
            id: &id,
            object: "chat.completion.chunk",
            created: meta.created_unix_s,
            model: &meta.model,
            service_tier: start.usage.tier.map(ServedTier::openai_name),
            system_fingerprint: start.model_version,
        };
        self.chunks.writer = Some(ChunkWriter::new(&head, style.usage));
    }

    fn open(&mut self, candidate: u32, out: &mut Vec<u8>) {
        let choice = self.choices.entry(candidate).or_default();
        choice.open(candidate, &self.chunks, out);
    }

    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        let choice = self.choices.entry(candidate).or_default();
        choice.say(candidate, said, &self.chunks, out);
    }

    fn note(&mut self, candidate: u32, notes: &Notes<'_>, out: &mut Vec<u8>) {
        let choice = self.choices.entry(candidate).or_default();
        choice.note(candidate, notes, &self.chunks, out);
    }

    fn block(&mut self, reason: &str, out: &mut Vec<u8>) {
        self.open(0, out);
        let text = refusal_text(reason);
        let delta = Delta {
            refusal: Some(&text),
            ..Delta::default()
        };
        self.chunks.delta(0, delta, out);
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        for (candidate, stopped) in stopped {
            let mut choice = self.choices.remove(candidate).unwrap_or_default();
            choice.open(*candidate, &self.chunks, out);
            choice.close(*candidate, &self.chunks, out);
            let finish = ChunkChoice {
                index: *candidate,
                finish_reason: Some(FinishReason::of(stopped.kind, self.chunks.style.calls)),
                ..ChunkChoice::default()
            };
            self.chunks.choice(&finish, out);
        }
        if let (StreamUsage::Sent, Some(writer)) = (self.chunks.style.usage, &self.chunks.writer) {
            writer.usage(out, usage.into());
        }
        ChunkWriter::done(out);
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        ChunkWriter::error(error, out);
    }
}
