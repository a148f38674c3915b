//! What a dialect provides so that its answers can be compared with Gemini's.

use gempool_translate::{AnswerMeta, Exchange};
use serde_json::Value;

/// One client API.
pub(crate) struct Dialect {
    /// For the report.
    pub(crate) name: &'static str,
    /// A request whose answer shows all that the dialect can show, streamed or not.
    pub(crate) request: fn() -> Box<dyn Exchange>,
    /// Reads a whole answer back, as a client would.
    pub(crate) whole: fn(&[u8]) -> Answered,
    /// Reads a stream back.
    pub(crate) streamed: fn(&[u8]) -> Answered,
    /// How many answers the dialect's clients know; candidates beyond are not told.
    pub(crate) max_choices: usize,
    /// Every ending that the dialect's clients accept.
    pub(crate) finishes: &'static [&'static str],
    /// The ending of an answer that waits for results.
    pub(crate) finish_with_calls: &'static str,
}

/// What a client understood.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Answered {
    pub(crate) choices: Vec<Choice>,
    pub(crate) usage: Option<Counts>,
    /// The stream ended as one that succeeded; always true of whole answers.
    pub(crate) complete: bool,
}

/// One of the answers. Dialects with one answer take the first candidate.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Choice {
    pub(crate) text: String,
    /// `None` if the dialect shows none.
    pub(crate) thoughts: Option<String>,
    /// `None` if the dialect shows none.
    pub(crate) calls: Option<Vec<Call>>,
    /// `None` if the dialect shows none.
    pub(crate) images: Option<usize>,
    pub(crate) finish: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) arguments: Value,
}

/// Tokens, by the definitions of OpenAI: what was cached is prompt, what was thought is completion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) prompt: u64,
    pub(crate) completion: u64,
    /// Their sum, in dialects without one.
    pub(crate) total: u64,
}

/// What every answer in this corpus is rendered with.
pub(crate) fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "00000000000000ff".to_owned(),
        created_unix_s: 1,
        model: "m".to_owned(),
    }
}
