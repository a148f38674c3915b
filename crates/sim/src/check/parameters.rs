//! What a function takes: the `OpenAPI` subset is checked as Google does, JSON Schema only for what
//! is known to be refused (T3).

use serde_json::Value;

use super::Checked;
use crate::refusal::{self, invalid_field};

const REQUEST: &str = "GenerateContentRequest";

pub(super) fn check(declaration: &Value, place: &str) -> Checked {
    let openapi = declaration.get("parameters");
    let json_schema = declaration.get("parametersJsonSchema");
    match (openapi, json_schema) {
        (Some(_), Some(_)) => Err(invalid_field(
            REQUEST,
            // No recording.
            format!("{place}: parameters and parameters_json_schema cannot both be set"),
        )),
        (Some(schema), None) => check_openapi(schema, &format!("{place}.parameters")),
        (None, Some(schema)) => check_json_schema(schema),
        (None, None) => Ok(()),
    }
}

fn kind(schema: &Value) -> &str {
    let kind = schema.get("type").and_then(Value::as_str);
    kind.unwrap_or_default()
}

fn check_openapi(schema: &Value, place: &str) -> Checked {
    let refuse = |text: &str| Err(invalid_field(REQUEST, format!("{place}.{text}")));
    let properties = schema.get("properties").and_then(Value::as_object);
    if properties.is_some_and(|properties| !properties.is_empty()) && kind(schema) != "OBJECT" {
        return refuse("properties: only allowed for OBJECT type");
    }
    let required = schema.get("required").and_then(Value::as_array);
    for (index, name) in required.into_iter().flatten().enumerate() {
        let name = name.as_str().unwrap_or_default();
        if !properties.is_some_and(|properties| properties.contains_key(name)) {
            return refuse(&format!("required[{index}]: property is not defined"));
        }
    }
    if schema.get("enum").is_some() && kind(schema) != "STRING" {
        return refuse("enum: only allowed for STRING type");
    }
    let format = schema.get("format").and_then(Value::as_str);
    if kind(schema) == "STRING" && !matches!(format, None | Some("" | "enum" | "date-time")) {
        return refuse("format: only 'enum' and 'date-time' are supported for STRING type");
    }
    match schema.get("items") {
        None if kind(schema) == "ARRAY" => return refuse("items: missing field."),
        None => {}
        Some(items) => check_openapi(items, &format!("{place}.items"))?,
    }
    for (name, property) in properties.into_iter().flatten() {
        check_openapi(property, &format!("{place}.properties[{name}]"))?;
    }
    let options = schema.get("anyOf").and_then(Value::as_array);
    for (index, option) in options.into_iter().flatten().enumerate() {
        check_openapi(option, &format!("{place}.any_of[{index}]"))?;
    }
    Ok(())
}

/// Arguments are an object, and references lead to a definition in the same schema. Google does
/// not say what else it minds.
fn check_json_schema(schema: &Value) -> Checked {
    let is_object = match schema.get("type") {
        Some(Value::String(kind)) => kind.eq_ignore_ascii_case("object"),
        Some(_) => false,
        None => schema.is_object(),
    };
    if is_object && has_valid_references(schema, schema) {
        Ok(())
    } else {
        Err(refusal::opaque())
    }
}

fn has_valid_references(value: &Value, root: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, value)| match (name.as_str(), value) {
                ("$ref", Value::String(reference)) => reference
                    .strip_prefix('#')
                    .is_some_and(|pointer| root.pointer(pointer).is_some()),
                // Their contents are data.
                ("const" | "enum" | "default" | "examples", _) => true,
                _ => has_valid_references(value, root),
            }),
        Value::Array(values) => values.iter().all(|value| has_valid_references(value, root)),
        _ => true,
    }
}
