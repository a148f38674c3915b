//! What a chat request says about how its answer is written.
//!
//! Read from the request once, because a stream outlives the request's body. It says nothing about
//! what Gemini is asked for.

pub(super) use crate::answer::sound::SoundFormat;

/// How an answer is written. The default suits a request that asks for nothing special.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    pub(super) calls: CallStyle,
    /// Names of `custom` tools, whose input is text and not JSON (T12).
    pub(super) custom_tools: Vec<String>,
    /// `audio.format` (N7).
    pub(super) sound: SoundFormat,
    pub(super) usage: StreamUsage,
}

/// How calls are written (T14).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum CallStyle {
    /// `tool_calls`, for requests with `tools`.
    #[default]
    Tools,
    /// `function_call`, for requests with `functions`. It holds one call; should the model make
    /// several, the others are left out, and the model will make them again when it knows the first
    /// one's result.
    Function,
}

/// Whether a stream ends with its usage: `stream_options.include_usage` (G22).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum StreamUsage {
    #[default]
    Omitted,
    Sent,
}

impl Style {
    pub(super) fn is_custom(&self, tool: &str) -> bool {
        self.custom_tools.iter().any(|name| name == tool)
    }
}
