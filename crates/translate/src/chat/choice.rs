//! A candidate of a whole answer to a choice.
//!
//! Code that Google ran is shown as text (A7); parts of other kinds, and media that are neither
//! image nor sound, are left out (A6).

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{
    call_body::{FunctionCall, ToolCall},
    extra_content::ExtraContent,
    media_body::{Audio, Image, audio_id},
    response::{Choice, FinishReason, Logprobs, Message},
    style::{CallStyle, Style},
};
use crate::{
    AnswerMeta,
    answer::{
        AnsweredCandidate, Citation, CitedText, Media, Output, Said, code_text, logprobs,
        refusal_text, sound,
    },
};

/// What a choice's message is put together from.
struct Parts<'a> {
    message: Message<'a>,
    content: Cow<'a, str>,
    thoughts: Cow<'a, str>,
    sounds: Vec<Media<'a>>,
}

/// The choice of a candidate.
pub(super) fn convert_candidate<'a>(
    candidate: &'a AnsweredCandidate<'_>,
    meta: &AnswerMeta,
    style: &Style,
) -> Choice<'a> {
    let mut parts = Parts {
        message: Message::empty(),
        content: Cow::Borrowed(""),
        thoughts: Cow::Borrowed(""),
        sounds: Vec::new(),
    };
    for said in &candidate.said {
        parts.add(said, style);
    }
    let Parts {
        mut message,
        content,
        thoughts,
        sounds,
    } = parts;
    let has_calls = !message.tool_calls.is_empty() || message.function_call.is_some();
    message.content = (!has_calls || !content.is_empty()).then_some(content);
    message.reasoning_content = (!thoughts.is_empty()).then_some(thoughts);
    message.audio = sound::join(&sounds, style.sound).map(|data| Audio {
        id: Some(audio_id(&meta.fallback_id, candidate.index).into()),
        data: Some(data.into()),
        expires_at: Some(meta.created_unix_s),
        transcript: Some(""),
    });
    message.annotations = cite(candidate).into_iter().map(Into::into).collect();
    Choice {
        index: candidate.index,
        message,
        logprobs: candidate
            .notes
            .logprobs
            .and_then(|raw| Logprobs::of(logprobs::read(raw))),
        finish_reason: FinishReason::of(candidate.stopped.kind, style.calls),
    }
}

/// The choice of a prompt that Gemini refused to answer (B1).
pub(super) fn blocked_choice(reason: &str) -> Choice<'static> {
    Choice {
        index: 0,
        message: Message {
            refusal: Some(Cow::Owned(refusal_text(reason))),
            ..Message::empty()
        },
        logprobs: None,
        finish_reason: FinishReason::ContentFilter,
    }
}

impl<'a> Parts<'a> {
    fn add(&mut self, said: &'a Said<'_>, style: &Style) {
        let message = &mut self.message;
        match &said.output {
            Output::Text(text) => append(&mut self.content, text),
            Output::Thought(text) => append(&mut self.thoughts, text),
            Output::Call(call) => match style.calls {
                CallStyle::Tools => {
                    let call = ToolCall::new(None, call, said.signature, style);
                    message.tool_calls.push(call);
                }
                CallStyle::Function => {
                    let convert = || FunctionCall::new(call, said.signature);
                    message.function_call.get_or_insert_with(convert);
                }
            },
            Output::Media(media) if media.is_image() => {
                let image = Image::new(None, *media, said.signature);
                message.images.push(image);
            }
            Output::Media(media) if media.is_audio() => self.sounds.push(*media),
            Output::Code { .. } | Output::CodeResult { .. } => {
                let text = code_text(&said.output).unwrap_or_default();
                self.content.to_mut().push_str(&text);
            }
            Output::Media(_) | Output::Nothing => {}
        }
        // There is room for one signature: the last, which normally is the only one.
        if let (Output::Text(_) | Output::Nothing, Some(signature)) = (&said.output, said.signature)
        {
            message.extra_content = Some(ExtraContent::signed(signature));
        }
    }
}

/// Borrows while there is one part, the usual case.
fn append<'a>(target: &mut Cow<'a, str>, text: &'a str) {
    if target.is_empty() {
        *target = Cow::Borrowed(text);
    } else {
        target.to_mut().push_str(text);
    }
}

/// Puts the text together a second time, since few answers cite anything.
fn cite(candidate: &AnsweredCandidate<'_>) -> Vec<Citation> {
    let mut text = CitedText::default();
    text.note(&candidate.notes);
    if text.cites_nothing() {
        return Vec::new();
    }
    for said in &candidate.said {
        match &said.output {
            Output::Text(piece) => text.push(piece),
            output => text.insert(&code_text(output).unwrap_or_default()),
        }
    }
    text.citations()
}
