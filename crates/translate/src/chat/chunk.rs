//! Events of a stream: `chat.completion.chunk`, or `text_completion`, in SSE framing.
//!
//! It writes events and keeps no state of the conversation; the order of events is the stream's.

use serde::Serialize;

use super::{
    annotation::Annotation,
    call_body::{FunctionCall, ToolCall},
    extra_content::ExtraContent,
    media_body::{Audio, Image},
    response::{FinishReason, Logprobs},
    style::StreamUsage,
    usage_body::UsageBody,
};
use crate::{ApiError, Dialect, json::write_json};

/// Ends every stream that succeeded (X9).
const DONE: &[u8] = b"data: [DONE]\n\n";

/// Writes chunks that share a head, which is rendered once (X2).
pub(crate) struct ChunkWriter {
    head: Vec<u8>,
    tail: &'static [u8],
}

/// What is the same in all chunks of a stream.
#[derive(Serialize)]
pub(crate) struct Head<'a> {
    pub(crate) id: &'a str,
    pub(crate) object: &'static str,
    pub(crate) created: u64,
    pub(crate) model: &'a str,
    /// If Gemini says it in its first event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_tier: Option<&'static str>,
    /// The model that answers, by Gemini's name (A1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) system_fingerprint: Option<&'a str>,
}

#[derive(Serialize, Default)]
pub(super) struct ChunkChoice<'a> {
    pub(super) index: u32,
    pub(super) delta: Delta<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logprobs: Option<Logprobs<'a>>,
    pub(super) finish_reason: Option<FinishReason>,
}

/// Lists have one entry: what comes in one event of Gemini's may be told in several.
#[derive(Serialize, Default)]
pub(super) struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reasoning_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) annotations: Vec<Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tool_calls: Option<[ToolCall<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) function_call: Option<FunctionCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) images: Option<[Image<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) audio: Option<Audio<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra_content: Option<ExtraContent<'a>>,
}

impl<'a> Delta<'a> {
    pub(super) fn of_audio(audio: Audio<'a>) -> Self {
        Self {
            audio: Some(audio),
            ..Self::default()
        }
    }
}

impl ChunkWriter {
    /// With the usage sent, every chunk has a `usage`, `null` but on the last (X7).
    pub(crate) fn new(head: &Head<'_>, usage: StreamUsage) -> Self {
        let mut bytes = b"data: ".to_vec();
        write_json(&mut bytes, head);
        // The object stays open: each chunk goes on with its choices.
        bytes.pop();
        bytes.extend_from_slice(b",\"choices\":[");
        Self {
            head: bytes,
            tail: match usage {
                StreamUsage::Sent => b"],\"usage\":null}\n\n",
                StreamUsage::Omitted => b"]}\n\n",
            },
        }
    }

    /// One chunk with one choice.
    pub(crate) fn choice(&self, out: &mut Vec<u8>, choice: &impl Serialize) {
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

    /// OpenAI's clients raise any event with an `error` (X11). No `[DONE]` may follow: a broken
    /// stream must not look complete (X9).
    pub(crate) fn error(error: &ApiError, out: &mut Vec<u8>) {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(&error.to_json(Dialect::OpenAi));
        out.extend_from_slice(b"\n\n");
    }

    /// `data: [DONE]`.
    pub(crate) fn done(out: &mut Vec<u8>) {
        out.extend_from_slice(DONE);
    }
}
