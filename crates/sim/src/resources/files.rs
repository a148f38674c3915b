//! What is said about an uploaded file. <https://ai.google.dev/api/files> and recorded answers (2026-07).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Asked, Kept, time};
use crate::google_error::GoogleError;

/// How long a file is kept.
const KEPT_MS: u64 = 48 * 60 * 60 * 1_000;

/// Where files live, whoever is asked about them.
pub(super) const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/files/";

/// Letters of a generated id.
const ID_LENGTH: usize = 12;
const MAX_NAME_LENGTH: usize = 40;

#[derive(Debug)]
pub(super) struct File {
    display_name: Option<String>,
    mime_type: String,
    size: usize,
    hash: String,
    made_ms: u64,
    is_active: bool,
}

impl File {
    pub(super) fn new(
        display_name: Option<String>,
        mime_type: &str,
        bytes: &[u8],
        now_ms: u64,
    ) -> Self {
        let hex: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            display_name,
            mime_type: mime_type.to_owned(),
            size: bytes.len(),
            // Google sends the digits of the digest in base64.
            hash: BASE64_STANDARD.encode(hex),
            made_ms: now_ms,
            // Videos are looked at first.
            is_active: !mime_type.starts_with("video/"),
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.is_active
    }

    pub(super) fn finish(&mut self) {
        self.is_active = true;
    }

    fn is_kept(&self, now_ms: u64) -> bool {
        now_ms < self.made_ms.saturating_add(KEPT_MS)
    }

    pub(super) fn describe(&self, id: &str) -> Value {
        let mut file = json!({
            "name": format!("files/{id}"),
            "mimeType": self.mime_type,
            "sizeBytes": self.size.to_string(),
            "createTime": time(self.made_ms),
            "updateTime": time(self.made_ms),
            "expirationTime": time(self.made_ms.saturating_add(KEPT_MS)),
            "sha256Hash": self.hash,
            "uri": format!("{FILES}{id}"),
            "state": if self.is_active { "ACTIVE" } else { "PROCESSING" },
            "source": "UPLOADED",
        });
        if let (Some(name), Some(fields)) = (&self.display_name, file.as_object_mut()) {
            fields.insert("displayName".to_owned(), json!(name));
        }
        file
    }
}

/// The id for a file, the client's own if it is one.
///
/// # Errors
/// A name that cannot be one.
pub(super) fn id_for(kept: &mut Kept, name: Option<&str>) -> Result<String, GoogleError> {
    let Some(name) = name else {
        return Ok(kept.new_id(ID_LENGTH));
    };
    let id = name.strip_prefix("files/").unwrap_or_default();
    let is_id = (1..=MAX_NAME_LENGTH).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-');
    if is_id {
        Ok(id.to_owned())
    } else {
        // No recording.
        Err(GoogleError::invalid_argument(format!(
            "* CreateFileRequest.file.name: Invalid file ID: {name}"
        )))
    }
}

/// The project's file.
///
/// # Errors
/// Another project's, or none: Google does not tell which.
pub(super) fn find<'k>(
    kept: &'k mut Kept,
    id: &str,
    asked: Asked<'_>,
) -> Result<&'k mut File, GoogleError> {
    find_in(kept, id, asked.project, asked.now_ms)
}

pub(super) fn find_in<'k>(
    kept: &'k mut Kept,
    id: &str,
    project: &str,
    now_ms: u64,
) -> Result<&'k mut File, GoogleError> {
    kept.files
        .get(project, id)
        .filter(|file| file.is_kept(now_ms))
        .ok_or_else(|| {
            GoogleError::new(
                403,
                "PERMISSION_DENIED",
                format!("You do not have permission to access the File {id} or it may not exist."),
            )
        })
}
