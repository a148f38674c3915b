//! Rotation of the master key: writing everything anew that the previous one sealed.
//!
//! Contents and names stay, so that readers, editors and folders go on meanwhile, and a second run finishes what an
//! interrupted one left.

use futures::stream::{self, StreamExt as _};

use crate::admit::unreadable;
use crate::envelope::Damage;
use crate::ledger::{EditError, Ledger};
use crate::names::{self, DocId};
use crate::read::{ReadError, read_root};
use crate::schema;
use crate::tree::RootRef;
use crate::vault::tag_of;
use crate::whole::{CONCURRENCY, documents};

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Resealed {
    /// Documents that it looked at.
    pub seen: usize,
    /// Those of them that it sealed anew.
    pub resealed: usize,
    /// Documents that cannot be read, and were left as they are.
    pub damaged: Vec<ReadError>,
}

impl Ledger<'_> {
    /// Seals everything with the current master key that is sealed with the previous one: the tree, the log, and the
    /// schema. When it has returned without damage, nothing needs the previous one any more.
    ///
    /// # Errors
    /// [`EditError::Unavailable`] or [`EditError::Unreadable`]. What was done stays done; run it again.
    pub async fn reseal(&self) -> Result<Resealed, EditError> {
        self.reseal_all().await.map_err(unreadable)
    }

    async fn reseal_all(&self) -> Result<Resealed, ReadError> {
        let made = schema::read(self.store, self.vault).await?;
        // Who has only the previous one is to stop before it meets a document that it cannot read.
        if !matches!(made, schema::Made::Never) {
            schema::settle(self.store, self.vault, made).await?;
        }
        let mut done = Resealed::default();
        let Some(head) = self.fold_until(u64::MAX).await? else {
            return Ok(done);
        };
        for (_, root) in head.pools() {
            self.reseal_pool(root, &mut done).await?;
        }
        let lists = head.body.garbage.lists.iter().map(|list| list.doc);
        let docs: Vec<DocId> = documents(head.clients()).chain(lists).collect();
        self.reseal_documents(docs.into_iter().map(DocId::name).collect(), &mut done)
            .await?;
        let log = head.body.trimmed.saturating_add(1)..=head.body.folded;
        self.reseal_documents(log.map(names::operation).collect(), &mut done)
            .await?;
        self.republish(&mut done).await?;
        Ok(done)
    }

    async fn reseal_pool(&self, root: RootRef, done: &mut Resealed) -> Result<(), ReadError> {
        let pages = match read_root(self.store, self.vault, root).await {
            Ok(root) => documents(&root.keys).map(DocId::name).collect(),
            Err(ReadError::Damaged { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        self.reseal_documents(pages, done).await?;
        self.reseal_documents(vec![root.doc.name()], done).await
    }

    /// Writes the documents of these names anew where another master key sealed them.
    async fn reseal_documents(
        &self,
        names: Vec<String>,
        done: &mut Resealed,
    ) -> Result<(), ReadError> {
        let mut writes = stream::iter(names)
            .map(async |name| self.reseal_document(&name).await)
            .buffer_unordered(CONCURRENCY);
        while let Some(written) = writes.next().await {
            match written {
                Ok(None) => {}
                Ok(Some(is_new)) => {
                    done.seen = done.seen.saturating_add(1);
                    done.resealed = done.resealed.saturating_add(usize::from(is_new));
                }
                Err(error @ ReadError::Damaged { .. }) => done.damaged.push(error),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether the document was sealed anew; `None` if it is not there, because a fold dropped it or it is a hole.
    async fn reseal_document(&self, name: &str) -> Result<Option<bool>, ReadError> {
        let Some(document) = self.store.get(name).await? else {
            return Ok(None);
        };
        let damaged = |damage| ReadError::damaged(name, damage);
        if tag_of(&document).map_err(damaged)? == self.vault.tag() {
            return Ok(Some(false));
        }
        let content = self.vault.open(name, &document).map_err(damaged)?;
        let document = self
            .vault
            .seal(self.rng, name, &content)
            .map_err(|_| damaged(Damage::TooLarge))?;
        self.store.set(name, document).await?;
        Ok(Some(true))
    }

    /// Seals the head anew, which folders write as well.
    async fn republish(&self, done: &mut Resealed) -> Result<(), ReadError> {
        done.seen = done.seen.saturating_add(1);
        let is_new = self.reseal_document(names::HEAD_NAME).await? == Some(true);
        done.resealed = done.resealed.saturating_add(usize::from(is_new));
        // It may have been written over a newer one; then the counter is ahead of it.
        self.fold_until(u64::MAX).await.map(|_| ())
    }
}
