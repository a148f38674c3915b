//! Events of a chat stream: `chat.completion.chunk` in SSE framing.
//!
//! It writes events and keeps no state of the conversation; the order of events is the stream's.

use serde::Serialize;

use super::response::{FinishReason, UsageBody};
use crate::json::write_json;

/// Ends every stream that succeeded (X9).
const DONE: &[u8] = b"data: [DONE]\n\n";

/// Writes chunks that share `id`, `created` and `model`; that common head is rendered once (X2).
pub(crate) struct ChunkWriter {
    head: Vec<u8>,
    tail: &'static [u8],
}

#[derive(Serialize)]
pub(crate) struct ChunkChoice<'a> {
    pub(crate) index: u32,
    pub(crate) delta: Delta<'a>,
    pub(crate) finish_reason: Option<FinishReason>,
}

#[derive(Serialize, Default)]
pub(crate) struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasoning_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<&'a str>,
}

#[derive(Serialize)]
struct Head<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
}

impl ChunkWriter {
    /// With `include_usage` every chunk carries `usage`, `null` but on the last (X7).
    pub(crate) fn new(id: &str, created: u64, model: &str, include_usage: bool) -> Self {
        let mut head = b"data: ".to_vec();
        let common = Head {
            id,
            object: "chat.completion.chunk",
            created,
            model,
        };
        write_json(&mut head, &common);
        // The object stays open: each chunk goes on with its choices.
        head.pop();
        head.extend_from_slice(b",\"choices\":[");
        Self {
            head,
            tail: if include_usage {
                b"],\"usage\":null}\n\n"
            } else {
                b"]}\n\n"
            },
        }
    }

    /// One chunk with one choice.
    pub(crate) fn choice(&self, out: &mut Vec<u8>, choice: &ChunkChoice<'_>) {
        out.extend_from_slice(&self.head);
        write_json(out, choice);
        out.extend_from_slice(self.tail);
    }

    /// The chunk with `choices: []` that carries the usage (X8).
    pub(crate) fn usage(&self, out: &mut Vec<u8>, usage: UsageBody) {
        out.extend_from_slice(&self.head);
        out.extend_from_slice(b"],\"usage\":");
        write_json(out, &usage);
        out.extend_from_slice(b"}\n\n");
    }

    /// `data: [DONE]`.
    pub(crate) fn done(out: &mut Vec<u8>) {
        out.extend_from_slice(DONE);
    }
}
