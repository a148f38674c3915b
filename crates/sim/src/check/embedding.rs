//! Requests for embeddings (§6.1).

use serde_json::Value;

use super::contents::parts;
use super::{Asked, Checked, is_model_name};
use crate::refusal::{self, invalid_field};

/// Texts in one batch: recorded error text of the real API (E1).
const MAX_BATCH: usize = 100;

/// <https://ai.google.dev/gemini-api/docs/embeddings> (read November 2026).
pub(crate) const MAX_DIMENSIONS: i64 = 3_072;

pub(super) fn check_one(body: &Value) -> Checked {
    check(body, "EmbedContentRequest")
}

/// A batch is not empty and not too long, and each of it names the model of the path.
pub(super) fn check_batch(asked: Asked<'_>) -> Checked {
    const REQUEST: &str = "BatchEmbedContentsRequest";
    let requests = asked.body.get("requests").and_then(Value::as_array);
    let requests = requests.map_or(&[][..], Vec::as_slice);
    if requests.is_empty() {
        return Err(invalid_field(
            REQUEST,
            "requests: requests is not specified",
        ));
    }
    if requests.len() > MAX_BATCH {
        return Err(refusal::batch_too_large());
    }
    for (index, request) in requests.iter().enumerate() {
        let name = request.get("model").and_then(Value::as_str);
        let Some(name) = name.filter(|name| is_model_name(name)) else {
            return Err(invalid_field(
                REQUEST,
                format!("requests[{index}].model: unexpected model name format"),
            ));
        };
        if name.strip_prefix("models/") != Some(asked.model.name) {
            // No recording.
            return Err(invalid_field(
                REQUEST,
                format!("requests[{index}].model: must be the model of the batch"),
            ));
        }
        check(request, &format!("{REQUEST}.requests[{index}]"))?;
    }
    Ok(())
}

fn check(request: &Value, name: &str) -> Checked {
    let Some(content) = request.get("content") else {
        return Err(invalid_field(name, "content: contents is not specified"));
    };
    let is_empty = |part: &Value| {
        let is_empty_text = part.get("text").and_then(Value::as_str) == Some("");
        is_empty_text || part.as_object().is_none_or(serde_json::Map::is_empty)
    };
    let parts = parts(content);
    if parts.is_empty() || parts.iter().any(is_empty) {
        return Err(refusal::empty_embedding_part());
    }
    let dimensions = [
        "/outputDimensionality",
        "/embedContentConfig/outputDimensionality",
    ];
    for dimensions in dimensions.iter().filter_map(|path| request.pointer(path)) {
        let dimensions = dimensions.as_i64();
        if !dimensions.is_some_and(|dimensions| (1..=MAX_DIMENSIONS).contains(&dimensions)) {
            return Err(invalid_field(
                name,
                format!(
                    "output_dimensionality: output_dimensionality must be in the range [1, {MAX_DIMENSIONS}]"
                ),
            ));
        }
    }
    Ok(())
}
