//! Plain documents of others: what they hold is their user's, what surrounds them is this crate's.
//!
//! For what is no secret and may be lost. Whoever reads the store reads them.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::envelope::{self, Damage};
use crate::ports::DocumentStore;
use crate::read::ReadError;

/// The document of this name; `None` if there is none.
///
/// # Errors
/// [`ReadError`].
pub async fn read_plain<T: DeserializeOwned>(
    store: &(impl DocumentStore + ?Sized),
    name: &str,
) -> Result<Option<T>, ReadError> {
    let Some(document) = store.get(name).await? else {
        return Ok(None);
    };
    let value = envelope::from_plain(name, &document);
    value
        .map(Some)
        .map_err(|damage| ReadError::damaged(name, damage))
}

/// Replaces the document of this name.
///
/// # Errors
/// [`ReadError::Unavailable`]; [`Damage::TooLarge`] if it does not fit, and then nothing was written.
pub async fn write_plain<T: Serialize>(
    store: &(impl DocumentStore + ?Sized),
    name: &str,
    value: &T,
) -> Result<(), ReadError> {
    let document =
        envelope::to_plain(name, value).map_err(|_| ReadError::damaged(name, Damage::TooLarge))?;
    Ok(store.set(name, document).await?)
}
