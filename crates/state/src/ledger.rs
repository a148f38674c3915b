//! The one way to change what is stored: edits are logged, folded into the tree, and answered when they are in it.

use gempool_pool::{KeyRecord, UnixMillis};

use crate::change::Change;
use crate::client_key::ClientKeyRecord;
use crate::pool_config::PoolConfig;
use crate::ports::{Counters, DocumentStore, Rng, StoreUnavailable};
use crate::read::ReadError;
use crate::tree::{Head, Refusal};
use crate::vault::Vault;

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
}

/// Edits that are in the tree, and whose tree was read back.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The stamp of what the last of the changes changed.
    pub stamp: u64,
    /// The tree with them in it.
    pub head: Head,
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
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// Another edit came in between that makes it impossible.
    #[error("it is no longer possible: {0:?}")]
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

/// Why a change is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// To be filled.
    #[error("the pool does not exist")]
    NoPool,
}

impl Ledger<'_> {
    /// Makes the changes in this order, each one as a whole.
    ///
    /// # Errors
    /// [`EditError`].
    pub async fn edit(&self, _actor: &str, _changes: Vec<Change>) -> Result<Edited, EditError> {
        Err(StoreUnavailable("not yet".to_owned()).into())
    }

    /// Puts every logged edit into the tree; anybody may, at any time. `None` if nothing was ever edited.
    ///
    /// # Errors
    /// [`ReadError`]; nothing is lost, and the next fold does what this one did not.
    pub async fn fold(&self) -> Result<Option<Head>, ReadError> {
        Err(StoreUnavailable("not yet".to_owned()).into())
    }
}
