//! Choosing the key for one attempt, in a time that does not depend on how many keys there are: a page by its turn,
//! then one of the few hundred keys in it.
//!
//! What to do when there is none is `emergency.rs`.

use crate::affinity::favorite;
use crate::egress::{EgressIndex, Egresses};
use crate::key_id::KeyId;
use crate::page::{Page, Pick, Survey};
use crate::page_turns::{PageOrder, PageTurns, Place};
use crate::paging::resting_place;
use crate::policy::Affinity;
use crate::pool::{Pool, Which};
use crate::room::{Room, room_for_less};
use crate::standing::{Question, Standing};
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::wait::WaitCause;
use crate::wish::{Choice, NoKey, Selected, Wish};

/// Most pages looked at for one choice. Pages without usable key are known and wait elsewhere, so the first look
/// nearly always succeeds; the others are for what changed unseen (a pinned egress, a quota, a project's cooling).
pub(crate) const MAX_PAGES_PROBED: usize = 8;

/// What kept a request from the keys of the pages that were looked at.
#[derive(Default)]
struct Findings {
    /// Pages that have keys, but not for this request.
    passed: Vec<usize>,
    has_tried: bool,
    waits: Survey,
}

impl Pool {
    /// Chooses the key for the next attempt of a request: never a tried, dead, disabled or cooling one.
    ///
    /// After a cooling the key serves one trial request per model; others pass it by until [`Pool::record`] hears of
    /// the trial, or [`crate::PROBE_LEASE`] has passed. Keys whose quota has no room for the request are passed over.
    ///
    /// Prefers loaded pages; [`Choice::Page`] comes where none of them has a usable key, where the conversation's page
    /// is another one, and where keys are filled in order.
    pub fn select(
        &mut self,
        wish: &Wish<'_>,
        egresses: &Egresses,
        now: UnixMillis,
        random: u64,
    ) -> Choice {
        self.watch_clock(now);
        match self.choose(wish, egresses, now, random) {
            Choice::None(NoKey::AllCooling { soonest, cause })
                if wish.only.is_none() && soonest.saturating_since(now) > wish.patience =>
            {
                self.choose_in_emergency(wish, egresses, (soonest, cause), now, random)
            }
            choice => choice,
        }
    }

    pub(crate) fn choose(
        &mut self,
        wish: &Wish<'_>,
        egresses: &Egresses,
        now: UnixMillis,
        random: u64,
    ) -> Choice {
        if let Some(reason) = self.refusal(wish.model, egresses, now) {
            return Choice::None(reason);
        }
        if let Some(id) = wish.only {
            return self.choose_only(id, wish, egresses, now);
        }
        self.ensure_line(wish, now, random);
        let Self {
            policy,
            pages,
            lines,
            projects,
            quotas,
            standings,
            ..
        } = self;
        let Some(line) = lines.of(wish.paid_only).get_mut(wish.model) else {
            return Choice::None(NoKey::Empty);
        };
        line.wake(now, |page| {
            pages.get(page).is_some_and(|page| page.loaded.is_some())
        });
        let question = Question::new(wish, egresses, projects, now);
        let pick = Pick {
            strategy: policy.strategy,
            conversation: wish
                .conversation
                .filter(|_| policy.affinity == Affinity::Conversation),
            random,
        };
        let mut findings = Findings::default();
        for _ in 0..MAX_PAGES_PROBED {
            let page = match next_page(line, pages, pick, &findings.passed) {
                NextPage::Loaded(page) => page,
                NextPage::Unloaded(page) => return Choice::Page(page),
                NextPage::None => break,
            };
            let Some(loaded) = pages.get_mut(page).and_then(|page| page.loaded.as_mut()) else {
                line.put(page, Place::Unloaded);
                continue;
            };
            #[cfg(test)]
            {
                self.probed += 1;
            }
            let mut survey = loaded.survey(&question, pick.strategy, standings);
            if survey.usable == 0 {
                line.put(page, survey.place());
                continue;
            }
            let room = Room {
                quotas: &mut *quotas,
                egresses,
                wish,
                now,
            };
            if let Some((at, egress)) = room.pick(loaded, standings, &mut survey, pick) {
                let probe = standings.get(at) == Some(&Standing::Probe);
                let weight = survey.usable_weight;
                if let Some((turn, _)) = line.next_unloaded()
                    && pick.conversation.is_none()
                    && turn <= line.position(page)
                {
                    self.wanted = line.next_unloaded().map(|(_, page)| page);
                }
                line.went(page, weight);
                return self.hand_out(page, at, egress, probe, wish, now);
            }
            if standings.contains(&Standing::Tried) {
                findings.has_tried = true;
                findings.passed.push(page);
            } else if room_for_less(quotas, loaded, standings, wish, now) {
                findings.passed.push(page);
                if let Some((until, cause)) = survey.wait {
                    findings.waits.note_wait(until, cause);
                }
            } else {
                line.put(
                    page,
                    Survey {
                        usable: 0,
                        ..survey
                    }
                    .place(),
                );
            }
        }
        let reason = why_none(line, findings, wish.paid_only, now);
        Choice::None(reason)
    }

    /// Why no key at all can serve this model now.
    fn refusal(&self, model: &str, egresses: &Egresses, now: UnixMillis) -> Option<NoKey> {
        if self.is_empty() {
            return Some(NoKey::Empty);
        }
        if let Some(until) = egresses.all_until(now) {
            return Some(NoKey::EgressBackoff { until });
        }
        let state = self.models.get(model)?;
        if let Some(until) = state.backoff.until(now) {
            return Some(NoKey::ModelBackoff { until });
        }
        let until = state.gone_until(self.len(), now)?;
        Some(NoKey::NoSuchModel { until })
    }

    /// The key that owns what the request is about, or nothing.
    fn choose_only(
        &mut self,
        id: KeyId,
        wish: &Wish<'_>,
        egresses: &Egresses,
        now: UnixMillis,
    ) -> Choice {
        let page = id.page(self.bits);
        let question = Question::new(wish, egresses, &self.projects, now);
        let Some(loaded) = self.pages.get(page).map(|page| &page.loaded) else {
            return Choice::None(NoKey::Gone);
        };
        let Some(loaded) = loaded else {
            return Choice::Page(page);
        };
        let found = (0..).zip(&loaded.slots).find(|(_, slot)| slot.id == id);
        let Some((at, slot)) = found else {
            return Choice::None(NoKey::Gone);
        };
        let standing = question.of(slot);
        let subject = slot.subject;
        let egress = egresses.of(slot.egress.as_deref(), id, now);
        let waits = |soonest, cause| Choice::None(NoKey::AllCooling { soonest, cause });
        match (standing, egress) {
            (Standing::Ready | Standing::Probe, Some(egress)) => {
                if let Err(full) = self.quotas.may(subject, wish.model, wish.tokens, now) {
                    return waits(full.until, WaitCause::Quota(full.which));
                }
                let probe = standing == Standing::Probe;
                self.hand_out(page, at, egress, probe, wish, now)
            }
            (Standing::Ready | Standing::Probe, None) => waits(now, WaitCause::Egress),
            (Standing::Waiting(until, cause), _) => waits(until, cause),
            (Standing::Tried, _) => Choice::None(NoKey::AllTried),
            (Standing::NotPaid, _) => Choice::None(NoKey::NonePaid),
            (Standing::Dead(_) | Standing::Disabled, _) => Choice::None(NoKey::Gone),
        }
    }

    /// Gives out the key at this place of this page.
    pub(crate) fn hand_out(
        &mut self,
        page: usize,
        at: usize,
        egress: EgressIndex,
        probe: bool,
        wish: &Wish<'_>,
        now: UnixMillis,
    ) -> Choice {
        self.uses = self.uses.saturating_add(1);
        let loaded = self
            .pages
            .get_mut(page)
            .and_then(|page| page.loaded.as_mut());
        let Some(loaded) = loaded else {
            return Choice::Page(page);
        };
        loaded.went(at, wish.model, self.uses);
        let Some(slot) = loaded.slots.get_mut(at) else {
            return Choice::Page(page);
        };
        let mut is_shared = slot.has_cooling_of_whole_key();
        if probe {
            slot.start_probe(wish.model, now);
            if let Some(project) = self.projects.get_mut(slot.subject) {
                project.start_probe(wish.model, now);
                is_shared = true;
            }
        }
        self.quotas.note(slot.subject, wish.model, wish.tokens, now);
        let selected = Selected {
            id: slot.id,
            key: slot.key.clone(),
            probe,
            egress,
        };
        if probe {
            // The trial of a whole key, or of a project, is the trial for every model.
            let which = if is_shared {
                Which::All
            } else {
                Which::Of(wish.model)
            };
            self.reconsider(page, which, now);
        }
        Choice::Key(selected)
    }

    /// Makes the line of this model, if nobody has asked for it yet.
    fn ensure_line(&mut self, wish: &Wish<'_>, now: UnixMillis, random: u64) {
        let Self {
            policy,
            pages,
            lines,
            summary,
            ..
        } = self;
        let place = |index: usize, page: &Page| match resting_place(page) {
            Place::Unloaded => summary
                .out_until(wish.model, (index, &page.info.version), now)
                .map_or(Place::Unloaded, |until| {
                    Place::Waiting(until, WaitCause::Unknown)
                }),
            place => place,
        };
        let strategy = policy.strategy;
        lines.of(wish.paid_only).ensure(wish.model, || {
            let pages = pages.iter().enumerate();
            match strategy {
                Strategy::FillFirst => {
                    let ranked = pages.map(|(index, page)| (page.rank(index), place(index, page)));
                    PageTurns::by_ranks(&ranked.collect::<Vec<_>>())
                }
                Strategy::Weighted
                | Strategy::RoundRobin
                | Strategy::Random
                | Strategy::LeastRecentlyUsed => {
                    let weighted =
                        pages.map(|(index, page)| (page.weight(strategy), place(index, page)));
                    PageTurns::by_shares(&weighted.collect::<Vec<_>>(), random)
                }
            }
        });
    }
}

enum NextPage {
    Loaded(usize),
    Unloaded(usize),
    None,
}

/// The page to look into, other than those that were passed over.
fn next_page(line: &PageTurns, pages: &[Page], pick: Pick, passed: &[usize]) -> NextPage {
    if let Some(conversation) = pick.conversation {
        let open = pages.iter().enumerate().filter_map(|(index, page)| {
            let is_open = line.is_open(index) && !passed.contains(&index);
            let number = u64::try_from(index).unwrap_or(u64::MAX);
            is_open.then(|| (index, number, page.weight_as_laid_out(pick.strategy)))
        });
        return match favorite(conversation, open) {
            Some(page) if line.place(page) == Place::Unloaded => NextPage::Unloaded(page),
            Some(page) => NextPage::Loaded(page),
            None => NextPage::None,
        };
    }
    let last = passed.last().map(|page| (line.position(*page), *page));
    let unloaded = line.next_unloaded();
    match (line.next(last), unloaded) {
        (Some((rank, _)), Some((unloaded_rank, page)))
            if line.order() == PageOrder::Ranks && unloaded_rank < rank =>
        {
            NextPage::Unloaded(page)
        }
        (Some((_, page)), _) => NextPage::Loaded(page),
        (None, Some((_, page))) => NextPage::Unloaded(page),
        (None, None) => NextPage::None,
    }
}

/// Why no key could be chosen. Keys already tried count: if one of them is usable the request has run out of keys,
/// not the pool.
fn why_none(line: &PageTurns, findings: Findings, paid_only: bool, now: UnixMillis) -> NoKey {
    if findings.has_tried {
        return NoKey::AllTried;
    }
    if line.has_other_than(&findings.passed) {
        return NoKey::AllCooling {
            soonest: now,
            cause: WaitCause::Unknown,
        };
    }
    let mut waits = findings.waits;
    if let Some((until, _, cause)) = line.soonest() {
        waits.note_wait(until, cause);
    }
    match waits.wait {
        Some((soonest, cause)) => NoKey::AllCooling { soonest, cause },
        None if paid_only => NoKey::NonePaid,
        None => NoKey::AllDead,
    }
}

#[cfg(test)]
mod tests;
