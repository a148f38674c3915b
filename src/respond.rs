//! Writes answers: JSON, server-sent events, errors, and the headers that all of them carry.
//!
//! Headers are chosen here and nowhere else, from constants and checked numbers: nothing that an upstream
//! or a client sent becomes a header, but for an upload's state and address, which were read into types.

use bytes::Bytes;
use gempool_relay::{Body, ResourceReply};
use gempool_translate::Dialect;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::refusal::{Refusal, list};
use crate::router::ErrorShape;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The same where Anthropic's SDKs look for it (anthropic-python 2.12, 2026-11).
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// Read by OpenAI's SDKs before their own rules (openai-python 3.54, `_should_retry`, 2026-11).
const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
/// Read by Google's SDKs (google-genai 3.4, 2026-11).
const X_GOOG_UPLOAD_URL: HeaderName = HeaderName::from_static("x-goog-upload-url");
/// Tells nginx and its kin not to hold back a stream.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A JSON document with status 200.
pub fn json(body: impl Into<Bytes>) -> Response<Body> {
    with_body(StatusCode::OK, body.into())
}

/// Google's answer about a resource, with the state of an upload and the address where it goes on.
pub fn resource(reply: ResourceReply, upload_url: Option<&str>) -> Response<Body> {
    let mut response = json(reply.body);
    let headers = response.headers_mut();
    for (name, value) in reply.upload.list() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if let Some(url) = upload_url.and_then(|url| HeaderValue::from_str(url).ok()) {
        headers.insert(X_GOOG_UPLOAD_URL, url);
    }
    response
}

/// A document of `length` bytes with status 200.
pub fn whole(content_type: &'static str, body: Body, length: usize) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// A stream with status 200.
pub fn stream(content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

/// An error in the shape that the client reads.
pub fn refusal(refusal: &Refusal, shape: ErrorShape) -> Response<Body> {
    let error = refusal.to_error();
    let (status, body) = match shape {
        ErrorShape::Of(dialect) => (error.status_in(dialect), error.to_json(dialect)),
        ErrorShape::Native(framing) => {
            let status = error.status_in(Dialect::Gemini);
            (status, framing.error_body(&error))
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = with_body(status, body.into());
    let headers = response.headers_mut();
    match refusal {
        Refusal::MethodNotAllowed { allowed } => {
            if let Ok(allowed) = HeaderValue::from_str(&list(allowed)) {
                headers.insert(ALLOW, allowed);
            }
        }
        Refusal::Unauthorized | Refusal::KeyInUrl => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Refusal::Failure(failure) => {
            if let Some(should_retry) = failure.should_retry() {
                let value = if should_retry { "true" } else { "false" };
                headers.insert(X_SHOULD_RETRY, HeaderValue::from_static(value));
            }
        }
        Refusal::NotFound
        | Refusal::AmbiguousCredentials
        | Refusal::UnsupportedEncoding
        | Refusal::IncompleteBody
        | Refusal::NotJson
        | Refusal::Busy => {}
    }
    if let Some(seconds) = error.retry_after_s {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Adds what every answer carries, and takes the body off an answer to `HEAD`.
pub fn finish(response: &mut Response<Body>, request_id: &str, head_only: bool) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, request_id.clone());
        headers.insert(X_REQUEST_ID, request_id);
    }
    if head_only {
        headers.remove(CONTENT_LENGTH);
        *response.body_mut() = Body::empty();
    }
}

fn with_body(status: StatusCode, body: Bytes) -> Response<Body> {
    let length = body.len();
    let mut response = Response::new(Body::full(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
