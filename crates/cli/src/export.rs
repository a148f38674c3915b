//! `gempool keys export`: all keys of a pool in clear, where only their owner can read them.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use gempool_state::load_pool_keys;

use crate::args::{ExportArgs, Format};
use crate::formats;
use crate::output::{print, remark};
use crate::session::Session;

/// Runs the command.
pub(crate) async fn run(session: &Session, arguments: &ExportArgs) -> Result<()> {
    let (_, root) = session.pool(&arguments.pool).await?;
    let whole = load_pool_keys(&session.backend, &session.vault, &root).await?;
    // An export that lacks keys would be taken for a backup.
    if let Some(damaged) = whole.damaged.into_iter().next() {
        return Err(damaged).context("some keys cannot be read, so nothing is exported");
    }
    let mut records = whole.records;
    records.sort_by_key(|record| (record.added_at, record.stamp));
    let text = match arguments.format {
        Format::Text => formats::to_text(&records),
        Format::Json => formats::to_json(&records)?,
    };
    match &arguments.file {
        None => print(&text),
        Some(path) => {
            write_private(path, &text)
                .with_context(|| format!("cannot write {}", path.display()))?;
            remark(&format!(
                "{} keys, in clear, are in {}",
                records.len(),
                path.display()
            ));
            Ok(())
        }
    }
}

/// A new file that only its owner can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
