//! The value of `--store`.
//!
//! Names a store and opens it; never shows a password.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use crate::redis::{InvalidRedisUrl, Redis, RedisUrl};
use crate::{Store, memory, sqlite};

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// `memory:`, gone when the process ends.
    Memory,
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `redis://[user:password@]host[:port][/db]` or `redis+unix:///path`.
    Redis(RedisUrl),
}

/// A store URL that cannot be used. Does not repeat it, because a password may be in it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownStore {
    /// Not one of the known kinds.
    #[error("expected sqlite:PATH, redis://[user:password@]host[:port][/db] or memory:")]
    Scheme,
    /// Redis, but not like this.
    #[error(transparent)]
    Redis(#[from] InvalidRedisUrl),
}

impl FromStr for StoreUrl {
    type Err = UnknownStore;

    fn from_str(text: &str) -> Result<Self, UnknownStore> {
        match text.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(("redis" | "rediss" | "redis+unix", _)) => Ok(Self::Redis(text.parse()?)),
            _ => Err(UnknownStore::Scheme),
        }
    }
}

impl StoreUrl {
    /// Opens the store, creating what is missing. Waits up to
    /// [`CONNECT_TIMEOUT`](crate::redis::CONNECT_TIMEOUT) for a Redis; one that is away is no error, it may
    /// come back.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is not a database, or was written by a newer version; if Redis refuses the
    /// password.
    pub fn open(&self) -> anyhow::Result<Arc<dyn Store>> {
        Ok(match self {
            Self::Memory => Arc::new(memory::Memory::default()),
            Self::Sqlite(path) => Arc::new(sqlite::Sqlite::open(path)?),
            Self::Redis(url) => Arc::new(Redis::open(url)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_each_kind_of_store() {
        for text in [
            "memory:",
            "sqlite:a.db",
            "redis://127.0.0.1",
            "redis://user:pass@host:7000/3",
            "redis://:pass@[::1]:7000",
            "redis+unix:///run/redis.sock?db=1",
        ] {
            assert!(text.parse::<StoreUrl>().is_ok(), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else_without_repeating_it() {
        for text in [
            "",
            "memory",
            "memory:secret",
            "sqlite:",
            "redis:",
            "redis://:secret@",
            "redis://:secret@host:port",
            "redis://:secret@host/secret",
            "rediss://:secret@host",
            "valkey://:secret@host",
            "http://secret",
        ] {
            let error = text.parse::<StoreUrl>().unwrap_err();
            let said = format!("{error} {error:?}");
            assert!(!said.contains("secret"), "{text}: {said}");
        }
    }

    #[test]
    fn says_that_there_is_no_tls() {
        let error = "rediss://host".parse::<StoreUrl>().unwrap_err();
        assert!(error.to_string().contains("TLS"), "{error}");
    }

    #[test]
    fn shows_the_address_and_no_password() {
        let url: StoreUrl = "redis://user:secret@host:7000/3".parse().unwrap();
        let shown = format!("{url:?}");
        assert!(
            shown.contains("redis://host:7000/3") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
