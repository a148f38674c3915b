//! Files and images in the prompt: types that are read, addresses that are fetched, and what only
//! Gemini 3 takes (P5, P9).

use serde_json::Value;

use super::contents::{parts, turns};
use super::{Asked, Checked};
use crate::google_error::GoogleError;
use crate::model_traits::Kind;
use crate::refusal;

/// Beside every `audio/`, `video/` and `text/` type:
/// <https://ai.google.dev/gemini-api/docs/file-input-methods> (read November 2026).
const READ_TYPES: [&str; 10] = [
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/gif",
    "application/pdf",
    "application/rtf",
    "application/x-javascript",
    "application/x-python",
];

pub(super) fn check(asked: Asked<'_>) -> Checked {
    for part in turns(asked.body).iter().flat_map(parts) {
        check_data(asked, part)?;
        if asked.model.is_before_gemini_3() && part.get("mediaResolution").is_some() {
            // No recording.
            return Err(GoogleError::invalid_argument(
                "Media resolution of a part is not supported for this model.",
            ));
        }
        let result_parts = part.pointer("/functionResponse/parts");
        let result_parts = result_parts.and_then(Value::as_array).into_iter().flatten();
        for part in result_parts {
            if asked.model.is_before_gemini_3() {
                // No recording.
                return Err(GoogleError::invalid_argument(
                    "Multimodal function responses are not supported for this model.",
                ));
            }
            check_data(asked, part)?;
        }
    }
    Ok(())
}

fn check_data(asked: Asked<'_>, part: &Value) -> Checked {
    let text = |pointer: &str| part.pointer(pointer).and_then(Value::as_str);
    if part.get("inlineData").is_some() {
        let mime_type = text("/inlineData/mimeType").unwrap_or_default();
        check_type(asked, mime_type)?;
    }
    if part.get("fileData").is_some() {
        let uri = text("/fileData/fileUri").unwrap_or_default();
        let is_address = ["https://", "http://", "gs://"].iter().any(|scheme| {
            uri.strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        });
        if !is_address {
            return Err(refusal::unsupported_file_uri(uri));
        }
        if let Some(mime_type) = text("/fileData/mimeType") {
            check_type(asked, mime_type)?;
        }
    }
    Ok(())
}

fn check_type(asked: Asked<'_>, mime_type: &str) -> Checked {
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    let family = essence.split_once('/').map(|(family, _)| family);
    let is_read = match family {
        Some("audio" | "video" | "text") => true,
        _ => READ_TYPES.contains(&essence),
    };
    if !is_read {
        return Err(refusal::unsupported_mime_type(mime_type));
    }
    let missing = match (asked.model.kind, family) {
        (Kind::Speech, Some("image")) => "Image input modality",
        (Kind::Speech | Kind::SmallChat | Kind::Image, Some("audio")) => "Audio input modality",
        (Kind::Speech | Kind::SmallChat, Some("video")) => "Video input modality",
        _ => return Ok(()),
    };
    Err(refusal::not_enabled(missing, asked.model.name))
}
