//! Arguments and results of calls, as the JSON objects that Gemini wants (M8, T16).
//!
//! A value that is right is borrowed as the client wrote it, so that no number changes.

use std::borrow::Cow;

use serde_json::value::{RawValue, to_raw_value};

use crate::json::exceeds_max_depth;

/// `{}`
pub(crate) fn empty_object<'a>() -> Cow<'a, RawValue> {
    wrapped(&serde_json::Map::new())
}

/// The arguments of a call in the history, which OpenAI's clients send as a string of JSON: an
/// object as it is; nothing, `null` or blank is `{}`; anything else is kept under `raw`, so that it
/// is neither lost nor an error of the whole conversation.
pub(crate) fn arguments(text: &str) -> Cow<'_, RawValue> {
    match json_of(text) {
        Some(value) if value.get().starts_with('{') => Cow::Borrowed(value),
        Some(value) if value.get() == "null" => empty_object(),
        None if text.trim().is_empty() => empty_object(),
        _ => wrapped(&serde_json::json!({ "raw": text })),
    }
}

/// The text of a call's result: an object as it is, any other JSON value or text under `result`.
pub(crate) fn result(text: &str) -> Cow<'_, RawValue> {
    #[derive(serde::Serialize)]
    struct Result<T> {
        result: T,
    }

    match json_of(text) {
        Some(value) if value.get().starts_with('{') => Cow::Borrowed(value),
        Some(result) => wrapped(&Result { result }),
        None => wrapped(&Result { result: text }),
    }
}

/// The text of a call that failed.
pub(crate) fn failure<'a>(text: &str) -> Cow<'a, RawValue> {
    wrapped(&serde_json::json!({ "error": text }))
}

/// The JSON value that `text` is, if it is one and no deeper than anything else from a client.
fn json_of(text: &str) -> Option<&RawValue> {
    if exceeds_max_depth(text) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// What is wrapped here cannot fail to serialize; if it did, Gemini would get `null`.
fn wrapped<'a>(value: &impl serde::Serialize) -> Cow<'a, RawValue> {
    match to_raw_value(value) {
        Ok(raw) => Cow::Owned(raw),
        Err(_) => Cow::Borrowed(RawValue::NULL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_always_an_object_t16() {
        for (text, expected) in [
            (r#"{"n":1.0e400,"a":[]}"#, r#"{"n":1.0e400,"a":[]}"#),
            (" {\"a\":1}\n", r#"{"a":1}"#),
            ("", "{}"),
            (" ", "{}"),
            ("null", "{}"),
            ("[1]", r#"{"raw":"[1]"}"#),
            (r#"{"a":"#, r#"{"raw":"{\"a\":"}"#),
        ] {
            assert_eq!(arguments(text).get(), expected, "{text}");
        }
    }

    #[test]
    fn results_are_always_an_object_m8() {
        for (text, expected) in [
            (r#"{"temperature":20.50}"#, r#"{"temperature":20.50}"#),
            ("20.50", r#"{"result":20.50}"#),
            (r#"["a"]"#, r#"{"result":["a"]}"#),
            ("sunny", r#"{"result":"sunny"}"#),
            ("", r#"{"result":""}"#),
        ] {
            assert_eq!(result(text).get(), expected, "{text}");
        }
        assert_eq!(failure("no \"x\"").get(), r#"{"error":"no \"x\""}"#);
    }

    #[test]
    fn a_result_nested_too_deeply_stays_text() {
        let deep = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
        assert!(result(&deep).get().starts_with(r#"{"result":"[["#));
    }
}
