//! Translation between the APIs that clients speak and the Gemini API.
//!
//! Everything here is a pure, synchronous function or state machine over bytes. It deliberately
//! does no I/O, reads no clock, invents no ids, knows no key, chooses no HTTP status and logs
//! nothing: times and ids come in as arguments ([`AnswerMeta`]), failures go out as types
//! ([`InvalidRequest`] is the client's fault, [`UpstreamFault`] is Gemini's).
//!
//! | direction | unary | streaming |
//! |---|---|---|
//! | OpenAI chat → Gemini | [`chat_to_gemini`] | the same body |
//! | Gemini → OpenAI chat | [`chat_from_gemini`] | [`ChatStream`] |
//! | Gemini model list → OpenAI | [`models_from_gemini`], [`models_to_openai`] | |
//!
//! `openai` and `gemini` hold wire types only; every conversion is one module beside them, so that
//! another client dialect is another folder of wire types and its own conversions. Rule ids in
//! comments (M2, X5, S2 …) are those of the project's translation reference.
//!
//! What clients send is read strictly: nonsense is refused with the path of the field. What Gemini
//! sends is read leniently: only the fields that are used, all of them optional.

mod answer;
mod blocked_prompt;
mod chat_request;
mod chat_stream;
mod chat_unary;
mod content;
mod data_url;
mod finish_reason;
mod gemini;
mod generation_config;
mod invalid_request;
mod json;
mod messages;
mod model_capabilities;
mod model_name;
mod models;
pub mod openai;
mod scrub;
mod shown;
mod sse;
mod upstream_fault;
mod upstream_report;
mod usage;

pub use answer::{AnswerMeta, UnaryAnswer};
pub use chat_request::chat_to_gemini;
pub use chat_stream::{ChatStream, HEARTBEAT};
pub use chat_unary::chat_from_gemini;
pub use invalid_request::InvalidRequest;
pub use model_name::ModelName;
pub use models::{Model, ModelsPage, models_from_gemini, models_to_openai};
pub use openai::OpenAiError;
pub use scrub::scrub;
pub use sse::MAX_EVENT_BYTES;
pub use upstream_fault::UpstreamFault;
pub use usage::Usage;
