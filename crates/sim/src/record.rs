//! What the simulator was sent and how each request ended, for tests to assert.
//!
//! Bounded: the oldest records go first. The simulator is only ever given keys made for tests, so
//! records hold them; their `Debug` form still shows none.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;

use crate::call::Method;

/// Records kept. A test makes hundreds of requests, not thousands.
const MAX_RECORDS: usize = 10_000;

/// Bytes of request bodies kept over all records; a few of the largest bodies a test sends (30 MB).
const MAX_BODY_BYTES: usize = 256 << 20;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has not.
    InFlight,
    /// The whole answer was handed to the connection.
    Served,
    /// The client closed before it had the whole answer.
    ClientGone,
    /// A fault of the script broke it.
    Faulted,
}

/// A request as it arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// Counts requests from 1.
    pub seq: u64,
    /// Counts connections from 1; equal for requests on one connection.
    pub connection: u64,
    /// HTTP method.
    pub http_method: String,
    /// Path without the query.
    pub path: String,
    /// Query without `?`; empty when there is none.
    pub query: String,
    /// All headers in the order in which they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as much of it as came.
    pub body: Bytes,
    /// The API key, from header or query.
    pub key: Option<String>,
    /// The model, without `models/`.
    pub model: Option<String>,
    /// The method of the API, where the path is one.
    pub method: Option<Method>,
    /// HTTP status of the answer; 0 as long as there is none.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// Bytes of the answer's body handed to the connection.
    pub bytes_sent: u64,
}

impl RecordedRequest {
    /// Whether the request has ended, in whatever way.
    pub fn finished(&self) -> bool {
        self.outcome != Outcome::InFlight
    }

    /// Whether the client closed before it had the whole answer.
    pub fn client_gone(&self) -> bool {
        self.outcome == Outcome::ClientGone
    }

    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(header, _)| header == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RecordedRequest")
            .field("seq", &self.seq)
            .field("connection", &self.connection)
            .field("http_method", &self.http_method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .field("status", &self.status)
            .field("outcome", &self.outcome)
            .field("bytes_sent", &self.bytes_sent)
            .finish_non_exhaustive()
    }
}

/// The records of one simulator.
#[derive(Debug)]
pub(crate) struct Log {
    is_recording: bool,
    last_seq: AtomicU64,
    records: Mutex<Records>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Records {
    kept: VecDeque<RecordedRequest>,
    body_bytes: usize,
}

impl Log {
    pub(crate) fn new(is_recording: bool) -> Self {
        Self {
            is_recording,
            last_seq: AtomicU64::new(0),
            records: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Numbers a request and keeps what `describe` makes of it.
    pub(crate) fn begin(&self, describe: impl FnOnce(u64) -> RecordedRequest) -> u64 {
        let seq = self.last_seq.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_recording {
            self.lock().push(describe(seq));
            self.changed.notify_waiters();
        }
        seq
    }

    /// Changes a record, if it is still there.
    pub(crate) fn update(&self, seq: u64, change: impl FnOnce(&mut RecordedRequest)) {
        if !self.is_recording {
            return;
        }
        // From the end, because what changes is recent.
        if let Some(record) = self
            .lock()
            .kept
            .iter_mut()
            .rev()
            .find(|record| record.seq == seq)
        {
            change(record);
        }
        self.changed.notify_waiters();
    }

    /// Requests so far, kept or not.
    pub(crate) fn count(&self) -> u64 {
        self.last_seq.load(Ordering::Relaxed)
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.lock().kept.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Records::default();
    }

    /// The first record that the predicate accepts, as soon as there is one.
    pub(crate) async fn wait_for(
        &self,
        mut predicate: impl FnMut(&RecordedRequest) -> bool,
        timeout: Duration,
    ) -> Option<RecordedRequest> {
        let accepted = async {
            loop {
                let mut changed = std::pin::pin!(self.changed.notified());
                // Registered before looking, so that no change is missed in between.
                changed.as_mut().enable();
                let found = self
                    .lock()
                    .kept
                    .iter()
                    .find(|record| predicate(record))
                    .cloned();
                if let Some(record) = found {
                    return record;
                }
                changed.await;
            }
        };
        tokio::time::timeout(timeout, accepted).await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Records {
    fn push(&mut self, record: RecordedRequest) {
        self.body_bytes += record.body.len();
        self.kept.push_back(record);
        while self.kept.len() > MAX_RECORDS || self.body_bytes > MAX_BODY_BYTES {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            self.body_bytes -= oldest.body.len();
        }
    }
}
