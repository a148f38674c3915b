//! `gemini-sim`: the simulator as a program of its own.
//!
//! It has nothing that the library does not have.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use gemini_sim::{DefaultAnswer, Quota, Script, Sim};
use tokio::io::AsyncReadExt;

/// Largest script file, in bytes.
const MAX_SCRIPT_BYTES: u64 = 16 << 20;

/// Gemini API look-alike for tests, demos and benchmarks.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Keys that exist, separated by commas. Without any, every key is good.
    #[arg(long, value_delimiter = ',')]
    keys: Vec<String>,
    /// Models that exist, separated by commas.
    #[arg(long, value_delimiter = ',')]
    models: Vec<String>,
    /// Script, as described in the README.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Answers with this text instead of an echo; rendered once, for benchmarks.
    #[arg(long, value_name = "TEXT")]
    fixed_text: Option<String>,
    /// Events of a stream.
    #[arg(long, default_value_t = 12)]
    chunks: usize,
    /// Time before each event but the first, such as `30ms` or `1s`.
    #[arg(long, default_value = "30ms", value_parser = parse_duration)]
    chunk_delay: Duration,
    /// Requests per minute of a key and model.
    #[arg(long)]
    per_minute: Option<u64>,
    /// Requests per day of a key and model.
    #[arg(long)]
    per_day: Option<u64>,
    /// Keeps no record of requests.
    #[arg(long)]
    no_records: bool,
}

// One thread: the simulator is never what is measured, and must leave the other cores alone.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut builder = Sim::builder().keys(&arguments.keys).answer(DefaultAnswer {
        fixed_text: arguments.fixed_text,
        chunks: arguments.chunks,
        chunk_delay: arguments.chunk_delay,
        ..DefaultAnswer::default()
    });
    if !arguments.models.is_empty() {
        builder = builder.models(&arguments.models);
    }
    if let Some(path) = &arguments.script {
        let file = tokio::fs::File::open(path).await?;
        let mut text = String::new();
        file.take(MAX_SCRIPT_BYTES)
            .read_to_string(&mut text)
            .await?;
        builder = builder.script(Script::from_json(&text)?);
    }
    if arguments.per_minute.is_some() || arguments.per_day.is_some() {
        let mut quota = Quota::any_model();
        if let Some(requests) = arguments.per_minute {
            quota = quota.per_minute(requests);
        }
        if let Some(requests) = arguments.per_day {
            quota = quota.per_day(requests);
        }
        builder = builder.quota(quota);
    }
    if arguments.no_records {
        builder = builder.without_records();
    }
    let sim = builder.start(&arguments.listen).await?;
    writeln!(
        std::io::stdout(),
        "gemini-sim listening on {}",
        sim.base_url()
    )?;
    tokio::signal::ctrl_c().await?;
    sim.shutdown().await;
    Ok(())
}

/// A number with `ms` or `s`.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let (number, unit_ms) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 1),
        (None, Some(number)) => (number, 1000),
        (None, None) => return Err("write it with a unit: `30ms` or `1s`".to_owned()),
    };
    let number: u64 = number
        .trim()
        .parse()
        .map_err(|_| format!("{number:?} is not a whole number"))?;
    Ok(Duration::from_millis(number.saturating_mul(unit_ms)))
}
