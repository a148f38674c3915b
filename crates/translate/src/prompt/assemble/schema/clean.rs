//! JSON Schema to Google's subset of `OpenAPI`: remedies for what has no counterpart (table of 1.3).
//!
//! Nothing here can fail: what cannot be said is left out, so that a function stays callable. The
//! client checks arguments against its own schema anyway.

use std::borrow::Cow;

use serde_json::value::{RawValue, to_raw_value};

use super::{
    fields::{Fields, find, read_fields, read_items, read_text},
    openapi::{Kind, OpenApi},
    references::References,
    settle::{known_format, settle},
    types::{Types, read_choices},
};
use crate::json::MAX_DEPTH;

/// Longest schema that is rewritten, in bytes. It is read once a level, so this times [`MAX_DEPTH`]
/// bounds the work. Gemini refuses large ones itself ("too many states").
const MAX_BYTES: usize = 256 * 1024;

/// Rewrites a schema.
pub(in crate::prompt::assemble) fn convert_to_openapi(schema: &RawValue) -> Cow<'static, RawValue> {
    let converted = if schema.get().len() > MAX_BYTES {
        OpenApi::of(Kind::Object)
    } else {
        let references = References::new(schema);
        Cleaner { references }.convert(schema, 0)
    };
    // Serializing cannot fail; if it did, Gemini would be told nothing about the schema.
    to_raw_value(&converted).map_or(Cow::Borrowed(RawValue::NULL), Cow::Owned)
}

/// One schema on its way.
struct Cleaner<'a> {
    references: References<'a>,
}

impl<'a> Cleaner<'a> {
    fn convert(&mut self, schema: &'a RawValue, depth: usize) -> OpenApi<'a> {
        if depth > MAX_DEPTH {
            return OpenApi::of(Kind::Object);
        }
        // `true` and `false` are schemas too, and say as little as `{}` here.
        let fields = read_fields(schema).unwrap_or_default();
        let (mut converted, types) = self.convert_fields(&fields, depth);
        if let Some(reference) = find(&fields, "$ref").and_then(read_text) {
            let target = self.convert_reference(reference, depth);
            converted.merge(target);
        }
        settle(converted, types)
    }

    fn convert_fields(&mut self, fields: &Fields<'a>, depth: usize) -> (OpenApi<'a>, Types) {
        let below = depth + 1;
        let mut to = OpenApi::default();
        let mut types = Types::default();
        for (name, value) in fields {
            let value: &'a RawValue = value;
            match &**name {
                "type" => types.read(value),
                "nullable" => types.null |= value.get() == "true",
                "title" => to.notes.title = text(value),
                "description" => to.notes.description = text(value),
                "default" => to.notes.default = Some(value),
                "example" => to.notes.example = Some(value),
                "format" => to.format = read_text(value).and_then(|format| known_format(&format)),
                "enum" => read_choices(read_items(value).unwrap_or_default(), &mut to, &mut types),
                "const" => read_choices(vec![value], &mut to, &mut types),
                "minimum" => to.bounds.minimum = number(value),
                "maximum" => to.bounds.maximum = number(value),
                // One off at the border, which JSON Schema alone can say. Before 2017 they were
                // booleans beside `minimum`.
                "exclusiveMinimum" => to.bounds.minimum = to.bounds.minimum.or(number(value)),
                "exclusiveMaximum" => to.bounds.maximum = to.bounds.maximum.or(number(value)),
                "minLength" => to.bounds.min_length = count(value),
                "maxLength" => to.bounds.max_length = count(value),
                "pattern" => to.bounds.pattern = text(value),
                "minItems" => to.bounds.min_items = count(value),
                "maxItems" => to.bounds.max_items = count(value),
                "minProperties" => to.bounds.min_properties = count(value),
                "maxProperties" => to.bounds.max_properties = count(value),
                "properties" => {
                    for (name, schema) in read_fields(value).unwrap_or_default() {
                        let converted = self.convert(schema, below);
                        to.properties.add(name, converted);
                    }
                }
                "required" => {
                    let names = read_items(value).unwrap_or_default();
                    to.required.extend(names.into_iter().filter_map(read_text));
                }
                "prefixItems" => to.items = self.convert_items(value, below),
                "items" if to.items.is_none() => to.items = self.convert_items(value, below),
                "anyOf" | "oneOf" => {
                    for schema in read_items(value).unwrap_or_default() {
                        if says_null(schema) {
                            types.null = true;
                        } else {
                            to.any_of.push(self.convert(schema, below));
                        }
                    }
                }
                "allOf" => {
                    for schema in read_items(value).unwrap_or_default() {
                        let converted = self.convert(schema, below);
                        to.merge(converted);
                    }
                }
                _ => {}
            }
        }
        (to, types)
    }

    /// One schema for all items; those of a tuple become alternatives.
    fn convert_items(&mut self, value: &'a RawValue, depth: usize) -> Option<Box<OpenApi<'a>>> {
        let Some(tuple) = read_items(value) else {
            return Some(Box::new(self.convert(value, depth)));
        };
        let mut converted: Vec<_> = tuple
            .into_iter()
            .map(|schema| self.convert(schema, depth))
            .collect();
        match converted.len() {
            0 | 1 => converted.pop().map(Box::new),
            _ => Some(Box::new(OpenApi {
                any_of: converted,
                ..OpenApi::default()
            })),
        }
    }

    /// What a reference within the schema leads to. Recursion ends in an object of any form.
    fn convert_reference(&mut self, reference: Cow<'a, str>, depth: usize) -> OpenApi<'a> {
        let Some(target) = self.references.follow(reference) else {
            return OpenApi::of(Kind::Object);
        };
        let converted = self.convert(target, depth + 1);
        self.references.leave();
        converted
    }
}

/// `{"type":"null"}` or `{"const":null}`.
fn says_null(schema: &RawValue) -> bool {
    let Some(fields) = read_fields(schema) else {
        return false;
    };
    find(&fields, "type").is_some_and(|value| value.get() == "\"null\"")
        || find(&fields, "const").is_some_and(|value| value.get() == "null")
}

fn text(value: &RawValue) -> Option<&RawValue> {
    value.get().starts_with('"').then_some(value)
}

fn number(value: &RawValue) -> Option<&RawValue> {
    let is_number = |first: char| first.is_ascii_digit() || first == '-';
    value.get().starts_with(is_number).then_some(value)
}

/// A whole number that is not negative, as int64 fields take it.
fn count(value: &RawValue) -> Option<&RawValue> {
    value.get().parse::<u32>().is_ok().then_some(value)
}
