//! What Google keeps of a request, on Gemini's request: the same for every dialect.
//!
//! Projects made since 2026-10-26 keep prompts and answers unless `store` is false, and the owner of the key can read
//! them. Who must not be able to is decided by whoever makes the calls.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::native::edits::{Edits, present};

/// The one field.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    store: Option<&'a RawValue>,
}

/// A request body that asks for nothing to be kept, where `body` asks for something else. `None` if it does not, or is
/// no body with such a field: bodies of this crate and those that it passes on always say it.
#[must_use]
pub fn without_storing(body: &[u8]) -> Option<Vec<u8>> {
    let body = std::str::from_utf8(body).ok()?;
    let stored: Stored<'_> = serde_json::from_str(body).ok()?;
    let value = stored.store.filter(|value| value.get() != "false")?;
    let mut edits = Edits::of(body);
    edits.replace(value, "false");
    Some(edits.apply())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_becomes_false_and_nothing_else_changes() {
        for (body, expected) in [
            (
                r#"{"store":true,"contents":[1.0]}"#,
                Some(r#"{"store":false,"contents":[1.0]}"#),
            ),
            (
                r#"{"contents":[] , "store" : "yes"}"#,
                Some(r#"{"contents":[] , "store" : false}"#),
            ),
            (r#"{"\u0073tore":true}"#, Some(r#"{"\u0073tore":false}"#)),
            (r#"{"store":null}"#, Some(r#"{"store":false}"#)),
            (r#"{"store":false}"#, None),
            (r#"{"contents":[{"store":true}]}"#, None),
            ("not json", None),
        ] {
            let found = without_storing(body.as_bytes());
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{body}");
        }
    }
}
