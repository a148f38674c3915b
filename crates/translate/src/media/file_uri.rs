//! Addresses of files that Google fetches or has (P3, P4, P8).

use std::borrow::Cow;

use crate::{
    gemini::request::FileData,
    invalid_request::{Code, Refusal},
};

/// Where uploaded files live.
const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/";

/// # Errors
/// A [`Refusal`] with an empty path for schemes that Google does not fetch.
pub(super) fn convert_file_uri<'a>(
    url: &'a str,
    mime_type: Option<&'a str>,
) -> Result<FileData<'a>, Refusal> {
    let url = url.trim();
    let known = ["https://", "http://", "gs://"];
    if !known.iter().any(|scheme| url.starts_with(scheme)) {
        return Err(Refusal::new(
            Code::InvalidValue,
            "",
            "must be a data URL (`data:image/png;base64,…`) or an https URL",
        ));
    }
    Ok(FileData {
        mime_type: mime_type.map(Cow::Borrowed),
        file_uri: Cow::Borrowed(url),
    })
}

/// # Errors
/// A [`Refusal`] with an empty path for ids that are not Gemini's.
pub(super) fn convert_file_id<'a>(
    id: &'a str,
    mime_type: Option<&'a str>,
) -> Result<FileData<'a>, Refusal> {
    let file_uri = if id.starts_with("files/") {
        Cow::Owned(format!("{FILES}{id}"))
    } else if id.starts_with(FILES) {
        Cow::Borrowed(id)
    } else {
        return Err(Refusal::new(
            Code::InvalidValue,
            "",
            "is not a file of Gemini: upload it to Gemini and send its name, `files/…`",
        ));
    };
    Ok(FileData {
        mime_type: mime_type.map(Cow::Borrowed),
        file_uri,
    })
}
