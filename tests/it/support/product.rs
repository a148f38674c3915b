//! Runs the real `gempool serve` binary and, when it is over, searches all it wrote for secrets.
//!
//! It does not build the binary: `cargo xtask test` does, and names it in `GEMPOOL_BIN`.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, ExitStatus};

use rustix::process::Signal;
use tempfile::TempDir;
use tokio::sync::Mutex;

use super::command::required_variable;
use super::patience::{START_PATIENCE, within};
use super::process::Process;
use super::secrets::Canaries;

/// What the ready line begins with; the rest is the address. Fixed, because others script it.
const READY: &str = "gempool listening on http://";

/// One start at a time: the first one compiles the components into the shared cache, the others
/// then find them there instead of compiling the same code in parallel.
static STARTING: Mutex<()> = Mutex::const_new(());

/// How to start a product.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// Environment, which is where the components' variables come from.
    pub(crate) variables: Vec<(String, String)>,
    /// Arguments after `serve --listen … --cache-dir …`.
    pub(crate) arguments: Vec<String>,
}

/// A running `gempool`.
pub(crate) struct Product {
    addr: SocketAddr,
    process: Process,
    /// Working directory, so that nothing is left in the source tree.
    _home: TempDir,
}

impl Product {
    /// Starts it on a free port and waits for its ready line.
    pub(crate) async fn start(settings: &Settings) -> Self {
        let one_start_at_a_time = STARTING.lock().await;
        let (process, home) = spawn(settings);
        let ready = process.stdout.find(ready_address);
        let addr = within(START_PATIENCE, "the line `gempool listening on …`", ready).await;
        drop(one_start_at_a_time);
        let Some(addr) = addr else {
            let status = process.exited().await;
            panic!(
                "gempool ended with {status} before it was ready:\n{}",
                process.stderr.text()
            );
        };
        Self {
            addr,
            process,
            _home: home,
        }
    }

    /// Where it listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://ADDR`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// All standard output so far.
    pub(crate) fn stdout(&self) -> String {
        self.process.stdout.text()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Whether it has ended.
    pub(crate) fn is_running(&self) -> bool {
        self.process.exit_status().is_none()
    }

    /// Waits for its end.
    pub(crate) async fn exited(&self) -> ExitStatus {
        self.process.exited().await
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

/// Runs `gempool serve` with settings it must refuse; returns its exit status and its words.
pub(crate) async fn refused_start(settings: &Settings) -> (ExitStatus, String) {
    let (mut process, _home) = spawn(settings);
    let status = process.exited().await;
    let written = process.kill();
    assert_eq!(written.stdout, "", "a refused start must not look ready");
    (status, written.stderr)
}

fn spawn(settings: &Settings) -> (Process, TempDir) {
    let home = TempDir::new().expect("a temporary directory");
    let binary =
        std::path::absolute(required_variable("GEMPOOL_BIN")).expect("the path of GEMPOOL_BIN");
    let mut command = Command::new(binary);
    command
        // Nothing inherited: a developer's own GEMINI_API_KEYS must not take part.
        .env_clear()
        .envs(settings.variables.iter().cloned())
        .env("RUST_BACKTRACE", "1")
        .current_dir(home.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--cache-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("component-cache"))
        .args(&settings.arguments);
    (Process::spawn(&mut command), home)
}

fn ready_address(stdout: &str) -> Option<SocketAddr> {
    let (_, rest) = stdout.split_once(READY)?;
    let (address, _) = rest.split_once('\n')?;
    Some(
        address
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("not an address: `{address}`")),
    )
}

impl Drop for Product {
    fn drop(&mut self) {
        let written = self.process.kill();
        if std::thread::panicking() {
            eprintln!("--- gempool wrote to standard error:\n{}", written.stderr);
            return;
        }
        let canaries = Canaries::unloggable();
        canaries.assert_absent("standard output of gempool", written.stdout.as_bytes());
        canaries.assert_absent("standard error of gempool", written.stderr.as_bytes());
        assert!(
            !written.stderr.contains("panicked at"),
            "something panicked:\n{}",
            written.stderr
        );
    }
}
