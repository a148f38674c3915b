//! One choice of a stream, as it is said.
//!
//! Text, thoughts, calls, images and sound are told at once. What may still change waits for the
//! end: the text's signature and what it cites, since that may be noted before the text (N3).

use super::{
    super::{
        call_body::{FunctionCall, ToolCall},
        chunk::{ChunkChoice, Delta},
        extra_content::ExtraContent,
        media_body::{Audio, Image, audio_id},
        response::Logprobs,
        style::CallStyle,
    },
    Chunks,
};
use crate::answer::{
    Call, CitedText, Media, Notes, Output, Said, code_text, logprobs, sound::SoundJoiner,
};

/// What a choice has to remember.
#[derive(Default)]
pub(super) struct StreamedChoice {
    role_written: bool,
    /// Calls so far (X4).
    calls: u32,
    images: u32,
    text: CitedText,
    /// Of the text; the last counts, as in whole answers.
    signature: Option<String>,
    sound: Option<SoundJoiner>,
}

impl StreamedChoice {
    /// Writes the role, once, and not before there is something to say: until then an error can
    /// still keep its status and another key can still be tried (X2).
    pub(super) fn open(&mut self, index: u32, chunks: &Chunks, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.role_written, true) {
            return;
        }
        let delta = Delta {
            role: Some("assistant"),
            content: Some(""),
            ..Delta::default()
        };
        chunks.delta(index, delta, out);
    }

    pub(super) fn say(&mut self, index: u32, said: &Said<'_>, chunks: &Chunks, out: &mut Vec<u8>) {
        if let (Output::Text(_) | Output::Nothing, Some(signature)) = (&said.output, said.signature)
        {
            self.signature = Some(signature.to_owned());
        }
        if matches!(said.output, Output::Nothing) {
            return;
        }
        self.open(index, chunks, out);
        let code: String;
        let mut delta = Delta::default();
        match &said.output {
            Output::Text(text) => {
                self.text.push(text);
                delta.content = Some(text);
            }
            Output::Thought(text) => delta.reasoning_content = Some(text),
            Output::Call(call) => match self.call(call, said.signature, chunks) {
                Some(call) => delta = call,
                None => return,
            },
            Output::Media(media) if media.is_image() => {
                let image = Image::new(Some(self.images), *media, said.signature);
                self.images += 1;
                delta.images = Some([image]);
            }
            Output::Media(media) if media.is_audio() => match self.sound(index, media, chunks) {
                Some(sound) => delta = sound,
                None => return,
            },
            Output::Code { .. } | Output::CodeResult { .. } => {
                code = code_text(&said.output).unwrap_or_default();
                if code.is_empty() {
                    return;
                }
                self.text.insert(&code);
                delta.content = Some(&code);
            }
            Output::Media(_) | Output::Nothing => return,
        }
        chunks.delta(index, delta, out);
    }

    /// `None` for a call that the client's style has no room for.
    fn call<'a>(
        &mut self,
        call: &'a Call<'_>,
        signature: Option<&'a str>,
        chunks: &Chunks,
    ) -> Option<Delta<'a>> {
        let number = self.calls;
        self.calls += 1;
        match chunks.style.calls {
            CallStyle::Tools => Some(Delta {
                tool_calls: Some([ToolCall::new(Some(number), call, signature, &chunks.style)]),
                ..Delta::default()
            }),
            CallStyle::Function if number > 0 => None,
            CallStyle::Function => Some(Delta {
                function_call: Some(FunctionCall::new(call, signature)),
                ..Delta::default()
            }),
        }
    }

    /// Id and transcript come once: clients join the strings of deltas. `None` when the piece is
    /// too small to be told before the next.
    fn sound(&mut self, index: u32, media: &Media<'_>, chunks: &Chunks) -> Option<Delta<'static>> {
        let first = self.sound.is_none();
        let joiner = || SoundJoiner::new(chunks.style.sound);
        let data = self.sound.get_or_insert_with(joiner).push(media);
        (first || !data.is_empty()).then(|| {
            Delta::of_audio(Audio {
                id: first.then(|| audio_id(&chunks.meta.fallback_id, index).into()),
                data: Some(data.into()),
                transcript: first.then_some(""),
                expires_at: None,
            })
        })
    }

    pub(super) fn note(
        &mut self,
        index: u32,
        notes: &Notes<'_>,
        chunks: &Chunks,
        out: &mut Vec<u8>,
    ) {
        self.text.note(notes);
        // They come with the tokens they are about; without any, nothing may be written yet.
        let Some(raw) = notes.logprobs.filter(|_| self.role_written) else {
            return;
        };
        if let Some(logprobs) = Logprobs::of(logprobs::read(raw)) {
            let choice = ChunkChoice {
                index,
                logprobs: Some(logprobs),
                ..ChunkChoice::default()
            };
            chunks.choice(&choice, out);
        }
    }

    /// Everything that comes between the last thing said and the finish reason.
    pub(super) fn close(self, index: u32, chunks: &Chunks, out: &mut Vec<u8>) {
        if let Some(mut sound) = self.sound {
            let rest = sound.finish();
            if !rest.is_empty() {
                let audio = Audio {
                    data: Some(rest.into()),
                    ..Audio::default()
                };
                chunks.delta(index, Delta::of_audio(audio), out);
            }
            let audio = Audio {
                expires_at: Some(chunks.meta.created_unix_s),
                ..Audio::default()
            };
            chunks.delta(index, Delta::of_audio(audio), out);
        }
        if let Some(signature) = &self.signature {
            let delta = Delta {
                extra_content: Some(ExtraContent::signed(signature)),
                ..Delta::default()
            };
            chunks.delta(index, delta, out);
        }
        let citations = self.text.citations();
        if !citations.is_empty() {
            let delta = Delta {
                annotations: citations.into_iter().map(Into::into).collect(),
                ..Delta::default()
            };
            chunks.delta(index, delta, out);
        }
    }
}
