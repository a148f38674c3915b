//! Folding: putting logged edits into the tree and publishing a head with them.
//!
//! Anybody may fold at any time, and several at once do the same work: from the same edits they make the same
//! documents. Without compare-and-swap a slow folder can publish an older head over a newer one; it then sees that
//! the counter is ahead of what it published, and folds again.

mod draft;
mod paged;
mod pending;
mod sweep;

use std::time::Duration;

use gempool_pool::UnixMillis;
use serde::Serialize;

use crate::ledger::Ledger;
use crate::names::{self, DocId, SEQUENCE};
use crate::operation::Operation;
use crate::ports::StoreUnavailable;
use crate::read::{ReadError, current_head};
use crate::schema;
use crate::tree::{Head, HeadBody, Refusal};
use crate::vault::{self, Writing};
#[cfg(test)]
pub(crate) use sweep::{MAX_LISTS, MAX_YOUNG};

use draft::{Draft, Stop};
use pending::{Patience, Slot};

/// How old a fold may be when it publishes: what it read is garbage for ten minutes before it is deleted, and a
/// folder that was frozen for longer must not point to it.
const FOLD_PATIENCE: Duration = Duration::from_secs(10);

/// How often a fold begins again because others published meanwhile: each time, the tree went forward.
const MAX_ROUNDS: usize = 64;

/// Most edits that one head adds: with 64 KiB each, about ten seconds' work for a slow store.
const MAX_FOLDED: u64 = 1_024;

/// What became of one attempt.
enum Folded {
    Published,
    /// Somebody else published meanwhile.
    Overtaken,
    /// It took longer than [`FOLD_PATIENCE`].
    TooSlow,
}

impl Ledger<'_> {
    /// Puts every logged edit into the tree; anybody may, at any time. `None` if nothing was ever edited. The head
    /// that it returns was read from the store.
    ///
    /// # Errors
    /// [`ReadError`]; nothing is lost, and the next fold does what this one did not.
    pub async fn fold(&self) -> Result<Option<Head>, ReadError> {
        schema::read(self.store, self.vault).await?;
        self.fold_until(u64::MAX).await
    }

    /// Folds a store whose schema was just read, until the edit `goal` is in the head: who waits for an edit need not
    /// keep up with everybody else's.
    pub(crate) async fn fold_until(&self, goal: u64) -> Result<Option<Head>, ReadError> {
        let mut most = MAX_FOLDED;
        for _ in 0..MAX_ROUNDS {
            let head = current_head(self.store, self.vault).await?;
            let folded = head.as_ref().map_or(0, Head::folded);
            if folded >= goal {
                return Ok(head);
            }
            let given = self.counters.add(SEQUENCE, 0).await?;
            let given = u64::try_from(given).unwrap_or(0);
            if given <= folded {
                return Ok(head);
            }
            let target = given.min(folded.saturating_add(most));
            match self.fold_once(head, target).await? {
                Folded::Published | Folded::Overtaken => {}
                // Less work is done sooner.
                Folded::TooSlow => most = (most / 4).max(1),
            }
        }
        Err(StoreUnavailable(
            "the store is too slow to fold, or others fold all the time".to_owned(),
        )
        .into())
    }

    /// Folds what follows a head up to `target`, and publishes it if that head is still the one.
    async fn fold_once(&self, base: Option<Head>, target: u64) -> Result<Folded, ReadError> {
        let started = (self.clock)();
        let known = base.as_ref().and_then(|base| base.writing);
        let body = base.map_or_else(
            || HeadBody::empty(self.vault.first_client_secret()),
            |base| base.body,
        );
        let mut draft = Draft::new(self, body);
        self.apply_to(&mut draft, target).await?;
        // Who was overtaken while reading writes nothing that nobody would ever delete.
        if !self.is_current(known).await? {
            return Ok(Folded::Overtaken);
        }
        let (mut body, dropped) = draft.write().await?;
        self.sweep(&mut body, dropped, (self.clock)()).await?;

        let document = self
            .vault
            .seal_json(self.rng, names::HEAD_NAME, &body)
            .map_err(|error| StoreUnavailable(error.to_string()))?;
        if !self.is_current(known).await? {
            return Ok(Folded::Overtaken);
        }
        if !self.is_within_patience(started) {
            return Ok(Folded::TooSlow);
        }
        self.store.set(names::HEAD_NAME, document).await?;
        Ok(Folded::Published)
    }

    /// Whether the head is the one that a fold began with.
    async fn is_current(&self, known: Option<Writing>) -> Result<bool, ReadError> {
        let document = self.store.get(names::HEAD_NAME).await?;
        let writing = document.as_deref().map(vault::writing_of).transpose();
        // What cannot be read is another one; the next round says why.
        Ok(writing.is_ok_and(|writing| writing == known))
    }

    /// Whether a fold that started then may still publish. A clock that went backwards tells nothing.
    fn is_within_patience(&self, started: UnixMillis) -> bool {
        let now = (self.clock)();
        now >= started && now.saturating_since(started) < FOLD_PATIENCE
    }

    /// Applies the edits up to `target`.
    async fn apply_to(&self, draft: &mut Draft<'_>, target: u64) -> Result<(), ReadError> {
        let mut patience = Patience::new((self.clock)());
        while draft.body().folded < target {
            let first = draft.body().folded.saturating_add(1);
            for (seq, slot) in self.pending(first, target, &mut patience).await? {
                match slot {
                    Slot::Operation(operation) => apply(draft, *operation, seq).await?,
                    Slot::Hole => draft.body().skip(seq),
                    Slot::Unreadable => draft.body().refuse(seq, Refusal::Unreadable),
                }
                draft.body().folded = seq;
            }
        }
        Ok(())
    }

    /// Writes a document of the tree. Its name is made of its content and of `seq`, the edit that made it.
    pub(crate) async fn write_document<T: Serialize>(
        &self,
        value: &T,
        seq: u64,
    ) -> Result<DocId, StoreUnavailable> {
        let failed = |error: String| StoreUnavailable(error);
        let content = serde_json::to_vec(value).map_err(|error| failed(error.to_string()))?;
        let doc = self.vault.name(&content, seq);
        let name = doc.name();
        let document = self
            .vault
            .seal(self.rng, &name, &content)
            .map_err(|error| failed(error.to_string()))?;
        self.store.set(&name, document).await?;
        Ok(doc)
    }
}

/// Applies one edit, unless it stands under an earlier number as well and was not passed over there.
async fn apply(draft: &mut Draft<'_>, operation: Operation, seq: u64) -> Result<(), ReadError> {
    let is_done = operation
        .earlier
        .iter()
        .any(|earlier| draft.body().includes(*earlier));
    if is_done {
        return Ok(());
    }
    match draft.apply(operation.change, seq).await {
        Ok(()) => Ok(()),
        Err(Stop::Refused(refusal)) => {
            draft.body().refuse(seq, refusal);
            Ok(())
        }
        Err(Stop::Failed(error)) => Err(error),
    }
}
