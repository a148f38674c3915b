//! `POST /v1/chat/completions`. Translation and key choice are the use case's.

use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::{Body, ChatReply, Gateway, chat};
use http::{Request, Response};

use crate::refusal::Refusal;
use crate::{request_body, respond};

/// Answers a chat request, whole or as a stream.
///
/// # Errors
/// Whatever keeps the first byte from being sent.
pub async fn handle<B>(
    gateway: &Rc<Gateway>,
    request: Request<B>,
) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let body = request_body::read(request).await?;
    Ok(match chat(gateway, &body).await? {
        ChatReply::Whole(body) => respond::json(body),
        ChatReply::Stream(body) => respond::events(body),
    })
}
