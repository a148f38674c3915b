//! How the gateway is: for probes without a credential, for people with a client key.
//!
//! `/v1/status` keeps the shape that the cooling balancer made known (`keyPool`, `auth`, `version`,
//! `features`); fields beyond it are additions. No key is shown beyond its masked head.

use std::rc::Rc;

use gempool_pool::{PoolStatus, UnixMillis};
use jiff::Timestamp;
use serde::Serialize;

use crate::client::Client;
use crate::gateway::Gateway;

/// Pages that a status reads: two thousand keys or so, within the patience of who asks.
const PAGES_READ_MAX: usize = 16;

/// What this build can do, for people who compare.
const FEATURES: [&str; 6] = [
    "OpenAI: chat completions, responses, completions, embeddings, images, speech, transcriptions",
    "Anthropic: messages and counts of tokens",
    "Gemini: its own methods, passed through",
    "several pools, weighted keys with cooling per model",
    "failover before the first byte",
    "heartbeats in silent streams",
];

/// Answer to a probe. Says nothing about keys.
#[derive(Debug, Serialize)]
pub struct Health<'a> {
    /// `ok` or `setup_required`.
    pub status: &'static str,
    /// Of the gateway component.
    pub version: &'static str,
    /// `ok` or `away`: whether the store answered when it was asked last.
    pub store: &'static str,
    /// Environment variables that must be set; absent when none.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub missing: &'a [&'static str],
}

/// The gateway's health. The store is asked if that was not done for a while.
pub async fn health(gateway: &Rc<Gateway>) -> Health<'_> {
    gateway.fresh().await;
    let missing = gateway.missing();
    Health {
        status: if missing.is_empty() {
            "ok"
        } else {
            "setup_required"
        },
        version: env!("CARGO_PKG_VERSION"),
        store: if gateway.health.is_away() {
            "away"
        } else {
            "ok"
        },
        missing,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    status: &'static str,
    timestamp: String,
    key_pool: PoolStatus,
    auth: Auth,
    version: &'static str,
    features: [&'static str; FEATURES.len()],
    /// Which pool is shown: that of the client key which asks.
    pool: ShownPool<'a>,
}

#[derive(Serialize)]
struct ShownPool<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    valid_tokens: usize,
}

/// The JSON of `/v1/status`: the client's own pool. Reads what an instance does not know yet of a pool that is small
/// enough; of a larger one, what it knows.
pub async fn status(gateway: &Gateway, client: &Client) -> Vec<u8> {
    let pool = &client.pool;
    let unread = |page: &usize| !pool.keys.borrow().is_loaded(*page);
    let pages = (0..1_usize << pool.page_bits()).take(PAGES_READ_MAX);
    for page in pages.filter(unread).collect::<Vec<_>>() {
        // Without the store it shows what is known.
        if gateway.read_page(pool, page).await.is_err() {
            break;
        }
    }
    let facts = pool.facts();
    let key_pool = pool.keys.borrow().status(gateway.host.now());
    let status = Status {
        // The original's rule: healthy as long as one key can be used.
        status: if key_pool.available_keys > 0 {
            "healthy"
        } else {
            "degraded"
        },
        timestamp: rfc3339(gateway.host.now()),
        key_pool,
        auth: Auth {
            valid_tokens: valid_tokens(gateway, client),
        },
        version: env!("CARGO_PKG_VERSION"),
        features: FEATURES,
        pool: ShownPool {
            id: pool.id.as_str(),
            name: &facts.name,
        },
    };
    // Plain structs of numbers and text always serialize; an empty body would be noticed at once.
    serde_json::to_vec(&status).unwrap_or_default()
}

/// How many client keys there are: of the deployment's variables, or of the store.
fn valid_tokens(gateway: &Gateway, client: &Client) -> usize {
    if Rc::ptr_eq(&client.pool, &gateway.environment) {
        return gateway.settings.client_keys.len();
    }
    let head = gateway.directory.head();
    let stored = head.map_or(0, |head| head.clients().records());
    usize::try_from(stored).unwrap_or(usize::MAX)
}

/// A time beyond what a date can express reads as 1970.
fn rfc3339(at: UnixMillis) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|millis| Timestamp::from_millisecond(millis).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}
