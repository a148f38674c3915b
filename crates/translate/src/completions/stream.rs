//! A streamed answer to `text_completion` events.
//!
//! There is one choice, numbered as Gemini does; a request for several is not streamed.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{
    body::{Choice, OBJECT},
    logprobs::TextLogprobs,
};
use crate::{
    AnswerMeta, ApiError, Usage,
    answer::{Notes, Output, Render, Said, Start, Stopped, code_text, logprobs},
    chat::{
        chunk::{ChunkWriter, Head},
        style::StreamUsage,
    },
};

/// Writes chunks.
pub(super) struct CompletionRender {
    meta: AnswerMeta,
    usage: StreamUsage,
    /// The prompt, until it is written, if it shall be repeated.
    echo: String,
    begun: bool,
    /// Characters of tokens whose log probabilities were written.
    token_chars: usize,
    /// From the first event on, because the id comes with it.
    writer: Option<ChunkWriter>,
}

impl CompletionRender {
    /// A stream that begins with `echo`.
    pub(super) fn new(meta: AnswerMeta, usage: StreamUsage, echo: String) -> Self {
        Self {
            meta,
            usage,
            echo,
            begun: false,
            token_chars: 0,
            writer: None,
        }
    }

    fn choice(&self, choice: &Choice<'_>, out: &mut Vec<u8>) {
        if let Some(writer) = &self.writer {
            writer.choice(out, choice);
        }
    }

    fn text(&self, index: u32, text: &str, out: &mut Vec<u8>) {
        let choice = Choice {
            text: Cow::Borrowed(text),
            index,
            ..Choice::default()
        };
        self.choice(&choice, out);
    }
}

impl Render for CompletionRender {
    fn start(&mut self, start: Start<'_>, _out: &mut Vec<u8>) {
        let id = self.meta.id("cmpl-", start.response_id);
        let head = Head {
            id: &id,
            object: OBJECT,
            created: self.meta.created_unix_s,
            model: &self.meta.model,
            service_tier: None,
            system_fingerprint: start.model_version,
        };
        self.writer = Some(ChunkWriter::new(&head, self.usage));
    }

    fn open(&mut self, candidate: u32, out: &mut Vec<u8>) {
        self.begun = true;
        let echo = std::mem::take(&mut self.echo);
        if !echo.is_empty() {
            self.text(candidate, &echo, out);
        }
    }

    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        match &said.output {
            Output::Text(text) => {
                self.open(candidate, out);
                self.text(candidate, text, out);
            }
            output => {
                if let Some(code) = code_text(output) {
                    self.open(candidate, out);
                    self.text(candidate, &code, out);
                }
            }
        }
    }

    fn note(&mut self, candidate: u32, notes: &Notes<'_>, out: &mut Vec<u8>) {
        // They come with their tokens; without any, nothing may be written yet (X2).
        let noted = notes.logprobs.filter(|_| self.begun);
        let tokens = noted.map(logprobs::read).unwrap_or_default();
        let logprobs = TextLogprobs::of(tokens, &mut self.token_chars);
        if logprobs.is_some() {
            let choice = Choice {
                index: candidate,
                logprobs,
                ..Choice::default()
            };
            self.choice(&choice, out);
        }
    }

    /// There is no field for a refusal; the finish reason says it.
    fn block(&mut self, _reason: &str, out: &mut Vec<u8>) {
        self.open(0, out);
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        for (candidate, stopped) in stopped {
            self.open(*candidate, out);
            let choice = Choice {
                index: *candidate,
                finish_reason: Some(stopped.kind.into()),
                ..Choice::default()
            };
            self.choice(&choice, out);
        }
        if let (StreamUsage::Sent, Some(writer)) = (self.usage, &self.writer) {
            writer.usage(out, usage.into());
        }
        ChunkWriter::done(out);
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        ChunkWriter::error(error, out);
    }
}
