//! Token counts (S1–S6).
//!
//! Counts only: prices, budgets and counters are not its business.

use serde::Deserialize;

use crate::gemini::response::{ModalityTokenCount, UsageMetadata};

/// What one answer cost, in tokens, by OpenAI's definitions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Prompt including what server-side tools put into it (S2).
    pub prompt_tokens: u64,
    /// Answer including thoughts: OpenAI counts reasoning as completion (S2, S7).
    pub completion_tokens: u64,
    /// Gemini's own total; the sum of the two others in every recorded answer (S1).
    pub total_tokens: u64,
    /// The part of `completion_tokens` that was thought (S3).
    pub reasoning_tokens: u64,
    /// The part of `prompt_tokens` that came from a cache (S3).
    pub cached_tokens: u64,
    /// The part of `prompt_tokens` that was sound (S4).
    pub prompt_audio_tokens: u64,
    /// The part of `prompt_tokens` that was images (S4).
    pub prompt_image_tokens: u64,
    /// The part of `prompt_tokens` that was text (S4); 0 where Gemini does not say.
    pub prompt_text_tokens: u64,
    /// The part of `completion_tokens` that was sound (S4).
    pub completion_audio_tokens: u64,
    /// The part of `completion_tokens` that was images (S4).
    pub completion_image_tokens: u64,
    /// The part of `completion_tokens` that was text (S4); 0 where Gemini does not say, which is the
    /// rule for answers of text alone.
    pub completion_text_tokens: u64,
    /// How many times a cut answer was gone on with; the counts are of all its pieces.
    pub continuations: u32,
    /// How the request was served, if Gemini says.
    pub tier: Option<ServedTier>,
}

/// `usageMetadata.serviceTier` (G14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServedTier {
    /// OpenAI calls it `default`.
    Standard,
    /// Cheaper, and may be cut off.
    Flex,
    /// Dearer, and served first.
    Priority,
}

impl ServedTier {
    fn read(tier: &str) -> Option<Self> {
        match tier {
            "standard" => Some(Self::Standard),
            "flex" => Some(Self::Flex),
            "priority" => Some(Self::Priority),
            _ => None,
        }
    }

    /// OpenAI's word for it.
    #[must_use]
    pub fn openai_name(self) -> &'static str {
        match self {
            Self::Standard => "default",
            Self::Flex => "flex",
            Self::Priority => "priority",
        }
    }
}

impl Usage {
    /// Reads Gemini's counts. Absent counts are zero, since Gemini omits zeros (S6); `None` when
    /// there is no count at all, so that such an event does not erase an earlier one (X8).
    pub(crate) fn from_gemini(metadata: &UsageMetadata<'_>) -> Option<Self> {
        let anything = metadata
            .prompt_token_count
            .or(metadata.candidates_token_count)
            .or(metadata.thoughts_token_count)
            .or(metadata.tool_use_prompt_token_count)
            .or(metadata.total_token_count);
        anything?;

        let thoughts = count(metadata.thoughts_token_count);
        let prompt_tokens = count(metadata.prompt_token_count)
            .saturating_add(count(metadata.tool_use_prompt_token_count));
        let completion_tokens = count(metadata.candidates_token_count).saturating_add(thoughts);
        let total_tokens = match count(metadata.total_token_count) {
            0 => prompt_tokens.saturating_add(completion_tokens),
            total => total,
        };
        let prompt = |modality| {
            let tools = metadata.tool_use_prompt_tokens_details.as_deref();
            of_modality(metadata.prompt_tokens_details.as_deref(), modality)
                .saturating_add(of_modality(tools, modality))
        };
        let candidates = metadata.candidates_tokens_details.as_deref();
        Some(Self {
            prompt_tokens,
            completion_tokens,
            total_tokens,
            reasoning_tokens: thoughts,
            cached_tokens: count(metadata.cached_content_token_count),
            prompt_audio_tokens: prompt("AUDIO"),
            prompt_image_tokens: prompt("IMAGE"),
            prompt_text_tokens: prompt("TEXT"),
            completion_audio_tokens: of_modality(candidates, "AUDIO"),
            completion_image_tokens: of_modality(candidates, "IMAGE"),
            completion_text_tokens: of_modality(candidates, "TEXT"),
            continuations: 0,
            tier: metadata.service_tier.as_deref().and_then(ServedTier::read),
        })
    }

    /// The counts of two answers together: of several calls that make one answer.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let add = u64::saturating_add;
        Self {
            prompt_tokens: add(self.prompt_tokens, other.prompt_tokens),
            completion_tokens: add(self.completion_tokens, other.completion_tokens),
            total_tokens: add(self.total_tokens, other.total_tokens),
            reasoning_tokens: add(self.reasoning_tokens, other.reasoning_tokens),
            cached_tokens: add(self.cached_tokens, other.cached_tokens),
            prompt_audio_tokens: add(self.prompt_audio_tokens, other.prompt_audio_tokens),
            prompt_image_tokens: add(self.prompt_image_tokens, other.prompt_image_tokens),
            prompt_text_tokens: add(self.prompt_text_tokens, other.prompt_text_tokens),
            completion_audio_tokens: add(
                self.completion_audio_tokens,
                other.completion_audio_tokens,
            ),
            completion_image_tokens: add(
                self.completion_image_tokens,
                other.completion_image_tokens,
            ),
            completion_text_tokens: add(self.completion_text_tokens, other.completion_text_tokens),
            continuations: self.continuations.saturating_add(other.continuations),
            tier: self.tier.or(other.tier),
        }
    }
}

/// What one whole answer of Gemini cost; nothing if it does not say.
#[must_use]
pub fn usage_of(answer: &[u8]) -> Usage {
    /// As far as it matters here.
    #[derive(Deserialize)]
    struct Counted<'a> {
        #[serde(borrow, rename = "usageMetadata")]
        usage_metadata: Option<UsageMetadata<'a>>,
    }

    let counted = serde_json::from_slice::<Counted<'_>>(answer).ok();
    let metadata = counted.and_then(|counted| counted.usage_metadata);
    metadata
        .as_ref()
        .and_then(Usage::from_gemini)
        .unwrap_or_default()
}

/// A negative count is nonsense; it must not fail an answer that is otherwise fine.
fn count(value: Option<i64>) -> u64 {
    u64::try_from(value.unwrap_or(0)).unwrap_or(0)
}

fn of_modality(details: Option<&[ModalityTokenCount<'_>]>, modality: &str) -> u64 {
    details
        .unwrap_or_default()
        .iter()
        .filter(|detail| detail.modality.as_deref() == Some(modality))
        .fold(0, |sum, detail| {
            sum.saturating_add(count(detail.token_count))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(json: &str) -> Option<Usage> {
        Usage::from_gemini(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn thoughts_are_completion_and_tool_prompts_are_prompt_s2_s3_s4() {
        let found = usage(
            r#"{"promptTokenCount":91,"candidatesTokenCount":93,"thoughtsTokenCount":211,
                "toolUsePromptTokenCount":574,"cachedContentTokenCount":50,"totalTokenCount":969,
                "promptTokensDetails":[{"modality":"TEXT","tokenCount":91}],
                "toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":570},{"modality":"IMAGE","tokenCount":4}],
                "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":90}],"serviceTier":"standard"}"#,
        );
        let expected = Usage {
            prompt_tokens: 665,
            completion_tokens: 304,
            total_tokens: 969,
            reasoning_tokens: 211,
            cached_tokens: 50,
            prompt_text_tokens: 661,
            prompt_image_tokens: 4,
            completion_text_tokens: 90,
            tier: Some(ServedTier::Standard),
            ..Usage::default()
        };
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn missing_counts_are_zero_and_the_total_is_summed_s1_s6() {
        let blocked = usage(r#"{"promptTokenCount":14,"totalTokenCount":14}"#).unwrap();
        assert_eq!((blocked.completion_tokens, blocked.total_tokens), (0, 14));
        let no_total =
            usage(r#"{"promptTokenCount":3,"candidatesTokenCount":4,"thoughtsTokenCount":null}"#);
        assert_eq!(no_total.unwrap().total_tokens, 7);
        assert_eq!(
            usage(r#"{"promptTokenCount":-3,"totalTokenCount":5}"#)
                .unwrap()
                .prompt_tokens,
            0
        );
    }

    #[test]
    fn metadata_without_counts_is_no_usage_x8() {
        assert_eq!(usage(r#"{"trafficType":"ON_DEMAND"}"#), None);
    }
}
