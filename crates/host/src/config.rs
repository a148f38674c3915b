//! Settings: defaults, then the file, then the environment, then flags; the later wins.
//!
//! Limits are flags only. The environment reaches `listen` and `store` through clap and variables through
//! `variables.rs`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use crate::cli::{PlaceArgs, ServeArgs};
use gempool_kv::StoreUrl;

/// Default port; Spin's, so that clients need not care which host runs.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);
/// Default store: a file in the current folder.
pub const DEFAULT_STORE: &str = "sqlite:./gempool.db";
/// Largest configuration file, in bytes: 10,000 keys of 100 bytes are 1 MB; 16 times that is a mistake.
const MAX_CONFIG_BYTES: u64 = 16 * 1024 * 1024;

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// As `--listen`.
    pub listen: Option<SocketAddr>,
    /// As `--store`.
    pub store: Option<String>,
    /// Variables by lower-case name.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

impl ConfigFile {
    /// Reads `path`, or nothing.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is too large, or is not the expected TOML. Errors do not quote the file,
    /// because it may hold keys.
    pub fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_CONFIG_BYTES + 1).read_to_string(&mut text))
            .with_context(|| format!("cannot read --config {}", path.display()))?;
        anyhow::ensure!(
            text.len() as u64 <= MAX_CONFIG_BYTES,
            "--config {} is larger than {MAX_CONFIG_BYTES} bytes",
            path.display()
        );
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| {
                1 + text
                    .bytes()
                    .take(span.start)
                    .filter(|b| *b == b'\n')
                    .count()
            });
            anyhow::anyhow!(
                "--config {} line {line}: {}",
                path.display(),
                error.message()
            )
        })
    }
}

/// Where to listen and where to store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address to bind.
    pub listen: SocketAddr,
    /// Key-value store to open.
    pub store: StoreUrl,
}

impl Settings {
    /// Merges flags, environment and file.
    ///
    /// # Errors
    ///
    /// If the store URL is not one this host knows.
    pub fn merge(args: &ServeArgs, place: &PlaceArgs, file: &ConfigFile) -> anyhow::Result<Self> {
        let default_store = if args.demo { "memory:" } else { DEFAULT_STORE };
        Ok(Self {
            listen: args.listen.or(file.listen).unwrap_or(DEFAULT_LISTEN),
            store: store_url(place, file, default_store)?,
        })
    }
}

/// The store that flags, environment and file name.
///
/// # Errors
///
/// If its URL is not one this host knows.
pub fn store_url(place: &PlaceArgs, file: &ConfigFile, default: &str) -> anyhow::Result<StoreUrl> {
    let named = place.store.as_deref().or(file.store.as_deref());
    // Not repeated: there may be a password in it.
    named
        .unwrap_or(default)
        .parse()
        .context("cannot use --store")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(text: &str) -> anyhow::Result<ConfigFile> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        ConfigFile::read(Some(file.path()))
    }

    #[test]
    fn reads_addresses_and_variables() {
        let file =
            read("listen = \"127.0.0.1:8080\"\n[variables]\ngemini_api_keys = \"a,b\"\n").unwrap();
        assert_eq!(file.listen, "127.0.0.1:8080".parse().ok());
        assert_eq!(
            file.variables.get("gemini_api_keys").map(String::as_str),
            Some("a,b")
        );
    }

    #[test]
    fn names_the_line_and_never_quotes_a_value() {
        let error = read("[variables]\ngemini_api_keys = \"AIza-secret\n").unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("line 2"), "{text}");
        assert!(!text.contains("AIza"), "{text}");
    }

    #[test]
    fn refuses_unknown_settings() {
        assert!(read("port = 80\n").is_err());
    }
}
