//! Values for schemas.

use serde_json::json;

use super::*;

fn value(text: &str, schema: &Value) -> Value {
    Sampler::new(text, &[]).value_of(schema)
}

#[test]
fn each_type_has_a_value_out_of_the_question() {
    let text = "Take 17 of Paris and 4 of Rome";
    let cases = [
        (json!({"type": "string"}), json!("Paris")),
        (
            json!({"type": "STRING", "format": "date-time"}),
            json!("2026-11-21T12:00:00Z"),
        ),
        (json!({"type": "string", "minLength": 8}), json!("Parisxxx")),
        (json!({"type": "string", "maxLength": 2}), json!("Pa")),
        (json!({"type": "integer"}), json!(17)),
        (json!({"type": "integer", "maximum": 10}), json!(10)),
        (
            json!({"type": "integer", "exclusiveMinimum": 20, "multipleOf": 5}),
            json!(25),
        ),
        (json!({"type": "number"}), json!(17)),
        (
            json!({"type": "number", "minimum": 0, "maximum": 1}),
            json!(1.0),
        ),
        (json!({"type": "boolean"}), json!(true)),
        (json!({"type": ["null", "integer"]}), json!(17)),
        (json!({"type": "null"}), json!(null)),
        (json!({"enum": ["b", "a"]}), json!("b")),
        (json!({"const": 5}), json!(5)),
        (
            json!({"anyOf": [{"type": "null"}, {"type": "boolean"}]}),
            json!(true),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "minItems": 3}),
            json!(["Paris", "Rome", "Paris"]),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!(["Paris"]),
        ),
        (json!({"type": "array"}), json!([])),
        (
            json!({"prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": false}),
            json!([17, true]),
        ),
        (json!({"type": "object"}), json!({})),
        (json!({}), json!("Paris")),
        (json!(true), json!("Paris")),
    ];
    for (schema, expected) in cases {
        assert_eq!(value(text, &schema), expected, "{schema}");
    }
}

#[test]
fn objects_have_what_is_required_or_everything() {
    let properties =
        json!({"a": {"type": "integer"}, "b": {"type": "string"}, "query": {"type": "string"}});
    let some = json!({"type": "object", "properties": properties, "required": ["b", "query"]});
    assert_eq!(
        value("see Rome", &some),
        json!({"b": "Rome", "query": "see Rome"})
    );
    let all = json!({"type": "object", "properties": properties});
    assert_eq!(
        value("see Rome", &all),
        json!({"a": 1, "b": "Rome", "query": "see Rome"})
    );
}

#[test]
fn references_and_all_of_are_followed() {
    let schema = json!({
        "allOf": [{"$ref": "#/$defs/base"}, {"properties": {"b": {"type": "boolean"}}, "required": ["b"]}],
        "$defs": {"base": {"type": "object", "properties": {"a": {"$ref": "#/$defs/number"}}, "required": ["a"]},
                  "number": {"type": "integer"}}
    });
    assert_eq!(value("5", &schema), json!({"a": 5, "b": true}));
}

#[test]
fn what_is_recursive_ends() {
    let schema = json!({"$ref": "#/$defs/node", "$defs": {"node": {
        "type": "object", "properties": {"child": {"$ref": "#/$defs/node"}}, "required": ["child"]
    }}});
    assert!(value("", &schema).is_object());
    let endless = json!({"$ref": "#"});
    assert_eq!(value("", &endless), Value::Null);
    let nowhere = json!({"$ref": "#/none"});
    assert_eq!(value("", &nowhere), Value::Null);
}
