//! Anthropic's Messages API (<https://platform.claude.com/docs/en/api/messages>, as of
//! anthropic-python 2.12, November 2026) (§7).
//!
//! Request: `request`, `message`, `tool` and `thinking` hold the wire types; `draft` with
//! `conversation`, `user`, `assistant`, `result`, `attachment`, `tools` and `parameters` says what
//! they mean. Answer: `sequence` decides which blocks there are, for `unary` and `stream` alike;
//! `block`, `body` and `event` hold the wire types. `count` is `/v1/messages/count_tokens`, `models`
//! is `/v1/models`, `policy` what becomes of each parameter.
//!
//! Three choices where Anthropic's API and Gemini's do not meet:
//!
//! - **Signatures** (§3.10) travel as signatures of thinking blocks, marked as ours. A call's is on
//!   the thinking block right before the call, an empty one if need be; but a client that asked for
//!   no thinking gets no blocks for it, since it may not know them. Calls that come back without are
//!   [`unsigned_calls`](crate::Exchange::unsigned_calls).
//! - **What Google ran** is told as text (code and its output) or, to a client that declared web
//!   search, as the blocks of a web search. Citations are left out: they must quote the page, which
//!   Gemini does not send.
//! - **Images** of an answer have no block; a line of text says that one was left out.

mod assistant;
mod attachment;
mod block;
mod body;
mod built_in;
mod conversation;
mod count;
mod draft;
mod event;
mod exchange;
mod message;
mod models;
mod parameters;
mod policy;
mod prose;
mod request;
mod result;
mod search;
mod sequence;
mod signature;
mod stream;
mod thinking;
mod tool;
mod tools;
mod unary;
mod unsigned;
mod user;

pub use count::CountTokensRequest;
pub use models::{model_to_anthropic, models_to_anthropic};
pub use policy::PARAMETERS;
pub use request::MessagesRequest;
