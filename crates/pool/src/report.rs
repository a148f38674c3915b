//! What becomes of a choice: verdicts, lessons and real use, told to everything that they concern.
//!
//! What a verdict does to one key is `slot.rs`; it is shared with other instances through `marks.rs`.

use std::sync::Arc;

use crate::cooling::Cool;
use crate::egress::{Blame, Egresses};
use crate::key_id::KeyId;
use crate::lessons::Lessons;
use crate::model_state::ModelState;
use crate::pool::{Pool, Which};
use crate::quota_book::{Spent, Subject};
use crate::slot::{KeyState, Slot};
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, Scope, Verdict};
use crate::wish::Attempt;

impl Pool {
    /// Applies the verdict on an attempt that [`Pool::select`] started, whatever came of it: every attempt must be
    /// reported once, or its key may wait for a lease to end. A key that is not here any more changes nothing.
    ///
    /// Where the egress is to blame (`egress.rs` says when), it backs off and the key is left alone.
    pub fn record(
        &mut self,
        attempt: &Attempt<'_>,
        verdict: &Verdict,
        egresses: &mut Egresses,
        now: UnixMillis,
        random: u64,
    ) {
        self.watch_clock(now);
        let Attempt { id, model, .. } = *attempt;
        let verdict = match blame(attempt, verdict, egresses, now, random) {
            Blame::Key => verdict,
            // Ends the trial, if it was one, and says nothing of the key.
            Blame::Egress => &Verdict::PassOver,
        };
        self.note_model(id, model, verdict, now, random);
        self.emergencies.end_probe(id, model);
        let name = self.lines.any().name(model);
        let page = id.page(self.bits);
        let Some(slot) = self.slot_mut(id) else {
            return;
        };
        let had_coolings = slot.has_coolings();
        slot.apply(&name, verdict, now, random);
        let subject = slot.subject;
        if slot.is_news {
            self.news.note_if(page, verdict);
        }
        let may_be_back = had_coolings || self.projects.get(subject).is_some();
        self.tell_project(subject, &name, verdict, now, random);
        let which = match verdict {
            Verdict::Dead { .. }
            | Verdict::Cool {
                scope: Scope::Key, ..
            } => Which::All,
            // The report may end a trial of the whole key as well.
            Verdict::Cool { .. } | Verdict::ModelUnavailable { .. } if may_be_back => Which::All,
            Verdict::Cool { .. } | Verdict::ModelUnavailable { .. } => Which::Of(model),
            _ if may_be_back => Which::NotReady,
            // A key that nothing was held against leaves its page as it was.
            _ => return,
        };
        self.reconsider(page, which, now);
    }

    /// Learns what an error told beyond its verdict. After [`Pool::record`] of the same attempt.
    pub fn learn(&mut self, id: KeyId, model: &str, lessons: &Lessons, now: UnixMillis) {
        if lessons.is_empty() {
            return;
        }
        self.watch_clock(now);
        let page = id.page(self.bits);
        let other = lessons
            .model
            .as_deref()
            .map(|model| self.lines.any().name(model));
        let Some(slot) = self.slot_mut(id) else {
            return;
        };
        if let Some(tier) = lessons.tier {
            slot.learned_tier = Some(tier);
        }
        if let (None, Some(project)) = (&slot.project, &lessons.project) {
            slot.set_project(project.as_str().into());
            slot.is_news = true;
        }
        if let Some(other) = &other {
            cool_alias(slot, model, other, now);
        }
        let subject = slot.subject;
        let is_news = slot.is_news;
        let known = coolings_of(slot, now);
        for (scope, name, cool) in known {
            self.projects.merge(subject, scope, &name, cool, now);
        }
        self.quotas.learn(subject, model, lessons, now);
        if is_news {
            self.news.note(page);
        }
        self.reconsider(page, Which::All, now);
    }

    /// Corrects what was counted for a request of this key when its real use is known.
    pub fn spent(&mut self, id: KeyId, model: &str, spent: Spent, now: UnixMillis) {
        if let Some(subject) = self.subject(id) {
            self.quotas.correct(subject, model, spent, now);
        }
    }

    /// Takes in what all instances together have counted for this key's project and a day ([`crate::pacific_day`]).
    pub fn shared(
        &mut self,
        id: KeyId,
        model: &str,
        day: u32,
        requests: u64,
        tokens: u64,
        now: UnixMillis,
    ) {
        if let Some(subject) = self.subject(id) {
            self.quotas
                .shared(subject, model, day, requests, tokens, now);
        }
    }

    /// Whose quotas this key uses; `None` if it is not loaded.
    #[must_use]
    pub fn subject(&self, id: KeyId) -> Option<Subject> {
        self.slot(id).map(|slot| slot.subject)
    }

    fn note_model(
        &mut self,
        id: KeyId,
        model: &str,
        verdict: &Verdict,
        now: UnixMillis,
        random: u64,
    ) {
        match *verdict {
            Verdict::Success => self.models.remove(model),
            Verdict::ModelFault { cause } if cause.pauses_model() => {
                self.models.update(model, ModelState::default, |state| {
                    state.backoff.note_fault(now, random);
                });
            }
            Verdict::ModelUnavailable {
                cause: CoolingCause::ModelClosedToNewUsers,
                ..
            } => {
                self.models.update(model, ModelState::default, |state| {
                    state.note_refusal(id, now);
                });
            }
            _ => {}
        }
    }

    fn tell_project(
        &mut self,
        subject: Subject,
        model: &Arc<str>,
        verdict: &Verdict,
        now: UnixMillis,
        random: u64,
    ) {
        match *verdict {
            Verdict::Cool {
                scope,
                until,
                cause,
            } => {
                let cool = Cool { until, cause };
                self.projects.cool(subject, scope, model, cool, now, random);
            }
            Verdict::ModelUnavailable { until, cause } => {
                let cool = Cool { until, cause };
                self.projects
                    .cool(subject, Scope::Model, model, cool, now, random);
            }
            Verdict::Success | Verdict::Empty => {
                if let Some(project) = self.projects.get_mut(subject) {
                    project.clear_past(model, now);
                }
            }
            Verdict::Dead { .. }
            | Verdict::ModelFault { .. }
            | Verdict::Egress { .. }
            | Verdict::Forbidden
            | Verdict::Foreign
            | Verdict::PassOver
            | Verdict::Client
            | Verdict::GatewayFault
            | Verdict::Network
            | Verdict::Canceled => {
                if let Some(project) = self.projects.get_mut(subject) {
                    project.end_probe(model);
                }
            }
        }
    }
}

/// Tells the egress, and asks it whom to blame.
fn blame(
    attempt: &Attempt<'_>,
    verdict: &Verdict,
    egresses: &mut Egresses,
    now: UnixMillis,
    random: u64,
) -> Blame {
    let Attempt { id, egress, .. } = *attempt;
    match *verdict {
        Verdict::Egress { cause } => {
            egresses.note_refused(egress, cause, now, random);
            Blame::Egress
        }
        Verdict::Cool {
            cause: CoolingCause::Unexplained,
            ..
        } => egresses.note_unexplained_429(egress, id, now, random),
        Verdict::Cool {
            cause: CoolingCause::KeyRestricted,
            ..
        } => egresses.note_restricted(egress, id, now, random),
        Verdict::Success => {
            egresses.note_success(egress, now);
            Blame::Key
        }
        _ => Blame::Key,
    }
}

/// What cools this key for the model of the request cools it for the same model's other name.
fn cool_alias(slot: &mut Slot, model: &str, other: &Arc<str>, now: UnixMillis) {
    let KeyState::Alive(coolings) = &mut slot.state else {
        return;
    };
    let known = coolings
        .active(now)
        .find(|(name, _)| *name == Some(crate::by_model::bounded_name(model)))
        .map(|(_, cooling)| Cool {
            until: cooling.until,
            cause: cooling.cause,
        });
    if let Some(cool) = known {
        coolings.merge(Scope::Model, other, cool, now);
    }
}

/// The coolings of a key, to be told to a project that it has just turned out to belong to.
fn coolings_of(slot: &Slot, now: UnixMillis) -> Vec<(Scope, Arc<str>, Cool)> {
    let KeyState::Alive(coolings) = &slot.state else {
        return Vec::new();
    };
    let active = coolings.active(now).map(|(model, cooling)| {
        let scope = model.map_or(Scope::Key, |_| Scope::Model);
        let cool = Cool {
            until: cooling.until,
            cause: cooling.cause,
        };
        (scope, Arc::from(model.unwrap_or_default()), cool)
    });
    active.collect()
}

#[cfg(test)]
mod tests;
