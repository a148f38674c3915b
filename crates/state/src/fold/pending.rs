//! Reading logged edits in their order, and deciding which numbers nobody will fill.
//!
//! A number is passed over only after a tombstone for it was written and its operation was looked for once more: see
//! `append.rs` for the other half.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use gempool_pool::UnixMillis;

use crate::envelope::{self, Damage};
use crate::ledger::Ledger;
use crate::names;
use crate::operation::Operation;
use crate::ports::StoreUnavailable;
use crate::read::ReadError;
use crate::whole::CONCURRENCY;

/// Operations in memory at once: 64 KiB each are 2 MiB.
const MAX_CHUNK: usize = CONCURRENCY;

/// How often a folder looks for an operation whose number was given out, before it passes over it, with
/// [`Ledger::pause`] in between: two seconds. An editor that lives needs one write (0.75 ms with `SQLite`, measured on
/// 2026-11-21), but eight of them on two busy cores were seen to need more than ten; passing over one that lives costs
/// both a second try. An editor that crashed costs the next one these seconds, once.
const MAX_LOOKS: u32 = 1_024;

/// How long a folder looks for it at most, where reads are slow.
const HOLE_PATIENCE: Duration = Duration::from_secs(2);

/// What stands under a number.
pub(crate) enum Slot {
    Operation(Box<Operation>),
    /// Nothing, and nothing ever will.
    Hole,
    /// Something that is no operation.
    Unreadable,
}

/// How long a folder still waits for editors.
pub(crate) struct Patience {
    looks: u32,
    since: UnixMillis,
}

impl Patience {
    pub(crate) fn new(now: UnixMillis) -> Self {
        Self {
            looks: MAX_LOOKS,
            since: now,
        }
    }
}

impl Ledger<'_> {
    /// What stands under at most [`MAX_CHUNK`] numbers from `first` to `last`.
    pub(crate) async fn pending(
        &self,
        first: u64,
        last: u64,
        patience: &mut Patience,
    ) -> Result<Vec<(u64, Slot)>, ReadError> {
        let seqs = first..=last;
        let mut reads = stream::iter(seqs.take(MAX_CHUNK))
            .map(async |seq| self.look(seq).await.map(|slot| (seq, slot)))
            .buffered(CONCURRENCY);
        let mut slots = Vec::new();
        let mut missing = Vec::new();
        while let Some(read) = reads.next().await {
            let (seq, slot) = read?;
            if slot.is_none() {
                missing.push(slots.len());
            }
            slots.push((seq, slot.unwrap_or(Slot::Hole)));
        }
        for at in missing {
            if let Some((seq, slot)) = slots.get_mut(at) {
                *slot = self.wait_for(*seq, patience).await?;
            }
        }
        Ok(slots)
    }

    /// Waits for a missing operation, and passes over it in the end.
    async fn wait_for(&self, seq: u64, patience: &mut Patience) -> Result<Slot, ReadError> {
        let tombstone = names::tombstone(seq);
        let is_passed_over = self.store.get(&tombstone).await?.is_some();
        while !is_passed_over && patience.looks > 0 {
            let now = (self.clock)();
            let waited = now.saturating_since(patience.since);
            if now < patience.since || waited > HOLE_PATIENCE {
                patience.looks = 0;
                break;
            }
            patience.looks = patience.looks.saturating_sub(1);
            if let Some(slot) = self.look(seq).await? {
                // Somebody is writing: the next one gets the whole patience again.
                *patience = Patience::new((self.clock)());
                return Ok(slot);
            }
            (self.pause)().await;
        }
        if !is_passed_over {
            let document = envelope::to_plain(&tombstone, &seq)
                .map_err(|error| StoreUnavailable(error.to_string()))?;
            self.store.set(&tombstone, document).await?;
        }
        // The tombstone stands before this last look: an editor that comes later sees it.
        Ok(self.look(seq).await?.unwrap_or(Slot::Hole))
    }

    async fn look(&self, seq: u64) -> Result<Option<Slot>, ReadError> {
        let name = names::operation(seq);
        let Some(document) = self.store.get(&name).await? else {
            return Ok(None);
        };
        match self.vault.open_json(&name, &document) {
            Ok(operation) => Ok(Some(Slot::Operation(Box::new(operation)))),
            // Another version or another master key is at work: what it wrote is not ours to pass over.
            Err(Damage::Newer(format)) => Err(ReadError::TooNew(format)),
            Err(Damage::UnknownKey) => Err(ReadError::WrongMasterKey),
            Err(_) => Ok(Some(Slot::Unreadable)),
        }
    }
}
