//! Wire types of the OpenAI API (<https://platform.openai.com/docs/api-reference/chat>, as of
//! openai-python 3.54, November 2026).
//!
//! Shapes only, in OpenAI's words; conversions are the modules beside this one.

mod chunk;
mod error;
mod message;
mod request;
mod request_error;
mod response;
mod unsupported;

pub(crate) use chunk::{ChunkChoice, ChunkWriter, Delta};
pub use error::OpenAiError;
pub(crate) use message::{Content, Message, Part};
pub use request::ChatRequest;
pub(crate) use request::Stop;
pub(crate) use response::{
    ChatCompletion, Choice, FinishReason, Message as AnswerMessage, ModelList, ModelObject,
};
