//! Images, sound, documents and video of clients to parts of Gemini's request (P2–P8).
//!
//! One place for all dialects. Nothing is fetched: what has a public URL is handed to Google, who
//! fetches it. Whether a role may hold a kind of part is the dialects' business.

mod base64_data;
mod budget;
mod data_url;
mod file_uri;
mod media_type;

use std::borrow::Cow;

pub(crate) use budget::Budget;
pub(crate) use media_type::{media_type, type_of_name, type_of_sound};

use crate::{
    gemini::request::{Blob, Data},
    invalid_request::{Code, Refusal},
};

/// Data from a URL: `data:` is inlined, `https:`, `gs:` and Gemini's own file addresses are handed
/// to Google (P2, P3, P4). `said` is the type that the client gives where a URL does not say it
/// itself; without it, how the address ends tells.
///
/// # Errors
/// A [`Refusal`] with an empty path.
pub(crate) fn from_url<'a>(url: &'a str, said: Option<&'a str>) -> Result<Data<'a>, Refusal> {
    read_url(url, said, None)
}

/// As [`from_url`], for an address that can hardly be anything but `likely`: `image/jpeg` where an
/// image is asked for. Gemini refuses most addresses without a type, and looks at what it gets.
///
/// # Errors
/// A [`Refusal`] with an empty path.
pub(crate) fn from_url_of<'a>(
    likely: &'static str,
    url: &'a str,
    said: Option<&'a str>,
) -> Result<Data<'a>, Refusal> {
    read_url(url, said, Some(likely))
}

fn read_url<'a>(
    url: &'a str,
    said: Option<&'a str>,
    likely: Option<&'static str>,
) -> Result<Data<'a>, Refusal> {
    if data_url::is_data_url(url) {
        return data_url::convert_data_url(url, said).map(Data::InlineData);
    }
    file_uri::convert_file_uri(url, said, likely).map(Data::FileData)
}

/// Whether the text is a URL of any kind, rather than bare data or an id.
pub(crate) fn is_url(text: &str) -> bool {
    data_url::is_data_url(text) || text.contains("://")
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
        mime_type: media_type(mime_type)?,
        data: check_base64(data)?,
    }))
}

/// Base64 as Gemini takes it, borrowed where the client's is clean.
///
/// # Errors
/// A [`Refusal`] with an empty path for what is not base64, or nothing.
pub(crate) fn check_base64(data: &str) -> Result<Cow<'_, str>, Refusal> {
    let data = base64_data::convert_base64(data)?;
    if data.is_empty() {
        return Err(Refusal::new(Code::InvalidValue, "", "holds no data"));
    }
    Ok(data)
}

/// A file that was uploaded to Gemini, by its name `files/…` or its address (P8).
///
/// # Errors
/// A [`Refusal`] with an empty path for any other id: gempool keeps no files.
pub(crate) fn from_file_id<'a>(id: &'a str, said: Option<&'a str>) -> Result<Data<'a>, Refusal> {
    file_uri::convert_file_id(id, said).map(Data::FileData)
}
