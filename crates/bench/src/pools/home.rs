//! A store with one pool of keys and one client key, made and served by gempool's own command line.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use super::upstream::Upstream;
use crate::child::Listening;
use crate::stopwatch::Stopwatch;
use crate::targets;
use crate::workload::{self, Dialect, Mode, Prepared};

/// The pool.
const POOL: &str = "bench";

/// What the stores are sealed with; nothing in them is a secret.
const MASTER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// How long one command may take: thirty times what is aimed for in an import of 100,000 keys.
const COMMAND_LIMIT: Duration = Duration::from_secs(300);

/// A store that gempool can be started on.
pub(super) struct Home {
    gempool: PathBuf,
    folder: TempDir,
    store: String,
    client_key: String,
    pub(super) keys: usize,
    /// The import of all keys, as a whole process.
    pub(super) import: Duration,
}

impl Home {
    /// In a file of its own.
    pub(super) async fn in_file(gempool: &Path, keys: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let store = format!("sqlite:{}", folder.path().join("store.db").display());
        Self::make(gempool, folder, store, keys).await
    }

    /// In a server that is empty.
    pub(super) async fn at(gempool: &Path, store: String, keys: usize) -> Result<Self> {
        Self::make(gempool, tempfile::tempdir()?, store, keys).await
    }

    async fn make(gempool: &Path, folder: TempDir, store: String, keys: usize) -> Result<Self> {
        let mut home = Self {
            gempool: gempool.to_owned(),
            folder,
            store,
            client_key: String::new(),
            keys,
            import: Duration::ZERO,
        };
        write_private(&home.master_key(), MASTER_KEY)?;
        let file = home.path("keys.txt");
        std::fs::write(&file, key_file(keys))?;
        let file = file.to_string_lossy();
        home.command(&["pools", "create", POOL]).await?;
        let clock = Stopwatch::start();
        home.command(&["keys", "import", POOL, &file]).await?;
        home.import = clock.elapsed();
        let made = home.command(&["clients", "create", POOL]).await?;
        home.client_key = made.trim().to_owned();
        ensure!(
            !home.client_key.is_empty(),
            "`clients create` prints no key"
        );
        Ok(home)
    }

    /// The export of all keys to a new file, as a whole process. Checks that none is missing.
    pub(super) async fn export(&self) -> Result<Duration> {
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let file = folder.path().join("keys.txt");
        let clock = Stopwatch::start();
        self.command(&["keys", "export", POOL, &file.to_string_lossy()])
            .await?;
        let time = clock.elapsed();
        let exported = std::fs::read_to_string(&file)?.lines().count();
        ensure!(
            exported == self.keys,
            "{exported} of {} keys were exported",
            self.keys
        );
        Ok(time)
    }

    /// Starts `gempool serve` on this store, with flags beside the defaults.
    pub(super) async fn serve(
        &self,
        upstream: &Upstream,
        cache: &Path,
        flags: &[&str],
    ) -> Result<Listening> {
        let mut command =
            targets::serve_store(&self.gempool, &self.store, &upstream.origin(), cache);
        command
            .arg("--master-key-file")
            .arg(self.master_key())
            .args(flags);
        Listening::start(command, &self.path("gempool.log")).await
    }

    /// The question of a unary chat, asked with the client key of this pool.
    pub(super) fn question(&self, gempool: &Listening) -> Result<Prepared> {
        workload::prepare(gempool.address, Dialect::OpenAi, Mode::Unary)?
            .with_client_key(&self.client_key)
    }

    /// Runs a command of gempool on this store; what it prints.
    async fn command(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.gempool);
        command
            .env_clear()
            .args(arguments)
            .args(["--store", &self.store, "--master-key-file"])
            .arg(self.master_key())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let name = format!("gempool {}", arguments.join(" "));
        let output = tokio::time::timeout(COMMAND_LIMIT, command.output())
            .await
            .with_context(|| format!("`{name}` has not ended after {COMMAND_LIMIT:?}"))?
            .with_context(|| format!("cannot start `{name}`"))?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            bail!("`{name}`: {}: {}", output.status, errors.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn master_key(&self) -> PathBuf {
        self.path("master.key")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A file that only its owner can read, because gempool refuses others for the master key.
fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path)?.write_all(text.as_bytes())?;
    Ok(())
}

/// Different keys, one per line, of the length of most real ones, which is 39 characters.
fn key_file(keys: usize) -> String {
    let mut text = String::new();
    for key in 0..keys {
        text.push_str(&format!("bench-{key:033}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_file_of_keys_has_as_many_different_ones_as_were_asked_for() {
        let text = key_file(1_000);
        let keys: HashSet<&str> = text.lines().collect();
        assert_eq!(keys.len(), 1_000);
        assert!(keys.iter().all(|key| key.len() == 39));
    }
}
