//! Types and lists of values: what a value may be, before that is brought into one type.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{
    fields::{read_items, read_text},
    openapi::{Kind, OpenApi},
};

/// What a schema says about its value's types before that is brought into one.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) kinds: Vec<Kind>,
    pub(super) null: bool,
}

impl Types {
    /// `"string"` or `["string","null"]`.
    pub(super) fn read(&mut self, value: &RawValue) {
        let names = match read_items(value) {
            Some(items) => items.into_iter().filter_map(read_text).collect(),
            None => Vec::from_iter(read_text(value)),
        };
        for name in names {
            let kind = match &*name.to_ascii_lowercase() {
                "string" => Kind::String,
                "number" => Kind::Number,
                "integer" => Kind::Integer,
                "boolean" => Kind::Boolean,
                "array" => Kind::Array,
                "object" => Kind::Object,
                "null" => {
                    self.null = true;
                    continue;
                }
                _ => continue,
            };
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
            }
        }
    }
}

/// Values to choose from. Only strings can be: numbers are written as such, and what is left needs no
/// list (a boolean) or cannot have one.
pub(super) fn read_choices<'a>(values: Vec<&'a RawValue>, to: &mut OpenApi<'a>, types: &mut Types) {
    for value in values {
        let json = value.get();
        let choice = match json.bytes().next() {
            Some(b'"') => read_text(value),
            Some(b'-' | b'0'..=b'9') => Some(Cow::Borrowed(json)),
            Some(b'n') => {
                types.null = true;
                None
            }
            Some(b't' | b'f') if types.kinds.is_empty() => {
                types.kinds.push(Kind::Boolean);
                None
            }
            _ => None,
        };
        // Gemini refuses an empty string in a list.
        to.choices
            .extend(choice.filter(|choice| !choice.is_empty()));
    }
    if !to.choices.is_empty() {
        types.kinds = vec![Kind::String];
    }
}
