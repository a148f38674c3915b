//! One message of a chat request.
//!
//! Roles and part types stay strings here: the conversion refuses unknown ones with the field's
//! path. `name` (M13), `reasoning_content` (M17) and `image_url.detail` (P5) are not read: Gemini
//! has no field for them, or must not get them.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};

use crate::json::{Bounded, Object, Text};

/// Most parts in one message. A message of 64 images with a text before and after each has 129.
const MAX_PARTS: usize = 512;

#[derive(Debug, Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(borrow)]
    pub(crate) role: Option<Text<'a>>,
    pub(crate) content: Option<Content<'a>>,
    pub(crate) refusal: Option<Text<'a>>,
    /// Elements take no memory; only their number is read.
    pub(crate) tool_calls: Option<Vec<IgnoredAny>>,
    pub(crate) function_call: Option<IgnoredAny>,
    pub(crate) audio: Option<IgnoredAny>,
}

/// A string, or an array of parts.
#[derive(Debug)]
pub(crate) enum Content<'a> {
    Text(Text<'a>),
    Parts(Bounded<Object<Part<'a>>, MAX_PARTS>),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Part<'a> {
    #[serde(borrow)]
    pub(crate) r#type: Option<Text<'a>>,
    pub(crate) text: Option<Text<'a>>,
    pub(crate) refusal: Option<Text<'a>>,
    pub(crate) image_url: Option<Object<ImageUrl<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ImageUrl<'a> {
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ContentVisitor;

        // By hand instead of `untagged`, which would buffer every part, copy every image and lose
        // the path of what is wrong.
        impl<'de> Visitor<'de> for ContentVisitor {
            type Value = Content<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of content parts")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Content::Text(Text::from(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Content::Text(Text::from(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                Bounded::read(array).map(Content::Parts)
            }
        }

        deserializer.deserialize_any(ContentVisitor)
    }
}
