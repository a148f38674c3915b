#![doc = include_str!("../README.md")]
//!
//! It does not generate anything, has no opinion on what a client should do, and is not meant to
//! face anything but loopback.

mod answer;
mod api_key;
mod body;
mod builder;
mod call;
mod check;
mod clock;
mod connection;
mod content;
mod control;
mod credential;
mod demo;
mod embedding;
mod fault;
mod google_error;
mod hash;
mod listing;
mod media;
mod model_traits;
mod named_error;
mod ordinary;
mod prediction;
mod proto_json;
mod question;
mod quota;
mod read_body;
mod record;
mod refusal;
mod render;
mod reply;
mod resources;
mod rules;
mod schema;
mod script;
mod scripted;
mod serve;
mod service;
mod signature;
mod sim;
mod tokens;
mod wire;

pub use builder::{SimBuilder, StartError};
pub use call::Method;
pub use clock::{Clock, ManualClock, SystemClock};
pub use content::DefaultAnswer;
pub use demo::DEMO_KEYS;
pub use named_error::NamedError;
pub use quota::Quota;
pub use record::{Outcome, RecordedRequest};
pub use script::{
    Answer, Fault, FunctionCall, Match, Media, Respond, Rule, Script, ScriptError, Stream, Then,
};
pub use sim::Sim;
