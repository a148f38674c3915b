//! The paths under `/__sim/` by which a test in another process sets the script and reads records.
//!
//! No credential is asked for: the simulator is for loopback.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::body::ReplyBody;
use crate::record::{Outcome, RecordedRequest};
use crate::script::Script;
use crate::service::World;

/// What these paths begin with.
pub(crate) const PREFIX: &str = "/__sim/";

/// Answers a control request.
pub(crate) fn answer(
    world: &World,
    method: &Method,
    path: &str,
    body: &Bytes,
) -> Response<ReplyBody> {
    let (status, value) = match (
        method.as_str(),
        path.strip_prefix(PREFIX).unwrap_or_default(),
    ) {
        ("POST", "script") => match std::str::from_utf8(body).map(Script::from_json) {
            Ok(Ok(script)) => {
                let rules = script.rules().len();
                world.rules().replace(script);
                (StatusCode::OK, json!({"rules": rules}))
            }
            Ok(Err(error)) => refused(&error.to_string()),
            Err(error) => refused(&error.to_string()),
        },
        ("GET", "requests") => {
            let records = world.log().all();
            let records = records.iter().map(describe).collect();
            (StatusCode::OK, Value::Array(records))
        }
        ("GET", "count") => (StatusCode::OK, json!({"requests": world.log().count()})),
        ("DELETE", "requests") => {
            world.log().clear();
            (StatusCode::OK, json!({}))
        }
        _ => (
            StatusCode::NOT_FOUND,
            json!({"error": "no such control path"}),
        ),
    };
    let mut response = Response::new(ReplyBody::unrecorded(value.to_string().into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn refused(message: &str) -> (StatusCode, Value) {
    (StatusCode::BAD_REQUEST, json!({"error": message}))
}

/// A record as JSON; the body as text, as much of it as is UTF-8.
fn describe(record: &RecordedRequest) -> Value {
    let outcome = match record.outcome {
        Outcome::InFlight => "in_flight",
        Outcome::Served => "served",
        Outcome::ClientGone => "client_gone",
        Outcome::Faulted => "faulted",
    };
    json!({
        "seq": record.seq,
        "connection": record.connection,
        "http_method": record.http_method,
        "path": record.path,
        "query": record.query,
        "headers": record.headers,
        "body": String::from_utf8_lossy(&record.body),
        "key": record.key,
        "model": record.model,
        "method": record.method,
        "status": record.status,
        "outcome": outcome,
        "bytes_sent": record.bytes_sent,
    })
}
