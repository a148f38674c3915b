//! `usage` of OpenAI's answers, as of openai-python 3.57 (November 2026).
//!
//! It writes counts and makes none: what they mean is [`Usage`]'s (S1–S7). `cache_write_tokens` is
//! left out, since Gemini does not say.

use serde::Serialize;

use crate::Usage;

/// Counts of an answer.
#[derive(Serialize)]
pub(crate) struct UsageBody {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: PromptTokensDetails,
    completion_tokens_details: CompletionTokensDetails,
}

#[derive(Serialize)]
struct PromptTokensDetails {
    cached_tokens: u64,
    audio_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    image_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    text_tokens: u64,
}

#[derive(Serialize)]
struct CompletionTokensDetails {
    reasoning_tokens: u64,
    audio_tokens: u64,
    /// Not OpenAI's; what proxies add for models that draw.
    #[serde(skip_serializing_if = "is_zero")]
    image_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    text_tokens: u64,
    /// Not OpenAI's: how often a cut answer was gone on with, where that is switched on.
    #[serde(skip_serializing_if = "is_zero")]
    continuations: u64,
    /// Always 0, like the next: Gemini takes no predictions.
    accepted_prediction_tokens: u64,
    rejected_prediction_tokens: u64,
}

/// Gemini often leaves counts by modality out, so that 0 may mean that nobody knows.
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            total_tokens: usage.total_tokens,
            prompt_tokens_details: PromptTokensDetails {
                cached_tokens: usage.cached_tokens,
                audio_tokens: usage.prompt_audio_tokens,
                image_tokens: usage.prompt_image_tokens,
                text_tokens: usage.prompt_text_tokens,
            },
            completion_tokens_details: CompletionTokensDetails {
                reasoning_tokens: usage.reasoning_tokens,
                audio_tokens: usage.completion_audio_tokens,
                image_tokens: usage.completion_image_tokens,
                text_tokens: usage.completion_text_tokens,
                continuations: usage.continuations.into(),
                accepted_prediction_tokens: 0,
                rejected_prediction_tokens: 0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_are_completion_and_modalities_are_details_s2_s3_s4_s7() {
        let metadata = r#"{"promptTokenCount":300,"candidatesTokenCount":1290,"thoughtsTokenCount":10,
            "toolUsePromptTokenCount":20,"cachedContentTokenCount":50,"totalTokenCount":1620,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":30},{"modality":"IMAGE","tokenCount":258},{"modality":"AUDIO","tokenCount":12}],
            "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1120}]}"#;
        let usage = Usage::from_gemini(&serde_json::from_str(metadata).unwrap()).unwrap();
        assert_eq!(
            serde_json::to_string(&UsageBody::from(usage)).unwrap(),
            r#"{"prompt_tokens":320,"completion_tokens":1300,"total_tokens":1620,"prompt_tokens_details":{"cached_tokens":50,"audio_tokens":12,"image_tokens":258,"text_tokens":30},"completion_tokens_details":{"reasoning_tokens":10,"audio_tokens":0,"image_tokens":1120,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#
        );
    }
}
