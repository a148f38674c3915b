//! Remembers what Google says it has made.

use gempool_pool::UnixMillis;
use gempool_translate::UpstreamFault;
use gempool_translate::native::ResourceKind;
use serde::Deserialize;

use super::{Owned, Owner};
use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, failure_of};
use crate::gateway::Gateway;

const HOUR_MS: u64 = 60 * 60 * 1_000;

/// How long a file is kept by Google (<https://ai.google.dev/gemini-api/docs/files>, November 2026).
const FILE_KEPT_MS: u64 = 48 * HOUR_MS;
/// How long a cache or a batch is remembered. Caches live as long as the client says, an hour if it says
/// nothing; batches end within a day or two and their results stay for some weeks. Thirty days are long for
/// both, and what is remembered for too long does no harm: Google says that it is gone.
const OTHER_KEPT_MS: u64 = 30 * 24 * HOUR_MS;

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
    let kept_ms = match kind {
        ResourceKind::File => FILE_KEPT_MS,
        ResourceKind::CachedContent | ResourceKind::Batch => OTHER_KEPT_MS,
    };
    let expires = UnixMillis(gateway.host.now().0.saturating_add(kept_ms));
    let affinity = &gateway.affinity;
    affinity
        .remember(gateway, &name, owner.clone(), expires)
        .await;
    affinity.settle(gateway, owner).await;
    Ok(())
}

/// # Errors
/// A name that belongs to another client, or to another key of this one: files may be named by clients, and
/// two projects may have the same name.
pub(super) async fn refuse_taken(
    gateway: &Gateway,
    owner: &Owner,
    name: &str,
) -> Result<(), Failure> {
    match gateway.affinity.find(gateway, name).await {
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
