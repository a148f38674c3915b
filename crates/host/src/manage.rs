//! `gempool keys`, `pools`, `clients`, `doctor`, `reseal`: finds the store and its master key as `serve` does, and lets
//! `gempool-cli` do the rest.

use std::process::ExitCode;

use anyhow::Context as _;
use gempool_cli::MasterKey;

use crate::cli::{LogArgs, LogFormat, PlaceArgs};
use crate::config::{ConfigFile, DEFAULT_STORE, store_url};
use crate::manifest::Manifest;
use crate::serve::{MASTER_KEY_VARIABLE, UPSTREAM_VARIABLE, variables};
use crate::{logs, master_key};

/// The variable with the key that the store was sealed with before.
const PREVIOUS_VARIABLE: &str = "master_key_previous";

/// Runs a command on the store.
///
/// # Errors
///
/// Whatever kept it from being done.
pub fn run(command: &gempool_cli::Command, place: &PlaceArgs) -> anyhow::Result<ExitCode> {
    // What goes wrong beside the work, and that a master key was made.
    logs::start(&LogArgs {
        log_level: "warn".to_owned(),
        log_format: LogFormat::Text,
    })?;
    let file = ConfigFile::read(place.config.as_deref())?;
    let url = store_url(place, &file, DEFAULT_STORE)?;
    let manifest = Manifest::built_in()?;
    let variables = variables(place, &file, &manifest, None)?;
    let value = |name: &str| variables.get(name).unwrap_or_default();
    let key = master_key::find(
        value(MASTER_KEY_VARIABLE),
        place.master_key_file.as_deref(),
        &url,
    )?;
    let parse = |text: &str| text.parse::<MasterKey>();
    let previous = match value(PREVIOUS_VARIABLE) {
        "" => None,
        text => Some(parse(text).context("MASTER_KEY_PREVIOUS")?),
    };
    let work = gempool_cli::Place {
        store: url.open()?,
        master_key: parse(&key).context("the master key")?,
        previous_master_key: previous,
        upstream: value(UPSTREAM_VARIABLE).to_owned(),
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?
        .block_on(gempool_cli::run(command, work))
}
