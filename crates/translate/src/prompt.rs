//! From what a client means to what Gemini is sent, once for all dialects.
//!
//! A dialect reads its own body into a [`Draft`]: what is said, and what is wished. [`assemble()`]
//! turns a draft into Gemini's request for one model: repairs the conversation, signs the calls, and
//! leaves out what the model refuses. No dialect is known here.

mod assemble;
mod draft;
pub(crate) mod function_names;
pub(crate) mod values;

pub(crate) use assemble::{Assembled, assemble};
pub(crate) use draft::{
    Amount, CallNames, Draft, Effort, Function, OutputFormat, Sampling, ThinkingWish, ToolChoice,
    Tools,
};
