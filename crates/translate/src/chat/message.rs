//! One message of a chat request.
//!
//! Roles and part types stay strings here: the conversion refuses unknown ones with the field's
//! path. What clients send back of an answer and Gemini must not get is not read at all, or only to
//! refuse nonsense (M17).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    calls::{CalledFunction, ToolCalls},
    signatures::{ExtraContent, ProviderFields, ReasoningDetails},
};
use crate::json::{Bounded, Object, Text, TextOr, UnusedText};

/// Most parts in one message. A message of 64 images with a text before and after each has 129.
const MAX_PARTS: usize = 512;

#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) role: Option<Text<'a>>,
    pub(super) content: Option<Content<'a>>,
    pub(super) name: Option<Text<'a>>,
    pub(super) refusal: Option<Text<'a>>,
    pub(super) audio: Option<Object<AnsweredAudio<'a>>>,
    /// What image models showed, as answers have it (N6).
    pub(super) images: Option<Bounded<Object<Part<'a>>, MAX_PARTS>>,
    pub(super) tool_calls: Option<ToolCalls<'a>>,
    pub(super) function_call: Option<Object<CalledFunction<'a>>>,
    pub(super) tool_call_id: Option<Text<'a>>,

    pub(super) extra_content: Option<Object<ExtraContent<'a>>>,
    pub(super) provider_specific_fields: Option<Object<ProviderFields<'a>>>,
    pub(super) reasoning_details: Option<ReasoningDetails<'a>>,

    #[serde(rename = "reasoning_content")]
    _reasoning_content: Option<UnusedText>,
    #[serde(rename = "reasoning")]
    _reasoning: Option<UnusedText>,
}

/// An earlier spoken answer. Clients must send its id, and some send all of it.
#[derive(Debug, Deserialize)]
pub(super) struct AnsweredAudio<'a> {
    #[serde(borrow, rename = "id")]
    _id: Option<Text<'a>>,
    pub(super) transcript: Option<Text<'a>>,
}

/// A string, or an array of parts.
pub(super) type Content<'a> = TextOr<'a, Bounded<Object<Part<'a>>, MAX_PARTS>>;

#[derive(Debug, Deserialize)]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) text: Option<Text<'a>>,
    pub(super) refusal: Option<Text<'a>>,
    pub(super) image_url: Option<Object<ImageUrl<'a>>>,
    pub(super) input_audio: Option<Object<InputAudio<'a>>>,
    pub(super) file: Option<Object<File<'a>>>,
    pub(super) video_url: Option<Object<VideoUrl<'a>>>,
    #[serde(alias = "videoMetadata")]
    pub(super) video_metadata: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ImageUrl<'a> {
    #[serde(borrow)]
    pub(super) url: Option<Text<'a>>,
    pub(super) detail: Option<Text<'a>>,
    /// A media type, where the URL tells none: not OpenAI's, but LiteLLM's.
    pub(super) format: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InputAudio<'a> {
    #[serde(borrow)]
    pub(super) data: Option<Text<'a>>,
    pub(super) format: Option<Text<'a>>,
}

/// `format` and `video_metadata` are LiteLLM's.
#[derive(Debug, Deserialize)]
pub(super) struct File<'a> {
    #[serde(borrow)]
    pub(super) file_data: Option<Text<'a>>,
    pub(super) file_id: Option<Text<'a>>,
    pub(super) filename: Option<Text<'a>>,
    pub(super) format: Option<Text<'a>>,
    #[serde(alias = "videoMetadata")]
    pub(super) video_metadata: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct VideoUrl<'a> {
    #[serde(borrow)]
    pub(super) url: Option<Text<'a>>,
    pub(super) format: Option<Text<'a>>,
}
