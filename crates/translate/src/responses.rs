//! OpenAI's Responses API, stateless (§8; <https://platform.openai.com/docs/api-reference/responses>,
//! as of openai-python 3.54, November 2026).
//!
//! Request: `request` with `value`, `item` and `tools` hold the wire types; `draft` puts together
//! what `input`, `content`, `results`, `tool_choice`, `settings` and `sampling` make of them;
//! `policy` says of every field what becomes of it. Answer: `composer` makes output items of what
//! Gemini says and tells of every step; `unary` keeps only the items, `stream` writes the steps as
//! `events`. `output_item`, `response_object` and `events` hold the wire types.
//!
//! Nothing is kept between two requests: no response, no conversation, no file. What would need that
//! is refused by `stateless`, with what to do instead.

mod call_names;
mod composer;
mod content;
mod custom_tool;
mod draft;
mod echo;
mod encrypted_content;
mod events;
mod exchange;
mod input;
mod item;
mod output_item;
mod policy;
mod request;
mod response_object;
mod results;
mod sampling;
mod settings;
mod stateless;
mod stream;
mod tool_choice;
mod tools;
mod unary;
mod value;

pub use policy::PARAMETERS;
pub use request::ResponsesRequest;
