//! The body of `generateContent` and `streamGenerateContent`, and of `countTokens` around it.
//!
//! Everything that is ever sent, in Google's words, and nothing else: Gemini refuses unknown fields
//! (U5). The model is not in it: it is in the path. Values that clients wrote as JSON travel as the
//! client's own text, so that no number is read and written again.

use std::borrow::Cow;

pub(crate) use super::generation_config::{
    GenerationConfig, ImageConfig, Modality, PrebuiltVoiceConfig, SpeechConfig, ThinkingConfig,
    ThinkingLevel, VoiceConfig,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::upload::Upload;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenerateContentRequest<'a> {
    pub(crate) contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) system_instruction: Option<SystemInstruction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "ToolConfig::is_empty")]
    pub(crate) tool_config: ToolConfig<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) safety_settings: Vec<SafetySetting<'a>>,
    #[serde(skip_serializing_if = "GenerationConfig::is_empty")]
    pub(crate) generation_config: GenerationConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cached_content: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_tier: Option<ServiceTier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<bool>,
}

/// What stands in for a turn without content, which Gemini would refuse (M3, M16).
pub(crate) const BLANK: &str = " ";

/// One turn. `parts` is never empty: Gemini refuses that.
#[derive(Debug, Serialize)]
pub(crate) struct Content<'a> {
    pub(crate) role: Role,
    pub(crate) parts: Vec<Part<'a>>,
}

/// Without role: Gemini ignores it there (M1).
#[derive(Debug, Serialize)]
pub(crate) struct SystemInstruction<'a> {
    pub(crate) parts: Vec<Part<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    User,
    Model,
}

/// One piece of data and what goes with it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part<'a> {
    #[serde(flatten)]
    pub(crate) data: Data<'a>,
    /// Beside the data, never inside a call (§3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thought_signature: Option<Cow<'a, str>>,
    /// For images, on 3.x models (P5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) media_resolution: Option<MediaResolution>,
    /// For videos: the client's object (P10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) video_metadata: Option<&'a RawValue>,
}

/// `{"text":…}`, `{"inlineData":{…}}` and so on: exactly one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::enum_variant_names,
    reason = "they are named as Google names the fields"
)]
pub(crate) enum Data<'a> {
    Text(Cow<'a, str>),
    InlineData(Blob<'a>),
    /// The same on the wire, of bytes that a client uploaded as they are.
    #[serde(rename = "inlineData")]
    InlineBytes(Upload<'a>),
    FileData(FileData<'a>),
    FunctionCall(FunctionCall<'a>),
    FunctionResponse(FunctionResponse<'a>),
}

/// `data` is base64, in the standard or the URL-safe alphabet (U4).
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Blob<'a> {
    pub(crate) mime_type: Cow<'a, str>,
    pub(crate) data: Cow<'a, str>,
}

/// A file that Google fetches or already has (P3, P4, P8).
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileData<'a> {
    /// May be left out for public URLs, which Google looks at itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mime_type: Option<Cow<'a, str>>,
    pub(crate) file_uri: Cow<'a, str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct FunctionCall<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) name: Cow<'a, str>,
    /// Always an object.
    pub(crate) args: Cow<'a, RawValue>,
}

#[derive(Debug, Serialize)]
pub(crate) struct FunctionResponse<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) name: Cow<'a, str>,
    /// Always an object (M8).
    pub(crate) response: Cow<'a, RawValue>,
    /// Images of a result, on 3.x models (P9).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<FunctionResponsePart<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FunctionResponsePart<'a> {
    pub(crate) inline_data: Blob<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct MediaResolution {
    pub(crate) level: ResolutionLevel,
}

/// From the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum ResolutionLevel {
    #[serde(rename = "MEDIA_RESOLUTION_LOW")]
    Low,
    #[serde(rename = "MEDIA_RESOLUTION_MEDIUM")]
    Medium,
    #[serde(rename = "MEDIA_RESOLUTION_HIGH")]
    High,
}

/// One kind of tool per entry, as Google's own SDKs send them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Tool<'a> {
    FunctionDeclarations(Vec<FunctionDeclaration<'a>>),
    GoogleSearch(Nothing),
    CodeExecution(Nothing),
    UrlContext(Nothing),
}

/// `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Nothing {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FunctionDeclaration<'a> {
    pub(crate) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Cow<'a, str>>,
    /// JSON Schema as the client wrote it, for models that read it (T3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameters_json_schema: Option<Cow<'a, RawValue>>,
    /// The OpenAPI subset, for those that do not. Never both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameters: Option<Cow<'a, RawValue>>,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToolConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) function_calling_config: Option<FunctionCallingConfig<'a>>,
    /// Lets function tools and server-side tools be used together on Gemini 3 (T15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) include_server_side_tool_invocations: Option<bool>,
}

impl ToolConfig<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        *self == ToolConfig::default()
    }
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FunctionCallingConfig<'a> {
    pub(crate) mode: CallingMode,
    /// Legal with `ANY` and `VALIDATED` only (T11).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) allowed_function_names: Vec<Cow<'a, str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
/// `AUTO` is what holds when nothing is said, and so is never said.
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum CallingMode {
    Any,
    None,
    Validated,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SafetySetting<'a> {
    pub(crate) category: Cow<'a, str>,
    pub(crate) threshold: Cow<'a, str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ServiceTier {
    Standard,
    Flex,
    Priority,
}

impl<'a> From<Data<'a>> for Part<'a> {
    fn from(data: Data<'a>) -> Self {
        Self {
            data,
            thought_signature: None,
            media_resolution: None,
            video_metadata: None,
        }
    }
}

impl<'a> Part<'a> {
    /// A part with text.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Data::Text(text.into()).into()
    }
}

impl<'a> Content<'a> {
    /// A turn of the user.
    pub(crate) fn user(parts: Vec<Part<'a>>) -> Self {
        Self {
            role: Role::User,
            parts,
        }
    }

    /// A turn of the user that may have nothing to say: a turn without parts would be refused (M16).
    pub(crate) fn user_or_blank(mut parts: Vec<Part<'a>>) -> Self {
        if parts.is_empty() {
            parts.push(Part::text(BLANK));
        }
        Self::user(parts)
    }

    /// A turn of the model.
    pub(crate) fn model(parts: Vec<Part<'a>>) -> Self {
        Self {
            role: Role::Model,
            parts,
        }
    }
}
