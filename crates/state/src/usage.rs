//! How much pools, client keys and keys are used: collected in memory, added to shared counters at each flush.
//!
//! Limits are decided elsewhere, with the sums that a flush returns and [`Tally::pending`]. Nothing here lists: a
//! window is forgotten by whoever begins a later one (`windows.rs`).
//!
//! What is promised. A request is in the tally or in the counters of its pool, never in neither, while the instance
//! lives. An addition that failed stays in the tally, so if the store carried it out and could not say so, it counts
//! twice: limits then close a little early, where dropping it would let a client have more than its limit each time the
//! store is slow. A flush ends at the first failure, so at most one addition per flush is in doubt. Who wants fewer
//! doubts waits longer before the next.

mod flush;
mod packing;
mod read;
mod series;
mod tally;
mod windows;

#[cfg(test)]
mod tests;

pub use flush::{Flushed, MAX_FLUSH_CALLS, Shared, flush};
pub use packing::Usage;
pub use read::read_usage;
pub use series::Series;
pub use tally::{Outcome, Tally, Used};
