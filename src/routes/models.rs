//! `GET /v1/models`. What is listed and for how long it is kept is the use case's.

use std::rc::Rc;

use gempool_relay::{Body, Gateway, models};
use http::{HeaderMap, Response};

use crate::refusal::Refusal;
use crate::respond;
use crate::router::Found;

/// Lists the models that the pool's keys may use.
///
/// # Errors
/// When no key could be asked.
pub async fn handle(
    gateway: &Rc<Gateway>,
    _found: Found<'_>,
    _headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    Ok(respond::json(models(gateway).await?))
}
