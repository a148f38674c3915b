//! Which key and which client made a file, a cache or a batch: it exists in that key's project only.
//!
//! 256 documents share them by a digest of their names, which are themselves not stored. Whether a client may use what
//! another made is decided elsewhere. Two writers at once may lose one of two entries; a writer looks again, and writes
//! again if its entry is gone, which leaves the moment between another's read and write.

mod slot;

#[cfg(test)]
mod tests;

use std::time::Duration;

use gempool_pool::{KeyId, UnixMillis};

use crate::envelope::Damage;
use crate::pool_config::PoolId;
use crate::ports::{DocumentStore, StoreUnavailable};

use slot::{Line, Place, Slot};

/// How long Google keeps a file: 48 hours (<https://ai.google.dev/gemini-api/docs/files>, 2026-11).
pub const FILE_LIFE: Duration = Duration::from_hours(48);

/// How long a batch can matter: it ends within 48 hours (<https://ai.google.dev/gemini-api/docs/batch-api>, 2026-11),
/// and its results are files.
pub const BATCH_LIFE: Duration = Duration::from_hours(96);

/// Longest that anything is remembered. Caches have the life that their maker asks for, an hour without
/// (<https://ai.google.dev/api/caching>, 2026-11), and no documented limit: a week is assumed to be enough.
pub const MAX_LIFE: Duration = Duration::from_hours(7 * 24);

/// How often an entry is written before its writer gives up against others: three in a row lose by less than a
/// thousandth of what one does.
const MAX_WRITES: usize = 3;

/// Who made something, and until when it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The key.
    pub key: KeyId,
    /// The client: whatever the caller tells clients apart by, such as the first bytes of a client key's id.
    pub client: [u8; 8],
    /// Its end. Stored in whole seconds, and at most [`MAX_LIFE`] ahead.
    pub expires: UnixMillis,
}

/// What [`remember`] and [`forget`] achieved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was seen in the store as it should be.
    Seen,
    /// It was written, and each time undone: by other writers, or because a full document drops what expires first.
    Lost,
    /// A newer version's document is there, and stays.
    Not,
}

/// What [`find`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who made it, if that is known and it is not over.
    pub resource: Option<Resource>,
    /// Why the document could not be read, if it could not. The next [`remember`] replaces it.
    pub damage: Option<Damage>,
}

/// Remembers who made the resource of this name with a key of this pool. A second one of the same name replaces it.
///
/// Costs two reads and a write if no other writer is about, and up to four and three.
///
/// # Errors
///
/// If the store is away; it may or may not be remembered then.
pub async fn remember(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    name: &str,
    resource: Resource,
    now: UnixMillis,
) -> Result<Kept, StoreUnavailable> {
    let place = Place::of(pool, name);
    let line = Line::new(&place, resource, now);
    change(store, &place, now, |slot| slot.put(line.clone())).await
}

/// Who made the resource of this name. Costs one read.
///
/// # Errors
///
/// If the store is away.
pub async fn find(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    name: &str,
    now: UnixMillis,
) -> Result<Found, StoreUnavailable> {
    let place = Place::of(pool, name);
    let (slot, damage) = read(store, &place).await?;
    Ok(Found {
        resource: slot.find(&place, now),
        damage,
    })
}

/// Forgets the resource of this name, which has been deleted.
///
/// # Errors
///
/// As [`remember`].
pub async fn forget(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    name: &str,
    now: UnixMillis,
) -> Result<Kept, StoreUnavailable> {
    let place = Place::of(pool, name);
    change(store, &place, now, |slot| slot.remove(&place)).await
}

/// Reads, changes and writes until a read shows that there is nothing to change, which `change` says.
async fn change(
    store: &(impl DocumentStore + ?Sized),
    place: &Place,
    now: UnixMillis,
    mut change: impl FnMut(&mut Slot) -> Changed,
) -> Result<Kept, StoreUnavailable> {
    for writes in 0..=MAX_WRITES {
        let (mut slot, damage) = read(store, place).await?;
        if matches!(damage, Some(Damage::Newer(_))) {
            return Ok(Kept::Not);
        }
        match change(&mut slot) {
            Changed::Nothing => return Ok(Kept::Seen),
            Changed::Something if writes == MAX_WRITES => break,
            Changed::Something => {
                slot.clean(now);
                store.set(&place.document, slot.encode(place)).await?;
            }
        }
    }
    Ok(Kept::Lost)
}

/// Whether a change changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changed {
    Nothing,
    Something,
}

async fn read(
    store: &(impl DocumentStore + ?Sized),
    place: &Place,
) -> Result<(Slot, Option<Damage>), StoreUnavailable> {
    Ok(match store.get(&place.document).await? {
        None => (Slot::default(), None),
        Some(bytes) => match Slot::decode(place, &bytes) {
            Ok(slot) => (slot, None),
            Err(damage) => (Slot::default(), Some(damage)),
        },
    })
}
