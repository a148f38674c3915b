//! Remembers what Google says it has made.

use std::time::Duration;

use gempool_state::resources::{BATCH_LIFE, FILE_LIFE, MAX_LIFE};
use gempool_translate::UpstreamFault;
use gempool_translate::native::ResourceKind;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Owned, Owner};
use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, failure_of};
use crate::gateway::Gateway;

/// What is read of an answer.
#[derive(Deserialize)]
struct Made {
    /// Of a cache or a batch.
    name: Option<String>,
    /// Around a file.
    file: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// When a cache was made or changed, and when it ends (<https://ai.google.dev/api/caching>, November 2026).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    update_time: String,
    expire_time: String,
}

/// Remembers the resource that `body`, Google's answer, describes.
///
/// # Errors
/// An answer that names none, or one that somebody else has: whose it was must not change.
pub(super) async fn remember(
    gateway: &Gateway,
    client: &Client,
    owner: Owner,
    kind: ResourceKind,
    body: &[u8],
) -> Result<(), Failure> {
    let malformed = Fault::Broken(UpstreamFault::Malformed);
    let name = name_in(kind, body).ok_or_else(|| failure_of(gateway, &client.pool, &malformed))?;
    refuse_taken(gateway, &owner, &name).await?;
    remember_until_end(gateway, owner, kind, &name, body).await;
    Ok(())
}

/// Remembers the resource `name`, which `body` describes and nobody else has, as long as Google keeps it.
pub(super) async fn remember_until_end(
    gateway: &Gateway,
    owner: Owner,
    kind: ResourceKind,
    name: &str,
    body: &[u8],
) {
    let life = match kind {
        ResourceKind::File => FILE_LIFE,
        ResourceKind::Batch => BATCH_LIFE,
        // What is remembered for too long does no harm: Google says that it is gone.
        ResourceKind::CachedContent => cache_life(body).unwrap_or(MAX_LIFE).min(MAX_LIFE),
    };
    let expires = gateway.host.now().saturating_add(life);
    let affinity = &gateway.affinity;
    affinity
        .remember(gateway, name, owner.clone(), expires)
        .await;
    affinity.settle(gateway, owner, expires).await;
}

/// From two times of Google's clock, with which this host's need not agree.
fn cache_life(body: &[u8]) -> Option<Duration> {
    let times: Times = serde_json::from_slice(body).ok()?;
    let begin: Timestamp = times.update_time.parse().ok()?;
    let end: Timestamp = times.expire_time.parse().ok()?;
    let life = Duration::try_from(end.duration_since(begin)).ok()?;
    (!life.is_zero()).then_some(life)
}

/// # Errors
/// A name that belongs to another client, or to another key of this one: files may be named by clients, and
/// two projects may have the same name.
pub(super) async fn refuse_taken(
    gateway: &Gateway,
    owner: &Owner,
    name: &str,
) -> Result<(), Failure> {
    match gateway.affinity.find(gateway, &owner.pool, name).await {
        Ok(Some(other)) if other != *owner => Err(Owned::Taken.into()),
        // A store that is away keeps nobody from making something.
        Ok(_) | Err(_) => Ok(()),
    }
}

fn name_in(kind: ResourceKind, body: &[u8]) -> Option<String> {
    let made: Made = serde_json::from_slice(body).ok()?;
    let name = match kind {
        ResourceKind::File => made.file?.name,
        ResourceKind::CachedContent | ResourceKind::Batch => made.name?,
    };
    let id = name.strip_prefix(kind.collection())?.strip_prefix('/')?;
    (!id.is_empty()).then_some(name)
}
