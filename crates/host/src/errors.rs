//! Responses that the host makes itself, when no component could.
//!
//! All have the shape of an OpenAI error, which every client of the product can read. Errors that the
//! gateway makes pass through untouched.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use serde::Serialize;

use crate::cancel::RequestId;

/// Header that names a request, as OpenAI calls it.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The same for Anthropic's clients.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// Why the host answers itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostError {
    /// No `Host`, several, or none that is one.
    InvalidHost,
    /// The path and query are too long.
    UrlTooLong,
    /// The request body is over the limit.
    BodyTooLarge,
    /// The client stopped sending its body.
    BodyTimeout,
    /// Too many requests in flight.
    Overloaded,
    /// No instance could be made.
    NoInstance,
    /// The instance trapped, ran out of memory or of computing time.
    Trapped,
    /// The component answered with an error instead of a response.
    ComponentFailed,
    /// The component did not answer in time.
    Timeout,
}

#[derive(Serialize)]
struct Envelope {
    error: Detail,
}

#[derive(Serialize)]
struct Detail {
    message: &'static str,
    r#type: &'static str,
    param: Option<&'static str>,
    code: &'static str,
}

impl HostError {
    /// Status, `type`, `code` and message, in one table.
    fn parts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        const INVALID: &str = "invalid_request_error";
        const SERVER: &str = "server_error";
        match self {
            Self::InvalidHost => (
                StatusCode::BAD_REQUEST,
                INVALID,
                "invalid_host",
                "The request must name exactly one host.",
            ),
            Self::UrlTooLong => (
                StatusCode::URI_TOO_LONG,
                INVALID,
                "url_too_long",
                "The URL is too long. Put data into the request body.",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                INVALID,
                "request_too_large",
                "The request body is too large. Send fewer or smaller images or a shorter conversation.",
            ),
            Self::BodyTimeout => (
                StatusCode::REQUEST_TIMEOUT,
                INVALID,
                "request_timeout",
                "The request body did not arrive in time. Try again.",
            ),
            Self::Overloaded => (
                StatusCode::SERVICE_UNAVAILABLE,
                SERVER,
                "overloaded",
                "Too many requests are being served. Try again in a second.",
            ),
            Self::NoInstance => (
                StatusCode::SERVICE_UNAVAILABLE,
                SERVER,
                "no_instance",
                "No instance is free to serve the request. Try again in a second.",
            ),
            Self::Trapped => (
                StatusCode::INTERNAL_SERVER_ERROR,
                SERVER,
                "instance_failed",
                "The request ended unexpectedly. Trying again may help; the log has the cause.",
            ),
            Self::ComponentFailed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                SERVER,
                "component_error",
                "The request could not be answered. The log has the cause.",
            ),
            Self::Timeout => (
                StatusCode::GATEWAY_TIMEOUT,
                SERVER,
                "timeout",
                "The answer took too long. Try again, or ask for less.",
            ),
        }
    }

    /// Whether the connection ends with this response, because the rest of the request is not read.
    fn ends_connection(self) -> bool {
        matches!(self, Self::BodyTooLarge | Self::BodyTimeout)
    }

    /// Its status.
    pub fn status(self) -> StatusCode {
        self.parts().0
    }

    /// The response. `http1` tells whether `Connection` may be sent, which HTTP/2 forbids.
    pub fn response(self, id: &RequestId, http1: bool) -> Response<Full<Bytes>> {
        let (status, kind, code, message) = self.parts();
        let detail = Detail {
            message,
            r#type: kind,
            param: None,
            code,
        };
        // Strings cannot fail to serialize; an empty body would still carry status and id.
        let json = serde_json::to_vec(&Envelope { error: detail }).unwrap_or_default();
        let mut response = Response::new(Full::new(Bytes::from(json)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(id) = HeaderValue::try_from(id.to_string()) {
            headers.insert(X_REQUEST_ID, id);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if http1 && self.ends_connection() {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn json(error: HostError) -> (Response<()>, serde_json::Value) {
        let response = error.response(&RequestId::next(7), true);
        let (parts, body) = response.into_parts();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let mut body = body;
        let frame = runtime.block_on(body.frame()).unwrap().unwrap();
        let value = serde_json::from_slice(&frame.into_data().unwrap()).unwrap();
        (Response::from_parts(parts, ()), value)
    }

    #[test]
    fn errors_have_the_shape_clients_of_openai_read() {
        let (response, value) = json(HostError::BodyTooLarge);
        assert_eq!(response.status(), 413);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        assert!(
            response.headers()[X_REQUEST_ID]
                .to_str()
                .unwrap()
                .starts_with("gp-00000007-")
        );
        assert_eq!(value["error"]["type"], "invalid_request_error");
        assert_eq!(value["error"]["code"], "request_too_large");
        assert!(value["error"]["param"].is_null());
        assert!(value["error"]["message"].is_string());
    }

    #[test]
    fn overload_says_when_to_come_back() {
        let (response, _) = json(HostError::Overloaded);
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[RETRY_AFTER], "1");
    }

    #[test]
    fn an_unread_body_ends_an_http1_connection_only() {
        let id = RequestId::next(1);
        assert!(
            HostError::BodyTooLarge
                .response(&id, true)
                .headers()
                .contains_key(CONNECTION)
        );
        assert!(
            !HostError::BodyTooLarge
                .response(&id, false)
                .headers()
                .contains_key(CONNECTION)
        );
        assert!(
            !HostError::Trapped
                .response(&id, true)
                .headers()
                .contains_key(CONNECTION)
        );
    }
}
