//! `tool_choice` by rule.

use crate::{InvalidRequest, responses::ResponsesRequest, responses::draft::draft};

const TOOLS: &str = r#"[{"type":"function","name":"f"},{"type":"custom","name":"patch"},{"type":"namespace","name":"crm","tools":[{"type":"function","name":"find"}]},{"type":"web_search"},{"type":"code_interpreter"},{"type":"image_generation"}]"#;

/// The choice, and which of Google's tools are left: search, code, a picture that is asked for.
fn chosen(choice: &str) -> Result<(String, [bool; 3]), InvalidRequest> {
    let body = format!(r#"{{"model":"m","input":"hi","tools":{TOOLS},"tool_choice":{choice}}}"#);
    let request = ResponsesRequest::parse(body.as_bytes())?;
    let draft = draft(&request)?;
    let google = [
        draft.tools.google_search,
        draft.tools.code_execution,
        !draft.modalities.is_empty(),
    ];
    assert_eq!(draft.tools.functions.len(), 3, "declarations stay (T8)");
    Ok((format!("{:?}", draft.tools.choice), google))
}

#[test]
fn every_form_has_a_meaning_t7_t8_t9_t10_t11() {
    let all = [true, true, false];
    let none = [false; 3];
    for (choice, expected, google) in [
        ("null", "Auto", all),
        (r#""auto""#, "Auto", all),
        (r#""none""#, "None", all),
        (r#""required""#, "Any", all),
        (r#"{"type":"function","name":"f"}"#, r#"AnyOf(["f"])"#, all),
        (
            r#"{"type":"custom","name":"patch"}"#,
            r#"AnyOf(["patch"])"#,
            all,
        ),
        (
            r#"{"type":"function","namespace":"crm","name":"find"}"#,
            r#"AnyOf(["crm.find"])"#,
            all,
        ),
        (
            r#"{"type":"web_search_preview"}"#,
            "AutoOf([])",
            [true, false, false],
        ),
        (
            r#"{"type":"code_interpreter"}"#,
            "AutoOf([])",
            [false, true, false],
        ),
        (
            r#"{"type":"image_generation"}"#,
            "AutoOf([])",
            [false, false, true],
        ),
        (
            r#"{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"},{"type":"custom","name":"patch"}]}"#,
            r#"AutoOf(["f", "patch"])"#,
            none,
        ),
        (
            r#"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"},{"type":"web_search"}]}"#,
            r#"AnyOf(["f"])"#,
            [true, false, false],
        ),
        (
            r#"{"type":"allowed_tools","mode":"required","tools":[{"type":"web_search"}]}"#,
            "AutoOf([])",
            [true, false, false],
        ),
    ] {
        let found = chosen(choice);
        assert_eq!(found, Ok((expected.to_owned(), google)), "{choice}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (choice, path, code) in [
        (r#""always""#, "tool_choice", "invalid_value"),
        ("7", "tool_choice", "invalid_type"),
        ("{}", "tool_choice.type", "missing_required_parameter"),
        (r#"{"type":"wizard"}"#, "tool_choice.type", "invalid_value"),
        (
            r#"{"type":"mcp","server_label":"x"}"#,
            "tool_choice.type",
            "unsupported_value",
        ),
        (
            r#"{"type":"function"}"#,
            "tool_choice.name",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function","name":7}"#,
            "tool_choice.name",
            "invalid_type",
        ),
        (
            r#"{"type":"function","name":"nobody"}"#,
            "tool_choice.name",
            "invalid_value",
        ),
        (
            r#"{"type":"function","function":{"name":"f"}}"#,
            "tool_choice.name",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"allowed_tools","mode":"auto"}"#,
            "tool_choice.tools",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"allowed_tools","mode":"auto","tools":[]}"#,
            "tool_choice.tools",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"allowed_tools","tools":[{"type":"function","name":"f"}]}"#,
            "tool_choice.mode",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"allowed_tools","mode":"x","tools":[{"type":"function","name":"f"}]}"#,
            "tool_choice.mode",
            "invalid_value",
        ),
        (
            r#"{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"x"}]}"#,
            "tool_choice.tools[0].name",
            "invalid_value",
        ),
        (
            r#"{"type":"allowed_tools","mode":"auto","tools":["f"]}"#,
            "tool_choice.tools[0]",
            "invalid_type",
        ),
    ] {
        let error = chosen(choice).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(path), "{choice}: {error}");
        assert_eq!(error.code, Some(code), "{choice}: {error}");
    }
}

#[test]
fn a_tool_of_googles_must_be_among_the_tools() {
    let body = r#"{"model":"m","input":"hi","tool_choice":{"type":"web_search_preview"}}"#;
    let request = ResponsesRequest::parse(body.as_bytes()).unwrap();
    let error = InvalidRequest::from(draft(&request).unwrap_err());
    assert_eq!(error.param.as_deref(), Some("tool_choice.type"));
}
