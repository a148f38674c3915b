//! Key-value stores of the native host and the command line: what every backend promises.
//!
//! Backends: [`memory`], [`sqlite`] and [`redis`]. Knows nothing of what is stored; sealing secrets is `gempool-state`'s.

use std::fmt;

use futures::future::BoxFuture;

pub mod memory;
pub mod redis;
pub mod sqlite;
mod url;

pub use url::{StoreUrl, UnknownStore};

#[cfg(test)]
mod contract;

/// Largest value in bytes. Documents are at most 64 KiB; hosts that components move between take 1 MB
/// (techdocs.akamai.com/akamai-functions/docs/quotas-and-limits, read 2026-11).
pub const MAX_VALUE_BYTES: usize = 1024 * 1024;
/// Longest name in bytes: the shortest limit among the hosts we know (developer.fermyon.com/cloud/faq).
pub const MAX_NAME_BYTES: usize = 255;
/// Most names in one listing: 100,000 keys in pages, twice.
pub const MAX_LISTED_NAMES: usize = 200_000;

/// Why a store refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The name is empty or too long.
    #[error("a name must have 1 to {MAX_NAME_BYTES} bytes")]
    Name,
    /// The value is too large.
    #[error("a value may have {MAX_VALUE_BYTES} bytes")]
    ValueTooLarge,
    /// More names than one listing may have.
    #[error("more than {MAX_LISTED_NAMES} names")]
    TooManyNames,
    /// `increment` on something that `set` wrote, or `set` on a counter: either would corrupt it.
    #[error("a counter is changed by increment only, a value by set only")]
    WrongKind,
    /// The counter would leave the range of 64 bits.
    #[error("counter overflow")]
    Overflow,
    /// No room left, in memory or on disk.
    #[error("the store is full")]
    Full,
    /// Too many calls are waiting already.
    #[error("the store is busy")]
    Busy,
    /// The backend answers reads and refuses writes, for a reason that only an operator can mend.
    #[error("the store takes no writes: {0}")]
    ReadOnly(&'static str),
    /// The backend refuses our user, password or rights.
    #[error("the store refuses our credentials")]
    Denied,
    /// The backend failed or is away; the text is for the log and holds no secret.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// A key-value store with labels that share nothing.
///
/// Each call is atomic. A finished write is durable as far as the backend is, and every later read sees it.
/// Dropping a future does not undo its write, and a call that failed may have been carried out.
pub trait Store: Send + Sync + fmt::Debug {
    /// The value, or `None`. A counter reads as its decimal digits.
    fn get<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>>;

    /// Writes a value over any earlier one.
    fn set<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        value: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes a value or counter; no error if there is none.
    fn delete<'a>(&'a self, label: &'a str, name: &'a str)
    -> BoxFuture<'a, Result<(), StoreError>>;

    /// All names of a label, sorted by bytes. A name that is written or deleted meanwhile may be in it or not.
    fn names<'a>(&'a self, label: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;

    /// Adds `delta` to a counter, which starts at zero, and returns the sum.
    fn increment<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        delta: i64,
    ) -> BoxFuture<'a, Result<i64, StoreError>>;

    /// Whether there is a value or counter.
    fn exists<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;
}

/// Refuses names and values that not every backend can hold.
fn check(name: &str, value: &[u8]) -> Result<(), StoreError> {
    if name.is_empty() || name.len() > MAX_NAME_BYTES {
        return Err(StoreError::Name);
    }
    if value.len() > MAX_VALUE_BYTES {
        return Err(StoreError::ValueTooLarge);
    }
    Ok(())
}
