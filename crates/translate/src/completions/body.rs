//! `text_completion`: the body of a whole answer, and what a chunk of a stream has in common with it.

use std::borrow::Cow;

use serde::Serialize;

use super::logprobs::TextLogprobs;
use crate::{answer::StopKind, chat::usage_body::UsageBody};

/// Of whole answers and of chunks.
pub(super) const OBJECT: &str = "text_completion";

#[derive(Serialize)]
pub(super) struct Completion<'a> {
    pub(super) id: &'a str,
    pub(super) object: &'static str,
    pub(super) created: u64,
    pub(super) model: &'a str,
    /// The model that answered, by Gemini's name (A1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system_fingerprint: Option<&'a str>,
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) usage: UsageBody,
}

#[derive(Serialize, Default)]
pub(super) struct Choice<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) index: u32,
    pub(super) logprobs: Option<TextLogprobs<'a>>,
    /// `null` in a stream until the end.
    pub(super) finish_reason: Option<FinishReason>,
}

/// Every value that OpenAI's clients accept here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FinishReason {
    Stop,
    Length,
    ContentFilter,
}

impl From<StopKind> for FinishReason {
    fn from(kind: StopKind) -> Self {
        match kind {
            // No functions are declared, so nobody waits for a call's result.
            StopKind::Stop | StopKind::Calls => Self::Stop,
            StopKind::Length => Self::Length,
            StopKind::Filtered => Self::ContentFilter,
        }
    }
}
