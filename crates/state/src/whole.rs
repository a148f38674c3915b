//! Reading much at once, for people: all keys of a pool, all client keys, one key by its id.
//!
//! Never on a request's way: that reads one page.

use futures::stream::{self, StreamExt as _};
use gempool_pool::{KeyId, KeyRecord};
use serde::de::DeserializeOwned;

use crate::client_key::{ClientKeyId, ClientKeyRecord};
use crate::names::DocId;
use crate::pool_config::PoolId;
use crate::ports::{DocumentStore, StoreUnavailable};
use crate::read::{ReadError, read_clients, read_keys, read_page, read_root};
use crate::tree::{Head, Pages, Root};
use crate::vault::Vault;

/// Documents that are read or written at once: enough to hide a store's latency (Redis 0.1 ms, measured on
/// 2026-11-21), few enough that 64 KiB each are 2 MiB.
pub(crate) const CONCURRENCY: usize = 32;

/// What could be read, and what could not.
#[derive(Clone, Debug)]
pub struct Whole<T> {
    /// Every record that could be read, in the order of ids.
    pub records: Vec<T>,
    /// Errors of the pages that could not be read: their records are missing above.
    pub damaged: Vec<ReadError>,
}

/// The pool, if the head has it.
///
/// # Errors
/// [`ReadError`].
pub async fn find_pool(
    store: &dyn DocumentStore,
    vault: &Vault,
    head: &Head,
    pool: &PoolId,
) -> Result<Option<Root>, ReadError> {
    match head.pool(pool) {
        Some(root) => read_root(store, vault, root).await.map(Some),
        None => Ok(None),
    }
}

/// Every key of a pool.
///
/// # Errors
/// [`StoreUnavailable`]; pages that cannot be read are no error but in [`Whole::damaged`].
pub async fn load_pool_keys(
    store: &dyn DocumentStore,
    vault: &Vault,
    root: &Root,
) -> Result<Whole<KeyRecord>, StoreUnavailable> {
    load(store, vault, &root.keys).await
}

/// Every client key of every pool.
///
/// # Errors
/// As [`load_pool_keys`].
pub async fn list_clients(
    store: &dyn DocumentStore,
    vault: &Vault,
    head: &Head,
) -> Result<Whole<ClientKeyRecord>, StoreUnavailable> {
    load(store, vault, head.clients()).await
}

/// One key of a pool.
///
/// # Errors
/// [`ReadError`] of its page.
pub async fn find_key(
    store: &dyn DocumentStore,
    vault: &Vault,
    root: &Root,
    id: KeyId,
) -> Result<Option<KeyRecord>, ReadError> {
    let page = root.keys.page(id.page(root.keys.bits));
    let keys = read_keys(store, vault, page).await?;
    Ok(keys.into_iter().find(|key| key.id() == id))
}

/// One client key.
///
/// # Errors
/// [`ReadError`] of its page.
pub async fn find_client(
    store: &dyn DocumentStore,
    vault: &Vault,
    head: &Head,
    id: ClientKeyId,
) -> Result<Option<ClientKeyRecord>, ReadError> {
    let clients = read_clients(store, vault, head.client_page(id)).await?;
    Ok(clients.into_iter().find(|client| client.id == id))
}

async fn load<T: DeserializeOwned>(
    store: &dyn DocumentStore,
    vault: &Vault,
    pages: &Pages,
) -> Result<Whole<T>, StoreUnavailable> {
    let mut whole = Whole {
        records: Vec::new(),
        damaged: Vec::new(),
    };
    let mut reads = stream::iter(pages.pages.clone())
        .map(|page| read_page(store, vault, page))
        .buffered(CONCURRENCY);
    while let Some(page) = reads.next().await {
        match page {
            Ok(records) => whole.records.extend(records),
            Err(ReadError::Unavailable(error)) => return Err(error),
            Err(damaged) => whole.damaged.push(damaged),
        }
    }
    Ok(whole)
}

/// Every document that the pages are in.
pub(crate) fn documents(pages: &Pages) -> impl Iterator<Item = DocId> {
    pages.pages.iter().filter_map(|page| page.doc)
}
