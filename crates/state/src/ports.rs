//! What the state needs from the outside: documents and counters.
//!
//! No implementation lives here. Futures are local (no `Send`): a component is single-threaded.

use std::time::Duration;

use futures::future::LocalBoxFuture;

/// How long a store call may take on a request's way before it counts as away.
///
/// Source: reference figures for hosts (a Redis restart hangs a caller for minutes there); 500 ms is
/// far above a slow read (about 1 ms) and below what a caller notices next to a model's answer.
pub const STORE_PATIENCE: Duration = Duration::from_millis(500);

/// Small documents that outlive an instance.
pub trait DocumentStore {
    /// The document, `None` when there is none. Implementations bound the wait
    /// ([`STORE_PATIENCE`]) and the size; a failure is an error, never `None`.
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>>;

    /// Replaces the document as a whole. Once it has returned, every reader of a store that is not merely
    /// eventually consistent sees it.
    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>>;

    /// Removes the document; that there is none is no error.
    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>>;
}

/// Sums that many may add to at once. Names of counters are never names of documents.
pub trait Counters {
    /// Adds `delta`, which may be zero to read, and returns the sum. Adding to no counter makes one.
    ///
    /// On some hosts the call stops every other request of the instance while it lasts: never before the first
    /// byte of an answer, and never when the store was just away.
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>>;

    /// Removes the counter; that there is none is no error.
    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>>;
}

/// Unpredictable bits.
pub trait Rng {
    /// Sixty-four fresh bits of a cryptographic generator: nonces and client keys are made of them.
    fn next_u64(&self) -> u64;
}

/// The store did not answer, or answered with an error. The text is for logs.
#[derive(Debug, Clone, thiserror::Error)]
#[error("store unavailable: {0}")]
pub struct StoreUnavailable(pub String);
