//! A store that is worked on from the command line, as an admin does, while a product serves it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::client::Client;
use super::command::required_variable;
use super::scene::{Scene, SceneBuilder};

/// A store of its own, with the file of its master key beside it.
pub(crate) struct Office {
    folder: TempDir,
    store: String,
    upstream: String,
}

impl Office {
    /// An empty SQLite store.
    pub(crate) fn on_sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary directory");
        let store = format!("sqlite:{}", folder.path().join("pools.db").display());
        Self::on(folder, store)
    }

    /// A store elsewhere.
    pub(crate) fn on_store(url: &str) -> Self {
        let folder = TempDir::new().expect("a temporary directory");
        Self::on(folder, url.to_owned())
    }

    fn on(folder: TempDir, store: String) -> Self {
        let office = Self {
            folder,
            store,
            upstream: "http://127.0.0.1:1".to_owned(),
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(office.key_file()).expect("a key file");
        file.write_all("0123456789abcdef".repeat(4).as_bytes())
            .expect("a key");
        office
    }

    fn key_file(&self) -> String {
        let path = self.folder.path().join("master.key");
        path.to_str().expect("a plain path").to_owned()
    }

    /// Builds products that serve this store and nothing beside it, unless variables say otherwise.
    pub(crate) fn scene(&self) -> SceneBuilder {
        Scene::builder()
            .store(&self.store)
            .arguments(&["--master-key-file", &self.key_file()])
            .variable("GEMINI_API_KEYS", "")
            .variable("VALID_AUTH_TOKENS", "")
    }

    /// Where keys are tested.
    pub(crate) fn with_upstream(mut self, scene: &Scene) -> Self {
        self.upstream = scene.sim().base_url();
        self
    }

    /// Runs `gempool` with these arguments and this standard input.
    pub(crate) fn try_run(&self, arguments: &[&str], input: &str) -> Output {
        let binary = std::path::absolute(required_variable("GEMPOOL_BIN")).expect("a path");
        let mut child = Command::new(binary)
            .env_clear()
            .args([
                "--store",
                &self.store,
                "--master-key-file",
                &self.key_file(),
            ])
            .args(["--upstream", &self.upstream])
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gempool starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that reads nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("gempool ends")
    }

    /// Runs a command that must work, and gives what it wrote to standard output.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> String {
        let output = self.try_run(arguments, input);
        assert!(
            output.status.success(),
            "gempool {arguments:?} ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    }

    /// The same, read as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(arguments, "")).expect("JSON")
    }

    /// Makes a pool with keys.
    pub(crate) fn pool(&self, pool: &str, options: &[&str], keys: &str) {
        self.run(&[&["pools", "create", pool], options].concat(), "");
        if !keys.is_empty() {
            self.run(&["keys", "import", pool, "-"], keys);
        }
    }

    /// Makes a client key.
    pub(crate) fn client_key(&self, pool: &str, options: &[&str]) -> String {
        let printed = self.run(&[&["clients", "create", pool], options].concat(), "");
        printed.trim().to_owned()
    }
}

/// A client of this scene with this key.
pub(crate) fn client(scene: &Scene, key: &str) -> Client {
    Client::new(scene.addr()).with_key(key)
}
