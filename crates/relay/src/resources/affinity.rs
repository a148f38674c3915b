//! Which key made what, and for whom.
//!
//! Memory comes first, then the store, so that instances and hosts know of each other's. What the store has
//! forgotten (its documents are bounded) is unknown, and must be made again. How the store keeps it is
//! [`gempool_state::resources`].

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::time::Duration;

use futures::future::join_all;
use gempool_pool::{KeyId, UnixMillis};
use gempool_state::PoolId;
use gempool_state::resources::{self, Kept, MAX_LIFE, Resource};
use lru::LruCache;

use super::Owner;
use crate::client::Client;
use crate::client_keys::ClientId;
use crate::failure::Failure;
use crate::gateway::Gateway;

/// Names held in memory, at about 150 bytes each.
const KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");
/// Keys remembered per client as makers of its resources, the last one first. A client needs a second one only
/// when the first rests, so eight are many days of bad luck; what an older one made is missing from lists.
pub(super) const HOMES_MAX: usize = 8;
/// How long memory believes what another instance may change: one that it found in the store may be deleted, and
/// a client's keys move.
const BELIEVED_FOR: Duration = Duration::from_secs(60);

/// What an instance remembers.
pub(crate) struct Affinity {
    known: RefCell<LruCache<String, Known>>,
}

#[derive(Clone)]
struct Known {
    owner: Owner,
    /// End of the resource.
    expires: UnixMillis,
    /// Until when the store is not asked again.
    believed: UnixMillis,
}

impl Default for Affinity {
    fn default() -> Self {
        Self {
            known: RefCell::new(LruCache::new(KNOWN_MAX)),
        }
    }
}

impl Affinity {
    /// Whose `name` is in `pool`.
    ///
    /// # Errors
    /// A store that is away, unless memory knows: who the owner is must not be guessed.
    pub(super) async fn find(
        &self,
        gateway: &Gateway,
        pool: &PoolId,
        name: &str,
    ) -> Result<Option<Owner>, Failure> {
        let known = self.look(gateway, pool, name).await?;
        Ok(known.map(|known| known.owner))
    }

    async fn look(
        &self,
        gateway: &Gateway,
        pool: &PoolId,
        name: &str,
    ) -> Result<Option<Known>, Failure> {
        let now = gateway.host.now();
        let place = place_of(pool, name);
        let known = self.known.borrow_mut().get(&place).cloned();
        if let Some(known) = known.filter(|known| known.believed > now) {
            return Ok(Some(known));
        }
        let host = &*gateway.host;
        let found = gateway.ask_store(resources::find(host, pool, name, now));
        let found = found.await?;
        if let Some(damage) = found.damage {
            gateway.host.warn(&format!("state: resources: {damage}"));
        }
        let known = found.resource.map(|resource| Known {
            owner: Owner {
                key: resource.key,
                client: ClientId::from_bytes(resource.client),
                pool: pool.clone(),
            },
            expires: resource.expires,
            believed: resource.expires.min(now.saturating_add(BELIEVED_FOR)),
        });
        if let Some(known) = known.clone() {
            self.known.borrow_mut().put(place, known);
        }
        Ok(known)
    }

    /// Remembers whose `name` is, for [`MAX_LIFE`] at most. A store that is away is a line in the log: the thing is
    /// made, and this instance knows it.
    pub(super) async fn remember(
        &self,
        gateway: &Gateway,
        name: &str,
        owner: Owner,
        expires: UnixMillis,
    ) {
        let expires = expires.min(gateway.host.now().saturating_add(MAX_LIFE));
        let known = Known {
            owner,
            expires,
            believed: expires,
        };
        self.write(gateway, name, known).await;
    }

    async fn write(&self, gateway: &Gateway, name: &str, known: Known) {
        let Owner { key, client, pool } = known.owner.clone();
        let resource = Resource {
            key,
            client: client.to_bytes(),
            expires: known.expires,
        };
        self.known.borrow_mut().put(place_of(&pool, name), known);
        let (host, now) = (&*gateway.host, gateway.host.now());
        let written = gateway.ask_store(resources::remember(host, &pool, name, resource, now));
        match written.await {
            Ok(Kept::Seen) => {}
            Ok(Kept::Lost | Kept::Not) | Err(_) => {
                gateway.host.warn("only this instance knows a new resource");
            }
        }
    }

    /// Forgets `name`; that the store is away does no harm.
    pub(super) async fn forget(&self, gateway: &Gateway, pool: &PoolId, name: &str) {
        self.known.borrow_mut().pop(&place_of(pool, name));
        let (host, now) = (&*gateway.host, gateway.host.now());
        let forgotten = gateway.ask_store(resources::forget(host, pool, name, now));
        let _ = forgotten.await;
    }

    /// The keys that made what `client` has, the last one first.
    ///
    /// # Errors
    /// A store that is away.
    pub(super) async fn homes(
        &self,
        gateway: &Gateway,
        client: &Client,
    ) -> Result<Vec<KeyId>, Failure> {
        let homes = self.known_homes(gateway, &client.pool.id, client.id);
        Ok(homes.await?.iter().map(|home| home.owner.key).collect())
    }

    async fn known_homes(
        &self,
        gateway: &Gateway,
        pool: &PoolId,
        client: ClientId,
    ) -> Result<Vec<Known>, Failure> {
        // One by one: nearly every client has one key, and the second question ends it.
        let mut homes = Vec::new();
        for place in 0..HOMES_MAX {
            match self.look(gateway, pool, &home(client, place)).await? {
                Some(known) => homes.push(known),
                None => break,
            }
        }
        Ok(homes)
    }

    /// Makes the owner's key the first of the client's, until `expires` at least: a list must find what ends then.
    pub(super) async fn settle(&self, gateway: &Gateway, owner: Owner, expires: UnixMillis) {
        let before = self.known_homes(gateway, &owner.pool, owner.client).await;
        let before = before.unwrap_or_default();
        let is_settled = |home: &Known| home.owner.key == owner.key && home.expires >= expires;
        if before.first().is_some_and(is_settled) {
            return;
        }
        let others = before.iter().map(|home| home.owner.key);
        let others = others.filter(|key| *key != owner.key);
        let homes = std::iter::once(owner.key).chain(others).take(HOMES_MAX);
        let now = gateway.host.now();
        // The first one is always written: it is another key, or about to end. One further down has lasted
        // long enough when it was written, for its key has made nothing since.
        let changed = homes.enumerate().filter(|(place, key)| {
            let same = before.get(*place).map(|home| home.owner.key) == Some(*key);
            *place == 0 || !same
        });
        join_all(changed.map(async |(place, key)| {
            let known = Known {
                owner: Owner {
                    key,
                    ..owner.clone()
                },
                expires: now.saturating_add(MAX_LIFE),
                believed: now.saturating_add(BELIEVED_FOR),
            };
            self.write(gateway, &home(owner.client, place), known).await;
        }))
        .await;
    }
}

/// Of memory. No pool's id has a slash.
fn place_of(pool: &PoolId, name: &str) -> String {
    format!("{pool}/{name}")
}

/// No resource has such a name.
fn home(client: ClientId, place: usize) -> String {
    let client = u64::from_be_bytes(client.to_bytes());
    format!("home/{client:016x}/{place}")
}
