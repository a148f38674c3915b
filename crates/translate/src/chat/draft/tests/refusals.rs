//! How requests that cannot be translated are refused: by field, code and wording.

mod messages;
mod parameters;
mod tools;

use super::check;
use crate::ChatRequest;

/// The refused field and a piece of the wording.
fn check_refused(body: &str, param: Option<&str>, code: &str, wording: &str) {
    let error = check(body).unwrap_err();
    assert_eq!(error.param.as_deref(), param, "{body:.200}: {error}");
    assert_eq!(error.code, Some(code), "{body:.200}: {error}");
    assert!(error.message.contains(wording), "{body:.200}: {error}");
}

fn check_message_refused(message: &str, param: &str, code: &str, wording: &str) {
    let body =
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}},{message}]}}"#);
    check_refused(&body, Some(param), code, wording);
}

fn check_parameter_refused(parameter: &str, param: &str, code: &str, wording: &str) {
    let body =
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}}],{parameter}}}"#);
    check_refused(&body, Some(param), code, wording);
}

#[test]
fn wrong_types_are_refused_by_name() {
    for (parameter, param, wording) in [
        (
            r#""temperature":"hot""#,
            "temperature",
            "expected a number, found a string",
        ),
        (
            r#""max_tokens":"9""#,
            "max_tokens",
            "expected an integer, found a string",
        ),
        (
            r#""max_tokens":1.5"#,
            "max_tokens",
            "expected an integer, found floating point `1.5`",
        ),
        (
            r#""stream":"true""#,
            "stream",
            "expected a boolean, found a string",
        ),
        (
            r#""stream_options":[true]"#,
            "stream_options",
            "expected an object, found an array",
        ),
        (
            r#""stream_options":{"include_usage":1}"#,
            "stream_options.include_usage",
            "expected a boolean",
        ),
        (
            r#""tools":{}"#,
            "tools",
            "expected an array, found an object",
        ),
        (
            r#""response_format":"text""#,
            "response_format",
            "expected an object, found a string",
        ),
    ] {
        check_parameter_refused(parameter, param, "invalid_type", wording);
    }
    check_parameter_refused(
        r#""stop":5"#,
        "stop",
        "invalid_type",
        "a string or an array",
    );
    for (message, param, wording) in [
        ("7", "messages[1]", "expected an object"),
        (
            r#"["user","hi"]"#,
            "messages[1]",
            "expected an object, found an array",
        ),
        (
            r#"{"role":5}"#,
            "messages[1].role",
            "expected a string, found integer `5`",
        ),
        (
            r#"{"role":"user","content":5}"#,
            "messages[1].content",
            "a string or an array",
        ),
        (
            r#"{"role":"user","content":{"type":"text"}}"#,
            "messages[1].content",
            "found an object",
        ),
        (
            r#"{"role":"user","content":["hi"]}"#,
            "messages[1].content[0]",
            "expected an object, found a string",
        ),
        (
            r#"{"role":"user","content":[{"type":"image_url","image_url":"data:"}]}"#,
            "messages[1].content[0].image_url",
            "expected an object",
        ),
    ] {
        check_message_refused(message, param, "invalid_type", wording);
    }
    check_refused(
        r#"{"model":5,"messages":[]}"#,
        Some("model"),
        "invalid_type",
        "expected a string",
    );
    check_refused(
        r#"{"model":"m","messages":"hi"}"#,
        Some("messages"),
        "invalid_type",
        "expected an array",
    );
    check_refused(
        "[]",
        None,
        "invalid_type",
        "the request body: expected an object",
    );
}

#[test]
fn fields_given_twice_are_refused_by_name() {
    check_parameter_refused(
        r#""seed":1,"seed":2"#,
        "seed",
        "invalid_value",
        "is given twice",
    );
    let twice = r#"{"role":"user","role":"user","content":"a"}"#;
    check_message_refused(twice, "messages[1].role", "invalid_value", "is given twice");
}

#[test]
fn missing_fields_are_refused_by_name() {
    const MISSING: &str = "missing_required_parameter";
    check_refused("{}", Some("model"), MISSING, "`model`: is required");
    check_refused(
        r#"{"model":null,"messages":[]}"#,
        Some("model"),
        MISSING,
        "is required",
    );
    check_refused(
        r#"{"model":"","messages":[]}"#,
        Some("model"),
        MISSING,
        "is required",
    );
    check_refused(r#"{"model":"m"}"#, Some("messages"), MISSING, "is required");
    check_refused(
        r#"{"model":"m","messages":[]}"#,
        Some("messages"),
        "invalid_value",
        "at least one message",
    );
}

#[test]
fn bodies_that_are_not_json_are_refused() {
    for body in [
        "",
        "hello",
        r#"{"model":"m","#,
        r#"{"model":"m",}"#,
        r#"{"model":"m"} {}"#,
        r#"{"temperature":1e999}"#,
    ] {
        let error = ChatRequest::parse(body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.code, error.param),
            (Some("invalid_json"), None),
            "{body}: {}",
            error.message
        );
    }
    let error = ChatRequest::parse(b"{\"model\":\"\xff\"}").unwrap_err();
    assert_eq!(
        error.message,
        "the request body is not valid UTF-8, first at byte 10"
    );
    let deep = format!(r#"{{"model":"m","x":{}"#, "[".repeat(1_000_000));
    check_refused(&deep, None, "invalid_json", "nests deeper than 64 levels");
}

#[test]
fn limits_hold_sec065() {
    let messages = |count: usize| {
        let list = vec![r#"{"role":"user","content":"a"}"#; count].join(",");
        format!(r#"{{"model":"m","messages":[{list}]}}"#)
    };
    assert!(check(&messages(2048)).is_ok());
    check_refused(
        &messages(2049),
        Some("messages"),
        "invalid_value",
        "at most 2048 items",
    );

    let tools = |count: usize| {
        let tools: Vec<String> = (0..count)
            .map(|id| format!(r#"{{"type":"function","function":{{"name":"f{id}"}}}}"#))
            .collect();
        let tools = tools.join(",");
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],"tools":[{tools}]}}"#)
    };
    assert!(check(&tools(512)).is_ok());
    check_refused(
        &tools(513),
        Some("tools"),
        "invalid_value",
        "at most 512 items",
    );

    let images = |count: usize| {
        let image = r#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}"#;
        let list = vec![image; count].join(",");
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":[{list}]}}]}}"#)
    };
    assert!(check(&images(64)).is_ok());
    check_refused(
        &images(65),
        Some("messages[0].content[64]"),
        "array_above_max_length",
        "at most 64 images",
    );
    let files = |count: usize| {
        let file = r#"{"type":"file","file":{"file_data":"AAAA"}}"#;
        let list = vec![file; count].join(",");
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":[{list}]}}]}}"#)
    };
    assert!(check(&files(64)).is_ok());
    check_refused(
        &files(65),
        Some("messages[0].content[64]"),
        "array_above_max_length",
        "at most 64 files",
    );
}

#[test]
fn refusals_and_debug_repeat_no_prompt() {
    let body = r#"{"model":"m","messages":"my secret prompt"}"#;
    let error = check(body).unwrap_err();
    assert!(!error.message.contains("secret"));
    let body = r#"{"model":"m","messages":[{"role":"user","content":"my secret prompt"}]}"#;
    let request = ChatRequest::parse(body.as_bytes()).unwrap();
    assert!(!format!("{request:?}").contains("secret"));
}
