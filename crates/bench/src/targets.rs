//! What is measured: the simulator itself, the plain proxy, and gempool, each as a process.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use tempfile::TempDir;
use tokio::process::Command;

use crate::child::Listening;
use crate::workload::{CLIENT_KEY, Dialect, UPSTREAM_KEYS};

/// A way to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The simulator, called directly.
    Direct,
    /// Through the plain proxy.
    Proxy,
    /// Through gempool.
    Gempool,
}

impl Kind {
    /// As the page names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Proxy => "plain proxy",
            Self::Gempool => "gempool",
        }
    }

    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Direct | Self::Proxy => Dialect::Gemini,
            Self::Gempool => Dialect::OpenAi,
        }
    }
}

/// The processes of a run.
pub(crate) struct Targets {
    pub(crate) running: Vec<(Kind, Listening)>,
    _logs: TempDir,
}

impl Targets {
    /// Starts all of them; gempool only where there is one, with its compiled components in `cache`.
    pub(crate) async fn start(gempool: Option<&Path>, cache: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let itself = std::env::current_exe()?;
        let log = |name| folder.path().join(name);
        let mut simulate = Command::new(&itself);
        simulate.arg("simulate");
        let simulator = Listening::start(simulate, &log("simulator.log")).await?;
        let upstream = simulator.address;

        let mut forward = Command::new(&itself);
        forward.arg("proxy").arg(upstream.to_string());
        let proxy = Listening::start(forward, &log("proxy.log")).await?;

        let mut running = vec![(Kind::Direct, simulator), (Kind::Proxy, proxy)];
        if let Some(gempool) = gempool {
            let command = serve(gempool, &format!("http://{upstream}"), cache);
            let gempool = Listening::start(command, &log("gempool.log")).await?;
            running.push((Kind::Gempool, gempool));
        }
        Ok(Self {
            running,
            _logs: folder,
        })
    }

    /// Ends all of them.
    pub(crate) async fn end(self) -> Result<()> {
        for (_, process) in self.running {
            process.end().await?;
        }
        Ok(())
    }
}

/// `gempool serve` with its defaults and keys from an environment that holds nothing else.
pub(crate) fn serve(gempool: &Path, upstream: &str, cache: &Path) -> Command {
    let mut command = serve_store(gempool, "memory:", upstream, cache);
    command
        .env("GEMINI_API_KEYS", UPSTREAM_KEYS)
        .env("VALID_AUTH_TOKENS", CLIENT_KEY);
    command
}

/// `gempool serve` with its defaults on a store, in an environment that holds nothing.
pub(crate) fn serve_store(gempool: &Path, store: &str, upstream: &str, cache: &Path) -> Command {
    let mut command = Command::new(gempool);
    command
        .env_clear()
        .args(["serve", "--listen", "127.0.0.1:0", "--store", store])
        .args(["--upstream", upstream, "--cache-dir"])
        .arg(cache);
    command
}
