//! The body of `POST /v1/completions`.
//!
//! What becomes of each field is said in `policy`. Fields of other names are ignored: clients send
//! other vendors' extensions to every server.

use serde::Deserialize;

use super::{draft, prompt::Prompt};
use crate::{
    chat::style::StreamUsage,
    invalid_request::{InvalidRequest, Refusal},
    json::{Object, Text, UnusedObject, UnusedText, read_body},
    parameters::Stop,
};

/// A request that was read and can be answered.
///
/// It borrows its strings from the body. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct CompletionRequest<'body> {
    model: Text<'body>,
    fields: Fields<'body>,
}

/// Fields that are read. Numbers and combinations are checked in `draft`.
#[derive(Debug, Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    pub(super) prompt: Option<Prompt<'a>>,
    pub(super) suffix: Option<Text<'a>>,
    pub(super) echo: Option<bool>,
    pub(super) n: Option<i64>,
    pub(super) best_of: Option<i64>,
    pub(super) max_tokens: Option<i64>,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) stop: Option<Stop<'a>>,
    pub(super) seed: Option<i64>,
    pub(super) logprobs: Option<i64>,
    pub(super) frequency_penalty: Option<f64>,
    pub(super) presence_penalty: Option<f64>,
    pub(super) stream: Option<bool>,
    stream_options: Option<Object<StreamOptions>>,
    #[serde(rename = "logit_bias")]
    _logit_bias: Option<UnusedObject<f64>>,
    #[serde(rename = "user")]
    _user: Option<UnusedText>,
}

#[derive(Debug, Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

impl<'body> CompletionRequest<'body> {
    /// Reads a request body, and checks all of it.
    ///
    /// # Errors
    /// [`InvalidRequest`] for what is not JSON, missing, of a wrong type, out of range, or asks for
    /// something that Gemini cannot do.
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        let mut fields: Fields<'_> = read_body(body)?;
        let Some(model) = fields.model.take().filter(|model| !model.is_empty()) else {
            let missing = "the name of a model, `gemini-2.5-flash` for instance";
            return Err(Refusal::missing("model", missing).into());
        };
        draft::check(&fields)?;
        Ok(Self { model, fields })
    }

    pub(super) fn model(&self) -> &str {
        &self.model
    }

    pub(super) fn fields(&self) -> &Fields<'body> {
        &self.fields
    }
}

impl Fields<'_> {
    pub(super) fn streams(&self) -> bool {
        self.stream == Some(true)
    }

    pub(super) fn echoes(&self) -> bool {
        self.echo == Some(true)
    }

    pub(super) fn stream_usage(&self) -> StreamUsage {
        let options = self.stream_options.as_ref();
        match options.and_then(|options| options.include_usage) {
            Some(true) => StreamUsage::Sent,
            Some(false) | None => StreamUsage::Omitted,
        }
    }
}
