//! `GET /health`: whether the component runs and is set up. Says nothing about keys, spends none.

use std::rc::Rc;

use gempool_relay::{Body, Gateway, SettingsError, health};
use http::Response;

use crate::respond;

/// Health of a gateway that could be built.
pub async fn handle(gateway: &Rc<Gateway>) -> Response<Body> {
    let health = health(gateway).await;
    respond::json(serde_json::to_vec(&health).unwrap_or_default())
}

/// Health when a variable cannot be used. Still 200: the process lives, and a restart would not help.
pub fn broken(problem: &SettingsError) -> Response<Body> {
    let body = serde_json::json!({
        "status": "misconfigured",
        "version": env!("CARGO_PKG_VERSION"),
        "problem": problem.to_string(),
    });
    respond::json(body.to_string())
}
