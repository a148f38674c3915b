//! The response object: the body of a whole answer, and part of a stream's first and last events.

use serde::Serialize;

use super::{echo::Echo, output_item::OutputItem};
use crate::{AnswerMeta, ApiError, Usage, answer::StopKind};

/// What stays the same in all objects of one answer.
#[derive(Debug)]
pub(super) struct Head {
    id: String,
    meta: AnswerMeta,
    echo: Echo,
    /// As the client wished, in OpenAI's words.
    service_tier: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct ResponseObject<'a> {
    id: &'a str,
    object: &'static str,
    created_at: u64,
    status: Status,
    error: Option<ResponseError<'a>>,
    incomplete_details: Option<IncompleteDetails>,
    model: &'a str,
    output: &'a [OutputItem],
    service_tier: &'static str,
    /// `null` until the answer is over.
    usage: Option<UsageBody>,
    #[serde(flatten)]
    echo: &'a Echo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    InProgress,
    Completed,
    Incomplete,
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub(super) enum IncompleteDetails {
    MaxOutputTokens,
    ContentFilter,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct ResponseError<'a> {
    code: &'a str,
    message: &'a str,
}

/// How a response stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Standing<'a> {
    InProgress,
    Over(Ending, Usage),
    Failed(&'a ApiError),
}

/// How an answer ended (§2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Completed,
    Incomplete(IncompleteDetails),
}

impl From<StopKind> for Ending {
    fn from(kind: StopKind) -> Self {
        match kind {
            StopKind::Stop | StopKind::Calls => Self::Completed,
            StopKind::Length => Self::Incomplete(IncompleteDetails::MaxOutputTokens),
            StopKind::Filtered => Self::Incomplete(IncompleteDetails::ContentFilter),
        }
    }
}

#[derive(Debug, Serialize)]
struct UsageBody {
    input_tokens: u64,
    input_tokens_details: InputTokensDetails,
    output_tokens: u64,
    output_tokens_details: OutputTokensDetails,
    total_tokens: u64,
}

#[derive(Debug, Serialize)]
struct InputTokensDetails {
    cached_tokens: u64,
    /// Gemini's implicit cache costs nothing to write.
    cache_write_tokens: u64,
}

#[derive(Debug, Serialize)]
struct OutputTokensDetails {
    reasoning_tokens: u64,
}

impl Head {
    pub(super) fn new(meta: &AnswerMeta, echo: Echo, wished_tier: Option<&str>) -> Self {
        Self {
            id: meta.id("resp_", None),
            meta: meta.clone(),
            echo,
            service_tier: match wished_tier {
                Some("flex") => "flex",
                Some("priority" | "fast" | "ultrafast") => "priority",
                _ => "default",
            },
        }
    }

    /// The response as it stands.
    pub(super) fn response<'a>(
        &'a self,
        standing: Standing<'a>,
        output: &'a [OutputItem],
    ) -> ResponseObject<'a> {
        let (status, details) = match standing {
            Standing::InProgress => (Status::InProgress, None),
            Standing::Over(Ending::Completed, _) => (Status::Completed, None),
            Standing::Over(Ending::Incomplete(details), _) => (Status::Incomplete, Some(details)),
            Standing::Failed(_) => (Status::Failed, None),
        };
        let usage = match standing {
            Standing::Over(_, usage) => Some(usage),
            Standing::InProgress | Standing::Failed(_) => None,
        };
        let served = usage.and_then(|usage| usage.tier);
        ResponseObject {
            id: &self.id,
            object: "response",
            created_at: self.meta.created_unix_s,
            status,
            error: match standing {
                Standing::Failed(error) => Some(error.into()),
                Standing::InProgress | Standing::Over(..) => None,
            },
            incomplete_details: details,
            model: &self.meta.model,
            output,
            // What was served says more than what was wished (G14).
            service_tier: served.map_or(self.service_tier, |tier| tier.openai_name()),
            usage: usage.map(Into::into),
            echo: &self.echo,
        }
    }
}

impl<'a> From<&'a ApiError> for ResponseError<'a> {
    /// Clients know a closed list of codes (`ResponseError`), and two more that OpenAI's servers send
    /// and agents act on: Codex gives up on both instead of trying again.
    fn from(error: &'a ApiError) -> Self {
        let code = match (error.code.as_deref(), error.status) {
            (Some(code @ ("context_length_exceeded" | "insufficient_quota")), _) => code,
            (_, 429) => "rate_limit_exceeded",
            (_, 400..=499) => "invalid_prompt",
            _ => "server_error",
        };
        Self {
            code,
            message: &error.message,
        }
    }
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        Self {
            input_tokens: usage.prompt_tokens,
            input_tokens_details: InputTokensDetails {
                cached_tokens: usage.cached_tokens,
                cache_write_tokens: 0,
            },
            output_tokens: usage.completion_tokens,
            output_tokens_details: OutputTokensDetails {
                reasoning_tokens: usage.reasoning_tokens,
            },
            total_tokens: usage.total_tokens,
        }
    }
}
