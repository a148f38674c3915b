//! A streamed answer to a message (§7.2).
//!
//! Only candidate 0 is looked at: Anthropic's API has no others, and none are asked for. What
//! Google searched comes last, though Anthropic has it before the text: Gemini tells it last (N3).

#[cfg(test)]
mod tests;

use super::{
    body::{Message, Stop, UsageBody},
    event::{BlockEvents, Event},
    exchange::Presentation,
    search::{Search, search_id},
    sequence::Sequence,
};
use crate::{
    AnswerMeta, ApiError, Dialect, Usage,
    answer::{Notes, Output, Render, Said, Start, Stopped, refusal_text},
};

/// The candidate that is told.
const TOLD: u32 = 0;

/// Keeps a silent stream alive; clients skip it.
const PING: &[u8] = b"event: ping\ndata: {\"type\": \"ping\"}\n\n";

/// Before the first event only a comment is certain to be skipped.
const COMMENT: &[u8] = b": ping\n\n";

/// Writes events.
pub(super) struct MessageRender {
    presentation: Presentation,
    meta: AnswerMeta,
    search_id: String,
    id: String,
    at_start: Usage,
    /// Whether `message_start` was written.
    begun: bool,
    /// The index of the open block, or else of the next.
    index: u32,
    sequence: Sequence,
    search: Search,
    /// Why the prompt was not answered.
    blocked: Option<String>,
}

impl MessageRender {
    pub(super) fn new(presentation: Presentation, meta: AnswerMeta) -> Self {
        Self {
            presentation,
            search_id: search_id(&meta.fallback_id),
            meta,
            id: String::new(),
            at_start: Usage::default(),
            begun: false,
            index: 0,
            sequence: Sequence::new(presentation.thinking, presentation.calls),
            search: Search::default(),
            blocked: None,
        }
    }

    /// Writes `message_start`, once, and not before there is something to say: until then an error
    /// can still keep its status and another key can still be tried (X2).
    fn begin(&mut self, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let usage = UsageBody::at_start(self.at_start);
        let content = Vec::new();
        let message = Message::new(&self.id, &self.meta.model, content, Stop::default(), usage);
        Event::MessageStart { message }.write(out);
    }

    /// Where the order of blocks is kept, and where they are written.
    fn blocks<'o>(&'o mut self, out: &'o mut Vec<u8>) -> (&'o mut Sequence, BlockEvents<'o>) {
        let events = BlockEvents {
            out,
            index: &mut self.index,
            search_id: &self.search_id,
        };
        (&mut self.sequence, events)
    }
}

impl Render for MessageRender {
    fn start(&mut self, start: Start<'_>, _out: &mut Vec<u8>) {
        self.id = self.meta.id("msg_", start.response_id);
        self.at_start = start.usage;
    }

    fn open(&mut self, candidate: u32, out: &mut Vec<u8>) {
        if candidate == TOLD {
            self.begin(out);
        }
    }

    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        // A signature alone is no reason to begin.
        if candidate != TOLD || matches!(said.output, Output::Nothing) {
            return;
        }
        self.begin(out);
        let (sequence, mut events) = self.blocks(out);
        sequence.say(said, &mut events);
    }

    fn note(&mut self, candidate: u32, notes: &Notes<'_>, _out: &mut Vec<u8>) {
        if candidate == TOLD {
            self.search.note(notes);
        }
    }

    /// The reason is told as text too: many clients show nothing else.
    fn block(&mut self, reason: &str, out: &mut Vec<u8>) {
        self.blocked = Some(reason.to_owned());
        self.begin(out);
        let (sequence, mut events) = self.blocks(out);
        sequence.tell(refusal_text(reason), &mut events);
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        self.begin(out);
        let search = std::mem::take(&mut self.search);
        let search = self.presentation.shown(&search);
        let (sequence, mut events) = self.blocks(out);
        sequence.finish(search, &mut events);

        let told = stopped.iter().find(|(candidate, _)| *candidate == TOLD);
        let delta = match (&self.blocked, told.or(stopped.first())) {
            (Some(reason), _) => Stop::blocked(reason),
            (None, Some((_, stopped))) => Stop::of(stopped),
            (None, None) => Stop::default(),
        };
        let usage = UsageBody::at_end(usage, search);
        Event::MessageDelta { delta, usage }.write(out);
        Event::MessageStop.write(out);
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        out.extend_from_slice(b"event: error\ndata: ");
        out.extend_from_slice(&error.to_json(Dialect::Anthropic));
        out.extend_from_slice(b"\n\n");
    }

    fn heartbeat(&self) -> &'static [u8] {
        if self.begun { PING } else { COMMENT }
    }
}
