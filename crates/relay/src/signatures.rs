//! Thought signatures of calls, kept for clients that drop them (reference §3.5).
//!
//! Gemini 3 wants the signature of a call back with the call; most of OpenAI's clients do not send back
//! fields that they do not know. Memory comes first; the store makes it work across instances, because
//! on some hosts each request of a conversation meets another one. A signature that is lost costs quality,
//! not an error: the documented stand-in takes its place. Kept per client key, so that no client can
//! learn of another's calls.

mod slots;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, join_all};
use gempool_translate::CallSignature;
use lru::LruCache;
use sha2::{Digest as _, Sha256};

use crate::client_keys::ClientId;
use crate::gateway::Gateway;
use slots::Slot;

/// Signatures held in memory. A step of an agent has one, a long session some hundred.
const KEPT_MAX: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");
/// Bytes held in memory. Recorded signatures of calls have 0.2 to 9 KiB, so this is the lower bound of
/// the two for long thoughts only.
const KEPT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Longest signature that is kept, in bytes. Those over a megabyte belong to images (N8), which need
/// none to go on.
const SIGNATURE_BYTES_MAX: usize = 32 * 1024;
/// Calls looked for in the store per request: Gemini checks the current turn only, whose steps are the
/// newest calls; a turn of more than eight steps without its signatures falls back to the stand-in.
const LOOKED_UP_MAX: usize = 8;

/// Which call of which client: a digest, so that neither can be read from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct CallKey([u8; 8]);

impl CallKey {
    fn new(client: ClientId, call_id: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(client.as_bytes());
        digest.update(call_id);
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self([a, b, c, d, e, f, g, h])
    }
}

/// The signatures that an instance knows.
pub(crate) struct Signatures {
    kept: Rc<RefCell<Kept>>,
}

impl Default for Signatures {
    fn default() -> Self {
        let kept = Kept {
            by_call: LruCache::new(KEPT_MAX),
            bytes: 0,
        };
        Self {
            kept: Rc::new(RefCell::new(kept)),
        }
    }
}

struct Kept {
    by_call: LruCache<CallKey, String>,
    bytes: usize,
}

impl Kept {
    fn insert(&mut self, key: CallKey, signature: String) {
        self.bytes = self.bytes.saturating_add(signature.len());
        if let Some((_, replaced)) = self.by_call.push(key, signature) {
            self.bytes = self.bytes.saturating_sub(replaced.len());
        }
        while self.bytes > KEPT_BYTES_MAX {
            let Some((_, oldest)) = self.by_call.pop_lru() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.len());
        }
    }
}

impl Signatures {
    /// What is known of `calls`, by id. Calls are newest last.
    pub(crate) async fn find(
        &self,
        gateway: &Gateway,
        client: ClientId,
        calls: &[&str],
    ) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut unknown = Vec::new();
        for call_id in calls.iter().rev() {
            let key = CallKey::new(client, call_id);
            match self.kept.borrow_mut().by_call.get(&key) {
                Some(signature) => {
                    found.insert((*call_id).to_owned(), signature.clone());
                }
                None if unknown.len() < LOOKED_UP_MAX => unknown.push((*call_id, key)),
                None => {}
            }
        }
        let looked_up = unknown.iter().map(|(_, key)| slots::find(gateway, *key));
        for ((call_id, key), signature) in unknown.iter().zip(join_all(looked_up).await) {
            if let Some(signature) = signature {
                found.insert((*call_id).to_owned(), signature.clone());
                self.kept.borrow_mut().insert(*key, signature);
            }
        }
        found
    }

    /// Keeps signatures that a client is about to see: in memory at once, in the store by the future.
    /// `None` when there is nothing to keep.
    pub(crate) fn keep(
        &self,
        gateway: &Rc<Gateway>,
        client: ClientId,
        signatures: Vec<CallSignature>,
    ) -> Option<LocalBoxFuture<'static, ()>> {
        let mut slots: BTreeMap<Slot, Vec<(CallKey, String)>> = BTreeMap::new();
        for CallSignature { call_id, signature } in signatures {
            if signature.len() > SIGNATURE_BYTES_MAX {
                continue;
            }
            let key = CallKey::new(client, &call_id);
            self.kept.borrow_mut().insert(key, signature.clone());
            slots
                .entry(Slot::of(key))
                .or_default()
                .push((key, signature));
        }
        if slots.is_empty() {
            return None;
        }
        let gateway = Rc::clone(gateway);
        let write = async move {
            let writes = slots
                .into_iter()
                .map(|(slot, signatures)| slots::keep(&gateway, slot, signatures));
            join_all(writes).await;
        };
        Some(write.boxed_local())
    }
}
