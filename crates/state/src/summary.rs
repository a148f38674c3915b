//! Where the summary of a large pool is, which tells by one read what its pages have. It is the relay's, and what is in
//! it is `gempool-pool`'s; here it only goes with its pool.

use crate::pool_config::PoolId;
use crate::ports::{DocumentStore, StoreUnavailable};

/// The document's name: at most 6 + 32 bytes.
pub fn summary_name(pool: &PoolId) -> String {
    format!("gp1:s:{pool}")
}

/// Removes the summary of a pool.
///
/// # Errors
///
/// If the store is away.
pub(crate) async fn forget_summary(
    store: &(impl DocumentStore + ?Sized),
    pool: &PoolId,
) -> Result<(), StoreUnavailable> {
    store.delete(&summary_name(pool)).await
}
