//! A draft, fitted to one model: Gemini's request.
//!
//! Each concern is a file of its own; this one only puts them in order. What a model can do is read
//! from one table, and no name of a model is looked at here.

mod candidates;
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
    exchange::{Target, check_repeated},
    gemini::request::{GenerateContentRequest, SafetySetting, SystemInstruction},
    invalid_request::{Code, Refusal},
    json::write_json,
    model::{Instructions, capabilities},
    prompt::{Draft, ToolChoice, function_names::FunctionNames},
};

/// Room for what Gemini's body has and the client's has not, in bytes.
const EXTRA_BYTES: usize = 256;

/// Gemini's request, ready to be written.
#[derive(Debug)]
pub(crate) struct Assembled<'a> {
    pub(crate) request: GenerateContentRequest<'a>,
    /// Whether a signature is in it that Gemini might refuse.
    pub(crate) signed: bool,
    /// Calls that together give the answers that were wished; 1 unless several are and the model
    /// gives one a call (G5).
    pub(crate) calls: usize,
}

impl Assembled<'_> {
    /// The body. `client_bytes` is the size of the client's, which it nearly has.
    pub(crate) fn to_json(&self, client_bytes: usize) -> Vec<u8> {
        let mut json = Vec::with_capacity(client_bytes.saturating_add(EXTRA_BYTES));
        write_json(&mut json, &self.request);
        json
    }

    /// The bodies of all calls. They are alike but for the seed, which counts up: with one seed all
    /// answers would be the same (G7).
    ///
    /// # Errors
    /// A [`Refusal`] if all of them together are too large.
    pub(crate) fn into_bodies(mut self, client_bytes: usize) -> Result<Vec<Vec<u8>>, Refusal> {
        let mut bodies = Vec::with_capacity(self.calls);
        for _ in 0..self.calls {
            let body = self.to_json(client_bytes);
            check_repeated(self.calls, body.len())?;
            bodies.push(body);
            let seed = &mut self.request.generation_config.seed;
            *seed = seed.map(|seed| seed.wrapping_add(1));
        }
        Ok(bodies)
    }
}

/// Fits `draft` to the target's model.
///
/// # Errors
/// A [`Refusal`] for what this model cannot do and leaving out would change the meaning of.
pub(crate) fn assemble<'a>(
    draft: Draft<'a>,
    target: &Target<'a>,
) -> Result<Assembled<'a>, Refusal> {
    let capabilities = capabilities(target.model.as_str());
    let features = target.features;
    check_cached_content(&draft, target)?;
    let candidates = candidates::fit(draft.sampling.candidates, capabilities, target.streamed)?;
    let functions = draft.tools.functions.iter();
    let names = FunctionNames::new(functions.map(|function| &*function.name));

    let mut contents = pairing::pair(draft.turns, &names);
    let media_resolution = media::fit(&mut contents, capabilities)?;
    let signed = signatures::sign(&mut contents, capabilities.signatures, target);
    conversation::tidy(&mut contents);
    let mut instructions = draft.instructions;
    // A model that is made to draw by a suffix takes none elsewhere either ("Developer instruction is
    // not enabled for models/gemini-2.0-flash-exp", QuantumNous/new-api#989, 2025-04).
    if capabilities.instructions == Instructions::Prompt || features.image {
        conversation::instruct(&mut contents, std::mem::take(&mut instructions));
    }
    conversation::close(&mut contents, capabilities.last_turn);

    let tools = tools::fit(draft.tools, features, &names, capabilities)?;
    let mut config = sampling::fit(draft.sampling, capabilities, target.streamed);
    config.candidate_count = candidates.per_call;
    config.media_resolution = media_resolution;
    config.thinking_config =
        thinking::fit(draft.thinking, features.thinking, capabilities.thinking);
    output::fit_format(&mut config, draft.output, &tools.tools, capabilities);
    let media = output::Media {
        modalities: draft.modalities,
        voice: draft.voice,
        image: draft.image,
    };
    output::fit_media(&mut config, media, features, capabilities)?;

    Ok(Assembled {
        request: GenerateContentRequest {
            contents,
            system_instruction: (!instructions.is_empty()).then_some(SystemInstruction {
                parts: instructions,
            }),
            tools: tools.tools,
            tool_config: tools.config,
            safety_settings: fit_safety(draft.safety, target),
            generation_config: config,
            cached_content: draft.cached_content,
            service_tier: draft.service_tier,
            // Always said: projects made since 2026-10-26 keep prompts and answers unless told not
            // to, and a client has not asked for that (G13).
            store: Some(draft.store),
        },
        signed,
        calls: candidates.calls,
    })
}

/// The client's thresholds, else those of the deployment (G23).
fn fit_safety<'a>(wished: Vec<SafetySetting<'a>>, target: &Target<'a>) -> Vec<SafetySetting<'a>> {
    if !wished.is_empty() {
        return wished;
    }
    let settings = target.safety.iter();
    settings
        .map(|setting| SafetySetting {
            category: setting.category.as_str().into(),
            threshold: setting.threshold.as_str().into(),
        })
        .collect()
}

/// Cached content brings its own instructions and tools, and Gemini refuses others beside it (G24).
/// Dropping the client's would change what it asked for, and it cannot see that.
fn check_cached_content(draft: &Draft<'_>, target: &Target<'_>) -> Result<(), Refusal> {
    let tools = &draft.tools;
    let has_tools = !tools.functions.is_empty()
        || tools.choice != ToolChoice::Auto
        || tools.google_search
        || tools.code_execution
        || tools.url_context
        || target.features.search;
    let what = match (draft.instructions.is_empty(), has_tools) {
        _ if draft.cached_content.is_none() => return Ok(()),
        (true, false) => return Ok(()),
        (false, _) => "instructions",
        (true, true) => "tools",
    };
    Err(Refusal::new(
        Code::InvalidValue,
        "cached_content",
        format_args!(
            "cannot be used with {what} in the request: Gemini takes them from the cached content; \
             put them there when it is created, or leave it out here"
        ),
    ))
}

#[cfg(test)]
mod tests;
