//! Wire types of the Gemini API, v1beta (<https://ai.google.dev/api/generate-content>).
//!
//! Shapes only, in Google's words. Requests hold what is ever sent: Gemini refuses unknown fields
//! (U5). Responses hold what is read, all optional.

pub(crate) mod count;
mod generation_config;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod upload;
