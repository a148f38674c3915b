//! What can be typed. What it does is in the file of its subject.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use gempool_pool::{Affinity, Emergency, KeyId, Profile, Strategy, Tier};
use gempool_state::PoolId;

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

/// `gempool keys …`
#[derive(Debug, Clone, Subcommand)]
pub enum Keys {
    /// Add keys from a file or standard input: one per line or separated by commas, `KEY*3` for weight 3; or JSON as
    /// `export` writes it, a list of strings, or a pool of the multi-pool worker. Known keys stay as they are.
    Import(ImportArgs),
    /// Write all keys of a pool, in clear, to a new file of mode 0600 or to standard output.
    Export(ExportArgs),
    /// Show keys, masked, with their states.
    List(ListArgs),
    /// Ask Gemini whether keys work; costs no tokens. Keys that pass are revived, keys that Google calls invalid are
    /// reported (`--disable-dead` disables them).
    Test(TestArgs),
    /// Change keys.
    Edit(EditArgs),
    /// Bring dead keys back: what made them dead no longer counts.
    Revive(KeyChoice),
    /// Show how often each key was used today with a model.
    Usage {
        /// The pool.
        pool: PoolId,
        /// The model, as Google calls it.
        #[arg(long)]
        model: String,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Remove keys.
    Remove(RemoveArgs),
}

/// Which keys of which pool.
#[derive(Debug, Clone, Args)]
pub struct KeyChoice {
    /// The pool.
    pub pool: PoolId,
    /// Ids of keys, as `list` shows them.
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<KeyId>,
}

/// Arguments of `keys import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// The pool; it must exist.
    pub pool: PoolId,
    /// The file; `-` is standard input.
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// Note that their projects are free or paid.
    #[arg(long, value_parser = tier)]
    pub tier: Option<Tier>,
    /// Note their Google project, whose quotas they share.
    #[arg(long)]
    pub project: Option<String>,
    /// Pin them to this egress.
    #[arg(long)]
    pub egress: Option<String>,
    /// A note for people.
    #[arg(long)]
    pub note: Option<String>,
}

/// Arguments of `keys export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// The pool.
    pub pool: PoolId,
    /// A file that does not exist yet; standard output if absent.
    pub file: Option<PathBuf>,
    /// Lines of `KEY*WEIGHT`, or JSON with everything that is known of each key.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines.
    Text,
    /// One document.
    Json,
}

/// Arguments of `keys list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// The pool.
    pub pool: PoolId,
    /// Only keys in this state.
    #[arg(long, value_enum)]
    pub state: Option<State>,
    /// Only keys whose id, name, note or project contains this.
    #[arg(long)]
    pub search: Option<String>,
    /// JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// States by which keys are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// May serve every model.
    Ready,
    /// Out for a while, for one model at least.
    Cooling,
    /// Out until somebody acts.
    Dead,
    /// Switched off by an admin.
    Disabled,
}

/// Arguments of `keys test`.
#[derive(Debug, Clone, Args)]
pub struct TestArgs {
    /// The pool.
    pub pool: PoolId,
    /// Ids of keys; all if absent.
    #[arg(value_name = "ID")]
    pub ids: Vec<KeyId>,
    /// Keys tested at the same time.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub at_once: u8,
    /// Disable keys that Google calls invalid, expired, leaked or suspended.
    #[arg(long)]
    pub disable_dead: bool,
    /// One JSON line per key instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `keys edit`.
#[derive(Debug, Clone, Args)]
pub struct EditArgs {
    /// Which keys.
    #[command(flatten)]
    pub keys: KeyChoice,
    /// Their share, 1 to 1000.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub weight: Option<u16>,
    /// Let them serve.
    #[arg(long, conflicts_with = "disable")]
    pub enable: bool,
    /// Keep them from serving.
    #[arg(long)]
    pub disable: bool,
    /// A name for people.
    #[arg(long)]
    pub name: Option<String>,
    /// A note for people.
    #[arg(long)]
    pub note: Option<String>,
    /// Free or paid; empty if unknown.
    #[arg(long, value_parser = optional_tier)]
    pub tier: Option<Choice<Tier>>,
    /// Google project; empty if unknown.
    #[arg(long, value_parser = optional_text)]
    pub project: Option<Choice<String>>,
    /// Egress that they are pinned to; empty for none.
    #[arg(long, value_parser = optional_text)]
    pub egress: Option<Choice<String>>,
}

/// A value, or none at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<T> {
    /// This one.
    Some(T),
    /// None.
    None,
}

impl<T: Clone> Choice<T> {
    /// As the state has it.
    pub fn to_option(&self) -> Option<T> {
        match self {
            Self::Some(value) => Some(value.clone()),
            Self::None => None,
        }
    }
}

/// Arguments of `keys remove`.
#[derive(Debug, Clone, Args)]
pub struct RemoveArgs {
    /// The pool.
    pub pool: PoolId,
    /// Ids of keys.
    #[arg(value_name = "ID", required_unless_present = "dead")]
    pub ids: Vec<KeyId>,
    /// All dead keys.
    #[arg(long, conflicts_with = "ids")]
    pub dead: bool,
}

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

fn tier(text: &str) -> Result<Tier, String> {
    named(text)
}

fn optional_tier(text: &str) -> Result<Choice<Tier>, String> {
    if text.is_empty() {
        return Ok(Choice::None);
    }
    named(text).map(Choice::Some)
}

fn optional_text(text: &str) -> Result<Choice<String>, std::convert::Infallible> {
    Ok(match text.trim() {
        "" => Choice::None,
        text => Choice::Some(text.to_owned()),
    })
}

/// A value by the name that its documents use, so that there is one list of names.
fn named<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.trim().to_ascii_lowercase()))
        .map_err(|error| error.to_string())
}
