//! A chat request to a draft.
//!
//! It puts the parts together; each part is converted in a module of its own.

#[cfg(test)]
mod tests;

use super::{
    ChatRequest,
    messages::convert_messages,
    output_media::{convert_image_settings, convert_modalities, convert_voice},
    parameters::{convert_sampling, convert_service_tier},
    response_format::convert_format,
    tools::convert_tools,
};
use crate::{invalid_request::Refusal, prompt::Draft};

/// What the client means.
///
/// # Errors
/// A [`Refusal`] for what makes no sense in messages or parameters, or cannot be said to Gemini.
pub(super) fn draft<'a>(request: &'a ChatRequest<'_>) -> Result<Draft<'a>, Refusal> {
    let fields = request.fields();
    let output = match fields.response_format.as_deref() {
        Some(format) => {
            convert_format(format).map_err(|refusal| refusal.within("response_format"))?
        }
        None => Default::default(),
    };
    let modalities = convert_modalities(fields)?;
    let image = fields.image_config.as_deref().map(convert_image_settings);
    let image = image
        .transpose()
        .map_err(|refusal| refusal.within("image_config"))?;
    let conversation = convert_messages(fields.messages())?;
    Ok(Draft {
        instructions: conversation.instructions,
        turns: conversation.turns,
        tools: convert_tools(fields)?,
        output,
        sampling: convert_sampling(fields)?,
        voice: convert_voice(fields, &modalities)?,
        modalities,
        image: image.unwrap_or_default(),
        service_tier: convert_service_tier(fields)?,
        store: fields.store.unwrap_or(false),
        ..Draft::default()
    })
}
