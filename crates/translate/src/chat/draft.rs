//! A chat request to a draft.
//!
//! It puts the parts together; each part is converted in a module of its own.

#[cfg(test)]
mod tests;

use super::{
    ChatRequest,
    google_extra::convert_google,
    messages::convert_messages,
    output_media::{convert_modalities, convert_voice},
    parameters::{convert_sampling, convert_service_tier},
    reasoning::convert_thinking,
    response_format::convert_format,
    tools::convert_tools,
    without_effect::check_without_effect,
};
use crate::{invalid_request::Refusal, prompt::Draft};

/// What the client means.
///
/// # Errors
/// A [`Refusal`] for what makes no sense in messages or parameters, or cannot be said to Gemini.
pub(super) fn draft<'a>(request: &'a ChatRequest<'_>) -> Result<Draft<'a>, Refusal> {
    let fields = request.fields();
    check_without_effect(fields)?;
    let output = match fields.response_format.as_deref() {
        Some(format) => {
            convert_format(format).map_err(|refusal| refusal.within("response_format"))?
        }
        None => Default::default(),
    };
    let modalities = convert_modalities(fields)?;
    let google = convert_google(fields)?;
    let conversation = convert_messages(fields.messages())?;
    Ok(Draft {
        instructions: conversation.instructions,
        turns: conversation.turns,
        tools: convert_tools(fields)?,
        output,
        thinking: convert_thinking(fields, &google)?,
        sampling: convert_sampling(fields)?,
        voice: convert_voice(fields, &modalities)?,
        modalities,
        image: google.image,
        safety: google.safety,
        cached_content: google.cached_content,
        service_tier: convert_service_tier(fields)?,
        store: fields.store.unwrap_or(false),
    })
}
