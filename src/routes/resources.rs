//! Files, caches and batches of Google's API: what path, method and query ask for. Which key can answer is the
//! use case's.

use std::borrow::Cow;
use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::{Body, Client, Gateway, ResourceRequest, resource};
use gempool_translate::native::{ResourceKind, ResourcePath};
use http::{Method, Request, Response};

use crate::app::Desk;
use crate::refusal::Refusal;
use crate::{request_body, respond};

/// Answers a request about resources.
///
/// # Errors
/// A resource that is not the client's, or whatever keeps its key from answering.
pub async fn handle<B>(
    gateway: &Rc<Gateway>,
    client: Client,
    path: ResourcePath<'_>,
    request: Request<B>,
    desk: &Desk,
) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let method = request.method().clone();
    let uri = request.uri().clone();
    let (body, _held) = match method {
        Method::POST | Method::PATCH => {
            let (_, body, held) = request_body::read(request, &desk.intake, &*desk.host).await?;
            (body, Some(held))
        }
        // Nobody sends one, and nobody would read it.
        _ => (Bytes::new(), None),
    };
    let size = parameter(uri.query(), "pageSize");
    let token = parameter(uri.query(), "pageToken");
    let mask = parameter(uri.query(), "updateMask");
    let request = match path {
        ResourcePath::All(ResourceKind::CachedContent) if method == Method::POST => {
            ResourceRequest::CreateCache(body)
        }
        ResourcePath::All(kind) => ResourceRequest::List {
            kind,
            size: size.and_then(|size| size.parse().ok()),
            token: token.as_deref().unwrap_or_default(),
        },
        ResourcePath::One(kind, id) if method == Method::DELETE => {
            ResourceRequest::Delete(kind, id)
        }
        ResourcePath::One(_, id) if method == Method::PATCH => ResourceRequest::UpdateCache {
            id,
            mask: mask.as_deref(),
            body,
        },
        ResourcePath::One(kind, id) => ResourceRequest::Get(kind, id),
        ResourcePath::CancelBatch(id) => ResourceRequest::CancelBatch(id),
        ResourcePath::StartBatch { model, of } => ResourceRequest::StartBatch { model, of, body },
    };
    let reply = resource(gateway, &client, request).await?;
    Ok(respond::resource(reply, None))
}

/// The first parameter of this name, decoded. No other one is looked at, and none goes on as it is (SEC-018).
fn parameter<'a>(query: Option<&'a str>, name: &str) -> Option<Cow<'a, str>> {
    url::form_urlencoded::parse(query?.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}
