//! One key in a page: what its record says, its state, and what each verdict does to it.
//!
//! It does not choose among keys (`choose.rs`) and does not know other keys or the model's shared pause.

use std::sync::Arc;
use std::time::Duration;

use crate::cooling::Cool;
use crate::coolings::Coolings;
use crate::key::ApiKey;
use crate::key_id::KeyId;
use crate::key_list::Weight;
use crate::mark::{CoolingMark, Mark};
use crate::quota_book::Subject;
use crate::record::{KeyRecord, Tier};
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause, Scope, Verdict};

/// Time between the first and a believed second report that a key has expired: Google may say so of keys that are
/// minutes old.
const EXPIRY_DOUBT: Duration = Duration::from_mins(5);

/// A key and what is known of it. A pool may hold 100,000, so texts for people are not kept.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) id: KeyId,
    pub(crate) key: ApiKey,
    pub(crate) weight: Weight,
    /// Whether an admin took it out of service. Beside its state, because it has one all the same.
    pub(crate) disabled: bool,
    /// Free or paid, as the record says.
    tier: Option<Tier>,
    /// Free or paid, as Google said. Outweighs the record.
    pub(crate) learned_tier: Option<Tier>,
    pub(crate) egress: Option<Arc<str>>,
    /// Google's project, as an error or the record told.
    pub(crate) project: Option<Arc<str>>,
    /// Whose quotas it uses: made of project and id.
    pub(crate) subject: Subject,
    /// Which life of the key the state belongs to.
    pub(crate) generation: u32,
    /// Place among the keys of the page, as they were given.
    pub(crate) order: u32,
    /// Number of the selection that chose it last; zero if none did.
    pub(crate) last_use: u64,
    pub(crate) state: KeyState,
    /// Whether this instance knows something that it has not written.
    pub(crate) is_news: bool,
}

/// What answers have said of a key.
#[derive(Debug)]
pub(crate) enum KeyState {
    /// In use, apart from its coolings.
    Alive(Coolings),
    /// Out of use until somebody acts.
    Dead(DeathCause),
}

/// Whether anything of what instances share has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    None,
    Some,
}

impl Slot {
    pub(crate) fn new(record: KeyRecord, order: u32) -> Self {
        let id = record.id();
        let project: Option<Arc<str>> = record.project.map(Into::into);
        Self {
            id,
            subject: Subject::of(project.as_deref(), id),
            key: record.key,
            weight: record.weight,
            disabled: record.disabled,
            tier: record.tier,
            learned_tier: None,
            egress: record.egress.map(Into::into),
            project,
            generation: record.generation,
            order,
            last_use: 0,
            state: KeyState::Alive(Coolings::default()),
            is_news: false,
        }
    }

    /// Takes over what is known of the same key from before its record was read again, unless it has a new life. What
    /// the record says of the project outweighs what errors said.
    pub(crate) fn inherit(&mut self, before: Self) {
        if before.generation < self.generation {
            return;
        }
        self.generation = before.generation;
        self.state = before.state;
        self.last_use = before.last_use;
        self.is_news = before.is_news;
        self.learned_tier = before.learned_tier;
        if let (None, Some(project)) = (&self.project, before.project) {
            self.set_project(project);
        }
    }

    pub(crate) fn set_project(&mut self, project: Arc<str>) {
        self.subject = Subject::of(Some(&project), self.id);
        self.project = Some(project);
    }

    /// Free or paid, if anybody knows.
    pub(crate) fn tier(&self) -> Option<Tier> {
        self.learned_tier.or(self.tier)
    }

    /// Whether anything is known of it that its record does not say.
    pub(crate) fn is_remarkable(&self) -> bool {
        self.is_dead()
            || self.has_coolings()
            || self.is_news
            || self.learned_tier.is_some()
            || self.project.is_some()
    }

    /// Whether it may ever serve without anybody acting.
    pub(crate) fn is_living(&self) -> bool {
        !self.disabled && matches!(self.state, KeyState::Alive(_))
    }

    /// Whether anything is held against it, past or not.
    pub(crate) fn has_coolings(&self) -> bool {
        match &self.state {
            KeyState::Dead(_) => false,
            KeyState::Alive(coolings) => !coolings.is_empty(),
        }
    }

    pub(crate) fn has_cooling_of_whole_key(&self) -> bool {
        match &self.state {
            KeyState::Dead(_) => false,
            KeyState::Alive(coolings) => coolings.has_whole_key(),
        }
    }

    pub(crate) fn is_dead(&self) -> bool {
        matches!(self.state, KeyState::Dead(_))
    }

    pub(crate) fn start_probe(&mut self, model: &str, now: UnixMillis) {
        if let KeyState::Alive(coolings) = &mut self.state {
            coolings.start_probe(model, now);
        }
    }

    /// Applies the verdict on a request that this key made for this model. A dead key stays dead: requests that
    /// were under way when it died may still succeed, and prove nothing about the next one.
    pub(crate) fn apply(
        &mut self,
        model: &Arc<str>,
        verdict: &Verdict,
        now: UnixMillis,
        random: u64,
    ) {
        let KeyState::Alive(coolings) = &mut self.state else {
            return;
        };
        match *verdict {
            Verdict::Success | Verdict::Empty => coolings.clear_past(model, now),
            Verdict::Cool {
                scope,
                until,
                cause,
            } => {
                coolings.cool(scope, model, Cool { until, cause }, now, random);
                self.is_news = true;
            }
            Verdict::ModelUnavailable { until, cause } => {
                coolings.cool(Scope::Model, model, Cool { until, cause }, now, random);
                self.is_news = true;
            }
            Verdict::Dead {
                cause: DeathCause::Expired,
            } if !coolings.confirms_expiry(now) => {
                let doubt = Cool {
                    until: now.saturating_add(EXPIRY_DOUBT),
                    cause: CoolingCause::ExpiryReported,
                };
                coolings.cool(Scope::Key, model, doubt, now, random);
                self.is_news = true;
            }
            Verdict::Dead { cause } => {
                self.state = KeyState::Dead(cause);
                self.is_news = true;
            }
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

    /// Takes in what another instance knows; `name_of` gives the text to keep for a model's name. A mark of an earlier
    /// life says nothing, one of a later life says all.
    pub(crate) fn merge(
        &mut self,
        mark: &Mark,
        name_of: impl Fn(&str) -> Arc<str>,
        now: UnixMillis,
    ) -> Change {
        if mark.key != self.id || mark.generation < self.generation {
            return Change::None;
        }
        let mut change = Change::None;
        if mark.generation > self.generation {
            self.generation = mark.generation;
            self.state = KeyState::Alive(Coolings::default());
            self.is_news = false;
            change = Change::Some;
        }
        if let (None, Some(project)) = (&self.project, &mark.project) {
            self.set_project(project.as_str().into());
        }
        let death = match self.state {
            KeyState::Dead(cause) => Some(cause),
            KeyState::Alive(_) => None,
        };
        let latest = mark
            .dead
            .into_iter()
            .chain(death)
            .max_by_key(|cause| *cause as u8);
        if let Some(cause) = latest {
            if death.is_none() {
                change = Change::Some;
            }
            self.state = KeyState::Dead(cause);
        }
        let KeyState::Alive(coolings) = &mut self.state else {
            return change;
        };
        for reported in &mark.coolings {
            let (scope, name) = match &reported.model {
                None => (Scope::Key, Arc::from("")),
                Some(model) => (Scope::Model, name_of(model)),
            };
            let cool = Cool {
                until: reported.until,
                cause: reported.cause,
            };
            if coolings.merge(scope, &name, cool, now) {
                change = Change::Some;
            }
        }
        change
    }

    /// What other instances should know of it.
    pub(crate) fn mark(&self, now: UnixMillis) -> Mark {
        let (dead, coolings) = match &self.state {
            KeyState::Dead(cause) => (Some(*cause), Vec::new()),
            KeyState::Alive(coolings) => {
                let active = coolings.active(now).map(|(model, cooling)| CoolingMark {
                    model: model.map(str::to_owned),
                    until: cooling.until,
                    cause: cooling.cause,
                });
                (None, active.collect())
            }
        };
        Mark {
            key: self.id,
            generation: self.generation,
            dead,
            coolings,
            project: self.project.as_deref().map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests;
