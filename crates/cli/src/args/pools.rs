//! What can be typed about pools.

use clap::{Args, Subcommand};
use gempool_pool::{Affinity, Emergency, Profile, Strategy};
use gempool_state::PoolId;

use super::{UsageArgs, named};

/// `gempool pools …`
#[derive(Debug, Clone, Subcommand)]
pub enum Pools {
    /// Show all pools.
    List {
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Show one pool in full, as JSON.
    Show {
        /// The pool.
        pool: PoolId,
    },
    /// Make a pool.
    Create {
        /// Its id: lower-case letters, digits, hyphens.
        pool: PoolId,
        /// What it is like.
        #[command(flatten)]
        traits: Box<PoolArgs>,
    },
    /// Change a pool: what is not given stays.
    Edit {
        /// The pool.
        pool: PoolId,
        /// What changes.
        #[command(flatten)]
        traits: Box<PoolArgs>,
    },
    /// Show requests, errors and tokens by day.
    Usage {
        /// The pool; `env` is that of the variables.
        pool: PoolId,
        /// How far back.
        #[command(flatten)]
        span: UsageArgs,
    },
    /// Let it serve.
    Enable {
        /// The pool.
        pool: PoolId,
    },
    /// Keep it from serving.
    Disable {
        /// The pool.
        pool: PoolId,
    },
    /// Remove it with its keys and client keys.
    Delete {
        /// The pool.
        pool: PoolId,
        /// Without it nothing is deleted.
        #[arg(long)]
        yes: bool,
    },
}

/// What a pool is like.
#[derive(Debug, Clone, Default, Args)]
pub struct PoolArgs {
    /// A name for people.
    #[arg(long)]
    pub name: Option<String>,
    /// A text for people.
    #[arg(long)]
    pub description: Option<String>,
    /// How keys take turns: weighted, round-robin, random, least-recently-used, fill-first.
    #[arg(long)]
    pub strategy: Option<Strategy>,
    /// What errors mean: google or fixed.
    #[arg(long, value_parser = named::<Profile>)]
    pub profile: Option<Profile>,
    /// Whether one conversation prefers one key: off or conversation.
    #[arg(long, value_parser = named::<Affinity>)]
    pub affinity: Option<Affinity>,
    /// When every key is out: fail, probe-soonest or reset.
    #[arg(long, value_parser = named::<Emergency>)]
    pub emergency: Option<Emergency>,
    /// Models that clients may use, with `*`, separated by commas; empty for all.
    #[arg(long, value_name = "MODELS")]
    pub allow: Option<String>,
    /// Other names for models: `gpt-4o=gemini-2.5-flash,…`.
    #[arg(long)]
    pub aliases: Option<String>,
    /// Requests of all its clients per minute; 0 for no limit.
    #[arg(long)]
    pub rpm: Option<u32>,
    /// Tokens of all its clients per minute; 0 for no limit.
    #[arg(long)]
    pub tpm: Option<u64>,
    /// Rules for errors, a JSON list of `{"status":429,"contains":"…","action":"stop"}`; actions are `stop`, `continue`,
    /// `{"cool":{"seconds":60}}` and `disable`.
    #[arg(long, value_name = "JSON")]
    pub rules: Option<String>,
    /// Limits per project and model, a JSON list of `{"model":"gemini-2.5-pro","rpm":5,"tpm":250000,"rpd":100}`.
    #[arg(long, value_name = "JSON")]
    pub quotas: Option<String>,
    /// Whether who brings a key may use the pool: true or false.
    #[arg(long, value_name = "BOOL")]
    pub contribute: Option<bool>,
}
