//! What a dialect must be able to write of a streamed answer.
//!
//! The stream itself ([`AnswerStream`](super::AnswerStream)) knows Gemini, order and endings; a
//! renderer knows one client API and keeps only what that API's events need. It never sees half an
//! event and is never asked to write after [`end`](Render::end) or [`fail`](Render::fail).

use serde_json::value::RawValue;

use super::{Said, Stopped, Usage};
use crate::{ApiError, gemini::response::Candidate};

/// The first event of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start<'a> {
    pub(crate) response_id: Option<&'a str>,
    /// The model that answers, by Gemini's name, which may not be the one asked for (U6).
    pub(crate) model_version: Option<&'a str>,
    /// Counts so far: the prompt's, usually.
    pub(crate) usage: Usage,
}

/// What Gemini adds to a candidate's text, raw: decoration must not break an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Notes<'a> {
    pub(crate) grounding: Option<&'a RawValue>,
    pub(crate) citations: Option<&'a RawValue>,
    pub(crate) logprobs: Option<&'a RawValue>,
}

impl<'a> Notes<'a> {
    /// `None` if there are none.
    pub(crate) fn of(candidate: &Candidate<'a>) -> Option<Self> {
        let notes = Self {
            grounding: candidate.grounding_metadata,
            citations: candidate.citation_metadata,
            logprobs: candidate.logprobs_result,
        };
        let any =
            notes.grounding.is_some() || notes.citations.is_some() || notes.logprobs.is_some();
        any.then_some(notes)
    }
}

/// One dialect's events. Every method appends whole events to `out`, or none.
pub(crate) trait Render {
    /// Called once, before everything else. Most dialects only remember what they are told: nothing
    /// that commits the answer may be written yet (X2).
    fn start(&mut self, start: Start<'_>, out: &mut Vec<u8>);

    /// The raw bytes of each event of Gemini, before what is in it is told one by one. For dialects
    /// that pass events on; the others do nothing.
    fn event(&mut self, _json: &[u8], _out: &mut Vec<u8>) {}

    /// A candidate has an answer of which nothing was said, a filtered one: what opens an answer is
    /// written if it was not before.
    fn open(&mut self, candidate: u32, out: &mut Vec<u8>);

    /// A candidate says something.
    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>);

    /// A candidate's text gets notes. They come late, often with the finish reason (N3), and may
    /// come several times.
    fn note(&mut self, candidate: u32, notes: &Notes<'_>, out: &mut Vec<u8>);

    /// Gemini refused to answer the prompt at all (B1). [`end`](Self::end) follows.
    fn block(&mut self, reason: &str, out: &mut Vec<u8>);

    /// Gemini's body ended as it should: what closes the answer, with the final counts. `stopped`
    /// has every candidate once, in order of appearance.
    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>);

    /// The answer broke off: the dialect's error event. Nothing may follow that looks like an end.
    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>);

    /// What keeps a silent stream alive, between events (X10).
    fn heartbeat(&self) -> &'static [u8] {
        HEARTBEAT
    }
}

/// An SSE comment, which clients ignore.
const HEARTBEAT: &[u8] = b": ping\n\n";
