//! The body of `POST /v1/chat/completions`.
//!
//! | fields | what happens |
//! |---|---|
//! | in [`Fields`] | translated, or refused by `unsupported` |
//! | `logit_bias`, `prediction`, `moderation`, `verbosity`, `prompt_cache_key`, `prompt_cache_options`, `prompt_cache_retention`, `safety_identifier`, `user` (G11), `metadata` (G12), `parallel_tool_calls` (T13) | ignored: hints, or without effect on the answer's meaning |
//! | any other name | ignored: clients send other vendors' extensions (`min_p`, `repetition_penalty`) to every server, and refusing them would lock those clients out; OpenAI's own fields that change the meaning of an answer are all listed above |

use serde::{Deserialize, de::IgnoredAny};

use super::{message::Message, unsupported};
use crate::{
    invalid_request::{Code, InvalidRequest, Refusal},
    json::{Bounded, Object, Text, read_body},
};

/// Most messages in a conversation (SEC-065).
const MAX_MESSAGES: usize = 2048;

/// Most stop sequences: Gemini takes 5, OpenAI 4 (G6).
const MAX_STOP_SEQUENCES: usize = 5;

/// Most entries read of `modalities`, which names at most each modality once.
const MAX_MODALITIES: usize = 8;

/// A chat request that was read and holds nothing that cannot be translated yet.
///
/// It borrows its strings from the body. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct ChatRequest<'body> {
    model: Text<'body>,
    body_bytes: usize,
    fields: Fields<'body>,
}

/// Fields that are read. Numbers and shapes are checked where they are converted.
#[derive(Debug, Deserialize)]
pub(crate) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    pub(crate) messages: Option<Bounded<Object<Message<'a>>, MAX_MESSAGES>>,

    pub(crate) max_completion_tokens: Option<i64>,
    pub(crate) max_tokens: Option<i64>,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) top_k: Option<i64>,
    pub(crate) stop: Option<Stop<'a>>,
    pub(crate) seed: Option<i64>,
    pub(crate) service_tier: Option<Text<'a>>,
    pub(crate) store: Option<bool>,
    pub(crate) stream: Option<bool>,
    pub(crate) stream_options: Option<Object<StreamOptions>>,

    pub(crate) n: Option<i64>,
    pub(crate) presence_penalty: Option<f64>,
    pub(crate) frequency_penalty: Option<f64>,
    pub(crate) logprobs: Option<bool>,
    pub(crate) top_logprobs: Option<i64>,
    pub(crate) response_format: Option<Object<ResponseFormat<'a>>>,
    pub(crate) modalities: Option<Bounded<Text<'a>, MAX_MODALITIES>>,
    pub(crate) audio: Option<IgnoredAny>,
    pub(crate) tools: Option<Vec<IgnoredAny>>,
    pub(crate) tool_choice: Option<NameOrOther<'a>>,
    pub(crate) functions: Option<Vec<IgnoredAny>>,
    pub(crate) function_call: Option<NameOrOther<'a>>,
    pub(crate) web_search_options: Option<IgnoredAny>,
    pub(crate) reasoning_effort: Option<Text<'a>>,
    pub(crate) google: Option<IgnoredAny>,
    pub(crate) extra_body: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StreamOptions {
    include_usage: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ResponseFormat<'a> {
    #[serde(borrow)]
    pub(crate) r#type: Option<Text<'a>>,
}

/// A string or a list of strings.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a string or an array of at most 5 strings"
)]
pub(crate) enum Stop<'a> {
    #[serde(borrow)]
    One(Text<'a>),
    Many(Bounded<Text<'a>, MAX_STOP_SEQUENCES>),
}

/// A field whose string form is enough to know; any other shape only has to be told apart.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum NameOrOther<'a> {
    #[serde(borrow)]
    Name(Text<'a>),
    Other(IgnoredAny),
}

impl<'body> ChatRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for bytes that are not UTF-8 or not JSON, for nesting over 64 levels,
    /// wrong types, missing `model` or `messages`, more than 2048 messages, and for fields that are
    /// not supported yet. What is inside messages is checked by [`plan`](crate::Exchange::plan).
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        let (model, fields) = read(body)?;
        unsupported::refuse(&fields)?;
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
    pub(crate) fn messages(&self) -> &[Object<Message<'a>>] {
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
