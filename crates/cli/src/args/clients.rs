//! What can be typed about client keys.

use clap::{Args, Subcommand};
use gempool_state::PoolId;

use super::UsageArgs;

/// `gempool clients …`
#[derive(Debug, Clone, Subcommand)]
pub enum Clients {
    /// Show client keys: their heads and limits, never the keys.
    List {
        /// Only those of this pool.
        pool: Option<PoolId>,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Make a client key and print it, this once.
    Create {
        /// The pool that it opens.
        pool: PoolId,
        /// What it may do.
        #[command(flatten)]
        limits: Box<ClientArgs>,
    },
    /// Change a client key: what is not given stays.
    Edit {
        /// Its id, or an unambiguous beginning of it.
        id: String,
        /// What changes.
        #[command(flatten)]
        limits: Box<ClientArgs>,
    },
    /// Show requests, errors and tokens by day.
    Usage {
        /// Its id, or an unambiguous beginning of it.
        id: String,
        /// How far back.
        #[command(flatten)]
        span: UsageArgs,
    },
    /// Let it in.
    Enable {
        /// Its id, or an unambiguous beginning of it.
        id: String,
    },
    /// Keep it out.
    Disable {
        /// Its id, or an unambiguous beginning of it.
        id: String,
    },
    /// Replace the key, keeping everything else, and print the new one, this once. The old one ends at once.
    Regenerate {
        /// Its id, or an unambiguous beginning of it.
        id: String,
    },
    /// Delete it for good.
    Revoke {
        /// Its id, or an unambiguous beginning of it.
        id: String,
    },
}

/// What a client key may do.
#[derive(Debug, Clone, Default, Args)]
pub struct ClientArgs {
    /// A name for people.
    #[arg(long)]
    pub name: Option<String>,
    /// When it ends: a date as 2027-01-31 (the end of that day, UTC), a time as 2027-01-31T12:00:00Z, or `never`.
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Models that it may use, with `*`, separated by commas; empty for all that the pool allows.
    #[arg(long, value_name = "MODELS")]
    pub allow: Option<String>,
    /// Requests per minute; 0 for no limit.
    #[arg(long)]
    pub rpm: Option<u32>,
    /// Tokens per minute; 0 for no limit.
    #[arg(long)]
    pub tpm: Option<u64>,
    /// Tokens per day, which ends at midnight in Los Angeles; 0 for no limit.
    #[arg(long)]
    pub tokens_per_day: Option<u64>,
    /// Only keys of paid projects may serve it: true or false.
    #[arg(long, value_name = "BOOL")]
    pub paid_only: Option<bool>,
    /// Threshold of every harm category: `OFF`, `BLOCK_NONE`, `BLOCK_ONLY_HIGH`, `BLOCK_MEDIUM_AND_ABOVE` or
    /// `BLOCK_LOW_AND_ABOVE`; empty for the deployment's.
    #[arg(long)]
    pub safety: Option<String>,
}
