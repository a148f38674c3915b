//! The state of one key, and what each verdict does to it.
//!
//! It does not choose among keys (`select.rs`) and does not know other keys or the model's shared pause.

use std::time::Duration;

use crate::cooling::{Availability, Coolings};
use crate::key::ApiKey;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause, Scope, Verdict};

/// Time between the first and a believed second report that a key has expired: Google may say so of keys that are
/// minutes old.
const EXPIRY_DOUBT: Duration = Duration::from_mins(5);

/// A key and what is known of it.
#[derive(Debug)]
pub(crate) struct KeyEntry {
    pub(crate) key: ApiKey,
    pub(crate) state: KeyState,
}

/// What is known of a key.
#[derive(Debug)]
pub(crate) enum KeyState {
    /// In use, apart from its coolings.
    Alive(Coolings),
    /// Out of use until somebody acts.
    Dead(DeathCause),
}

impl KeyEntry {
    pub(crate) fn new(key: ApiKey) -> Self {
        Self {
            key,
            state: KeyState::Alive(Coolings::default()),
        }
    }

    /// Whether the key may serve this model now; `None` if it is dead.
    pub(crate) fn availability(&self, model: &str, now: UnixMillis) -> Option<Availability> {
        match &self.state {
            KeyState::Alive(coolings) => Some(coolings.availability(model, now)),
            KeyState::Dead(_) => None,
        }
    }

    /// Whether the key may serve this model now.
    pub(crate) fn is_usable(&self, model: &str, now: UnixMillis) -> bool {
        matches!(
            self.availability(model, now),
            Some(Availability::Ready | Availability::Probe)
        )
    }

    pub(crate) fn start_probe(&mut self, model: &str, now: UnixMillis) {
        if let KeyState::Alive(coolings) = &mut self.state {
            coolings.start_probe(model, now);
        }
    }

    /// Applies the verdict on a request that this key made for this model. A dead key stays dead: requests that
    /// were under way when it died may still succeed, and prove nothing about the next one.
    pub(crate) fn apply(&mut self, model: &str, verdict: &Verdict, now: UnixMillis, random: u64) {
        let KeyState::Alive(coolings) = &mut self.state else {
            return;
        };
        match *verdict {
            Verdict::Success | Verdict::Empty => coolings.clear_past(model, now),
            Verdict::Cool {
                scope,
                until,
                cause,
            } => coolings.cool(scope, model, until, cause, now, random),
            Verdict::ModelUnavailable { until, cause } => {
                coolings.cool(Scope::Model, model, until, cause, now, random);
            }
            Verdict::Dead {
                cause: DeathCause::Expired,
            } if !coolings.confirms_expiry(now) => {
                let until = now.saturating_add(EXPIRY_DOUBT);
                coolings.cool(
                    Scope::Key,
                    model,
                    until,
                    CoolingCause::ExpiryReported,
                    now,
                    random,
                );
            }
            Verdict::Dead { cause } => self.state = KeyState::Dead(cause),
            Verdict::ModelFault { .. }
            | Verdict::Egress { .. }
            | Verdict::Forbidden
            | Verdict::Foreign
            | Verdict::PassOver
            | Verdict::Client
            | Verdict::GatewayFault
            | Verdict::Network
            | Verdict::Canceled => coolings.end_probe(model),
        }
    }
}

#[cfg(test)]
mod tests;
