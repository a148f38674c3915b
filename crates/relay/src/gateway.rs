//! What one instance knows: settings, the pool's memory, its budget, its host.
//!
//! Shared by all requests of an instance and never across an await while borrowed. Nothing that belongs
//! to a single request is kept here. Memory is a cache: on some hosts an instance lives for a second.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gempool_pool::{CoolingCause, KeyId, NoKey, Pool, PoolStatus, UnixMillis, Verdict};

use crate::client_keys::ClientId;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::models::KeptModels;
use crate::ports::Host;
use crate::resources::Affinity;
use crate::retry_budget::RetryBudget;
use crate::scrub::scrub;
use crate::settings::{Settings, Switch};
use crate::signatures::Signatures;

/// What is told of a key that rests for an unknown time: as long as a limit per minute lasts.
const RESTS_FOR_MS: u64 = 60_000;

/// The gateway of one instance.
pub struct Gateway {
    pub(crate) settings: Settings,
    pub(crate) host: Rc<dyn Host>,
    pub(crate) pool: RefCell<Pool>,
    pub(crate) models: RefCell<Option<KeptModels>>,
    pub(crate) signatures: Signatures,
    pub(crate) affinity: Affinity,
    budget: RefCell<RetryBudget>,
    /// Asked once: settings do not change while an instance lives.
    missing: Vec<&'static str>,
}

impl Gateway {
    /// Builds the pool from `settings`.
    pub fn new(mut settings: Settings, host: Rc<dyn Host>) -> Rc<Self> {
        let missing = settings.missing();
        let keys = std::mem::take(&mut settings.keys);
        let pool = Pool::new(keys, settings.policy.strategy);
        let budget = RetryBudget::new(host.now());
        Rc::new(Self {
            settings,
            host,
            pool: RefCell::new(pool),
            models: RefCell::new(None),
            signatures: Signatures::default(),
            affinity: Affinity::default(),
            budget: RefCell::new(budget),
            missing,
        })
    }

    /// Whose key `presented` is, if it may use the pool.
    pub fn identify(&self, presented: &str) -> Option<ClientId> {
        self.settings.client_keys.identify(presented)
    }

    /// Whether a client key may be in the URL.
    pub fn takes_key_in_url(&self) -> Switch {
        self.settings.client_key_in_url
    }

    /// Environment variables that must be set before anybody can be served.
    pub fn missing(&self) -> &[&'static str] {
        &self.missing
    }

    /// # Errors
    /// [`Failure::SetupRequired`] when something is missing.
    pub fn ready(&self) -> Result<(), Failure> {
        if self.missing.is_empty() {
            Ok(())
        } else {
            Err(self.setup_required())
        }
    }

    /// The URL of one of the API's paths.
    pub(crate) fn url(&self, path: &str) -> String {
        let first = self.settings.egresses.first();
        first.map_or_else(String::new, |egress| egress.url.join(path))
    }

    fn setup_required(&self) -> Failure {
        Failure::SetupRequired {
            missing: self.missing.clone(),
        }
    }

    pub(crate) fn pool_status(&self) -> PoolStatus {
        self.pool.borrow().status(self.host.now())
    }

    /// Takes a key for `model` that is not among those already `tried`.
    pub(crate) fn lease(
        self: &Rc<Self>,
        model: &str,
        tried: &[gempool_pool::KeyIndex],
    ) -> Result<Lease, NoKey> {
        let now = self.host.now();
        let random = self.host.next_u64();
        let selected = self.pool.borrow_mut().select(model, now, random, tried)?;
        Ok(Lease::new(Rc::clone(self), selected, model))
    }

    /// Takes this key for `model` and no other.
    ///
    /// # Errors
    /// [`NoKey::AllDead`] also when the pool no longer has the key.
    pub(crate) fn lease_only(self: &Rc<Self>, model: &str, key: KeyId) -> Result<Lease, NoKey> {
        if !self
            .pool
            .borrow()
            .keys()
            .any(|known| KeyId::of(known) == key)
        {
            return Err(NoKey::AllDead);
        }
        let mut others = Vec::new();
        loop {
            match self.lease(model, &others) {
                Ok(lease) if lease.key_id() == key => return Ok(lease),
                Ok(other) => others.push(other.index()),
                // The pool says when the first key returns, not when this one does.
                Err(NoKey::AllTried) => {
                    return Err(NoKey::AllCooling {
                        soonest: UnixMillis(self.host.now().0.saturating_add(RESTS_FOR_MS)),
                        cause: CoolingCause::Unexplained,
                    });
                }
                Err(reason) => return Err(reason),
            }
        }
    }

    /// How many keys the pool has, whatever their state.
    pub fn key_count(&self) -> usize {
        self.pool.borrow().len()
    }

    /// Whether anybody may contribute a key to the pool.
    pub fn takes_contributions(&self) -> Switch {
        Switch::Off
    }

    /// Whether a resource that nobody remembers may be asked for: with one Gemini key and one client key there
    /// is nobody else whose it could be.
    pub(crate) fn passes_unknown_resources(&self) -> bool {
        self.key_count() == 1 && self.settings.client_keys.len() == 1
    }

    pub(crate) fn record(&self, index: gempool_pool::KeyIndex, model: &str, verdict: &Verdict) {
        let now = self.host.now();
        let random = self.host.next_u64();
        self.pool
            .borrow_mut()
            .record(index, model, verdict, now, random);
    }

    pub(crate) fn earn_retry(&self) {
        self.budget.borrow_mut().earn();
    }

    pub(crate) fn pay_retry(&self) -> bool {
        self.budget.borrow_mut().pay(self.host.now())
    }

    /// Upstream text without any key.
    pub(crate) fn scrubbed(&self, text: &str) -> String {
        let pool = self.pool.borrow();
        scrub(text, pool.keys())
    }

    /// The wait until `until`, at least a moment.
    pub(crate) fn wait_until(&self, until: UnixMillis) -> Duration {
        Duration::from_millis(until.0.saturating_sub(self.host.now().0).max(1))
    }

    /// What a client hears when no key could be chosen. `None` when keys were merely tried already.
    pub(crate) fn no_key(&self, reason: &NoKey) -> Option<Failure> {
        match reason {
            NoKey::AllTried => None,
            NoKey::Empty => Some(self.setup_required()),
            NoKey::AllDead => Some(Failure::NoUsableKey),
            NoKey::AllCooling { soonest, cause } => Some(Failure::Cooling {
                cause: *cause,
                retry_after: self.wait_until(*soonest),
            }),
            NoKey::ModelBackoff { until } => Some(Failure::Overloaded {
                message: "the model is overloaded at Google; the pool waits before it asks again"
                    .to_owned(),
                retry_after: self.wait_until(*until),
            }),
        }
    }
}
