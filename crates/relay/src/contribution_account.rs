//! What the owner of a contributed key is told, and the key's leaving.
//!
//! Only counts: nobody is told what was asked or answered.

use std::rc::Rc;

use gempool_state::usage::{Series, Usage, read_usage};
use gempool_state::{ClientKeyId, ReadError};
use serde::Serialize;

use crate::client::Client;
use crate::contribution::Standing;
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::uses::{account_of_contributor, served_by};

/// Days that the account covers: a month, as long as people remember what they did.
const DAYS: u32 = 30;

/// A contributor's account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The pool's id.
    pub pool: String,
    /// The key, as far as it may be shown.
    pub key: String,
    /// `living`, `dead` or `unknown`.
    pub state: &'static str,
    /// How many days the counts are of, today included.
    pub days: u32,
    /// What its owner used.
    pub used: Counts,
    /// What the key served, its owner's requests included.
    pub served: Counts,
}

/// Requests and tokens.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    /// Requests.
    pub requests: u64,
    /// Tokens of prompts and answers.
    pub tokens: u64,
}

/// How many keys the client's pool has, or without a client the one that people contribute to.
///
/// # Errors
/// [`Failure::StoreAway`].
pub async fn key_count(gateway: &Rc<Gateway>, client: Option<&Client>) -> Result<u64, Failure> {
    if let Some(client) = client {
        return Ok(client.pool.key_count());
    }
    gateway.fresh().await;
    let pool = gateway.contribute_pool().await?;
    Ok(pool.map_or(0, |pool| pool.key_count()))
}

/// The account of a client that brought a key; `None` of another one.
///
/// # Errors
/// [`Failure::StoreAway`].
pub async fn contribution(
    gateway: &Rc<Gateway>,
    client: &Client,
) -> Result<Option<Account>, Failure> {
    let Some(contributor) = &client.contributor else {
        return Ok(None);
    };
    let (state, is_known) = match contributor.standing {
        Standing::Living => ("living", true),
        Standing::Dead => ("dead", true),
        // Nothing is counted for whom nobody knows, and looking would make counters.
        Standing::Stranger => ("unknown", false),
    };
    let (used, served) = if is_known {
        (
            sum(gateway, account_of_contributor(contributor.id)).await?,
            sum(gateway, served_by(contributor.id)).await?,
        )
    } else {
        (Counts::default(), Counts::default())
    };
    Ok(Some(Account {
        pool: client.pool.id.to_string(),
        key: contributor.key.masked(),
        state,
        days: DAYS,
        used,
        served,
    }))
}

/// Takes the client's key out of the pool, at once for this instance and within seconds for all.
///
/// # Errors
/// [`Failure::StoreAway`]; then it may not have left.
pub async fn withdraw(gateway: &Rc<Gateway>, client: &Client) -> Result<Option<Account>, Failure> {
    let account = contribution(gateway, client).await?;
    if let Some(contributor) = &client.contributor
        && contributor.standing != Standing::Stranger
    {
        gateway.withdraw_key(contributor).await?;
    }
    Ok(account.map(|account| Account {
        state: "unknown",
        ..account
    }))
}

async fn sum(gateway: &Gateway, account: ClientKeyId) -> Result<Counts, Failure> {
    let now = gateway.host.now();
    let series = Series::ClientDays(account);
    let read = read_usage(&*gateway.host, &series, DAYS, now);
    let days: Vec<(u32, Usage)> = gateway
        .ask_store(async { read.await.map_err(ReadError::from) })
        .await?;
    let waiting = gateway.uses.tally.borrow().pending(&series, now);
    let counted = days.iter().map(|(_, usage)| usage).chain([&waiting]);
    Ok(counted.fold(Counts::default(), |sum, usage| Counts {
        requests: sum.requests.saturating_add(usage.requests),
        tokens: sum.tokens.saturating_add(usage.tokens),
    }))
}
