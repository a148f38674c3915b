//! What a script makes the model say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ScriptError;
use crate::media::PNG_BASE64;

/// Content of a generated answer. A stream sends thoughts, raw parts, text, media and calls in this
/// order, one event each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Thought texts, before the answer.
    pub thoughts: Vec<String>,
    /// Parts as they are, `executableCode` for instance.
    pub parts: Vec<Value>,
    /// Answer texts; one part in a unary answer.
    pub text: Vec<String>,
    /// Pictures or sounds.
    #[serde(alias = "images")]
    pub media: Vec<Media>,
    /// Calls; before Gemini 3 in one event.
    pub calls: Vec<FunctionCall>,
    /// Of the text. Absent: one where the model gives one; empty: none.
    pub signature: Option<String>,
    /// `groundingMetadata`, with the end.
    pub grounding: Option<Value>,
    /// `urlContextMetadata`, with the end.
    pub url_context: Option<Value>,
    /// `logprobsResult`, with the end.
    pub logprobs: Option<Value>,
    /// Further candidates after this one; of their members only those up to `finish_message` count.
    pub candidates: Vec<Answer>,
    /// Of the last event; `null` leaves it out.
    pub finish_reason: Option<String>,
    /// Beside the finish reason.
    pub finish_message: Option<String>,
    /// Blocks the prompt: no candidates at all.
    pub block_reason: Option<String>,
    /// Estimated from the request when absent.
    pub prompt_tokens: Option<u64>,
    /// Estimated from `thoughts` when absent.
    pub thought_tokens: Option<u64>,
    /// `cachedContentTokenCount`.
    pub cached_tokens: u64,
    /// Milliseconds before each event but the first.
    pub delay_ms: u64,
    /// Cuts the body into pieces of this many bytes, each sent on its own; 0 sends event by event.
    pub chunk_bytes: usize,
}

/// A call of a function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionCall {
    /// The function.
    pub name: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Map<String, Value>,
    /// Absent: one since Gemini 3, none before; empty: none.
    #[serde(default)]
    pub id: Option<String>,
    /// Absent: one on the first call where the model gives one; empty: none.
    #[serde(default)]
    pub signature: Option<String>,
}

/// A picture or a sound; a small PNG by default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// Its type.
    pub mime_type: String,
    /// Its bytes in base64.
    pub data: String,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            thoughts: Vec::new(),
            parts: Vec::new(),
            text: Vec::new(),
            media: Vec::new(),
            calls: Vec::new(),
            signature: None,
            grounding: None,
            url_context: None,
            logprobs: None,
            candidates: Vec::new(),
            finish_reason: Some("STOP".to_owned()),
            finish_message: None,
            block_reason: None,
            prompt_tokens: None,
            thought_tokens: None,
            cached_tokens: 0,
            delay_ms: 0,
            chunk_bytes: 0,
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            mime_type: "image/png".to_owned(),
            data: PNG_BASE64.to_owned(),
        }
    }
}

impl Answer {
    pub(super) fn validate(&self, rule: usize) -> Result<(), ScriptError> {
        for candidate in &self.candidates {
            if let Some(member) = candidate.member_of_a_whole_answer() {
                return Err(ScriptError::NotACandidate { rule, member });
            }
        }
        let all = std::iter::once(self).chain(&self.candidates);
        if all.flat_map(|answer| &answer.parts).all(Value::is_object) {
            Ok(())
        } else {
            Err(ScriptError::InvalidPart { rule })
        }
    }

    fn member_of_a_whole_answer(&self) -> Option<&'static str> {
        let members = [
            ("candidates", !self.candidates.is_empty()),
            ("block_reason", self.block_reason.is_some()),
            ("prompt_tokens", self.prompt_tokens.is_some()),
            ("thought_tokens", self.thought_tokens.is_some()),
            ("cached_tokens", self.cached_tokens != 0),
            ("delay_ms", self.delay_ms != 0),
            ("chunk_bytes", self.chunk_bytes != 0),
        ];
        let present = members.iter().find(|(_, is_present)| *is_present);
        present.map(|(name, _)| *name)
    }
}
