//! What an answer carries besides Gemini's bytes, and what a translated one consists of.
//!
//! The parts that this crate must not invent (time, ids) come in here; it holds no logic but the
//! choice of the id.

use crate::answer::{CallSignature, Usage};

/// What a client's API puts on every answer and Gemini does not supply (A1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerMeta {
    /// Unique per request: sixteen hexadecimal digits. Used where Gemini sends no `responseId`, and
    /// as the seed of every id that Gemini does not give.
    pub fallback_id: String,
    /// Unix time in seconds, taken when the request was admitted.
    pub created_unix_s: u64,
    /// The model exactly as the client asked for it, alias included.
    pub model: String,
}

impl AnswerMeta {
    /// `prefix` followed by Gemini's `responseId`, else by the fallback.
    pub(crate) fn id(&self, prefix: &str, response_id: Option<&str>) -> String {
        let id = match response_id {
            Some(id) if !id.is_empty() => id,
            _ => self
                .fallback_id
                .strip_prefix(prefix)
                .unwrap_or(&self.fallback_id),
        };
        format!("{prefix}{id}")
    }
}

/// A translated unary answer.
#[derive(Clone, PartialEq, Eq)]
pub struct UnaryAnswer {
    /// The body for the client.
    pub body: Vec<u8>,
    /// Its `content-type`.
    pub content_type: &'static str,
    /// What the answer cost.
    pub usage: Usage,
    /// Gemini ended normally but said nothing (`STOP` without parts): valid, and worth one retry
    /// before it is given to the client.
    pub empty: bool,
    /// Signatures of the calls in it, for the cache.
    pub signatures: Vec<CallSignature>,
}

/// `content-type` of every JSON answer.
pub const JSON: &str = "application/json; charset=utf-8";

impl std::fmt::Debug for UnaryAnswer {
    /// Leaves the body out: answers do not belong in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnaryAnswer")
            .field("body_bytes", &self.body.len())
            .field("content_type", &self.content_type)
            .field("usage", &self.usage)
            .field("empty", &self.empty)
            .finish_non_exhaustive()
    }
}
