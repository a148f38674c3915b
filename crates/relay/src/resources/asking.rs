//! Calls about resources: of the key that owns them, or of any key that can make a new one.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use gempool_pool::{KeyId, Retry, Verdict};
use gempool_translate::Usage;
use gempool_translate::native::ResourceKind;

use super::{Owner, Pin, of_owner};
use crate::attempt::{Call, send};
use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, settle};
use crate::gateway::Gateway;
use crate::head::{ANSWER_BYTES_MAX, Patience, read_whole};
use crate::lease::Lease;
use crate::ports::Ask;
use crate::upload::UploadHead;

/// Something new.
pub(super) struct Made {
    pub(super) owner: Owner,
    pub(super) body: Bytes,
    pub(super) upload: UploadHead,
}

/// Cooling is counted per model; these calls are none of them, but have limits of their own.
fn limit_of(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::File => "(files)",
        ResourceKind::CachedContent => "(caches)",
        ResourceKind::Batch => "(batches)",
    }
}

/// What the choice of a key is told of such a call.
fn call_of(client: &Client, kind: ResourceKind, pin: Option<Pin>) -> Call<'_> {
    Call {
        client,
        model: limit_of(kind),
        path: "",
        pin,
        body: None,
        conversation: None,
        tokens: 0,
        patience: Duration::ZERO,
        waited_for: "answer",
    }
}

/// Asks the key that owns a resource; without a pin, any.
///
/// # Errors
/// What the key cannot do, or Google refuses. No other key is asked.
pub(super) async fn ask_owner(
    gateway: &Rc<Gateway>,
    client: &Client,
    pin: Option<Pin>,
    kind: ResourceKind,
    path: &str,
    ask: Ask,
) -> Result<(Bytes, UploadHead), Failure> {
    let call = call_of(client, kind, pin);
    let leased = gateway.choose(&call, &[]).await;
    let lease = leased.map_err(|reason| of_owner(gateway.no_key(&call, &reason)))?;
    match once(gateway, &lease, path, ask).await {
        Ok(answer) => {
            lease.settle(&Verdict::Success);
            Ok(answer)
        }
        Err(fault) => Err(of_owner(Some(settle(lease, &fault).failure))),
    }
}

/// Has something made: by the pinned key, else by the client's usual one, else by any. Another key is asked
/// only after a clear refusal: what broke off may have been made, and a second batch costs a second time.
///
/// # Errors
/// The last attempt's failure.
pub(super) async fn make(
    gateway: &Rc<Gateway>,
    client: &Client,
    pin: Option<Pin>,
    kind: ResourceKind,
    path: &str,
    ask: Ask,
) -> Result<Made, Failure> {
    let pool = &client.pool;
    pool.earn_retry();
    let homes = gateway.affinity.homes(gateway, client).await;
    let home = homes.unwrap_or_default().first().copied().map(Pin);
    let pinned = call_of(client, kind, pin);
    let at_home = call_of(client, kind, home);
    let mut tried: Vec<KeyId> = Vec::new();
    let mut failure = None;
    for attempt in 1..=gateway.settings.max_attempts {
        if attempt > 1 && (pin.is_some() || !pool.pay_retry(gateway.host.now())) {
            break;
        }
        let preferred = match (pin, home) {
            (None, Some(_)) if attempt == 1 => gateway.choose(&at_home, &tried).await.ok(),
            _ => None,
        };
        let leased = match preferred {
            Some(lease) => Ok(lease),
            None => gateway.lease(&pinned, &tried).await,
        };
        let lease = match leased {
            Ok(lease) => lease,
            Err(reason) => {
                failure = failure.or_else(|| gateway.no_key(&pinned, &reason));
                break;
            }
        };
        tried.push(lease.id());
        let key = lease.id();
        let fault = match once(gateway, &lease, path, ask.clone()).await {
            Ok((body, upload)) => {
                lease.succeed(Usage::default());
                let owner = Owner::new(key, client);
                return Ok(Made {
                    owner,
                    body,
                    upload,
                });
            }
            Err(fault) => fault,
        };
        let judgement = settle(lease, &fault);
        failure = Some(judgement.failure);
        let is_refused = matches!(fault, Fault::Answered { .. });
        match judgement.retry {
            Retry::NextKey | Retry::NextKeyOnce if is_refused => {}
            Retry::NextKey | Retry::NextKeyOnce | Retry::AfterDelay | Retry::No => break,
        }
    }
    Err(match pin {
        Some(_) => of_owner(failure),
        None => failure.unwrap_or(Failure::NoUsableKey),
    })
}

async fn once(
    gateway: &Gateway,
    lease: &Lease,
    path: &str,
    ask: Ask,
) -> Result<(Bytes, UploadHead), Fault> {
    let host = &*gateway.host;
    let mut patience = Patience::start(host, gateway.settings.total_timeout, "answer");
    let mut response = send(gateway, lease, path, ask, &mut patience).await?;
    let body = read_whole(&mut response.body, ANSWER_BYTES_MAX, &mut patience).await?;
    Ok((body, response.upload))
}
