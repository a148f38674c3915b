//! An answer as a plan: head, length and the steps of its body; and the plain ways to make one.
//!
//! It does not send anything; `body` walks the steps.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::connection::Break;
use crate::google_error::GoogleError;
use crate::named_error::ErrorBody;
use crate::render;

/// One thing that happens while an answer is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Bytes are sent.
    Data(Bytes),
    /// What was sent so far leaves on its own.
    Flush,
    /// Time passes.
    Wait(Duration),
    /// Nothing more happens until the client leaves.
    Stall,
    /// The connection ends.
    Break(Break),
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// `Content-Length`, in bytes.
    Length(u64),
    /// In chunks.
    Chunked,
}

/// What a streaming method was asked to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One JSON document.
    Unary,
    /// Server-sent events, `alt=sse`.
    Events,
    /// A stream without `alt=sse`: one JSON array, sent element by element.
    Array,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) framing: Framing,
    /// Before the head is sent; never [`Step::Data`].
    pub(crate) before: Vec<Step>,
    pub(crate) body: Vec<Step>,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");

impl Reply {
    /// A body of known length, sent at once.
    fn whole(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Self {
        Self {
            status,
            headers: google_headers(content_type),
            framing: Framing::Length(body.len() as u64),
            before: Vec::new(),
            body: vec![Step::Data(body)],
        }
    }

    /// A JSON document.
    pub(crate) fn document(body: Bytes) -> Self {
        Self::whole(StatusCode::OK, JSON, body)
    }

    /// A body as a script gives it, with the content type that the shape has.
    pub(crate) fn given(shape: Shape, body: Bytes) -> Self {
        let content_type = match shape {
            Shape::Events => EVENT_STREAM,
            Shape::Unary | Shape::Array => JSON,
        };
        Self::whole(StatusCode::OK, content_type, body)
    }

    /// Pieces of a stream, each sent on its own with `delay` before each but the first.
    pub(crate) fn stream(
        shape: Shape,
        pieces: impl IntoIterator<Item = Bytes>,
        delay: Duration,
    ) -> Self {
        let content_type = match shape {
            Shape::Events => EVENT_STREAM,
            Shape::Unary | Shape::Array => JSON,
        };
        let mut headers = google_headers(content_type);
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
        let mut body = Vec::new();
        for piece in pieces {
            if !body.is_empty() && !delay.is_zero() {
                body.push(Step::Wait(delay));
            }
            body.push(Step::Data(piece));
            body.push(Step::Flush);
        }
        Self {
            status: StatusCode::OK,
            headers,
            framing: Framing::Chunked,
            before: Vec::new(),
            body,
        }
    }

    /// An error in the form that the asked-for shape has: a streaming call gets its content type
    /// with a plain JSON body, or the JSON in an array.
    pub(crate) fn error(error: &GoogleError, shape: Shape) -> Self {
        let (content_type, body) = match shape {
            Shape::Unary => (JSON, render::document(error)),
            Shape::Events => (EVENT_STREAM, render::document(error)),
            Shape::Array => (JSON, render::document(&[error])),
        };
        Self::whole(error.http_status(), content_type, body)
    }

    /// As [`Self::error`], for errors that may not be JSON.
    pub(crate) fn error_body(body: ErrorBody, shape: Shape) -> Self {
        match body {
            ErrorBody::Json(error) => Self::error(&error, shape),
            ErrorBody::Html(status, page) => Self::whole(status, HTML, page),
        }
    }

    /// The page of a path that does not exist.
    pub(crate) fn no_such_path() -> Self {
        let page = b"<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n\
                     <p><b>404.</b> <ins>That's an error.</ins>\n</html>\n";
        Self::whole(StatusCode::NOT_FOUND, HTML, Bytes::from_static(page))
    }

    /// Bytes of the body, if it is sent whole.
    pub(crate) fn body_bytes(&self) -> usize {
        self.body.iter().map(Step::data_bytes).sum()
    }
}

impl Step {
    pub(crate) fn data_bytes(&self) -> usize {
        match self {
            Self::Data(bytes) => bytes.len(),
            Self::Flush | Self::Wait(_) | Self::Stall | Self::Break(_) => 0,
        }
    }
}

/// The headers of the real API (recorded in August 2026), so that a relay that forwards what it
/// should not is noticed.
fn google_headers(content_type: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(9);
    headers.insert(CONTENT_TYPE, content_type);
    for (name, value) in [
        ("vary", "Origin, X-Origin, Referer"),
        ("server", "scaffolding on HTTPServer2"),
        ("x-xss-protection", "0"),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-content-type-options", "nosniff"),
        ("server-timing", "gfet4t7; dur=42"),
        ("x-gemini-service-tier", "standard"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}
