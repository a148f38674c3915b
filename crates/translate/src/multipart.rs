//! Bodies of type `multipart/form-data` (RFC 7578), as uploads come.
//!
//! The whole body is there when it is read, so files are borrowed from it, never copied. It is read
//! strictly: what two parsers could read differently is refused. What the fields mean is the
//! endpoints' business.
//!
//! Crates were looked at in November 2026: multer, multra and form-data are asynchronous and copy
//! each field out of a stream, multipart-rs writes more than it reads, multiparty is unmaintained.

mod boundary;
mod disposition;
mod file_type;
mod form;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use boundary::is_form;
pub(crate) use file_type::{audio_type, image_type};
pub(crate) use form::{Form, Part};
