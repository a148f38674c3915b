//! Uploads: resumable in steps, or in one request.
//! <https://ai.google.dev/gemini-api/docs/files> and what Google's SDKs send (google-genai 3.4, 2026-11).

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::files::{self, File};
use super::{Answered, Asked, Kept, document};
use crate::check::read_message;
use crate::google_error::GoogleError;
use crate::reply::Reply;
use crate::schema::CREATE_FILE;

/// Pieces but the last are multiples of this, in bytes (recorded).
const GRANULARITY: usize = 8 * 1_024 * 1_024;
/// Letters of an upload's id; real ones have about 200.
const ID_LENGTH: usize = 64;
/// Where a file's kind is not said.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A resumable upload.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) project: String,
    display_name: Option<String>,
    id: String,
    mime_type: String,
    /// As announced.
    length: Option<usize>,
    bytes: Vec<u8>,
}

/// Begins an upload, or takes a file at once.
pub(super) fn begin(kept: &mut Kept, asked: Asked<'_>) -> Answered {
    match (said(asked, "protocol"), said(asked, "command")) {
        ("resumable", "start") => start(kept, asked),
        ("raw", "") => {
            let mime_type = header(asked.headers, &CONTENT_TYPE).to_owned();
            make(kept, asked, None, &mime_type, asked.body)
        }
        ("multipart", "") => {
            let (description, mime_type, bytes) = two_parts(asked)?;
            make(kept, asked, Some(description), &mime_type, bytes)
        }
        _ => Err(invalid("No file found in request.")),
    }
}

fn start(kept: &mut Kept, asked: Asked<'_>) -> Answered {
    let (name, display_name, said_type) = describe(asked.body)?;
    let announced = said(asked, "header-content-length");
    let upload = Upload {
        project: asked.project.to_owned(),
        display_name,
        id: files::id_for(kept, name.as_deref())?,
        mime_type: match said(asked, "header-content-type") {
            "" => said_type.unwrap_or_else(|| UNKNOWN_TYPE.to_owned()),
            mime_type => mime_type.to_owned(),
        },
        length: match announced {
            "" => None,
            length => Some(length.parse().map_err(|_| invalid("Invalid length."))?),
        },
        bytes: Vec::new(),
    };
    if kept.files.get(asked.project, &upload.id).is_some() {
        return Err(GoogleError::new(
            409,
            "ALREADY_EXISTS",
            "Requested entity already exists",
        ));
    }
    let id = kept.new_id(ID_LENGTH);
    let host = header(asked.headers, &HOST);
    let url = format!("http://{host}/upload/v1beta/files?upload_id={id}&upload_protocol=resumable");
    kept.uploads.insert(id, upload);
    let mut reply = with_status(Reply::document(bytes::Bytes::new()), "active");
    insert(&mut reply, "x-goog-upload-url", &url);
    insert(&mut reply, "x-goog-upload-control-url", &url);
    insert(
        &mut reply,
        "x-goog-upload-chunk-granularity",
        &GRANULARITY.to_string(),
    );
    Ok(reply)
}

/// The next step.
pub(super) fn go_on(kept: &mut Kept, id: &str, asked: Asked<'_>) -> Answered {
    let Some(upload) = kept.uploads.get_mut(id) else {
        // No recording.
        return Err(GoogleError::new(404, "NOT_FOUND", "Upload not found."));
    };
    if upload.project != asked.project {
        // No recording: stricter than what is known of Google, so that a wrong key is noticed.
        return Err(GoogleError::new(
            403,
            "PERMISSION_DENIED",
            "The upload belongs to another project.",
        ));
    }
    let commands: Vec<&str> = said(asked, "command").split(',').map(str::trim).collect();
    let is_last = match commands.as_slice() {
        ["upload"] => false,
        ["finalize"] | ["upload", "finalize"] => true,
        ["query"] => return Ok(received(upload, "active")),
        ["cancel"] => {
            kept.uploads.remove(id);
            return Ok(with_status(document(&json!({})), "cancelled"));
        }
        _ => return Err(invalid("Invalid upload command.")),
    };
    if commands.contains(&"upload") {
        let offset = said(asked, "offset").parse();
        if offset != Ok(upload.bytes.len()) {
            return Err(invalid("Invalid upload offset."));
        }
        if !is_last && !asked.body.len().is_multiple_of(GRANULARITY) {
            return Err(invalid(
                "The size of a piece must be a multiple of the granularity.",
            ));
        }
        upload.bytes.extend_from_slice(asked.body);
    }
    if !is_last {
        return Ok(received(upload, "active"));
    }
    if upload
        .length
        .is_some_and(|length| length != upload.bytes.len())
    {
        return Err(invalid("The upload has another size than was announced."));
    }
    let Some(upload) = kept.uploads.remove(id) else {
        return Err(invalid("The upload has ended."));
    };
    let file = File::new(
        upload.display_name,
        &upload.mime_type,
        &upload.bytes,
        asked.now_ms,
    );
    keep(kept, asked, &upload.id, file)
}

fn make(
    kept: &mut Kept,
    asked: Asked<'_>,
    description: Option<&[u8]>,
    mime_type: &str,
    bytes: &[u8],
) -> Answered {
    let (name, display_name, said_type) = match description {
        Some(description) => describe(description)?,
        None => (None, None, None),
    };
    let id = files::id_for(kept, name.as_deref())?;
    let mime_type = match (mime_type, &said_type) {
        ("", Some(said)) => said,
        ("", None) => UNKNOWN_TYPE,
        (mime_type, _) => mime_type,
    };
    let file = File::new(display_name, mime_type, bytes, asked.now_ms);
    keep(kept, asked, &id, file)
}

fn keep(kept: &mut Kept, asked: Asked<'_>, id: &str, file: File) -> Answered {
    let file = kept.files.put(asked.project, id, file)?;
    let answer = document(&json!({"file": file.describe(id)}));
    Ok(with_status(answer, "final"))
}

/// Name, display name and type in a file's description.
type Description = (Option<String>, Option<String>, Option<String>);

fn describe(body: &[u8]) -> Result<Description, GoogleError> {
    if body.is_empty() {
        return Ok((None, None, None));
    }
    let description = read_message(body, &CREATE_FILE)?;
    let text = |field: &str| {
        let value = description.pointer(&format!("/file/{field}"));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    Ok((text("name"), text("displayName"), text("mimeType")))
}

/// The description, the type of the file, and the file, of a body of two parts.
fn two_parts<'a>(asked: Asked<'a>) -> Result<(&'a [u8], String, &'a [u8]), GoogleError> {
    let content_type = header(asked.headers, &CONTENT_TYPE);
    let boundary = content_type
        .strip_prefix("multipart/related")
        .and_then(|rest| rest.split("boundary=").nth(1))
        .map(|boundary| boundary.trim_matches('"'));
    let parts = boundary.and_then(|boundary| {
        let delimiter = format!("--{boundary}");
        let mut parts = split(asked.body, delimiter.as_bytes()).into_iter().skip(1);
        Some((part(parts.next()?)?, part(parts.next()?)?))
    });
    let ((_, description), (head, bytes)) = parts.ok_or_else(|| invalid("Bad multipart body."))?;
    let mime_type = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.trim().to_owned());
    Ok((description, mime_type.unwrap_or_default(), bytes))
}

/// Head and content of what lies between two delimiters.
fn part(part: &[u8]) -> Option<(String, &[u8])> {
    let pieces = split(part, b"\r\n\r\n");
    let head = *pieces.first()?;
    let content = part.get(head.len() + 4..)?;
    let content = content.strip_suffix(b"\r\n").unwrap_or(content);
    Some((String::from_utf8_lossy(head).into_owned(), content))
}

fn split<'a>(mut bytes: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = bytes
        .windows(delimiter.len().max(1))
        .position(|window| window == delimiter)
    {
        let (piece, rest) = bytes.split_at(at);
        pieces.push(piece);
        bytes = rest.get(delimiter.len()..).unwrap_or_default();
    }
    pieces.push(bytes);
    pieces
}

fn received(upload: &Upload, status: &str) -> Reply {
    let mut reply = with_status(Reply::document(bytes::Bytes::new()), status);
    let size = upload.bytes.len().to_string();
    insert(&mut reply, "x-goog-upload-size-received", &size);
    reply
}

fn with_status(mut reply: Reply, status: &str) -> Reply {
    insert(&mut reply, "x-goog-upload-status", status);
    reply
}

fn insert(reply: &mut Reply, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers.insert(HeaderName::from_static(name), value);
    }
}

/// An `x-goog-upload-…` header, or nothing.
fn said<'a>(asked: Asked<'a>, name: &str) -> &'a str {
    let value = asked.headers.get(format!("x-goog-upload-{name}"));
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    let value = headers.get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// No recording of any of these texts.
fn invalid(text: &str) -> GoogleError {
    GoogleError::invalid_argument(text)
}
