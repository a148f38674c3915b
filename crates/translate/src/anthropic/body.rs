//! A message, how it ended, and what it cost (§7.2).

use serde::Serialize;

use super::{block::Block, search::Search};
use crate::{
    ServedTier, Usage,
    answer::{StopKind, Stopped, refusal_text},
};

/// `{"type":"message",…}`, whole or as `message_start` has it.
#[derive(Debug, Serialize)]
pub(super) struct Message<'a> {
    pub(super) id: &'a str,
    r#type: &'static str,
    role: &'static str,
    pub(super) model: &'a str,
    pub(super) content: Vec<Block<'a>>,
    #[serde(flatten)]
    pub(super) stop: Stop,
    pub(super) usage: UsageBody,
}

/// Why an answer is over; all `null` while it goes on.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Stop {
    stop_reason: Option<StopReason>,
    /// Always `null`: Gemini does not say which sequence it met (G6).
    stop_sequence: Option<()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_details: Option<StopDetails>,
}

/// Those of Anthropic's values that Gemini has a cause for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum StopReason {
    EndTurn,
    ToolUse,
    MaxTokens,
    Refusal,
}

/// What there is to say about a refusal.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct StopDetails {
    r#type: &'static str,
    /// Always `null`: Google's categories are others.
    category: Option<()>,
    explanation: String,
}

/// `usage`. Input is what was not read from a cache; the three kinds of input sum up to the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct UsageBody {
    input_tokens: u64,
    /// Always 0: Gemini caches by itself and does not count it.
    cache_creation_input_tokens: u64,
    cache_read_input_tokens: u64,
    output_tokens: u64,
    output_tokens_details: OutputTokensDetails,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_tool_use: Option<ServerToolUse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct OutputTokensDetails {
    thinking_tokens: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct ServerToolUse {
    web_search_requests: u64,
    /// Always 0: Gemini does not say how many pages it fetched.
    web_fetch_requests: u64,
}

impl<'a> Message<'a> {
    pub(super) fn new(
        id: &'a str,
        model: &'a str,
        content: Vec<Block<'a>>,
        stop: Stop,
        usage: UsageBody,
    ) -> Self {
        Self {
            id,
            r#type: "message",
            role: "assistant",
            model,
            content,
            stop,
            usage,
        }
    }
}

impl Stop {
    /// How a candidate ended.
    pub(super) fn of(stopped: &Stopped) -> Self {
        let reason = match stopped.kind {
            StopKind::Stop => StopReason::EndTurn,
            StopKind::Calls => StopReason::ToolUse,
            StopKind::Length => StopReason::MaxTokens,
            StopKind::Filtered => {
                return Self::refused(format!("Answer stopped by Gemini: {}", stopped.reason));
            }
        };
        Self {
            stop_reason: Some(reason),
            ..Self::default()
        }
    }

    /// A prompt that was not answered (B1).
    pub(super) fn blocked(reason: &str) -> Self {
        Self::refused(refusal_text(reason))
    }

    fn refused(explanation: String) -> Self {
        Self {
            stop_reason: Some(StopReason::Refusal),
            stop_sequence: None,
            stop_details: Some(StopDetails {
                r#type: "refusal",
                category: None,
                explanation,
            }),
        }
    }
}

impl UsageBody {
    /// All counts, with those of a search that the client is told of.
    pub(super) fn new(usage: Usage, search: Option<&Search>) -> Self {
        Self {
            input_tokens: usage.prompt_tokens.saturating_sub(usage.cached_tokens),
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: usage.cached_tokens,
            output_tokens: usage.completion_tokens,
            output_tokens_details: OutputTokensDetails {
                thinking_tokens: usage.reasoning_tokens,
            },
            server_tool_use: search.map(|search| ServerToolUse {
                web_search_requests: search.requests(),
                web_fetch_requests: 0,
            }),
            service_tier: match usage.tier {
                Some(ServedTier::Standard) => Some("standard"),
                Some(ServedTier::Priority) => Some("priority"),
                // Anthropic has no such tier.
                Some(ServedTier::Flex) | None => None,
            },
        }
    }

    /// The last counts of a stream, which do not name the tier again.
    pub(super) fn at_end(usage: Usage, search: Option<&Search>) -> Self {
        Self {
            service_tier: None,
            ..Self::new(usage, search)
        }
    }

    /// Before anything was said. Clients that add up the counts of first and last event must not
    /// count output twice.
    pub(super) fn at_start(usage: Usage) -> Self {
        let nothing = Usage {
            completion_tokens: 0,
            reasoning_tokens: 0,
            ..usage
        };
        Self::new(nothing, None)
    }
}
