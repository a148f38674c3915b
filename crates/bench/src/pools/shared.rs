//! What is measured on Redis, the store that can be counted and stopped.

use std::path::Path;

use anyhow::{Context, Result};
use gempool_redis_fixture::Server;
use serde::Serialize;

use super::home::Home;
use super::operations::{self, Operations};
use super::outage::{self, Outage};
use super::upstream::Upstream;
use crate::cli::Options;

/// Keys of the pool: several documents, and quickly imported.
pub(super) const KEYS: usize = 1_000;

/// All about a shared store.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shared {
    pub(super) operations: Operations,
    pub(super) outages: Vec<Outage>,
}

/// Measures on a server of its own; `None` where no server is installed.
pub(super) async fn measure(
    gempool: &Path,
    cache: &Path,
    upstream: &Upstream,
    options: &Options,
    mut progress: impl FnMut(&str) -> Result<()>,
) -> Result<Option<Shared>> {
    // One that is killed must have its data when it comes back.
    let Some(server) = Server::start(&["--appendonly", "yes"]) else {
        return Ok(None);
    };
    progress(&format!("import of {KEYS} keys into Redis"))?;
    let home = Home::at(gempool, server.url(), KEYS).await?;
    progress("operations on Redis")?;
    let operations = operations::measure(&home, &server, cache, upstream, options)
        .await
        .context("operations on Redis cannot be counted")?;
    let gempool = home.serve(upstream, cache, &[]).await?;
    let question = home.question(&gempool)?;
    let outages = outage::measure(server, &question, options, &mut progress).await?;
    gempool.end().await?;
    Ok(Some(Shared {
        operations,
        outages,
    }))
}
