//! What can be typed about Gemini keys.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use gempool_pool::{KeyId, Tier};
use gempool_state::PoolId;

use super::named;

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
    /// Bring dead keys back: what made them dead no longer counts. The pool `env` is that of the variables.
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
