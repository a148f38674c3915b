//! A real `redis-server` for a test: in a folder and on a Unix socket of its own.
//!
//! Where Debian's package is not installed the tests of Redis say so and pass, unless [`REQUIRED`] is set. It knows
//! nothing of what is stored.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "only tests use it, and a test that has no server must fail at once"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Once;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Set where a missing server is a fault of the machine: in continuous integration.
pub const REQUIRED: &str = "GEMPOOL_REQUIRE_REDIS";

/// One line for all tests.
static SAID: Once = Once::new();

/// A running server, killed when dropped.
pub struct Server {
    folder: TempDir,
    arguments: Vec<String>,
    child: Child,
}

impl Server {
    /// A server with these settings on top of: no snapshots, no network. `None` if there is none here.
    pub fn start(arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let arguments: Vec<_> = arguments.iter().map(|&text| text.to_owned()).collect();
        match spawn(&folder, &arguments) {
            Ok(child) => Some(Self {
                folder,
                arguments,
                child,
            }),
            Err(error) => {
                assert!(
                    std::env::var_os(REQUIRED).is_none(),
                    "{REQUIRED} is set and there is no redis-server: {error}"
                );
                SAID.call_once(|| {
                    // Not `eprintln`, which libtest keeps to itself when a test passes.
                    let mut err = std::io::stderr();
                    let _ = writeln!(err, "skipped: tests of Redis, no redis-server ({error})");
                });
                None
            }
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        self.address("")
    }

    /// Its address with a password.
    #[must_use]
    pub fn url_with(&self, password: &str) -> String {
        self.address(&format!("?pass={password}"))
    }

    fn address(&self, query: &str) -> String {
        format!("redis+unix://{}{query}", self.socket().display())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// The folder of its files.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again on the same files and socket.
    pub fn start_again(&mut self) {
        self.child = spawn(&self.folder, &self.arguments).unwrap();
    }

    /// SIGSTOP: it is there and does nothing.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be dead already, as the test wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts one and returns when it is ready.
fn spawn(folder: &TempDir, arguments: &[String]) -> std::io::Result<Child> {
    let mut child = Command::new("redis-server")
        .args(["--port", "0", "--unixsocket", "redis.sock", "--save", ""])
        .arg("--dir")
        .arg(folder.path())
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines
        .by_ref()
        .map_while(Result::ok)
        .any(|line| line.contains("ready to accept connections"));
    assert!(ready, "redis-server ended before it was ready");
    // A full pipe would stop it.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(child)
}
