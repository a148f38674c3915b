//! A streamed answer to the events of a response.
//!
//! Failures are told twice, as OpenAI's servers do: openai-python and openai-node raise at the
//! `error` event and read no further, Codex reads only `response.failed`, the Vercel AI SDK and the
//! Agents SDK take either.

#[cfg(test)]
mod tests;

use super::{
    composer::Composer,
    events::{Event, EventWriter, Observer},
    response_object::{Ending, Head, Standing},
};
use crate::{
    ApiError, Usage,
    answer::{Notes, Output, Render, Said, Start, StopKind, Stopped, refusal_text},
};

/// Writes events.
pub(super) struct ResponsesRender {
    head: Head,
    composer: Composer,
    sequence_number: u64,
    begun: bool,
    /// The one candidate that is told: this API cannot ask for more.
    candidate: Option<u32>,
}

impl ResponsesRender {
    pub(super) fn new(head: Head, composer: Composer) -> Self {
        Self {
            head,
            composer,
            sequence_number: 0,
            begun: false,
            candidate: None,
        }
    }

    /// Not before there is something to say: until then an error can still keep its status and
    /// another key can still be tried (X2).
    fn begin(&mut self, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let response = self.head.response(Standing::InProgress, &[]);
        let mut writer = EventWriter {
            out,
            sequence_number: &mut self.sequence_number,
        };
        writer.step(Event::Created(&response));
        writer.step(Event::InProgress(&response));
    }

    fn is_told(&mut self, candidate: u32) -> bool {
        *self.candidate.get_or_insert(candidate) == candidate
    }
}

impl Render for ResponsesRender {
    fn start(&mut self, _start: Start<'_>, _out: &mut Vec<u8>) {}

    fn open(&mut self, candidate: u32, out: &mut Vec<u8>) {
        if self.is_told(candidate) {
            self.begin(out);
        }
    }

    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        if matches!(said.output, Output::Nothing) || !self.is_told(candidate) {
            return;
        }
        self.begin(out);
        let mut writer = EventWriter {
            out,
            sequence_number: &mut self.sequence_number,
        };
        self.composer.say(said, &mut writer);
    }

    fn note(&mut self, candidate: u32, notes: &Notes<'_>, _out: &mut Vec<u8>) {
        if self.is_told(candidate) {
            self.composer.note(notes);
        }
    }

    fn block(&mut self, reason: &str, out: &mut Vec<u8>) {
        self.begin(out);
        let mut writer = EventWriter {
            out,
            sequence_number: &mut self.sequence_number,
        };
        self.composer.refuse(&refusal_text(reason), &mut writer);
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        self.begin(out);
        let mut writer = EventWriter {
            out,
            sequence_number: &mut self.sequence_number,
        };
        let told = stopped
            .iter()
            .find(|(candidate, _)| self.candidate.is_none_or(|told| told == *candidate));
        let kind = told.map_or(StopKind::Stop, |(_, stopped)| stopped.kind);
        let ending = self.composer.finish(kind, &mut writer);
        let standing = Standing::Over(ending, usage);
        let response = self.head.response(standing, self.composer.finished());
        writer.step(match ending {
            Ending::Completed => Event::Completed(&response),
            Ending::Incomplete(_) => Event::Incomplete(&response),
        });
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        self.begin(out);
        let mut writer = EventWriter {
            out,
            sequence_number: &mut self.sequence_number,
        };
        writer.step(Event::Error(error));
        let standing = Standing::Failed(error);
        let response = self.head.response(standing, self.composer.finished());
        writer.step(Event::Failed(&response));
    }
}
