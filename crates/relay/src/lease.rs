//! A key in use by one attempt, which ends with exactly one verdict.
//!
//! Dropped without a verdict (the client left), it is settled as canceled, so that a probe slot is
//! never lost. It sends nothing and judges nothing.

use std::rc::Rc;

use gempool_pool::{ApiKey, Attempt, EgressIndex, KeyId, Selected, UnixMillis, Verdict};
use gempool_state::usage::Outcome;
use gempool_translate::Usage;

use crate::attempt::Call;
use crate::client::Client;
use crate::gateway::Gateway;
use crate::pool_runtime::PoolRuntime;

/// Right to use one key once.
pub(crate) struct Lease {
    gateway: Rc<Gateway>,
    client: Client,
    selected: Selected,
    model: String,
    leased_at: UnixMillis,
    estimated_tokens: u64,
    /// What the answer has cost so far.
    spent: Usage,
    settled: bool,
}

impl Lease {
    pub(crate) fn new(gateway: Rc<Gateway>, selected: Selected, call: &Call<'_>) -> Self {
        Self {
            leased_at: gateway.host.now(),
            estimated_tokens: call.tokens,
            client: call.client.clone(),
            model: call.model.to_owned(),
            gateway,
            selected,
            spent: Usage::default(),
            settled: false,
        }
    }

    pub(crate) fn id(&self) -> KeyId {
        self.selected.id
    }

    pub(crate) fn key(&self) -> &ApiKey {
        &self.selected.key
    }

    pub(crate) fn egress(&self) -> EgressIndex {
        self.selected.egress
    }

    pub(crate) fn attempt(&self) -> Attempt<'_> {
        self.selected.attempt(&self.model)
    }

    pub(crate) fn model(&self) -> &str {
        &self.model
    }

    pub(crate) fn gateway(&self) -> &Rc<Gateway> {
        &self.gateway
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn pool(&self) -> &Rc<PoolRuntime> {
        &self.client.pool
    }

    /// When it was chosen.
    pub(crate) fn leased_at(&self) -> UnixMillis {
        self.leased_at
    }

    /// Input tokens that it was chosen for.
    pub(crate) fn estimated_tokens(&self) -> u64 {
        self.estimated_tokens
    }

    /// Notes what the answer has cost so far, for the case that nobody waits for its end.
    pub(crate) fn note_spent(&mut self, usage: Usage) {
        self.spent = usage;
    }

    /// Ends the use with an answer to the client that cost `usage`.
    pub(crate) fn succeed(mut self, usage: Usage) {
        self.gateway.count_lease(&self, Outcome::Answered, &usage);
        self.end(&Verdict::Success);
    }

    /// Ends the use with a verdict; what the request used is counted when it is over.
    pub(crate) fn settle(mut self, verdict: &Verdict) {
        self.end(verdict);
    }

    /// Ends the use before anything was sent.
    pub(crate) fn give_back(mut self) {
        self.end(&Verdict::Canceled);
    }

    fn end(&mut self, verdict: &Verdict) {
        if !std::mem::replace(&mut self.settled, true) {
            self.gateway.record(self, verdict);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.settled {
            let spent = self.spent;
            self.gateway.count_lease(self, Outcome::Failed, &spent);
            self.end(&Verdict::Canceled);
        }
    }
}
