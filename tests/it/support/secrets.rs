//! Canaries: values that must never come out, and the search for them.
//!
//! Every product of every test is searched (`product.rs`), so the whole suite is the sweep of SEC-046.

use std::collections::HashSet;

/// Length of the fragments searched for. The status page may show ten characters of a key (its
/// documented mask); two more would be a leak.
const FRAGMENT_BYTES: usize = 12;

/// Keys as Google hands them out, both kinds, none with a recognizable length.
pub(crate) const UPSTREAM_KEYS: [&str; 3] = [
    "AIzaSyCanaryAlpha-4f81c07be2d95a3661",
    "AQ.CanaryBravo_93d2f6a8b04e7c15dd80",
    "canary-charlie-e7b25c9810f4a6d3",
];

/// Keys that clients of the pool hold.
pub(crate) const CLIENT_KEYS: [&str; 2] = [
    "sk-pool-c1ient-5b9e2f70d84a61",
    "sk-pool-second-a03c7d5e91f2",
];

/// A word in every prompt; prompts belong into no log.
pub(crate) const PROMPT_CANARY: &str = "marmalade-orchestra-4711";

/// A set of values to search for.
#[derive(Clone)]
pub(crate) struct Canaries {
    fragments: HashSet<Vec<u8>>,
}

impl Canaries {
    /// Upstream keys and client keys: may appear in no response and no log.
    pub(crate) fn keys() -> Self {
        Self::of(UPSTREAM_KEYS.iter().chain(&CLIENT_KEYS))
    }

    /// What may appear in no log.
    pub(crate) fn unloggable() -> Self {
        Self::of(
            UPSTREAM_KEYS
                .iter()
                .chain(&CLIENT_KEYS)
                .chain([&PROMPT_CANARY]),
        )
    }

    fn of<'a>(values: impl IntoIterator<Item = &'a &'a str>) -> Self {
        let fragments = values
            .into_iter()
            .flat_map(|value| value.as_bytes().windows(FRAGMENT_BYTES))
            .map(<[u8]>::to_vec)
            .collect();
        Self { fragments }
    }

    /// Fails when `text` holds a fragment of a canary; `place` says where it was found.
    pub(crate) fn assert_absent(&self, place: &str, text: &[u8]) {
        let leak = text
            .windows(FRAGMENT_BYTES)
            .find(|window| self.fragments.contains(*window));
        if let Some(fragment) = leak {
            panic!(
                "{place} holds a secret: `…{}…`",
                String::from_utf8_lossy(fragment)
            );
        }
    }
}
