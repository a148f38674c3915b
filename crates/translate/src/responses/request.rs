//! The body of `POST /v1/responses`.
//!
//! `policy` says of every field what becomes of it. Fields that OpenAI does not define are ignored:
//! clients send other vendors' extensions to every server.

use std::fmt;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{
    call_names::CallNames,
    input,
    item::Item,
    settings::{self, Included, one_of},
    stateless,
    tools::{MAX_TOOLS, Tool},
};
use crate::{
    InvalidRequest,
    invalid_request::{Code, Refusal},
    json::{Bounded, Object, Text, TextOr, UnusedObject, read_body, read_field},
    parameters::positive,
};

/// Most items of a conversation: three for each of 2048 messages (SEC-065), since what is one step of
/// an agent there (a call and its result) is three items here (reasoning, call, output).
const MAX_ITEMS: usize = 3 * 2048;

/// Most entries read of `include`, which names at most each value once.
const MAX_INCLUDE: usize = 32;

/// Most entries of a list that is only checked.
const MAX_UNUSED: usize = 32;

/// A request that was read.
///
/// It borrows from the body. `Debug` shows no text of the client.
pub struct ResponsesRequest<'body> {
    model: Text<'body>,
    body_bytes: usize,
    fields: Fields<'body>,
    tools: Option<Bounded<Object<Tool<'body>>, MAX_TOOLS>>,
    names: CallNames,
    included: Included,
}

/// Fields that are read. What the answer repeats is kept as JSON; what begins with `_` is only checked.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    pub(super) input: Option<Input<'a>>,
    pub(super) instructions: Option<Text<'a>>,
    tools: Option<&'a RawValue>,
    pub(super) tool_choice: Option<&'a RawValue>,
    pub(super) parallel_tool_calls: Option<bool>,
    pub(super) max_tool_calls: Option<i64>,
    pub(super) text: Option<&'a RawValue>,
    pub(super) reasoning: Option<&'a RawValue>,
    include: Option<Bounded<Text<'a>, MAX_INCLUDE>>,
    pub(super) max_output_tokens: Option<i64>,
    pub(super) temperature: Option<&'a RawValue>,
    pub(super) top_p: Option<&'a RawValue>,
    pub(super) top_logprobs: Option<i64>,
    pub(super) truncation: Option<Text<'a>>,
    pub(super) service_tier: Option<Text<'a>>,
    pub(super) store: Option<bool>,
    stream: Option<bool>,
    #[serde(rename = "stream_options")]
    _stream_options: Option<UnusedObject>,
    pub(super) metadata: Option<&'a RawValue>,
    pub(super) user: Option<Text<'a>>,
    pub(super) safety_identifier: Option<Text<'a>>,
    pub(super) prompt_cache_key: Option<Text<'a>>,
    pub(super) prompt_cache_retention: Option<Text<'a>>,
    pub(super) previous_response_id: Option<Text<'a>>,
    pub(super) conversation: Option<IgnoredAny>,
    pub(super) prompt: Option<IgnoredAny>,
    pub(super) background: Option<bool>,
    #[serde(rename = "background_options")]
    _background_options: Option<UnusedObject>,
    #[serde(rename = "context_management")]
    _context_management: Option<Bounded<UnusedObject, MAX_UNUSED>>,
    #[serde(rename = "prompt_cache_options")]
    _prompt_cache_options: Option<UnusedObject>,
    #[serde(rename = "moderation")]
    _moderation: Option<UnusedObject>,
    #[serde(rename = "image")]
    _image: Option<UnusedObject>,
    #[serde(rename = "access_programs")]
    _access_programs: Option<UnusedObject>,
}

/// A string, or items.
pub(super) type Input<'a> = TextOr<'a, Bounded<Object<Item<'a>>, MAX_ITEMS>>;

impl<'body> ResponsesRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for bytes that are not UTF-8 or not JSON, for nesting over 64 levels, wrong
    /// types, missing `model` or `input`, too many items, values that OpenAI does not define, and
    /// for what needs state on the server. What is inside input items and tools is checked by
    /// [`plan`](crate::Exchange::plan).
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        Ok(Self::read(body)?)
    }

    fn read(body: &'body [u8]) -> Result<Self, Refusal> {
        let mut fields: Fields<'body> = read_body(body)?;
        let Some(model) = fields.model.take().filter(|model| !model.is_empty()) else {
            return Err(Refusal::missing(
                "model",
                "the name of a model, `gemini-2.5-flash` for instance",
            ));
        };
        stateless::refuse(&fields)?;
        check(&fields)?;
        let tools = fields.tools.map(|tools| read_field("tools", tools));
        let tools: Option<Bounded<Object<Tool<'_>>, MAX_TOOLS>> = tools.transpose()?;
        let include = fields.include.as_deref().unwrap_or_default();
        let mut included = settings::read_include(include)?;
        // A client that wants nothing kept keeps the conversation itself, signatures included.
        included.encrypted_reasoning |= fields.store == Some(false);
        Ok(Self {
            model,
            body_bytes: body.len(),
            names: CallNames::new(tools.as_deref().unwrap_or_default()),
            tools,
            included,
            fields,
        })
    }

    pub(super) fn model_name(&self) -> &str {
        &self.model
    }

    /// Whether the answer shall be streamed (G21).
    pub(super) fn wants_stream(&self) -> bool {
        self.fields.stream.unwrap_or(false)
    }

    pub(super) fn fields(&self) -> &Fields<'body> {
        &self.fields
    }

    /// `tools` as the client wrote it.
    pub(super) fn raw_tools(&self) -> Option<&'body RawValue> {
        self.fields.tools
    }

    pub(super) fn tools(&self) -> &[Object<Tool<'body>>] {
        self.tools.as_deref().unwrap_or_default()
    }

    pub(super) fn names(&self) -> &CallNames {
        &self.names
    }

    pub(super) fn included(&self) -> Included {
        self.included
    }

    /// Ids of calls without signature.
    pub(super) fn unsigned(&self) -> Vec<&str> {
        match &self.fields.input {
            Some(TextOr::Other(items)) => input::unsigned_calls(items),
            Some(TextOr::Text(_)) | None => Vec::new(),
        }
    }

    /// Size of the body that this was read from: what the translated body will need, nearly.
    pub(super) fn body_bytes(&self) -> usize {
        self.body_bytes
    }
}

/// What is wrong whatever else the request says.
fn check(fields: &Fields<'_>) -> Result<(), Refusal> {
    match &fields.input {
        Some(TextOr::Other(items)) if items.is_empty() => {
            let problem = "must hold at least one item";
            return Err(Refusal::new(Code::InvalidValue, "input", problem));
        }
        Some(_) => {}
        None => return Err(Refusal::missing("input", "a string or an array of items")),
    }
    positive("max_tool_calls", fields.max_tool_calls)?;
    one_of(
        "truncation",
        fields.truncation.as_deref(),
        &["auto", "disabled"],
    )?;
    let retention = fields.prompt_cache_retention.as_deref();
    one_of(
        "prompt_cache_retention",
        retention,
        &["in_memory", "in-memory", "24h"],
    )?;
    if let Some(metadata) = fields.metadata {
        settings::check_metadata(metadata)?;
    }
    Ok(())
}

impl fmt::Debug for ResponsesRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponsesRequest")
            .field("body_bytes", &self.body_bytes)
            .field("stream", &self.wants_stream())
            .field("tools", &self.tools().len())
            .finish_non_exhaustive()
    }
}
