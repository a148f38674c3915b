//! What stored pools cost: by number of keys, in a storm of refusals, and while the store is away.
//!
//! gempool is driven as people drive it, by its command line; nothing here knows how a store looks inside.

mod by_keys;
mod home;
mod operations;
mod outage;
mod page;
mod shared;
mod storm;
mod upstream;

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::cli::Options;
use by_keys::ByKeys;
use shared::Shared;
use storm::Storm;
use upstream::Upstream;

pub(crate) use page::render;

/// All that was found about pools.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Pools {
    by_keys: ByKeys,
    /// With the smallest and the largest pool.
    storms: Vec<Storm>,
    /// On Redis; none where there is no server.
    shared: Option<Shared>,
}

/// Measures everything about pools. `cache` holds compiled components.
pub(crate) async fn measure(
    gempool: &Path,
    cache: &Path,
    options: &Options,
    mut progress: impl FnMut(&str) -> Result<()>,
) -> Result<Pools> {
    let upstream = Upstream::start().await?;
    let running = by_keys::start(gempool, cache, &upstream, &mut progress).await?;
    let by_keys = by_keys::measure(&running, cache, &upstream, options, &mut progress).await?;
    let mut storms = Vec::new();
    // Last, because it leaves all keys cooling.
    if let [smallest, .., largest] = running.as_slice() {
        for pool in [smallest, largest] {
            progress(&format!("storm on {} keys", pool.keys()))?;
            storms.push(storm::measure(pool, &upstream, options).await?);
        }
    }
    for pool in running {
        pool.end().await?;
    }
    let shared = shared::measure(gempool, cache, &upstream, options, &mut progress).await?;
    upstream.end().await?;
    Ok(Pools {
        by_keys,
        storms,
        shared,
    })
}
