//! What instances tell each other of keys: marks, page by page.
//!
//! It neither reads nor writes them: its user carries them to and from a store that may lose some.

use std::collections::BTreeMap;

use crate::cooling::Cool;
use crate::mark::Mark;
use crate::pool::{Pool, Which};
use crate::slot::Change;
use crate::time::UnixMillis;
use crate::verdict::{Scope, Verdict};

/// Pages of which this instance knows something that it has not written.
#[derive(Debug, Default)]
pub(crate) struct News(BTreeMap<usize, PageNews>);

#[derive(Clone, Copy, Debug, Default)]
struct PageNews {
    /// How often something was learned.
    changes: u64,
    /// How often it had been when the news were handed out.
    handed_out: u64,
}

impl News {
    pub(crate) fn note(&mut self, page: usize) {
        let news = self.0.entry(page).or_default();
        news.changes = news.changes.saturating_add(1);
    }

    /// Notes what a verdict has told, if other instances should know.
    pub(crate) fn note_if(&mut self, page: usize, verdict: &Verdict) {
        match verdict {
            Verdict::Cool { .. } | Verdict::ModelUnavailable { .. } | Verdict::Dead { .. } => {
                self.note(page);
            }
            _ => {}
        }
    }
}

impl Pool {
    /// Takes in what is known of the keys of a loaded page, in any order, any number of times. Marks of keys that are
    /// not there, and of earlier lives, say nothing.
    pub fn merge_marks(&mut self, page: usize, marks: &[Mark], now: UnixMillis) {
        self.watch_clock(now);
        let Self {
            pages,
            lines,
            projects,
            summary,
            ..
        } = self;
        let Some(known) = pages.get_mut(page) else {
            return;
        };
        let Some(loaded) = &mut known.loaded else {
            return;
        };
        loaded.marks_read = summary.written_at(page);
        let name_of = |model: &str| lines.any().name(model);
        let mut change = Change::None;
        for mark in marks {
            let Some(slot) = loaded.get_mut(mark.key) else {
                continue;
            };
            if slot.merge(mark, name_of, now) == Change::None {
                continue;
            }
            change = Change::Some;
            for reported in &mark.coolings {
                let (scope, model) = match &reported.model {
                    None => (Scope::Key, ""),
                    Some(model) => (Scope::Model, model.as_str()),
                };
                let cool = Cool {
                    until: reported.until,
                    cause: reported.cause,
                };
                projects.merge(slot.subject, scope, &name_of(model), cool, now);
            }
        }
        if change == Change::Some {
            self.reconsider(page, Which::All, now);
        }
    }

    /// What this instance has learned and not written yet, by page: to be merged into what is stored.
    pub fn changed_marks(&mut self, now: UnixMillis) -> Vec<(usize, Vec<Mark>)> {
        let Self { pages, news, .. } = self;
        let mut changed = Vec::new();
        news.0.retain(|page, news| {
            let loaded = pages.get_mut(*page).and_then(|page| page.loaded.as_mut());
            let slots = loaded.into_iter().flat_map(|loaded| &mut loaded.slots);
            let mut marks = Vec::new();
            for slot in slots.filter(|slot| slot.is_news) {
                let mark = slot.mark(now);
                if mark.says_something() {
                    marks.push(mark);
                } else {
                    // It is over already.
                    slot.is_news = false;
                }
            }
            let has_news = !marks.is_empty();
            if has_news {
                news.handed_out = news.changes;
                changed.push((*page, marks));
            }
            has_news
        });
        changed
    }

    /// Notes that the changed marks of this page are stored, together with what was stored before, which has been merged
    /// into the pool as well. What was learned since they were handed out remains to be
    /// written.
    pub fn marks_written(&mut self, page: usize, now: UnixMillis) {
        let is_done = self
            .news
            .0
            .get(&page)
            .is_some_and(|news| news.changes == news.handed_out);
        if is_done {
            self.news.0.remove(&page);
        }
        let Some(loaded) = self
            .pages
            .get_mut(page)
            .and_then(|page| page.loaded.as_mut())
        else {
            return;
        };
        let mut dead = 0;
        for slot in &mut loaded.slots {
            if is_done {
                slot.is_news = false;
            }
            dead += u32::from(slot.is_dead());
        }
        self.summary.note_written(page, dead, now);
        loaded.marks_read = self.summary.written_at(page);
    }

    /// Loaded pages whose marks somebody has written since this instance read them, as far as the summary tells.
    #[must_use]
    pub fn stale_marks(&self) -> Vec<usize> {
        let is_stale = |index: usize, page: &crate::page::Page| {
            let loaded = page.loaded.as_ref();
            loaded.is_some_and(|loaded| loaded.marks_read != self.summary.written_at(index))
        };
        let pages = self.pages.iter().enumerate();
        pages
            .filter(|(index, page)| is_stale(*index, page))
            .map(|(index, _)| index)
            .collect()
    }
}

#[cfg(test)]
mod tests;
