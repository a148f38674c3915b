//! Embeddings that mean nothing and are always the same for the same text.

use serde_json::Value;

use crate::content::text_of;
use crate::hash::{fnv1a, split_mix};
use crate::render;
use crate::reply::Reply;
use crate::wire::{BatchEmbedContentsResponse, EmbedContentResponse, Embedding};

/// Dimensions of `gemini-embedding-001` when not asked for fewer:
/// <https://ai.google.dev/gemini-api/docs/embeddings> (read November 2026).
const MAX_DIMENSIONS: usize = 3072;

/// The answer to a checked `embedContent`.
pub(crate) fn one(request: &Value) -> Reply {
    Reply::document(render::document(&EmbedContentResponse {
        embedding: embed(request),
    }))
}

/// The answer to a checked `batchEmbedContents`.
pub(crate) fn batch(request: &Value) -> Reply {
    let requests = request.get("requests").and_then(Value::as_array);
    Reply::document(render::document(&BatchEmbedContentsResponse {
        embeddings: requests.into_iter().flatten().map(embed).collect(),
    }))
}

fn embed(request: &Value) -> Embedding {
    let dimensions = request
        .get("outputDimensionality")
        .or_else(|| request.get("output_dimensionality"))
        .and_then(Value::as_u64)
        .and_then(|dimensions| usize::try_from(dimensions).ok())
        .filter(|dimensions| *dimensions > 0)
        .map_or(MAX_DIMENSIONS, |dimensions| dimensions.min(MAX_DIMENSIONS));
    let text = request.get("content").map(text_of).unwrap_or_default();
    let mut state = fnv1a(text.as_bytes());
    let values: Vec<f32> = (0..dimensions)
        .map(|_| {
            state = split_mix(state);
            // 16 bits of the state, which an f32 holds exactly, moved to -1..1.
            let bits = u16::try_from(state >> 48).unwrap_or_default();
            f32::from(bits) / 32_768.0 - 1.0
        })
        .collect();
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    let scale = if length > 0.0 { length.recip() } else { 1.0 };
    Embedding {
        values: values.into_iter().map(|value| value * scale).collect(),
    }
}
