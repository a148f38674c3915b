//! A request to a draft.
//!
//! It puts the parts together; each part is converted in a module of its own.

#[cfg(test)]
mod tests;

use super::{
    conversation::convert_conversation,
    parameters::{check_service_tier, convert_format, convert_sampling},
    request::Fields,
    thinking::convert_thinking,
    tools::convert_tools,
};
use crate::{invalid_request::Refusal, prompt::Draft};

/// What the client means. Anthropic keeps nothing unless asked in another way, so neither may
/// Google.
///
/// # Errors
/// A [`Refusal`] for what is wrong inside messages, tools or parameters.
pub(super) fn draft<'a>(fields: &'a Fields<'_>) -> Result<Draft<'a>, Refusal> {
    check_service_tier(fields)?;
    let conversation = convert_conversation(fields.system.as_ref(), fields.messages())?;
    Ok(Draft {
        instructions: conversation.instructions,
        turns: conversation.turns,
        tools: convert_tools(fields)?,
        output: convert_format(fields)?,
        thinking: convert_thinking(fields)?,
        sampling: convert_sampling(fields)?,
        store: false,
        ..Draft::default()
    })
}
