//! A store in one SQLite file.
//!
//! One thread writes and commits whatever is queued as one transaction (group commit), so that a burst costs
//! one fsync; an answer is given after the commit. Reads have threads and connections of their own and never
//! wait for a writer (WAL). No SQLite call runs on a thread that serves requests. A second process on the file,
//! such as the command line beside a running host, is safe: the two take turns at writing, and a write that has
//! waited `BUSY_TIMEOUT` for its turn fails as busy. The file must be on a local disk.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use futures::future::{self, BoxFuture};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use crate::{Store, StoreError, check};

mod read;
mod write;

use read::Read;
use write::Write;

/// Format of the file, in `PRAGMA user_version`.
const SCHEMA_VERSION: i64 = 1;
/// Calls that may wait for the writer or for the readers: two per request at the default of 512.
const MAX_QUEUED: usize = 1024;
/// Reading threads: a read takes 10 µs, so two keep up with 100,000 per second.
const READERS: usize = 2;
/// How long SQLite waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS kv (
        store TEXT NOT NULL,
        name  TEXT NOT NULL,
        value ANY  NOT NULL CHECK (typeof(value) IN ('blob', 'integer')),
        PRIMARY KEY (store, name)
    ) STRICT;";

/// The store. Dropping it lets the writer finish what is queued.
pub struct Sqlite {
    /// `None` only while dropping: closing the queues is what ends the threads.
    queues: Option<Queues>,
    threads: Vec<JoinHandle<()>>,
    path: PathBuf,
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sqlite:{}", self.path.display())
    }
}

struct Queues {
    writes: SyncSender<Write>,
    reads: SyncSender<Read>,
}

impl Sqlite {
    /// Opens or creates the file at `path`.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or created, is not a database, or was written by a newer version.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        create_private(path).with_context(|| format!("cannot create {}", path.display()))?;
        let opened = || -> anyhow::Result<_> {
            let mut writer = connect(path)?;
            migrate(&mut writer)?;
            let readers = (0..READERS)
                .map(|_| connect(path))
                .collect::<Result<Vec<_>, _>>()?;
            Ok((writer, readers))
        };
        let (writer, readers) =
            opened().with_context(|| format!("cannot open {}", path.display()))?;

        let (writes, queued_writes) = sync_channel(MAX_QUEUED);
        let (reads, queued_reads) = sync_channel(MAX_QUEUED);
        let queued_reads = Arc::new(Mutex::new(queued_reads));
        let mut threads = vec![named("gempool-kv-write", move || {
            write::run(writer, &queued_writes)
        })?];
        for reader in readers {
            let queued = Arc::clone(&queued_reads);
            threads.push(named("gempool-kv-read", move || {
                serve_reads(&reader, &queued)
            })?);
        }
        Ok(Self {
            queues: Some(Queues { writes, reads }),
            threads,
            path: path.to_owned(),
        })
    }

    /// Queues a read and waits for its answer.
    fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, StoreError>> {
        let (answer, receiver) = oneshot::channel();
        let read: Read = Box::new(move |connection| {
            // The asker may be gone; then nobody needs the answer.
            let _ = answer.send(question(connection).map_err(|error| failure(&error)));
        });
        let queued = match &self.queues {
            Some(queues) => queues.reads.try_send(read).map_err(|error| refusal(&error)),
            None => Err(gone()),
        };
        async move {
            queued?;
            receiver.await.map_err(|_| gone())?
        }
        .boxed()
    }

    /// Queues a write and waits for its commit.
    fn write(
        &self,
        label: &str,
        name: &str,
        change: write::Change,
    ) -> BoxFuture<'_, Result<i64, StoreError>> {
        let (answer, receiver) = oneshot::channel();
        let write = Write {
            label: label.to_owned(),
            name: name.to_owned(),
            change,
            answer,
        };
        let queued = match &self.queues {
            Some(queues) => queues
                .writes
                .try_send(write)
                .map_err(|error| refusal(&error)),
            None => Err(gone()),
        };
        async move {
            queued?;
            receiver.await.map_err(|_| gone())?
        }
        .boxed()
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.queues = None;
        for thread in self.threads.drain(..) {
            // A panicked thread has been logged by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Store for Sqlite {
    fn get<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>> {
        let (label, name) = (label.to_owned(), name.to_owned());
        self.read(move |connection| read::get(connection, &label, &name))
    }

    fn set<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        value: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        if let Err(error) = check(name, &value) {
            return future::ready(Err(error)).boxed();
        }
        self.write(label, name, write::Change::Set(value))
            .map(|done| done.map(drop))
            .boxed()
    }

    fn delete<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write(label, name, write::Change::Delete)
            .map(|done| done.map(drop))
            .boxed()
    }

    fn names<'a>(&'a self, label: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        let label = label.to_owned();
        async move {
            self.read(move |connection| read::names(connection, &label))
                .await?
                .ok_or(StoreError::TooManyNames)
        }
        .boxed()
    }

    fn increment<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        delta: i64,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        if let Err(error) = check(name, &[]) {
            return future::ready(Err(error)).boxed();
        }
        self.write(label, name, write::Change::Increment(delta))
    }

    fn exists<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let (label, name) = (label.to_owned(), name.to_owned());
        self.read(move |connection| read::exists(connection, &label, &name))
    }
}

/// Creates the file readable by its owner only, because it will hold keys; SQLite gives the files beside it
/// the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // An acknowledged write survives a power cut, not only a crash of the process.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// Makes the table. Takes the write lock only when there is something to write, and before looking: another
/// process may open the file at the same moment.
fn migrate(connection: &mut Connection) -> anyhow::Result<()> {
    if version(connection)? == SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    anyhow::ensure!(
        version <= SCHEMA_VERSION,
        "written by a newer gempool (format {version})"
    );
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn named(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(run)
}

fn serve_reads(connection: &Connection, queue: &Mutex<Receiver<Read>>) {
    loop {
        // The lock is held while waiting, not while reading: readers take turns at waiting.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(read) = next else { return };
        read(connection);
    }
}

fn refusal<T>(error: &TrySendError<T>) -> StoreError {
    match error {
        TrySendError::Full(_) => StoreError::Busy,
        TrySendError::Disconnected(_) => gone(),
    }
}

fn gone() -> StoreError {
    StoreError::Failed("its thread ended".to_owned())
}

/// Names what went wrong. SQLite's texts hold SQL and paths, never values.
fn failure(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => StoreError::Full,
        Some(rusqlite::ErrorCode::DatabaseBusy) => StoreError::Busy,
        Some(rusqlite::ErrorCode::ReadOnly) => {
            StoreError::ReadOnly("the file or its folder is read-only")
        }
        _ => StoreError::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
