//! Google's own extension of OpenAI's answers: the thought signature of a call or of a text.
//!
//! The shape is that of Google's OpenAI-compatible endpoint
//! (<https://ai.google.dev/gemini-api/docs/thought-signatures>, read 2026-11-21), so that clients
//! made for it send signatures back.

use serde::Serialize;

/// `extra_content`, beside what it belongs to.
#[derive(Serialize)]
pub(super) struct ExtraContent<'a> {
    google: Google<'a>,
}

#[derive(Serialize)]
struct Google<'a> {
    /// Base64, opaque.
    thought_signature: &'a str,
}

impl<'a> ExtraContent<'a> {
    pub(super) fn signed(thought_signature: &'a str) -> Self {
        Self {
            google: Google { thought_signature },
        }
    }
}
