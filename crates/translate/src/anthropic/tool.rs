//! A tool and the choice among tools, as clients write them.
//!
//! `defer_loading` is only checked: every tool is given to the model at once, which is what
//! searching for tools would lead to.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Text, UnusedObject, UnusedText};

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "fields without effect are only checked")]
pub(super) struct Tool<'a> {
    /// `custom` or absent for the client's own.
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) name: Option<Text<'a>>,
    pub(super) description: Option<Text<'a>>,
    pub(super) input_schema: Option<&'a RawValue>,
    pub(super) strict: Option<bool>,

    cache_control: Option<UnusedObject>,
    defer_loading: Option<bool>,
    eager_input_streaming: Option<bool>,
    input_examples: Option<Vec<UnusedObject>>,
    allowed_callers: Option<Vec<UnusedText>>,
    /// Of `text_editor`: how much of a file the client shows.
    max_characters: Option<i64>,
    /// Of server tools, as are all that follow.
    max_uses: Option<i64>,
    allowed_domains: Option<Vec<UnusedText>>,
    blocked_domains: Option<Vec<UnusedText>>,
    user_location: Option<UnusedObject>,
    citations: Option<UnusedObject>,
    max_content_tokens: Option<i64>,
    use_cache: Option<bool>,
    response_inclusion: Option<UnusedText>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ToolChoice<'a> {
    /// `auto`, `any`, `tool` or `none`.
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    /// Of `tool`.
    pub(super) name: Option<Text<'a>>,
    /// At most one call in the answer.
    pub(super) disable_parallel_tool_use: Option<bool>,
}
