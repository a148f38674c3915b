//! Imagen's pictures (I6): as many as asked for, all alike.

use serde_json::Value;

use crate::media::PNG_BASE64;
use crate::render;
use crate::reply::Reply;
use crate::wire::{PredictResponse, Prediction};

/// The answer to a checked `predict`.
pub(crate) fn reply(request: &Value) -> Reply {
    let count = request.pointer("/parameters/sampleCount");
    let count = count.and_then(Value::as_u64).unwrap_or(1);
    let prediction = Prediction {
        mime_type: "image/png",
        bytes_base64_encoded: PNG_BASE64,
    };
    Reply::document(render::document(&PredictResponse {
        predictions: (0..count).map(|_| prediction.clone()).collect(),
    }))
}
