//! The last step for a schema: one type, and only what a value of that type can have.

use std::collections::BTreeSet;

use super::{
    openapi::{Kind, OpenApi, Properties},
    types::Types,
};

/// Brings a schema into the form that Gemini wants: one type, or alternatives of one each.
pub(super) fn settle<'a>(mut schema: OpenApi<'a>, types: Types) -> OpenApi<'a> {
    schema.nullable |= types.null;
    if types.kinds.len() > 1 {
        // Alternatives beside alternatives: the types are the weaker statement.
        if schema.any_of.is_empty() {
            schema.any_of = types
                .kinds
                .iter()
                .map(|kind| part_for(&mut schema, *kind))
                .collect();
        }
    } else if let Some(kind) = types.kinds.first() {
        schema.kind = Some(*kind);
    }
    if schema.any_of.len() == 1
        && let Some(only) = schema.any_of.pop()
    {
        schema.merge(only);
    }
    if !schema.any_of.is_empty() {
        if schema.properties.is_empty() {
            return OpenApi {
                notes: schema.notes,
                nullable: schema.nullable,
                any_of: schema.any_of,
                ..OpenApi::default()
            };
        }
        // Such as "one of these fields is required": the fields themselves say more.
        schema.any_of.clear();
    }
    let kind = schema.kind.unwrap_or_else(|| likely_kind(&schema));
    schema.kind = Some(kind);
    fit_to_kind(schema, kind)
}

/// What a schema without type is about.
fn likely_kind(schema: &OpenApi<'_>) -> Kind {
    if !schema.properties.is_empty() {
        Kind::Object
    } else if schema.items.is_some() {
        Kind::Array
    } else if schema.bounds.minimum.is_some() || schema.bounds.maximum.is_some() {
        Kind::Number
    } else {
        // Any value can be written as a string.
        Kind::String
    }
}

/// The alternative of `schema` that is of this kind; it takes what only that kind can have.
fn part_for<'a>(schema: &mut OpenApi<'a>, kind: Kind) -> OpenApi<'a> {
    let mut part = OpenApi {
        format: schema.format,
        bounds: schema.bounds.clone(),
        ..OpenApi::of(kind)
    };
    if kind == Kind::Object {
        part.properties = std::mem::take(&mut schema.properties);
        part.required = std::mem::take(&mut schema.required);
    }
    if kind == Kind::Array {
        part.items = schema.items.take();
    }
    fit_to_kind(part, kind)
}

/// Leaves only what the kind can have, and adds what it must have.
fn fit_to_kind(mut schema: OpenApi<'_>, kind: Kind) -> OpenApi<'_> {
    schema.bounds = schema.bounds.of(kind);
    schema.format = schema.format.filter(|format| format_fits(format, kind));
    if kind != Kind::String {
        schema.choices.clear();
    }
    if kind == Kind::Array {
        // An array without items is an error.
        let items = schema.items.take();
        schema.items = items.or_else(|| Some(Box::new(OpenApi::of(Kind::String))));
    } else {
        schema.items = None;
    }
    if kind == Kind::Object {
        // Requiring a field that is not there is an error, and so is doing it twice.
        let mut seen = BTreeSet::new();
        let properties = &schema.properties;
        schema
            .required
            .retain(|name| properties.has(name) && seen.insert(name.clone()));
    } else {
        schema.properties = Properties::default();
        schema.required.clear();
    }
    schema
}

/// The formats that `Schema` knows; any other is an error there.
pub(super) fn known_format(format: &str) -> Option<&'static str> {
    ["date-time", "float", "double", "int32", "int64"]
        .into_iter()
        .find(|known| *known == format)
}

fn format_fits(format: &str, kind: Kind) -> bool {
    match kind {
        Kind::String => format == "date-time",
        Kind::Number => matches!(format, "float" | "double"),
        Kind::Integer => matches!(format, "int32" | "int64"),
        Kind::Boolean | Kind::Array | Kind::Object => false,
    }
}
