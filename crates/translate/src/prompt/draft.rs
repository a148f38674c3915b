//! What a client means, in a form that every dialect can fill and none owns.
//!
//! Values are checked (ranges, types, names of enums) but not yet fitted to a model: that is
//! [`assemble()`](super::assemble())'s. Content is in Gemini's words already, because that is what all
//! dialects are translated to; calls and results may still be unpaired and unsigned.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;

use crate::gemini::request::{
    Content, ImageConfig, Modality, Part, SafetySetting, ServiceTier, ThinkingLevel,
};

/// A request to generate.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    /// Text parts that go before the conversation (M1).
    pub(crate) instructions: Vec<Part<'a>>,
    /// In the client's order. Function calls carry the client's own function names, and the
    /// signatures that the client sent; results carry name and id of the call they answer.
    pub(crate) turns: Vec<Content<'a>>,
    pub(crate) tools: Tools<'a>,
    pub(crate) output: OutputFormat<'a>,
    pub(crate) thinking: ThinkingWish,
    pub(crate) sampling: Sampling<'a>,
    /// What the answer may consist of; empty leaves it to the model.
    pub(crate) modalities: Vec<Modality>,
    /// Gemini's name of a voice, for spoken answers.
    pub(crate) voice: Option<Cow<'a, str>>,
    pub(crate) image: ImageConfig,
    /// The client's own thresholds; empty leaves it to the deployment (G23).
    pub(crate) safety: Vec<SafetySetting<'a>>,
    /// `cachedContents/…` (G24)
    pub(crate) cached_content: Option<Cow<'a, str>>,
    pub(crate) service_tier: Option<ServiceTier>,
    /// Whether Google may keep prompt and answer (G13).
    pub(crate) store: bool,
}

/// Functions of the client and tools of Google.
#[derive(Debug, Default)]
pub(crate) struct Tools<'a> {
    pub(crate) functions: Vec<Function<'a>>,
    pub(crate) choice: ToolChoice<'a>,
    /// A function with `strict`: arguments shall fit the schema (T6).
    pub(crate) strict: bool,
    pub(crate) google_search: bool,
    pub(crate) code_execution: bool,
    pub(crate) url_context: bool,
}

/// A function that the model may call.
#[derive(Debug)]
pub(crate) struct Function<'a> {
    /// As the client calls it, whatever characters it has.
    pub(crate) name: Cow<'a, str>,
    pub(crate) description: Option<Cow<'a, str>>,
    /// JSON Schema as the client wrote it, an object.
    pub(crate) parameters: Option<Cow<'a, RawValue>>,
}

/// Whether, and which, functions are to be called. Names are the client's.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum ToolChoice<'a> {
    /// The client said nothing, or `auto`.
    #[default]
    Auto,
    /// No function may be called.
    None,
    /// Some function must be called.
    Any,
    /// One of these must be called (T10, T11).
    AnyOf(Vec<Cow<'a, str>>),
    /// One of these may be called (T11).
    AutoOf(Vec<Cow<'a, str>>),
}

/// What the text of the answer has to be.
#[derive(Debug, Default)]
pub(crate) enum OutputFormat<'a> {
    #[default]
    Text,
    /// Any JSON (G16).
    Json,
    /// JSON of this schema (G17).
    Schema(Cow<'a, RawValue>),
}

/// How much to think, and whether to show it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThinkingWish {
    pub(crate) amount: Option<Amount>,
    /// `None`: thoughts are shown where an amount other than none was asked for (R2).
    pub(crate) include_thoughts: Option<bool>,
}

/// An amount of thinking, in one of the ways that clients have of saying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    Effort(Effort),
    /// Tokens; -1 leaves it to the model.
    Budget(i32),
    Level(ThinkingLevel),
}

/// `reasoning_effort`, and Anthropic's `effort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    None,
    Minimal,
    Low,
    Medium,
    High,
    /// `xhigh` and `max`
    XHigh,
}

/// What steers generation. Ranges are checked already.
#[derive(Debug, Default)]
pub(crate) struct Sampling<'a> {
    pub(crate) max_output_tokens: Option<u32>,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) top_k: Option<u32>,
    /// Not empty strings, at most 5 (G6).
    pub(crate) stop: Vec<Cow<'a, str>>,
    pub(crate) seed: Option<i32>,
    /// `None` is one candidate (G5).
    pub(crate) candidates: Option<u32>,
    /// Log probabilities are wished, with this many alternatives (G9, G10).
    pub(crate) logprobs: Option<u32>,
}

/// Names of the calls made so far in a conversation, by id: results name only the id (M6).
#[derive(Debug, Default)]
pub(crate) struct CallNames<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> CallNames<'a> {
    /// Remembers a call. A repeated id means the latest call.
    pub(crate) fn insert(&mut self, id: &'a str, name: &'a str) {
        self.0.insert(id, name);
    }

    /// The function that the call with this id called.
    pub(crate) fn get(&self, id: &str) -> Option<&'a str> {
        self.0.get(id).copied()
    }
}
