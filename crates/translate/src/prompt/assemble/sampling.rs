//! Sampling and limits, by family of models (G1–G10).

use crate::{
    gemini::request::GenerationConfig,
    model::{Logprobs, ModelCapabilities, Sampling as Accepts},
    prompt::Sampling,
};

/// Leaves out what the model refuses and lowers what it cannot give. How many answers are wished is
/// not its business.
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
    // Most models refuse to tell, and an answer without is an answer (G9).
    let logprobs = sampling
        .logprobs
        .filter(|_| capabilities.logprobs == Logprobs::Accepted);
    GenerationConfig {
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
        response_logprobs: logprobs.map(|_| true),
        // Alternatives; none is said by leaving it out (G10).
        logprobs: logprobs.filter(|alternatives| *alternatives > 0),
        ..GenerationConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::capabilities;

    fn config(model: &str, streamed: bool, logprobs: Option<u32>) -> String {
        let sampling = Sampling {
            max_output_tokens: Some(100_000),
            temperature: Some(0.5),
            top_p: Some(0.0),
            top_k: Some(3),
            stop: vec!["x".into()],
            seed: Some(7),
            candidates: None,
            logprobs,
        };
        serde_json::to_string(&fit(sampling, capabilities(model), streamed)).unwrap()
    }

    #[test]
    fn late_models_are_sent_no_sampling_g2_g3_g4() {
        assert_eq!(
            config("gemini-2.5-flash", false, None),
            r#"{"maxOutputTokens":65536,"temperature":0.5,"topK":3,"stopSequences":["x"],"seed":7}"#
        );
        assert_eq!(
            config("gemini-3.8-flash", false, None),
            r#"{"maxOutputTokens":65536,"stopSequences":["x"],"seed":7}"#
        );
    }

    #[test]
    fn the_token_limit_is_the_models_g1() {
        for (model, streamed, limit) in [
            ("gemini-4-argon", false, 32_768),
            ("gemini-4-argon", true, 65_536),
            ("gemini-2.0-flash", true, 8_192),
            ("gemini-flash-latest", true, 100_000),
        ] {
            let expected = format!(r#"{{"maxOutputTokens":{limit},"#);
            assert!(
                config(model, streamed, None).starts_with(&expected),
                "{model}"
            );
        }
    }

    #[test]
    fn log_probabilities_are_asked_of_models_that_tell_them_g9_g10() {
        for (model, wished, expected) in [
            ("gemini-2.0-flash", Some(0), r#""responseLogprobs":true}"#),
            (
                "gemini-2.0-flash",
                Some(5),
                r#""responseLogprobs":true,"logprobs":5}"#,
            ),
            ("gemini-2.0-flash", None, r#""seed":7}"#),
            ("gemini-2.5-flash", Some(5), r#""seed":7}"#),
            ("gemini-3.8-flash", Some(5), r#""seed":7}"#),
        ] {
            let config = config(model, false, wished);
            assert!(config.ends_with(expected), "{model}: {config}");
        }
    }
}
