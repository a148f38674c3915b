//! The marks of one page, and what two instances' marks of it make together.
//!
//! What two marks of one key make together is the pool's rule ([`Mark::merge`]): the order, the grouping and the number
//! of merges do not matter. It knows no bytes.

use std::collections::BTreeMap;

use gempool_pool::{KeyId, Mark, UnixMillis};

/// Longest name of a project that is kept, in bytes: Google's have at most 30
/// (<https://cloud.google.com/resource-manager/docs/creating-managing-projects>, 2026-11).
const MAX_PROJECT_BYTES: usize = 64;

/// Milliseconds of an hour.
const HOUR: u64 = 3_600_000;

/// The marks of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page(pub(super) BTreeMap<KeyId, Entry>);

/// What is known of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The mark. A dead key has no coolings.
    pub(super) mark: Mark,
    /// The hour since 1970 in which something new was last said. It decides only what has to go when there is too
    /// much: pages do not know which keys still exist.
    pub(super) hour: u32,
}

impl Page {
    /// These marks, said now; those that are over are left out.
    pub(super) fn new(marks: impl IntoIterator<Item = Mark>, now: UnixMillis) -> Self {
        let hour = u32::try_from(now.0 / HOUR).unwrap_or(u32::MAX);
        let mut page = Self::default();
        for mut mark in marks {
            mark.forget_past(now);
            page.add(Entry { mark, hour });
        }
        page.clean(now);
        page
    }

    /// Adds what is known of one key. Whether that was news.
    pub(super) fn add(&mut self, entry: Entry) -> bool {
        let known = self.0.entry(entry.mark.key).or_insert_with(|| Entry {
            mark: Mark {
                key: entry.mark.key,
                generation: 0,
                dead: None,
                coolings: Vec::new(),
                project: None,
            },
            hour: 0,
        });
        let before = known.mark.clone();
        known.mark.merge(&entry.mark);
        known.hour = known.hour.max(entry.hour);
        known.mark != before
    }

    /// Drops what is over. A time further ahead than any cooling is a broken clock's, and counts as past; it has to
    /// go before merging, or it would beat the true one.
    pub(super) fn clean(&mut self, now: UnixMillis) {
        self.0.retain(|_, Entry { mark, .. }| {
            mark.forget_past(now);
            if mark
                .project
                .as_ref()
                .is_some_and(|project| project.len() > MAX_PROJECT_BYTES)
            {
                mark.project = None;
            }
            mark.says_something()
        });
    }

    /// Adds all of `other`. Whether anything of it was news.
    pub(super) fn merge(&mut self, other: Self) -> bool {
        let mut news = false;
        for entry in other.0.into_values() {
            news |= self.add(entry);
        }
        news
    }

    pub(super) fn into_marks(self) -> Vec<Mark> {
        self.0.into_values().map(|entry| entry.mark).collect()
    }
}
