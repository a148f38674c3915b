//! Errors that are pages for people, not JSON.

use bytes::Bytes;
use http::StatusCode;

use super::ErrorBody;

/// The address is limited, not the key.
pub(super) fn sorry() -> ErrorBody {
    ErrorBody::Html(
        StatusCode::TOO_MANY_REQUESTS,
        Bytes::from_static(
            b"<html><head><title>Sorry...</title></head><body>\nWe're sorry but your computer or \
              network may be sending automated queries. To protect our users, we can't process \
              your request right now.\n</body></html>\n",
        ),
    )
}

/// Google's front end.
pub(super) fn bad_gateway() -> ErrorBody {
    ErrorBody::Html(
        StatusCode::BAD_GATEWAY,
        Bytes::from_static(
            b"<!DOCTYPE html>\n<html lang=en>\n  <title>Error 502 (Server Error)!!1</title>\n  \
              <p><b>502.</b> <ins>That's an error.</ins>\n  <p>The server encountered a temporary \
              error and could not complete your request.\n</html>\n",
        ),
    )
}
