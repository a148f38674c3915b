//! The JSON of successful answers, fields in the order Google sends them, defaults omitted.
//!
//! Only what the simulator sends; nothing here is parsed.

pub(crate) mod part;

mod generation;
mod model;

use serde::Serialize;

pub(crate) use generation::{
    Candidate, Content, GenerateContentResponse, ModalityCount, PromptFeedback, UsageMetadata,
};
pub(crate) use model::{ListModelsResponse, Model};

/// `CountTokensResponse`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountTokensResponse {
    pub(crate) total_tokens: u64,
    pub(crate) prompt_tokens_details: Vec<ModalityCount>,
}

/// `EmbedContentResponse`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EmbedContentResponse {
    pub(crate) embedding: Embedding,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage_metadata: Option<EmbeddingUsage>,
}

/// `BatchEmbedContentsResponse`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchEmbedContentsResponse {
    pub(crate) embeddings: Vec<Embedding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage_metadata: Option<EmbeddingUsage>,
}

/// Of `gemini-embedding-2`; the details are not spelled as elsewhere (S5).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EmbeddingUsage {
    pub(crate) prompt_token_count: u64,
    pub(crate) prompt_token_details: Vec<ModalityCount>,
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

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}
