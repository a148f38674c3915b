//! Three pools that differ in their number of keys only, each in a store and a process of its own.
//!
//! The pools take turns within a round, ratios are taken within a round, and of the rounds the median counts.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use super::home::Home;
use super::upstream::Upstream;
use crate::child::Listening;
use crate::cli::Options;
use crate::matrix::{self, Sample, median};
use crate::proc_stat::{self, Memory};
use crate::stopwatch::Stopwatch;
use crate::timeline::{self, Outcome, Timeline};
use crate::workload::Prepared;

/// Sizes of the pools; all others are compared with the first.
pub(super) const KEYS: [usize; 3] = [10, 1_000, 100_000];

/// Connections at once: one tells latency, sixteen throughput.
const CONNECTIONS: [usize; 2] = [1, 16];

/// Linear memory that the component is allowed in one of the runs, in MiB: what is aimed for.
pub(super) const COMPONENT_MIB: u32 = 64;

/// All about the number of keys.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ByKeys {
    pub(super) loads: Vec<Load>,
    pub(super) pools: Vec<Pool>,
    /// The largest pool with [`COMPONENT_MIB`] of linear memory for each instance.
    pub(super) confined: Confined,
}

/// One pool under one load, the median over rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Load {
    pub(super) keys: usize,
    pub(super) connections: usize,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
    /// Of p50, to the smallest pool's in the same round.
    pub(super) p50_ratio: f64,
    pub(super) per_second: f64,
    pub(super) cpu_us: f64,
    /// Over all rounds.
    pub(super) failed: u64,
}

/// What one pool costs beside requests.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Pool {
    pub(super) keys: usize,
    pub(super) import_s: f64,
    /// The median over rounds.
    pub(super) export_s: f64,
    pub(super) idle: Memory,
    /// After all loads of this part.
    pub(super) after: Memory,
}

/// What came of a load on instances with little memory.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Confined {
    pub(super) requests: usize,
    pub(super) failed: usize,
}

/// A pool that is being served.
pub(super) struct Running {
    home: Home,
    gempool: Listening,
    idle: Memory,
}

impl Running {
    pub(super) fn keys(&self) -> usize {
        self.home.keys
    }

    pub(super) fn question(&self) -> Result<Prepared> {
        self.home.question(&self.gempool)
    }

    pub(super) async fn end(self) -> Result<()> {
        self.gempool.end().await
    }
}

/// Makes all pools and serves them.
pub(super) async fn start(
    gempool: &Path,
    cache: &Path,
    upstream: &Upstream,
    mut progress: impl FnMut(&str) -> Result<()>,
) -> Result<Vec<Running>> {
    let mut running = Vec::new();
    for keys in KEYS {
        progress(&format!("import of {keys} keys"))?;
        let home = Home::in_file(gempool, keys).await?;
        let gempool = home.serve(upstream, cache, &[]).await?;
        let idle = proc_stat::memory(gempool.process()?)?;
        running.push(Running {
            home,
            gempool,
            idle,
        });
    }
    Ok(running)
}

/// Loads all pools in turns, then exports them.
pub(super) async fn measure(
    running: &[Running],
    cache: &Path,
    upstream: &Upstream,
    options: &Options,
    mut progress: impl FnMut(&str) -> Result<()>,
) -> Result<ByKeys> {
    let mut loads = Vec::new();
    for connections in CONNECTIONS {
        // By round, then by pool.
        let mut rounds: Vec<Vec<Sample>> = Vec::new();
        for round in 1..=options.rounds() {
            let mut samples = Vec::new();
            for pool in running {
                let keys = pool.keys();
                progress(&format!(
                    "{keys} keys, {connections} connections, round {round}"
                ))?;
                let process = pool.gempool.process()?;
                let sample = matrix::sample(&pool.question()?, process, connections, options).await;
                samples.push(sample.with_context(|| format!("the pool of {keys} keys failed"))?);
            }
            rounds.push(samples);
        }
        let summaries = running.iter().enumerate();
        loads.extend(
            summaries.map(|(index, pool)| summarize(pool.keys(), connections, index, &rounds)),
        );
    }
    let mut pools = Vec::new();
    for pool in running {
        let after = proc_stat::memory(pool.gempool.process()?)?;
        pools.push(Pool {
            keys: pool.keys(),
            import_s: pool.home.import.as_secs_f64(),
            export_s: export(&pool.home, options).await?,
            idle: pool.idle,
            after,
        });
    }
    let largest = running.last().context("no pool")?;
    progress(&format!("{} keys in little memory", largest.keys()))?;
    let confined = confine(&largest.home, cache, upstream, options).await?;
    Ok(ByKeys {
        loads,
        pools,
        confined,
    })
}

/// One pool's line; `index` is its place within each round, and the first place is the yardstick.
fn summarize(keys: usize, connections: usize, index: usize, rounds: &[Vec<Sample>]) -> Load {
    let over = |value: &dyn Fn(&Sample) -> f64| {
        let samples = rounds.iter().filter_map(|round| round.get(index));
        median(samples.map(value))
    };
    let ratios = rounds.iter().filter_map(|round| {
        let (own, smallest) = (round.get(index)?, round.first()?);
        Some(own.p50_us / smallest.p50_us)
    });
    Load {
        keys,
        connections,
        p50_us: over(&|sample| sample.p50_us),
        p99_us: over(&|sample| sample.p99_us),
        p50_ratio: median(ratios),
        per_second: over(&|sample| sample.per_second),
        cpu_us: over(&|sample| sample.cpu_us),
        failed: rounds
            .iter()
            .filter_map(|round| round.get(index))
            .map(|sample| sample.failed)
            .sum(),
    }
}

/// Seconds of an export, the median over rounds.
async fn export(home: &Home, options: &Options) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..options.rounds() {
        times.push(home.export().await?.as_secs_f64());
    }
    Ok(median(times))
}

/// Serves the pool once more, from instances whose linear memory cannot grow beyond the aim: one that needs more
/// traps, and its requests fail.
async fn confine(
    home: &Home,
    cache: &Path,
    upstream: &Upstream,
    options: &Options,
) -> Result<Confined> {
    let memory = COMPONENT_MIB.to_string();
    let gempool = home
        .serve(upstream, cache, &["--memory-mib", &memory])
        .await?;
    let timeline = Timeline::default();
    let time = options.warm_up() + options.time();
    let loading = async {
        tokio::time::sleep(time).await;
        Ok(())
    };
    let connections = CONNECTIONS.into_iter().max().unwrap_or(1);
    let question = home.question(&gempool)?;
    timeline::record(
        &question,
        connections,
        Stopwatch::start(),
        &timeline,
        loading,
    )
    .await?;
    gempool.end().await?;
    let timeline = timeline.borrow();
    let failed = timeline
        .iter()
        .filter(|exchange| exchange.outcome != Outcome::Complete);
    Ok(Confined {
        requests: timeline.len(),
        failed: failed.count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(p50_us: f64) -> Sample {
        Sample {
            p50_us,
            p99_us: 2.0 * p50_us,
            first_text_p50_us: p50_us,
            first_text_p99_us: p50_us,
            per_second: 1_000.0,
            cpu_us: 10.0,
            failed: 1,
        }
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The machine was twice as slow in the second round, and hiccuped in the third.
        let rounds = [
            vec![sample(100.0), sample(110.0)],
            vec![sample(200.0), sample(220.0)],
            vec![sample(100.0), sample(900.0)],
        ];
        let load = summarize(1_000, 1, 1, &rounds);
        assert!((load.p50_ratio - 1.1).abs() < 1e-9, "{load:?}");
        assert_eq!(load.failed, 3);
        assert!((summarize(10, 1, 0, &rounds).p50_ratio - 1.0).abs() < 1e-9);
    }
}
