//! A streamed answer to `chat.completion.chunk` events.
//!
//! Tool calls, images and citations are not translated yet.

#[cfg(test)]
mod tests;

use super::chunk::{ChunkChoice, ChunkWriter, Delta};
use crate::{
    AnswerMeta, ApiError, Dialect, Usage,
    answer::{Notes, Output, Render, Said, Start, Stopped, refusal_text},
};

/// Writes chunks.
pub(super) struct ChatRender {
    meta: AnswerMeta,
    include_usage: bool,
    /// From the first event on, because the id comes with it.
    writer: Option<ChunkWriter>,
    /// Candidates whose role was written (X2, X13).
    open: Vec<u32>,
}

impl ChatRender {
    /// `include_usage` is the client's `stream_options` (G22).
    pub(super) fn new(meta: AnswerMeta, include_usage: bool) -> Self {
        Self {
            meta,
            include_usage,
            writer: None,
            open: Vec::new(),
        }
    }

    fn delta(&mut self, candidate: u32, delta: Delta<'_>, out: &mut Vec<u8>) {
        self.open(candidate, out);
        self.choice(candidate, delta, None, out);
    }

    fn choice(&self, index: u32, delta: Delta<'_>, stopped: Option<&Stopped>, out: &mut Vec<u8>) {
        if let Some(writer) = &self.writer {
            let choice = ChunkChoice {
                index,
                delta,
                finish_reason: stopped.map(|stopped| stopped.kind.into()),
            };
            writer.choice(out, &choice);
        }
    }
}

impl Render for ChatRender {
    fn start(&mut self, start: Start<'_>, _out: &mut Vec<u8>) {
        let id = self.meta.id("chatcmpl-", start.response_id);
        self.writer = Some(ChunkWriter::new(
            &id,
            self.meta.created_unix_s,
            &self.meta.model,
            self.include_usage,
        ));
    }

    /// Writes the role, once, and not before there is something to say: until then an error can
    /// still keep its status and another key can still be tried (X2).
    fn open(&mut self, candidate: u32, out: &mut Vec<u8>) {
        if self.open.contains(&candidate) {
            return;
        }
        self.open.push(candidate);
        let delta = Delta {
            role: Some("assistant"),
            content: Some(""),
            ..Delta::default()
        };
        self.choice(candidate, delta, None, out);
    }

    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        let delta = match said.output {
            Output::Text(text) => Delta {
                content: Some(text),
                ..Delta::default()
            },
            Output::Thought(text) => Delta {
                reasoning_content: Some(text),
                ..Delta::default()
            },
            Output::Call(_)
            | Output::Media(_)
            | Output::Code { .. }
            | Output::CodeResult { .. }
            | Output::Nothing => return,
        };
        self.delta(candidate, delta, out);
    }

    fn note(&mut self, _candidate: u32, _notes: &Notes<'_>, _out: &mut Vec<u8>) {}

    fn block(&mut self, reason: &str, out: &mut Vec<u8>) {
        let text = refusal_text(reason);
        let delta = Delta {
            refusal: Some(&text),
            ..Delta::default()
        };
        self.delta(0, delta, out);
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        for (candidate, stopped) in stopped {
            self.open(*candidate, out);
            self.choice(*candidate, Delta::default(), Some(stopped), out);
        }
        if self.include_usage
            && let Some(writer) = &self.writer
        {
            writer.usage(out, usage.into());
        }
        ChunkWriter::done(out);
    }

    /// OpenAI's clients raise any event with an `error` (X11). No `[DONE]` may follow: a broken
    /// stream must not look complete (X9).
    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(&error.to_json(Dialect::OpenAi));
        out.extend_from_slice(b"\n\n");
    }
}
