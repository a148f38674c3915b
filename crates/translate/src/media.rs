//! Images, sound, documents and video of clients to parts of Gemini's request (P2–P8).
//!
//! One place for all dialects. Nothing is fetched: what has a public URL is handed to Google, who
//! fetches it. Whether a role may hold a kind of part is the dialects' business.

mod base64_data;
mod data_url;
mod file_uri;

use std::borrow::Cow;

use crate::{
    gemini::request::{Blob, Data},
    invalid_request::Refusal,
};

/// Data from a URL: `data:` is inlined, `https:`, `gs:` and Gemini's own file addresses are handed
/// to Google (P2, P3, P4). `mime_type` is what the client says of a URL that does not say it itself.
///
/// # Errors
/// A [`Refusal`] with an empty path.
pub(crate) fn from_url<'a>(url: &'a str, mime_type: Option<&'a str>) -> Result<Data<'a>, Refusal> {
    if data_url::is_data_url(url) {
        return data_url::convert_data_url(url).map(Data::InlineData);
    }
    file_uri::convert_file_uri(url, mime_type).map(Data::FileData)
}

/// Bare base64 of a known type (P6, P7).
///
/// # Errors
/// A [`Refusal`] with an empty path.
pub(crate) fn from_base64<'a>(
    mime_type: impl Into<Cow<'a, str>>,
    data: &'a str,
) -> Result<Data<'a>, Refusal> {
    Ok(Data::InlineData(Blob {
        mime_type: mime_type.into(),
        data: base64_data::convert_base64(data)?,
    }))
}

/// A file that was uploaded to Gemini, by its name `files/…` or its address (P8).
///
/// # Errors
/// A [`Refusal`] with an empty path for any other id: gempool keeps no files.
pub(crate) fn from_file_id<'a>(
    id: &'a str,
    mime_type: Option<&'a str>,
) -> Result<Data<'a>, Refusal> {
    file_uri::convert_file_id(id, mime_type).map(Data::FileData)
}
