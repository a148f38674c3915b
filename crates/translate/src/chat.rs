//! OpenAI's chat completions (<https://platform.openai.com/docs/api-reference/chat>, as of
//! openai-python 3.54, November 2026).
//!
//! Request: `request` and `message` hold the wire types, `draft` with `messages`, `content` and
//! `parameters` says what they mean. Answer: `unary` and `stream` render, `response` and `chunk`
//! hold the wire types.

mod chunk;
mod content;
mod draft;
mod exchange;
mod message;
mod messages;
mod parameters;
mod request;
mod response;
mod stream;
mod unary;
mod unsupported;

pub use request::ChatRequest;
