//! `/contribution`: what the owner of a contributed key has used and given, and how the key leaves the pool.
//!
//! The key itself is the credential.

use std::rc::Rc;

use gempool_relay::{Body, Client, Gateway, contribution, withdraw};
use http::{Method, Response};

use crate::refusal::Refusal;
use crate::respond;

/// The account, or the withdrawal.
///
/// # Errors
/// A client that brought no key, or a store that is away.
pub async fn handle(
    gateway: &Rc<Gateway>,
    client: &Client,
    method: &Method,
) -> Result<Response<Body>, Refusal> {
    let account = if *method == Method::DELETE {
        withdraw(gateway, client).await?
    } else {
        contribution(gateway, client).await?
    };
    let account = account.ok_or(Refusal::Unauthorized)?;
    Ok(respond::json(
        serde_json::to_vec(&account).unwrap_or_default(),
    ))
}
