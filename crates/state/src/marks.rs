//! Marks of keys as instances share them: one document for every page of a pool's keys.
//!
//! It is a cache of verdicts. Two writers at once may lose one of their marks, which costs one wasted call or a second
//! write: [`write_marks`] says whether its marks were there already, and who asks again at the next flush has checked.
//! What a mark does to a key is the pool's business; that a key exists is no business of anybody here.

mod document;
mod migrate;
mod page;

#[cfg(test)]
mod tests;

use gempool_pool::{Mark, UnixMillis};

use crate::envelope::Damage;
use crate::pool_config::PoolId;
use crate::ports::{DocumentStore, StoreUnavailable};

pub use migrate::{MIGRATION_CALLS, Migrated, forget_marks, migrate_marks};

use page::Page;

/// The marks of one page, as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkPage {
    /// What is known, sorted by key. Nothing is removed by time here: the pool compares with its clock.
    pub marks: Vec<Mark>,
    /// Why the document could not be read, if it could not: then there are no marks, and the next write replaces it,
    /// unless a newer version wrote it. For one line of a log.
    pub damage: Option<Damage>,
}

/// What [`write_marks`] found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenMarks {
    /// What the document says now, other instances' marks included.
    pub marks: Vec<Mark>,
    /// Whether anything had to be written.
    pub stored: Stored,
    /// As in [`MarkPage::damage`].
    pub damage: Option<Damage>,
}

/// Whether a write was needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The document had everything: an earlier write of the same has held.
    Before,
    /// It has been written. Another writer may have read before and write after: ask again at the next flush.
    Now,
    /// A newer version's document is there, and stays.
    Not,
}

/// Reads the marks of a page.
///
/// # Errors
///
/// If the store is away. A damaged document is no error, see [`MarkPage::damage`].
pub async fn read_marks(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    bits: u8,
    page: usize,
) -> Result<MarkPage, StoreUnavailable> {
    let (page, damage) = read(store, &name(pool, bits, page)).await?;
    Ok(MarkPage {
        marks: page.into_marks(),
        damage,
    })
}

/// Adds marks to those of a page, and drops what is over, or further ahead than a mark can be. `mine` may be marks of
/// other pages too, which are passed over.
///
/// Costs one read, and one write if there is something new.
///
/// # Errors
///
/// If the store is away. After an error of the write it may or may not have happened.
pub async fn write_marks(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    bits: u8,
    page: usize,
    mine: &[Mark],
    now: UnixMillis,
) -> Result<WrittenMarks, StoreUnavailable> {
    let name = name(pool, bits, page);
    let (mut known, damage) = read(store, &name).await?;
    known.clean(now);
    let mine = mine.iter().filter(|mark| mark.key.page(bits) == page);
    let news = known.merge(Page::new(mine.cloned(), now));
    let stored = match (damage, news) {
        (Some(Damage::Newer(_)), _) => Stored::Not,
        (_, false) => Stored::Before,
        (_, true) => {
            store
                .set(&name, document::encode(&name, &mut known))
                .await?;
            Stored::Now
        }
    };
    Ok(WrittenMarks {
        marks: known.into_marks(),
        stored,
        damage,
    })
}

async fn read(
    store: &(impl DocumentStore + ?Sized),
    name: &str,
) -> Result<(Page, Option<Damage>), StoreUnavailable> {
    Ok(match store.get(name).await? {
        None => (Page::default(), None),
        Some(bytes) => match document::decode(name, &bytes) {
            Ok(page) => (page, None),
            Err(damage) => (Page::default(), Some(damage)),
        },
    })
}

/// At most 6 + 32 + 1 + 2 + 1 + 4 bytes.
fn name(pool: &PoolId, bits: u8, page: usize) -> String {
    format!("gp1:c:{pool}:{bits}:{page}")
}
