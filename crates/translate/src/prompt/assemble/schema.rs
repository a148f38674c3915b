//! Schemas of clients, in the language that the model reads (T3, T4).
//!
//! Models that read JSON Schema get it as the client wrote it; only the keyword's name before 2019 is
//! brought up to date. Older ones read a subset of `OpenAPI`, for which a schema is written anew.
//! Neither checks that a schema makes sense.

mod clean;
mod fields;
mod openapi;
mod references;
mod settle;
mod types;

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json::write_json;

pub(super) use clean::convert_to_openapi;
use fields::read_fields;

/// Where drafts of JSON Schema before 2019-09 keep definitions, and where Gemini looks for them
/// (`$ref` "only to `#/$defs`", table of 1.3).
const OLD_DEFINITIONS: &str = "definitions";
const DEFINITIONS: &str = "$defs";
const OLD_REFERENCE: &str = "\"#/definitions/";
const REFERENCE: &str = "\"#/$defs/";

/// Whether the schema of parameters says that there are none, which is said by leaving it out (T4).
/// An object that explicitly may have any fields says something else.
pub(super) fn takes_nothing(schema: &RawValue) -> bool {
    let Some(fields) = read_fields(schema) else {
        return false;
    };
    fields.iter().all(|(name, value)| match &**name {
        "type" => value.get() == "\"object\"",
        "properties" | "required" => {
            read_fields(value).is_some_and(|fields| fields.is_empty()) || is_empty_array(value)
        }
        "additionalProperties" => value.get() == "false",
        "$schema" | "$id" | "title" | "description" => true,
        _ => false,
    })
}

fn is_empty_array(value: &RawValue) -> bool {
    let inner = value.get().strip_prefix('[');
    inner.is_some_and(|rest| rest.trim_start().starts_with(']'))
}

/// JSON Schema as Gemini reads it: the client's own text, unless its definitions are where they were
/// before 2019.
pub(super) fn refresh(schema: Cow<'_, RawValue>) -> Cow<'_, RawValue> {
    if memchr::memmem::find(schema.get().as_bytes(), OLD_REFERENCE.as_bytes()).is_none() {
        return schema;
    }
    rename_definitions(&schema).map_or(schema, Cow::Owned)
}

/// `None` leaves the schema as it is.
fn rename_definitions(schema: &RawValue) -> Option<Box<RawValue>> {
    let fields = read_fields(schema)?;
    if fields.iter().any(|(name, _)| name == DEFINITIONS) {
        return None;
    }
    let mut renamed = b"{".to_vec();
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            renamed.push(b',');
        }
        let name = if name == OLD_DEFINITIONS {
            DEFINITIONS
        } else {
            name
        };
        write_json(&mut renamed, name);
        renamed.push(b':');
        renamed.extend_from_slice(value.get().replace(OLD_REFERENCE, REFERENCE).as_bytes());
    }
    renamed.push(b'}');
    RawValue::from_string(String::from_utf8(renamed).ok()?).ok()
}

#[cfg(test)]
mod tests;
