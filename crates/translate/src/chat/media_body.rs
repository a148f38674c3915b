//! Images and sound in answers (N6, N7).
//!
//! OpenAI's chat has no field for images; `images` with data URLs is what `OpenRouter` and
//! `LiteLLM` made usual. Data is written straight from Gemini's answer, since an image has megabytes. Other
//! media, video for instance, have no place in a chat answer and are left out.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::extra_content::ExtraContent;
use crate::answer::Media;

/// An entry of `images`.
#[derive(Serialize)]
pub(super) struct Image<'a> {
    /// In streams: clients put deltas together by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
    r#type: &'static str,
    image_url: ImageUrl<'a>,
    /// May be as large as the image itself (N8). Models that edit their own images want it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_content: Option<ExtraContent<'a>>,
}

#[derive(Serialize)]
struct ImageUrl<'a> {
    url: DataUrl<'a>,
}

struct DataUrl<'a>(Media<'a>);

impl Serialize for DataUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Media { mime_type, data } = self.0;
        serializer.collect_str(&format_args!("data:{mime_type};base64,{data}"))
    }
}

impl<'a> Image<'a> {
    /// `index` is for streams.
    pub(super) fn new(index: Option<u32>, media: Media<'a>, signature: Option<&'a str>) -> Self {
        Self {
            index,
            r#type: "image_url",
            image_url: ImageUrl {
                url: DataUrl(media),
            },
            extra_content: signature.map(ExtraContent::signed),
        }
    }
}

/// `audio` of an answer, or of a delta, which has some of the fields.
#[derive(Serialize, Default)]
pub(super) struct Audio<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Cow<'a, str>>,
    /// Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Cow<'a, str>>,
    /// Unix seconds. Nothing is kept, so it is the moment of the answer itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<u64>,
    /// Empty: models that speak say nothing else, and what others write is `content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) transcript: Option<&'static str>,
}

/// The id of a choice's sound. It leads nowhere, but clients expect one.
pub(super) fn audio_id(fallback_id: &str, choice: u32) -> String {
    format!("audio_{fallback_id}{choice:08x}")
}
