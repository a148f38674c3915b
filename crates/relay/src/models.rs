//! The use case "models": what the pool's keys may use, asked from Gemini and kept for ten minutes.
//!
//! Memory comes first, then the store (an instance may live for a second only), then Gemini. A store that
//! is away costs a question to Gemini and nothing else.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use futures::future::join_all;
use gempool_pool::{KeyId, UnixMillis, Verdict};
use gempool_translate::{Aliases, Model, models_from_gemini};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::attempt::{Call, send};
use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, settle};
use crate::gateway::Gateway;
use crate::head::{Patience, read_whole};
use crate::lease::Lease;
use crate::pool_runtime::PoolRuntime;
use crate::ports::Ask;
use crate::upstream_url::models_path;

/// How long a list is served before Gemini is asked again.
pub const MODELS_FRESH_FOR: Duration = Duration::from_secs(600);
/// Keys whose lists are merged. Lists differ by tier and by age of the project, hardly by key: eight
/// samples find every kind in practice, and a pool of 100,000 keys must not ask 100,000 times.
const KEYS_ASKED_MAX: usize = 8;
/// Pages read per key. One page holds a thousand models, Google lists about a hundred (2026-11).
const PAGES_MAX: usize = 5;
/// Largest page, in bytes: a thousand models of about 1 KiB, doubled twice.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// One key's list, all pages; a list call takes well under a second.
const PATIENCE: Duration = Duration::from_secs(15);
/// Largest stored document, in bytes: every host's store takes it (smallest known value limit 400 KiB).
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;
/// Cooling is counted per model; listing models is none of them.
const NO_MODEL: &str = "(models)";

/// The list as an instance keeps it.
#[derive(Debug, Clone)]
pub(crate) struct KeptModels {
    asked_at: UnixMillis,
    models: Rc<[Model]>,
}

/// The list as the store keeps it.
#[derive(Serialize, Deserialize)]
struct StoredModels {
    /// Version of this document.
    v: u8,
    /// Whom it was asked with; see [`origin`].
    origin: String,
    /// When Gemini was asked, Unix milliseconds.
    asked_at: u64,
    models: Vec<Model>,
}

/// 3: one document for each pool, which says what it was made of.
const VERSION: u8 = 3;

impl KeptModels {
    fn is_fresh(&self, now: UnixMillis) -> bool {
        // One from the future (another host's clock) is not trusted for longer than one from now.
        let age = Duration::from_millis(now.0.abs_diff(self.asked_at.0));
        age < MODELS_FRESH_FOR
    }

    /// `None` for a document of another version or origin, or a damaged one: the list is then asked for again.
    fn from_document(document: &[u8], origin: &str) -> Option<Self> {
        let stored: StoredModels = serde_json::from_slice(document).ok()?;
        (stored.v == VERSION && stored.origin == origin).then_some(Self {
            asked_at: UnixMillis(stored.asked_at),
            models: stored.models.into(),
        })
    }

    /// `None` when it is too large to be stored.
    fn to_document(&self, origin: &str) -> Option<Vec<u8>> {
        let document = serde_json::to_vec(&StoredModels {
            v: VERSION,
            origin: origin.to_owned(),
            asked_at: self.asked_at.0,
            models: self.models.to_vec(),
        });
        document
            .ok()
            .filter(|document| document.len() <= DOCUMENT_BYTES_MAX)
    }
}

/// The models that `client` may use, by name, and the other names that it may call them by.
///
/// # Errors
/// When no key could be asked, the last one's failure.
pub async fn models(gateway: &Rc<Gateway>, client: &Client) -> Result<Rc<[Model]>, Failure> {
    let of_pool = pool_models(gateway, client).await?;
    let facts = client.pool.facts();
    let aliases = facts.aliases.iter().chain(gateway.settings.aliases.iter());
    let mut shown: BTreeMap<String, Model> = BTreeMap::new();
    for (alias, name) in aliases.filter(|(alias, _)| !alias.ends_with('*')) {
        let Ok(spec) = gateway.settings.model(name, &Aliases::default()) else {
            continue;
        };
        let model = of_pool
            .iter()
            .find(|model| model.id == spec.name.as_str())
            .filter(|model| client.may_use(&alias, &model.id));
        if let Some(model) = model {
            let id = alias.clone();
            shown.entry(alias).or_insert_with(|| Model {
                id,
                ..model.clone()
            });
        }
    }
    for model in of_pool.iter() {
        if client.may_use(&model.id, &model.id) {
            shown.insert(model.id.clone(), model.clone());
        }
    }
    Ok(shown.into_values().collect())
}

/// The models that the pool's keys may use. Who has brought a key that is not in the pool is told what that key may.
async fn pool_models(gateway: &Rc<Gateway>, client: &Client) -> Result<Rc<[Model]>, Failure> {
    if client.uses_own_key() {
        return Ok(ask(gateway, client).await?.into());
    }
    let pool = &client.pool;
    let now = gateway.host.now();
    let kept = pool.models.borrow().clone();
    if let Some(kept) = kept.filter(|kept| kept.is_fresh(now)) {
        return Ok(kept.models);
    }
    let (name, origin) = (document_name(pool), origin(gateway, pool));
    let current = match read_store(gateway, &name, &origin, now).await {
        Some(stored) => stored,
        None => {
            let asked = KeptModels {
                asked_at: now,
                models: ask(gateway, client).await?.into(),
            };
            if let Some(document) = asked.to_document(&origin) {
                // A store that is away costs the next instance a question, nothing more.
                let _ = gateway.ask_store(gateway.host.set(&name, document)).await;
            }
            asked
        }
    };
    let models = Rc::clone(&current.models);
    *pool.models.borrow_mut() = Some(current);
    Ok(models)
}

async fn read_store(
    gateway: &Gateway,
    name: &str,
    origin: &str,
    now: UnixMillis,
) -> Option<KeptModels> {
    let document = gateway.ask_store(gateway.host.get(name)).await.ok()??;
    KeptModels::from_document(&document, origin).filter(|stored| stored.is_fresh(now))
}

/// One document for each pool, so that lists of earlier keys are overwritten.
fn document_name(pool: &PoolRuntime) -> String {
    format!("gp1:models:{}", pool.id)
}

/// A pool with other keys, or another Gemini, has another list. Only a digest of the keys is stored.
fn origin(gateway: &Gateway, pool: &PoolRuntime) -> String {
    let mut digest = Sha256::new();
    for egress in &gateway.settings.egresses {
        digest.update(egress.url.base());
        digest.update([0]);
    }
    digest.update(pool.id.as_str());
    match pool.root() {
        // Whatever changes in a stored pool, its layout changes with it.
        Some(_) => digest.update(pool.layout().to_be_bytes()),
        None => {
            for key in pool.keys.borrow().keys() {
                digest.update([0]);
                digest.update(key.expose());
            }
        }
    }
    let digest = digest.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Asks up to [`KEYS_ASKED_MAX`] keys at once. One that answers is enough.
async fn ask(gateway: &Rc<Gateway>, client: &Client) -> Result<Vec<Model>, Failure> {
    let call = Call {
        client,
        model: NO_MODEL,
        path: "",
        body: None,
        pin: None,
        conversation: None,
        tokens: 0,
        patience: PATIENCE,
        waited_for: "model list",
    };
    let mut leases = Vec::new();
    let mut tried: Vec<KeyId> = Vec::new();
    let mut failure = None;
    while leases.len() < KEYS_ASKED_MAX {
        match gateway.choose(&call, &tried).await {
            Ok(lease) => {
                tried.push(lease.id());
                leases.push(lease);
            }
            Err(reason) => {
                failure = gateway.no_key(&call, &reason);
                break;
            }
        }
    }
    let answers = join_all(leases.into_iter().map(|lease| ask_one(gateway, lease))).await;
    let mut merged: BTreeMap<String, Model> = BTreeMap::new();
    for answer in answers {
        match answer {
            Ok(models) => merged.extend(models.into_iter().map(|model| (model.id.clone(), model))),
            Err(other) => failure = Some(other),
        }
    }
    match failure {
        Some(failure) if merged.is_empty() => Err(failure),
        _ => Ok(merged.into_values().collect()),
    }
}

async fn ask_one(gateway: &Rc<Gateway>, lease: Lease) -> Result<Vec<Model>, Failure> {
    match read_pages(gateway, &lease).await {
        Ok(models) => {
            lease.settle(&Verdict::Success);
            Ok(models)
        }
        Err(fault) => Err(settle(lease, &fault).failure),
    }
}

async fn read_pages(gateway: &Gateway, lease: &Lease) -> Result<Vec<Model>, Fault> {
    let mut patience = Patience::start(&*gateway.host, PATIENCE, "model list");
    let mut models = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let path = models_path(token.as_deref());
        let mut response = send(gateway, lease, &path, Ask::Get, &mut patience).await?;
        let page = read_whole(&mut response.body, PAGE_BYTES_MAX, &mut patience).await?;
        let page = models_from_gemini(&page).map_err(Fault::Broken)?;
        models.extend(page.models);
        // A token that repeats would never end.
        if page.next_page_token.is_none() || page.next_page_token == token {
            break;
        }
        token = page.next_page_token;
    }
    Ok(models)
}
