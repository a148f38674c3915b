//! Signatures in the store: a fixed number of documents, each with the newest few.
//!
//! The store has no expiry and must not be listed, so what may be in it is bounded by construction: a
//! call's digest names its slot, and a full slot forgets its oldest. Writes may be lost to each other;
//! that costs a signature, which is no error.

use serde::{Deserialize, Serialize};

use super::CallKey;
use crate::gateway::Gateway;

/// Largest document, in bytes: below every host's limit (64 KiB is the design's) with room for framing. All
/// 256 together have at most 12 MiB, some thousands of signatures: a day of a busy team.
const SLOT_BYTES_MAX: usize = 48 * 1024;
const VERSION: u8 = 1;

/// Which document: one for each first byte of a call's digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(u8);

impl Slot {
    pub(super) fn of(key: CallKey) -> Self {
        let CallKey([first, ..]) = key;
        Self(first)
    }

    fn document_name(self) -> String {
        format!("gp1:signatures:{:02x}", self.0)
    }
}

#[derive(Serialize, Deserialize)]
struct Document {
    /// Version of this document.
    v: u8,
    /// Newest last.
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Digest of client and call, in hexadecimal.
    call: String,
    signature: String,
}

/// The signature of a call; `None` also when the store is away.
pub(super) async fn find(gateway: &Gateway, key: CallKey) -> Option<String> {
    let document = read(gateway, Slot::of(key)).await?;
    let call = hex(key);
    let entry = document
        .entries
        .into_iter()
        .rev()
        .find(|entry| entry.call == call)?;
    Some(entry.signature)
}

/// Adds signatures to a slot. A store that is away loses them.
pub(super) async fn keep(gateway: &Gateway, slot: Slot, signatures: Vec<(CallKey, String)>) {
    let mut document = read(gateway, slot).await.unwrap_or(Document {
        v: VERSION,
        entries: Vec::new(),
    });
    for (key, signature) in signatures {
        let call = hex(key);
        document.entries.retain(|entry| entry.call != call);
        document.entries.push(Entry { call, signature });
    }
    let size = |entry: &Entry| entry.signature.len().saturating_add(64);
    let mut bytes: usize = document.entries.iter().map(size).sum();
    let mut dropped = 0;
    for entry in &document.entries {
        if bytes <= SLOT_BYTES_MAX {
            break;
        }
        bytes = bytes.saturating_sub(size(entry));
        dropped += 1;
    }
    document.entries.drain(..dropped);
    if let Ok(document_bytes) = serde_json::to_vec(&document) {
        let name = slot.document_name();
        let written = gateway.host.set(&name, document_bytes);
        let _ = gateway.ask_store(written).await;
    }
}

/// `None` for a document of another version or a damaged one: it is then written anew.
async fn read(gateway: &Gateway, slot: Slot) -> Option<Document> {
    let name = slot.document_name();
    let bytes = gateway.ask_store(gateway.host.get(&name)).await.ok()??;
    let document: Document = serde_json::from_slice(&bytes).ok()?;
    (document.v == VERSION).then_some(document)
}

fn hex(key: CallKey) -> String {
    format!("{:016x}", u64::from_be_bytes(key.0))
}
