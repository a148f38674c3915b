//! One message, and the blocks in it.
//!
//! Roles and types of blocks stay strings here: the conversion refuses unknown ones with the
//! field's path. All kinds of blocks share one struct, so that `type` may come last without
//! anything being read twice.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use crate::json::{Bounded, Object, Text, TextOr, UnusedObject, UnusedText};

/// Most blocks in one message or one block. A message of 64 images (SEC-065) with a text before and
/// after each has 129.
const MAX_BLOCKS: usize = 512;

#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) role: Option<Text<'a>>,
    pub(super) content: Option<Content<'a>>,
}

/// What a message, a result or a document holds.
#[derive(Debug)]
pub(super) enum Content<'a> {
    Text(Text<'a>),
    Blocks(Bounded<Object<Block<'a>>, MAX_BLOCKS>),
    /// Only the results of tools that Anthropic ran have this form.
    Ran(Ran<'a>),
}

/// Any block.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "fields without effect are only checked")]
pub(super) struct Block<'a> {
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    /// Of `text`.
    pub(super) text: Option<Text<'a>>,
    /// Of `image`, `document` and `search_result`. Boxed, since most blocks have none.
    pub(super) source: Option<Box<Source<'a>>>,
    /// Of `document` and `search_result`.
    pub(super) title: Option<Text<'a>>,
    /// Of `document`.
    pub(super) context: Option<Text<'a>>,
    /// Of results, `search_result` and `compaction`.
    pub(super) content: Option<Content<'a>>,
    /// Of `tool_use` and `server_tool_use`.
    pub(super) id: Option<Text<'a>>,
    /// Of `tool_use` and `server_tool_use`.
    pub(super) name: Option<Text<'a>>,
    /// Of `tool_use` and `server_tool_use`.
    pub(super) input: Option<&'a RawValue>,
    /// Of `tool_result`.
    pub(super) tool_use_id: Option<Text<'a>>,
    /// Of `tool_result`.
    pub(super) is_error: Option<bool>,
    /// Of `tool_reference`.
    pub(super) tool_name: Option<Text<'a>>,
    /// Of `thinking`.
    pub(super) signature: Option<Text<'a>>,
    /// Of `redacted_thinking`.
    pub(super) data: Option<Text<'a>>,

    /// Gemini must not get it back (M17).
    thinking: Option<UnusedText>,
    cache_control: Option<UnusedObject>,
    citations: Option<UnusedCitations>,
    caller: Option<UnusedObject>,
    transformations: Option<UnusedObject>,
    toolset_name: Option<UnusedText>,
}

/// The citations in a text, or the settings for them.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected an array or an object")]
#[expect(dead_code, reason = "they are only checked")]
enum UnusedCitations {
    List(Vec<UnusedObject>),
    Settings(UnusedObject),
}

/// Where an image or a document comes from; of a search result, an address.
pub(super) type Source<'a> = TextOr<'a, Object<SourceObject<'a>>>;

/// `{"type":"base64","media_type":…,"data":…}` and so on.
#[derive(Debug, Deserialize)]
pub(super) struct SourceObject<'a> {
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) media_type: Option<Text<'a>>,
    pub(super) data: Option<Text<'a>>,
    pub(super) url: Option<Text<'a>>,
    pub(super) file_id: Option<Text<'a>>,
    pub(super) content: Option<Content<'a>>,
}

/// What code printed that Anthropic ran.
#[derive(Debug, Deserialize)]
pub(super) struct Ran<'a> {
    #[serde(borrow)]
    pub(super) stdout: Option<Text<'a>>,
    pub(super) stderr: Option<Text<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ContentVisitor;

        // By hand instead of `untagged`, which would buffer every block, copy every image and lose
        // the path of what is wrong.
        impl<'de> Visitor<'de> for ContentVisitor {
            type Value = Content<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of content blocks")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Content::Text(Text::from(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Content::Text(Text::from(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                Bounded::read(array).map(Content::Blocks)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Ran::deserialize(MapAccessDeserializer::new(map)).map(Content::Ran)
            }
        }

        deserializer.deserialize_any(ContentVisitor)
    }
}
