//! For tests: a pool with its egresses, and the words that tests of pools are made of.

use std::time::Duration;

use crate::egress::Egresses;
use crate::key::ApiKey;
use crate::key_id::KeyId;
use crate::key_list::{KeySpec, parse_keys};
use crate::layout::PageInfo;
use crate::policy::Policy;
use crate::pool::Pool;
use crate::record::KeyRecord;
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause, FaultCause, Scope, Verdict};
use crate::wish::{Attempt, Choice, NoKey, Selected, Wish};

pub(crate) const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
pub(crate) const MODEL: &str = "gemini-2.5-flash";
pub(crate) const INVALID: Verdict = Verdict::Dead {
    cause: DeathCause::Invalid,
};
pub(crate) const OVERLOADED: Verdict = Verdict::ModelFault {
    cause: FaultCause::Overloaded,
};

pub(crate) fn after(seconds: u64) -> UnixMillis {
    NOW.saturating_add(Duration::from_secs(seconds))
}

pub(crate) fn id(key: &str) -> KeyId {
    KeyId::of(&ApiKey::new(key).unwrap())
}

pub(crate) fn cool(scope: Scope, until: UnixMillis, cause: CoolingCause) -> Verdict {
    Verdict::Cool {
        scope,
        until,
        cause,
    }
}

/// A cooling for the model, of the cause without jitter.
pub(crate) fn rate_limited(until: UnixMillis) -> Verdict {
    cool(Scope::Model, until, CoolingCause::RateLimited)
}

pub(crate) struct Rig {
    pub(crate) pool: Pool,
    pub(crate) egresses: Egresses,
}

impl Rig {
    pub(crate) fn of(pool: Pool) -> Self {
        Self {
            pool,
            egresses: Egresses::default(),
        }
    }

    pub(crate) fn new(keys: &str, strategy: Strategy) -> Self {
        let policy = Policy {
            strategy,
            ..Policy::default()
        };
        Self::with_policy(keys, policy)
    }

    pub(crate) fn with_policy(keys: &str, policy: Policy) -> Self {
        Self::of(Pool::with_keys(policy, parse_keys(keys).unwrap()))
    }

    pub(crate) fn choose(&mut self, wish: &Wish<'_>, now: UnixMillis, random: u64) -> Choice {
        self.pool.select(wish, &self.egresses, now, random)
    }

    pub(crate) fn try_for(
        &mut self,
        model: &str,
        tried: &[KeyId],
        now: UnixMillis,
        random: u64,
    ) -> Result<Selected, NoKey> {
        let wish = Wish {
            model,
            tried,
            ..Wish::default()
        };
        match self.choose(&wish, now, random) {
            Choice::Key(selected) => Ok(selected),
            Choice::None(reason) => Err(reason),
            Choice::Page(page) => panic!("page {page} is not loaded"),
        }
    }

    pub(crate) fn select(&mut self, now: UnixMillis) -> Result<Selected, NoKey> {
        self.try_for(MODEL, &[], now, 0)
    }

    pub(crate) fn report(&mut self, key: KeyId, verdict: &Verdict, now: UnixMillis) {
        self.report_for(MODEL, key, verdict, now, 0);
    }

    pub(crate) fn report_for(
        &mut self,
        model: &str,
        key: KeyId,
        verdict: &Verdict,
        now: UnixMillis,
        random: u64,
    ) {
        let attempt = Attempt {
            id: key,
            egress: Default::default(),
            model,
        };
        self.pool
            .record(&attempt, verdict, &mut self.egresses, now, random);
    }

    /// One request that succeeds.
    pub(crate) fn take(&mut self, now: UnixMillis) -> KeyId {
        let selected = self.select(now).unwrap();
        self.report(selected.id, &Verdict::Success, now);
        selected.id
    }

    pub(crate) fn take_many(&mut self, requests: usize) -> Vec<KeyId> {
        (0..requests).map(|_| self.take(NOW)).collect()
    }
}

pub(crate) fn count(sequence: &[KeyId], key: &str) -> usize {
    sequence.iter().filter(|taken| **taken == id(key)).count()
}

pub(crate) fn record(key: &str) -> KeyRecord {
    KeyRecord::from(KeySpec::from(ApiKey::new(key).unwrap()))
}

/// Records with texts `k0`, `k1` and so on.
pub(crate) fn records(keys: usize) -> Vec<KeyRecord> {
    (0..keys)
        .map(|number| record(&format!("k{number}")))
        .collect()
}

/// A pool as a store would have it: records by page, none of them loaded.
pub(crate) struct Stored {
    bits: u8,
    pub(crate) pages: Vec<Vec<KeyRecord>>,
}

impl Stored {
    pub(crate) fn new(bits: u8, records: Vec<KeyRecord>) -> Self {
        let mut pages = vec![Vec::new(); 1 << bits];
        for record in records {
            pages[record.id().page(bits)].push(record);
        }
        Self { bits, pages }
    }

    /// Tells the pool how its keys are divided, `version` being that of every page.
    pub(crate) fn lay_out(&self, pool: &mut Pool, version: &str) {
        let pages = self.pages.iter().map(|records| PageInfo {
            version: version.to_owned(),
            keys: u32::try_from(records.len()).unwrap(),
            weight: records
                .iter()
                .filter(|record| !record.disabled)
                .map(|record| u64::from(record.weight.get()))
                .sum(),
        });
        pool.lay_out(self.bits, pages.collect());
    }

    pub(crate) fn load(&self, pool: &mut Pool, page: usize, version: &str) {
        pool.load(page, version, self.pages[page].clone());
    }

    pub(crate) fn rig(&self, policy: Policy) -> Rig {
        let mut pool = Pool::new(policy);
        self.lay_out(&mut pool, "v1");
        Rig::of(pool)
    }

    /// With every page loaded.
    pub(crate) fn loaded(&self, policy: Policy) -> Rig {
        let mut rig = self.rig(policy);
        for page in 0..self.pages.len() {
            self.load(&mut rig.pool, page, "v1");
        }
        rig
    }
}
