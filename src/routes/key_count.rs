//! `GET /keycount`: how many keys the pool has, for the badges of pools that people contribute to.

use std::rc::Rc;

use gempool_relay::{Body, Client, Gateway, key_count};
use http::Response;
use serde_json::json;

use crate::refusal::Refusal;
use crate::respond;

/// The number, in the shape that such badges read: of the client's pool, or of the one that people contribute to.
///
/// # Errors
/// A store that is away.
pub async fn handle(
    gateway: &Rc<Gateway>,
    client: Option<&Client>,
) -> Result<Response<Body>, Refusal> {
    let count = key_count(gateway, client).await?;
    let body = json!({"keyCount": count, "message": "success"});
    Ok(respond::json(body.to_string()))
}
