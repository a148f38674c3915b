//! What instances tell each other of a whole pool of many pages, in one small document: which marks are new, and which
//! pages are not worth loading.
//!
//! It is lossy and may be old: what it says of a page that is loaded is not believed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chance::mixed;
use crate::cooling::HORIZON;
use crate::page_turns::Place;
use crate::pool::Pool;
use crate::time::UnixMillis;
use crate::wait::WaitCause;

/// Most models that a summary speaks of: the ones that were asked for last.
const MAX_SUMMARY_MODELS: usize = 3;

/// Most entries, about pages' marks and about pages without usable keys together. Each takes up to 26 bytes as JSON,
/// and a document has at most 64 KiB; 100,000 keys are 512 pages, which need 2,048.
const MAX_SUMMARY_ENTRIES: usize = 2_400;

/// Longest name of a model that it speaks of, in bytes. The longest in a list recorded 2025-12-31 has 45.
const MAX_SUMMARY_NAME_BYTES: usize = 64;

/// A pool of more than one page, as far as instances tell each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many bits number the pages it speaks of.
    #[serde(rename = "b", default)]
    bits: u8,
    /// Of each page, when its marks were written last, in Unix seconds, and how many of its keys were dead then.
    #[serde(rename = "w", default)]
    written: BTreeMap<usize, (u64, u32)>,
    /// By model, pages of which no key is usable before then.
    #[serde(rename = "o", default)]
    out: BTreeMap<String, BTreeMap<usize, Out>>,
}

/// Until when, in Unix seconds, and of which edition of the page: keys that are added later must not be hidden.
type Out = (u64, u16);

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
            pages.retain(|_, (until, _)| is_ahead(*until, now));
        }
        self.out.retain(|_, pages| !pages.is_empty());
        while self.out.len() > MAX_SUMMARY_MODELS {
            let least = self.out.iter().min_by_key(|(_, pages)| pages.len());
            let Some(model) = least.map(|(model, _)| model.clone()) else {
                return;
            };
            self.out.remove(&model);
        }
        let latest = now.saturating_add(HORIZON);
        self.written
            .retain(|_, (seconds, _)| millis(*seconds) <= latest);
        let mut room = MAX_SUMMARY_ENTRIES;
        drop_smallest(&mut self.written, room, |(seconds, _)| *seconds);
        room = room.saturating_sub(self.written.len());
        for pages in self.out.values_mut() {
            drop_smallest(pages, room, |(until, _)| *until);
            room = room.saturating_sub(pages.len());
        }
    }

    /// Something that is another number after somebody has written the marks of this page; zero if nobody did.
    pub(crate) fn written_at(&self, page: usize) -> u64 {
        self.written.get(&page).map_or(0, |(seconds, _)| *seconds)
    }

    /// How many keys of this page were dead when its marks were written last.
    pub(crate) fn dead_in(&self, page: usize) -> usize {
        let dead = self.written.get(&page).map_or(0, |(_, dead)| *dead);
        usize::try_from(dead).unwrap_or(usize::MAX)
    }

    pub(crate) fn note_written(&mut self, page: usize, dead: u32, now: UnixMillis) {
        // Clocks of instances differ: the number must be another one all the same.
        let seconds = (now.0 / 1000).max(self.written_at(page).saturating_add(1));
        self.written.insert(page, (seconds, dead));
    }

    /// Until when no key of this edition of the page is usable for the model; `None` if nobody says so.
    pub(crate) fn out_until(
        &self,
        model: &str,
        (page, version): (usize, &str),
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        let (seconds, of) = *self.out.get(model)?.get(&page)?;
        (of == edition(version) && is_ahead(seconds, now)).then(|| millis(seconds))
    }
}

/// A short name for a version of a page: another version has another one, all but once in 65,536 times.
fn edition(version: &str) -> u16 {
    let hash = version
        .bytes()
        .fold(0, |hash, byte| mixed(hash, u64::from(byte)));
    u16::try_from(hash >> 48).unwrap_or_default()
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
            for page in out.keys() {
                let Some(known) = pages.get(*page).filter(|page| page.loaded.is_none()) else {
                    continue;
                };
                let until = summary.out_until(model, (*page, &known.info.version), now);
                if let (Some(until), true) = (until, line.is_open(*page)) {
                    line.put(*page, Place::Waiting(until, WaitCause::Unknown));
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
        let lines = self.lines.any().latest_first();
        let lines = lines.filter(|(model, _)| model.len() <= MAX_SUMMARY_NAME_BYTES);
        for (model, line) in lines.take(MAX_SUMMARY_MODELS) {
            let out = summary.out.entry(model.to_owned()).or_default();
            for (until, page) in line.waiting() {
                let Some(loaded) = self.pages.get(page).and_then(|page| page.loaded.as_ref())
                else {
                    continue;
                };
                out.insert(page, (until.0 / 1000, edition(&loaded.version)));
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
