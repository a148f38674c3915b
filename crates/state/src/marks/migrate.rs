//! Marks when the pages of a pool are numbered anew, and when the pool goes.
//!
//! It decides neither. What an instance with the old numbers writes afterwards is lost, like any lost mark.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use gempool_pool::{MAX_PAGE_BITS, UnixMillis};

use super::{MarkPage, name, read_marks, write_marks};
use crate::envelope::Damage;
use crate::pool_config::PoolId;
use crate::ports::{DocumentStore, StoreUnavailable};

/// Most store calls under way at once: a Redis connection is busy with far fewer, and other requests want one too.
pub const MIGRATION_CALLS: usize = 32;

/// What [`migrate_marks`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Marks that moved.
    pub marks: usize,
    /// Old documents that could not be read; their marks will be learned again.
    pub damaged: Vec<Damage>,
}

/// Moves the marks from the pages that `old_bits` bits number to those that `new_bits` number.
///
/// Costs a read and a removal for each old page, and a read and a write for each new one that gets marks. Old pages are
/// removed only when their marks are in the new ones, so that it can be repeated after an error.
///
/// # Errors
///
/// If the store is away; some marks may have moved by then.
pub async fn migrate_marks(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    old_bits: u8,
    new_bits: u8,
    now: UnixMillis,
) -> Result<Migrated, StoreUnavailable> {
    if old_bits == new_bits {
        return Ok(Migrated::default());
    }
    // Keys of one page stay together in the coarser numbering, so that each group is moved for itself and only a few
    // are in memory.
    let coarse = old_bits.min(new_bits);
    let groups = pages(coarse);
    let at_once = MIGRATION_CALLS.min(groups.len());
    let within = MIGRATION_CALLS / at_once.max(1);
    stream::iter(groups)
        .map(|group| {
            move_group(
                store,
                pool,
                (old_bits, new_bits),
                coarse,
                group,
                within,
                now,
            )
        })
        .buffer_unordered(at_once)
        .try_fold(Migrated::default(), async |mut sum, group| {
            sum.marks += group.marks;
            sum.damaged.extend(group.damaged);
            Ok(sum)
        })
        .await
}

/// Removes the marks of a pool.
///
/// # Errors
///
/// If the store is away; it can be repeated.
pub async fn forget_marks(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    bits: u8,
) -> Result<(), StoreUnavailable> {
    forget(store, pool, bits, pages(bits), MIGRATION_CALLS).await
}

async fn move_group(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    (old_bits, new_bits): (u8, u8),
    coarse: u8,
    group: usize,
    at_once: usize,
    now: UnixMillis,
) -> Result<Migrated, StoreUnavailable> {
    let old_pages = finer(group, old_bits.saturating_sub(coarse));
    let old: Vec<MarkPage> = stream::iter(old_pages.clone())
        .map(|page| read_marks(store, pool, old_bits, page))
        .buffered(at_once)
        .try_collect()
        .await?;
    let damaged = old.iter().filter_map(|page| page.damage).collect();
    let marks: Vec<_> = old.into_iter().flat_map(|page| page.marks).collect();
    let mut new_pages: Vec<usize> = marks.iter().map(|mark| mark.key.page(new_bits)).collect();
    new_pages.sort_unstable();
    new_pages.dedup();
    stream::iter(new_pages)
        .map(|page| write_marks(store, pool, new_bits, page, &marks, now))
        .buffer_unordered(at_once)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    forget(store, pool, old_bits, old_pages, at_once).await?;
    Ok(Migrated {
        marks: marks.len(),
        damaged,
    })
}

async fn forget(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
    bits: u8,
    pages: std::ops::Range<usize>,
    at_once: usize,
) -> Result<(), StoreUnavailable> {
    stream::iter(pages)
        .map(|page| async move { store.delete(&name(pool, bits, page)).await })
        .buffer_unordered(at_once)
        .try_for_each(|()| async { Ok(()) })
        .await
}

fn pages(bits: u8) -> std::ops::Range<usize> {
    finer(0, bits)
}

/// The pages that one page becomes when `bits` more bits number them.
fn finer(page: usize, bits: u8) -> std::ops::Range<usize> {
    let bits = u32::from(bits.min(MAX_PAGE_BITS));
    page << bits..(page + 1) << bits
}
