//! Sealing: what stands in the store is worth nothing without the master key, and cannot be moved or changed.
//!
//! Which documents are sealed is the business of those who write them.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use crate::client_key::ClientKeyId;
use crate::envelope::{self, Damage, Kind, MAX_DOCUMENT_BYTES, TooLarge};
use crate::master_key::{MASTER_KEY_BYTES, MasterKey, random_bytes};
use crate::names::DocId;
use crate::ports::Rng;

/// Bytes of a nonce of `XChaCha20`: long enough to be drawn at random for ever.
const NONCE_BYTES: usize = 24;

/// Bytes of the tag of Poly1305.
const TAG_BYTES: usize = 16;

/// What sealing adds to a document: first bytes, id of the master key, nonce and tag.
const OVERHEAD_BYTES: usize = 4 + 4 + NONCE_BYTES + TAG_BYTES;

/// Which master key sealed a document: four bytes of a digest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTag([u8; 4]);

/// Tells one writing of a sealed document from every other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Writing([u8; NONCE_BYTES]);

/// The current master key, with which everything is sealed, and the previous one, which can still open. `Debug` shows
/// neither.
#[derive(Clone)]
pub struct Vault {
    current: Derived,
    previous: Option<Derived>,
}

/// What one master key is used for: every use has a key of its own.
#[derive(Clone)]
struct Derived {
    tag: KeyTag,
    check: [u8; 16],
    cipher: XChaCha20Poly1305,
    names: Secret,
    clients: Secret,
}

/// A key for keyed digests.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) [u8; 32]);

impl Vault {
    /// Seals with `current` and opens with both. While `previous` is the one that others still seal with, or used
    /// to seal with, nothing becomes unreadable.
    pub fn new(current: &MasterKey, previous: Option<&MasterKey>) -> Self {
        Self {
            current: Derived::of(current),
            previous: previous.map(Derived::of),
        }
    }

    /// The current master key's tag.
    pub fn tag(&self) -> KeyTag {
        self.current.tag
    }

    /// What the schema remembers of the current master key.
    pub(crate) fn check(&self) -> [u8; 16] {
        self.current.check
    }

    /// Whether the current or the previous master key has this check value.
    pub(crate) fn recognizes(&self, check: [u8; 16]) -> bool {
        self.both().any(|derived| derived.check == check)
    }

    /// The secret with which a store that has none yet begins to name client keys.
    pub(crate) fn first_client_secret(&self) -> Secret {
        self.current.clients.clone()
    }

    /// The name of a document of the tree with this content, made by the edit `seq`.
    pub(crate) fn name(&self, content: &[u8], seq: u64) -> DocId {
        let digest = self.current.names.digest(&[content, &seq.to_be_bytes()]);
        let [a, b, c, d, e, f, g, h, ..] = digest;
        DocId(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// Seals `content` for this name, and no other.
    pub(crate) fn seal(
        &self,
        rng: &dyn Rng,
        name: &str,
        content: &[u8],
    ) -> Result<Vec<u8>, TooLarge> {
        if content.len().saturating_add(OVERHEAD_BYTES) > MAX_DOCUMENT_BYTES {
            return Err(TooLarge);
        }
        let nonce: [u8; NONCE_BYTES] = random_bytes(rng);
        let aad = additional(name, self.current.tag);
        let sealed = self
            .current
            .cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: content,
                    aad: &aad,
                },
            )
            // The cipher refuses only messages of more than 2^38 bytes.
            .map_err(|_| TooLarge)?;
        let mut document = Vec::with_capacity(content.len().saturating_add(OVERHEAD_BYTES));
        document.extend_from_slice(&envelope::head(Kind::Sealed));
        document.extend_from_slice(&self.current.tag.0);
        document.extend_from_slice(&nonce);
        document.extend_from_slice(&sealed);
        Ok(document)
    }

    /// What was sealed for this name.
    pub(crate) fn open(&self, name: &str, document: &[u8]) -> Result<Vec<u8>, Damage> {
        let (tag, nonce, sealed) = parts(document)?;
        let derived = self
            .both()
            .find(|derived| derived.tag == tag)
            .ok_or(Damage::UnknownKey)?;
        let aad = additional(name, tag);
        derived
            .cipher
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: sealed,
                    aad: &aad,
                },
            )
            .map_err(|_| Damage::Changed)
    }

    /// [`Vault::seal`] of a value as JSON.
    pub(crate) fn seal_json<T: Serialize>(
        &self,
        rng: &dyn Rng,
        name: &str,
        value: &T,
    ) -> Result<Vec<u8>, TooLarge> {
        // Our own types have string keys and finite numbers only, so that writing them fails for size alone.
        let content = serde_json::to_vec(value).map_err(|_| TooLarge)?;
        self.seal(rng, name, &content)
    }

    /// [`Vault::open`] of what [`Vault::seal_json`] made.
    pub(crate) fn open_json<T: DeserializeOwned>(
        &self,
        name: &str,
        document: &[u8],
    ) -> Result<T, Damage> {
        serde_json::from_slice(&self.open(name, document)?).map_err(|_| Damage::OtherType)
    }

    fn both(&self) -> impl Iterator<Item = &Derived> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

/// Which master key sealed this document.
pub(crate) fn tag_of(document: &[u8]) -> Result<KeyTag, Damage> {
    parts(document).map(|(tag, ..)| tag)
}

/// Which writing of its name this document is.
pub(crate) fn writing_of(document: &[u8]) -> Result<Writing, Damage> {
    parts(document).map(|(_, nonce, _)| Writing(nonce))
}

fn parts(document: &[u8]) -> Result<(KeyTag, [u8; NONCE_BYTES], &[u8]), Damage> {
    let rest = envelope::after_head(Kind::Sealed, document)?;
    let (tag, rest) = rest.split_first_chunk::<4>().ok_or(Damage::Truncated)?;
    let (nonce, sealed) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(Damage::Truncated)?;
    if sealed.len() < TAG_BYTES {
        return Err(Damage::Truncated);
    }
    Ok((KeyTag(*tag), *nonce, sealed))
}

/// What is not hidden, and cannot be changed either.
fn additional(name: &str, tag: KeyTag) -> Vec<u8> {
    [
        envelope::head(Kind::Sealed).as_slice(),
        &tag.0,
        name.as_bytes(),
    ]
    .concat()
}

impl Derived {
    fn of(master: &MasterKey) -> Self {
        let master = Secret(*master.bytes());
        let derive = |purpose: &str| master.digest(&[b"gempool 1 ", purpose.as_bytes()]);
        let [a, b, c, d, ..] = derive("tag");
        let (check, _) = halves(derive("check"));
        Self {
            tag: KeyTag([a, b, c, d]),
            check,
            cipher: XChaCha20Poly1305::new(&Key::from(derive("documents"))),
            names: Secret(derive("names")),
            clients: Secret(derive("clients")),
        }
    }
}

impl Secret {
    /// The id of a client key.
    pub(crate) fn client_key_id(&self, client_key: &str) -> ClientKeyId {
        ClientKeyId(halves(self.digest(&[client_key.as_bytes()])).0)
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC fills a key up to its block with zeros, so that this is the key itself and cannot have a wrong length.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        let mut digest = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
        for part in parts {
            digest.update(part);
        }
        digest.finalize().into_bytes().into()
    }
}

fn halves(digest: [u8; MASTER_KEY_BYTES]) -> ([u8; 16], [u8; 16]) {
    let number = |half: &[u8]| {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(half) {
            *to = *from;
        }
        bytes
    };
    let (high, low) = digest.split_at(16);
    (number(high), number(low))
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Vault(***)")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const NAME: &str = "gp1:d:0123456789abcdef";

    /// Counts, which is enough for nonces that differ.
    struct Counting(Cell<u64>);

    impl Rng for Counting {
        fn next_u64(&self) -> u64 {
            self.0.set(self.0.get() + 1);
            self.0.get()
        }
    }

    fn master(number: u8) -> MasterKey {
        let mut bytes = [number; MASTER_KEY_BYTES];
        bytes[0] = !number;
        MasterKey::from_bytes(bytes).unwrap()
    }

    fn rng() -> Counting {
        Counting(Cell::new(0))
    }

    #[test]
    fn what_is_sealed_comes_back_and_is_never_the_same_twice() {
        let vault = Vault::new(&master(1), None);
        let rng = rng();
        let sealed = vault.seal(&rng, NAME, b"content").unwrap();
        assert_eq!(vault.open(NAME, &sealed).unwrap(), b"content");
        assert_ne!(vault.seal(&rng, NAME, b"content").unwrap(), sealed);
        assert_eq!(sealed.len(), 7 + OVERHEAD_BYTES);
    }

    #[test]
    fn any_changed_bit_any_missing_end_and_any_other_name_is_noticed_flt30() {
        let vault = Vault::new(&master(1), None);
        let sealed = vault.seal(&rng(), NAME, b"content").unwrap();
        assert_eq!(
            vault.open("gp1:d:0123456789abcdee", &sealed),
            Err(Damage::Changed)
        );
        for at in 0..sealed.len() {
            assert!(vault.open(NAME, &sealed[..at]).is_err(), "{at}");
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                assert!(vault.open(NAME, &changed).is_err(), "{at}.{bit}");
            }
        }
    }

    #[test]
    fn the_previous_key_opens_and_does_not_seal() {
        let old = Vault::new(&master(1), None);
        let both = Vault::new(&master(2), Some(&master(1)));
        let new = Vault::new(&master(2), None);
        let sealed = old.seal(&rng(), NAME, b"content").unwrap();
        assert_eq!(both.open(NAME, &sealed).unwrap(), b"content");
        assert_eq!(new.open(NAME, &sealed), Err(Damage::UnknownKey));
        let sealed = both.seal(&rng(), NAME, b"content").unwrap();
        assert_eq!(new.open(NAME, &sealed).unwrap(), b"content");
        assert_eq!(tag_of(&sealed), Ok(new.tag()));
    }

    #[test]
    fn a_name_is_made_of_content_edit_and_key() {
        let vault = Vault::new(&master(1), None);
        let name = vault.name(b"content", 1);
        assert_eq!(
            name,
            Vault::new(&master(1), Some(&master(2))).name(b"content", 1)
        );
        assert_ne!(name, vault.name(b"content", 2));
        assert_ne!(name, vault.name(b"contents", 1));
        assert_ne!(name, Vault::new(&master(2), None).name(b"content", 1));
    }

    #[test]
    fn debug_shows_nothing() {
        let vault = Vault::new(&master(1), Some(&master(2)));
        assert_eq!(format!("{vault:?}"), "Vault(***)");
        assert_eq!(format!("{:?}", vault.first_client_secret()), "Secret(***)");
    }

    #[test]
    fn a_content_over_the_limit_is_not_sealed_flt31() {
        let vault = Vault::new(&master(1), None);
        let fits = vec![0; MAX_DOCUMENT_BYTES - OVERHEAD_BYTES];
        let sealed = vault.seal(&rng(), NAME, &fits).unwrap();
        assert_eq!(sealed.len(), MAX_DOCUMENT_BYTES);
        assert_eq!(vault.open(NAME, &sealed).unwrap(), fits);
        let more = vec![0; fits.len() + 1];
        assert_eq!(vault.seal(&rng(), NAME, &more), Err(TooLarge));
    }
}
