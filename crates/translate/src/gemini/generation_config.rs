//! `generationConfig`: how an answer is made.
//!
//! Everything that is ever sent of it, in Google's words. What fits which model is not known here.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::request::ResolutionLevel;

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenerationConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) candidate_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_k: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) stop_sequences: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_logprobs: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logprobs: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_json_schema: Option<Cow<'a, RawValue>>,
    /// The OpenAPI subset, for models that do not read JSON Schema. Never both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_schema: Option<Cow<'a, RawValue>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) response_modalities: Vec<Modality>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) media_resolution: Option<ResolutionLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) speech_config: Option<SpeechConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_config: Option<ImageConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking_config: Option<ThinkingConfig>,
}

impl GenerationConfig<'_> {
    /// Compared field by field, since raw JSON has no equality.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            candidate_count,
            max_output_tokens,
            temperature,
            top_p,
            top_k,
            stop_sequences,
            seed,
            response_logprobs,
            logprobs,
            response_mime_type,
            response_json_schema,
            response_schema,
            response_modalities,
            media_resolution,
            speech_config,
            image_config,
            thinking_config,
        } = self;
        candidate_count.is_none()
            && max_output_tokens.is_none()
            && temperature.is_none()
            && top_p.is_none()
            && top_k.is_none()
            && stop_sequences.is_empty()
            && seed.is_none()
            && response_logprobs.is_none()
            && logprobs.is_none()
            && response_mime_type.is_none()
            && response_json_schema.is_none()
            && response_schema.is_none()
            && response_modalities.is_empty()
            && media_resolution.is_none()
            && speech_config.is_none()
            && image_config.is_none()
            && thinking_config.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Modality {
    Text,
    Image,
    Audio,
}

/// `{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":…}}}`.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SpeechConfig<'a> {
    pub(crate) voice_config: VoiceConfig<'a>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VoiceConfig<'a> {
    pub(crate) prebuilt_voice_config: PrebuiltVoiceConfig<'a>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PrebuiltVoiceConfig<'a> {
    pub(crate) voice_name: Cow<'a, str>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageConfig {
    /// `16:9` for instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aspect_ratio: Option<&'static str>,
    /// `512`, `1K`, `2K` or `4K`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_size: Option<&'static str>,
}

/// Level and budget exclude each other (R1).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ThinkingConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) include_thoughts: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking_level: Option<ThinkingLevel>,
    /// Tokens; -1 lets the model choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking_budget: Option<i32>,
}

/// From the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ThinkingLevel {
    Minimal,
    Low,
    Medium,
    High,
}
