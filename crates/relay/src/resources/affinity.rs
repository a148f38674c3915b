//! Which key made what, and for whom.
//!
//! Memory comes first, then the store, so that instances and hosts know of each other's. What the store has
//! forgotten (its documents are bounded) is unknown, and must be made again.

use std::cell::RefCell;
use std::num::NonZeroUsize;

use futures::future::join_all;
use gempool_pool::{KeyId, UnixMillis};
use lru::LruCache;

use super::{Owner, ledger};
use crate::client_keys::ClientId;
use crate::failure::Failure;
use crate::gateway::Gateway;

/// Names held in memory, at about 150 bytes each.
const KEPT_MAX: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");
/// Keys remembered per client as makers of its resources, the last one first. A client needs a second one only
/// when the first rests, so eight are many days of bad luck; what an older one made is missing from lists.
pub(super) const HOMES_MAX: usize = 8;
/// How long memory believes what it found in the store: another instance may have forgotten it since.
const FOUND_KEPT_MS: u64 = 60 * 1_000;
/// How long a client's keys are remembered: as long as the longest-lived resource.
const HOME_KEPT_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// What an instance remembers.
pub(crate) struct Affinity {
    kept: RefCell<LruCache<String, Kept>>,
}

#[derive(Clone)]
struct Kept {
    owner: Owner,
    expires: UnixMillis,
}

impl Default for Affinity {
    fn default() -> Self {
        Self {
            kept: RefCell::new(LruCache::new(KEPT_MAX)),
        }
    }
}

impl Affinity {
    /// Whose `name` is.
    ///
    /// # Errors
    /// A store that is away, unless memory knows: who the owner is must not be guessed.
    pub(super) async fn find(
        &self,
        gateway: &Gateway,
        name: &str,
    ) -> Result<Option<Owner>, Failure> {
        let now = gateway.host.now();
        let kept = self.kept.borrow_mut().get(name).cloned();
        if let Some(kept) = kept.filter(|kept| kept.expires > now) {
            return Ok(Some(kept.owner));
        }
        let found = ledger::find(gateway, name, now).await;
        let found = found?;
        if let Some(owner) = found.clone() {
            let expires = UnixMillis(now.0.saturating_add(FOUND_KEPT_MS));
            self.keep(name, Kept { owner, expires });
        }
        Ok(found)
    }

    /// Remembers whose `name` is. A store that is away is a line in the log: the thing is made, and this
    /// instance knows it.
    pub(super) async fn remember(
        &self,
        gateway: &Gateway,
        name: &str,
        owner: Owner,
        expires: UnixMillis,
    ) {
        let kept = owner.clone();
        self.keep(
            name,
            Kept {
                owner: kept,
                expires,
            },
        );
        let now = gateway.host.now();
        let written = ledger::remember(gateway, name, owner, expires, now).await;
        if written.is_err() {
            gateway.host.warn("only this instance knows a new resource");
        }
    }

    /// Forgets `name`; that the store is away does no harm.
    pub(super) async fn forget(&self, gateway: &Gateway, name: &str) {
        self.kept.borrow_mut().pop(name);
        let _ = ledger::forget(gateway, name, gateway.host.now()).await;
    }

    /// The keys that made what `client` has, the last one first.
    ///
    /// # Errors
    /// A store that is away.
    pub(super) async fn homes(
        &self,
        gateway: &Gateway,
        client: ClientId,
    ) -> Result<Vec<KeyId>, Failure> {
        let names: Vec<String> = (0..HOMES_MAX).map(|place| home(client, place)).collect();
        // One by one: nearly every client has one key, and the second question ends it.
        let mut homes = Vec::new();
        for name in &names {
            match self.find(gateway, name).await? {
                Some(owner) => homes.push(owner.key),
                None => break,
            }
        }
        Ok(homes)
    }

    /// Makes `key` the first of the client's.
    pub(super) async fn settle(&self, gateway: &Gateway, owner: Owner) {
        let mut homes = self.homes(gateway, owner.client).await.unwrap_or_default();
        if homes.first() == Some(&owner.key) {
            return;
        }
        let before = homes.clone();
        homes.retain(|home| *home != owner.key);
        homes.insert(0, owner.key);
        homes.truncate(HOMES_MAX);
        let expires = UnixMillis(gateway.host.now().0.saturating_add(HOME_KEPT_MS));
        let changed = homes
            .iter()
            .enumerate()
            .filter(|(place, key)| before.get(*place) != Some(key));
        join_all(changed.map(async |(place, key)| {
            let home_owner = Owner {
                key: *key,
                ..owner.clone()
            };
            let name = home(owner.client, place);
            self.remember(gateway, &name, home_owner, expires).await;
        }))
        .await;
    }

    fn keep(&self, name: &str, kept: Kept) {
        self.kept.borrow_mut().put(name.to_owned(), kept);
    }
}

/// No resource has such a name.
fn home(client: ClientId, place: usize) -> String {
    let client = u64::from_be_bytes(client.to_bytes());
    format!("home/{client:016x}/{place}")
}
