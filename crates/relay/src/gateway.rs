//! What one instance knows: settings, pools, what the store last said, its host.
//!
//! Shared by all requests of an instance and never across an await while borrowed. Nothing that belongs
//! to a single request is kept here. Memory is a cache: on some hosts an instance lives for a second.
//! Requests enter by [`Gateway::identify`] and the use cases, which all take the client that it gives.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gempool_pool::{ApiKey, EgressIndex, Egresses, KeyId, UnixMillis, Verdict};
use gempool_state::Vault;

use crate::client::{Client, ClientPolicy};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::flush::Flushing;
use crate::lease::Lease;
use crate::pool_facts::PoolFacts;
use crate::pool_runtime::PoolRuntime;
use crate::ports::{DocumentStore, Host};
use crate::refresh::Jitter;
use crate::resources::Affinity;
use crate::scrub::scrub;
use crate::settings::{EgressSetting, Settings, Switch};
use crate::signatures::Signatures;
use crate::single_flight::Flights;
use crate::store_health::StoreHealth;
use crate::uses::Uses;

/// The gateway of one instance.
pub struct Gateway {
    pub(crate) settings: Settings,
    pub(crate) host: Rc<dyn Host>,
    /// The pool of the deployment's variables, possibly without keys.
    pub(crate) environment: Rc<PoolRuntime>,
    /// The pools of the store.
    pub(crate) directory: Directory,
    /// Ways to Gemini, and which of them are refused for now.
    pub(crate) egresses: RefCell<Egresses>,
    pub(crate) signatures: Signatures,
    /// Whose files, caches and batches are.
    pub(crate) affinity: Affinity,
    pub(crate) health: StoreHealth,
    pub(crate) flights: Flights,
    pub(crate) flushing: Flushing,
    pub(crate) uses: Uses,
    pub(crate) jitter: Jitter,
    /// What clients of the deployment's variables may do.
    pub(crate) unlimited: Rc<ClientPolicy>,
    /// Asked once: settings do not change while an instance lives.
    missing: Vec<&'static str>,
}

impl Gateway {
    /// Builds the deployment's own pool; the others come when somebody asks for them.
    pub fn new(mut settings: Settings, host: Rc<dyn Host>) -> Rc<Self> {
        let now = host.now();
        let missing = settings.missing();
        let keys = std::mem::take(&mut settings.keys);
        let facts = PoolFacts::environment(settings.policy.clone());
        let master_key = settings.master_key.as_ref();
        let vault = master_key.map(|key| Vault::new(key, settings.master_key_previous.as_ref()));
        let names = settings.egresses.iter();
        let names = names.map(|egress| egress.name.to_owned()).collect();
        Rc::new(Self {
            environment: PoolRuntime::environment(facts, keys, now),
            directory: Directory::new(vault),
            // Names come from a table in which each stands once.
            egresses: RefCell::new(Egresses::new(names).unwrap_or_default()),
            signatures: Signatures::default(),
            affinity: Affinity::default(),
            health: StoreHealth::default(),
            flights: Flights::default(),
            flushing: Flushing::default(),
            uses: Uses::default(),
            jitter: Jitter::from_random(host.next_u64()),
            unlimited: Rc::new(ClientPolicy::unlimited()),
            missing,
            settings,
            host,
        })
    }

    /// Whether a client key may be in the URL.
    pub fn takes_key_in_url(&self) -> Switch {
        self.settings.client_key_in_url
    }

    /// Environment variables that must be set before anybody can be served; none where a stored pool exists, or may
    /// come into being by a contribution.
    pub(crate) fn missing(&self) -> &[&'static str] {
        let head = self.directory.head();
        let has_pool = head.is_some_and(|head| head.pools().next().is_some());
        if has_pool || self.contributions_are_taken() {
            &[]
        } else {
            &self.missing
        }
    }

    /// Whether somebody can be served, as far as is known.
    ///
    /// # Errors
    /// [`Failure::SetupRequired`] when something is missing.
    pub async fn set_up(self: &Rc<Self>) -> Result<(), Failure> {
        self.fresh().await;
        self.ready()
    }

    /// The same without looking.
    pub(crate) fn ready(&self) -> Result<(), Failure> {
        // While the store is away, nobody knows what is in it.
        let unknown = self.directory.vault.is_some() && self.directory.confirmed_at().is_none();
        if unknown || self.missing().is_empty() {
            Ok(())
        } else {
            Err(self.setup_required())
        }
    }

    pub(crate) fn setup_required(&self) -> Failure {
        Failure::SetupRequired {
            missing: self.missing.clone(),
        }
    }

    /// Documents, as the state's functions want them.
    pub(crate) fn documents(&self) -> &dyn DocumentStore {
        &*self.host
    }

    /// Applies the verdict on one use of a key, and has it told to others.
    pub(crate) fn record(self: &Rc<Self>, lease: &Lease, verdict: &Verdict) {
        let (now, random) = (self.host.now(), self.host.next_u64());
        // What a stranger's key is told is no news about the pool, and could be made up to harm it.
        if !lease.client().uses_own_key() {
            let mut egresses = self.egresses.borrow_mut();
            let mut keys = lease.pool().keys.borrow_mut();
            keys.record(&lease.attempt(), verdict, &mut egresses, now, random);
        }
        if let (Verdict::Success, Some(contributor)) = (verdict, &lease.client().contributor) {
            contributor.has_worked(self);
        }
        self.flush_soon();
    }

    /// Every pool in memory, that of the variables too.
    pub(crate) fn pools(&self) -> Vec<Rc<PoolRuntime>> {
        let mut pools = self.directory.pools();
        pools.push(Rc::clone(&self.environment));
        pools
    }

    /// The way that a lease takes.
    pub(crate) fn egress(&self, index: EgressIndex) -> Option<&EgressSetting> {
        self.settings.egresses.get(index.get())
    }

    /// Upstream text without any key: the one that was used, those of the pool, and everything that looks like one.
    pub(crate) fn scrubbed(&self, text: &str, pool: &PoolRuntime, used: Option<&ApiKey>) -> String {
        let keys = pool.keys.borrow();
        scrub(text, used, |id: KeyId| keys.contains(id))
    }

    /// Whether a resource that nobody remembers may be asked for: with one Gemini key and one client key there
    /// is nobody else whose it could be.
    pub(crate) fn passes_unknown_resources(&self, client: &Client) -> bool {
        let is_own = Rc::ptr_eq(&client.pool, &self.environment);
        is_own && client.pool.key_count() == 1 && self.settings.client_keys.len() == 1
    }

    /// The wait until `until`, at least a moment.
    pub(crate) fn wait_until(&self, until: UnixMillis) -> Duration {
        Duration::from_millis(until.0.saturating_sub(self.host.now().0).max(1))
    }
}
