//! Every endpoint that turns a request into calls to Gemini: one table of which reader its body has.
//!
//! Reading, translation and key choice are below; nothing is decided here but the reader.

use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::{Body, Borrowed, ClientId, Failure, Gateway, OwnedExchange, Reply, exchange};
use gempool_translate::{ChatRequest, InvalidRequest};
use http::{Request, Response};

use crate::refusal::Refusal;
use crate::router::{Found, Route};
use crate::{request_body, respond};

/// Answers a request, whole or as a stream.
///
/// # Errors
/// Whatever keeps the first byte from being sent.
pub async fn handle<B>(
    gateway: &Rc<Gateway>,
    client: ClientId,
    found: Found<'_>,
    request: Request<B>,
) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let (head, body) = request_body::read(request).await?;
    let request = OwnedExchange::read(body, |body| read(found, &head, body))?;
    Ok(match exchange(gateway, client, request).await? {
        Reply::Whole {
            content_type,
            body,
            length,
        } => respond::whole(content_type, body, length),
        Reply::Stream { content_type, body } => respond::stream(content_type, body),
    })
}

/// The reader of a route's bodies.
fn read<'a>(
    found: Found<'_>,
    _head: &http::request::Parts,
    body: &'a [u8],
) -> Result<Borrowed<'a>, InvalidRequest> {
    Ok(match found.route {
        Route::ChatCompletions => Box::new(ChatRequest::parse(body)?),
        _ => Box::new(ChatRequest::parse(body)?),
    })
}
