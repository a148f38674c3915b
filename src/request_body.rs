//! Reads a request's body, bounded.
//!
//! The bound holds while bytes arrive, whatever `content-length` says. Nothing is parsed here.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use gempool_relay::Failure;
use gempool_relay::ports::Clock;
use http::Request;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;

use crate::intake::{Held, Intake};
use crate::refusal::Refusal;

/// Largest request body, in bytes: 20 MB of image or sound in base64 (27 MB) with a conversation around
/// it. Google takes up to 100 MB inline since January 2026
/// (<https://ai.google.dev/gemini-api/docs/file-input-methods>, read 2026-11), but a body is held twice
/// here (as sent and as translated), so this also bounds what one request may cost an instance.
pub const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The head, the whole body, and the room that it takes, to be kept while the body is in use.
///
/// # Errors
/// Too large, compressed, cut, or more than the instance can hold now.
pub async fn read<B>(
    request: Request<B>,
    intake: &Intake,
    clock: &(impl Clock + ?Sized),
) -> Result<(Parts, Bytes, Held), Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let too_large = || {
        Refusal::from(Failure::TooLarge {
            limit_bytes: BODY_BYTES_MAX,
        })
    };
    let (head, mut body) = request.into_parts();
    if head
        .headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        return Err(Refusal::UnsupportedEncoding);
    }
    let announced = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > BODY_BYTES_MAX as u64) {
        return Err(too_large());
    }
    let announced = announced
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    let mut held = intake.hold(announced, clock).await?;
    let mut whole = BytesMut::with_capacity(announced);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Refusal::IncompleteBody)?;
        if let Ok(data) = frame.into_data() {
            let length = whole.len().saturating_add(data.len());
            if length > BODY_BYTES_MAX {
                return Err(too_large());
            }
            held.grow(length.saturating_sub(announced.max(whole.len())))?;
            whole.extend_from_slice(&data);
        }
    }
    Ok((head, whole.freeze(), held))
}
