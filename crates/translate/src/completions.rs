//! OpenAI's legacy completions, `POST /v1/completions`
//! (<https://platform.openai.com/docs/api-reference/completions>, as of openai-python 3.57,
//! November 2026): text in, text out (§6.6).
//!
//! Gemini has no such thing; each prompt becomes a user's message, and the text of the answer is the
//! completion. Thoughts are not shown, for there is no field for them.
//!
//! Request: `request` and `prompt` hold the wire types, `draft` says what they mean. Answer: `unary`
//! and `stream` render, `body` and `logprobs` hold the wire types. What the answers share with chat
//! is used from there.

mod body;
mod draft;
mod exchange;
mod logprobs;
mod policy;
mod prompt;
mod request;
mod stream;
mod unary;

pub use policy::PARAMETERS;
pub use request::CompletionRequest;
