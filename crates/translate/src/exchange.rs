//! One client request and its answer, whatever the endpoint: the seam between dialects and calls.
//!
//! An exchange was read from a client's body. It says what to ask Gemini for and renders what comes
//! back. It knows no key, no URL and no clock; who calls it decides about attempts.

use std::collections::BTreeMap;

use crate::{
    AnswerMeta, AnswerStream, InvalidRequest, ModelName, UnaryAnswer, UpstreamFault,
    invalid_request::{Code, Refusal},
    model::Features,
};

/// `content-type` of server-sent events.
pub const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";

/// A request that was read.
pub trait Exchange {
    /// The model as the client wrote it: an alias, or a name with prefix and suffixes.
    fn model(&self) -> &str;

    /// Whether the client wants a stream of events.
    fn streams(&self) -> bool {
        false
    }

    /// Whether answers go to the client as Gemini wrote them. Then nothing may be added to one that was
    /// cut, and the client itself keeps what it must send back.
    fn is_passed_through(&self) -> bool {
        false
    }

    /// Ids of calls in the conversation that came back without their signature, newest last. Who
    /// keeps signatures puts those it has into [`Target::signatures`].
    fn unsigned_calls(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What to ask Gemini for.
    ///
    /// # Errors
    /// [`InvalidRequest`] for whatever is wrong inside the request, or impossible with this model.
    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest>;

    /// Renders the answers of all calls of the plan, in the plan's order, each with HTTP status 200.
    ///
    /// # Errors
    /// Every [`UpstreamFault`] but `EventTooLarge`.
    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault>;

    /// `content-type` of a streamed answer.
    fn stream_type(&self) -> &'static str {
        EVENT_STREAM
    }

    /// The translator of a streamed answer; `None` for endpoints that never stream. It owns all it
    /// needs, since a stream outlives the request's body.
    fn stream_translator(&self, _meta: &AnswerMeta) -> Option<AnswerStream> {
        None
    }
}

/// What the deployment and the model's name say about a request.
#[derive(Debug)]
pub struct Target<'a> {
    /// Gemini's name of the model.
    pub model: &'a ModelName,
    /// What the suffixes of the client's name ask for.
    pub features: Features,
    /// Safety thresholds of the deployment, for requests that set none (G23).
    pub safety: &'a [SafetySetting],
    /// Signatures by call id, for calls that came back without (§3.5).
    pub signatures: &'a BTreeMap<String, String>,
    /// Whether signatures are trusted. `Replaced` is for the one retry after Gemini refused them
    /// (§3.8).
    pub signing: Signing,
    /// Whether Gemini will be asked for a stream: some limits differ.
    pub streamed: bool,
}

/// What becomes of thought signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// The client's, else the kept ones, else the documented stand-in.
    Kept,
    /// Only the stand-in.
    Replaced,
}

/// A category and its threshold, in Google's words: `HARM_CATEGORY_HARASSMENT`, `BLOCK_NONE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetySetting {
    /// `HARM_CATEGORY_…`
    pub category: String,
    /// `OFF`, `BLOCK_NONE`, `BLOCK_ONLY_HIGH`, `BLOCK_MEDIUM_AND_ABOVE`, `BLOCK_LOW_AND_ABOVE`
    pub threshold: String,
}

/// Calls to Gemini that together answer one request.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan {
    /// The same for all.
    pub method: Method,
    /// JSON bodies, at least one. Several are independent of each other, and may be sent at once.
    pub bodies: Vec<Vec<u8>>,
    /// Whether the request carries signatures that Gemini might refuse.
    pub signed: bool,
}

impl Plan {
    /// One call.
    #[must_use]
    pub fn one(method: Method, body: Vec<u8>) -> Self {
        Self {
            method,
            bodies: vec![body],
            signed: false,
        }
    }
}

/// Most bytes of bodies that repeat a client's for more answers: an upload of 20 MiB is 27 MiB of base64,
/// and ten of those would not fit into the component. Twice that much is what one request may take.
const MAX_REPEATED_BYTES: usize = 54 * 1024 * 1024;

/// Whether a body of this size may be sent `n` times; once it always may.
///
/// # Errors
/// A [`Refusal`] for so many bodies that the component could not hold them.
pub(crate) fn check_repeated(n: usize, body_bytes: usize) -> Result<(), Refusal> {
    let fitting = MAX_REPEATED_BYTES
        .checked_div(body_bytes)
        .unwrap_or(n)
        .max(1);
    if n <= fitting {
        return Ok(());
    }
    Err(Refusal::new(
        Code::UnsupportedValue,
        "n",
        format_args!("is too much for a request of this size; ask for at most {fitting} at once"),
    ))
}

impl std::fmt::Debug for Plan {
    /// Leaves the bodies out: prompts do not belong in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("method", &self.method)
            .field("bodies", &self.bodies.len())
            .field("signed", &self.signed)
            .finish()
    }
}

/// A method of Gemini's models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `generateContent`; streamed, `streamGenerateContent`.
    Generate,
    /// `countTokens`
    CountTokens,
    /// `embedContent`
    Embed,
    /// `batchEmbedContents`
    BatchEmbed,
    /// `predict`: Imagen.
    Predict,
}

impl Method {
    /// As the path of a unary call has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generateContent",
            Self::CountTokens => "countTokens",
            Self::Embed => "embedContent",
            Self::BatchEmbed => "batchEmbedContents",
            Self::Predict => "predict",
        }
    }
}
