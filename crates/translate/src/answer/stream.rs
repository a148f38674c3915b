//! A Gemini stream, as bytes come in, to the events of whatever dialect renders it.
//!
//! It holds no timers and sends no heartbeats of its own accord; it does not retry. What an event
//! looks like is the renderer's business.

use super::{
    CallReader, CallSignature, Notes, Render, Said, Start, Stopped, Usage,
    blocked_prompt::block_reason,
    ending::{Conclusion, Ending, Finish, StopKind},
    output::{Output, Shown},
};
use crate::{
    ApiError, UpstreamFault,
    gemini::response::{Candidate, GenerateContentResponse},
    sse::SseDecoder,
    upstream_report,
};

/// Most candidates in one stream: what Gemini 2.5 allows (G5).
const MAX_CANDIDATES: usize = 8;

/// Longest text that is kept to go on with, in bytes: the longest answer of one call has 65,536 tokens,
/// about 256 KiB, and this is four of them.
const MAX_KEPT_TEXT_BYTES: usize = 1 << 20;

/// Turns the bytes of `streamGenerateContent?alt=sse` into the bytes of a client's stream.
///
/// Feed [`push`](Self::push) whatever comes, then call [`finish`](Self::finish) once. Both append
/// only whole events. After an error the stream is over: if nothing was sent to the client, retry
/// with a new stream; else send what [`fail`](Self::fail) writes and break the connection.
pub struct AnswerStream {
    decoder: SseDecoder,
    answer: StreamedAnswer,
}

/// Everything but the decoding.
struct StreamedAnswer {
    render: Box<dyn Render>,
    calls: CallReader,
    started: bool,
    candidates: Vec<StreamedCandidate>,
    usage: Option<Usage>,
    has_output: bool,
    signatures: Vec<CallSignature>,
    /// The text so far, for going on when it is cut; `None` while nobody wants it.
    text: Option<String>,
    /// What earlier pieces of a continued answer cost.
    earlier: Usage,
}

/// Each candidate has its own state, so that several can run side by side (X13).
struct StreamedCandidate {
    index: u32,
    shown: Shown,
    /// The last finish reason, unless something came after it (X5).
    finish: Option<Finish>,
}

impl AnswerStream {
    /// A stream that has seen nothing.
    pub(crate) fn new(render: Box<dyn Render>, calls: CallReader) -> Self {
        Self {
            decoder: SseDecoder::default(),
            answer: StreamedAnswer {
                render,
                calls,
                started: false,
                candidates: Vec::new(),
                usage: None,
                has_output: false,
                signatures: Vec::new(),
                text: None,
                earlier: Usage::default(),
            },
        }
    }

    /// Keeps the text of the answer, so that it can be gone on with ([`cut_after`](Self::cut_after)).
    pub fn keep_text(&mut self) {
        self.answer.text.get_or_insert_default();
    }

    /// The text after which the answer was cut, if going on with it makes sense: it is one candidate
    /// of nothing but text and thoughts, and it was cut by a limit or did not end at all. To be asked
    /// before [`finish`](Self::finish), at the end of Gemini's body.
    #[must_use]
    pub fn cut_after(&self) -> Option<&str> {
        let [candidate] = self.answer.candidates.as_slice() else {
            return None;
        };
        let shown = candidate.shown;
        let ending = candidate.finish.as_ref().map(|finish| finish.ending);
        let cut = matches!(ending, None | Some(Ending::Length));
        let text = self.answer.text.as_deref().filter(|text| {
            (1..=MAX_KEPT_TEXT_BYTES).contains(&text.len()) && !shown.call && !shown.media
        });
        text.filter(|_| cut)
    }

    /// Whether the cut is a limit that was reached, and not a connection that broke.
    #[must_use]
    pub fn reached_limit(&self) -> bool {
        let ended = |candidate: &StreamedCandidate| {
            let finish = candidate.finish.as_ref();
            finish.is_some_and(|finish| finish.ending == Ending::Length)
        };
        self.answer.candidates.iter().any(ended)
    }

    /// Expects the bytes of another stream, which goes on where this one was cut. The client sees one
    /// answer; its counts are of both, and say so.
    pub fn resume(&mut self) {
        self.decoder = SseDecoder::default();
        let answer = &mut self.answer;
        answer.earlier = answer.total();
        answer.earlier.continuations = answer.earlier.continuations.saturating_add(1);
        answer.usage = None;
        for candidate in &mut answer.candidates {
            candidate.finish = None;
        }
    }

    /// Takes bytes from Gemini and appends the events that they complete to `out`, which may be none.
    ///
    /// # Errors
    /// `Malformed`, `Truncated` (an event that is half a JSON value), `EventTooLarge`, `Reported`.
    /// What was appended before the error is valid and may be sent.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        let Self { decoder, answer } = self;
        decoder.push(bytes, |event| answer.read_event(event, out))
    }

    /// Takes the whole answer of `generateContent` instead of a stream (X15). Call
    /// [`finish`](Self::finish) next, as after a stream.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_whole(&mut self, body: &[u8], out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        self.answer.read_event(body, out)?;
        // A whole answer without a reason is a normal end, for it cannot have been cut.
        for candidate in &mut self.answer.candidates {
            candidate.finish.get_or_insert_with(Finish::unspecified);
        }
        Ok(())
    }

    /// Gemini's body has ended cleanly: appends what ends the stream.
    ///
    /// # Errors
    /// `Truncated` if a candidate never got a finish reason (X12); `Reported` if the body ended with
    /// an error outside any event (U8); `Unusable` if the model went wrong and showed nothing, or
    /// showed a call that must not be made; `Empty` if it showed nothing for no reason; and what
    /// [`push`](Self::push) returns. Of an error at the end nothing is appended but a last event that
    /// had no blank line.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        let Self { decoder, answer } = self;
        decoder.finish(|event| answer.read_event(event, out))?;
        if let Some(tail) = decoder.tail() {
            return Err(upstream_report::parse_report(tail).unwrap_or(UpstreamFault::Truncated));
        }
        answer.finish(out)
    }

    /// After [`finish`](Self::finish) said `Empty`: ends the stream as the empty answer that it is.
    /// For when retrying gave nothing better.
    ///
    /// # Errors
    /// `Empty` if Gemini named no candidate at all, so that there is no answer, not even an empty one.
    pub fn finish_empty(&mut self, out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        if self.answer.candidates.is_empty() {
            return Err(UpstreamFault::Empty);
        }
        self.answer.write_end(out);
        Ok(())
    }

    /// Ends the stream with the dialect's error event, to be sent last before the connection breaks
    /// (X11).
    pub fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        self.answer.render.fail(error, out);
    }

    /// What keeps the stream alive while Gemini is silent. Only once headers are out, and between
    /// events.
    #[must_use]
    pub fn heartbeat(&self) -> &'static [u8] {
        self.answer.render.heartbeat()
    }

    /// Whether something that a client would notice was appended: text, a thought, a call, or a
    /// block. From then on no other key may be tried.
    #[must_use]
    pub fn has_output(&self) -> bool {
        self.answer.has_output
    }

    /// What the answer has cost so far; final after [`finish`](Self::finish) (X8).
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.answer.total()
    }

    /// Takes the signatures of the calls written so far, for the cache.
    pub fn take_signatures(&mut self) -> Vec<CallSignature> {
        std::mem::take(&mut self.answer.signatures)
    }
}

impl StreamedAnswer {
    /// What all pieces have cost.
    fn total(&self) -> Usage {
        self.earlier.plus(self.usage.unwrap_or_default())
    }

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
        if !std::mem::replace(&mut self.started, true) {
            let start = Start {
                response_id: response.response_id.as_deref(),
                model_version: response.model_version.as_deref(),
                usage: self.usage.unwrap_or_default(),
            };
            self.render.start(start, out);
        }
        self.render.event(event, out);
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
        let index = candidate.index.unwrap_or(0);
        let state = find_candidate(&mut self.candidates, index)?;
        for part in candidate.parts() {
            let Some(said) = Said::read(part, &mut self.calls, &mut state.shown) else {
                continue;
            };
            if let (Some(kept), Output::Text(text)) = (&mut self.text, &said.output) {
                // Beyond the limit it is not kept whole, and so not gone on with.
                let room = kept.len() <= MAX_KEPT_TEXT_BYTES;
                kept.push_str(if room { text } else { "" });
            }
            self.render.say(index, &said, out);
            self.signatures.extend(said.call_signature());
            if !matches!(said.output, Output::Nothing) {
                self.has_output = true;
                // A finish reason may come before the end; what follows it needs its own (X5).
                state.finish = None;
            }
        }
        if let Some(notes) = Notes::of(candidate) {
            self.render.note(index, &notes, out);
        }
        if let Some(finish) = Finish::of(candidate) {
            // A block is an answer that no other key would change, so it is not held back.
            if finish.ending == Ending::Filtered {
                self.render.open(index, out);
                self.has_output = true;
            }
            state.finish = Some(finish);
        }
        Ok(())
    }

    /// A blocked prompt has no candidates; the refusal makes one (B1). Should candidates have
    /// begun, they end as blocked.
    fn read_block(&mut self, reason: &str, out: &mut Vec<u8>) {
        if self.candidates.is_empty() {
            self.render.block(reason, out);
            self.candidates.push(StreamedCandidate {
                index: 0,
                shown: Shown {
                    text: true,
                    ..Shown::default()
                },
                finish: None,
            });
        }
        for candidate in &mut self.candidates {
            candidate.finish = Some(Finish::blocked(reason));
        }
        self.has_output = true;
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), UpstreamFault> {
        let mut silent = 0_usize;
        let mut faults = Vec::new();
        for candidate in &self.candidates {
            let finish = candidate.finish.as_ref().ok_or(UpstreamFault::Truncated)?;
            match finish.conclude(candidate.shown) {
                Conclusion::Finished(_) => {}
                Conclusion::Silent => silent += 1,
                // What was shown cannot be taken back, and must not be taken for whole.
                Conclusion::Unusable(fault) if candidate.shown.call => return Err(fault),
                Conclusion::Unusable(fault) => faults.push(fault),
            }
        }
        if silent + faults.len() == self.candidates.len() {
            return Err(faults.pop().unwrap_or(UpstreamFault::Empty));
        }
        self.write_end(out);
        Ok(())
    }

    /// The end only now, at the end of the body: a reason seen earlier may not be the last (X5).
    fn write_end(&mut self, out: &mut Vec<u8>) {
        let stopped: Vec<(u32, Stopped)> = self
            .candidates
            .iter()
            .map(|candidate| (candidate.index, candidate.stopped()))
            .collect();
        self.render.end(&stopped, self.total(), out);
    }
}

impl StreamedCandidate {
    /// How it ends; one of several that went wrong or said nothing just stops.
    fn stopped(&self) -> Stopped {
        let finish = self.finish.clone().unwrap_or_else(Finish::unspecified);
        match finish.conclude(self.shown) {
            Conclusion::Finished(stopped) => stopped,
            Conclusion::Silent | Conclusion::Unusable(_) => finish.stopped(StopKind::Stop),
        }
    }
}

/// The state for a candidate's index, absent ones being 0 (X13).
fn find_candidate(
    candidates: &mut Vec<StreamedCandidate>,
    index: u32,
) -> Result<&mut StreamedCandidate, UpstreamFault> {
    let position = match candidates
        .iter()
        .position(|candidate| candidate.index == index)
    {
        Some(position) => position,
        None if candidates.len() == MAX_CANDIDATES => return Err(UpstreamFault::Malformed),
        None => {
            candidates.push(StreamedCandidate {
                index,
                shown: Shown::default(),
                finish: None,
            });
            candidates.len() - 1
        }
    };
    candidates.get_mut(position).ok_or(UpstreamFault::Malformed)
}
