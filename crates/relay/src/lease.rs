//! A key in use by one attempt, which ends with exactly one verdict.
//!
//! Dropped without a verdict (the client left), it is settled as canceled, so that a probe slot is
//! never lost. It sends nothing and judges nothing.

use std::rc::Rc;

use gempool_pool::{ApiKey, KeyId, KeyIndex, Selected, Verdict};

use crate::gateway::Gateway;

/// Right to use one key once.
pub(crate) struct Lease {
    gateway: Rc<Gateway>,
    selected: Selected,
    model: String,
    settled: bool,
}

impl Lease {
    pub(crate) fn new(gateway: Rc<Gateway>, selected: Selected, model: &str) -> Self {
        Self {
            gateway,
            selected,
            model: model.to_owned(),
            settled: false,
        }
    }

    pub(crate) fn index(&self) -> KeyIndex {
        self.selected.index
    }

    /// What the key is called where its text must not stand.
    pub(crate) fn key_id(&self) -> KeyId {
        KeyId::of(&self.selected.key)
    }

    pub(crate) fn key(&self) -> &ApiKey {
        &self.selected.key
    }

    pub(crate) fn model(&self) -> &str {
        &self.model
    }

    pub(crate) fn gateway(&self) -> &Rc<Gateway> {
        &self.gateway
    }

    /// Ends the use with a verdict.
    pub(crate) fn settle(mut self, verdict: &Verdict) {
        self.settled = true;
        self.gateway
            .record(self.selected.index, &self.model, verdict);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.settled {
            self.gateway
                .record(self.selected.index, &self.model, &Verdict::Canceled);
        }
    }
}
