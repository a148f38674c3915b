//! Functions, their parameters, and how they may be called.

use super::*;

const MODEL: &str = "gemini-2.5-flash";

fn functions(declarations: Value) -> Value {
    with(json!({"tools": [{"functionDeclarations": declarations}]}))
}

fn takes(parameters: Value) -> Value {
    functions(json!([{"name": "f", "parameters": parameters}]))
}

fn called(calling: Value) -> Value {
    with(json!({
        "tools": [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}],
        "toolConfig": {"functionCallingConfig": calling}
    }))
}

#[test]
fn names_of_functions_are_plain_and_differ_t2() {
    let named = |name: &str| functions(json!([{"name": name}]));
    let invalid = "tools[0].function_declarations[0].name: Invalid function name. Must start with a letter or an underscore.";
    let longest = "f".repeat(64);
    let too_long = "f".repeat(65);
    check_cases(&[
        (MODEL, named("_get.weather:now-1"), ""),
        (MODEL, named(&longest), ""),
        (MODEL, named(&too_long), invalid),
        (MODEL, named("1f"), invalid),
        (MODEL, named("get weather"), invalid),
        (MODEL, named(""), invalid),
        (
            MODEL,
            functions(json!([{"name": "f"}, {"name": "f"}])),
            "Duplicate function declaration found: f",
        ),
        (MODEL, functions(json!([])), ""),
    ]);
}

#[test]
fn parameters_make_sense_as_openapi_t3() {
    let object = |properties: Value| json!({"type": "OBJECT", "properties": properties});
    check_cases(&[
        (MODEL, takes(object(json!({}))), ""),
        (
            MODEL,
            takes(object(
                json!({"a": {"type": "array", "items": {"type": "string"}}}),
            )),
            "",
        ),
        (
            MODEL,
            takes(object(json!({"a": {"type": "ARRAY"}}))),
            "parameters.properties[a].items: missing field.",
        ),
        (
            MODEL,
            takes(json!({"type": "OBJECT", "properties": {}, "required": ["a"]})),
            "parameters.required[0]: property is not defined",
        ),
        (
            MODEL,
            takes(object(json!({"a": {"type": "INTEGER", "enum": ["1"]}}))),
            "parameters.properties[a].enum: only allowed for STRING type",
        ),
        (
            MODEL,
            takes(object(
                json!({"a": {"anyOf": [{"type": "STRING", "format": "uri"}]}}),
            )),
            "parameters.properties[a].any_of[0].format: only 'enum' and 'date-time' are supported for STRING type",
        ),
        (
            MODEL,
            takes(json!({"type": "STRING", "properties": {"a": {}}})),
            "only allowed for OBJECT type",
        ),
    ]);
}

#[test]
fn json_schemas_pass_whole_unless_they_lead_nowhere_t3() {
    let json_schema =
        |schema: Value| functions(json!([{"name": "f", "parametersJsonSchema": schema}]));
    let rich = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
        "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"const": 1}, "c": {"type": ["string", "null"]}},
        "$defs": {"A": {"oneOf": [{"type": "string"}, {"not": {}}]}}, "additionalProperties": false
    });
    let opaque = "Request contains an invalid argument.";
    check_cases(&[
        (MODEL, json_schema(rich), ""),
        (
            MODEL,
            json_schema(json!({"properties": {"a": {"$ref": "#/$defs/B"}}})),
            opaque,
        ),
        (
            MODEL,
            json_schema(json!({"properties": {"a": {"$ref": "https://example.com"}}})),
            opaque,
        ),
        (MODEL, json_schema(json!({"type": "string"})), opaque),
        (MODEL, json_schema(json!("object")), opaque),
        (
            MODEL,
            functions(
                json!([{"name": "f", "parameters": {"type": "OBJECT"}, "parametersJsonSchema": {}}]),
            ),
            "cannot both be set",
        ),
    ]);
}

#[test]
fn calling_is_configured_for_declared_functions_only_t7_t10_t11() {
    let without = "Function calling config is set without function_declarations.";
    let auto = json!({"functionCallingConfig": {"mode": "AUTO"}});
    check_cases(&[
        (
            MODEL,
            called(json!({"mode": "ANY", "allowedFunctionNames": ["f"]})),
            "",
        ),
        (
            MODEL,
            called(json!({"mode": "VALIDATED", "allowedFunctionNames": ["f", "g"]})),
            "",
        ),
        (MODEL, called(json!({"mode": "NONE"})), ""),
        (
            MODEL,
            called(json!({"mode": "AUTO", "allowedFunctionNames": ["f"]})),
            "can only be set with the modes ANY and VALIDATED",
        ),
        (
            MODEL,
            called(json!({"allowedFunctionNames": ["f"]})),
            "can only be set with the modes",
        ),
        (
            MODEL,
            called(json!({"mode": "ANY", "allowedFunctionNames": ["h"]})),
            "\"h\" is not declared",
        ),
        (MODEL, with(json!({"toolConfig": auto})), without),
        (
            MODEL,
            with(json!({"tools": [{"googleSearch": {}}], "toolConfig": auto})),
            without,
        ),
        (
            "gemini-3-flash-preview",
            with(json!({"tools": [{"googleSearch": {}}], "toolConfig": {
                "functionCallingConfig": {"mode": "AUTO"}, "includeServerSideToolInvocations": true
            }})),
            "",
        ),
    ]);
}

#[test]
fn functions_go_with_search_since_3_and_by_consent_t15() {
    let both = |config: Value| {
        with(
            json!({"tools": [{"functionDeclarations": [{"name": "f"}]}, {"googleSearch": {}}], "toolConfig": config}),
        )
    };
    let consent = json!({"includeServerSideToolInvocations": true});
    check_cases(&[
        (
            MODEL,
            both(json!({})),
            "Tool use with function calling is unsupported",
        ),
        (
            MODEL,
            both(consent.clone()),
            "Tool use with function calling is unsupported",
        ),
        (
            "gemini-3.5-flash",
            both(json!({})),
            "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.",
        ),
        ("gemini-3.5-flash", both(consent), ""),
        (
            MODEL,
            with(json!({"tools": [{"googleSearch": {}}, {"codeExecution": {}}]})),
            "",
        ),
        (
            MODEL,
            with(json!({"tools": [{"googleSearchRetrieval": {}}]})),
            "Please use google_search tool instead.",
        ),
    ]);
}
