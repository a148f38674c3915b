//! What can be typed. What it does is in the file of its subject.

mod clients;
mod keys;
mod pools;

use clap::{Args, Subcommand};

pub use clients::{ClientArgs, Clients};
pub use keys::{
    EditArgs, ExportArgs, Format, ImportArgs, KeyChoice, Keys, ListArgs, RemoveArgs, State,
    TestArgs,
};
pub use pools::{PoolArgs, Pools};

/// What can be done to a store.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Gemini keys of a pool: import, export, list, test, change.
    #[command(subcommand)]
    Keys(Keys),
    /// Pools: create, list, change, delete.
    #[command(subcommand)]
    Pools(Pools),
    /// Client keys: what programs use to call a pool.
    #[command(subcommand)]
    Clients(Clients),
    /// Check the store, the master key, the pools and, with `--test`, every key.
    Doctor(DoctorArgs),
    /// Seal everything anew with the current master key, where some is still sealed with the previous one.
    Reseal,
}

/// How far back usage is shown, and how.
#[derive(Debug, Clone, Args)]
pub struct UsageArgs {
    /// Days, today included.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=40))]
    pub days: u8,
    /// JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Ask Gemini about every key of every pool, too.
    #[arg(long)]
    pub test: bool,
}

/// A value by the name that its documents use, so that there is one list of names.
fn named<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.trim().to_ascii_lowercase()))
        .map_err(|error| error.to_string())
}
