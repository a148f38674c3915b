//! The one way to change what is stored: edits are logged, folded into the tree, and answered when they are in it.
//!
//! The log is `append.rs`, the fold `fold/`.

use std::time::Duration;

use futures::future::LocalBoxFuture;
use gempool_pool::{KeyRecord, UnixMillis};

use crate::admit::unreadable;
use crate::append::Appended;
use crate::change::Change;
use crate::client_key::ClientKeyRecord;
use crate::pool_config::PoolConfig;
use crate::ports::{Counters, DocumentStore, Rng, StoreUnavailable};
use crate::read::{ReadError, current_head};
use crate::schema;
use crate::tree::{Head, Refusal};
use crate::validate::{Invalid, validate, validate_actor};
use crate::vault::Vault;

/// How often an editor folds until its edit is in the head that it reads back. More than once only if a slow folder
/// published an older head in between.
const MAX_SETTLING: usize = 16;

/// How long a folder waits before it looks again for an edit that is being written.
pub const PAUSE: Duration = Duration::from_millis(2);

/// A store, and what editing it needs.
#[derive(Clone, Copy)]
pub struct Ledger<'a> {
    /// Where documents are.
    pub store: &'a dyn DocumentStore,
    /// Where the sequence number is.
    pub counters: &'a dyn Counters,
    /// Where nonces come from.
    pub rng: &'a dyn Rng,
    /// What seals.
    pub vault: &'a Vault,
    /// The time of day.
    pub clock: &'a dyn Fn() -> UnixMillis,
    /// Waits for [`PAUSE`].
    pub pause: &'a dyn Fn() -> LocalBoxFuture<'static, ()>,
}

/// Edits that are in the tree, and whose tree was read back.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The stamp of what the last of the changes changed; 0 if there was none.
    pub stamp: u64,
    /// The tree with them in it. `None` if nothing was ever edited, this time included.
    pub head: Option<Head>,
}

/// Why an edit was not made, or not yet.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EditError {
    /// The object is not what the editor saw; here is what it is.
    #[error("it was changed meanwhile")]
    Conflict {
        /// The object as it is now.
        current: Box<Current>,
    },
    /// The change is not possible. Nothing was logged.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Another edit came in between that makes it impossible, or a document that it needs cannot be read.
    #[error("it could not be made: {0}")]
    Refused(Refusal),
    /// It is logged and will be in the tree after the next fold; the store went away before.
    #[error("it is logged, and will be visible when the store is back")]
    Logged,
    /// The store failed while it was being logged: it may appear with the next fold, or never.
    #[error("the store failed while it was being logged: look again whether it was made")]
    Uncertain,
    /// The store did not answer. Nothing was logged.
    #[error(transparent)]
    Unavailable(#[from] StoreUnavailable),
    /// What is stored cannot be read. Nothing was logged.
    #[error(transparent)]
    Unreadable(ReadError),
}

/// An object as it is now.
#[derive(Clone, Debug)]
pub enum Current {
    /// There is none.
    Nothing,
    /// A pool.
    Pool(PoolConfig),
    /// A key. `Debug` does not show it.
    Key(KeyRecord),
    /// A client key.
    Client(ClientKeyRecord),
}

impl Current {
    /// The stamp that an editor who saw this gives as its base.
    pub fn stamp(&self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::Pool(config) => config.stamp,
            Self::Key(key) => key.stamp,
            Self::Client(client) => client.stamp,
        }
    }
}

impl Ledger<'_> {
    /// Makes the changes in this order, each one as a whole, and answers when they can be seen. Of several changes
    /// those before one that fails stay made; each is one document, so that large ones are split before
    /// ([`Change::split`]).
    ///
    /// # Errors
    /// [`EditError`], which says whether anything was logged. Of several changes, the first that was refused.
    pub async fn edit(&self, actor: &str, changes: Vec<Change>) -> Result<Edited, EditError> {
        validate_actor(actor)?;
        changes.iter().try_for_each(validate)?;
        let made = schema::read(self.store, self.vault)
            .await
            .map_err(unreadable)?;
        let head = current_head(self.store, self.vault)
            .await
            .map_err(unreadable)?;
        self.admit(head.as_ref(), &changes).await?;
        if changes.is_empty() {
            return Ok(Edited { stamp: 0, head });
        }
        schema::settle(self.store, self.vault, made).await?;
        let folded = head.as_ref().map_or(0, Head::folded);
        drop(head);
        // One change is asked about if it is refused; many, as an import makes them, would be held twice in memory.
        let one = match changes.as_slice() {
            [change] => Some(change.clone()),
            _ => None,
        };
        let appended = self.append(actor, changes, folded).await?;
        self.settle(&appended, one.as_ref()).await
    }

    /// Folds until the edits are in the head that is read back.
    async fn settle(
        &self,
        appended: &[Appended],
        one: Option<&Change>,
    ) -> Result<Edited, EditError> {
        let last = appended
            .iter()
            .flat_map(|appended| &appended.seqs)
            .max()
            .copied()
            .unwrap_or(0);
        for _ in 0..MAX_SETTLING {
            let head = self.fold_until(last).await.map_err(|_| EditError::Logged)?;
            let Some(head) = head.filter(|head| head.folded() >= last) else {
                continue;
            };
            let mut stamp = 0;
            for edit in appended {
                stamp = edit.stamp(&head);
                match head.body.refusal(stamp) {
                    None => {}
                    Some(Refusal::Conflict) => {
                        return Err(self.conflict(&head, one).await);
                    }
                    Some(refusal) => return Err(EditError::Refused(refusal)),
                }
            }
            return Ok(Edited {
                stamp,
                head: Some(head),
            });
        }
        Err(EditError::Logged)
    }

    /// What the object of a refused change is. If that cannot be read, the editor hears of a conflict all the same.
    async fn conflict(&self, head: &Head, change: Option<&Change>) -> EditError {
        let current = match change {
            Some(change) => self.current(head, change).await,
            None => Ok(Current::Nothing),
        };
        EditError::Conflict {
            current: Box::new(current.unwrap_or(Current::Nothing)),
        }
    }
}

impl Appended {
    /// The number under which the edit counts: the first that no folder passed over.
    fn stamp(&self, head: &Head) -> u64 {
        self.seqs
            .iter()
            .copied()
            .find(|seq| head.body.includes(*seq))
            .or(self.seqs.last().copied())
            .unwrap_or(0)
    }
}
