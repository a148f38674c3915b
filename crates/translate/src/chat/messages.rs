//! OpenAI messages to Gemini contents (M1–M17).
//!
//! Two choices where the reference leaves one. System messages in mid-conversation keep their place
//! as user turns instead of being hoisted: that keeps their meaning and the cacheable prefix (M2).
//! Turns of the same role are not merged: Gemini accepts them, and merging would hide the client's
//! own structure (M10).

use super::{
    content::{Allowed, Budget, convert_content, push_text},
    message::Message,
};
use crate::{
    gemini::request::{Content, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::Object,
};

/// What stands in for a turn without content, which Gemini would refuse (M16).
const BLANK: &str = " ";

/// What messages become.
#[derive(Debug)]
pub(super) struct Conversation<'a> {
    /// Text of the messages that instruct before anybody speaks.
    pub(super) instructions: Vec<Part<'a>>,
    pub(super) turns: Vec<Content<'a>>,
}

/// OpenAI's roles as far as they can be translated.
enum Speaker {
    Instructor,
    User,
    Assistant,
}

/// Converts a whole conversation.
///
/// # Errors
/// A [`Refusal`] whose path starts with `messages[`.
pub(super) fn convert_messages<'a>(
    messages: &'a [Object<Message<'_>>],
) -> Result<Conversation<'a>, Refusal> {
    let mut instructions = Vec::new();
    let mut turns = Vec::with_capacity(messages.len());
    let mut budget = Budget::default();
    for (index, message) in messages.iter().enumerate() {
        convert_message(message, &mut budget, &mut instructions, &mut turns)
            .map_err(|refusal| refusal.within(format_args!("messages[{index}]")))?;
    }
    Ok(Conversation {
        instructions,
        turns,
    })
}

/// A turn that says nothing.
fn blank_turn() -> Content<'static> {
    Content::user(vec![Part::text(BLANK)])
}

fn convert_message<'a>(
    message: &'a Message<'_>,
    budget: &mut Budget,
    instructions: &mut Vec<Part<'a>>,
    contents: &mut Vec<Content<'a>>,
) -> Result<(), Refusal> {
    match read_speaker(message)? {
        // Only those before any other message are hoisted (M1, M2).
        Speaker::Instructor if contents.is_empty() => {
            convert_required(message, Allowed::Text, budget, instructions)?;
        }
        Speaker::Instructor => {
            let mut parts = Vec::new();
            convert_required(message, Allowed::Text, budget, &mut parts)?;
            if !parts.is_empty() {
                contents.push(Content::user(parts));
            }
        }
        Speaker::User => {
            let mut parts = Vec::new();
            convert_required(message, Allowed::Attachments, budget, &mut parts)?;
            contents.push(if parts.is_empty() {
                blank_turn()
            } else {
                Content::user(parts)
            });
        }
        Speaker::Assistant => {
            let parts = convert_assistant(message, budget)?;
            // An assistant that said nothing is dropped (M5).
            if !parts.is_empty() {
                contents.push(Content::model(parts));
            }
        }
    }
    Ok(())
}

fn read_speaker(message: &Message<'_>) -> Result<Speaker, Refusal> {
    match message.role.as_deref() {
        Some("system" | "developer") => Ok(Speaker::Instructor),
        Some("user") => Ok(Speaker::User),
        Some("assistant") => Ok(Speaker::Assistant),
        Some(role @ ("tool" | "function")) => Err(Refusal::not_supported_yet(
            "role",
            format_args!("a message of role {} is", Quoted(role)),
        )),
        Some(role) => Err(Refusal::new(
            Code::InvalidValue,
            "role",
            format_args!(
                "unknown role {}; use one of `system`, `developer`, `user`, `assistant`",
                Quoted(role)
            ),
        )),
        None => Err(Refusal::new(
            Code::MissingParameter,
            "role",
            "is required: `system`, `developer`, `user` or `assistant`",
        )),
    }
}

/// Content of roles that must have some; an assistant's may be `null`.
fn convert_required<'a>(
    message: &'a Message<'_>,
    allowed: Allowed,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    let Some(content) = &message.content else {
        return Err(Refusal::new(
            Code::MissingParameter,
            "content",
            "is required: a string or an array of content parts",
        ));
    };
    convert_content(content, allowed, budget, parts)
}

/// `reasoning_content` that clients send back is not read at all (M17).
fn convert_assistant<'a>(
    message: &'a Message<'_>,
    budget: &mut Budget,
) -> Result<Vec<Part<'a>>, Refusal> {
    let calls = message
        .tool_calls
        .as_ref()
        .is_some_and(|calls| !calls.is_empty());
    for (field, present, what) in [
        ("tool_calls", calls, "tool calling is"),
        (
            "function_call",
            message.function_call.is_some(),
            "function calling is",
        ),
        (
            "audio",
            message.audio.is_some(),
            "an earlier audio answer is",
        ),
    ] {
        if present {
            return Err(Refusal::not_supported_yet(field, what));
        }
    }
    let mut parts = Vec::new();
    if let Some(content) = &message.content {
        convert_content(content, Allowed::Answers, budget, &mut parts)?;
    }
    if let Some(refusal) = &message.refusal {
        push_text(&mut parts, refusal);
    }
    Ok(parts)
}
