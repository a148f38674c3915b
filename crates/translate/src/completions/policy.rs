//! What becomes of each parameter of a completion request, for the compatibility page.
//!
//! Fields of openai-python 3.57 (`CompletionCreateParamsBase`), read 2026-11-24.

use crate::compatibility::Parameter;

/// Every field that OpenAI defines.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::translated("model", "the model that is asked"),
    Parameter::translated(
        "prompt",
        "`contents` with one user message; an array of strings makes a call and a choice of each. Arrays of tokens are refused: they are another model's",
    ),
    Parameter::refused(
        "suffix",
        "Gemini does not insert text before another; an empty one is accepted",
    ),
    Parameter::translated("echo", "the prompt before the text of each choice"),
    Parameter::translated(
        "n",
        "as many calls for each prompt, at most 8, and 32 with all prompts; 1 in a stream",
    ),
    Parameter::ignored(
        "best_of",
        "every completion is one sample; it must not be less than `n`",
    ),
    Parameter::translated(
        "max_tokens",
        "`generationConfig.maxOutputTokens`, which counts thoughts too; without it the model's own limit, not OpenAI's 16",
    ),
    Parameter::translated(
        "temperature",
        "`generationConfig.temperature`, for models that take it",
    ),
    Parameter::translated("top_p", "`generationConfig.topP`, for models that take it"),
    Parameter::translated(
        "stop",
        "`generationConfig.stopSequences`, at most 5, without empty ones",
    ),
    Parameter::translated("seed", "`generationConfig.seed`, its low 32 bits"),
    Parameter::translated(
        "logprobs",
        "`generationConfig.responseLogprobs` and `logprobs`, for models that tell; refused with `echo`",
    ),
    Parameter::ignored("frequency_penalty", "no current model takes penalties"),
    Parameter::ignored("presence_penalty", "no current model takes penalties"),
    Parameter::translated(
        "stream",
        "`streamGenerateContent`; with one prompt and `n` of 1",
    ),
    Parameter::translated(
        "stream_options.include_usage",
        "a last chunk with the usage",
    ),
    Parameter::ignored(
        "stream_options.include_obfuscation",
        "chunks are never padded",
    ),
    Parameter::ignored("logit_bias", "it is by tokens, which are another model's"),
    Parameter::ignored("user", "Gemini has nothing to tell users apart by"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{compatibility::fields_of, completions::request::Fields};

    #[test]
    fn every_field_that_is_read_has_its_line_and_no_other() {
        let listed: BTreeSet<&str> = PARAMETERS
            .iter()
            .map(|parameter| parameter.name.split('.').next().unwrap())
            .collect();
        let read: BTreeSet<&str> = fields_of::<Fields<'_>>().iter().copied().collect();
        assert_eq!(listed, read);
    }
}
