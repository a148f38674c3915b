//! The client keys that may use the pool, held as digests and compared in constant time.
//!
//! It does not parse headers (the gateway's `src/auth.rs` does) and knows no limits per client yet.

use gempool_state::ClientKeyId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Longest client key that is looked at, in bytes. OpenAI's own keys have 164; longer input is refused
/// before it is hashed, so that a header cannot buy work.
pub(crate) const CLIENT_KEY_BYTES_MAX: usize = 256;

/// Which client key a request came with: enough to tell clients apart, not enough to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientId([u8; 8]);

impl ClientId {
    /// A client key of the store.
    pub(crate) fn stored(id: ClientKeyId) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = id.0;
        Self([a, b, c, d, e, f, g, h])
    }

    /// For digests that must differ by client.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// For documents that say whose something is.
    pub(crate) fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// From such a document.
    pub(crate) fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }
}

/// Client keys of a pool. No plain text is kept.
#[derive(Clone)]
pub struct ClientKeys {
    digests: Vec<[u8; 32]>,
}

impl std::fmt::Debug for ClientKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientKeys({})", self.digests.len())
    }
}

impl ClientKeys {
    /// Keeps the digests of `keys`; order and duplicates do not matter.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let mut digests: Vec<[u8; 32]> = keys.into_iter().map(digest).collect();
        digests.sort_unstable();
        digests.dedup();
        Self { digests }
    }

    /// How many different keys there are.
    pub fn len(&self) -> usize {
        self.digests.len()
    }

    /// True when nobody can be let in.
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// Who `presented` is, if it is one of the keys. Time does not depend on how much of a key
    /// matches.
    pub fn identify(&self, presented: &str) -> Option<ClientId> {
        if presented.is_empty() || presented.len() > CLIENT_KEY_BYTES_MAX {
            return None;
        }
        let presented = digest(presented);
        let hit = self
            .digests
            .iter()
            .fold(subtle::Choice::from(0), |hit, known| {
                hit | known.ct_eq(&presented)
            });
        let [a, b, c, d, e, f, g, h, ..] = presented;
        bool::from(hit).then_some(ClientId([a, b, c, d, e, f, g, h]))
    }
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_only_keys_that_are_listed() {
        let keys = ClientKeys::new(["sk-pool-a", "sk-pool-b"]);
        for (presented, expected) in [
            ("sk-pool-a", true),
            ("sk-pool-b", true),
            ("sk-pool-", false),
            ("sk-pool-aa", false),
            ("SK-POOL-A", false),
            ("", false),
        ] {
            assert_eq!(keys.identify(presented).is_some(), expected, "{presented}");
        }
    }

    #[test]
    fn an_empty_list_admits_nobody() {
        assert_eq!(ClientKeys::new([]).identify("anything"), None);
        assert_eq!(ClientKeys::new([]).identify(""), None);
    }

    #[test]
    fn refuses_overlong_input_without_hashing_it() {
        let long = "k".repeat(CLIENT_KEY_BYTES_MAX + 1);
        assert_eq!(ClientKeys::new([long.as_str()]).identify(&long), None);
    }

    #[test]
    fn debug_shows_no_key_material() {
        assert_eq!(
            format!("{:?}", ClientKeys::new(["secret"])),
            "ClientKeys(1)"
        );
    }
}
