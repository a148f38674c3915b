//! Whether one key may serve one request now, and if not, why: everything that is known of it, in one enum.
//!
//! It decides nothing among keys, and does not ask for quotas: those are asked for the key that is about to go.

use crate::cooling::Availability;
use crate::egress::Egresses;
use crate::key_id::KeyId;
use crate::projects::Projects;
use crate::record::Tier;
use crate::slot::{KeyState, Slot};
use crate::time::UnixMillis;
use crate::verdict::DeathCause;
use crate::wait::WaitCause;
use crate::wish::Wish;

/// What is asked of each key.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) model: &'a str,
    pub(crate) tried: &'a [KeyId],
    pub(crate) paid_only: bool,
    /// Absent where only states count.
    pub(crate) egresses: Option<&'a Egresses>,
    pub(crate) projects: &'a Projects,
    pub(crate) now: UnixMillis,
}

impl<'a> Question<'a> {
    /// What a request asks of each key.
    pub(crate) fn new(
        wish: &Wish<'a>,
        egresses: &'a Egresses,
        projects: &'a Projects,
        now: UnixMillis,
    ) -> Self {
        Self {
            model: wish.model,
            tried: wish.tried,
            paid_only: wish.paid_only,
            egresses: Some(egresses),
            projects,
            now,
        }
    }
}

/// How a key stands for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may go.
    Ready,
    /// It may go, one request as a trial.
    Probe,
    /// It could go, but this request has tried it.
    Tried,
    /// Not before then.
    Waiting(UnixMillis, WaitCause),
    /// Not for a request that must be paid for.
    NotPaid,
    /// Not until somebody acts.
    Dead(DeathCause),
    /// Not until an admin lets it.
    Disabled,
}

impl Question<'_> {
    pub(crate) fn of(&self, slot: &Slot) -> Standing {
        if slot.disabled {
            return Standing::Disabled;
        }
        let own = match &slot.state {
            KeyState::Dead(cause) => return Standing::Dead(*cause),
            KeyState::Alive(coolings) => coolings.availability(self.model, self.now),
        };
        if self.paid_only && slot.tier() != Some(Tier::Paid) {
            return Standing::NotPaid;
        }
        let shared = self
            .projects
            .availability(slot.subject, self.model, self.now);
        let all = own.and(shared);
        match all {
            Availability::Cooling { until, cause } => {
                return Standing::Waiting(until, WaitCause::Cooling(cause));
            }
            Availability::Probing { until, .. } => {
                return Standing::Waiting(until, WaitCause::Probe);
            }
            Availability::Ready | Availability::Probe => {}
        }
        if let Some(until) = self.egress_wait(slot) {
            return Standing::Waiting(until, WaitCause::Egress);
        }
        if self.tried.contains(&slot.id) {
            return Standing::Tried;
        }
        if all == Availability::Probe {
            Standing::Probe
        } else {
            Standing::Ready
        }
    }

    /// Until when the egress backs off that the key is pinned to. A pin to an egress that no longer exists holds the
    /// key back for as long as a back-off is looked at again: somebody wanted it to go no other way.
    fn egress_wait(&self, slot: &Slot) -> Option<UnixMillis> {
        let (egresses, pinned) = (self.egresses?, slot.egress.as_deref()?);
        match egresses.find(pinned) {
            Some(index) => egresses.until(index, self.now),
            None => Some(self.now.saturating_add(UNKNOWN_EGRESS)),
        }
    }
}

/// When a key that is pinned to an unknown egress is looked at again: deployments change rarely.
const UNKNOWN_EGRESS: std::time::Duration = std::time::Duration::from_mins(1);
