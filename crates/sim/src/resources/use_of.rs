//! Whether a request may use the files and the cache that it mentions.

use serde_json::Value;

use super::{Kept, caches, files};
use crate::google_error::GoogleError;

/// The tokens of the cache, if there is one; `model` with or without `models/`.
pub(super) fn check(
    kept: &mut Kept,
    project: &str,
    model: &str,
    body: &Value,
    now_ms: u64,
) -> Result<u64, GoogleError> {
    check_files(kept, project, body, now_ms)?;
    let Some(name) = body.get("cachedContent").and_then(Value::as_str) else {
        return Ok(0);
    };
    let id = name.strip_prefix("cachedContents/").unwrap_or_default();
    let cache = caches::find_in(kept, id, project, now_ms)?;
    let model = format!("models/{}", model.strip_prefix("models/").unwrap_or(model));
    if cache.model == model {
        Ok(cache.tokens)
    } else {
        Err(GoogleError::invalid_argument(format!(
            "Model used by GenerateContent request ({model}) and CachedContent ({}) has to be the same.",
            cache.model
        )))
    }
}

/// Everywhere below `value`.
fn check_files(
    kept: &mut Kept,
    project: &str,
    value: &Value,
    now_ms: u64,
) -> Result<(), GoogleError> {
    match value {
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| check_files(kept, project, item, now_ms)),
        Value::Object(fields) => {
            if let Some(uri) = value.pointer("/fileData/fileUri").and_then(Value::as_str) {
                check_file(kept, project, uri, now_ms)?;
            }
            fields
                .values()
                .try_for_each(|field| check_files(kept, project, field, now_ms))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn check_file(kept: &mut Kept, project: &str, uri: &str, now_ms: u64) -> Result<(), GoogleError> {
    let Some(id) = uri.strip_prefix(files::FILES) else {
        return Ok(());
    };
    let file = files::find_in(kept, id, project, now_ms)?;
    if file.is_active() {
        Ok(())
    } else {
        Err(GoogleError::new(
            400,
            "FAILED_PRECONDITION",
            format!("The File {id} is not in an ACTIVE state and usage is not allowed."),
        ))
    }
}
