//! What happens when every key has to wait for longer than the request would: the policy's decision.
//!
//! Dead and disabled keys stay out whatever it says.

use std::time::Duration;

use crate::cooling::PROBE_LEASE;
use crate::egress::Egresses;
use crate::key_id::KeyId;
use crate::page_turns::Place;
use crate::policy::Emergency;
use crate::pool::{Pool, Which};
use crate::slot::KeyState;
use crate::standing::{Question, Standing};
use crate::time::UnixMillis;
use crate::wait::WaitCause;
use crate::wish::{Choice, NoKey, Wish};

/// Shortest time between two resets: else a pool whose keys are all refused would ask Google once per key and request.
const RESET_PAUSE: Duration = Duration::from_mins(1);

/// What was done about emergencies.
#[derive(Debug, Default)]
pub(crate) struct Emergencies {
    last_reset: Option<UnixMillis>,
    probe: Option<Probe>,
}

/// A key that serves before its time.
#[derive(Debug)]
struct Probe {
    key: KeyId,
    model: Box<str>,
    lease: UnixMillis,
}

impl Emergencies {
    /// The trial of this key for this model is over.
    pub(crate) fn end_probe(&mut self, key: KeyId, model: &str) {
        let is_over = |probe: &Probe| probe.key == key && *probe.model == *model;
        if self.probe.as_ref().is_some_and(is_over) {
            self.probe = None;
        }
    }

    fn is_probing(&self, now: UnixMillis) -> bool {
        let is_leased = |probe: &Probe| probe.lease.is_ahead_within(now, PROBE_LEASE);
        self.probe.as_ref().is_some_and(is_leased)
    }

    /// A clock set back does not put the next reset off.
    fn may_reset(&self, now: UnixMillis) -> bool {
        self.last_reset.is_none_or(|last| {
            !last
                .saturating_add(RESET_PAUSE)
                .is_ahead_within(now, RESET_PAUSE)
        })
    }
}

impl Pool {
    /// The policy's answer where no key returns in time.
    pub(crate) fn choose_in_emergency(
        &mut self,
        wish: &Wish<'_>,
        egresses: &Egresses,
        (soonest, cause): (UnixMillis, WaitCause),
        now: UnixMillis,
        random: u64,
    ) -> Choice {
        let waiting = Choice::None(NoKey::AllCooling { soonest, cause });
        match self.policy.emergency {
            Emergency::Fail => waiting,
            // A trial is under way already, and will tell.
            Emergency::ProbeSoonest | Emergency::Reset if cause == WaitCause::Probe => waiting,
            Emergency::ProbeSoonest => self.probe_soonest(wish, egresses, now).unwrap_or(waiting),
            Emergency::Reset if self.emergencies.may_reset(now) => {
                self.emergencies.last_reset = Some(now);
                self.forget_coolings(now);
                self.choose(wish, egresses, now, random)
            }
            Emergency::Reset => waiting,
        }
    }

    /// Forgets the coolings of every loaded key, also where other instances repeat them; not deaths.
    pub fn forget_coolings(&mut self, now: UnixMillis) {
        self.projects.forget_all(now);
        for page in 0..self.pages.len() {
            for (_, _, line) in self.lines.all_mut() {
                // What others say of pages that are not loaded is forgotten as well.
                if matches!(line.place(page), Place::Waiting(_, WaitCause::Unknown)) {
                    line.put(page, Place::Unloaded);
                }
            }
            let loaded = self
                .pages
                .get_mut(page)
                .and_then(|page| page.loaded.as_mut());
            for slot in loaded.into_iter().flat_map(|loaded| &mut loaded.slots) {
                if let KeyState::Alive(coolings) = &mut slot.state {
                    coolings.forget_all(now);
                }
            }
            self.reconsider(page, Which::All, now);
        }
    }

    /// The key that returns first, as a trial before its time; `None` while another trial is under way.
    fn probe_soonest(
        &mut self,
        wish: &Wish<'_>,
        egresses: &Egresses,
        now: UnixMillis,
    ) -> Option<Choice> {
        if self.emergencies.is_probing(now) {
            return None;
        }
        let (_, page, _) = self
            .lines
            .of(wish.paid_only)
            .get_mut(wish.model)?
            .soonest()?;
        let question = Question::new(wish, egresses, &self.projects, now);
        let Some(loaded) = &self.pages.get(page)?.loaded else {
            return Some(Choice::Page(page));
        };
        let waiting = (0..)
            .zip(&loaded.slots)
            .filter_map(|(at, slot)| match question.of(slot) {
                Standing::Waiting(until, WaitCause::Cooling(_))
                    if !wish.tried.contains(&slot.id) =>
                {
                    Some((until, at, slot))
                }
                _ => None,
            });
        let (_, at, slot) = waiting.min_by_key(|(until, at, _)| (*until, *at))?;
        let id = slot.id;
        let egress = egresses.of(slot.egress.as_deref(), id, now)?;
        self.emergencies.probe = Some(Probe {
            key: id,
            model: wish.model.into(),
            lease: now.saturating_add(PROBE_LEASE),
        });
        Some(self.hand_out(page, at, egress, true, wish, now))
    }
}

#[cfg(test)]
mod tests;
