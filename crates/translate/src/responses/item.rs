//! One item of `input`, and what becomes of each type.
//!
//! Types stay strings here: the conversion refuses unknown ones with the field's path. What begins
//! with `_` is only checked: it is the server's own notes, or not for the model (M17).

use serde::Deserialize;

use super::value::{UnusedList, Value};
use crate::json::{Text, UnusedText};

#[derive(Debug, Deserialize)]
pub(super) struct Item<'a> {
    /// Absent on easy messages.
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) role: Option<Text<'a>>,
    pub(super) content: Option<Value<'a>>,
    pub(super) call_id: Option<Value<'a>>,
    pub(super) name: Option<Value<'a>>,
    /// Of a function in a `namespace` tool.
    pub(super) namespace: Option<Value<'a>>,
    /// Of a function call: JSON in a string.
    pub(super) arguments: Option<Value<'a>>,
    /// Of a custom tool call.
    pub(super) input: Option<Value<'a>>,
    pub(super) output: Option<Value<'a>>,
    pub(super) encrypted_content: Option<Value<'a>>,
    /// Of an image that the model made.
    pub(super) result: Option<Value<'a>>,
    pub(super) output_format: Option<Value<'a>>,
    /// Means something in a reference only.
    pub(super) id: Option<Value<'a>>,
    #[serde(rename = "status")]
    _status: Option<UnusedText>,
    #[serde(rename = "phase")]
    _phase: Option<UnusedText>,
    #[serde(rename = "summary")]
    _summary: Option<UnusedList>,
}

/// What an item is, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Message,
    FunctionCall,
    CustomToolCall,
    /// Of a function or a custom tool.
    CallOutput,
    Reasoning,
    /// An image that the model made.
    Image,
    Reference,
    /// What a tool of the server did. Left out: the model's text says what came of it, and Gemini
    /// has no part for another server's tool.
    ServerTool,
    /// Refused; the text says why.
    Refused(&'static str),
}

const CLIENT_TOOL: &str = "belongs to a built-in tool that Gemini does not have";
const NOT_KEPT: &str = "stands for what the server kept, and gempool keeps nothing";

/// Items of openai-python 3.54, `ResponseInputItemParam`, November 2026.
const KINDS: &[(&str, Kind)] = &[
    ("message", Kind::Message),
    ("function_call", Kind::FunctionCall),
    ("function_call_output", Kind::CallOutput),
    ("custom_tool_call", Kind::CustomToolCall),
    ("custom_tool_call_output", Kind::CallOutput),
    ("reasoning", Kind::Reasoning),
    ("image_generation_call", Kind::Image),
    ("item_reference", Kind::Reference),
    ("web_search_call", Kind::ServerTool),
    ("file_search_call", Kind::ServerTool),
    ("code_interpreter_call", Kind::ServerTool),
    ("mcp_list_tools", Kind::ServerTool),
    ("mcp_call", Kind::ServerTool),
    ("mcp_approval_request", Kind::Refused(CLIENT_TOOL)),
    ("mcp_approval_response", Kind::Refused(CLIENT_TOOL)),
    ("computer_call", Kind::Refused(CLIENT_TOOL)),
    ("computer_call_output", Kind::Refused(CLIENT_TOOL)),
    ("local_shell_call", Kind::Refused(CLIENT_TOOL)),
    ("local_shell_call_output", Kind::Refused(CLIENT_TOOL)),
    ("shell_call", Kind::Refused(CLIENT_TOOL)),
    ("shell_call_output", Kind::Refused(CLIENT_TOOL)),
    ("apply_patch_call", Kind::Refused(CLIENT_TOOL)),
    ("apply_patch_call_output", Kind::Refused(CLIENT_TOOL)),
    ("tool_search_call", Kind::Refused(CLIENT_TOOL)),
    ("tool_search_output", Kind::Refused(CLIENT_TOOL)),
    (
        "additional_tools",
        Kind::Refused("adds tools in mid-conversation; list them in `tools`"),
    ),
    ("program", Kind::Refused(CLIENT_TOOL)),
    ("program_output", Kind::Refused(CLIENT_TOOL)),
    (
        "configuration_update",
        Kind::Refused("changes settings in mid-conversation; set them in the request"),
    ),
    ("compaction", Kind::Refused(NOT_KEPT)),
    ("compaction_trigger", Kind::Refused(NOT_KEPT)),
];

impl Item<'_> {
    /// `None` for a type that OpenAI does not define.
    pub(super) fn kind(&self) -> Option<Kind> {
        let Some(name) = self.r#type.as_deref() else {
            // References may lack a type as easy messages do.
            let is_reference = self.role.is_none() && self.content.is_none() && self.id.is_some();
            return Some(if is_reference {
                Kind::Reference
            } else {
                Kind::Message
            });
        };
        let known = KINDS.iter().find(|(known, _)| *known == name);
        known.map(|(_, kind)| *kind)
    }
}
