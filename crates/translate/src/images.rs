//! OpenAI's images: `POST /v1/images/generations` and `/v1/images/edits` (§6.3).
//!
//! Gemini's image models answer `generateContent`; Imagen, retired and kept for who still has it,
//! answers `predict` (I6). Each image is asked for by a call of its own, since newer models make one
//! candidate (I3). Images come back in the body, never by a link: gempool stores none (I4).

mod answer;
mod draft;
mod edit;
mod family;
mod fields;
mod imagen;
mod policy;
mod request;
mod size;
mod stream;
#[cfg(test)]
mod tests;
mod wishes;

pub use edit::ImageEditRequest;
pub(crate) use policy::{EDIT_PARAMETERS, PARAMETERS};
pub use request::ImageRequest;
pub(crate) use size::{RATIOS, Resolution};
