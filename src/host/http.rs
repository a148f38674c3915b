//! Calls to Gemini over the host's HTTP client.
//!
//! The list of headers below is all that ever leaves: nothing of the client's request is forwarded, and
//! nothing of the answer's head but its status is read. No redirect is followed, nothing is retried.

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use gempool_relay::ports::{Unreachable, UpstreamRequest, UpstreamResponse};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request};
use http_body_util::{BodyStream, Full};
use spin_sdk::wasip3::http::types::ErrorCode;

/// The one credential of a request to Gemini.
const X_GOOG_API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Sends one request. See the port for what is promised.
pub(super) fn send(
    request: UpstreamRequest<'_>,
) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
    let built = build(request);
    async move {
        let response = spin_sdk::http::send(built?).await.map_err(unreachable)?;
        let (head, body) = response.into_parts();
        let encoded = head
            .headers
            .get_all(CONTENT_ENCODING)
            .iter()
            .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
        let body = BodyStream::new(body).filter_map(async |frame| match frame {
            Ok(frame) => frame.into_data().ok().map(Ok),
            Err(error) => Some(Err(unreachable(error))),
        });
        Ok(UpstreamResponse {
            status: head.status,
            encoded,
            body: body.boxed_local(),
        })
    }
    .boxed_local()
}

fn build(request: UpstreamRequest<'_>) -> Result<Request<Full<Bytes>>, Unreachable> {
    let invalid = |what: &str| Unreachable(format!("{what} cannot be sent"));
    let mut key = HeaderValue::from_str(request.key.expose()).map_err(|_| invalid("this key"))?;
    key.set_sensitive(true);
    let mut built = Request::new(Full::new(Bytes::new()));
    *built.uri_mut() = request.url.parse().map_err(|_| invalid("this URL"))?;
    let headers = built.headers_mut();
    headers.insert(X_GOOG_API_KEY, key);
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static(concat!("gempool/", env!("CARGO_PKG_VERSION"))),
    );
    if let Some(body) = request.body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        *built.method_mut() = Method::POST;
        *built.body_mut() = Full::new(body);
    }
    Ok(built)
}

fn unreachable(error: ErrorCode) -> Unreachable {
    Unreachable(error.to_string())
}
