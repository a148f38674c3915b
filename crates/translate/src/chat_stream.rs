//! A Gemini stream to OpenAI chunks, as bytes come in.
//!
//! It holds no timers and sends no heartbeats of its own accord; it does not retry. Tool calls,
//! images and citations are not translated yet.

mod choice;
#[cfg(test)]
mod tests;

use crate::{
    AnswerMeta, UpstreamFault, Usage,
    blocked_prompt::{block_reason, refusal_text},
    finish_reason::{Ending, Finish},
    gemini::response::{Candidate, GenerateContentResponse},
    openai::{ChunkWriter, FinishReason},
    shown::Output,
    sse::SseDecoder,
    upstream_report,
};
use choice::{Choice, ChoiceEnd};

/// An SSE comment that keeps a silent stream alive; clients ignore it (X10). Only once headers are
/// out, and between events.
pub const HEARTBEAT: &[u8] = b": ping\n\n";

/// Most candidates in one stream: what Gemini 2.5 allows (G5).
const MAX_CANDIDATES: usize = 8;

/// Turns the bytes of `streamGenerateContent?alt=sse` into the bytes of a chat stream.
///
/// Feed [`push`](Self::push) whatever comes, then call [`finish`](Self::finish) once. Both append
/// only whole events. After an error the stream is over: if nothing was sent to the client, retry
/// with a new `ChatStream`; else send
/// [`OpenAiError::to_event`](crate::OpenAiError::to_event) and break the connection.
pub struct ChatStream {
    decoder: SseDecoder,
    chunks: Chunks,
}

/// Everything but the decoding.
struct Chunks {
    meta: AnswerMeta,
    include_usage: bool,
    /// From the first event on, because the id comes with it.
    writer: Option<ChunkWriter>,
    choices: Vec<Choice>,
    usage: Option<Usage>,
    has_output: bool,
}

impl ChatStream {
    /// A stream that has seen nothing. `include_usage` is the client's `stream_options` (G22).
    #[must_use]
    pub fn new(meta: AnswerMeta, include_usage: bool) -> Self {
        let chunks = Chunks {
            meta,
            include_usage,
            writer: None,
            choices: Vec::new(),
            usage: None,
            has_output: false,
        };
        Self {
            decoder: SseDecoder::default(),
            chunks,
        }
    }

    /// Takes bytes from Gemini and appends the events that they complete to `out`, which may be none.
    ///
    /// # Errors
    /// `Malformed`, `Truncated` (an event that is half a JSON value), `EventTooLarge`, `Reported`.
    /// What was appended before the error is valid and may be sent.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        let Self { decoder, chunks } = self;
        decoder.push(bytes, |event| chunks.read_event(event, out))
    }

    /// Gemini's body has ended cleanly: appends the finish chunks, the usage chunk if asked for, and
    /// `[DONE]`.
    ///
    /// # Errors
    /// `Truncated` if a candidate never got a finish reason (X12); `Reported` if the body ended with
    /// an error outside any event (U8); `Unusable` if the model went wrong and showed nothing;
    /// `Empty` if it showed nothing for no reason; and what [`push`](Self::push) returns. Of an
    /// error at the end nothing is appended but a last event that had no blank line.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        let Self { decoder, chunks } = self;
        decoder.finish(|event| chunks.read_event(event, out))?;
        if let Some(tail) = decoder.tail() {
            return Err(upstream_report::parse_report(tail).unwrap_or(UpstreamFault::Truncated));
        }
        chunks.finish(out)
    }

    /// After [`finish`](Self::finish) said `Empty`: ends the stream as the empty answer that it is,
    /// with finish reason `stop`. For when retrying gave nothing better.
    ///
    /// # Errors
    /// `Empty` if Gemini named no candidate at all, so that there is no answer, not even an empty one.
    pub fn finish_empty(&mut self, out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        if self.chunks.choices.is_empty() {
            return Err(UpstreamFault::Empty);
        }
        self.chunks.write_end(out);
        Ok(())
    }

    /// Whether something that a client would notice was appended: text, a thought, or a block. From
    /// then on no other key may be tried.
    #[must_use]
    pub fn has_output(&self) -> bool {
        self.chunks.has_output
    }

    /// What the answer has cost so far; final after [`finish`](Self::finish) (X8).
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.chunks.usage.unwrap_or_default()
    }
}

impl Chunks {
    fn read_event(&mut self, event: &[u8], out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        if event.is_empty() {
            return Ok(());
        }
        let response = GenerateContentResponse::parse(event)?;
        // The last counts win: they run along, and thoughts may still grow (X8).
        self.usage = response
            .usage_metadata
            .as_ref()
            .and_then(Usage::from_gemini)
            .or(self.usage);
        self.writer.get_or_insert_with(|| {
            let id = self.meta.completion_id(response.response_id.as_deref());
            ChunkWriter::new(
                &id,
                self.meta.created_unix_s,
                &self.meta.model,
                self.include_usage,
            )
        });
        let candidates = response.candidates.as_deref().unwrap_or_default();
        for candidate in candidates {
            self.read_candidate(candidate, out)?;
        }
        if let Some(reason) = block_reason(&response)
            && candidates.is_empty()
        {
            self.read_block(reason, out);
        }
        Ok(())
    }

    fn read_candidate(
        &mut self,
        candidate: &Candidate<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), UpstreamFault> {
        let Some(writer) = &self.writer else {
            return Ok(());
        };
        let choice = find_choice(&mut self.choices, candidate.index.unwrap_or(0))?;
        for part in candidate.parts() {
            match choice.shown.take(part) {
                Some(Output::Answer(text)) => choice.write_content(writer, out, text),
                Some(Output::Thought(text)) => choice.write_reasoning(writer, out, text),
                None => continue,
            }
            self.has_output = true;
            // A finish reason may come before the end; what follows it needs its own (X5).
            choice.finish = None;
        }
        if let Some(finish) = Finish::of(candidate) {
            // A block is an answer that no other key would change, so it is not held back.
            if finish.ending == Ending::ContentFilter {
                choice.open(writer, out);
                self.has_output = true;
            }
            choice.finish = Some(finish);
        }
        Ok(())
    }

    /// A blocked prompt has no candidates; the refusal makes one (B1). Should candidates have
    /// begun, they end as blocked.
    fn read_block(&mut self, reason: &str, out: &mut Vec<u8>) {
        let Some(writer) = &self.writer else {
            return;
        };
        if self.choices.is_empty() {
            let mut choice = Choice::new(0);
            choice.write_refusal(writer, out, &refusal_text(reason));
            self.choices.push(choice);
        }
        for choice in &mut self.choices {
            choice.finish = Some(Finish::blocked());
        }
        self.has_output = true;
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        let mut silent = 0_usize;
        let mut faults = Vec::new();
        for choice in &self.choices {
            match choice.end() {
                ChoiceEnd::Finished(_) => {}
                ChoiceEnd::Open => return Err(UpstreamFault::Truncated),
                ChoiceEnd::Silent => silent += 1,
                ChoiceEnd::Unusable(fault) => faults.push(fault),
            }
        }
        if silent + faults.len() == self.choices.len() {
            return Err(faults.pop().unwrap_or(UpstreamFault::Empty));
        }
        self.write_end(out);
        Ok(())
    }

    /// The finish chunk only now, at the end of the body: a reason seen earlier may not be the last
    /// (X5).
    fn write_end(&mut self, out: &mut Vec<u8>) {
        let Some(writer) = &self.writer else {
            return;
        };
        for choice in &mut self.choices {
            let reason = match choice.end() {
                ChoiceEnd::Finished(reason) => reason,
                ChoiceEnd::Open | ChoiceEnd::Silent | ChoiceEnd::Unusable(_) => FinishReason::Stop,
            };
            choice.write_finish(writer, out, reason);
        }
        if self.include_usage {
            writer.usage(out, self.usage.unwrap_or_default().into());
        }
        ChunkWriter::done(out);
    }
}

/// The choice for a candidate's index, absent ones being 0 (X13).
fn find_choice(choices: &mut Vec<Choice>, index: u32) -> Result<&mut Choice, UpstreamFault> {
    let position = match choices.iter().position(|choice| choice.index == index) {
        Some(position) => position,
        None if choices.len() == MAX_CANDIDATES => return Err(UpstreamFault::Malformed),
        None => {
            choices.push(Choice::new(index));
            choices.len() - 1
        }
    };
    choices.get_mut(position).ok_or(UpstreamFault::Malformed)
}
