//! `Model` and lists of it.

use serde::Serialize;

use super::is_false;

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
    pub(crate) input_token_limit: i64,
    pub(crate) output_token_limit: i64,
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
