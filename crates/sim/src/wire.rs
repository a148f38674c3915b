//! The JSON of successful answers, fields in the order Google sends them, defaults omitted.
//!
//! Only what the simulator sends; nothing here is parsed.

use serde::Serialize;

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
    pub(crate) index: u32,
}

/// `Content` of the model.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Content {
    pub(crate) parts: Vec<Part>,
    pub(crate) role: &'static str,
}

/// A text part.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) text: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) thought: bool,
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
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) thoughts_token_count: u64,
    pub(crate) service_tier: &'static str,
}

/// Tokens of one modality.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModalityCount {
    pub(crate) modality: &'static str,
    pub(crate) token_count: u64,
}

impl ModalityCount {
    pub(crate) fn text(token_count: u64) -> Self {
        Self {
            modality: "TEXT",
            token_count,
        }
    }
}

/// `CountTokensResponse`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountTokensResponse {
    pub(crate) total_tokens: u64,
    pub(crate) prompt_tokens_details: Vec<ModalityCount>,
}

/// `EmbedContentResponse`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EmbedContentResponse {
    pub(crate) embedding: Embedding,
}

/// `BatchEmbedContentsResponse`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BatchEmbedContentsResponse {
    pub(crate) embeddings: Vec<Embedding>,
}

/// `ContentEmbedding`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Embedding {
    pub(crate) values: Vec<f32>,
}

/// `PredictResponse` of Imagen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PredictResponse {
    pub(crate) predictions: Vec<Prediction>,
}

/// One picture.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Prediction {
    pub(crate) mime_type: &'static str,
    pub(crate) bytes_base64_encoded: &'static str,
}

/// `ListModelsResponse`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListModelsResponse {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) models: Vec<Model>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_page_token: Option<String>,
}

/// `Model`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) version: &'static str,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) input_token_limit: u64,
    pub(crate) output_token_limit: u64,
    pub(crate) supported_generation_methods: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_k: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_temperature: Option<f32>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) thinking: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}
