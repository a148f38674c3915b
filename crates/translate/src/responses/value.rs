//! JSON of an input item whose shape depends on the item's type.
//!
//! Items of other types may have a field of the same name and another shape, and must be told apart
//! by their type before anything is said about their fields. So a value of the wrong shape is kept
//! as what it is and refused where it is used.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{
    invalid_request::{Code, Refusal},
    json::{Bounded, Object, Text, UnusedObject},
};

/// Most parts in one message or result. A message of 64 images with a text before and after each
/// has 129.
const MAX_PARTS: usize = 512;

/// A string, an array of content parts, or anything else.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Text(Text<'a>),
    Parts(Bounded<Object<Part<'a>>, MAX_PARTS>),
    /// What it is instead.
    Other(&'static str),
}

/// A content part of any type, `input_text` to `refusal`. Which fields it must have depends on the
/// type; what begins with `_` is only checked.
#[derive(Debug, Deserialize)]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) text: Option<Text<'a>>,
    pub(super) refusal: Option<Text<'a>>,
    pub(super) image_url: Option<Text<'a>>,
    pub(super) detail: Option<Text<'a>>,
    pub(super) file_id: Option<Text<'a>>,
    pub(super) file_data: Option<Text<'a>>,
    pub(super) file_url: Option<Text<'a>>,
    pub(super) filename: Option<Text<'a>>,
    pub(super) input_audio: Option<Object<InputAudio<'a>>>,
    #[serde(rename = "annotations")]
    _annotations: Option<UnusedList>,
    #[serde(rename = "logprobs")]
    _logprobs: Option<UnusedList>,
    #[serde(rename = "prompt_cache_breakpoint")]
    _prompt_cache_breakpoint: Option<UnusedObject>,
}

/// A list of objects that has no effect. Nothing of it takes memory, so it needs no limit.
pub(super) type UnusedList = Vec<UnusedObject>;

#[derive(Debug, Deserialize)]
pub(super) struct InputAudio<'a> {
    #[serde(borrow)]
    pub(super) data: Option<Text<'a>>,
    pub(super) format: Option<Text<'a>>,
}

impl Value<'_> {
    /// The string that a field has to be.
    ///
    /// # Errors
    /// A [`Refusal`] at `field` if it is something else.
    pub(super) fn as_text(&self, field: &str) -> Result<&str, Refusal> {
        let found = match self {
            Self::Text(text) => return Ok(text),
            Self::Parts(_) => "an array",
            Self::Other(found) => found,
        };
        let problem = format_args!("expected a string, found {found}");
        Err(Refusal::new(Code::InvalidType, field, problem))
    }
}

/// A string that must be there.
///
/// # Errors
/// A [`Refusal`] at `field` if it is missing or not a string.
pub(super) fn required_text<'a>(
    value: Option<&'a Value<'_>>,
    field: &str,
) -> Result<&'a str, Refusal> {
    match value {
        Some(value) => value.as_text(field),
        None => Err(Refusal::missing(field, "a string")),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;

        // By hand instead of `untagged`, which would buffer every part, copy every image and lose
        // the path of what is wrong.
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of content parts")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Value::Text(Text::from(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Value::Text(Text::from(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                Bounded::read(array).map(Value::Parts)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Other("an object"))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Value::Other("a boolean"))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Value::Other("a number"))
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Value::Other("a number"))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Value::Other("a number"))
            }
        }

        deserializer.deserialize_any(ValueVisitor)
    }
}
