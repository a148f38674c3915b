//! Calls to Gemini over the host's HTTP client.
//!
//! The list of headers below is all that ever leaves, but for what an upload has in types of its own: nothing of
//! the client's request is forwarded, and of the answer's head only its status and, in an upload, how that
//! stands is read. No redirect is followed, nothing is retried. Built
//! from the host's own types, because each call into the host costs more than the work between two of them.

use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use gempool_relay::ports::{Ask, Unreachable, UpstreamRequest, UpstreamResponse};
use gempool_relay::{Body, UploadHead};
use http::{StatusCode, Uri};
use spin_sdk::wasip3::http::client;
use spin_sdk::wasip3::http::types::{
    ErrorCode, Fields, Method, Request, Response, Scheme, Trailers,
};
use spin_sdk::wasip3::wit_bindgen::{FutureReader, StreamReader, spawn};
use spin_sdk::wasip3::wit_future;

use super::body::{self, Consume};

/// What we call ourselves.
const USER_AGENT: &str = concat!("gempool/", env!("CARGO_PKG_VERSION"));

/// Sends one request. See the port for what is promised.
pub(super) fn send(
    request: UpstreamRequest<'_>,
) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
    let is_upload = matches!(request.ask, Ask::Upload(..));
    let built = build(request);
    async move {
        let response = client::send(built?).await.map_err(unreachable)?;
        let status = StatusCode::from_u16(response.get_status_code())
            .map_err(|_| Unreachable("the answer has no valid status".to_owned()))?;
        let headers = response.get_headers();
        let encoded = headers
            .get("content-encoding")
            .iter()
            .any(|encoding| !encoding.eq_ignore_ascii_case(b"identity"));
        let length = body::announced(headers.get("content-length").first().map(Vec::as_slice));
        // Each look is a call into the host.
        let upload = UploadHead::read(|name| {
            let value = is_upload.then(|| headers.get(name))?.into_iter().next()?;
            String::from_utf8(value).ok()
        });
        drop(headers);
        let pieces = body::read(response, length).map(|piece| piece.map_err(unreachable));
        Ok(UpstreamResponse {
            status,
            encoded,
            upload,
            body: Box::pin(pieces),
        })
    }
    .boxed_local()
}

fn build(request: UpstreamRequest<'_>) -> Result<Request, Unreachable> {
    let invalid = |what: &str| Unreachable(format!("{what} cannot be sent"));
    let uri: Uri = request.url.parse().map_err(|_| invalid("this URL"))?;
    let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let mut headers = vec![
        // The one credential.
        header("x-goog-api-key", request.key.expose()),
        header("accept", "*/*"),
        header("accept-encoding", "identity"),
        header("user-agent", USER_AGENT),
    ];
    let of_egress = request.headers.iter();
    headers.extend(of_egress.map(|(name, value)| {
        let value = value.as_bytes().to_vec();
        (name.as_str().to_owned(), value)
    }));
    let (method, body) = match request.ask {
        Ask::Get => (Method::Get, None),
        Ask::Delete => (Method::Delete, None),
        Ask::Post(body) => (Method::Post, Some((json(), body))),
        Ask::Patch(body) => (Method::Patch, Some((json(), body))),
        Ask::Upload(said, body) => (Method::Post, Some((said.list(), body))),
    };
    let (contents, ended) = match body {
        Some((said, body)) => {
            headers.extend(said.iter().map(|(name, value)| header(name, value)));
            headers.push(header("content-length", &body.len().to_string()));
            let (contents, ended, pump) = body::write(Body::full(body));
            spawn(pump);
            (Some(contents), ended)
        }
        None => (None, wit_future::new(|| Ok(None)).1),
    };
    let headers = Fields::from_list(&headers).map_err(|_| invalid("this key"))?;
    let (built, _sent) = Request::new(headers, contents, ended, None);
    let scheme = match uri.scheme_str() {
        Some("http") => Scheme::Http,
        _ => Scheme::Https,
    };
    let path = uri.path_and_query().map(|path| path.as_str());
    let authority = uri.authority().map(|authority| authority.as_str());
    built
        .set_method(&method)
        .and_then(|()| built.set_scheme(Some(&scheme)))
        .and_then(|()| built.set_authority(authority))
        .and_then(|()| built.set_path_with_query(path))
        .map_err(|()| invalid("this URL"))?;
    Ok(built)
}

fn json() -> Vec<(&'static str, String)> {
    vec![("content-type", "application/json".to_owned())]
}

impl Consume for Response {
    fn consume(
        self,
        received: FutureReader<Result<(), ErrorCode>>,
    ) -> (
        StreamReader<u8>,
        FutureReader<Result<Option<Trailers>, ErrorCode>>,
    ) {
        Self::consume_body(self, received)
    }
}

fn unreachable(error: ErrorCode) -> Unreachable {
    Unreachable(error.to_string())
}
