//! Arguments of `gempool-bench`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Measures gempool beside a direct call and a plain proxy, in one run on this machine.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// What the run starts itself as.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The upstream: a Gemini simulator with one fixed answer.
    #[command(hide = true)]
    Simulate,
    /// The yardstick: a reverse proxy that translates nothing.
    #[command(hide = true)]
    Proxy {
        /// Where to forward to, as `ADDR:PORT`.
        upstream: String,
    },
}

/// How to measure and where to write.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The `gempool` binary; without it only the other two are measured
    #[arg(long, value_name = "FILE")]
    pub(crate) gempool: Option<PathBuf>,
    /// Where to write the page; printed in any case
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Where to write all numbers as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Seconds of one measurement
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Measurements of each target and load, taken in turns; the median one is reported
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=99))]
    rounds: u16,
    /// Seconds for which every key refuses every call
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    storm_seconds: u64,
    /// Seconds for which Redis is away
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    outage_seconds: u64,
    /// One round of one second: shows whether it works, not how fast it is
    #[arg(long)]
    quick: bool,
    /// Date to print, as YYYY-MM-DD [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// Folder of the built components, for their sizes [default: beside the binary's folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) components: Option<PathBuf>,
}

impl Options {
    /// Of one measurement.
    pub(crate) fn time(&self) -> Duration {
        Duration::from_secs(if self.quick { 1 } else { self.seconds })
    }

    /// Before each measurement, not counted: connections are made, caches and predictors filled.
    pub(crate) fn warm_up(&self) -> Duration {
        Duration::from_millis(if self.quick { 300 } else { 1_000 })
    }

    /// Of a storm of refusals.
    pub(crate) fn storm(&self) -> Duration {
        Duration::from_secs(if self.quick { 1 } else { self.storm_seconds })
    }

    /// Of an outage of the store.
    pub(crate) fn outage(&self) -> Duration {
        Duration::from_secs(if self.quick { 1 } else { self.outage_seconds })
    }

    pub(crate) fn rounds(&self) -> u16 {
        if self.quick { 1 } else { self.rounds }
    }
}
