//! Every load on every target, in turns, and what comes out of it.
//!
//! A shared machine drifts. So the targets take turns within a round, ratios are taken within a round,
//! and of the rounds the median counts.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::cli::Options;
use crate::load::{self, Measured, Window};
use crate::proc_stat;
use crate::targets::{Kind, Targets};
use crate::workload::{self, Mode, Prepared};

/// Connections at once.
pub(crate) const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// Failures that a measurement may have, as a share of complete answers: none should, but one of a
/// hundred thousand does not make the rest worthless.
const MAX_FAILED_SHARE: f64 = 0.001;

/// One target under one load, the median over rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) first_text_p50_us: f64,
    pub(crate) first_text_p99_us: f64,
    pub(crate) per_second: f64,
    /// CPU time of the target's process; the simulator's own for a direct call.
    pub(crate) cpu_us: f64,
    /// Answers that failed, over all rounds.
    pub(crate) failed: u64,
    /// Of p50, over the direct call of the same round.
    pub(crate) added_p50_us: f64,
    /// Of the first text's p50, over the direct call of the same round.
    pub(crate) added_first_text_p50_us: f64,
    /// Throughput, as a share of the plain proxy's in the same round.
    pub(crate) of_proxy: f64,
}

/// All targets under one load.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) mode: Mode,
    pub(crate) connections: usize,
    pub(crate) rows: Vec<Row>,
}

impl Cell {
    /// The row of a target.
    pub(crate) fn row(&self, kind: Kind) -> Option<&Row> {
        self.rows.iter().find(|row| row.kind == kind)
    }
}

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) first_text_p50_us: f64,
    pub(crate) first_text_p99_us: f64,
    pub(crate) per_second: f64,
    pub(crate) cpu_us: f64,
    pub(crate) failed: u64,
}

/// Measures all loads.
pub(crate) async fn measure(
    targets: &Targets,
    options: &Options,
    mut progress: impl FnMut(&str) -> Result<()>,
) -> Result<Vec<Cell>> {
    let mut cells = Vec::new();
    for mode in [Mode::Unary, Mode::Stream] {
        for connections in CONNECTIONS {
            // By round, then by target.
            let mut rounds: Vec<Vec<Sample>> = Vec::new();
            for round in 1..=options.rounds() {
                let mut samples = Vec::new();
                for (kind, _) in &targets.running {
                    progress(&format!(
                        "{mode:?}, {connections} connections, round {round}: {}",
                        kind.name()
                    ))?;
                    let sample = sample_of(targets, *kind, mode, connections, options).await;
                    samples.push(sample.with_context(|| format!("{} failed", kind.name()))?);
                }
                rounds.push(samples);
            }
            cells.push(Cell {
                mode,
                connections,
                rows: summarize(targets, &rounds),
            });
        }
    }
    Ok(cells)
}

async fn sample_of(
    targets: &Targets,
    kind: Kind,
    mode: Mode,
    connections: usize,
    options: &Options,
) -> Result<Sample> {
    let (_, target) = targets
        .running
        .iter()
        .find(|(found, _)| *found == kind)
        .context("no such target")?;
    let prepared = workload::prepare(target.address, kind.dialect(), mode)?;
    sample(&prepared, target.process()?, connections, options).await
}

/// One measurement of a process that is asked the same over and over. Fails when more than a stray answer does.
pub(crate) async fn sample(
    prepared: &Prepared,
    process: u32,
    connections: usize,
    options: &Options,
) -> Result<Sample> {
    let window = Window {
        warm_up: options.warm_up(),
        time: options.time(),
    };
    let mut cpu_at_edges = Vec::new();
    let measured = load::run(prepared, connections, window, || {
        cpu_at_edges.push(proc_stat::cpu_time(process)?);
        Ok(())
    })
    .await?;
    let cpu = match cpu_at_edges.as_slice() {
        [start, end] => end.saturating_sub(*start),
        _ => Duration::ZERO,
    };
    let failure = measured
        .failure
        .as_deref()
        .unwrap_or("nothing was answered in time");
    let complete = as_f64(measured.complete);
    ensure!(
        measured.complete > 0 && as_f64(measured.failed) <= complete * MAX_FAILED_SHARE,
        "{} of {} answers failed, first: {failure}",
        measured.failed,
        measured.failed + measured.complete,
    );
    Ok(digest(&measured, cpu, window.time))
}

fn digest(measured: &Measured, cpu: Duration, time: Duration) -> Sample {
    let complete = as_f64(measured.complete);
    let microseconds = |nanoseconds: u64| as_f64(nanoseconds) / 1_000.0;
    Sample {
        p50_us: microseconds(measured.latency.value_at_quantile(0.5)),
        p99_us: microseconds(measured.latency.value_at_quantile(0.99)),
        first_text_p50_us: microseconds(measured.first_text.value_at_quantile(0.5)),
        first_text_p99_us: microseconds(measured.first_text.value_at_quantile(0.99)),
        per_second: complete / time.as_secs_f64(),
        cpu_us: cpu.as_secs_f64() * 1_000_000.0 / complete,
        failed: measured.failed,
    }
}

fn summarize(targets: &Targets, rounds: &[Vec<Sample>]) -> Vec<Row> {
    let kinds: Vec<Kind> = targets.running.iter().map(|(kind, _)| *kind).collect();
    let index_of = |kind: Kind| kinds.iter().position(|found| *found == kind);
    let rows = kinds.iter().enumerate().map(|(index, kind)| {
        let over = |value: &dyn Fn(&Sample) -> f64| {
            median(
                rounds
                    .iter()
                    .filter_map(|round| round.get(index))
                    .map(value),
            )
        };
        let against = |other: Kind, value: &dyn Fn(&Sample, &Sample) -> f64| {
            median(rounds.iter().filter_map(|round| {
                let other = round.get(index_of(other)?)?;
                Some(value(round.get(index)?, other))
            }))
        };
        Row {
            kind: *kind,
            p50_us: over(&|sample| sample.p50_us),
            p99_us: over(&|sample| sample.p99_us),
            first_text_p50_us: over(&|sample| sample.first_text_p50_us),
            first_text_p99_us: over(&|sample| sample.first_text_p99_us),
            per_second: over(&|sample| sample.per_second),
            cpu_us: over(&|sample| sample.cpu_us),
            failed: rounds
                .iter()
                .filter_map(|round| round.get(index))
                .map(|sample| sample.failed)
                .sum(),
            added_p50_us: against(Kind::Direct, &|own, direct| own.p50_us - direct.p50_us),
            added_first_text_p50_us: against(Kind::Direct, &|own, direct| {
                own.first_text_p50_us - direct.first_text_p50_us
            }),
            of_proxy: against(Kind::Proxy, &|own, proxy| own.per_second / proxy.per_second),
        }
    });
    rows.collect()
}

/// The middle value; the mean of the middle two of an even number; 0 of none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (None, _) => 0.0,
        (Some(middle), 1) => *middle,
        (Some(upper), _) => {
            let lower = middle.checked_sub(1).and_then(|index| values.get(index));
            f64::midpoint(*lower.unwrap_or(upper), *upper)
        }
    }
}

/// Counts of a run are far below 2^52, where this is exact.
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_care_for_order() {
        for (values, expected) in [
            (vec![], 0.0),
            (vec![3.0], 3.0),
            (vec![3.0, 1.0], 2.0),
            (vec![9.0, 1.0, 5.0], 5.0),
        ] {
            assert!(
                (median(values.clone()) - expected).abs() < 1e-9,
                "{values:?}"
            );
        }
    }
}
