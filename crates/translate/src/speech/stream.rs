//! A spoken answer as events: `speech.audio.delta` and `speech.audio.done`
//! (<https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event>, read 2026-11-24).

use serde::Serialize;

use crate::{
    ApiError, UpstreamFault, Usage,
    absent::{Wanted, explain_end},
    answer::{
        Notes, Output, Render, Said, Start, StopKind, Stopped, refusal_text,
        sound::{SoundFormat, SoundJoiner},
    },
    event::{write_error, write_event, write_fault},
};

const DELTA: &str = "speech.audio.delta";
const DONE: &str = "speech.audio.done";

#[derive(Serialize)]
struct Delta<'a> {
    r#type: &'static str,
    /// Base64.
    audio: &'a str,
}

#[derive(Serialize)]
struct Done {
    r#type: &'static str,
    usage: SpeechUsage,
}

#[derive(Serialize)]
struct SpeechUsage {
    input_tokens: u64,
    output_tokens: u64,
    total_tokens: u64,
}

/// Passes pieces of sound on as they come.
pub(super) struct SpeechRender {
    joiner: SoundJoiner,
    spoken: bool,
    text: String,
    blocked: Option<String>,
}

impl SpeechRender {
    pub(super) fn new(format: SoundFormat) -> Self {
        Self {
            joiner: SoundJoiner::new(format),
            spoken: false,
            text: String::new(),
            blocked: None,
        }
    }

    fn delta(&mut self, audio: &str, out: &mut Vec<u8>) {
        if audio.is_empty() {
            return;
        }
        self.spoken = true;
        let r#type = DELTA;
        write_event(out, DELTA, &Delta { r#type, audio });
    }

    /// Why the answer is not a whole one; `None` if it is.
    fn fault(&self, stopped: &[(u32, Stopped)]) -> Option<UpstreamFault> {
        if let Some(reason) = &self.blocked {
            return Some(UpstreamFault::refused(refusal_text(reason)));
        }
        let Some((_, stopped)) = stopped.first() else {
            return Some(UpstreamFault::Empty);
        };
        let is_whole = self.spoken && matches!(stopped.kind, StopKind::Stop | StopKind::Calls);
        (!is_whole).then(|| explain_end(stopped, None, &self.text, Wanted::Sound))
    }
}

impl Render for SpeechRender {
    fn start(&mut self, _start: Start<'_>, _out: &mut Vec<u8>) {}

    fn open(&mut self, _candidate: u32, _out: &mut Vec<u8>) {}

    fn say(&mut self, _candidate: u32, said: &Said<'_>, out: &mut Vec<u8>) {
        match said.output {
            Output::Media(media) if media.is_audio() => {
                let audio = self.joiner.push(&media);
                self.delta(&audio, out);
            }
            Output::Text(text) => self.text.push_str(text),
            _ => {}
        }
    }

    fn note(&mut self, _candidate: u32, _notes: &Notes<'_>, _out: &mut Vec<u8>) {}

    fn block(&mut self, reason: &str, _out: &mut Vec<u8>) {
        self.blocked = Some(reason.to_owned());
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        let last = self.joiner.finish();
        self.delta(&last, out);
        if let Some(fault) = self.fault(stopped) {
            return write_fault(out, &fault);
        }
        let done = Done {
            r#type: DONE,
            usage: SpeechUsage {
                input_tokens: usage.prompt_tokens,
                output_tokens: usage.completion_tokens,
                total_tokens: usage.total_tokens,
            },
        };
        write_event(out, DONE, &done);
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        write_error(out, error);
    }
}
