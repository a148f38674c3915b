//! What requests used: counted for limits and statistics when a request is over, and shared by counters.
//!
//! What a limit closes is `limits.rs`; which counters there are is `gempool-state`'s.

use std::cell::RefCell;
use std::num::NonZeroUsize;

use gempool_pool::{KeyId, Spent, UnixMillis};
use gempool_state::usage::{self, Outcome, Series, Shared, Tally, Used};
use gempool_state::{ClientKeyId, HEAD_NAME, PoolId};
use gempool_translate::Usage;
use lru::LruCache;
use sha2::{Digest as _, Sha256};

use crate::access::Unread;
use crate::client::Client;
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::lease::Lease;
use crate::limits::Meter;

/// Clients whose use is known here. One that is forgotten starts from what the counters say at its next flush.
const METERS_MAX: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");

/// Separates these digests from every other one.
const POOL_DOMAIN: &[u8] = b"gempool pool account\0";
const SERVED_DOMAIN: &[u8] = b"gempool served by key\0";
const CONTRIBUTOR_DOMAIN: &[u8] = b"gempool contributor account\0";

/// Under which name a pool's minutes are counted: they are counted as a client key's are.
pub(crate) fn account_of_pool(pool: &PoolId) -> ClientKeyId {
    account_of(POOL_DOMAIN, pool.as_str().as_bytes())
}

/// Under which name it is counted what a contributed key has served.
pub(crate) fn served_by(key: KeyId) -> ClientKeyId {
    account_of(SERVED_DOMAIN, &key.to_bytes())
}

/// Under which name it is counted what a contributor has used.
pub(crate) fn account_of_contributor(key: KeyId) -> ClientKeyId {
    account_of(CONTRIBUTOR_DOMAIN, &key.to_bytes())
}

fn account_of(domain: &[u8], name: &[u8]) -> ClientKeyId {
    let mut digest = Sha256::new();
    digest.update(domain);
    digest.update(name);
    let digest: [u8; 32] = digest.finalize().into();
    ClientKeyId(digest.first_chunk().copied().unwrap_or_default())
}

/// Use that this instance knows of.
pub(crate) struct Uses {
    /// What waits for the counters.
    pub(crate) tally: RefCell<Tally>,
    meters: RefCell<LruCache<ClientKeyId, Meter>>,
}

impl Default for Uses {
    fn default() -> Self {
        Self {
            tally: RefCell::default(),
            meters: RefCell::new(LruCache::new(METERS_MAX)),
        }
    }
}

impl Uses {
    fn meter<T>(&self, account: ClientKeyId, change: impl FnOnce(&mut Meter) -> T) -> T {
        let mut meters = self.meters.borrow_mut();
        change(meters.get_or_insert_mut(account, Meter::default))
    }
}

impl Gateway {
    /// Counts a request of a client that begins, if its limits and those of its pool have room for it.
    ///
    /// # Errors
    /// [`Failure::Limited`].
    pub(crate) fn admit(&self, client: &Client) -> Result<(), Failure> {
        let now = self.host.now();
        let pool_limits = client.pool.facts().limits;
        let of_pool = account_of_pool(&client.pool.id);
        self.uses.meter(of_pool, |meter| {
            meter.admit(&pool_limits, "the pool's", now)
        })?;
        let Some(account) = client.account else {
            return Ok(());
        };
        self.uses.meter(account, |meter| {
            meter.admit(&client.policy.limits, "the client key's", now)
        })
    }

    /// Counts a request that has been answered, or broke off after its answer had begun.
    pub(crate) fn count_lease(&self, lease: &Lease, outcome: Outcome, spent: &Usage) {
        let pool = lease.pool();
        let now = self.host.now();
        pool.keys.borrow_mut().spent(
            lease.id(),
            lease.model(),
            Spent {
                noted_at: lease.leased_at(),
                estimated: lease.estimated_tokens(),
                real: spent.prompt_tokens,
            },
            now,
        );
        self.count(
            lease.client(),
            lease.model(),
            Some(lease.id()),
            outcome,
            spent,
        );
    }

    /// Counts a request that is over.
    pub(crate) fn count(
        &self,
        client: &Client,
        model: &str,
        key: Option<KeyId>,
        outcome: Outcome,
        spent: &Usage,
    ) {
        let now = self.host.now();
        let pool = &client.pool;
        let used = Used {
            pool: &pool.id,
            client: client.account,
            key,
            model,
            outcome,
            input_tokens: spent.prompt_tokens,
            output_tokens: spent.completion_tokens,
        };
        let of_pool = account_of_pool(&pool.id);
        let tokens = used.input_tokens.saturating_add(used.output_tokens);
        {
            let mut tally = self.uses.tally.borrow_mut();
            tally.record(&used, now);
            if !pool.facts().limits.is_unlimited() {
                tally.count(Series::ClientMinutes(of_pool), &used, now);
            }
            if let (true, Some(key)) = (pool.facts().contribute, key) {
                tally.count(Series::ClientDays(served_by(key)), &used, now);
            }
        }
        for account in client.account.into_iter().chain([of_pool]) {
            self.uses.meter(account, |meter| {
                meter.spend(tokens, now);
                meter.record(tokens, now);
            });
        }
    }

    /// Adds what waits to the counters, and learns the sums of all instances.
    pub(crate) async fn flush_use(&self) -> Result<(), Unread> {
        if self.uses.tally.borrow().is_empty() {
            return Ok(());
        }
        // Counters may stop the whole instance while they last: a store that does not answer a read is not asked.
        self.ask_store(async { self.host.get(HEAD_NAME).await.map(drop) })
            .await?;
        let now = self.host.now();
        let flushed = usage::flush(&*self.host, &self.uses.tally, now).await;
        for shared in &flushed.sums {
            self.learn_sum(shared, now);
        }
        match flushed.failure {
            None => Ok(()),
            Some(failure) => {
                self.host.warn(&format!("state: {failure}"));
                self.store_failed();
                Err(Unread::Away)
            }
        }
    }

    fn learn_sum(&self, shared: &Shared, now: UnixMillis) {
        let waiting = self.uses.tally.borrow().pending(&shared.series, now);
        match &shared.series {
            Series::ClientMinutes(account) => self.uses.meter(*account, |meter| {
                meter.learn_minute(shared.window, &shared.usage, &waiting);
            }),
            Series::ClientDays(account) => self.uses.meter(*account, |meter| {
                meter.learn_day(shared.window, &shared.usage, &waiting);
            }),
            Series::KeyDays(key, model) => {
                for pool in self.pools() {
                    let (requests, tokens) = (shared.usage.requests, shared.usage.tokens);
                    pool.keys.borrow_mut().shared(
                        *key,
                        model,
                        shared.window,
                        requests,
                        tokens,
                        now,
                    );
                }
            }
            Series::PoolHours(_) | Series::PoolDays(_) => {}
        }
    }
}
