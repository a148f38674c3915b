//! OpenAI's chat completions (<https://platform.openai.com/docs/api-reference/chat>, as of
//! openai-python 3.54, November 2026).
//!
//! Request: `request` and `message` hold the wire types, with each part's own beside its conversion;
//! `draft` puts together what they mean, and `policy` says of every field what becomes of it. Answer:
//! `unary` with `choice` and `stream` render, as `style` says; `response` and `chunk` hold the wire
//! types, with what they share in modules of its own (`call_body`, `media_body`, `annotation`,
//! `extra_content`, `usage_body`).

mod allowed_tools;
mod annotation;
mod attachments;
mod call_body;
mod calls;
mod choice;
pub(crate) mod chunk;
mod content;
mod custom_tool;
mod draft;
mod exchange;
mod extra_content;
mod google_extra;
mod media_body;
mod message;
mod messages;
mod output_media;
mod parameters;
mod policy;
mod reasoning;
mod request;
mod response;
mod response_format;
mod results;
mod safety;
mod signatures;
mod stream;
pub(crate) mod style;
mod tool_choice;
mod tools;
mod unary;
pub(crate) mod usage_body;
mod without_effect;

pub(crate) use policy::{MESSAGE_PARAMETERS, PARAMETERS};
pub use request::ChatRequest;
