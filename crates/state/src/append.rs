//! Writing edits into the log, each under a number of its own, so that no folder passes over one unnoticed.
//!
//! The editor writes the operation and then looks for a tombstone; a folder that misses the operation writes the
//! tombstone and then looks for the operation again. Whatever the order, one of them sees the other: an edit whose
//! editor saw no tombstone is in the tree of every folder.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};

use crate::change::Change;
use crate::ledger::{EditError, Ledger};
use crate::names::{self, SEQUENCE};
use crate::operation::Operation;
use crate::ports::StoreUnavailable;
use crate::whole::CONCURRENCY;

/// How often an edit is logged anew because folders might have passed over it. Each time takes a stall of the editor
/// longer than a folder's patience; eight in a row are a store that does not work.
const MAX_TRIES: usize = 8;

/// How long writing an operation may take until the editor does not trust it any more: the tombstone that would tell
/// it could be trimmed by then, though only after a day.
const MAX_STALL: Duration = Duration::from_secs(60);

/// An edit in the log.
#[derive(Debug)]
pub(crate) struct Appended {
    /// The numbers under which it stands, in order; it counts as the first that no folder passed over.
    pub(crate) seqs: Vec<u64>,
}

/// An edit that is to be logged.
struct Entry {
    /// Where it comes in the editor's order.
    place: usize,
    /// Numbers under which it stands already.
    earlier: Vec<u64>,
    change: Change,
}

impl Ledger<'_> {
    /// Logs the changes in their order. `folded` is what the editor saw folded before.
    pub(crate) async fn append(
        &self,
        actor: &str,
        changes: Vec<Change>,
        folded: u64,
    ) -> Result<Vec<Appended>, EditError> {
        let mut done: Vec<Option<Appended>> = Vec::new();
        done.resize_with(changes.len(), || None);
        let mut entries: Vec<Entry> = changes
            .into_iter()
            .enumerate()
            .map(|(place, change)| Entry {
                place,
                earlier: Vec::new(),
                change,
            })
            .collect();
        for attempt in 0..MAX_TRIES {
            if entries.is_empty() {
                return Ok(done.into_iter().flatten().collect());
            }
            let started = (self.clock)();
            let first = match self.reserve(entries.len(), folded).await {
                Ok(first) => first,
                Err(error) if attempt == 0 => return Err(error.into()),
                Err(_) => return Err(EditError::Uncertain),
            };
            let mut writes = stream::iter(entries.into_iter().zip(first..))
                .map(|(entry, seq)| self.write(actor, entry, seq))
                .buffered(CONCURRENCY);
            let mut again = Vec::new();
            while let Some(written) = writes.next().await {
                let (mut entry, seq, is_passed_over) = written.map_err(|_| EditError::Uncertain)?;
                entry.earlier.push(seq);
                let now = (self.clock)();
                let stalled = now < started || now.saturating_since(started) > MAX_STALL;
                if is_passed_over || stalled {
                    again.push(entry);
                } else if let Some(place) = done.get_mut(entry.place) {
                    *place = Some(Appended {
                        seqs: entry.earlier,
                    });
                }
            }
            drop(writes);
            entries = again;
        }
        Err(EditError::Uncertain)
    }

    /// The first of `count` numbers that are the editor's alone.
    async fn reserve(&self, count: usize, folded: u64) -> Result<u64, StoreUnavailable> {
        let broken = || StoreUnavailable("the counter of edits went backwards".to_owned());
        let count = i64::try_from(count).map_err(|_| broken())?;
        let last = self.counters.add(SEQUENCE, count).await?;
        let first = last
            .checked_sub(count)
            .and_then(|first| first.checked_add(1));
        let first = first.and_then(|first| u64::try_from(first).ok());
        match first {
            Some(first) if first > folded => Ok(first),
            // The counter was lost while the head was not: every number up to the head's would be taken for done.
            _ => {
                let target = i64::try_from(folded).map_err(|_| broken())?;
                let gap = target.checked_sub(last).ok_or_else(broken)?;
                self.counters.add(SEQUENCE, gap.max(0)).await?;
                let last = self.counters.add(SEQUENCE, count).await?;
                let first = last
                    .checked_sub(count)
                    .and_then(|first| first.checked_add(1));
                first
                    .and_then(|first| u64::try_from(first).ok())
                    .filter(|first| *first > folded)
                    .ok_or_else(broken)
            }
        }
    }

    /// Writes one operation, and says whether a folder might have passed over it.
    async fn write(
        &self,
        actor: &str,
        entry: Entry,
        seq: u64,
    ) -> Result<(Entry, u64, bool), StoreUnavailable> {
        let name = names::operation(seq);
        let operation = Operation {
            at: (self.clock)(),
            actor: actor.to_owned(),
            earlier: entry.earlier,
            change: entry.change,
        };
        let document = self
            .vault
            .seal_json(self.rng, &name, &operation)
            .map_err(|error| StoreUnavailable(error.to_string()))?;
        self.store.set(&name, document).await?;
        let is_passed_over = self.store.get(&names::tombstone(seq)).await?.is_some();
        let entry = Entry {
            place: entry.place,
            earlier: operation.earlier,
            change: operation.change,
        };
        Ok((entry, seq, is_passed_over))
    }
}
