//! A store in Redis, so that several hosts share one state.
//!
//! Names are `gempool:LABEL:NAME`. A value is a hash with the one field `v`, a counter a string of decimal
//! digits: Redis itself then refuses to overwrite the one with the other, and every call is one plain command.
//! No scripts, no transactions, no TLS.
//!
//! One connection serves all threads, from a thread of its own (`link.rs`). A connection per thread would save
//! a call 15 µs and half of its processor time (30 instead of 45 µs, measured with two threads on 2026-11-25
//! on a Unix socket), and need a watch and a time-out per thread; a request makes no call at all when it is
//! warm and five when it is cold, next to an answer that takes hundreds of milliseconds.
//!
//! **What an acknowledged write is worth** is Redis' setting, not ours. With `appendonly yes` and
//! `appendfsync always` it survives a power cut. With `everysec` a crash of Redis alone loses nothing that was
//! acknowledged, a power cut the last second or two. Without `appendonly` everything since the last snapshot
//! goes. A replica that takes over lacks what had not reached it. A call that *failed* may still have been
//! carried out. Source: <https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/>, read
//! 2026-11.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use ::redis::{Cmd, FromRedisValue};
use anyhow::Context as _;
use futures::FutureExt as _;
use futures::future::{self, BoxFuture};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::{MAX_LISTED_NAMES, Store, StoreError, check};

mod durability;
mod failure;
mod link;
mod url;

#[cfg(test)]
mod tests;

pub use link::{CONNECT_TIMEOUT, RESPONSE_TIMEOUT};
use link::{Link, MAX_IN_FLIGHT};
pub use url::{InvalidRedisUrl, RedisUrl};

/// In front of every name, so that a server may be shared with others.
const PREFIX: &str = "gempool";
/// The only field of a value's hash.
const FIELD: &str = "v";
/// Names that one step of a listing looks at; Redis serves nobody else meanwhile (about 0.3 ms).
const SCAN_COUNT: u32 = 1000;

/// The store. Dropping it waits for calls under way, as long as a call may take.
pub struct Redis {
    link: Arc<Link>,
    /// Of the thread that keeps the connection. Calls run there, whatever runtime asks.
    runtime: Handle,
    /// `None` only while dropping.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    url: RedisUrl,
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.url, formatter)
    }
}

impl Redis {
    /// Starts connecting and waits for the first attempt, which takes at most [`CONNECT_TIMEOUT`]. A server
    /// that is away is waited for in the background.
    ///
    /// # Errors
    ///
    /// If the server refuses the credentials, or no thread can be made.
    pub fn open(url: &RedisUrl) -> anyhow::Result<Self> {
        let client = url
            .client()
            .map_err(|_| anyhow::anyhow!("cannot use {url}"))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the thread for Redis")?;
        let handle = runtime.handle().clone();
        let link = Arc::new(Link::new());
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = sync_channel(1);
        let kept = Arc::clone(&link);
        let thread = std::thread::Builder::new()
            .name("gempool-kv-redis".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    let first = |result: Result<(), StoreError>| {
                        let connected = result.is_ok();
                        // The opener waits for exactly this.
                        let _ = tell.send(result);
                        if connected {
                            let link = Arc::clone(&kept);
                            tokio::spawn(async move { durability::warn(&link).await });
                        }
                    };
                    tokio::select! {
                        () = kept.keep(&client, first) => {}
                        _ = stopped => {}
                    }
                    // Calls under way hold their places; the thread must not end before they do.
                    let _ =
                        timeout(RESPONSE_TIMEOUT, kept.places.acquire_many(MAX_IN_FLIGHT)).await;
                });
            })?;
        let store = Self {
            link,
            runtime: handle,
            stop: Some(stop),
            thread: Some(thread),
            url: url.clone(),
        };
        match told.recv().context("the thread for Redis ended")? {
            Ok(()) => Ok(store),
            Err(StoreError::Denied) => {
                Err(anyhow::anyhow!(StoreError::Denied).context(format!("cannot use {url}")))
            }
            Err(error) => {
                tracing::warn!(%error, store = %url, "starting without the store");
                Ok(store)
            }
        }
    }

    /// Runs `work` on the connection's thread. It goes on when the caller no longer waits.
    fn run<T: Send + 'static, F: Future<Output = Result<T, StoreError>> + Send + 'static>(
        &self,
        work: impl FnOnce(Arc<Link>) -> F,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let place = match self.link.check() {
            Ok(()) => Arc::clone(&self.link.places).try_acquire_owned(),
            Err(error) => return future::ready(Err(error)).boxed(),
        };
        let Ok(place) = place else {
            return future::ready(Err(StoreError::Busy)).boxed();
        };
        let work = work(Arc::clone(&self.link));
        let running = self.runtime.spawn(async move {
            let result = work.await;
            drop(place);
            result
        });
        async move {
            running
                .await
                .unwrap_or_else(|_| Err(failure::away("its thread ended")))
        }
        .boxed()
    }

    /// Runs one command.
    fn call<T: FromRedisValue + Send + 'static>(
        &self,
        command: Result<Cmd, StoreError>,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        match command {
            Ok(command) => self.run(|link| async move { link.query(&command).await }),
            Err(error) => future::ready(Err(error)).boxed(),
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panicked thread has been logged by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Checks a label, which may have no `:` in it, or two labels could share a name.
fn prefix(label: &str) -> Result<String, StoreError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if label.bytes().all(plain) {
        Ok(format!("{PREFIX}:{label}:"))
    } else {
        Err(StoreError::Name)
    }
}

/// `verb` on `name`.
fn command(verb: &str, label: &str, name: &str) -> Result<Cmd, StoreError> {
    let mut command = ::redis::cmd(verb);
    command.arg(prefix(label)? + name);
    Ok(command)
}

/// All names with this prefix. Others of the server are looked at and passed over.
async fn scan(link: Arc<Link>, prefix: String) -> Result<Vec<String>, StoreError> {
    let mut names = BTreeSet::new();
    let mut cursor = 0_u64;
    loop {
        let mut step = ::redis::cmd("SCAN");
        step.arg(cursor)
            .arg("MATCH")
            .arg(format!("{prefix}*"))
            .arg("COUNT")
            .arg(SCAN_COUNT);
        let (next, found): (u64, Vec<Vec<u8>>) = link.query(&step).await?;
        // Nothing of ours has a name that is not UTF-8.
        let found = found
            .into_iter()
            .filter_map(|name| String::from_utf8(name).ok());
        names.extend(found.filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned)));
        if names.len() > MAX_LISTED_NAMES {
            return Err(StoreError::TooManyNames);
        }
        if next == 0 {
            return Ok(names.into_iter().collect());
        }
        cursor = next;
    }
}

impl Store for Redis {
    fn get<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>> {
        let commands = command("HGET", label, name).and_then(|mut value| {
            value.arg(FIELD);
            Ok((value, command("GET", label, name)?))
        });
        match commands {
            Ok((value, counter)) => self.run(|link| async move {
                match link.query(&value).await {
                    Err(StoreError::WrongKind) => link.query(&counter).await,
                    other => other,
                }
            }),
            Err(error) => future::ready(Err(error)).boxed(),
        }
    }

    fn set<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        value: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let command = check(name, &value).and_then(|()| command("HSET", label, name));
        let command = command.map(|mut command| {
            command.arg(FIELD).arg(value);
            command
        });
        self.call::<i64>(command).map(|done| done.map(drop)).boxed()
    }

    fn delete<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.call::<i64>(command("DEL", label, name))
            .map(|done| done.map(drop))
            .boxed()
    }

    fn names<'a>(&'a self, label: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        match prefix(label) {
            Ok(prefix) => self.run(|link| scan(link, prefix)),
            Err(error) => future::ready(Err(error)).boxed(),
        }
    }

    fn increment<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        delta: i64,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        let command = check(name, &[]).and_then(|()| command("INCRBY", label, name));
        self.call(command.map(|mut command| {
            command.arg(delta);
            command
        }))
    }

    fn exists<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.call(command("EXISTS", label, name))
    }
}
