//! The fields of both bodies, as they come: in JSON, or in a form.
//!
//! Types are checked here, values in `wishes`. Fields that are not listed are ignored: clients send
//! other vendors' extensions to every server.

use serde::{Deserialize, de::IgnoredAny};

use crate::{
    invalid_request::Refusal,
    json::{Bounded, Object, Text, TextOr},
    multipart::Form,
};

/// Most images that are edited at once: OpenAI's own limit (openai-python 3.54.0,
/// `image_edit_params`).
pub(super) const MAX_IMAGES: usize = 16;

/// Everything that OpenAI defines for generations and for edits.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    pub(super) model: Option<Text<'a>>,
    pub(super) prompt: Option<Text<'a>>,
    pub(super) n: Option<i64>,
    pub(super) size: Option<Text<'a>>,
    pub(super) quality: Option<Text<'a>>,
    pub(super) response_format: Option<Text<'a>>,
    pub(super) output_format: Option<Text<'a>>,
    pub(super) output_compression: Option<i64>,
    pub(super) background: Option<Text<'a>>,
    pub(super) moderation: Option<Text<'a>>,
    pub(super) style: Option<Text<'a>>,
    pub(super) complexity: Option<Text<'a>>,
    pub(super) input_fidelity: Option<Text<'a>>,
    pub(super) stream: Option<bool>,
    pub(super) partial_images: Option<i64>,
    pub(super) frame_count: Option<IgnoredAny>,
    pub(super) frame_duration_ms: Option<IgnoredAny>,
    pub(super) svg: Option<IgnoredAny>,
    pub(super) mask: Option<IgnoredAny>,
    pub(super) markup: Option<IgnoredAny>,
    /// Of edits in JSON: one image or several.
    pub(super) image: Option<Images<'a>>,
    /// The same by OpenAI's newer name.
    pub(super) images: Option<Bounded<Image<'a>, MAX_IMAGES>>,
}

/// One image or a list.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected an image (a URL, or an object with `image_url` or `file_id`) or an array of at most 16"
)]
pub(super) enum Images<'a> {
    #[serde(borrow)]
    One(Image<'a>),
    Many(Bounded<Image<'a>, MAX_IMAGES>),
}

/// An image of a JSON body: a URL or a reference.
pub(super) type Image<'a> = TextOr<'a, Object<Reference<'a>>>;

/// `ImageInputReferenceParam` of openai-python.
#[derive(Debug, Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub(super) image_url: Option<Text<'a>>,
    pub(super) file_id: Option<Text<'a>>,
}

impl<'a> Fields<'a> {
    /// # Errors
    /// A [`Refusal`] that names the first field of a wrong type.
    pub(super) fn from_form(form: &Form<'a>) -> Result<Self, Refusal> {
        let text = |name| Ok::<_, Refusal>(form.text(name)?.map(Text::from));
        let present = |name| form.mentions(name).then_some(IgnoredAny);
        Ok(Self {
            model: text("model")?,
            prompt: text("prompt")?,
            n: form.integer("n")?,
            size: text("size")?,
            quality: text("quality")?,
            response_format: text("response_format")?,
            output_format: text("output_format")?,
            output_compression: form.integer("output_compression")?,
            background: text("background")?,
            moderation: text("moderation")?,
            style: text("style")?,
            complexity: text("complexity")?,
            input_fidelity: text("input_fidelity")?,
            stream: form.boolean("stream")?,
            partial_images: form.integer("partial_images")?,
            frame_count: present("frame_count"),
            frame_duration_ms: present("frame_duration_ms"),
            svg: present("svg"),
            mask: present("mask"),
            markup: present("markup"),
            image: None,
            images: None,
        })
    }
}
