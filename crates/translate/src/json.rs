//! How JSON is read and written here: borrowed strings, bounded arrays, bounded depth.
//!
//! Shapes only; what the fields mean is in `openai` and `gemini`.

mod bounded;
mod depth;
mod object;
mod text;
mod write;

pub(crate) use bounded::Bounded;
pub(crate) use depth::{MAX_DEPTH, exceeds_max_depth};
pub(crate) use object::Object;
pub(crate) use text::Text;
pub(crate) use write::write_json;
