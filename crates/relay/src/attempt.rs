//! One call to Gemini with up to a few different keys, until the first byte for the client.
//!
//! Everything here happens before anything was sent to the client; after that nothing is retried. Which key is next is
//! `choice.rs`, what a failure means `fault.rs`. What a success means is the caller's business: it reads the answer
//! and may still reject it.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use gempool_pool::{CoolingCause, KeyId, MAX_ERROR_BODY_BYTES, Retry, WaitCause, retry_delay};
use gempool_state::usage::Outcome;
use gempool_translate::{UpstreamFault, Usage};
use http::StatusCode;

use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, settle};
use crate::gateway::Gateway;
use crate::head::{Patience, read_whole};
use crate::lease::Lease;
use crate::ports::{Ask, UpstreamRequest, UpstreamResponse};
use crate::resources::{self, Pin};

/// What to send, the same for each key.
pub(crate) struct Call<'a> {
    /// For whom.
    pub(crate) client: &'a Client,
    /// Normalized model name, which is what cools.
    pub(crate) model: &'a str,
    /// Path and query at whichever egress.
    pub(crate) path: &'a str,
    /// The only key that may be asked, for a request that mentions what that key made.
    pub(crate) pin: Option<Pin>,
    /// `None` is a GET.
    pub(crate) body: Option<Bytes>,
    /// What the conversation is recognized by, where its requests shall prefer one key.
    pub(crate) conversation: Option<u64>,
    /// Input tokens, about.
    pub(crate) tokens: u64,
    /// How long one attempt may take until the caller's `read` has what it needs.
    pub(crate) patience: Duration,
    /// Completes "no … from Gemini within".
    pub(crate) waited_for: &'static str,
}

/// An answer with status 200, to be read by the caller.
pub(crate) struct Answer {
    pub(crate) lease: Lease,
    pub(crate) response: UpstreamResponse,
    pub(crate) patience: Patience,
    /// True when no further attempt follows, so that a weak answer is better than none.
    pub(crate) last: bool,
}

/// A failed reading gives the lease back together with the fault.
pub(crate) type Rejected = (Lease, Fault);

/// Calls until `read` accepts an answer. `resigned` gives the body without the signatures that Gemini
/// refused; it is asked at most once, and for a refusal of signatures only.
///
/// # Errors
/// The last attempt's failure, with `Retry-After` as the whole pool knows it.
pub(crate) async fn call<T>(
    gateway: &Rc<Gateway>,
    call: &Call<'_>,
    resigned: impl FnOnce() -> Option<Bytes>,
    read: impl AsyncFn(Answer) -> Result<T, Rejected>,
) -> Result<T, Failure> {
    let pool = &call.client.pool;
    pool.earn_retry();
    let mut body = call.body.clone();
    let mut resigned = Some(resigned);
    let mut tried: Vec<KeyId> = Vec::new();
    let mut last_failure: Option<Failure> = None;
    let mut once_used = false;
    let mut was_empty = false;
    for attempt in 1..=gateway.settings.max_attempts {
        if attempt > 1 && !pool.pay_retry(gateway.host.now()) {
            break;
        }
        let lease = match gateway.lease(call, &tried).await {
            Ok(lease) => lease,
            Err(reason) => {
                last_failure = last_failure
                    .take()
                    .or_else(|| gateway.no_key(call, &reason));
                break;
            }
        };
        tried.push(lease.id());
        let last = was_empty || attempt == gateway.settings.max_attempts;
        let (mut lease, mut fault) =
            match attempt_once(gateway, call, body.clone(), lease, last, &read).await {
                Ok(value) => return Ok(value),
                Err(rejected) => rejected,
            };
        // The request's history is at fault, not the key: the same one is asked again, once (§3.8).
        if fault.refuses_signatures()
            && let Some(other) = resigned.take().and_then(|resigned| resigned())
        {
            body = Some(other);
            match attempt_once(gateway, call, body.clone(), lease, last, &read).await {
                Ok(value) => return Ok(value),
                Err(rejected) => (lease, fault) = rejected,
            }
        }
        let judgement = settle(lease, &fault);
        last_failure = Some(judgement.failure);
        if matches!(fault, Fault::Broken(UpstreamFault::Empty)) {
            // One more try, and not necessarily with another key: an empty answer is the model's mood.
            was_empty = true;
            tried.clear();
        }
        match judgement.retry {
            Retry::No => break,
            Retry::NextKeyOnce if once_used => break,
            Retry::NextKeyOnce => once_used = true,
            Retry::NextKey => {}
            Retry::AfterDelay => {
                let made = u32::try_from(attempt).unwrap_or(u32::MAX);
                let delay = retry_delay(made, gateway.host.next_u64());
                gateway.host.sleep(delay).await;
                // Nobody's key was at fault: with few keys the same one may try again.
                tried.clear();
            }
        }
    }
    let key = tried.last().copied();
    gateway.count(
        call.client,
        call.model,
        key,
        Outcome::Failed,
        &Usage::default(),
    );
    gateway.flush_soon();
    Err(match &call.pin {
        Some(_) => resources::of_owner(last_failure),
        None => finish(gateway, call, last_failure).await,
    })
}

async fn attempt_once<T>(
    gateway: &Gateway,
    call: &Call<'_>,
    body: Option<Bytes>,
    lease: Lease,
    last: bool,
    read: impl AsyncFn(Answer) -> Result<T, Rejected>,
) -> Result<T, Rejected> {
    let mut patience = Patience::start(&*gateway.host, call.patience, call.waited_for);
    let ask = Ask::of_body(body);
    match send(gateway, &lease, call.path, ask, &mut patience).await {
        Ok(response) => {
            read(Answer {
                lease,
                response,
                patience,
                last,
            })
            .await
        }
        Err(fault) => Err((lease, fault)),
    }
}

/// Sends one request with the leased key.
///
/// # Errors
/// Everything but a readable answer with status 200.
pub(crate) async fn send(
    gateway: &Gateway,
    lease: &Lease,
    path: &str,
    ask: Ask,
    patience: &mut Patience,
) -> Result<UpstreamResponse, Fault> {
    let Some(egress) = gateway.egress(lease.egress()) else {
        return Err(Fault::NoEgress);
    };
    let sent = gateway.host.send(UpstreamRequest {
        url: &egress.url.join(path),
        key: lease.key(),
        headers: &egress.headers,
        ask,
    });
    let mut response = patience.wait(sent).await?.map_err(Fault::Unreachable)?;
    if response.encoded {
        return Err(Fault::Encoded);
    }
    if response.status == StatusCode::OK {
        return Ok(response);
    }
    // An error whose body breaks off still has its status, which says the most.
    let body = read_whole(&mut response.body, MAX_ERROR_BODY_BYTES, patience)
        .await
        .unwrap_or_default();
    Err(Fault::Answered {
        status: response.status,
        body,
    })
}

/// The failure to report, once no attempt is left. A rate limit of one key is only worth telling with
/// the time at which *any* key returns.
async fn finish(gateway: &Rc<Gateway>, call: &Call<'_>, last: Option<Failure>) -> Failure {
    match last {
        // What the one key heard is all there is to tell.
        Some(failure) if call.client.uses_own_key() => failure,
        Some(failure @ (Failure::Cooling { .. } | Failure::NoUsableKey)) => {
            match gateway.choose(call, &[]).await {
                // Another key is free, only the attempts or the budget ran out: come back at once.
                Ok(lease) => {
                    lease.give_back();
                    Failure::Cooling {
                        cause: WaitCause::Cooling(CoolingCause::RateLimited),
                        retry_after: Duration::from_secs(1),
                    }
                }
                Err(reason) => gateway.no_key(call, &reason).unwrap_or(failure),
            }
        }
        Some(failure) => failure,
        None => Failure::NoUsableKey,
    }
}
