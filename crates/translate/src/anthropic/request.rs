//! The body of `POST /v1/messages`, most of which `count_tokens` has too.
//!
//! Numbers and shapes are checked where they are converted. Any other name is ignored: clients send
//! betas and other vendors' extensions to every server. `policy` says what becomes of each field.

use serde::{Deserialize, de::IgnoredAny};

use super::{
    message::{Content, Message},
    thinking::{OutputConfig, OutputFormat, Thinking},
    tool::{Tool, ToolChoice},
};
use crate::{
    invalid_request::{Code, InvalidRequest, Refusal},
    json::{Bounded, Object, Text, TextOr, UnusedObject, UnusedText, read_body},
};

/// Most messages in a conversation (SEC-065); Anthropic's own limit is 100,000.
const MAX_MESSAGES: usize = 2048;

/// Most tools in one request (SEC-065).
pub(super) const MAX_TOOLS: usize = 512;

/// Most stop sequences: what Gemini takes (G6).
const MAX_STOP_SEQUENCES: usize = 5;

/// A request for a message, read but for what is inside messages and tools.
///
/// It borrows its strings from the body. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct MessagesRequest<'body> {
    pub(super) model: Text<'body>,
    pub(super) body_bytes: usize,
    pub(super) fields: Fields<'body>,
}

/// Fields that are read.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "fields without effect are only checked")]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    messages: Option<Bounded<Object<Message<'a>>, MAX_MESSAGES>>,
    pub(super) system: Option<Content<'a>>,
    pub(super) tools: Option<Bounded<Object<Tool<'a>>, MAX_TOOLS>>,
    pub(super) tool_choice: Option<Object<ToolChoice<'a>>>,

    pub(super) max_tokens: Option<i64>,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) top_k: Option<i64>,
    pub(super) stop_sequences: Option<Bounded<Text<'a>, MAX_STOP_SEQUENCES>>,
    pub(super) thinking: Option<Object<Thinking<'a>>>,
    pub(super) output_config: Option<Object<OutputConfig<'a>>>,
    /// Where `output_config.format` was while it was a beta.
    pub(super) output_format: Option<Object<OutputFormat<'a>>>,
    pub(super) service_tier: Option<Text<'a>>,
    pub(super) stream: Option<bool>,
    /// Elements take no memory; only their number is read.
    mcp_servers: Option<Vec<IgnoredAny>>,

    cache_control: Option<UnusedObject>,
    container: Option<TextOr<'a, Object<Anything>>>,
    context_management: Option<UnusedObject>,
    diagnostics: Option<UnusedObject>,
    inference_geo: Option<UnusedText>,
    metadata: Option<UnusedObject>,
    speed: Option<UnusedText>,
    user_profile_id: Option<UnusedText>,
}

/// An object of which nothing is read.
#[derive(Debug, Deserialize)]
struct Anything {}

impl<'body> MessagesRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for bytes that are not UTF-8 or not JSON, for nesting over 64 levels,
    /// wrong types, and missing `model`, `messages` or `max_tokens`. What is inside is checked by
    /// [`plan`](crate::Exchange::plan).
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        let (model, fields) = read(body)?;
        if fields.max_tokens.is_none() {
            return Err(Refusal::missing("max_tokens", "how long the answer may get").into());
        }
        Ok(Self {
            model,
            body_bytes: body.len(),
            fields,
        })
    }
}

impl<'a> Fields<'a> {
    pub(super) fn messages(&self) -> &[Object<Message<'a>>] {
        self.messages.as_deref().unwrap_or_default()
    }

    pub(super) fn tools(&self) -> &[Object<Tool<'a>>] {
        self.tools.as_deref().unwrap_or_default()
    }
}

/// The model and all other fields.
///
/// # Errors
/// A [`Refusal`] that names the field.
pub(super) fn read(body: &[u8]) -> Result<(Text<'_>, Fields<'_>), Refusal> {
    let mut fields: Fields<'_> = read_body(body)?;
    let Some(model) = fields.model.take().filter(|model| !model.is_empty()) else {
        return Err(Refusal::missing(
            "model",
            "the name of a model, `gemini-2.5-flash` for instance",
        ));
    };
    if fields.messages.is_none() {
        return Err(Refusal::missing(
            "messages",
            "an array with at least one message",
        ));
    }
    if fields.messages().is_empty() {
        return Err(Refusal::new(
            Code::InvalidValue,
            "messages",
            "must hold at least one message",
        ));
    }
    if fields
        .mcp_servers
        .as_ref()
        .is_some_and(|servers| !servers.is_empty())
    {
        return Err(Refusal::new(
            Code::UnsupportedParameter,
            "mcp_servers",
            "remote MCP servers are not called from here; connect to them in the client, and give \
             their tools as `tools`",
        ));
    }
    Ok((model, fields))
}
