//! How JSON is read and written here: borrowed strings, bounded arrays, bounded depth.
//!
//! Shapes only; what the fields mean is the dialects' business.

mod body;
mod bounded;
mod depth;
mod field;
mod object;
mod request_error;
mod text;
mod text_or;
mod unused;
mod write;

pub(crate) use body::read_body;
pub(crate) use bounded::Bounded;
pub(crate) use depth::{MAX_DEPTH, exceeds_max_depth};
pub(crate) use field::read_field;
pub(crate) use object::Object;
pub(crate) use request_error::locate;
pub(crate) use text::Text;
pub(crate) use text_or::TextOr;
pub(crate) use unused::{UnusedObject, UnusedText};
pub(crate) use write::write_json;
