//! Translation between the APIs that clients speak and the Gemini API.
//!
//! Everything here is a pure, synchronous function or state machine over bytes. It deliberately
//! does no I/O, reads no clock, invents no ids, knows no key, chooses no route and logs nothing:
//! times and ids come in as arguments ([`AnswerMeta`]), failures go out as types
//! ([`InvalidRequest`] is the client's fault, [`UpstreamFault`] is Gemini's).
//!
//! A client's body becomes an [`Exchange`]; that plans the calls to Gemini and renders what comes
//! back, whole or as an [`AnswerStream`]. Between the two lie two shared halves, so that a dialect
//! is only what is special about it:
//!
//! | | shared | per dialect |
//! |---|---|---|
//! | request | `prompt`: draft → Gemini's request, fitted to the model | body → draft |
//! | answer | `answer`: Gemini's answer → what is said, how it ended, what it cost | that → body or events |
//!
//! `gemini` holds Google's wire types only. Rule ids in comments (M2, X5, S2 …) are those of the
//! project's translation reference.
//!
//! What clients send is read strictly: nonsense is refused with the path of the field. What Gemini
//! sends is read leniently: only the fields that are used, all of them optional.

mod absent;
mod answer;
pub mod anthropic;
mod api_error;
mod blame;
mod chat;
pub mod compatibility;
pub mod completions;
mod continuation;
pub mod embeddings;
mod event;
mod exchange;
mod gemini;
pub mod images;
mod invalid_request;
mod json;
mod media;
mod model;
mod models;
mod multipart;
pub mod native;
mod parameters;
mod prompt;
#[cfg(test)]
mod recorded;
mod resources;
pub mod responses;
mod scrub;
pub mod speech;
mod sse;
mod storing;
pub mod transcription;
mod upstream_fault;
mod upstream_report;
mod voice;
mod wav;

pub use answer::{
    AnswerMeta, AnswerStream, CallSignature, JSON, ServedTier, UnaryAnswer, Usage, usage_of,
};
pub use api_error::{ApiError, Dialect};
pub use chat::ChatRequest;
pub use completions::CompletionRequest;
pub use continuation::{continue_body, limits_output};
pub use exchange::{EVENT_STREAM, Exchange, Method, Plan, SafetySetting, Signing, Target};
pub use invalid_request::InvalidRequest;
pub use model::{
    AliasError, Aliases, Features, ModelName, ModelSpec, SuffixKind, Suffixes, ThinkingOverride,
    UnknownSuffix,
};
pub use models::{Model, ModelsPage, model_to_openai, models_from_gemini, models_to_openai};
pub use resources::resources_in;
pub use scrub::scrub;
pub use sse::MAX_EVENT_BYTES;
pub use storing::without_storing;
pub use upstream_fault::UpstreamFault;
