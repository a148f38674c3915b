//! What an answer carries besides Gemini's bytes.
//!
//! The parts that this crate must not invent (time, ids) come in here; it holds no logic but the
//! choice of the id.

use crate::usage::Usage;

/// What OpenAI puts on every answer and Gemini does not supply (A1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerMeta {
    /// Id to use when Gemini sends no `responseId`; with or without the prefix `chatcmpl-`.
    pub fallback_id: String,
    /// Unix time in seconds, taken when the request was admitted.
    pub created_unix_s: u64,
    /// The model exactly as the client asked for it, alias included.
    pub model: String,
}

impl AnswerMeta {
    /// `chatcmpl-` followed by Gemini's `responseId`, else by the fallback.
    pub(crate) fn completion_id(&self, response_id: Option<&str>) -> String {
        const PREFIX: &str = "chatcmpl-";
        let id = match response_id {
            Some(id) if !id.is_empty() => id,
            _ => self
                .fallback_id
                .strip_prefix(PREFIX)
                .unwrap_or(&self.fallback_id),
        };
        format!("{PREFIX}{id}")
    }
}

/// A translated unary answer.
#[derive(Clone, PartialEq, Eq)]
pub struct UnaryAnswer {
    /// A `chat.completion` object as JSON.
    pub body: Vec<u8>,
    /// What the answer cost.
    pub usage: Usage,
    /// Gemini ended normally but said nothing (`STOP` without parts): valid, and worth one retry
    /// before it is given to the client.
    pub empty: bool,
}

impl std::fmt::Debug for UnaryAnswer {
    /// Leaves the body out: answers do not belong in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnaryAnswer")
            .field("body_bytes", &self.body.len())
            .field("usage", &self.usage)
            .field("empty", &self.empty)
            .finish()
    }
}
