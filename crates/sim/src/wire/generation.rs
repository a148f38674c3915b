//! `GenerateContentResponse` and what is in it.

use serde::Serialize;
use serde_json::Value;

use super::{is_zero, part::Part};

/// `GenerateContentResponse`: a unary answer or one event of a stream.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenerateContentResponse {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) candidates: Vec<Candidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prompt_feedback: Option<PromptFeedback>,
    pub(crate) usage_metadata: UsageMetadata,
    pub(crate) model_version: String,
    pub(crate) response_id: String,
}

/// `Candidate`; `index` is sent although it is 0, as the stable models do.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Candidate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finish_reason: Option<String>,
    pub(crate) index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finish_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grounding_metadata: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url_context_metadata: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logprobs_result: Option<Value>,
}

/// `Content` of the model.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Content {
    pub(crate) parts: Vec<Part>,
    pub(crate) role: &'static str,
}

/// `PromptFeedback` of a blocked prompt.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PromptFeedback {
    pub(crate) block_reason: String,
}

/// `UsageMetadata`; in a stream, totals so far.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageMetadata {
    pub(crate) prompt_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) candidates_token_count: u64,
    pub(crate) total_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) cached_content_token_count: u64,
    pub(crate) prompt_tokens_details: Vec<ModalityCount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cache_tokens_details: Vec<ModalityCount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) candidates_tokens_details: Vec<ModalityCount>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) tool_use_prompt_token_count: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tool_use_prompt_tokens_details: Vec<ModalityCount>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) thoughts_token_count: u64,
    pub(crate) service_tier: String,
}

/// Tokens of one modality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModalityCount {
    pub(crate) modality: &'static str,
    pub(crate) token_count: u64,
}

impl ModalityCount {
    pub(crate) fn new(modality: &'static str, token_count: u64) -> Self {
        Self {
            modality,
            token_count,
        }
    }

    pub(crate) fn text(token_count: u64) -> Self {
        Self::new("TEXT", token_count)
    }
}
