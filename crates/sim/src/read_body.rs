//! Reads a request body, to a limit.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// Largest request body in bytes. Google's limit for inline data was 20 MiB for long and is 100 MB
/// since January 2026 (<https://ai.google.dev/gemini-api/docs/file-input-methods>).
pub(crate) const MAX_REQUEST_BYTES: usize = 100_000_000;

/// How reading ended.
pub(crate) enum ReadBody {
    /// All of it.
    Whole(Bytes),
    /// Longer than the limit; the rest was not read.
    TooLarge,
    /// The client left; this is what it had sent.
    Broken(Bytes),
}

/// Reads a body.
pub(crate) async fn read_body(mut body: Incoming) -> ReadBody {
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            whole.extend_from_slice(&first);
            return ReadBody::Broken(whole.freeze());
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.len() + whole.len() + data.len() > MAX_REQUEST_BYTES {
            return ReadBody::TooLarge;
        }
        // Most bodies are one frame, which needs no copy.
        if first.is_empty() && whole.is_empty() {
            first = data;
        } else {
            if whole.is_empty() {
                whole.extend_from_slice(&first);
                first = Bytes::new();
            }
            whole.extend_from_slice(&data);
        }
    }
    ReadBody::Whole(if whole.is_empty() {
        first
    } else {
        whole.freeze()
    })
}
