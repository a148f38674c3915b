//! Prompts that Gemini refused to answer (B1, B2).
//!
//! The block says nothing about the key, and nothing is retried for it.

use crate::gemini::response::GenerateContentResponse;

/// Why the prompt was blocked; `None` if it was not. Ratings alone block nothing (B2), and reasons
/// that Google adds later pass as they are (A8).
pub(crate) fn block_reason<'a>(response: &'a GenerateContentResponse<'_>) -> Option<&'a str> {
    let reason = response.prompt_feedback.as_ref()?.block_reason.as_deref()?;
    (!reason.is_empty()).then_some(reason)
}

/// What a client is told about a blocked prompt.
pub(crate) fn refusal_text(reason: &str) -> String {
    format!("Prompt blocked by Gemini: {reason}")
}
