//! One request in, one answer out: the whole behavior of the component.
//!
//! It reads the method, the path and two headers. It never reads the body or the query, and never
//! fails: every request has an answer.

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};

use crate::{
    caching,
    encoding::negotiate,
    path::resolve,
    security,
    site::{Asset, Site},
};

/// What may be done with a file.
const ALLOW: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// Answers one request from the files of `site`.
///
/// `HEAD` has the headers of `GET`, `Content-Length` among them, and no body. A 304 repeats the
/// headers that RFC 9110 section 15.4.5 wants: `ETag`, `Cache-Control` and `Vary`.
#[must_use]
pub fn respond<B>(site: &Site, request: &Request<B>) -> Response<&'static [u8]> {
    let mut response = if matches!(*request.method(), Method::GET | Method::HEAD) {
        match resolve(site, request.uri().path()) {
            Some(asset) => file(asset, request.headers()),
            None => error(
                StatusCode::NOT_FOUND,
                "There is nothing at this address. The page of this pool is at /\n",
            ),
        }
    } else {
        let mut response = error(
            StatusCode::METHOD_NOT_ALLOWED,
            "Only GET and HEAD are possible here.\n",
        );
        response.headers_mut().insert(header::ALLOW, ALLOW);
        response
    };
    security::confine(response.headers_mut());
    if *request.method() == Method::HEAD {
        *response.body_mut() = &[];
    }
    response
}

fn file(asset: &'static Asset, request_headers: &HeaderMap) -> Response<&'static [u8]> {
    let (encoding, variant) = negotiate(asset, request_headers);
    let known = caching::client_has(request_headers, variant.etag);
    let mut response = if known {
        let mut response = Response::new(&[] as &'static [u8]);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let mut response = with_body(asset.content_type, variant.bytes);
        let headers = response.headers_mut();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
        if let Some(name) = encoding.content_encoding() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static(variant.etag));
    headers.insert(
        header::CACHE_CONTROL,
        caching::cache_control(asset.lifetime),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static(header::ACCEPT_ENCODING.as_str()),
    );
    response
}

fn error(status: StatusCode, text: &'static str) -> Response<&'static [u8]> {
    let mut response = with_body("text/plain; charset=utf-8", text.as_bytes());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, caching::NO_STORE);
    response
}

fn with_body(content_type: &'static str, body: &'static [u8]) -> Response<&'static [u8]> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    // Stated, because a host that has to guess sends chunks.
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    response
}

#[cfg(test)]
mod tests;
