//! Blocks of an answer, whole or as a stream opens them.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block<'a> {
    Text {
        text: Cow<'a, str>,
    },
    Thinking {
        thinking: Cow<'a, str>,
        /// `""` where Gemini gave none.
        signature: String,
    },
    ToolUse {
        id: Cow<'a, str>,
        name: Cow<'a, str>,
        input: Input<'a>,
    },
    /// A search that Google made.
    ServerToolUse {
        id: Cow<'a, str>,
        name: &'static str,
        input: SearchInput<'a>,
    },
    WebSearchToolResult {
        tool_use_id: Cow<'a, str>,
        content: Vec<WebSearchResult<'a>>,
    },
}

/// The arguments of a call, an object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Input<'a> {
    /// As Gemini wrote it, so that no number changes (C1).
    Whole(&'a RawValue),
    /// `{}`: there is none, or it follows as deltas.
    None {},
}

/// `{"query":…}`, or `{}` when it follows as a delta.
#[derive(Debug, Default, Serialize)]
pub(super) struct SearchInput<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<Cow<'a, str>>,
}

/// A page that was found.
#[derive(Debug, Clone, Serialize)]
pub(super) struct WebSearchResult<'a> {
    pub(super) r#type: &'static str,
    pub(super) title: Cow<'a, str>,
    pub(super) url: Cow<'a, str>,
    /// Always `""`: Gemini does not send the pages. It is encrypted for Anthropic's own use only.
    pub(super) encrypted_content: &'static str,
    /// Always `null`: Gemini does not say.
    pub(super) page_age: Option<()>,
}
