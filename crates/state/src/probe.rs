//! Whether a store keeps the promises that everything here is built on, tried on scratch names.
//!
//! A store that fails here loses edits, whatever it says; a store that passes may still be one that shows old values
//! to other hosts for a while, which a single visitor cannot see.

use crate::envelope;
use crate::master_key::random_bytes;
use crate::ports::{Counters, DocumentStore, Rng, StoreUnavailable};

/// What a store can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether a document that was written is read back as it was, also when it is overwritten.
    pub reads_own_writes: bool,
    /// Whether a deleted document is gone.
    pub deletes: bool,
    /// Whether counters add up.
    pub counts: bool,
}

impl Capabilities {
    /// Whether pools can be stored there.
    pub fn is_enough(self) -> bool {
        self.reads_own_writes && self.deletes && self.counts
    }
}

/// Tries the store. It leaves nothing behind, unless the store goes away in between.
///
/// # Errors
/// [`StoreUnavailable`] if a call fails.
pub async fn probe(
    store: &dyn DocumentStore,
    counters: &dyn Counters,
    rng: &dyn Rng,
) -> Result<Capabilities, StoreUnavailable> {
    // A name of its own, so that two who try at once do not see each other.
    let scratch = u64::from_le_bytes(random_bytes(rng));
    let document = format!("gp1:probe:{scratch:016x}");
    let counter = format!("gp1:n:probe:{scratch:016x}");

    let write = |value: u8| {
        envelope::to_plain(&document, &value).map_err(|error| StoreUnavailable(error.to_string()))
    };
    let (first, second) = (write(1)?, write(2)?);
    let is_absent = store.get(&document).await?.is_none();
    store.set(&document, first.clone()).await?;
    let is_first = store.get(&document).await? == Some(first);
    store.set(&document, second.clone()).await?;
    let is_second = store.get(&document).await? == Some(second);
    store.delete(&document).await?;
    let deletes = store.get(&document).await?.is_none();

    let mut sums = Vec::new();
    for delta in [1, 1, 0, 40] {
        sums.push(counters.add(&counter, delta).await?);
    }
    counters.forget(&counter).await?;
    sums.push(counters.add(&counter, 0).await?);
    counters.forget(&counter).await?;

    Ok(Capabilities {
        reads_own_writes: is_absent && is_first && is_second,
        deletes,
        counts: sums == [1, 2, 2, 42, 0],
    })
}
