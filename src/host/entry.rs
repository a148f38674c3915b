//! The component's export: the host's request to `http` types, and the answer back.
//!
//! Decides nothing; [`crate::app::App`] answers. Only what an answer needs is asked of the host.

use futures::StreamExt as _;
use gempool_relay::Body;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body::Frame;
use http_body_util::StreamBody;
use spin_sdk::wasip3::exports::http::handler::Guest;
use spin_sdk::wasip3::http::types::{self, ErrorCode, Fields, Trailers};
use spin_sdk::wasip3::wit_bindgen::{FutureReader, StreamReader, spawn};

use super::body::{self, Consume};

struct Component;
spin_sdk::wasip3::http::service::export!(Component);

impl Guest for Component {
    async fn handle(request: types::Request) -> Result<types::Response, ErrorCode> {
        let method = Method::try_from(request.get_method())
            .map_err(|_| ErrorCode::HttpRequestMethodInvalid)?;
        let uri = uri(&request)?;
        let headers = HeaderMap::try_from(request.get_headers())?;
        let length = body::announced(headers.get(CONTENT_LENGTH).map(HeaderValue::as_bytes));
        let pieces = body::read(request, length).map(|piece| piece.map(Frame::data));
        let mut request = Request::new(StreamBody::new(pieces));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        answer(super::app().await.respond(request).await)
    }
}

/// With the authority where it is wanted and the host tells it: some hosts take `host` out of the headers.
/// Asking costs calls into the host, so only those who upload pay for it.
fn uri(request: &types::Request) -> Result<Uri, ErrorCode> {
    let path = request.get_path_with_query().unwrap_or_default();
    if path.contains("/upload/")
        && let Some(authority) = request.get_authority()
    {
        let scheme = match request.get_scheme() {
            Some(types::Scheme::Https) => "https",
            _ => "http",
        };
        let whole = Uri::builder()
            .scheme(scheme)
            .authority(authority)
            .path_and_query(path.as_str())
            .build();
        // One that is no authority decides nothing, and neither does its absence.
        if let Ok(whole) = whole {
            return Ok(whole);
        }
    }
    path.parse().map_err(|_| ErrorCode::HttpRequestUriInvalid)
}

fn answer(response: Response<Body>) -> Result<types::Response, ErrorCode> {
    let (head, body) = response.into_parts();
    let headers = Fields::try_from(head.headers)
        .map_err(|error| ErrorCode::InternalError(Some(error.to_string())))?;
    let (contents, ended, pump) = body::write(body);
    let (response, _sent) = types::Response::new(headers, Some(contents), ended);
    if head.status != StatusCode::OK {
        // Every status that we choose is one that a host accepts.
        let _ = response.set_status_code(head.status.as_u16());
    }
    spawn(pump);
    Ok(response)
}

impl Consume for types::Request {
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
