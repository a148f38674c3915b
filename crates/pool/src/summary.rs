//! What instances tell each other of a whole pool of many pages, in one small document: which marks are new, and which
//! pages are not worth loading.
//!
//! It is lossy and may be old: what it says of a page that is loaded is not believed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cooling::HORIZON;
use crate::page_turns::Place;
use crate::pool::Pool;
use crate::time::UnixMillis;
use crate::wait::WaitCause;

/// Most models that a summary speaks of: the ones that were asked for last.
const MAX_SUMMARY_MODELS: usize = 4;

/// Most entries, about pages' marks and about pages without usable keys together. Each takes up to 25 bytes as JSON,
/// and a document has at most 64 KiB; 100,000 keys are 512 pages.
const MAX_SUMMARY_ENTRIES: usize = 2_560;

/// A pool of more than one page, as far as instances tell each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many bits number the pages it speaks of.
    #[serde(rename = "b", default)]
    bits: u8,
    /// Of each page, when its marks were written last, in Unix seconds, and how many of its keys were dead then.
    #[serde(rename = "w", default)]
    written: BTreeMap<usize, (u64, u32)>,
    /// By model, pages of which no key is usable before then, in Unix seconds.
    #[serde(rename = "o", default)]
    out: BTreeMap<String, BTreeMap<usize, u64>>,
}

impl Summary {
    /// Adds what another summary knows: of each page the later time holds, so the order does not matter. One of pages
    /// that are divided more finely replaces what is known.
    pub fn merge(&mut self, other: &Self) {
        if other.bits != self.bits {
            if other.bits > self.bits {
                self.clone_from(other);
            }
            return;
        }
        for (page, written) in &other.written {
            let known = self.written.entry(*page).or_default();
            *known = (*known).max(*written);
        }
        for (model, pages) in &other.out {
            let known = self.out.entry(model.clone()).or_default();
            for (page, until) in pages {
                let known = known.entry(*page).or_default();
                *known = (*known).max(*until);
            }
        }
    }

    /// Drops what is over or impossible, and the least useful beyond the size that a document may have.
    pub fn trim(&mut self, now: UnixMillis) {
        for pages in self.out.values_mut() {
            pages.retain(|_, until| is_ahead(*until, now));
        }
        self.out.retain(|_, pages| !pages.is_empty());
        while self.out.len() > MAX_SUMMARY_MODELS {
            let least = self.out.iter().min_by_key(|(_, pages)| pages.len());
            let Some(model) = least.map(|(model, _)| model.clone()) else {
                return;
            };
            self.out.remove(&model);
        }
        let next = now.0 / 1000 + 1;
        self.written.retain(|_, (seconds, _)| *seconds <= next);
        let mut room = MAX_SUMMARY_ENTRIES;
        drop_smallest(&mut self.written, room, |(seconds, _)| *seconds);
        room = room.saturating_sub(self.written.len());
        for pages in self.out.values_mut() {
            drop_smallest(pages, room, |until| *until);
            room = room.saturating_sub(pages.len());
        }
    }

    /// When somebody wrote the marks of this page last, in Unix seconds; zero if nobody did.
    pub(crate) fn written_at(&self, page: usize) -> u64 {
        self.written.get(&page).map_or(0, |(seconds, _)| *seconds)
    }

    /// How many keys of this page were dead when its marks were written last.
    pub(crate) fn dead_in(&self, page: usize) -> usize {
        let dead = self.written.get(&page).map_or(0, |(_, dead)| *dead);
        usize::try_from(dead).unwrap_or(usize::MAX)
    }

    pub(crate) fn note_written(&mut self, page: usize, dead: u32, now: UnixMillis) {
        self.written.insert(page, (now.0 / 1000, dead));
    }

    /// Until when no key of this page is usable for the model; `None` if nobody says so.
    pub(crate) fn out_until(
        &self,
        model: &str,
        page: usize,
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        let seconds = *self.out.get(model)?.get(&page)?;
        is_ahead(seconds, now).then(|| millis(seconds))
    }
}

impl Pool {
    /// Takes in what other instances tell of the pool: pages that are not loaded, and have no usable key for a model,
    /// are passed over until the time it says.
    pub fn merge_summary(&mut self, summary: &Summary, now: UnixMillis) {
        if summary.bits != self.bits {
            return;
        }
        self.summary.bits = self.bits;
        self.summary.merge(summary);
        self.summary.trim(now);
        let Self {
            summary,
            lines,
            pages,
            ..
        } = self;
        for (model, _, line) in lines.all_mut() {
            let Some(out) = summary.out.get(model) else {
                continue;
            };
            for (page, seconds) in out {
                let is_unknown = pages.get(*page).is_some_and(|page| page.loaded.is_none());
                if is_unknown && is_ahead(*seconds, now) && line.place(*page) != Place::Out {
                    line.put(*page, Place::Waiting(millis(*seconds), WaitCause::Unknown));
                }
            }
        }
    }

    /// What other instances should know of the pool, beside what they told; `None` for a pool of one page.
    pub fn summary(&mut self, now: UnixMillis) -> Option<Summary> {
        if self.pages.len() < 2 {
            return None;
        }
        let mut summary = self.summary.clone();
        summary.bits = self.bits;
        for (model, line) in self.lines.any().latest_first().take(MAX_SUMMARY_MODELS) {
            let out = summary.out.entry(model.to_owned()).or_default();
            for (until, page) in line.waiting() {
                let known = out.entry(page).or_default();
                *known = (*known).max(until.0 / 1000);
            }
            // What is known better is said better: the page is loaded and has usable keys.
            out.retain(|page, _| line.place(*page) != Place::Ready);
        }
        summary.trim(now);
        Some(summary)
    }
}

fn millis(seconds: u64) -> UnixMillis {
    UnixMillis(seconds.saturating_mul(1000))
}

fn is_ahead(seconds: u64, now: UnixMillis) -> bool {
    millis(seconds).is_ahead_within(now, HORIZON)
}

/// Leaves at most `most` entries, those with the largest rank.
fn drop_smallest<T>(entries: &mut BTreeMap<usize, T>, most: usize, rank: impl Fn(&T) -> u64) {
    let excess = entries.len().saturating_sub(most);
    if excess == 0 {
        return;
    }
    let mut ranked: Vec<(u64, usize)> = entries
        .iter()
        .map(|(page, entry)| (rank(entry), *page))
        .collect();
    ranked.sort_unstable();
    for (_, page) in ranked.into_iter().take(excess) {
        entries.remove(&page);
    }
}

#[cfg(test)]
mod tests;
