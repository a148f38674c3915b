//! Owners in the store: a fixed number of documents, each with the newest few.
//!
//! The store has no expiry and must not be listed, so what may be in it is bounded by construction: a name's
//! digest says in which document it is, and a full one forgets its oldest.

use gempool_pool::{KeyId, UnixMillis};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Owner;
use crate::client_keys::ClientId;
use crate::ports::{Host, StoreUnavailable};

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
    /// Unix milliseconds.
    expires: u64,
}

/// Whose `name` is.
pub(super) async fn find(
    host: &dyn Host,
    name: &str,
    now: UnixMillis,
) -> Result<Option<Owner>, StoreUnavailable> {
    let (slot, name) = digest(name);
    let document = read(host, &slot).await?;
    let mut entries = document.entries.into_iter().rev();
    let found = entries.find(|entry| entry.name == name && entry.expires > now.0);
    Ok(found.map(|entry| Owner {
        key: entry.key,
        client: ClientId::from_bytes(entry.client),
    }))
}

/// Remembers whose `name` is.
pub(super) async fn remember(
    host: &dyn Host,
    name: &str,
    owner: Owner,
    expires: UnixMillis,
    now: UnixMillis,
) -> Result<(), StoreUnavailable> {
    let (slot, name) = digest(name);
    let entry = Entry {
        name: name.clone(),
        key: owner.key,
        client: owner.client.to_bytes(),
        expires: expires.0,
    };
    change(host, &slot, &name, now, Some(entry)).await
}

/// Forgets `name`.
pub(super) async fn forget(
    host: &dyn Host,
    name: &str,
    now: UnixMillis,
) -> Result<(), StoreUnavailable> {
    let (slot, name) = digest(name);
    change(host, &slot, &name, now, None).await
}

async fn change(
    host: &dyn Host,
    slot: &str,
    name: &str,
    now: UnixMillis,
    entry: Option<Entry>,
) -> Result<(), StoreUnavailable> {
    let mut document = read(host, slot).await?;
    document
        .entries
        .retain(|entry| entry.name != name && entry.expires > now.0);
    document.entries.extend(entry);
    let excess = document.entries.len().saturating_sub(ENTRIES_MAX);
    document.entries.drain(..excess);
    document.v = VERSION;
    let bytes = serde_json::to_vec(&document).unwrap_or_default();
    host.set(slot, bytes).await
}

/// One of another version, or a damaged one, is written anew.
async fn read(host: &dyn Host, slot: &str) -> Result<Document, StoreUnavailable> {
    let bytes = host.get(slot).await?.unwrap_or_default();
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
