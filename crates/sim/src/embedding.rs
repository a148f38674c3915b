//! Embeddings that mean nothing and are always the same for the same text.
//!
//! `gemini-embedding-001` gives unit vectors in full length only, and no usage; its successor gives
//! both (E3, E5).

use serde_json::Value;

use crate::hash::{fnv1a, split_mix};
use crate::model_traits::ModelTraits;
use crate::question::list;
use crate::render;
use crate::reply::Reply;
use crate::tokens;
use crate::wire::{BatchEmbedContentsResponse, EmbedContentResponse, Embedding, EmbeddingUsage};

/// Dimensions of both models when not asked for fewer:
/// <https://ai.google.dev/gemini-api/docs/embeddings> (read November 2026).
const MAX_DIMENSIONS: usize = 3072;

/// Length of a shortened vector of `gemini-embedding-001` (recorded: 0.588 and 0.568).
const SHORTENED_LENGTH: f32 = 0.588;

/// The answer to a checked `embedContent`.
pub(crate) fn one(request: &Value, model: ModelTraits<'_>) -> Reply {
    Reply::document(render::document(&EmbedContentResponse {
        embedding: embed(request, model),
        usage_metadata: usage(std::slice::from_ref(request), model),
    }))
}

/// The answer to a checked `batchEmbedContents`.
pub(crate) fn batch(request: &Value, model: ModelTraits<'_>) -> Reply {
    let requests = list(request, "requests");
    let embeddings = requests.iter().map(|request| embed(request, model));
    Reply::document(render::document(&BatchEmbedContentsResponse {
        embeddings: embeddings.collect(),
        usage_metadata: usage(requests, model),
    }))
}

fn usage(requests: &[Value], model: ModelTraits<'_>) -> Option<EmbeddingUsage> {
    if !model.is_embedding_2() {
        return None;
    }
    let mut details = Vec::new();
    for count in requests.iter().flat_map(tokens::of_prompt) {
        tokens::add(&mut details, count);
    }
    Some(EmbeddingUsage {
        prompt_token_count: tokens::sum(&details),
        prompt_token_details: details,
    })
}

fn embed(request: &Value, model: ModelTraits<'_>) -> Embedding {
    let dimensions = request
        .get("outputDimensionality")
        .or_else(|| request.pointer("/embedContentConfig/outputDimensionality"))
        .and_then(Value::as_u64)
        .and_then(|dimensions| usize::try_from(dimensions).ok())
        .map_or(MAX_DIMENSIONS, |dimensions| dimensions.min(MAX_DIMENSIONS));
    let content = request.get("content").unwrap_or(&Value::Null);
    let mut state = fnv1a(content.to_string().as_bytes());
    let values: Vec<f32> = (0..dimensions)
        .map(|_| {
            state = split_mix(state);
            // 16 bits of the state, which an f32 holds exactly, moved to -1..1.
            let bits = u16::try_from(state >> 48).unwrap_or_default();
            f32::from(bits) / 32_768.0 - 1.0
        })
        .collect();
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    let wanted = if dimensions < MAX_DIMENSIONS && !model.is_embedding_2() {
        SHORTENED_LENGTH
    } else {
        1.0
    };
    let scale = if length > 0.0 { wanted / length } else { 1.0 };
    Embedding {
        values: values.into_iter().map(|value| value * scale).collect(),
    }
}
