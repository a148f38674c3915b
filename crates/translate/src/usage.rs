//! Token counts (S1–S6).
//!
//! Counts only: prices, budgets and counters are not its business, and per-modality details are
//! not translated yet.

use crate::gemini::response::UsageMetadata;

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
}

impl Usage {
    /// Reads Gemini's counts. Absent counts are zero, since Gemini omits zeros (S6); `None` when
    /// there is no count at all, so that such an event does not erase an earlier one (X8).
    pub(crate) fn from_gemini(metadata: &UsageMetadata) -> Option<Self> {
        let UsageMetadata {
            prompt_token_count,
            candidates_token_count,
            thoughts_token_count,
            tool_use_prompt_token_count,
            cached_content_token_count,
            total_token_count,
        } = *metadata;
        let anything = prompt_token_count
            .or(candidates_token_count)
            .or(thoughts_token_count)
            .or(tool_use_prompt_token_count)
            .or(total_token_count);
        anything?;

        // A negative count is nonsense; it must not fail an answer that is otherwise fine.
        let count = |value: Option<i64>| u64::try_from(value.unwrap_or(0)).unwrap_or(0);
        let thoughts = count(thoughts_token_count);
        let prompt_tokens =
            count(prompt_token_count).saturating_add(count(tool_use_prompt_token_count));
        let completion_tokens = count(candidates_token_count).saturating_add(thoughts);
        let total_tokens = match count(total_token_count) {
            0 => prompt_tokens.saturating_add(completion_tokens),
            total => total,
        };
        Some(Self {
            prompt_tokens,
            completion_tokens,
            total_tokens,
            reasoning_tokens: thoughts,
            cached_tokens: count(cached_content_token_count),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(json: &str) -> Option<Usage> {
        Usage::from_gemini(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn thoughts_are_completion_and_tool_prompts_are_prompt_s2_s3() {
        let found = usage(
            r#"{"promptTokenCount":91,"candidatesTokenCount":93,"thoughtsTokenCount":211,
                "toolUsePromptTokenCount":574,"cachedContentTokenCount":50,"totalTokenCount":969,
                "promptTokensDetails":[{"modality":"TEXT","tokenCount":91}],"serviceTier":"standard"}"#,
        );
        let expected = Usage {
            prompt_tokens: 665,
            completion_tokens: 304,
            total_tokens: 969,
            reasoning_tokens: 211,
            cached_tokens: 50,
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
