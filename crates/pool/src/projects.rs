//! What is known of Google's projects: coolings that all keys of a project share, because its quotas are shared.
//!
//! Which key belongs to which project is the keys' business. Nothing here is stored: a mark of the key that was
//! refused says the same, and names the project.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cooling::{Availability, Cool};
use crate::coolings::Coolings;
use crate::quota_book::Subject;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, Scope};

/// Most projects with a cooling at once. One more makes the cooling that ends first forgotten, which costs a call.
const MAX_PROJECTS: usize = 16_384;

/// Coolings of projects, by the digest of their names. Only those that have any.
#[derive(Debug, Default)]
pub(crate) struct Projects(BTreeMap<[u8; 8], Coolings>);

impl Projects {
    /// Whether the project lets its keys serve this model now. Keys of unknown projects have none.
    pub(crate) fn availability(
        &self,
        subject: Subject,
        model: &str,
        now: UnixMillis,
    ) -> Availability {
        if self.0.is_empty() {
            return Availability::Ready;
        }
        self.get(subject).map_or(Availability::Ready, |coolings| {
            coolings.availability(model, now)
        })
    }

    pub(crate) fn get(&self, subject: Subject) -> Option<&Coolings> {
        match subject {
            Subject::Project(project) => self.0.get(&project),
            Subject::Key(_) => None,
        }
    }

    /// The coolings of a project, if it has any.
    pub(crate) fn get_mut(&mut self, subject: Subject) -> Option<&mut Coolings> {
        match subject {
            Subject::Project(project) => self.0.get_mut(&project),
            Subject::Key(_) => None,
        }
    }

    /// Cools a project, if the cause is one that a project shares and the project is known.
    pub(crate) fn cool(
        &mut self,
        subject: Subject,
        scope: Scope,
        model: &Arc<str>,
        cool: Cool,
        now: UnixMillis,
        random: u64,
    ) {
        if let Some(coolings) = self.entry(subject, cool.cause) {
            coolings.cool(scope, model, cool, now, random);
        }
    }

    /// Takes over a cooling that another instance has reported of a key of the project.
    pub(crate) fn merge(
        &mut self,
        subject: Subject,
        scope: Scope,
        model: &Arc<str>,
        cool: Cool,
        now: UnixMillis,
    ) {
        if let Some(coolings) = self.entry(subject, cool.cause) {
            coolings.merge(scope, model, cool, now);
        }
    }

    /// Forgets every cooling.
    pub(crate) fn forget_all(&mut self, now: UnixMillis) {
        for coolings in self.0.values_mut() {
            coolings.forget_all(now);
        }
        self.0.retain(|_, coolings| !coolings.is_empty());
    }

    fn entry(&mut self, subject: Subject, cause: CoolingCause) -> Option<&mut Coolings> {
        let Subject::Project(project) = subject else {
            return None;
        };
        if !is_shared(cause) {
            return None;
        }
        if self.0.len() >= MAX_PROJECTS && !self.0.contains_key(&project) {
            let first = self
                .0
                .iter()
                .min_by_key(|(_, coolings)| coolings.last_end())
                .map(|(project, _)| *project);
            first.and_then(|project| self.0.remove(&project));
        }
        Some(self.0.entry(project).or_default())
    }
}

/// Whether what cools one key of a project cools the others: quotas and bills are the project's. Source:
/// <https://ai.google.dev/gemini-api/docs/rate-limits>, "applied per project, not per API key", November 2026.
fn is_shared(cause: CoolingCause) -> bool {
    match cause {
        CoolingCause::MinuteQuota
        | CoolingCause::DayQuota
        | CoolingCause::RateLimited
        | CoolingCause::NoQuotaForModel
        | CoolingCause::ModelClosedToNewUsers
        | CoolingCause::ServiceDisabled
        | CoolingCause::FreeTierCountry
        | CoolingCause::CreditsDepleted => true,
        CoolingCause::Unexplained
        | CoolingCause::KeyRestricted
        | CoolingCause::ExpiryReported
        | CoolingCause::Fixed
        | CoolingCause::ByRule => false,
    }
}
