//! The answer of `generateContent`, and one event of `streamGenerateContent`.
//!
//! Only fields that are read, so that a field Google adds cannot break an answer. Absent and `null`
//! are the same. What is only decoration (grounding, citations, log probabilities) stays raw JSON
//! here, so that a surprise in it cannot break an answer either.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    json::{Object, Text},
    upstream_fault::UpstreamFault,
    upstream_report,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenerateContentResponse<'a> {
    #[serde(borrow)]
    pub(crate) candidates: Option<Vec<Candidate<'a>>>,
    pub(crate) prompt_feedback: Option<PromptFeedback<'a>>,
    pub(crate) usage_metadata: Option<UsageMetadata<'a>>,
    pub(crate) response_id: Option<Text<'a>>,
    pub(crate) model_version: Option<Text<'a>>,
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Candidate<'a> {
    #[serde(borrow)]
    pub(crate) content: Option<Content<'a>>,
    pub(crate) finish_reason: Option<Text<'a>>,
    pub(crate) finish_message: Option<Text<'a>>,
    /// Absent means 0: Gemini omits zeros (A2).
    pub(crate) index: Option<u32>,
    pub(crate) grounding_metadata: Option<&'a RawValue>,
    pub(crate) citation_metadata: Option<&'a RawValue>,
    pub(crate) logprobs_result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(crate) struct Content<'a> {
    #[serde(borrow)]
    pub(crate) parts: Option<Vec<Part<'a>>>,
}

/// Kinds that are not listed are ignored (A6).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part<'a> {
    #[serde(borrow)]
    pub(crate) text: Option<Text<'a>>,
    pub(crate) thought: Option<bool>,
    /// Says nothing about what the part is (A5).
    pub(crate) thought_signature: Option<Text<'a>>,
    pub(crate) function_call: Option<FunctionCall<'a>>,
    pub(crate) inline_data: Option<Blob<'a>>,
    pub(crate) executable_code: Option<ExecutableCode<'a>>,
    pub(crate) code_execution_result: Option<CodeExecutionResult<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct FunctionCall<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    pub(crate) name: Option<Text<'a>>,
    /// As Gemini wrote it; absent for a function without parameters (C1).
    pub(crate) args: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Blob<'a> {
    #[serde(borrow)]
    pub(crate) mime_type: Option<Text<'a>>,
    /// Base64, standard alphabet.
    pub(crate) data: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct ExecutableCode<'a> {
    #[serde(borrow)]
    pub(crate) language: Option<Text<'a>>,
    pub(crate) code: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct CodeExecutionResult<'a> {
    /// `OUTCOME_OK`, `OUTCOME_FAILED`, `OUTCOME_DEADLINE_EXCEEDED`.
    #[serde(borrow)]
    pub(crate) outcome: Option<Text<'a>>,
    pub(crate) output: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PromptFeedback<'a> {
    #[serde(borrow)]
    pub(crate) block_reason: Option<Text<'a>>,
}

/// Counts in tokens; signed, because proto int32 is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageMetadata<'a> {
    pub(crate) prompt_token_count: Option<i64>,
    pub(crate) candidates_token_count: Option<i64>,
    pub(crate) thoughts_token_count: Option<i64>,
    pub(crate) tool_use_prompt_token_count: Option<i64>,
    pub(crate) cached_content_token_count: Option<i64>,
    pub(crate) total_token_count: Option<i64>,
    /// Parts of `promptTokenCount` (S4).
    #[serde(borrow)]
    pub(crate) prompt_tokens_details: Option<Vec<ModalityTokenCount<'a>>>,
    /// Parts of `toolUsePromptTokenCount` (S4).
    pub(crate) tool_use_prompt_tokens_details: Option<Vec<ModalityTokenCount<'a>>>,
    /// Parts of `candidatesTokenCount`, which may sum to less (S4).
    pub(crate) candidates_tokens_details: Option<Vec<ModalityTokenCount<'a>>>,
    /// `standard`, `flex` or `priority`.
    pub(crate) service_tier: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModalityTokenCount<'a> {
    #[serde(borrow)]
    pub(crate) modality: Option<Text<'a>>,
    pub(crate) token_count: Option<i64>,
}

impl<'a> GenerateContentResponse<'a> {
    /// Reads one JSON value.
    ///
    /// # Errors
    /// `Reported` if it is an error report, bare or in an array; `Truncated` if it ends early;
    /// `Malformed` if it is anything else.
    pub(crate) fn parse(json: &'a [u8]) -> Result<Self, UpstreamFault> {
        match serde_json::from_slice::<Object<Self>>(json) {
            Ok(Object(Self {
                error: Some(error), ..
            })) => Err(upstream_report::reported(error)),
            Ok(Object(response)) => Ok(response),
            Err(error) if error.is_eof() => Err(UpstreamFault::Truncated),
            Err(_) => Err(upstream_report::parse_report(json).unwrap_or(UpstreamFault::Malformed)),
        }
    }
}

impl<'a> Candidate<'a> {
    /// The parts, none if there is no content.
    pub(crate) fn parts(&self) -> &[Part<'a>] {
        let content = self.content.as_ref();
        content
            .and_then(|content| content.parts.as_deref())
            .unwrap_or_default()
    }
}
