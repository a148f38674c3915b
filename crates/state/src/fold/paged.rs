//! Records spread over pages, in memory while a fold changes them: only the pages that a change touches are read, and
//! only those that it changed are written.
//!
//! What comes out depends on the edits alone, not on how many of them one fold takes, so that racing folders write
//! the same documents.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};
use gempool_pool::{KeyId, KeyRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client_key::{ClientKeyId, ClientKeyRecord};
use crate::envelope::Damage;
use crate::ledger::Ledger;
use crate::names::DocId;
use crate::operation::json_bytes;
use crate::ports::StoreUnavailable;
use crate::read::{ReadError, read_page};
use crate::tree::{PageRef, Pages};
use crate::whole::{CONCURRENCY, documents};

/// Most records of a page: what one read of a cold request has to open and parse (16 KiB, 0.03 ms to open in wasm,
/// measured on 2026-11-21).
pub(crate) const MAX_PAGE_RECORDS: usize = 256;

/// Most bytes of a page: a document less its envelope, with room for later fields.
pub(crate) const MAX_PAGE_BYTES: usize = 60 * 1024;

/// Something that is kept in pages.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {
    /// What orders it.
    type Id: Copy + Ord;

    /// Most bits that number its pages: the references, about 35 bytes each, share a document with other things.
    const MAX_BITS: u8;

    fn id(&self) -> Self::Id;

    /// The page of an id.
    fn page(id: Self::Id, bits: u8) -> usize;

    /// Its weight; none if it is disabled.
    fn weight(&self) -> Option<u64>;
}

impl Record for KeyRecord {
    type Id = KeyId;

    /// 1,024 references are 35 KiB of a root, beside 16 KiB of configuration.
    const MAX_BITS: u8 = 10;

    fn id(&self) -> KeyId {
        Self::id(self)
    }

    fn page(id: KeyId, bits: u8) -> usize {
        id.page(bits)
    }

    fn weight(&self) -> Option<u64> {
        (!self.disabled).then(|| u64::from(self.weight.get()))
    }
}

impl Record for ClientKeyRecord {
    type Id = ClientKeyId;

    /// 512 references are 18 KiB of the head.
    const MAX_BITS: u8 = 9;

    fn id(&self) -> ClientKeyId {
        self.id
    }

    fn page(id: ClientKeyId, bits: u8) -> usize {
        id.page(bits)
    }

    fn weight(&self) -> Option<u64> {
        (!self.disabled).then_some(1)
    }
}

/// A page in memory.
struct Page<T: Record> {
    /// The records and their sizes in the document.
    records: BTreeMap<T::Id, (T, usize)>,
    bytes: usize,
    /// The last edit that changed it; none while it is as it was read.
    touched: Option<u64>,
}

/// The pages of one set of records.
pub(crate) struct Paged<T: Record> {
    pages: Pages,
    loaded: BTreeMap<usize, Page<T>>,
    /// Documents that growing left behind.
    dropped: Vec<DocId>,
}

impl<T: Record> Paged<T> {
    pub(crate) fn new(pages: Pages) -> Self {
        Self {
            pages,
            loaded: BTreeMap::new(),
            dropped: Vec::new(),
        }
    }

    /// Reads the pages of these ids that are not in memory.
    pub(crate) async fn load(
        &mut self,
        ledger: &Ledger<'_>,
        ids: impl IntoIterator<Item = T::Id>,
    ) -> Result<(), ReadError> {
        let mut numbers: Vec<usize> = ids
            .into_iter()
            .map(|id| T::page(id, self.pages.bits))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.load_pages(ledger, numbers).await
    }

    /// Reads every page that is not in memory.
    pub(crate) async fn load_all(&mut self, ledger: &Ledger<'_>) -> Result<(), ReadError> {
        let numbers = (0..self.pages.pages.len()).collect();
        self.load_pages(ledger, numbers).await
    }

    /// Reads every page that can be read.
    pub(crate) async fn load_readable(&mut self, ledger: &Ledger<'_>) -> Result<(), ReadError> {
        for number in 0..self.pages.pages.len() {
            match self.load_pages(ledger, vec![number]).await {
                Ok(()) | Err(ReadError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn load_pages(
        &mut self,
        ledger: &Ledger<'_>,
        numbers: Vec<usize>,
    ) -> Result<(), ReadError> {
        let missing: Vec<(usize, PageRef)> = numbers
            .into_iter()
            .filter(|number| !self.loaded.contains_key(number))
            .map(|number| (number, self.pages.page(number)))
            .collect();
        let mut reads = stream::iter(missing)
            .map(async |(number, page)| {
                read_page::<T>(ledger.store, ledger.vault, page)
                    .await
                    .map(|records| (number, page, records))
            })
            .buffered(CONCURRENCY);
        while let Some(read) = reads.next().await {
            let (number, reference, records) = read?;
            let mut page = Page::empty();
            for record in records {
                page.put(record);
            }
            let is_in_place = page
                .records
                .keys()
                .all(|id| T::page(*id, self.pages.bits) == number);
            if let Some(doc) = reference.doc.filter(|_| !is_in_place) {
                return Err(ReadError::damaged(doc.name(), Damage::OtherType));
            }
            self.loaded.insert(number, page);
        }
        Ok(())
    }

    /// The record, if its page is in memory.
    pub(crate) fn get(&self, id: T::Id) -> Option<&T> {
        let page = self.loaded.get(&T::page(id, self.pages.bits))?;
        page.records.get(&id).map(|(record, _)| record)
    }

    /// Puts a record in the place of the one with its id, and hands that one back. Its page is in memory.
    pub(crate) fn put(&mut self, record: T, seq: u64) -> Option<T> {
        let number = T::page(record.id(), self.pages.bits);
        let page = self.loaded.entry(number).or_insert_with(Page::empty);
        page.touched = Some(seq);
        page.put(record)
    }

    /// Removes a record whose page is in memory.
    pub(crate) fn remove(&mut self, id: T::Id, seq: u64) -> Option<T> {
        let page = self.loaded.get_mut(&T::page(id, self.pages.bits))?;
        let (record, size) = page.records.remove(&id)?;
        page.bytes = page.bytes.saturating_sub(size);
        page.touched = Some(seq);
        Some(record)
    }

    /// Removes the records in memory that are not to be kept.
    pub(crate) fn retain(&mut self, seq: u64, keep: impl Fn(&T) -> bool) {
        for page in self.loaded.values_mut() {
            let before = page.records.len();
            page.records.retain(|_, (record, _)| keep(record));
            if page.records.len() != before {
                page.bytes = page.records.values().map(|(_, size)| size).sum();
                page.touched = Some(seq);
            }
        }
    }

    /// How many records there are.
    pub(crate) fn count(&self) -> usize {
        let stored = (0..)
            .zip(&self.pages.pages)
            .filter(|(number, _)| !self.loaded.contains_key(number))
            .map(|(_, page)| usize::try_from(page.records).unwrap_or(usize::MAX));
        let loaded = self.loaded.values().map(|page| page.records.len());
        stored.chain(loaded).fold(0, usize::saturating_add)
    }

    /// Whether every page fits into its document.
    pub(crate) fn fits(&self) -> bool {
        self.loaded
            .values()
            .all(|page| page.records.len() <= MAX_PAGE_RECORDS && page.bytes <= MAX_PAGE_BYTES)
    }

    /// Spreads the records over twice as many pages; `false` if there are as many as there can be.
    pub(crate) async fn grow(&mut self, ledger: &Ledger<'_>, seq: u64) -> Result<bool, ReadError> {
        if self.pages.bits >= T::MAX_BITS {
            return Ok(false);
        }
        self.load_all(ledger).await?;
        self.dropped.extend(documents(&self.pages));
        let bits = self.pages.bits.saturating_add(1);
        self.pages = Pages {
            bits,
            pages: vec![PageRef::EMPTY; 1 << bits],
        };
        let mut loaded = BTreeMap::new();
        for number in 0..self.pages.pages.len() {
            loaded.insert(
                number,
                Page {
                    touched: Some(seq),
                    ..Page::empty()
                },
            );
        }
        for (id, (record, size)) in std::mem::take(&mut self.loaded)
            .into_values()
            .flat_map(|page| page.records)
        {
            let page = loaded.entry(T::page(id, bits)).or_insert_with(Page::empty);
            page.bytes = page.bytes.saturating_add(size);
            page.records.insert(id, (record, size));
        }
        self.loaded = loaded;
        Ok(true)
    }

    /// The last edit that changed any page.
    pub(crate) fn last_touched(&self) -> Option<u64> {
        self.loaded.values().filter_map(|page| page.touched).max()
    }

    /// Every document that the records were in.
    pub(crate) fn into_documents(self) -> Vec<DocId> {
        let mut all = self.dropped;
        all.extend(documents(&self.pages));
        all
    }

    /// Writes every page that has changed. What it returns says where everything is now, and which documents nothing
    /// points to any more.
    pub(crate) async fn write(
        mut self,
        ledger: &Ledger<'_>,
    ) -> Result<(Pages, Vec<DocId>), StoreUnavailable> {
        let touched: Vec<(usize, u64, Page<T>)> = std::mem::take(&mut self.loaded)
            .into_iter()
            .filter_map(|(number, page)| page.touched.map(|seq| (number, seq, page)))
            .collect();
        let mut writes = stream::iter(touched)
            .map(async |(number, seq, page)| {
                page.write(ledger, seq).await.map(|page| (number, page))
            })
            .buffer_unordered(CONCURRENCY);
        while let Some(written) = writes.next().await {
            let (number, page) = written?;
            if let Some(place) = self.pages.pages.get_mut(number) {
                let old = std::mem::replace(place, page);
                self.dropped
                    .extend(old.doc.filter(|doc| Some(*doc) != page.doc));
            }
        }
        Ok((self.pages, self.dropped))
    }
}

impl<T: Record> Page<T> {
    fn empty() -> Self {
        Self {
            records: BTreeMap::new(),
            bytes: 2,
            touched: None,
        }
    }

    fn put(&mut self, record: T) -> Option<T> {
        // And a comma.
        let size = json_bytes(&record).saturating_add(1);
        self.bytes = self.bytes.saturating_add(size);
        let (old, old_size) = self.records.insert(record.id(), (record, size))?;
        self.bytes = self.bytes.saturating_sub(old_size);
        Some(old)
    }

    async fn write(self, ledger: &Ledger<'_>, seq: u64) -> Result<PageRef, StoreUnavailable> {
        if self.records.is_empty() {
            return Ok(PageRef::EMPTY);
        }
        let records: Vec<&T> = self.records.values().map(|(record, _)| record).collect();
        let weights = records.iter().filter_map(|record| record.weight());
        let page = PageRef {
            doc: Some(ledger.write_document(&records, seq).await?),
            records: u32::try_from(records.len()).unwrap_or(u32::MAX),
            enabled: u32::try_from(weights.clone().count()).unwrap_or(u32::MAX),
            weight: weights.sum(),
        };
        Ok(page)
    }
}
