//! Nonsense in every field: a 400 that names it.

mod missing;
mod types;
mod values;

use super::with_draft;

const TYPE: &str = "invalid_type";
const VALUE: &str = "invalid_value";
const MISSING: &str = "missing_required_parameter";
const UNSUPPORTED: &str = "unsupported_value";

/// Checks path, code and a piece of the message.
fn check(body: &str, param: &str, code: &str, wording: &str) {
    let error = with_draft(body, |_| ()).expect_err(body);
    assert_eq!(error.param.as_deref(), Some(param), "{body}: {error}");
    assert_eq!(error.code, Some(code), "{body}: {error}");
    assert!(error.message.contains(wording), "{body}: {error}");
}

/// A field of the body that is the only thing wrong with it.
fn check_field(field: &str, param: &str, code: &str, wording: &str) {
    let rest = [
        ("model", r#""model":"m""#),
        ("max_tokens", r#""max_tokens":2048"#),
        ("messages", r#""messages":[{"role":"user","content":"Hi"}]"#),
    ];
    let rest = rest
        .iter()
        .filter(|(name, _)| !field.starts_with(&format!("\"{name}\"")));
    let rest: Vec<&str> = rest.map(|(_, json)| *json).collect();
    check(
        &format!("{{{},{field}}}", rest.join(",")),
        param,
        code,
        wording,
    );
}

/// A block of the first user message.
fn check_block(block: &str, path: &str, code: &str, wording: &str) {
    let field = format!(r#""messages":[{{"role":"user","content":[{block}]}}]"#);
    check_field(
        &field,
        &format!("messages[0].content[0]{path}"),
        code,
        wording,
    );
}

/// A block of an assistant's message.
fn check_answer_block(block: &str, path: &str, code: &str, wording: &str) {
    let field = format!(r#""messages":[{{"role":"assistant","content":[{block}]}}]"#);
    check_field(
        &field,
        &format!("messages[0].content[0]{path}"),
        code,
        wording,
    );
}

#[test]
fn refusals_and_debug_repeat_no_prompt() {
    let body = r#"{"model":"m","max_tokens":9,"messages":"my secret prompt"}"#;
    assert!(
        !with_draft(body, |_| ())
            .unwrap_err()
            .message
            .contains("secret")
    );
    let body = r#"{"model":"m","max_tokens":9,"system":"my secret","messages":[{"role":"user","content":[{"type":"text","text":"my secret"}]}]}"#;
    let request = crate::anthropic::MessagesRequest::parse(body.as_bytes()).unwrap();
    assert!(!format!("{request:?}").contains("secret"));
}
