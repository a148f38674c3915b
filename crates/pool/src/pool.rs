//! The pool: pages of keys in, a key per request out, verdicts back in.
//!
//! It lives in memory and knows no store: pages, marks and summaries are carried in and out by its user. How it
//! chooses is `choose.rs`, what reports do is `report.rs`, what instances share is `marks.rs` and `summary.rs`.

use std::collections::BTreeMap;

use crate::by_model::{ByModel, bounded_name};
use crate::emergency::Emergencies;
use crate::key::ApiKey;
use crate::key_id::KeyId;
use crate::key_list::KeySpec;
use crate::layout::{PageInfo, bits_for, page_count};
use crate::marks::News;
use crate::model_state::ModelState;
use crate::page::{Loaded, Page};
use crate::page_turns::{PageTurns, Place};
use crate::policy::Policy;
use crate::projects::Projects;
use crate::quota_book::QuotaBook;
use crate::record::KeyRecord;
use crate::slot::Slot;
use crate::standing::{Question, Standing};
use crate::summary::Summary;
use crate::time::UnixMillis;

/// Keys, their states, and whose turn it is.
///
/// A pool is divided into pages, which are loaded one by one as they are needed; with [`Pool::with_keys`] all of them
/// are loaded from the beginning.
#[derive(Debug)]
pub struct Pool {
    pub(crate) policy: Policy,
    pub(crate) bits: u8,
    pub(crate) pages: Vec<Page>,
    pub(crate) lines: Lines,
    pub(crate) models: ByModel<ModelState>,
    pub(crate) projects: Projects,
    pub(crate) quotas: QuotaBook,
    pub(crate) emergencies: Emergencies,
    pub(crate) news: News,
    pub(crate) summary: Summary,
    /// The time that was given last.
    seen: UnixMillis,
    /// Selections so far.
    pub(crate) uses: u64,
    /// A page whose turn it was although it is not loaded.
    pub(crate) wanted: Option<usize>,
    /// What is known of keys whose page has not been loaded since the pool was divided anew.
    pub(crate) homeless: BTreeMap<KeyId, Slot>,
    /// Pages looked at so far.
    #[cfg(test)]
    pub(crate) probed: usize,
    /// How the keys of the page stand that was looked at last; kept for its memory only.
    pub(crate) standings: Vec<Standing>,
}

/// Whose turn it is among pages: for requests that take any key, and for those that take paid ones only.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    any: ByModel<PageTurns>,
    paid: ByModel<PageTurns>,
}

impl Lines {
    pub(crate) fn of(&mut self, paid_only: bool) -> &mut ByModel<PageTurns> {
        if paid_only {
            &mut self.paid
        } else {
            &mut self.any
        }
    }

    pub(crate) fn any(&self) -> &ByModel<PageTurns> {
        &self.any
    }

    /// Every line with its model and whether it is for paid keys only.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = (&str, bool, &mut PageTurns)> {
        let any = self
            .any
            .iter_mut()
            .map(|(model, line)| (model, false, line));
        let paid = self
            .paid
            .iter_mut()
            .map(|(model, line)| (model, true, line));
        any.chain(paid)
    }

    pub(crate) fn clear(&mut self) {
        self.any.clear();
        self.paid.clear();
    }
}

impl Pool {
    /// A pool without keys.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            quotas: QuotaBook::new(&policy.quotas),
            policy,
            bits: 0,
            pages: Vec::new(),
            lines: Lines::default(),
            models: ByModel::default(),
            projects: Projects::default(),
            emergencies: Emergencies::default(),
            news: News::default(),
            summary: Summary::default(),
            seen: UnixMillis(0),
            uses: 0,
            wanted: None,
            homeless: BTreeMap::new(),
            #[cfg(test)]
            probed: 0,
            standings: Vec::new(),
        }
    }

    /// A pool with all its keys in memory, every one of them ready.
    #[must_use]
    pub fn with_keys(policy: Policy, keys: Vec<KeySpec>) -> Self {
        let bits = bits_for(&keys);
        let pages = page_count(bits);
        let mut slots: Vec<Vec<Slot>> = (0..pages).map(|_| Vec::new()).collect();
        for (order, spec) in (0..).zip(keys) {
            let slot = Slot::new(KeyRecord::from(spec), order);
            if let Some(page) = slots.get_mut(slot.id.page(bits)) {
                page.push(slot);
            }
        }
        let mut pool = Self::new(policy);
        pool.bits = bits;
        for slots in slots {
            let loaded = Loaded::of_slots(String::new(), slots, pages);
            let info = PageInfo {
                version: String::new(),
                keys: u32::try_from(loaded.slots.len()).unwrap_or(u32::MAX),
                weight: loaded
                    .slots
                    .iter()
                    .map(|slot| u64::from(slot.weight.get()))
                    .sum(),
            };
            pool.pages.push(Page {
                info,
                loaded: Some(loaded),
            });
        }
        pool
    }

    /// How it chooses.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Replaces the policy. States stay; turns begin anew if the strategy is another one.
    pub fn set_policy(&mut self, policy: Policy) {
        if policy.strategy != self.policy.strategy {
            self.lines.clear();
            for loaded in self
                .pages
                .iter_mut()
                .filter_map(|page| page.loaded.as_mut())
            {
                loaded.forget_turns();
            }
        }
        if policy.quotas != self.policy.quotas {
            self.quotas.set_limits(&policy.quotas);
        }
        self.policy = policy;
    }

    /// In which version a page is laid out; `None` if there is no such page.
    #[must_use]
    pub fn page(&self, page: usize) -> Option<&PageInfo> {
        self.pages.get(page).map(|page| &page.info)
    }

    /// Whether a page is loaded, in whatever version.
    #[must_use]
    pub fn is_loaded(&self, page: usize) -> bool {
        self.pages
            .get(page)
            .is_some_and(|page| page.loaded.is_some())
    }

    /// How many bits of an id number its page.
    #[must_use]
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// How many keys there are, dead and disabled ones included; of pages that are not loaded, as laid out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages.iter().map(Page::len).sum()
    }

    /// Whether there are no keys at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.iter().all(|page| page.len() == 0)
    }

    /// Whether the key is in a page that is loaded.
    #[must_use]
    pub fn contains(&self, id: KeyId) -> bool {
        self.slot(id).is_some()
    }

    /// The key, if its page is loaded.
    #[must_use]
    pub fn key(&self, id: KeyId) -> Option<&ApiKey> {
        self.slot(id).map(|slot| &slot.key)
    }

    /// All keys of loaded pages, in no order that means anything.
    pub fn keys(&self) -> impl Iterator<Item = &ApiKey> {
        self.slots().map(|slot| &slot.key)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        let loaded = self.pages.iter().filter_map(|page| page.loaded.as_ref());
        loaded.flat_map(|loaded| &loaded.slots)
    }

    pub(crate) fn slot(&self, id: KeyId) -> Option<&Slot> {
        let page = self.pages.get(id.page(self.bits))?;
        page.loaded.as_ref()?.get(id)
    }

    pub(crate) fn slot_mut(&mut self, id: KeyId) -> Option<&mut Slot> {
        let page = self.pages.get_mut(id.page(self.bits))?;
        page.loaded.as_mut()?.get_mut(id)
    }

    /// To be told every time. After a clock was set back, ends may lie further ahead than anything sets them: all pages
    /// that wait are looked at again, so that a jump locks none of them up.
    pub(crate) fn watch_clock(&mut self, now: UnixMillis) {
        let is_set_back = now < self.seen;
        self.seen = now;
        if is_set_back {
            let Self { lines, pages, .. } = self;
            let is_loaded = |page: usize| pages.get(page).is_some_and(|page| page.loaded.is_some());
            for (_, _, line) in lines.all_mut() {
                line.wake(UnixMillis(u64::MAX), is_loaded);
            }
        }
    }

    /// Looks again whether a page has usable keys, after something has happened to them.
    pub(crate) fn reconsider(&mut self, page: usize, which: Which<'_>, now: UnixMillis) {
        let Self {
            policy,
            pages,
            lines,
            projects,
            standings,
            ..
        } = self;
        let Some(loaded) = pages.get(page).and_then(|page| page.loaded.as_ref()) else {
            return;
        };
        for (model, paid_only, line) in lines.all_mut() {
            let is_meant = match which {
                Which::All => true,
                Which::Of(only) => bounded_name(only) == model,
                Which::NotReady => line.place(page) != Place::Ready,
            };
            if !is_meant {
                continue;
            }
            let question = Question {
                model,
                tried: &[],
                paid_only,
                egresses: None,
                projects,
                now,
            };
            let survey = loaded.survey(&question, policy.strategy, standings);
            line.put(page, survey.place());
        }
    }
}

/// The lines in which a page may have another place now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    /// Of all models that have been asked for.
    All,
    /// Of this model.
    Of(&'a str),
    /// In which the page is not ready.
    NotReady,
}

#[cfg(test)]
mod tests;
