//! `GET /keycount`: how many keys the pool has, for the badges of pools that people contribute to.

use gempool_relay::{Body, Gateway};
use http::Response;
use serde_json::json;

use crate::respond;

/// The number, in the shape that such badges read.
pub fn handle(gateway: &Gateway) -> Response<Body> {
    let count = gateway.key_count();
    respond::json(json!({"keyCount": count, "message": "success"}).to_string())
}
