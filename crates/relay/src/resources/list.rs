//! Pages of what a client has made.
//!
//! A key's list holds what all clients made with it, so each page is one key's page with the others' taken
//! out, and after the last page of one of the client's keys comes the first of the next. Pages may be shorter
//! than was asked for; what was made with a key that the client no longer has among its last eight, or what
//! the store has forgotten, is missing.

use std::rc::Rc;

use bytes::Bytes;
use futures::future::join_all;
use gempool_translate::UpstreamFault;
use gempool_translate::native::ResourceKind;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::asking::ask_owner;
use super::{Owned, Owner, Pin, ResourceReply};
use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, failure_of};
use crate::gateway::Gateway;
use crate::ports::Ask;
use crate::upstream_url::resources_path;

/// Items of a page where the client does not say, and at most: Google's own maximum for files
/// (<https://ai.google.dev/api/files>, November 2026). Each item is looked up.
const PAGE_ITEMS: u16 = 50;
const PAGE_ITEMS_MAX: u16 = 100;
/// Pages asked for one page of the client's, while nothing on them is its own. Google's SDK for Python
/// breaks at an empty page that is not the last (3.4).
const PAGES_ASKED_MAX: usize = 8;

/// Google's page, in any of its three names.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(
        borrow,
        default,
        alias = "files",
        alias = "cachedContents",
        alias = "operations"
    )]
    items: Vec<&'a RawValue>,
    #[serde(default, rename = "nextPageToken")]
    next: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// A page of the client's resources of this kind, from where `token` says.
pub(super) async fn list(
    gateway: &Rc<Gateway>,
    client: &Client,
    kind: ResourceKind,
    size: Option<u16>,
    token: &str,
) -> Result<ResourceReply, Failure> {
    let size = size.filter(|size| *size > 0).unwrap_or(PAGE_ITEMS);
    let size = size.min(PAGE_ITEMS_MAX);
    let (mut place, mut inner) = read_token(token)?;
    let homes = gateway.affinity.homes(gateway, client).await?;
    for _ in 0..PAGES_ASKED_MAX {
        let pin = match homes.get(place) {
            Some(key) => Some(Pin(*key)),
            // The one key of a deployment for one may have more than is remembered.
            None if place == 0 && gateway.passes_unknown_resources(client) => None,
            None => break,
        };
        let path = resources_path(kind, Some((size, &inner)));
        let body = match ask_owner(gateway, client, pin, kind, &path, Ask::Get).await {
            Ok((body, _)) => body,
            // What a key made that is gone is gone, too.
            Err(Failure::Owned(Owned::Gone)) => Bytes::from_static(b"{}"),
            Err(failure) => return Err(failure),
        };
        let page: Page<'_> = serde_json::from_slice(&body).map_err(|_| {
            failure_of(
                gateway,
                &client.pool,
                &Fault::Broken(UpstreamFault::Malformed),
            )
        })?;
        let own = own(gateway, client, pin, &page.items).await?;
        (place, inner) = match page.next {
            next if next.is_empty() => (place.saturating_add(1), next),
            next => (place, next),
        };
        let is_last = inner.is_empty() && place >= homes.len();
        if !own.is_empty() || is_last {
            let next = (!is_last).then(|| format!("{place}.{inner}"));
            return Ok(ResourceReply::of(render(kind, &own, next)));
        }
    }
    Ok(ResourceReply::of(render(kind, &[], None)))
}

/// Those of `items` that the client has made with this key.
async fn own<'a>(
    gateway: &Gateway,
    client: &Client,
    pin: Option<Pin>,
    items: &[&'a RawValue],
) -> Result<Vec<&'a RawValue>, Failure> {
    let (affinity, pool) = (&gateway.affinity, &client.pool.id);
    let owners =
        join_all(items.iter().map(
            async |item| match serde_json::from_str::<Named>(item.get()) {
                Ok(named) => affinity.find(gateway, pool, &named.name).await,
                Err(_) => Ok(None),
            },
        ));
    let mut own = Vec::new();
    for (item, owner) in items.iter().zip(owners.await) {
        let is_own = match (owner?, pin) {
            (Some(owner), Some(Pin(key))) => owner == Owner::new(key, client),
            (Some(owner), None) => owner.client == client.id,
            (None, _) => gateway.passes_unknown_resources(client),
        };
        if is_own {
            own.push(*item);
        }
    }
    Ok(own)
}

/// Which of the client's keys, and Google's token for it.
fn read_token(token: &str) -> Result<(usize, String), Failure> {
    if token.is_empty() {
        return Ok((0, String::new()));
    }
    let read = token
        .split_once('.')
        .and_then(|(place, inner)| Some((place.parse().ok()?, inner.to_owned())));
    read.ok_or_else(|| {
        Failure::Invalid(gempool_translate::InvalidRequest {
            message: "`pageToken` is not one of this list's".to_owned(),
            param: Some("pageToken".to_owned()),
            code: Some("invalid_value"),
        })
    })
}

/// As Google writes a page: nothing at all where there is nothing.
fn render(kind: ResourceKind, items: &[&RawValue], next: Option<String>) -> Bytes {
    let field = match kind {
        ResourceKind::File => "files",
        ResourceKind::CachedContent => "cachedContents",
        ResourceKind::Batch => "operations",
    };
    let mut page = serde_json::Map::new();
    if !items.is_empty() {
        let items = items
            .iter()
            .filter_map(|item| serde_json::from_str(item.get()).ok())
            .collect();
        page.insert(field.to_owned(), serde_json::Value::Array(items));
    }
    if let Some(next) = next {
        page.insert("nextPageToken".to_owned(), serde_json::Value::String(next));
    }
    Bytes::from(serde_json::Value::Object(page).to_string())
}
