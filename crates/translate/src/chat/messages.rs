//! OpenAI messages to Gemini contents (M1–M17).
//!
//! Choices where the reference leaves one:
//! - System messages in mid-conversation keep their place as user turns instead of being hoisted:
//!   that keeps their meaning and the cacheable prefix (M2).
//! - Turns of the same role are not merged: Gemini accepts them, and merging would hide the client's
//!   own structure (M10). Results of tools that follow each other are, as Gemini demands (M6).
//! - `name` tells participants of one role apart, so it goes before what they say, as a text of its
//!   own. An assistant's is dropped: the model would begin its answers with it (M13).
//! - What an assistant said aloud is sent as its transcript where the client has that (M15).

use super::{
    attachments::convert_image,
    calls::convert_calls,
    content::{Allowed, convert_content, push_text},
    message::Message,
    results::{ConvertedResult, convert_function_result, convert_tool_result},
};
use crate::{
    gemini::request::{Content, Data, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::Object,
    media::Budget,
    prompt::CallNames,
};

/// What messages become.
#[derive(Debug, Default)]
pub(super) struct Conversation<'a> {
    /// Text of the messages that instruct before anybody speaks.
    pub(super) instructions: Vec<Part<'a>>,
    pub(super) turns: Vec<Content<'a>>,
    names: CallNames<'a>,
    budget: Budget,
    /// Whether the last turn holds results, and only those.
    answering: bool,
}

/// OpenAI's roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Instructor,
    User,
    Assistant,
    Tool,
    Function,
}

/// Converts a whole conversation.
///
/// # Errors
/// A [`Refusal`] whose path starts with `messages[`.
pub(super) fn convert_messages<'a>(
    messages: &'a [Object<Message<'_>>],
) -> Result<Conversation<'a>, Refusal> {
    let mut conversation = Conversation::default();
    conversation.turns.reserve(messages.len());
    for (index, message) in messages.iter().enumerate() {
        conversation
            .push(message)
            .map_err(|refusal| refusal.within(format_args!("messages[{index}]")))?;
    }
    Ok(conversation)
}

impl<'a> Conversation<'a> {
    fn push(&mut self, message: &'a Message<'_>) -> Result<(), Refusal> {
        let speaker = read_speaker(message)?;
        let answering = matches!(speaker, Speaker::Tool | Speaker::Function);
        match speaker {
            Speaker::Instructor => {
                let parts = self.convert_named(message, Allowed::Text)?;
                // Only those before any other message are hoisted (M1, M2).
                if self.turns.is_empty() {
                    self.instructions.extend(parts);
                } else if !parts.is_empty() {
                    self.turns.push(Content::user(parts));
                }
            }
            Speaker::User => {
                let parts = self.convert_named(message, Allowed::Attachments)?;
                self.turns.push(Content::user_or_blank(parts));
            }
            Speaker::Assistant => {
                let parts = self.convert_assistant(message)?;
                // An assistant that said nothing is dropped (M5).
                if !parts.is_empty() {
                    self.turns.push(Content::model(parts));
                }
            }
            Speaker::Tool => {
                let result = convert_tool_result(message, &self.names, &mut self.budget)?;
                self.push_result(result);
            }
            Speaker::Function => {
                let result = convert_function_result(message, &mut self.budget)?;
                self.push_result(result);
            }
        }
        self.answering = answering;
        Ok(())
    }

    /// Content of roles that must have some, after the name of who says it.
    fn convert_named(
        &mut self,
        message: &'a Message<'_>,
        allowed: Allowed,
    ) -> Result<Vec<Part<'a>>, Refusal> {
        let Some(content) = &message.content else {
            return Err(Refusal::missing(
                "content",
                "a string or an array of content parts",
            ));
        };
        let mut parts = Vec::new();
        convert_content(content, allowed, &mut self.budget, &mut parts)?;
        let name = message.name.as_deref().map(str::trim).unwrap_or_default();
        if !name.is_empty() && !parts.is_empty() {
            parts.insert(0, Part::text(format!("{name}: ")));
        }
        Ok(parts)
    }

    /// What was said, then what was shown, then what was called. Thoughts that clients send back
    /// are not read at all (M17).
    fn convert_assistant(&mut self, message: &'a Message<'_>) -> Result<Vec<Part<'a>>, Refusal> {
        let mut parts = Vec::new();
        if let Some(content) = &message.content {
            convert_content(content, Allowed::Answers, &mut self.budget, &mut parts)?;
        }
        push_text(&mut parts, message.refusal.as_deref().unwrap_or_default());
        let audio = message.audio.as_ref();
        let transcript = audio.and_then(|audio| audio.transcript.as_deref());
        push_text(&mut parts, transcript.unwrap_or_default());
        let images = message.images.as_deref().unwrap_or_default();
        for (index, image) in images.iter().enumerate() {
            let image = self
                .budget
                .take_image()
                .and_then(|()| convert_image(image.image_url.as_deref()))
                .map_err(|refusal| refusal.within(format_args!("images[{index}]")))?;
            parts.push(image);
        }
        convert_calls(message, &mut self.names, &mut parts)?;
        Ok(parts)
    }

    /// Results that follow each other share a turn, before whatever goes beside them (M6).
    fn push_result(&mut self, result: ConvertedResult<'a>) {
        let ConvertedResult {
            response,
            attachments,
        } = result;
        match self.turns.last_mut().filter(|_| self.answering) {
            Some(turn) => {
                let is_result = |part: &Part<'_>| matches!(part.data, Data::FunctionResponse(_));
                let after = turn.parts.iter().take_while(|part| is_result(part)).count();
                turn.parts.insert(after, response);
                turn.parts.extend(attachments);
            }
            None => {
                let mut parts = vec![response];
                parts.extend(attachments);
                self.turns.push(Content::user(parts));
            }
        }
    }
}

fn read_speaker(message: &Message<'_>) -> Result<Speaker, Refusal> {
    match message.role.as_deref() {
        Some("system" | "developer") => Ok(Speaker::Instructor),
        Some("user") => Ok(Speaker::User),
        Some("assistant") => Ok(Speaker::Assistant),
        Some("tool") => Ok(Speaker::Tool),
        Some("function") => Ok(Speaker::Function),
        Some(role) => Err(Refusal::new(
            Code::InvalidValue,
            "role",
            format_args!(
                "unknown role {}; use one of `system`, `developer`, `user`, `assistant`, `tool`, `function`",
                Quoted(role)
            ),
        )),
        None => Err(Refusal::missing(
            "role",
            "`system`, `developer`, `user`, `assistant` or `tool`",
        )),
    }
}
