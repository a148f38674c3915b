//! A transcript as events: `transcript.text.delta` and `transcript.text.done` (openai-python 3.54.0,
//! `transcription_stream_event`).

use serde::Serialize;

use super::answer::{TokenUsage, is_whole};
use crate::{
    ApiError, UpstreamFault, Usage,
    absent::{Wanted, explain_end},
    answer::{Notes, Output, Render, Said, Start, Stopped, refusal_text},
    event::{write_error, write_event, write_fault},
};

const DELTA: &str = "transcript.text.delta";
const DONE: &str = "transcript.text.done";

#[derive(Serialize)]
struct Delta<'a> {
    r#type: &'static str,
    delta: &'a str,
}

#[derive(Serialize)]
struct Done<'a> {
    r#type: &'static str,
    /// All deltas, one after the other.
    text: &'a str,
    usage: TokenUsage,
}

/// Passes text on as it comes, and keeps it for the last event.
#[derive(Default)]
pub(super) struct TranscriptRender {
    text: String,
    blocked: Option<String>,
}

impl TranscriptRender {
    fn fault(&self, stopped: &[(u32, Stopped)]) -> Option<UpstreamFault> {
        if let Some(reason) = &self.blocked {
            return Some(UpstreamFault::refused(refusal_text(reason)));
        }
        match stopped.first() {
            Some((_, stopped)) if is_whole(stopped.kind) => None,
            Some((_, stopped)) => Some(explain_end(stopped, None, &self.text, Wanted::Transcript)),
            None => Some(UpstreamFault::Empty),
        }
    }
}

impl Render for TranscriptRender {
    fn start(&mut self, _start: Start<'_>, _out: &mut Vec<u8>) {}

    fn open(&mut self, _candidate: u32, _out: &mut Vec<u8>) {}

    fn say(&mut self, candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        if let Output::Text(delta) = said.output
            && candidate == 0
        {
            self.text.push_str(delta);
            let r#type = DELTA;
            write_event(out, DELTA, &Delta { r#type, delta });
        }
    }

    fn note(&mut self, _candidate: u32, _notes: &Notes<'_>, _out: &mut Vec<u8>) {}

    fn block(&mut self, reason: &str, _out: &mut Vec<u8>) {
        self.blocked = Some(reason.to_owned());
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        if let Some(fault) = self.fault(stopped) {
            return write_fault(out, &fault);
        }
        let done = Done {
            r#type: DONE,
            text: &self.text,
            usage: usage.into(),
        };
        write_event(out, DONE, &done);
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        write_error(out, error);
    }
}
