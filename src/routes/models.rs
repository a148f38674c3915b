//! `GET /v1/models`. What is listed and for how long it is kept is the use case's.

use std::rc::Rc;

use gempool_relay::{Body, Gateway, models};
use gempool_translate::models_to_openai;
use http::{HeaderMap, Response};

use crate::refusal::Refusal;
use crate::respond;
use crate::router::Found;

/// When models were created, for clients that want to know: Gemini does not say, and a constant keeps their
/// caches calm. 2023-12-13, the day on which Gemini could first be called.
const CREATED_UNIX_S: u64 = 1_702_425_600;

/// Lists the models that the pool's keys may use.
///
/// # Errors
/// When no key could be asked.
pub async fn handle(
    gateway: &Rc<Gateway>,
    _found: Found<'_>,
    _headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let models = models(gateway).await?;
    Ok(respond::json(models_to_openai(&models, CREATED_UNIX_S)))
}
