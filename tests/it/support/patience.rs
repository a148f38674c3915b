//! How long a test waits for a condition, and what it says when it gives up.
//!
//! These are not sleeps: a wait ends with its condition, the bound only ends a broken run.

use std::future::Future;
use std::time::Duration;

/// Longest wait for anything that should be quick. Two hundred times a slow answer on a busy two-core
/// machine (about 100 ms), and short enough that a hung suite ends.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Longest wait for the ready line: the first start on a machine compiles both components
/// (about 10 s on two busy cores), later ones read the cache.
pub(crate) const START_PATIENCE: Duration = Duration::from_secs(120);

/// How soon the upstream connection must be closed once the client is gone (FLT-22).
pub(crate) const CANCEL_BOUND: Duration = Duration::from_secs(2);

/// Waits for `future`, or fails the test saying what it waited for.
pub(crate) async fn patiently<T>(what: &str, future: impl Future<Output = T>) -> T {
    within(PATIENCE, what, future).await
}

/// As [`patiently`], with a bound of its own.
pub(crate) async fn within<T>(bound: Duration, what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(bound, future).await {
        Ok(value) => value,
        Err(_) => panic!("gave up after {bound:?} waiting for {what}"),
    }
}
