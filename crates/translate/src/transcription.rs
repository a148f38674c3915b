//! OpenAI's `POST /v1/audio/transcriptions` and `/v1/audio/translations` (§6.5).
//!
//! A model that hears is asked in words to write down, or to translate, what it hears. It does not
//! know when a word was said, so formats with times are refused rather than made up, and so is
//! whatever tells speakers apart.

mod answer;
mod ask;
mod fields;
mod policy;
mod request;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use policy::PARAMETERS;
pub use request::{Task, TranscriptionRequest};
