//! A chat request to the body of `generateContent`.
//!
//! It puts the parts together; each part is converted in a module of its own. The same body serves
//! `streamGenerateContent`: streaming is in the URL.

#[cfg(test)]
mod tests;

use crate::{
    InvalidRequest, ModelName,
    gemini::request::GenerateContentRequest,
    generation_config::{convert_generation_config, convert_service_tier},
    json::write_json,
    messages::convert_messages,
    model_capabilities::capabilities,
    openai::ChatRequest,
};

/// Room for what Gemini's body has and the client's has not, in bytes.
const EXTRA_BYTES: usize = 256;

/// The JSON body of `generateContent` for `model`, which may be another than the client named.
///
/// # Errors
/// [`InvalidRequest`] for what is wrong inside messages or parameters, or not supported yet.
pub fn chat_to_gemini(
    request: &ChatRequest<'_>,
    model: &ModelName,
) -> Result<Vec<u8>, InvalidRequest> {
    let capabilities = capabilities(model.as_str());
    let conversation = convert_messages(request.fields().messages(), capabilities.last_turn)?;
    let body = GenerateContentRequest {
        contents: conversation.contents,
        system_instruction: conversation.system_instruction,
        generation_config: convert_generation_config(request, capabilities)?,
        service_tier: convert_service_tier(request)?,
        // Always said: projects made since 2026-10-26 keep prompts and answers unless told not to,
        // and a client of OpenAI's chat API has not asked for that (G13).
        store: request.fields().store.unwrap_or(false),
    };
    let mut json = Vec::with_capacity(request.body_bytes() + EXTRA_BYTES);
    write_json(&mut json, &body);
    Ok(json)
}
