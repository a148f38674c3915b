//! One page of a pool: up to some hundred keys, which of them could go, and which one goes.
//!
//! A choice looks at every key of one page, so the size of a page bounds its cost. Which page is looked at is
//! `page_turns.rs`.

use crate::affinity::favorite;
use crate::by_model::{ByModel, MAX_MODELS};
use crate::chance::pick_by_chance;
use crate::key_id::KeyId;
use crate::key_list::Weight;
use crate::layout::PageInfo;
use crate::page_turns::Place;
use crate::record::KeyRecord;
use crate::slot::Slot;
use crate::standing::{Question, Standing};
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::turns::Turns;
use crate::wait::WaitCause;

/// Most sequences of turns in all pages together; each takes 16 bytes per key of its page. A pool of one page keeps
/// one for each of [`MAX_MODELS`], a page of a large pool at least [`MIN_TURNS`].
const MAX_TURNS: usize = 2048;

/// Fewest sequences a page may keep. A model whose sequence was forgotten begins a new one at random: its shares stay
/// right on average.
const MIN_TURNS: usize = 4;

/// A page, loaded or not.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) info: PageInfo,
    pub(crate) loaded: Option<Loaded>,
}

/// A page that is loaded.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) version: String,
    /// In the order of their ids.
    pub(crate) slots: Vec<Slot>,
    /// The number that the summary had for the marks that were read last.
    pub(crate) marks_read: u64,
    turns: ByModel<Turns>,
}

/// What a request finds in a page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Survey {
    /// Keys that could go now.
    pub(crate) fit: usize,
    /// Keys that could go, were they not tried.
    pub(crate) usable: usize,
    /// Sum of the shares of usable keys.
    pub(crate) usable_weight: u64,
    /// The soonest return of a key that has to wait.
    pub(crate) wait: Option<(UnixMillis, WaitCause)>,
}

impl Survey {
    /// Where such a page belongs.
    pub(crate) fn place(&self) -> Place {
        match self.wait {
            _ if self.usable > 0 => Place::Ready,
            Some((until, cause)) => Place::Waiting(until, cause),
            None => Place::Out,
        }
    }

    pub(crate) fn note_wait(&mut self, until: UnixMillis, cause: WaitCause) {
        if self.wait.is_none_or(|(soonest, _)| until < soonest) {
            self.wait = Some((until, cause));
        }
    }
}

/// How the next key of a page is picked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick {
    pub(crate) strategy: Strategy,
    pub(crate) conversation: Option<u64>,
    pub(crate) random: u64,
}

impl Page {
    /// What the page counts for among the others before anybody has looked for a certain model.
    pub(crate) fn weight(&self, strategy: Strategy) -> u64 {
        match &self.loaded {
            Some(loaded) => loaded
                .slots
                .iter()
                .filter(|slot| slot.is_living())
                .map(|slot| strategy.share(slot.weight))
                .sum(),
            None => self.weight_as_laid_out(strategy),
        }
    }

    /// What the page counts for where conversations prefer one: as laid out, so that all instances agree.
    pub(crate) fn weight_as_laid_out(&self, strategy: Strategy) -> u64 {
        if strategy.heeds_weights() {
            self.info.weight
        } else {
            u64::from(self.info.keys)
        }
    }

    /// The page's rank where keys are filled first: by the heaviest key, then by the key that was given first.
    pub(crate) fn rank(&self, index: usize) -> u64 {
        let living = self.loaded.iter().flat_map(|loaded| &loaded.slots);
        let best = living
            .filter(|slot| slot.is_living())
            .map(|slot| (u64::from(slot.weight.get()), slot.order))
            .max_by_key(|(weight, order)| (*weight, std::cmp::Reverse(*order)));
        let mean = self.info.weight.div_ceil(u64::from(self.info.keys.max(1)));
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let (weight, order) = best.unwrap_or((mean, index));
        let lightness = u64::from(u16::MAX) - weight.min(u64::from(u16::MAX));
        (lightness << u32::BITS) | u64::from(order)
    }

    /// How many keys it has, as far as known.
    pub(crate) fn len(&self) -> usize {
        match &self.loaded {
            Some(loaded) => loaded.slots.len(),
            None => usize::try_from(self.info.keys).unwrap_or(usize::MAX),
        }
    }
}

impl Loaded {
    /// A page of these records, in the order that they are given in.
    pub(crate) fn new(version: String, records: Vec<KeyRecord>, pages: usize) -> Self {
        let slots = (0..)
            .zip(records)
            .map(|(order, record)| Slot::new(record, order));
        Self::of_slots(version, slots.collect(), pages)
    }

    pub(crate) fn of_slots(version: String, mut slots: Vec<Slot>, pages: usize) -> Self {
        slots.sort_by_key(|slot| slot.id);
        slots.dedup_by_key(|slot| slot.id);
        let limit = (MAX_TURNS / pages.max(1)).clamp(MIN_TURNS, MAX_MODELS);
        Self {
            version,
            slots,
            marks_read: 0,
            turns: ByModel::with_limit(limit),
        }
    }

    /// Takes over what is known of keys that were here before, and whose turn it is if the shares are the same.
    pub(crate) fn inherit(&mut self, before: Self) {
        let shares = |slots: &[Slot]| -> Vec<(KeyId, Weight)> {
            slots.iter().map(|slot| (slot.id, slot.weight)).collect()
        };
        if shares(&self.slots) == shares(&before.slots) {
            self.turns = before.turns;
        }
        self.marks_read = before.marks_read;
        for slot in before.slots {
            if let Some(mine) = self.get_mut(slot.id) {
                mine.inherit(slot);
            }
        }
    }

    /// The keys as they were given: the order that people know.
    pub(crate) fn in_order(&self) -> Vec<&Slot> {
        let mut slots: Vec<&Slot> = self.slots.iter().collect();
        slots.sort_by_key(|slot| slot.order);
        slots
    }

    pub(crate) fn forget_turns(&mut self) {
        self.turns.clear();
    }

    pub(crate) fn get(&self, id: KeyId) -> Option<&Slot> {
        let at = self.slots.binary_search_by_key(&id, |slot| slot.id).ok()?;
        self.slots.get(at)
    }

    pub(crate) fn get_mut(&mut self, id: KeyId) -> Option<&mut Slot> {
        let at = self.slots.binary_search_by_key(&id, |slot| slot.id).ok()?;
        self.slots.get_mut(at)
    }

    /// Looks at every key; `standings` becomes the list of how they stand.
    pub(crate) fn survey(
        &self,
        question: &Question<'_>,
        strategy: Strategy,
        standings: &mut Vec<Standing>,
    ) -> Survey {
        let mut survey = Survey::default();
        standings.clear();
        for slot in &self.slots {
            let standing = question.of(slot);
            match standing {
                Standing::Ready | Standing::Probe => survey.fit += 1,
                Standing::Waiting(until, cause) => survey.note_wait(until, cause),
                Standing::Tried | Standing::NotPaid | Standing::Dead(_) | Standing::Disabled => {}
            }
            if let Standing::Ready | Standing::Probe | Standing::Tried = standing {
                survey.usable += 1;
                survey.usable_weight += strategy.share(slot.weight);
            }
            standings.push(standing);
        }
        survey
    }

    /// The place of the key that goes next among those that could; nothing moves yet.
    pub(crate) fn pick(
        &mut self,
        model: &str,
        standings: &[Standing],
        pick: Pick,
    ) -> Option<usize> {
        let Self { slots, turns, .. } = self;
        let is_fit =
            |at: usize| matches!(standings.get(at), Some(Standing::Ready | Standing::Probe));
        let fit = || slots.iter().enumerate().filter(|(at, _)| is_fit(*at));
        let strategy = pick.strategy;
        if let Some(conversation) = pick.conversation {
            let candidates = fit().map(|(at, slot)| {
                let id = u64::from_be_bytes(slot.id.to_bytes());
                (at, id, strategy.share(slot.weight))
            });
            return favorite(conversation, candidates);
        }
        match strategy {
            Strategy::Weighted | Strategy::RoundRobin => {
                let weights = slots.iter().map(|slot| strategy.share(slot.weight));
                turns.ensure(model, || Turns::new(weights, pick.random));
                turns.get_mut(model)?.next(is_fit)
            }
            Strategy::Random => {
                let shares = slots.iter().enumerate().map(|(at, slot)| {
                    if is_fit(at) {
                        strategy.share(slot.weight)
                    } else {
                        0
                    }
                });
                pick_by_chance(shares, pick.random)
            }
            Strategy::LeastRecentlyUsed => fit()
                .min_by_key(|(_, slot)| (slot.last_use, slot.order))
                .map(|(at, _)| at),
            Strategy::FillFirst => fit()
                .min_by_key(|(_, slot)| (std::cmp::Reverse(slot.weight), slot.order))
                .map(|(at, _)| at),
        }
    }

    /// Notes that the key at this place goes.
    pub(crate) fn went(&mut self, at: usize, model: &str, use_number: u64) {
        if let Some(turns) = self.turns.get_mut(model) {
            turns.went(at);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            slot.last_use = use_number;
        }
    }
}
