//! What editors edit, and what each edit makes of it when nothing goes wrong.
//!
//! Objects of one editor alone can be checked against every order that is possible; what several share is checked by
//! its marks (`promises.rs`).

use gempool_pool::ApiKey;
use gempool_state::{ClientKeyId, PoolId};

use super::view::Contents;

/// Something that one editor owns.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    /// Keys of a common pool, always edited together.
    Group { pool: PoolId, keys: Vec<ApiKey> },
    /// A client key of a common pool.
    Client(ClientKeyId),
    /// A pool, with the keys and client keys that were put into it.
    Pool(PoolId),
}

/// What an edit does to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Makes it; what is there already stays as it is.
    Add,
    /// Makes it or replaces it.
    Put(String),
    /// Changes it if it is there.
    Note(String),
    /// Puts something into it if it is there.
    Insert(String),
    /// Removes it, and what is in it.
    Remove,
}

impl Deed {
    /// What there is after the deed.
    pub(crate) fn apply(&self, before: Option<Contents>) -> Option<Contents> {
        match (self, before) {
            (Self::Add, before) => Some(before.unwrap_or_default()),
            (Self::Put(text), before) => Some(Contents {
                text: text.clone(),
                ..before.unwrap_or_default()
            }),
            (Self::Note(_) | Self::Insert(_), None) | (Self::Remove, _) => None,
            (Self::Note(text), Some(contents)) => Some(Contents {
                text: text.clone(),
                ..contents
            }),
            (Self::Insert(part), Some(mut contents)) => {
                contents.parts.insert(part.clone());
                Some(contents)
            }
        }
    }
}
