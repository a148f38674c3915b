//! What request messages look like, as tables: fields, their types, what excludes what.
//!
//! Source: the `v1beta` discovery document and proto files of the Generative Language API and what
//! Google's own SDK (google-genai 3.4) sends to it, read in November 2026. Fields that only Vertex AI
//! has (`labels`, `displayName`, `streamFunctionCallArguments` …) are missing on purpose: this API
//! refuses them. `proto_json` reads bodies by these tables; nothing here decides anything.

mod config;
mod contents;
mod enums;
mod requests;
mod resources;
mod tools;

pub(crate) use requests::{
    BATCH_EMBED_CONTENTS, COUNT_TOKENS, EMBED_CONTENT, GENERATE_CONTENT, PREDICT,
};
pub(crate) use resources::{CACHED_CONTENT, CREATE_FILE, START_BATCH};

/// A message by its proto name.
pub(crate) struct Message {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) one_of: Option<&'static OneOf>,
}

/// Fields of which at most one may be set.
pub(crate) struct OneOf {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [&'static str],
}

/// A field by its JSON name.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_repeated: bool,
}

/// The values that a field takes.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// Base64 in the standard or the URL-safe alphabet.
    Bytes,
    Int32,
    Int64,
    Number,
    Flag,
    Enum(&'static Enum),
    Message(&'static Message),
    /// A map of such messages.
    Map(&'static Message),
    /// Any JSON object.
    Struct,
    /// Any JSON value.
    Any,
}

/// An enumeration by its proto name, the unspecified value first.
pub(crate) struct Enum {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

impl Message {
    const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            fields,
            one_of: None,
        }
    }
}

impl Field {
    /// The field as a list.
    const fn many(self) -> Self {
        Self {
            is_repeated: true,
            ..self
        }
    }
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        is_repeated: false,
    }
}

const fn text(name: &'static str) -> Field {
    field(name, Kind::Text)
}

const fn int32(name: &'static str) -> Field {
    field(name, Kind::Int32)
}

const fn int64(name: &'static str) -> Field {
    field(name, Kind::Int64)
}

const fn number(name: &'static str) -> Field {
    field(name, Kind::Number)
}

const fn flag(name: &'static str) -> Field {
    field(name, Kind::Flag)
}

const fn any(name: &'static str) -> Field {
    field(name, Kind::Any)
}

const fn choice(name: &'static str, values: &'static Enum) -> Field {
    field(name, Kind::Enum(values))
}

const fn nested(name: &'static str, message: &'static Message) -> Field {
    field(name, Kind::Message(message))
}

/// `snake_case` to `camelCase`: proto3 JSON takes both.
pub(crate) fn to_camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut after_underscore = false;
    for character in name.chars() {
        match character {
            '_' if !camel.is_empty() => after_underscore = true,
            _ if after_underscore => {
                camel.push(character.to_ascii_uppercase());
                after_underscore = false;
            }
            _ => camel.push(character),
        }
    }
    camel
}

/// `camelCase` to `snake_case`: Google's errors name fields so.
pub(crate) fn to_snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
