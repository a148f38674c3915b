//! What happens on a connection, since when, and until when it may.
//!
//! Touches no socket; `socket.rs` reports to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

/// The limits of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) header: Duration,
    pub(super) idle: Duration,
    pub(super) stall: Duration,
}

/// What happens on a connection and since when, in milliseconds after `start` plus one; zero is "not".
#[derive(Debug)]
pub(super) struct Activity {
    start: Instant,
    active: AtomicU32,
    head_since: AtomicU64,
    idle_since: AtomicU64,
    stalled_since: AtomicU64,
    http2: AtomicBool,
}

/// What a broken limit means.
pub(super) enum Verdict {
    /// End it now.
    Close(&'static str),
    /// End it as soon as that loses nothing.
    Idle,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            active: AtomicU32::new(0),
            // A connection that sends nothing at all is held to the time for headers.
            head_since: AtomicU64::new(1),
            idle_since: AtomicU64::new(1),
            stalled_since: AtomicU64::new(0),
            http2: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX - 1) + 1
    }

    fn at(&self, since: u64, limit: Duration) -> Instant {
        self.start + Duration::from_millis(since.saturating_sub(1)) + limit
    }

    /// How many requests are in progress.
    pub(super) fn requests(&self) -> u32 {
        self.active.load(Relaxed)
    }

    /// The client sent `bytes`.
    pub(super) fn read(&self, bytes: &[u8]) {
        if bytes.is_empty() || self.requests() > 0 {
            return;
        }
        if bytes.starts_with(b"PRI ") {
            self.http2.store(true, Relaxed);
        }
        begin(&self.head_since, self.now());
    }

    /// The client took something.
    pub(super) fn wrote(&self) {
        self.stalled_since.store(0, Relaxed);
    }

    /// The client takes nothing.
    pub(super) fn stalled(&self) {
        begin(&self.stalled_since, self.now());
    }

    /// The next moment at which a limit may be broken, and which.
    fn due(&self, times: Times) -> (Instant, Option<Verdict>) {
        let stalled = self.stalled_since.load(Relaxed);
        if stalled > 0 {
            return (
                self.at(stalled, times.stall),
                Some(Verdict::Close("client takes nothing")),
            );
        }
        if self.active.load(Relaxed) > 0 {
            // Nothing is due; look again when something may have become so.
            return (
                Instant::now() + times.idle.min(times.stall).min(times.header),
                None,
            );
        }
        let head = self.head_since.load(Relaxed);
        let idle = (
            self.at(self.idle_since.load(Relaxed), times.idle),
            Some(Verdict::Idle),
        );
        // An HTTP/2 connection without a request may still exchange pings.
        if head > 0 && !self.http2.load(Relaxed) {
            let head = self.at(head, times.header);
            if head < idle.0 {
                return (head, Some(Verdict::Close("headers took too long")));
            }
        }
        idle
    }

    /// Resolves when a limit is broken.
    pub(super) async fn watch(&self, times: Times) -> Verdict {
        loop {
            let (due, verdict) = self.due(times);
            if due > Instant::now() {
                // What happens meanwhile can only move the limit further away, except that a shorter limit
                // may begin; so never sleep past the shortest.
                let soonest = Instant::now() + times.header.min(times.idle).min(times.stall);
                tokio::time::sleep_until(due.min(soonest)).await;
            } else if let Some(verdict) = verdict {
                return verdict;
            }
        }
    }
}

/// A request in progress on a connection, from its headers to the end of its response.
#[derive(Debug)]
pub struct ActiveRequest(Arc<Activity>);

impl ActiveRequest {
    pub(super) fn begin(activity: &Arc<Activity>) -> Self {
        activity.active.fetch_add(1, Relaxed);
        activity.head_since.store(0, Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.now(), Relaxed);
        self.0.active.fetch_sub(1, Relaxed);
    }
}

/// Notes `now`, unless an earlier moment is noted.
fn begin(since: &AtomicU64, now: u64) {
    // An error means that it is; that is fine.
    let _ = since.compare_exchange(0, now, Relaxed, Relaxed);
}
