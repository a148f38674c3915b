//! Which key serves the next attempt of a request: the pool says, pages that it needs are read, and a short wait for a
//! key that is about to return is waited.

use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::{Choice, KeyId, NoKey, Wish};

use crate::access::Unread;
use crate::attempt::Call;
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::lease::Lease;
use crate::resources::Pin;

/// Longest wait for a key or a model to return before the client is told to come back itself. A minute
/// limit is longer, the first pauses of an overloaded model are shorter; OpenAI's SDKs wait at most 8 s
/// on their own (openai-python 3.54, `MAX_RETRY_DELAY`, 2026-11).
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(5);
/// Pages of a large pool that are read for one choice at most (fault list 44): two reads each.
const PAGES_MAX: usize = 8;

/// Why there is no key for an attempt.
#[derive(Debug, Clone)]
pub(crate) enum Unleased {
    /// The pool has none.
    NoKey(NoKey),
    /// Keys that might serve cannot be read.
    StoreAway,
}

impl Gateway {
    /// A key now, or after a short wait if one is about to return.
    pub(crate) async fn lease(
        self: &Rc<Self>,
        call: &Call<'_>,
        tried: &[KeyId],
    ) -> Result<Lease, Unleased> {
        let reason = match self.choose(call, tried).await {
            Err(Unleased::NoKey(reason)) => reason,
            chosen => return chosen,
        };
        let until = match reason {
            NoKey::AllCooling { soonest, .. } => soonest,
            NoKey::ModelBackoff { until } | NoKey::EgressBackoff { until } => until,
            _ => return Err(Unleased::NoKey(reason)),
        };
        let wait = self.wait_until(until);
        if wait > WAIT_MAX {
            return Err(Unleased::NoKey(reason));
        }
        self.host.sleep(wait).await;
        // Whoever returned may have been tried before: that is what was waited for.
        self.choose(call, &[]).await
    }

    /// The key whose turn it is.
    ///
    /// Boxed: it is part of every call's future, and those are of many types.
    pub(crate) fn choose<'a>(
        self: &'a Rc<Self>,
        call: &'a Call<'_>,
        tried: &'a [KeyId],
    ) -> LocalBoxFuture<'a, Result<Lease, Unleased>> {
        self.choose_among_pages(call, tried).boxed_local()
    }

    async fn choose_among_pages(
        self: &Rc<Self>,
        call: &Call<'_>,
        tried: &[KeyId],
    ) -> Result<Lease, Unleased> {
        let client = call.client;
        let pool = &client.pool;
        let contributor = client.contributor.as_ref();
        if let Some(own) = contributor.and_then(|contributor| contributor.own_key(self)) {
            if tried.contains(&own.id) {
                return Err(Unleased::NoKey(NoKey::AllTried));
            }
            return Ok(Lease::new(Rc::clone(self), own, call));
        }
        let mut away = false;
        for pages_read in 0..PAGES_MAX {
            let wish = Wish {
                model: call.model,
                tried,
                only: call.pin.map(|Pin(key)| key),
                paid_only: client.policy.paid_only,
                conversation: call.conversation,
                tokens: call.tokens,
                patience: WAIT_MAX,
            };
            let (now, random) = (self.host.now(), self.host.next_u64());
            let choice = {
                let egresses = self.egresses.borrow();
                let mut keys = pool.keys.borrow_mut();
                keys.select(&wish, &egresses, now, random)
            };
            match choice {
                Choice::Key(selected) => {
                    let gateway = Rc::clone(self);
                    return Ok(Lease::new(gateway, selected, call));
                }
                Choice::None(_) if away => return Err(Unleased::StoreAway),
                Choice::None(reason) => return Err(Unleased::NoKey(reason)),
                // The first page did not have a key: before more are tried, the summary says where there is none.
                Choice::Page(_) if pages_read == 1 && !pool.summary_read.get() => {
                    let _ = self.read_summary(pool).await;
                }
                Choice::Page(page) => {
                    if let Err(Unread::Away | Unread::Damaged) = self.read_page(pool, page).await {
                        away = true;
                        // Empty, under no version: the choice goes on among the pages that are there, and this one is
                        // read again as soon as the store answers.
                        pool.keys.borrow_mut().load(page, "", Vec::new());
                    }
                }
            }
        }
        Err(Unleased::StoreAway)
    }

    /// What a client hears when no key could be chosen. `None` when keys were merely tried already.
    pub(crate) fn no_key(&self, call: &Call<'_>, reason: &Unleased) -> Option<Failure> {
        let Unleased::NoKey(reason) = reason else {
            return Some(Failure::StoreAway);
        };
        match reason {
            NoKey::AllTried => None,
            NoKey::Empty if Rc::ptr_eq(&call.client.pool, &self.environment) => {
                Some(self.setup_required())
            }
            NoKey::Empty | NoKey::AllDead | NoKey::Gone => Some(Failure::NoUsableKey),
            NoKey::NonePaid => Some(Failure::NonePaid),
            NoKey::AllCooling { soonest, cause } => Some(Failure::Cooling {
                cause: *cause,
                retry_after: self.wait_until(*soonest),
            }),
            NoKey::ModelBackoff { until } => Some(Failure::Overloaded {
                message: "the model is overloaded at Google; the pool waits before it asks again"
                    .to_owned(),
                retry_after: self.wait_until(*until),
            }),
            NoKey::EgressBackoff { until } => Some(Failure::EgressRefused {
                retry_after: self.wait_until(*until),
            }),
            NoKey::NoSuchModel { .. } => Some(Failure::NoSuchModel),
        }
    }
}
