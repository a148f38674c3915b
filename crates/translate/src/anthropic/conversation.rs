//! Anthropic's messages to Gemini contents (M1–M17, §7.1).
//!
//! It decides who speaks; what the roles say is `user`'s and `assistant`'s. Two choices where the
//! reference leaves one. System messages after the first turn keep their place as user turns (M2).
//! Turns of the same role are not merged: Gemini accepts them (M10). Pairing calls with results is
//! left to the fitting of the draft, which does it for every dialect.

use super::{
    assistant::convert_assistant,
    message::{Content, Message},
    user::{convert_system, convert_user},
};
use crate::{
    gemini::request::{self as gemini, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::Object,
    media::Budget,
    prompt::CallNames,
};

/// What a conversation becomes.
#[derive(Debug, Default)]
pub(super) struct Conversation<'a> {
    /// Text that instructs before anybody speaks.
    pub(super) instructions: Vec<Part<'a>>,
    pub(super) turns: Vec<gemini::Content<'a>>,
    calls: CallNames<'a>,
    budget: Budget,
}

/// Converts `system` and all messages.
///
/// # Errors
/// A [`Refusal`] whose path starts with `system` or `messages[`.
pub(super) fn convert_conversation<'a>(
    system: Option<&'a Content<'_>>,
    messages: &'a [Object<Message<'_>>],
) -> Result<Conversation<'a>, Refusal> {
    let mut conversation = Conversation::default();
    if let Some(system) = system {
        convert_system(system, "system", &mut conversation.instructions)?;
    }
    conversation.turns.reserve(messages.len());
    for (index, message) in messages.iter().enumerate() {
        conversation
            .add(message)
            .map_err(|refusal| refusal.within(format_args!("messages[{index}]")))?;
    }
    Ok(conversation)
}

impl<'a> Conversation<'a> {
    fn add(&mut self, message: &'a Message<'_>) -> Result<(), Refusal> {
        let role = message
            .role
            .as_deref()
            .ok_or_else(|| Refusal::missing("role", "`user`, `assistant` or `system`"))?;
        let content = message
            .content
            .as_ref()
            .ok_or_else(|| Refusal::missing("content", "a string or an array of content blocks"))?;
        match role {
            "user" => {
                let parts = convert_user(content, &self.calls, &mut self.budget)?;
                self.turns.push(gemini::Content::user_or_blank(parts));
            }
            "assistant" => {
                let parts = convert_assistant(content, &mut self.calls)?;
                // An assistant that said nothing is dropped (M5).
                if !parts.is_empty() {
                    self.turns.push(gemini::Content::model(parts));
                }
            }
            // Only what comes before any other message is hoisted (M1, M2).
            "system" if self.turns.is_empty() => {
                convert_system(content, "content", &mut self.instructions)?;
            }
            "system" => {
                let mut parts = Vec::new();
                convert_system(content, "content", &mut parts)?;
                if !parts.is_empty() {
                    self.turns.push(gemini::Content::user(parts));
                }
            }
            _ => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "role",
                    format_args!(
                        "unknown role {}; use `user`, `assistant` or `system`",
                        Quoted(role)
                    ),
                ));
            }
        }
        Ok(())
    }
}
