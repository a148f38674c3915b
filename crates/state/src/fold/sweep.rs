//! Deleting what nobody needs any more: documents that nothing points to, and old operations.
//!
//! Nothing is found by listing: the head says what was dropped. A fold deletes a little of it before it publishes a
//! head without it, so that a crash in between deletes it twice and forgets nothing.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use gempool_pool::UnixMillis;

use crate::ledger::Ledger;
use crate::names::{self, DocId};
use crate::operation::Operation;
use crate::ports::StoreUnavailable;
use crate::read::{ReadError, read_document};
use crate::tree::{Dropped, DroppedList, Garbage, HeadBody};
use crate::whole::CONCURRENCY;

/// How long a dropped document stays: readers may have an old head for so long (design: the last good copy serves
/// for ten minutes).
const GARBAGE_AGE: Duration = Duration::from_secs(600);

/// How many later edits a dropped document stays at least: a clock that is wrong must not delete what a folder that
/// is a little behind still points to.
const GARBAGE_EDITS: u64 = 16;

/// Dropped documents that the head names itself: 9 KiB of the 64.
pub(crate) const MAX_YOUNG: usize = 128;

/// Names in one list of dropped documents: 38 KiB.
const MAX_LIST: usize = 2_000;

/// Lists that the head names: 5 KiB of the 64. The oldest is forgotten beyond that, which leaves documents in the
/// store that nothing will delete; it takes 64 changes of a pool's every page within ten minutes.
pub(crate) const MAX_LISTS: usize = 64;

/// Most documents that one fold deletes, and most operations.
const MAX_DELETED: usize = 64;

/// How long operations stay: who looks into a mistake looks into them, and a folder that is behind needs them.
const OPERATION_AGE: Duration = Duration::from_secs(24 * 3_600);

/// How many of the latest operations stay, however old.
const KEPT_OPERATIONS: u64 = 1_024;

impl Ledger<'_> {
    /// Deletes a little of the garbage, notes what this fold dropped, and trims the log.
    pub(crate) async fn sweep(
        &self,
        body: &mut HeadBody,
        dropped: Vec<DocId>,
        now: UnixMillis,
    ) -> Result<(), ReadError> {
        self.delete_old(&mut body.garbage, body.folded, now).await?;
        if !dropped.is_empty() {
            body.garbage.young.push(Dropped {
                at: now,
                seq: body.folded,
                docs: dropped,
            });
        }
        self.list_young(&mut body.garbage, body.folded, now).await?;
        self.trim(body, now).await
    }

    async fn delete_old(
        &self,
        garbage: &mut Garbage,
        folded: u64,
        now: UnixMillis,
    ) -> Result<(), ReadError> {
        let is_old = |at: &mut UnixMillis, seq: u64| {
            // Dropped in the future: a clock was wrong, then or now.
            *at = (*at).min(now);
            now.saturating_since(*at) >= GARBAGE_AGE && folded.saturating_sub(seq) >= GARBAGE_EDITS
        };
        if let Some(list) = garbage.lists.first_mut()
            && is_old(&mut list.at, list.seq)
        {
            let docs = match read_document::<Vec<DocId>>(self.store, self.vault, list.doc).await {
                Ok(docs) => docs,
                Err(ReadError::Unavailable(error)) => return Err(error.into()),
                // What it listed stays for ever, which harms nobody.
                Err(_) => Vec::new(),
            };
            let part = docs.iter().skip(list.done).take(MAX_DELETED);
            self.delete_all(part.map(|doc| doc.name()).collect())
                .await?;
            list.done = list.done.saturating_add(MAX_DELETED);
            if list.done >= docs.len() {
                self.store.delete(&list.doc.name()).await?;
                garbage.lists.remove(0);
            }
            return Ok(());
        }
        let mut names = Vec::new();
        for dropped in &mut garbage.young {
            if is_old(&mut dropped.at, dropped.seq) {
                let room = MAX_DELETED.saturating_sub(names.len());
                let part = dropped.docs.len().min(room);
                names.extend(dropped.docs.drain(..part).map(DocId::name));
            }
        }
        garbage.young.retain(|dropped| !dropped.docs.is_empty());
        Ok(self.delete_all(names).await?)
    }

    /// Moves names out of the head when there are too many.
    async fn list_young(
        &self,
        garbage: &mut Garbage,
        folded: u64,
        now: UnixMillis,
    ) -> Result<(), StoreUnavailable> {
        let young: usize = garbage.young.iter().map(|dropped| dropped.docs.len()).sum();
        if young <= MAX_YOUNG {
            return Ok(());
        }
        let docs: Vec<DocId> = garbage
            .young
            .drain(..)
            .flat_map(|dropped| dropped.docs)
            .collect();
        for part in docs.chunks(MAX_LIST) {
            let doc = self.write_document(&part, folded).await?;
            garbage.lists.push(DroppedList {
                at: now,
                seq: folded,
                doc,
                done: 0,
            });
        }
        let surplus = garbage.lists.len().saturating_sub(MAX_LISTS);
        garbage.lists.drain(..surplus);
        Ok(())
    }

    /// Deletes the oldest operations if they are old enough by age and by number.
    async fn trim(&self, body: &mut HeadBody, now: UnixMillis) -> Result<(), ReadError> {
        let deleted = u64::try_from(MAX_DELETED).unwrap_or(u64::MAX);
        let last = body.trimmed.saturating_add(deleted);
        if last > body.folded.saturating_sub(KEPT_OPERATIONS) {
            return Ok(());
        }
        let first = body.trimmed.saturating_add(1);
        // The youngest that can be read stands for all of them; if none can be read, their number decides.
        for seq in (first..=last).rev() {
            let name = names::operation(seq);
            let Some(document) = self.store.get(&name).await? else {
                continue;
            };
            let Ok(operation) = self.vault.open_json::<Operation>(&name, &document) else {
                continue;
            };
            // A time in the future comes from a wrong clock and would keep the log for ever.
            let is_young = now.saturating_since(operation.at) < OPERATION_AGE;
            let is_wrong = operation.at > now.saturating_add(OPERATION_AGE);
            if is_young && !is_wrong {
                return Ok(());
            }
            break;
        }
        let names = (first..=last)
            .flat_map(|seq| [names::operation(seq), names::tombstone(seq)])
            .collect();
        self.delete_all(names).await?;
        body.trimmed = last;
        Ok(())
    }

    async fn delete_all(&self, names: Vec<String>) -> Result<(), StoreUnavailable> {
        let mut deletes = stream::iter(names)
            .map(async |name| self.store.delete(&name).await)
            .buffer_unordered(CONCURRENCY);
        while let Some(deleted) = deletes.next().await {
            deleted?;
        }
        Ok(())
    }
}
