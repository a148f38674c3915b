//! A chat request to a draft.
//!
//! It puts the parts together; each part is converted in a module of its own.

#[cfg(test)]
mod tests;

use super::{
    ChatRequest,
    messages::convert_messages,
    parameters::{convert_sampling, convert_service_tier},
    tools::convert_tools,
};
use crate::{invalid_request::Refusal, prompt::Draft};

/// What the client means.
///
/// # Errors
/// A [`Refusal`] for what is wrong inside messages or parameters, or not supported yet.
pub(super) fn draft<'a>(request: &'a ChatRequest<'_>) -> Result<Draft<'a>, Refusal> {
    let conversation = convert_messages(request.fields().messages())?;
    Ok(Draft {
        instructions: conversation.instructions,
        turns: conversation.turns,
        tools: convert_tools(request.fields())?,
        sampling: convert_sampling(request.fields())?,
        service_tier: convert_service_tier(request.fields())?,
        store: request.fields().store.unwrap_or(false),
        ..Draft::default()
    })
}
