//! For tests: a pool with its egresses, and the words that tests of pools are made of.

use std::time::Duration;

use crate::egress::Egresses;
use crate::key::ApiKey;
use crate::key_id::KeyId;
use crate::key_list::parse_keys;
use crate::policy::Policy;
use crate::pool::Pool;
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
