//! What one read tells of all pages of a large pool: whose marks changed, and where no key is left for a model.
//!
//! It saves reads, nothing depends on it: a lost write costs a page that is read in vain, or later than it could be. It
//! counts no keys and chooses no page. Pools of one page need none.

mod document;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::time::Duration;

use gempool_pool::{MAX_COOLING, MAX_PAGE_BITS, UnixMillis};

use sha2::{Digest as _, Sha256};

use crate::envelope::Damage;
use crate::marks::Stored;
use crate::pool_config::PoolId;
use crate::ports::{DocumentStore, StoreUnavailable};

/// Most models with hints. With eight, the summary of 2,048 pages (400,000 keys) fits into a document; of 4,096 pages,
/// the two models fit that are exhausted on most pages.
pub const MAX_SUMMARY_MODELS: usize = 8;

/// Longest name of a model here, in bytes: the longest on a list recorded 2025-12-31 has 45.
const MAX_MODEL_BYTES: usize = 128;

/// Resolution of stamps and hints, in milliseconds: 25 hours ahead and [`MEMORY`] back fit into sixteen bits.
const UNIT: u64 = 2000;

/// How long a stamp is kept. After that it is 0 again, which makes instances that remember it read once in vain.
const MEMORY: Duration = Duration::from_hours(10);

/// Stands where there are no hints.
const NO_EDITION: u32 = 0;

/// See the module. What another instance knows is added by [`Summary::merge`], in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    bits: u8,
    /// By page: when its marks changed last, in [`UNIT`]s since 1970, or one more than before; 0 for never.
    stamps: Vec<u32>,
    /// By page: which version of its keys the hints are about, see [`edition`].
    editions: Vec<u32>,
    /// By model and page: until when no key is left, in [`UNIT`]s since 1970; 0 for no hint.
    hints: BTreeMap<String, Vec<u32>>,
}

/// What [`read_summary`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSummary {
    /// The summary; an empty one if there is none for these pages.
    pub summary: Summary,
    /// Why the document could not be read, if it could not.
    pub damage: Option<Damage>,
}

impl Summary {
    /// One that says nothing, for the pages that `bits` bits number.
    #[must_use]
    pub fn new(bits: u8) -> Self {
        let bits = bits.min(MAX_PAGE_BITS);
        Self {
            bits,
            stamps: vec![0; 1 << bits],
            editions: vec![NO_EDITION; 1 << bits],
            hints: BTreeMap::new(),
        }
    }

    /// How many bits number the pages.
    #[must_use]
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// Something that is another number after the page's marks have changed. To be compared with what it was when the
    /// marks were read, by `!=`: clocks of instances differ.
    #[must_use]
    pub fn stamp(&self, page: usize) -> u32 {
        self.stamps.get(page).copied().unwrap_or_default()
    }

    /// Notes that the page's marks have been written.
    pub fn touch(&mut self, page: usize, now: UnixMillis) {
        if let Some(stamp) = self.stamps.get_mut(page) {
            *stamp = units(now).max(stamp.saturating_add(1));
        }
    }

    /// Notes that no key of the page can serve the model before `until`. `version` is that of the page's keys
    /// (the name of their document): what was true of some keys must not hide those that come later, so a hint
    /// counts for its version only.
    pub fn exhaust(
        &mut self,
        page: usize,
        version: &str,
        model: &str,
        until: UnixMillis,
        now: UnixMillis,
    ) {
        let edition = edition(version);
        let (Some(known), true) = (
            self.editions.get(page).copied(),
            model.len() <= MAX_MODEL_BYTES,
        ) else {
            return;
        };
        if known != edition {
            if known != NO_EDITION {
                // The hints that this replaces may be in the store: a later stamp beats them there.
                self.touch(page, now);
            }
            self.set_row(page, edition, |_| 0);
        }
        let pages = self.stamps.len();
        let hints = self
            .hints
            .entry(model.to_owned())
            .or_insert_with(|| vec![0; pages]);
        if let Some(hint) = hints.get_mut(page) {
            *hint = units(until).max(*hint);
        }
        self.limit_models(MAX_SUMMARY_MODELS);
    }

    /// Until when no key of this version of the page can serve the model, if somebody noted it and it is not over.
    #[must_use]
    pub fn exhausted_until(
        &self,
        page: usize,
        version: &str,
        model: &str,
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        if *self.editions.get(page)? != edition(version) {
            return None;
        }
        let hint = *self.hints.get(model)?.get(page)?;
        let until = UnixMillis(u64::from(hint) * UNIT);
        until.is_ahead_within(now, MAX_COOLING).then_some(until)
    }

    /// Adds what `other` knows. Of each page the later stamp counts, with its hints; of equal ones the later hints.
    /// A summary of other pages adds nothing.
    pub fn merge(&mut self, other: &Self) {
        if self.bits != other.bits {
            return;
        }
        for model in other.hints.keys() {
            self.hints
                .entry(model.clone())
                .or_insert_with(|| vec![0; other.stamps.len()]);
        }
        for page in 0..self.stamps.len() {
            let theirs = other.age(page);
            match theirs.cmp(&self.age(page)) {
                Ordering::Less => {}
                Ordering::Equal => {
                    for (model, hints) in &mut self.hints {
                        if let Some(hint) = hints.get_mut(page) {
                            *hint = other.hint(page, model).max(*hint);
                        }
                    }
                }
                Ordering::Greater => {
                    let (stamp, edition) = theirs;
                    if let Some(ours) = self.stamps.get_mut(page) {
                        *ours = stamp;
                    }
                    self.set_row(page, edition, |model| other.hint(page, model));
                }
            }
        }
        self.hints
            .retain(|_, hints| hints.iter().any(|hint| *hint != 0));
        self.limit_models(MAX_SUMMARY_MODELS);
    }

    /// What decides whose hints of a page count. The edition is in it only to decide the same everywhere.
    fn age(&self, page: usize) -> (u32, u32) {
        let edition = self.editions.get(page).copied();
        (self.stamp(page), edition.unwrap_or(NO_EDITION))
    }

    fn hint(&self, page: usize, model: &str) -> u32 {
        let hints = self.hints.get(model);
        hints
            .and_then(|hints| hints.get(page))
            .copied()
            .unwrap_or_default()
    }

    fn set_row(&mut self, page: usize, edition: u32, hint_of: impl Fn(&str) -> u32) {
        if let Some(known) = self.editions.get_mut(page) {
            *known = edition;
        }
        for (model, hints) in &mut self.hints {
            if let Some(hint) = hints.get_mut(page) {
                *hint = hint_of(model);
            }
        }
    }

    /// Drops what is over, and what only a clock that has since been set back can have said.
    fn clean(&mut self, now: UnixMillis) {
        let latest = units(now.saturating_add(MAX_COOLING));
        let now = units(now);
        let earliest = now.saturating_sub(units(UnixMillis::default().saturating_add(MEMORY)));
        for stamp in &mut self.stamps {
            if *stamp < earliest || *stamp > latest {
                *stamp = 0;
            }
        }
        for hint in self.hints.values_mut().flatten() {
            if *hint <= now || *hint > latest {
                *hint = 0;
            }
        }
        self.hints
            .retain(|_, hints| hints.iter().any(|hint| *hint != 0));
        for (page, edition) in self.editions.iter_mut().enumerate() {
            if !self
                .hints
                .values()
                .any(|hints| hints.get(page).is_some_and(|hint| *hint != 0))
            {
                *edition = NO_EDITION;
            }
        }
    }

    /// Keeps the models that are exhausted on most pages: those hints save most reads.
    fn limit_models(&mut self, limit: usize) {
        while self.hints.len() > limit {
            let least = self
                .hints
                .iter()
                .min_by_key(|(_, hints)| hints.iter().filter(|hint| **hint != 0).count())
                .map(|(model, _)| model.clone());
            if let Some(model) = least {
                self.hints.remove(&model);
            }
        }
    }
}

/// Reads the summary of a pool whose pages `bits` bits number.
///
/// # Errors
///
/// If the store is away.
pub async fn read_summary(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    bits: u8,
) -> Result<ReadSummary, StoreUnavailable> {
    let (summary, damage) = read(store, &name(pool)).await?;
    Ok(ReadSummary {
        summary: summary
            .filter(|summary| summary.bits == bits)
            .unwrap_or_else(|| Summary::new(bits)),
        damage,
    })
}

/// Adds `mine` to the summary in the store, and what is there to `mine`.
///
/// Costs one read, and one write if there is something new. As with marks, a racing writer may undo it: asking again at
/// the next flush notices.
///
/// # Errors
///
/// If the store is away.
pub async fn write_summary(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    mine: &mut Summary,
    now: UnixMillis,
) -> Result<Stored, StoreUnavailable> {
    let name = name(pool);
    let (known, damage) = read(store, &name).await?;
    if matches!(damage, Some(Damage::Newer(_))) {
        return Ok(Stored::Not);
    }
    mine.clean(now);
    let mut known = known.unwrap_or_else(|| Summary::new(mine.bits));
    if known.bits > mine.bits {
        // Pages only become more: this instance has not heard of the new numbers yet.
        return Ok(Stored::Not);
    }
    known.clean(now);
    mine.merge(&known);
    if *mine == known {
        return Ok(Stored::Before);
    }
    store.set(&name, document::encode(&name, mine)).await?;
    Ok(Stored::Now)
}

/// Removes the summary of a pool.
///
/// # Errors
///
/// If the store is away.
pub async fn forget_summary(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
) -> Result<(), StoreUnavailable> {
    store.delete(&name(pool)).await
}

async fn read(
    store: &(impl DocumentStore + ?Sized),
    name: &str,
) -> Result<(Option<Summary>, Option<Damage>), StoreUnavailable> {
    Ok(match store.get(name).await? {
        None => (None, None),
        Some(bytes) => match document::decode(name, &bytes) {
            Ok(summary) => (Some(summary), None),
            Err(damage) => (None, Some(damage)),
        },
    })
}

/// At most 6 + 32 bytes.
fn name(pool: &PoolId) -> String {
    format!("gp1:s:{pool}")
}

/// Four bytes that stand for a version of a page's keys: two versions have the same ones once in four billion changes.
fn edition(version: &str) -> u32 {
    let digest: [u8; 32] = Sha256::digest(version).into();
    let [a, b, c, d, ..] = digest;
    u32::from_be_bytes([a, b, c, d]).max(NO_EDITION + 1)
}

/// Whole units since 1970: rounded down, so that a page is tried too early rather than too late.
fn units(at: UnixMillis) -> u32 {
    u32::try_from(at.0 / UNIT).unwrap_or(u32::MAX)
}
