//! Pages in: how the keys of a pool are divided, and the pages of them that are needed.
//!
//! What is known of keys outlives their pages: it is kept by id while pages are loaded again or divided anew.

use crate::layout::{PageInfo, page_count};
use crate::marks::News;
use crate::page::{Loaded, Page};
use crate::page_turns::Place;
use crate::pool::Pool;
use crate::record::KeyRecord;
use crate::slot::Slot;
use crate::summary::Summary;

impl Pool {
    /// Says how the keys are divided now: by the first `bits` bits of their ids, into these pages. Loaded pages stay in
    /// use until they are loaded again; where `bits` changes all of them must be, but what is known of keys is kept.
    pub fn lay_out(&mut self, bits: u8, pages: Vec<PageInfo>) {
        let count = page_count(bits);
        if bits != self.bits || self.pages.len() != count {
            for slot in self.take_slots() {
                if slot.is_remarkable() {
                    self.homeless.insert(slot.id, slot);
                }
            }
            self.bits = bits;
            self.pages = (0..count).map(|_| Page::default()).collect();
            self.lines.clear();
            self.news = News::default();
            self.summary = Summary::default();
            self.wanted = None;
        }
        let infos = pages
            .into_iter()
            .chain(std::iter::repeat_with(PageInfo::default));
        for (index, (page, info)) in self.pages.iter_mut().zip(infos).enumerate() {
            let is_new = page.loaded.is_none() && info != page.info;
            page.info = info;
            if is_new {
                let (place, rank) = (resting_place(page), page.rank(index));
                for (_, _, line) in self.lines.all_mut() {
                    line.set_rank(index, rank);
                    line.put(index, place);
                }
            }
        }
    }

    /// Loads a page, or loads it again: what is known of keys that stay is kept. Records that belong to other pages are
    /// left out.
    pub fn load(&mut self, page: usize, version: &str, records: Vec<KeyRecord>) {
        let (bits, count) = (self.bits, self.pages.len());
        let Some(known) = self.pages.get_mut(page) else {
            return;
        };
        let mine = records
            .into_iter()
            .filter(|record| record.id().page(bits) == page)
            .collect();
        let mut loaded = Loaded::new(version.to_owned(), mine, count);
        if let Some(before) = known.loaded.take() {
            loaded.inherit(before);
        }
        for slot in &mut loaded.slots {
            if let Some(before) = self.homeless.remove(&slot.id) {
                slot.inherit(before);
            }
        }
        self.homeless.retain(|id, _| id.page(bits) != page);
        if loaded.slots.iter().any(|slot| slot.is_news) {
            self.news.note(page);
        }
        known.loaded = Some(loaded);
        let (place, rank) = (resting_place(known), known.rank(page));
        for (_, _, line) in self.lines.all_mut() {
            line.set_rank(page, rank);
            line.put(page, place);
        }
        if self.wanted == Some(page) {
            self.wanted = None;
        }
    }

    /// Pages that are loaded in another version than they are laid out in.
    #[must_use]
    pub fn stale_pages(&self) -> Vec<usize> {
        let is_stale = |page: &Page| {
            let loaded = page.loaded.as_ref();
            loaded.is_some_and(|loaded| loaded.version != page.info.version)
        };
        let pages = self.pages.iter().enumerate();
        pages
            .filter(|(_, page)| is_stale(page))
            .map(|(index, _)| index)
            .collect()
    }

    /// A page whose turn it was although it is not loaded, while loaded ones could serve: worth loading when nobody
    /// waits, so that its keys take their share. Says it once.
    pub fn take_wanted_page(&mut self) -> Option<usize> {
        self.wanted.take()
    }

    fn take_slots(&mut self) -> Vec<Slot> {
        let loaded = self.pages.iter_mut().filter_map(|page| page.loaded.take());
        loaded.flat_map(|loaded| loaded.slots).collect()
    }
}

/// Where a page is before anybody has looked for a certain model.
pub(crate) fn resting_place(page: &Page) -> Place {
    match &page.loaded {
        _ if page.len() == 0 => Place::Out,
        None => Place::Unloaded,
        Some(loaded) if loaded.slots.iter().any(Slot::is_living) => Place::Ready,
        Some(_) => Place::Out,
    }
}
