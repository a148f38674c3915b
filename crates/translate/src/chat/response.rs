//! The body of a whole answer: `chat.completion`.
//!
//! Fields that most answers have nothing for are left out, as OpenAI leaves them out of its own
//! older answers; `refusal` and `logprobs` are `null` then.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    annotation::Annotation,
    call_body::{FunctionCall, ToolCall},
    extra_content::ExtraContent,
    media_body::{Audio, Image},
    style::CallStyle,
    usage_body::UsageBody,
};
use crate::answer::{StopKind, logprobs::TokenLogprob};

#[derive(Serialize)]
pub(super) struct ChatCompletion<'a> {
    pub(super) id: &'a str,
    pub(super) object: &'static str,
    pub(super) created: u64,
    pub(super) model: &'a str,
    /// How Gemini served it, if it says (G14).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) service_tier: Option<&'static str>,
    /// The model that answered, by Gemini's name (A1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system_fingerprint: Option<&'a str>,
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) usage: UsageBody,
}

#[derive(Serialize)]
pub(super) struct Choice<'a> {
    pub(super) index: u32,
    pub(super) message: Message<'a>,
    pub(super) logprobs: Option<Logprobs<'a>>,
    pub(super) finish_reason: FinishReason,
}

#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) role: &'static str,
    /// `""` when there is none: clients crash on `null` here unless there are calls (A3).
    pub(super) content: Option<Cow<'a, str>>,
    /// De-facto field for thoughts (A4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reasoning_content: Option<Cow<'a, str>>,
    pub(super) refusal: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) annotations: Vec<Annotation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tool_calls: Vec<ToolCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) function_call: Option<FunctionCall<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) images: Vec<Image<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) audio: Option<Audio<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra_content: Option<ExtraContent<'a>>,
}

impl Message<'_> {
    /// A message that says nothing yet.
    pub(super) fn empty() -> Self {
        Self {
            role: "assistant",
            content: Some(Cow::Borrowed("")),
            reasoning_content: None,
            refusal: None,
            annotations: Vec::new(),
            tool_calls: Vec::new(),
            function_call: None,
            images: Vec::new(),
            audio: None,
            extra_content: None,
        }
    }
}

/// Log probabilities of a choice, or of the tokens of a chunk (N5).
#[derive(Serialize)]
pub(super) struct Logprobs<'a> {
    pub(super) content: Vec<TokenLogprob<'a>>,
    /// Always `null`: a refusal here is the block of a prompt, and has no tokens.
    pub(super) refusal: Option<()>,
}

impl<'a> Logprobs<'a> {
    /// `None` when there are no tokens.
    pub(super) fn of(content: Vec<TokenLogprob<'a>>) -> Option<Self> {
        (!content.is_empty()).then_some(Self {
            content,
            refusal: None,
        })
    }
}

/// Every value that OpenAI's clients accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FinishReason {
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
    FunctionCall,
}

impl FinishReason {
    /// For an ending, in the words of a client that knows calls as `calls` says (T14).
    pub(super) fn of(kind: StopKind, calls: CallStyle) -> Self {
        match (kind, calls) {
            (StopKind::Stop, _) => Self::Stop,
            (StopKind::Calls, CallStyle::Tools) => Self::ToolCalls,
            (StopKind::Calls, CallStyle::Function) => Self::FunctionCall,
            (StopKind::Length, _) => Self::Length,
            (StopKind::Filtered, _) => Self::ContentFilter,
        }
    }
}
