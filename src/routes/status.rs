//! `GET /v1/status`: the pool's state for people and their scripts.

use gempool_relay::{Body, Client, Gateway, status};
use http::Response;

use crate::respond;

/// The status document.
pub async fn handle(gateway: &Gateway, client: &Client) -> Response<Body> {
    respond::json(status(gateway, client).await)
}
