//! Calls about resources: of the key that owns them, or of any key that can make a new one.

use std::rc::Rc;

use bytes::Bytes;
use gempool_pool::{KeyIndex, NoKey, Retry, Verdict};
use gempool_translate::native::ResourceKind;

use super::{Owner, Pin, of_owner};
use crate::attempt::send;
use crate::client_keys::ClientId;
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

/// Asks the key that owns a resource; without a pin, any.
///
/// # Errors
/// What the key cannot do, or Google refuses. No other key is asked.
pub(super) async fn ask_owner(
    gateway: &Rc<Gateway>,
    pin: Option<Pin>,
    kind: ResourceKind,
    path: &str,
    ask: Ask,
) -> Result<(Bytes, UploadHead), Failure> {
    let leased = match pin {
        Some(Pin(key)) => gateway.lease_only(limit_of(kind), key),
        None => gateway.lease(limit_of(kind), &[]),
    };
    let lease = leased.map_err(|reason| of_owner(gateway.no_key(&reason)))?;
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
    client: ClientId,
    pin: Option<Pin>,
    kind: ResourceKind,
    path: &str,
    ask: Ask,
) -> Result<Made, Failure> {
    gateway.earn_retry();
    let limit = limit_of(kind);
    let homes = gateway.affinity.homes(gateway, client).await;
    let home = homes.unwrap_or_default().first().copied();
    let mut tried: Vec<KeyIndex> = Vec::new();
    let mut failure = None;
    for attempt in 1..=gateway.settings.max_attempts {
        if attempt > 1 && (pin.is_some() || !gateway.pay_retry()) {
            break;
        }
        let leased = match (pin, home.filter(|_| attempt == 1)) {
            (Some(Pin(key)), _) => gateway.lease_only(limit, key),
            (None, Some(home)) => gateway
                .lease_only(limit, home)
                .or_else(|_| gateway.lease(limit, &tried)),
            (None, None) => gateway.lease(limit, &tried),
        };
        let lease = match leased {
            Ok(lease) => lease,
            Err(NoKey::AllTried) => break,
            Err(reason) => {
                failure = failure.or_else(|| gateway.no_key(&reason));
                break;
            }
        };
        tried.push(lease.index());
        let key = lease.key_id();
        let fault = match once(gateway, &lease, path, ask.clone()).await {
            Ok((body, upload)) => {
                lease.settle(&Verdict::Success);
                let owner = Owner { key, client };
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
