//! Reading the tree: head, roots, pages. It writes nothing and remembers nothing.

use gempool_pool::KeyRecord;
use serde::de::DeserializeOwned;

use crate::client_key::ClientKeyRecord;
use crate::envelope::{Damage, FORMAT};
use crate::names::{self, DocId};
use crate::ports::{DocumentStore, StoreUnavailable};
use crate::tree::{Head, HeadBody, PageRef, Root, RootRef};
use crate::vault::{self, Vault};

/// Why something cannot be read. Shows nothing of what is stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// The store did not answer.
    #[error(transparent)]
    Unavailable(#[from] StoreUnavailable),
    /// The store was made with another master key than the current and the previous one. Nothing may be written.
    #[error("the store was made with another master key")]
    WrongMasterKey,
    /// A newer version of gempool has changed the store in a way that this one does not understand. Nothing may be
    /// written.
    #[error("the store has format {0}, which needs a newer version of gempool")]
    TooNew(u8),
    /// One document cannot be read; others may.
    #[error("document {name} cannot be read: {damage}")]
    Damaged {
        /// Its name in the store.
        name: String,
        /// What is wrong with it.
        damage: Damage,
    },
}

impl ReadError {
    pub(crate) fn damaged(name: impl Into<String>, damage: Damage) -> Self {
        match damage {
            Damage::Newer(format) => Self::TooNew(format),
            damage => Self::Damaged {
                name: name.into(),
                damage,
            },
        }
    }
}

/// What became of a head.
#[derive(Clone, Debug)]
pub enum HeadChange {
    /// There is none: nobody has edited anything.
    Absent,
    /// It is the one that the reader knows.
    Same,
    /// It is another one.
    New(Box<Head>),
}

/// The head, if it is not the one that the reader knows: one store read, and no opening where nothing has changed.
///
/// # Errors
/// [`ReadError`]; a head that cannot be read is never taken for an absent one.
pub async fn read_head(
    store: &dyn DocumentStore,
    vault: &Vault,
    known: Option<&Head>,
) -> Result<HeadChange, ReadError> {
    let Some(document) = store.get(names::HEAD_NAME).await? else {
        return Ok(HeadChange::Absent);
    };
    let damaged = |damage| match damage {
        Damage::UnknownKey => ReadError::WrongMasterKey,
        damage => ReadError::damaged(names::HEAD_NAME, damage),
    };
    let writing = vault::writing_of(&document).map_err(damaged)?;
    if known.is_some_and(|known| known.writing == Some(writing)) {
        return Ok(HeadChange::Same);
    }
    let content = vault.open(names::HEAD_NAME, &document).map_err(damaged)?;
    let body = parse_head(&content).map_err(damaged)?;
    Ok(HeadChange::New(Box::new(Head {
        body,
        writing: Some(writing),
    })))
}

/// Reads the format before the rest, which a newer format may have changed.
fn parse_head(content: &[u8]) -> Result<HeadBody, Damage> {
    #[derive(serde::Deserialize)]
    struct Format {
        min_reader: u8,
    }

    let format: Format = serde_json::from_slice(content).map_err(|_| Damage::OtherType)?;
    if format.min_reader > FORMAT {
        return Err(Damage::Newer(format.min_reader));
    }
    serde_json::from_slice(content).map_err(|_| Damage::OtherType)
}

/// The head as it is now; `None` if there is none.
///
/// # Errors
/// [`ReadError`].
pub async fn current_head(
    store: &dyn DocumentStore,
    vault: &Vault,
) -> Result<Option<Head>, ReadError> {
    Ok(match read_head(store, vault, None).await? {
        HeadChange::New(head) => Some(*head),
        HeadChange::Absent | HeadChange::Same => None,
    })
}

/// A pool without its keys.
///
/// # Errors
/// [`ReadError`]; [`Damage::Missing`] also if the head that the reference came from is more than ten minutes old.
pub async fn read_root(
    store: &dyn DocumentStore,
    vault: &Vault,
    root: RootRef,
) -> Result<Root, ReadError> {
    read_document(store, vault, root.doc).await
}

/// The keys of one page, in the order of their ids. An empty page costs no call.
///
/// # Errors
/// [`ReadError`], as in [`read_root`].
pub async fn read_keys(
    store: &dyn DocumentStore,
    vault: &Vault,
    page: PageRef,
) -> Result<Vec<KeyRecord>, ReadError> {
    read_page(store, vault, page).await
}

/// The client keys of one page, in the order of their ids. An empty page costs no call.
///
/// # Errors
/// [`ReadError`], as in [`read_root`].
pub async fn read_clients(
    store: &dyn DocumentStore,
    vault: &Vault,
    page: PageRef,
) -> Result<Vec<ClientKeyRecord>, ReadError> {
    read_page(store, vault, page).await
}

pub(crate) async fn read_page<T: DeserializeOwned>(
    store: &dyn DocumentStore,
    vault: &Vault,
    page: PageRef,
) -> Result<Vec<T>, ReadError> {
    match page.doc {
        Some(doc) => read_document(store, vault, doc).await,
        None => Ok(Vec::new()),
    }
}

pub(crate) async fn read_document<T: DeserializeOwned>(
    store: &dyn DocumentStore,
    vault: &Vault,
    doc: DocId,
) -> Result<T, ReadError> {
    let name = doc.name();
    let Some(document) = store.get(&name).await? else {
        return Err(ReadError::damaged(name, Damage::Missing));
    };
    vault
        .open_json(&name, &document)
        .map_err(|damage| ReadError::damaged(name, damage))
}
