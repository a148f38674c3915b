//! Logging to standard error, and panics as log lines.
//!
//! Standard output is kept for the one line that says where the server listens. No event carries a body, a
//! query or a variable.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::cli::{LogArgs, LogFormat};

/// Starts logging for the whole process.
///
/// # Errors
///
/// If the filter is not one, or logging was started before.
pub fn start(args: &LogArgs) -> anyhow::Result<()> {
    // Not `EnvFilter`: it brings a regex engine for directives on fields, which nobody needs here.
    let filter: Targets = args
        .log_level
        .parse()
        .with_context(|| format!("cannot use --log-level {}", args.log_level))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let lines = match args.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
    started.map_err(|error| anyhow::anyhow!("cannot start logging: {error}"))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let message = panic.payload_as_str();
        tracing::error!(place, message, "panic");
    }));
    Ok(())
}
