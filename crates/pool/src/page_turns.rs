//! Taking turns among pages, for one model: in proportion to the weight that is usable in each.
//!
//! It does not look into pages: it is told what is in them. Every operation costs the logarithm of the number of
//! pages at most, however many keys they hold; a page without usable key waits outside and costs nothing.
//!
//! Stride scheduling: each page has a position and moves `STRIDE / usable weight` further when one of its keys is
//! chosen; the hindmost goes next. A page that was away rejoins at the common position instead of catching up.

use std::collections::BTreeSet;
use std::ops::Bound;

use crate::chance::{below, next_random, pick_by_chance};
use crate::time::UnixMillis;
use crate::wait::WaitCause;

/// One turn of a page of weight 1. Weights of pages stay below 2^20, so rounding falsifies a share by less than one in
/// 4,000; an instance would have to choose 2^32 times among keys of weight 1 to run out of positions.
const STRIDE: u64 = 1 << 32;

/// A page's position, and the page.
type Turn = (u64, usize);

/// All pages, for one model.
#[derive(Debug)]
pub(crate) struct PageTurns {
    lanes: Vec<Lane>,
    ready: BTreeSet<Turn>,
    unloaded: BTreeSet<Turn>,
    waiting: BTreeSet<(UnixMillis, usize)>,
    /// The common position: that of the page that went last, before it went.
    front: u64,
    order: PageOrder,
}

/// How pages follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageOrder {
    /// In turn, in proportion to their weights.
    Shares,
    /// Always the first in rank that has a usable key.
    Ranks,
}

#[derive(Clone, Copy, Debug)]
struct Lane {
    position: u64,
    place: Place,
}

/// Where a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Loaded, and has a usable key as far as known.
    Ready,
    /// Nobody knows what is in it.
    Unloaded,
    /// No key is usable before then.
    Waiting(UnixMillis, WaitCause),
    /// No key is usable until somebody acts.
    Out,
}

impl PageTurns {
    /// All pages at random positions, the first one with the chance that its weight gives it: instances live for
    /// seconds on some hosts, and must not all begin with the same page.
    pub(crate) fn by_shares(pages: &[(u64, Place)], random: u64) -> Self {
        let mut seed = random;
        let mut positions: Vec<u64> = pages
            .iter()
            .map(|(weight, _)| below(stride(*weight), next_random(&mut seed)))
            .collect();
        let weights = pages.iter().map(|(weight, _)| *weight);
        let first = pick_by_chance(weights, next_random(&mut seed));
        if let Some(position) = first.and_then(|first| positions.get_mut(first)) {
            *position = 0;
        }
        Self::at(PageOrder::Shares, positions.into_iter().zip(pages))
    }

    /// All pages in the order of their ranks, the smallest first.
    pub(crate) fn by_ranks(pages: &[(u64, Place)]) -> Self {
        let ranks = pages.iter().map(|(rank, _)| *rank);
        Self::at(PageOrder::Ranks, ranks.zip(pages))
    }

    fn at<'a>(order: PageOrder, pages: impl Iterator<Item = (u64, &'a (u64, Place))>) -> Self {
        let mut turns = Self {
            lanes: Vec::new(),
            ready: BTreeSet::new(),
            unloaded: BTreeSet::new(),
            waiting: BTreeSet::new(),
            front: 0,
            order,
        };
        for (page, (position, (_, place))) in pages.enumerate() {
            let place = *place;
            turns.lanes.push(Lane { position, place });
            turns.enter(page, Lane { position, place });
        }
        turns
    }

    /// The ready page that goes next, after `passed` if that is given.
    pub(crate) fn next(&self, passed: Option<Turn>) -> Option<Turn> {
        let after = passed.map_or(Bound::Unbounded, Bound::Excluded);
        self.ready.range((after, Bound::Unbounded)).next().copied()
    }

    /// The page that would go next if it were loaded.
    pub(crate) fn next_unloaded(&self) -> Option<Turn> {
        self.unloaded.first().copied()
    }

    /// The page whose return is soonest.
    pub(crate) fn soonest(&self) -> Option<(UnixMillis, usize, WaitCause)> {
        let (until, page) = *self.waiting.first()?;
        match self.place(page) {
            Place::Waiting(_, cause) => Some((until, page, cause)),
            Place::Ready | Place::Unloaded | Place::Out => None,
        }
    }

    pub(crate) fn place(&self, page: usize) -> Place {
        self.lanes.get(page).map_or(Place::Out, |lane| lane.place)
    }

    pub(crate) fn position(&self, page: usize) -> u64 {
        self.lanes.get(page).map_or(0, |lane| lane.position)
    }

    pub(crate) fn order(&self) -> PageOrder {
        self.order
    }

    /// Whether any page may have a usable key, other than these.
    pub(crate) fn has_other_than(&self, passed: &[usize]) -> bool {
        let mut open = self.ready.iter().chain(&self.unloaded);
        open.any(|(_, page)| !passed.contains(page))
    }

    /// Pages of which it is known that no key is usable before then.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (UnixMillis, usize)> {
        self.waiting.iter().copied()
    }

    /// Whether this page may be chosen for affinity: it is ready, or nobody knows.
    pub(crate) fn is_open(&self, page: usize) -> bool {
        matches!(self.place(page), Place::Ready | Place::Unloaded)
    }

    /// Notes that a key of this page was chosen, out of keys of that weight together.
    pub(crate) fn went(&mut self, page: usize, usable_weight: u64) {
        let Some(lane) = self.lanes.get(page).copied() else {
            return;
        };
        if self.order == PageOrder::Ranks {
            return;
        }
        self.front = self.front.max(lane.position);
        self.leave(page, lane);
        let position = lane.position.saturating_add(stride(usable_weight));
        self.set(page, Lane { position, ..lane });
    }

    /// Moves a page. One that comes back rejoins at the common position.
    pub(crate) fn put(&mut self, page: usize, place: Place) {
        let Some(lane) = self.lanes.get(page).copied() else {
            return;
        };
        if lane.place == place {
            return;
        }
        self.leave(page, lane);
        let position = match (place, self.order) {
            (Place::Ready, PageOrder::Shares) => lane.position.max(self.front),
            _ => lane.position,
        };
        self.set(page, Lane { position, place });
    }

    /// Gives a page its rank, where pages go by rank.
    pub(crate) fn set_rank(&mut self, page: usize, rank: u64) {
        let Some(lane) = self.lanes.get(page).copied() else {
            return;
        };
        if self.order == PageOrder::Ranks {
            self.leave(page, lane);
            let position = rank;
            self.set(page, Lane { position, ..lane });
        }
    }

    /// Lets pages return whose time has come: loaded ones as ready, others as unknown.
    pub(crate) fn wake(&mut self, now: UnixMillis, is_loaded: impl Fn(usize) -> bool) {
        while let Some((until, page)) = self.waiting.first().copied() {
            if until > now {
                return;
            }
            let back = if is_loaded(page) {
                Place::Ready
            } else {
                Place::Unloaded
            };
            self.put(page, back);
        }
    }

    fn set(&mut self, page: usize, lane: Lane) {
        if let Some(known) = self.lanes.get_mut(page) {
            *known = lane;
            self.enter(page, lane);
        }
    }

    fn enter(&mut self, page: usize, lane: Lane) {
        match lane.place {
            Place::Ready => self.ready.insert((lane.position, page)),
            Place::Unloaded => self.unloaded.insert((lane.position, page)),
            Place::Waiting(until, _) => self.waiting.insert((until, page)),
            Place::Out => false,
        };
    }

    fn leave(&mut self, page: usize, lane: Lane) {
        match lane.place {
            Place::Ready => self.ready.remove(&(lane.position, page)),
            Place::Unloaded => self.unloaded.remove(&(lane.position, page)),
            Place::Waiting(until, _) => self.waiting.remove(&(until, page)),
            Place::Out => false,
        };
    }
}

fn stride(weight: u64) -> u64 {
    STRIDE / weight.clamp(1, STRIDE)
}

#[cfg(test)]
mod tests;
