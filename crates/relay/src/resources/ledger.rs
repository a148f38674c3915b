//! Owners in the store: a fixed number of documents, each with the newest few.
//!
//! The store has no expiry and must not be listed, so what may be in it is bounded by construction: a name's
//! digest says in which document it is, and a full one forgets its oldest.

use gempool_pool::{KeyId, UnixMillis};
use gempool_state::PoolId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Owner;
use crate::access::Unread;
use crate::client_keys::ClientId;
use crate::gateway::Gateway;

/// Entries of a document, of about 120 bytes each: 256 documents remember 100,000 resources.
const ENTRIES_MAX: usize = 400;
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize, Default)]
struct Document {
    /// Version of this document.
    v: u8,
    /// Newest last.
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Digest of the name.
    name: String,
    key: KeyId,
    client: [u8; 8],
    /// Of both.
    pool: PoolId,
    /// Unix milliseconds.
    expires: u64,
}

/// Whose `name` is.
pub(super) async fn find(
    gateway: &Gateway,
    name: &str,
    now: UnixMillis,
) -> Result<Option<Owner>, Unread> {
    let (slot, name) = digest(name);
    let document = read(gateway, &slot).await?;
    let mut entries = document.entries.into_iter().rev();
    let found = entries.find(|entry| entry.name == name && entry.expires > now.0);
    Ok(found.map(|entry| Owner {
        key: entry.key,
        client: ClientId::from_bytes(entry.client),
        pool: entry.pool,
    }))
}

/// Remembers whose `name` is.
pub(super) async fn remember(
    gateway: &Gateway,
    name: &str,
    owner: Owner,
    expires: UnixMillis,
    now: UnixMillis,
) -> Result<(), Unread> {
    let (slot, name) = digest(name);
    let entry = Entry {
        name: name.clone(),
        key: owner.key,
        client: owner.client.to_bytes(),
        pool: owner.pool,
        expires: expires.0,
    };
    change(gateway, &slot, &name, now, Some(entry)).await
}

/// Forgets `name`.
pub(super) async fn forget(gateway: &Gateway, name: &str, now: UnixMillis) -> Result<(), Unread> {
    let (slot, name) = digest(name);
    change(gateway, &slot, &name, now, None).await
}

async fn change(
    gateway: &Gateway,
    slot: &str,
    name: &str,
    now: UnixMillis,
    entry: Option<Entry>,
) -> Result<(), Unread> {
    let mut document = read(gateway, slot).await?;
    document
        .entries
        .retain(|entry| entry.name != name && entry.expires > now.0);
    document.entries.extend(entry);
    let excess = document.entries.len().saturating_sub(ENTRIES_MAX);
    document.entries.drain(..excess);
    document.v = VERSION;
    let bytes = serde_json::to_vec(&document).unwrap_or_default();
    gateway.ask_store(gateway.host.set(slot, bytes)).await
}

/// One of another version, or a damaged one, is written anew.
async fn read(gateway: &Gateway, slot: &str) -> Result<Document, Unread> {
    let bytes = gateway.ask_store(gateway.host.get(slot)).await?;
    let bytes = bytes.unwrap_or_default();
    let document: Document = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok(if document.v == VERSION {
        document
    } else {
        Document::default()
    })
}

/// The document's name, and the entry's.
fn digest(name: &str) -> (String, String) {
    let digest: [u8; 32] = Sha256::digest(name).into();
    let [slot, a, b, c, d, e, f, g, h, ..] = digest;
    let entry = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    (format!("gp1:resources:{slot:02x}"), format!("{entry:016x}"))
}
