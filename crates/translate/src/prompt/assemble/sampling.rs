//! Sampling and limits, by family of models (G1–G7).

use crate::{
    gemini::request::GenerationConfig,
    model::{ModelCapabilities, Sampling as Accepts},
    prompt::Sampling,
};

/// Leaves out what the model refuses and lowers what it cannot give.
pub(super) fn fit<'a>(
    sampling: Sampling<'a>,
    capabilities: ModelCapabilities,
    streamed: bool,
) -> GenerationConfig<'a> {
    let sampled = capabilities.sampling == Accepts::Accepted;
    let limit = capabilities.output_tokens.map(|limits| {
        if streamed {
            limits.streaming
        } else {
            limits.unary
        }
    });
    GenerationConfig {
        candidate_count: sampling.candidates,
        // Asking for more than the model can give is not an error to clients' APIs, but an opaque
        // one to Gemini (G1).
        max_output_tokens: sampling
            .max_output_tokens
            .map(|tokens| tokens.min(limit.unwrap_or(u32::MAX))),
        temperature: sampling.temperature.filter(|_| sampled),
        // Some models refuse 0, and sampling from nothing means nothing (G3).
        top_p: sampling.top_p.filter(|value| sampled && *value > 0.0),
        top_k: sampling.top_k.filter(|_| sampled),
        stop_sequences: sampling.stop,
        seed: sampling.seed,
        ..GenerationConfig::default()
    }
}
