//! The body of `POST /v1/chat/completions`.
//!
//! What becomes of each field is in `policy`, which a test compares with
//! what is read here. A field of a wrong type or with a value of no sense is refused, even if it has
//! no effect. A field that is not in the table is ignored: clients send other vendors' extensions
//! (`min_p`, `repetition_penalty`) to every server, and refusing them would lock those clients out;
//! whatever of OpenAI's changes the meaning of an answer is in the table.

use serde::Deserialize;

use super::{
    google_extra::{ExtraBody, Google},
    message::Message,
    output_media::{AudioOutput, ImageSettings},
    reasoning::{Reasoning, Thinking},
    response_format::ResponseFormat,
    safety::SafetyList,
    tool_choice::{ChoiceField, OlderChoiceField},
    tools::{FunctionTool, MAX_TOOLS, ToolList, WebSearchOptions},
};
use crate::{
    invalid_request::{Code, InvalidRequest, Refusal},
    json::{Bounded, Object, Text, UnusedObject, UnusedText, read_body},
    parameters::Stop,
};

/// Most messages in a conversation (SEC-065).
const MAX_MESSAGES: usize = 2048;

/// Most entries read of `modalities`, which names at most each modality once.
const MAX_MODALITIES: usize = 8;

/// A chat request that was read.
///
/// It borrows its strings from the body. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct ChatRequest<'body> {
    model: Text<'body>,
    body_bytes: usize,
    fields: Fields<'body>,
}

/// Fields that are read. Numbers and words are checked where they are converted.
#[derive(Debug, Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    messages: Option<Bounded<Object<Message<'a>>, MAX_MESSAGES>>,
    pub(super) stream: Option<bool>,
    pub(super) stream_options: Option<Object<StreamOptions>>,

    pub(super) max_completion_tokens: Option<i64>,
    pub(super) max_tokens: Option<i64>,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) top_k: Option<i64>,
    pub(super) presence_penalty: Option<f64>,
    pub(super) frequency_penalty: Option<f64>,
    pub(super) stop: Option<Stop<'a>>,
    pub(super) seed: Option<i64>,
    pub(super) n: Option<i64>,
    pub(super) logprobs: Option<bool>,
    pub(super) top_logprobs: Option<i64>,

    pub(super) response_format: Option<Object<ResponseFormat<'a>>>,
    pub(super) modalities: Option<Bounded<Text<'a>, MAX_MODALITIES>>,
    pub(super) audio: Option<Object<AudioOutput<'a>>>,
    pub(super) image_config: Option<Object<ImageSettings<'a>>>,

    pub(super) tools: Option<ToolList<'a>>,
    pub(super) tool_choice: Option<ChoiceField<'a>>,
    #[serde(rename = "parallel_tool_calls")]
    _parallel_tool_calls: Option<bool>,
    pub(super) functions: Option<Bounded<Object<FunctionTool<'a>>, MAX_TOOLS>>,
    pub(super) function_call: Option<OlderChoiceField<'a>>,
    pub(super) web_search_options: Option<Object<WebSearchOptions<'a>>>,

    pub(super) reasoning_effort: Option<Text<'a>>,
    pub(super) reasoning: Option<Object<Reasoning<'a>>>,
    pub(super) include_reasoning: Option<bool>,
    pub(super) thinking: Option<Object<Thinking<'a>>>,
    pub(super) enable_thinking: Option<bool>,
    pub(super) thinking_budget: Option<i64>,

    pub(super) service_tier: Option<Text<'a>>,
    pub(super) store: Option<bool>,
    pub(super) google: Option<Object<Google<'a>>>,
    pub(super) extra_body: Option<Object<ExtraBody<'a>>>,
    #[serde(alias = "safetySettings")]
    pub(super) safety_settings: Option<SafetyList<'a>>,

    pub(super) verbosity: Option<Text<'a>>,
    pub(super) prompt_cache_retention: Option<Text<'a>>,
    #[serde(rename = "prompt_cache_key")]
    _prompt_cache_key: Option<UnusedText>,
    #[serde(rename = "prompt_cache_options")]
    _prompt_cache_options: Option<UnusedObject>,
    #[serde(rename = "logit_bias")]
    _logit_bias: Option<UnusedObject<f64>>,
    #[serde(rename = "prediction")]
    _prediction: Option<UnusedObject>,
    #[serde(rename = "moderation")]
    _moderation: Option<UnusedObject>,
    #[serde(rename = "metadata")]
    _metadata: Option<UnusedObject>,
    #[serde(rename = "safety_identifier")]
    _safety_identifier: Option<UnusedText>,
    #[serde(rename = "user")]
    _user: Option<UnusedText>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StreamOptions {
    include_usage: Option<bool>,
    #[serde(rename = "include_obfuscation")]
    _include_obfuscation: Option<bool>,
}

impl<'body> ChatRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for bytes that are not UTF-8 or not JSON, for nesting over 64 levels,
    /// wrong types, lists that are too long, and missing `model` or `messages`. What fields say is
    /// checked by [`plan`](crate::Exchange::plan).
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        let (model, fields) = read(body)?;
        Ok(Self {
            model,
            body_bytes: body.len(),
            fields,
        })
    }

    /// The model as the client wrote it: an alias, or a name with or without prefix.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the answer shall be streamed (G21).
    #[must_use]
    pub fn stream(&self) -> bool {
        self.fields.stream.unwrap_or(false)
    }

    /// Whether a stream shall end with a chunk that carries the usage (G22).
    #[must_use]
    pub fn include_usage(&self) -> bool {
        let options = self.fields.stream_options.as_ref();
        options
            .and_then(|options| options.include_usage)
            .unwrap_or(false)
    }

    pub(super) fn fields(&self) -> &Fields<'body> {
        &self.fields
    }

    /// Size of the body that this was read from: what the translated body will need, nearly.
    pub(super) fn body_bytes(&self) -> usize {
        self.body_bytes
    }
}

impl<'a> Fields<'a> {
    pub(super) fn messages(&self) -> &[Object<Message<'a>>] {
        self.messages.as_deref().unwrap_or_default()
    }
}

fn read(body: &[u8]) -> Result<(Text<'_>, Fields<'_>), Refusal> {
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
    Ok((model, fields))
}
