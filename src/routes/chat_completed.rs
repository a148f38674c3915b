//! `POST /api/chat/completed`: what Open WebUI tells a server after an answer, so that the server may
//! change the stored message. Nothing is changed here: the messages come back as they were sent.

use bytes::Bytes;
use gempool_relay::Body;
use http::{Request, Response};

use crate::app::Desk;
use crate::refusal::Refusal;
use crate::{request_body, respond};

/// Gives the body back.
///
/// # Errors
/// A body that is too large, cut, or not JSON.
pub async fn handle<B>(request: Request<B>, desk: &Desk) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let (_, body, _held) = request_body::read(request, &desk.intake, &*desk.host).await?;
    if serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_err() {
        return Err(Refusal::NotJson);
    }
    Ok(respond::json(body))
}
