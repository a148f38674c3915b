//! What a conversation is recognized by: how it begins.
//!
//! Requests that begin alike share Google's implicit cache, which belongs to a key's project. Nothing is kept here;
//! which key a conversation prefers is `gempool-pool`'s to say.

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

/// As much of a beginning as is looked at, in bytes: a first message with a picture is megabytes, and its first
/// part tells it apart.
const BEGINNING_BYTES_MAX: usize = 16 * 1024;

/// Gemini's request, as far as its beginning goes. What follows the first turn changes from step to step.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Beginning<'a> {
    #[serde(borrow, default, alias = "system_instruction")]
    system_instruction: Option<&'a RawValue>,
    #[serde(borrow, default)]
    contents: Vec<&'a RawValue>,
}

/// A number that requests of one conversation have in common; `None` for a body without one.
pub(crate) fn conversation(body: &[u8]) -> Option<u64> {
    let beginning: Beginning<'_> = serde_json::from_slice(body).ok()?;
    let first = beginning.contents.first()?;
    let mut digest = Sha256::new();
    for text in beginning.system_instruction.iter().chain([first]) {
        let text = text.get().as_bytes();
        digest.update(text.get(..BEGINNING_BYTES_MAX).unwrap_or(text));
        digest.update([0]);
    }
    let digest: [u8; 32] = digest.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    Some(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_turns_and_parameters_do_not_change_it_and_the_beginning_does() {
        let of = |body: &str| conversation(body.as_bytes());
        let first = of(r#"{"contents":[{"parts":[{"text":"hi"}]}]}"#);
        assert!(first.is_some());
        let later = r#"{"generationConfig":{},"contents":[{"parts":[{"text":"hi"}]},{"parts":[{"text":"more"}]}]}"#;
        assert_eq!(of(later), first);
        assert_ne!(of(r#"{"contents":[{"parts":[{"text":"ho"}]}]}"#), first);
        let instructed =
            of(r#"{"systemInstruction":{"parts":[]},"contents":[{"parts":[{"text":"hi"}]}]}"#);
        assert_ne!(instructed, first);
        assert_eq!(of("not json"), None);
        assert_eq!(of("{}"), None);
    }
}
