//! A draft, fitted to one model: Gemini's request.
//!
//! Each concern is a file of its own; this one only puts them in order.

mod conversation;
mod media;
mod output;
mod pairing;
mod sampling;
mod schema;
mod signatures;
mod thinking;
mod tools;

use crate::{
    exchange::Target,
    gemini::request::{GenerateContentRequest, SystemInstruction, ToolConfig},
    invalid_request::Refusal,
    json::write_json,
    model::capabilities,
    prompt::Draft,
};

/// Room for what Gemini's body has and the client's has not, in bytes.
const EXTRA_BYTES: usize = 256;

/// Gemini's request, ready to be written.
#[derive(Debug)]
pub(crate) struct Assembled<'a> {
    pub(crate) request: GenerateContentRequest<'a>,
    /// Whether a signature is in it that Gemini might refuse.
    pub(crate) signed: bool,
}

impl Assembled<'_> {
    /// The body. `client_bytes` is the size of the client's, which it nearly has.
    pub(crate) fn to_json(&self, client_bytes: usize) -> Vec<u8> {
        let mut json = Vec::with_capacity(client_bytes.saturating_add(EXTRA_BYTES));
        write_json(&mut json, &self.request);
        json
    }
}

/// Fits `draft` to the target's model.
///
/// # Errors
/// A [`Refusal`] for what this model cannot do and leaving out would change the meaning of.
pub(crate) fn assemble<'a>(
    draft: Draft<'a>,
    target: &Target<'_>,
) -> Result<Assembled<'a>, Refusal> {
    let capabilities = capabilities(target.model.as_str());
    let mut contents = draft.turns;
    conversation::close(&mut contents, capabilities.last_turn);
    let generation_config = sampling::fit(draft.sampling, capabilities, target.streamed);
    let system_instruction = (!draft.instructions.is_empty()).then_some(SystemInstruction {
        parts: draft.instructions,
    });
    Ok(Assembled {
        request: GenerateContentRequest {
            contents,
            system_instruction,
            tools: Vec::new(),
            tool_config: ToolConfig::default(),
            safety_settings: draft.safety,
            generation_config,
            cached_content: draft.cached_content,
            service_tier: draft.service_tier,
            // Always said: projects made since 2026-10-26 keep prompts and answers unless told not
            // to, and a client has not asked for that (G13).
            store: Some(draft.store),
        },
        signed: false,
    })
}
