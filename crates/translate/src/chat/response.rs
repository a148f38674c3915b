//! The body of a whole answer: `chat.completion`.

use std::borrow::Cow;

use serde::Serialize;

use crate::{Usage, answer::StopKind};

#[derive(Serialize)]
pub(crate) struct ChatCompletion<'a> {
    pub(crate) id: &'a str,
    pub(crate) object: &'static str,
    pub(crate) created: u64,
    pub(crate) model: &'a str,
    pub(crate) choices: Vec<Choice<'a>>,
    pub(crate) usage: UsageBody,
}

#[derive(Serialize)]
pub(crate) struct Choice<'a> {
    pub(crate) index: u32,
    pub(crate) message: Message<'a>,
    /// Always `null`: log probabilities are not translated.
    pub(crate) logprobs: Option<()>,
    pub(crate) finish_reason: FinishReason,
}

#[derive(Serialize)]
pub(crate) struct Message<'a> {
    pub(crate) role: &'static str,
    /// `""` when there is none: clients crash on `null` here unless there are tool calls (A3).
    pub(crate) content: Cow<'a, str>,
    /// De-facto field for thoughts (A4); left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasoning_content: Option<Cow<'a, str>>,
    pub(crate) refusal: Option<Cow<'a, str>>,
}

/// Every value that OpenAI's clients accept and that is used so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FinishReason {
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
}

impl From<StopKind> for FinishReason {
    fn from(kind: StopKind) -> Self {
        match kind {
            StopKind::Stop => Self::Stop,
            StopKind::Calls => Self::ToolCalls,
            StopKind::Length => Self::Length,
            StopKind::Filtered => Self::ContentFilter,
        }
    }
}

/// `usage` of an answer.
#[derive(Serialize)]
pub(crate) struct UsageBody {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: PromptTokensDetails,
    completion_tokens_details: CompletionTokensDetails,
}

#[derive(Serialize)]
struct PromptTokensDetails {
    cached_tokens: u64,
}

#[derive(Serialize)]
struct CompletionTokensDetails {
    reasoning_tokens: u64,
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            total_tokens: usage.total_tokens,
            prompt_tokens_details: PromptTokensDetails {
                cached_tokens: usage.cached_tokens,
            },
            completion_tokens_details: CompletionTokensDetails {
                reasoning_tokens: usage.reasoning_tokens,
            },
        }
    }
}
