//! OpenAI's Responses API, stateless (§8; <https://platform.openai.com/docs/api-reference/responses>,
//! as of openai-python 3.54, November 2026).
//!
//! Request: `request` with `value`, `item` and `tools` hold the wire types; `draft` puts together
//! what `input`, `content`, `results`, `tool_choice`, `settings` and `sampling` make of them.
//!
//! Nothing is kept between two requests: no response, no conversation, no file. What would need that
//! is refused by `stateless`, with what to do instead.

mod call_names;
mod content;
mod custom_tool;
mod draft;
mod encrypted_content;
mod input;
mod item;
mod request;
mod results;
mod sampling;
mod settings;
mod stateless;
mod tool_choice;
mod tools;
mod value;

pub use request::ResponsesRequest;
