//! The Gemini API itself, passed through (§9; google-genai 3.4 and @google/genai 2.32, November
//! 2026).
//!
//! A native client already speaks Gemini, so nothing is translated: its body goes up byte for byte
//! and Gemini's goes down byte for byte. What is done is policy, and all of it is here: which methods
//! there are (`path`), which query parameters mean something (`framing`), what is put into the body
//! (`edits`), and how events are framed for the client (`stream`). Calls always go to `v1beta`,
//! whatever version the client asked for.
//!
//! Files, caches and batches belong to the project of one key (U12): their paths are known here
//! (`resource_path`), their keys are not. It does not read a client's credential either: `key` in the
//! query, like everything else that Google's front end would act on, is never passed on.

mod batch;
pub(crate) mod edits;
mod framing;
mod models;
mod path;
mod policy;
mod request;
mod resource_path;
mod stream;
mod unary;

pub use batch::batch_body;
pub use framing::Framing;
pub use models::{model_to_gemini, models_to_gemini};
pub use path::{NativeCall, NativeMethod, NativePath, parse_path};
pub use policy::{PARAMETERS, RESOURCE_PARAMETERS};
pub use request::NativeRequest;
pub use resource_path::{BatchOf, ResourceKind, ResourcePath};
