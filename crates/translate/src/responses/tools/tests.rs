//! Tools by rule, as the draft's.

use super::*;
use crate::{InvalidRequest, responses::ResponsesRequest};

fn converted<T>(tools: &str, tell: impl Fn(&Converted<'_>) -> T) -> Result<T, InvalidRequest> {
    let body = format!(r#"{{"model":"m","input":"hi","tools":{tools}}}"#);
    let request = ResponsesRequest::parse(body.as_bytes())?;
    Ok(tell(&convert_tools(request.tools())?))
}

/// Name, description and schema of each function, one a line.
fn functions(tools: &str) -> String {
    let told = converted(tools, |converted| {
        let functions = converted.tools.functions.iter();
        functions
            .map(|function| {
                let description = function.description.as_deref().unwrap_or("-");
                let schema = function.parameters.as_ref().map_or("-", |raw| raw.get());
                format!("{} | {description} | {schema}\n", function.name)
            })
            .collect()
    });
    told.unwrap()
}

#[test]
fn functions_are_flat_and_schemas_stay_as_they_are_t1_t2_t3() {
    insta::assert_snapshot!(functions(r#"[
        {"type":"function","name":"f","description":"d","parameters":{"type": "object","x-n":1.0},"strict":true},
        {"type":"function","name":"g","parameters":null,"strict":null,"defer_loading":true}
    ]"#), @r#"
    f | d | {"type": "object","x-n":1.0}
    g | - | -
    "#);
}

#[test]
fn strict_is_any_functions_t6() {
    for (tools, expected) in [
        (
            r#"[{"type":"function","name":"f","strict":true},{"type":"function","name":"g","strict":false}]"#,
            true,
        ),
        (r#"[{"type":"function","name":"f"}]"#, false),
        (r#"[{"type":"custom","name":"f"}]"#, false),
    ] {
        let strict = converted(tools, |converted| converted.tools.strict);
        assert_eq!(strict, Ok(expected), "{tools}");
    }
}

#[test]
fn custom_tools_and_namespaces_are_functions_t12() {
    insta::assert_snapshot!(functions(r#"[
        {"type":"custom","name":"a"},
        {"type":"custom","name":"b","description":"Says","format":{"type":"text"}},
        {"type":"custom","name":"patch","description":"Edits","format":{"type":"grammar","syntax":"lark","definition":"start: \"x\""}},
        {"type":"namespace","name":"crm","description":"d","tools":[{"type":"function","name":"find"},{"type":"custom","name":"run"}]}
    ]"#), @r#"
    a | - | {"type":"object","properties":{"input":{"type":"string","description":"The whole input of the tool, as plain text."}},"required":["input"]}
    b | Says | {"type":"object","properties":{"input":{"type":"string","description":"The whole input of the tool, as plain text."}},"required":["input"]}
    patch | Edits

    The input must match this lark grammar:
    start: "x" | {"type":"object","properties":{"input":{"type":"string","description":"The whole input of the tool, as plain text."}},"required":["input"]}
    crm.find | - | -
    crm.run | - | {"type":"object","properties":{"input":{"type":"string","description":"The whole input of the tool, as plain text."}},"required":["input"]}
    "#);
}

#[test]
fn google_has_tools_for_some_of_openais_t15() {
    for (kind, expected) in [
        ("web_search", (true, false, false)),
        ("web_search_2025_08_26", (true, false, false)),
        ("web_search_preview", (true, false, false)),
        ("web_search_preview_2025_03_11", (true, false, false)),
        ("code_interpreter", (false, true, false)),
        ("image_generation", (false, false, true)),
    ] {
        let found = converted(
            &format!(r#"[{{"type":"{kind}","filters":null}}]"#),
            |converted| {
                (
                    converted.tools.google_search,
                    converted.tools.code_execution,
                    converted.images,
                )
            },
        );
        assert_eq!(found, Ok(expected), "{kind}");
    }
}

#[test]
fn sizes_of_pictures_are_aspect_ratios_i2() {
    for (size, expected) in [("1536x1024", Some("3:2")), ("auto", None), ("7x7", None)] {
        let tools = format!(r#"[{{"type":"image_generation","size":"{size}"}}]"#);
        let ratio = converted(&tools, |converted| converted.image.aspect_ratio);
        assert_eq!(ratio, Ok(expected), "{size}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (tools, path, code) in [
        ("7", "tools", "invalid_type"),
        ("[7]", "tools[0]", "invalid_type"),
        ("[{}]", "tools[0].type", "missing_required_parameter"),
        (r#"[{"type":"wizard"}]"#, "tools[0].type", "invalid_value"),
        (
            r#"[{"type":"function"}]"#,
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"function","name":""}]"#,
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"function","name":[]}]"#,
            "tools[0].name",
            "invalid_type",
        ),
        (
            r#"[{"type":"function","function":{"name":"f"}}]"#,
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"function","name":"f","parameters":[]}]"#,
            "tools[0].parameters",
            "invalid_type",
        ),
        (
            r#"[{"type":"function","name":"f","strict":"yes"}]"#,
            "tools[0].strict",
            "invalid_type",
        ),
        (
            r#"[{"type":"function","name":"f","description":1}]"#,
            "tools[0].description",
            "invalid_type",
        ),
        (
            r#"[{"type":"custom","name":"f","format":{}}]"#,
            "tools[0].format.type",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"custom","name":"f","format":{"type":"x"}}]"#,
            "tools[0].format.type",
            "invalid_value",
        ),
        (
            r#"[{"type":"custom","name":"f","format":{"type":"grammar"}}]"#,
            "tools[0].format.definition",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"custom","name":"f","format":{"type":"grammar","definition":"x","syntax":"y"}}]"#,
            "tools[0].format.syntax",
            "invalid_value",
        ),
        (
            r#"[{"type":"namespace","tools":[]}]"#,
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"namespace","name":"n","tools":[{"type":"function"}]}]"#,
            "tools[0].tools[0].name",
            "missing_required_parameter",
        ),
        (
            r#"[{"type":"namespace","name":"n","tools":[{"type":"web_search"}]}]"#,
            "tools[0].tools[0].type",
            "unsupported_value",
        ),
        (
            r#"[{"type":"namespace","name":"n","tools":[{"type":"namespace","name":"m","tools":[]}]}]"#,
            "tools[0].tools[0].type",
            "unsupported_value",
        ),
    ] {
        let error = converted(tools, |_| ()).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(path), "{tools}: {error}");
        assert_eq!(error.code, Some(code), "{tools}: {error}");
    }
}

#[test]
fn what_only_tunes_a_tool_is_checked_and_has_no_effect() {
    for (field, right, wrong) in [
        ("defer_loading", "true", "1"),
        ("allowed_callers", r#"["direct"]"#, r#""direct""#),
        ("async", "false", r#""no""#),
        ("output_schema", "{}", "[]"),
        ("user_location", r#"{"type":"approximate"}"#, r#""here""#),
        ("search_context_size", r#""low""#, "1"),
        ("search_content_types", r#"["text"]"#, "{}"),
        ("filters", r#"{"allowed_domains":[]}"#, "[]"),
        ("external_web_access", "false", r#""no""#),
        ("container", r#"{"type":"auto"}"#, "1"),
        ("container", r#""cntr_1""#, "[]"),
        ("action", r#""auto""#, "1"),
        ("background", r#""auto""#, "1"),
        ("input_fidelity", r#""low""#, "1"),
        ("input_image_mask", "{}", "[]"),
        ("model", r#""gpt-image-2""#, "1"),
        ("moderation", r#""low""#, "1"),
        ("output_compression", "90", r#""x""#),
        ("output_format", r#""png""#, "1"),
        ("partial_images", "0", r#""x""#),
        ("quality", r#""high""#, "1"),
    ] {
        let tools = |value: &str| format!(r#"[{{"type":"image_generation","{field}":{value}}}]"#);
        assert_eq!(converted(&tools(right), |_| ()), Ok(()), "{field}");
        assert_eq!(converted(&tools("null"), |_| ()), Ok(()), "{field}");
        let error = converted(&tools(wrong), |_| ()).unwrap_err();
        assert_eq!(error.param, Some(format!("tools[0].{field}")), "{error}");
    }
}

#[test]
fn tools_that_gemini_lacks_are_refused_with_the_reason() {
    for (kind, reason) in [
        ("file_search", "vector stores"),
        ("mcp", "MCP servers"),
        ("computer", "declare a function"),
        ("computer_use_preview", "declare a function"),
        ("local_shell", "declare a function"),
        ("shell", "declare a function"),
        ("apply_patch", "declare a function"),
        ("tool_search", "always loaded"),
        ("programmatic_tool_calling", "declare a function"),
    ] {
        let error = converted(&format!(r#"[{{"type":"{kind}"}}]"#), |_| ()).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("tools[0].type"), "{kind}");
        assert!(error.message.contains(reason), "{error}");
    }
}

#[test]
fn more_tools_than_the_limit_are_refused() {
    let tool = r#"{"type":"function","name":"f"}"#;
    let error = converted(&format!("[{}]", vec![tool; 513].join(",")), |_| ()).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("tools"));
}
