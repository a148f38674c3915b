//! Going on with an answer that was cut: the request once more, with what was said so far.
//!
//! It works on Gemini's request, so it is the same for every dialect. Whether an answer is worth going
//! on with, and how often, is decided by whoever makes the calls.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::gemini::request::{Content, Part};

/// What asks for the rest. The answer so far precedes it as the model's own turn.
const GO_ON: &str = "Your answer was cut off. Continue exactly where it ends, in the middle of the word if need \
                     be. Repeat nothing, and do not mention the interruption.";

/// A request body whose answer was cut after `so_far`, asking for the rest. `None` if it is no body of
/// `generateContent`, or nothing was said yet.
#[must_use]
pub fn continue_body(body: &[u8], so_far: &str) -> Option<Vec<u8>> {
    if so_far.is_empty() {
        return None;
    }
    let mut fields: BTreeMap<&str, &RawValue> = serde_json::from_slice(body).ok()?;
    let mut contents: Vec<&RawValue> = serde_json::from_str(fields.get("contents")?.get()).ok()?;
    let said = raw(&Content::model(vec![Part::text(so_far)]))?;
    let asked = raw(&Content::user(vec![Part::text(GO_ON)]))?;
    contents.extend([&*said, &*asked]);
    let contents = raw(&contents)?;
    fields.insert("contents", &contents);
    serde_json::to_vec(&fields).ok()
}

/// Whether the client itself limited the answer: then a cut is what it asked for.
#[must_use]
pub fn limits_output(body: &[u8]) -> bool {
    /// As far as it matters here.
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Request<'a> {
        #[serde(borrow)]
        generation_config: Option<BTreeMap<&'a str, &'a RawValue>>,
    }

    let request: Result<Request<'_>, _> = serde_json::from_slice(body);
    request.is_ok_and(|request| {
        let config = request.generation_config.unwrap_or_default();
        config.contains_key("maxOutputTokens") || config.contains_key("max_output_tokens")
    })
}

fn raw(value: &impl Serialize) -> Option<Box<RawValue>> {
    to_raw_value(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_so_far_becomes_the_models_turn_and_nothing_else_changes() {
        let body = br#"{"contents":[{"role":"user","parts":[{"text":"Count."}]}],"generationConfig":{"temperature":1.0e0},"store":false}"#;
        let body = continue_body(body, "one, t\"").unwrap();
        let expected = format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"Count."}}]}},{{"role":"model","parts":[{{"text":"one, t\""}}]}},{{"role":"user","parts":[{{"text":"{GO_ON}"}}]}}],"generationConfig":{{"temperature":1.0e0}},"store":false}}"#
        );
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }

    #[test]
    fn there_is_nothing_to_go_on_with_without_contents_or_words() {
        assert_eq!(continue_body(br#"{"contents":[]}"#, ""), None);
        assert_eq!(continue_body(br#"{"requests":[]}"#, "a"), None);
        assert_eq!(continue_body(b"nonsense", "a"), None);
    }

    #[test]
    fn knows_a_limit_of_the_clients_own() {
        assert!(limits_output(
            br#"{"generationConfig":{"maxOutputTokens":5}}"#
        ));
        assert!(!limits_output(br#"{"generationConfig":{"topK":5}}"#));
        assert!(!limits_output(br#"{"contents":[]}"#));
    }
}
