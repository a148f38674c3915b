//! One choice of a chat stream: what was written of it and how it ended.
//!
//! Each candidate has its own, so that several can run side by side (X13).

use crate::{
    UpstreamFault,
    finish_reason::{Conclusion, Finish},
    openai::{ChunkChoice, ChunkWriter, Delta, FinishReason},
    shown::Shown,
};

pub(super) struct Choice {
    pub(super) index: u32,
    pub(super) shown: Shown,
    /// The last finish reason, unless something came after it.
    pub(super) finish: Option<Finish>,
    /// Whether the chunk with the role was written.
    is_open: bool,
}

/// How a choice would end if the body ended now.
pub(super) enum ChoiceEnd {
    Finished(FinishReason),
    /// There was no finish reason.
    Open,
    Silent,
    Unusable(UpstreamFault),
}

impl Choice {
    pub(super) fn new(index: u32) -> Self {
        Self {
            index,
            shown: Shown::default(),
            finish: None,
            is_open: false,
        }
    }

    pub(super) fn end(&self) -> ChoiceEnd {
        match self
            .finish
            .as_ref()
            .map(|finish| finish.conclude(self.shown))
        {
            None => ChoiceEnd::Open,
            Some(Conclusion::Finished(reason)) => ChoiceEnd::Finished(reason),
            Some(Conclusion::Silent) => ChoiceEnd::Silent,
            Some(Conclusion::Unusable(fault)) => ChoiceEnd::Unusable(fault),
        }
    }

    /// Writes the role, once, and not before there is something to say: until then an error can
    /// still keep its status and another key can still be tried (X2).
    pub(super) fn open(&mut self, writer: &ChunkWriter, out: &mut Vec<u8>) {
        if !std::mem::replace(&mut self.is_open, true) {
            let delta = Delta {
                role: Some("assistant"),
                content: Some(""),
                ..Delta::default()
            };
            self.write(writer, out, delta, None);
        }
    }

    pub(super) fn write_content(&mut self, writer: &ChunkWriter, out: &mut Vec<u8>, text: &str) {
        self.open(writer, out);
        self.write(
            writer,
            out,
            Delta {
                content: Some(text),
                ..Delta::default()
            },
            None,
        );
    }

    pub(super) fn write_reasoning(&mut self, writer: &ChunkWriter, out: &mut Vec<u8>, text: &str) {
        self.open(writer, out);
        self.write(
            writer,
            out,
            Delta {
                reasoning_content: Some(text),
                ..Delta::default()
            },
            None,
        );
    }

    pub(super) fn write_refusal(&mut self, writer: &ChunkWriter, out: &mut Vec<u8>, text: &str) {
        self.open(writer, out);
        self.shown.text = true;
        self.write(
            writer,
            out,
            Delta {
                refusal: Some(text),
                ..Delta::default()
            },
            None,
        );
    }

    pub(super) fn write_finish(
        &mut self,
        writer: &ChunkWriter,
        out: &mut Vec<u8>,
        reason: FinishReason,
    ) {
        self.open(writer, out);
        self.write(writer, out, Delta::default(), Some(reason));
    }

    fn write(
        &self,
        writer: &ChunkWriter,
        out: &mut Vec<u8>,
        delta: Delta<'_>,
        finish_reason: Option<FinishReason>,
    ) {
        writer.choice(
            out,
            &ChunkChoice {
                index: self.index,
                delta,
                finish_reason,
            },
        );
    }
}
