//! Deterministic simulation: several instances of the product, one store that misbehaves, one upstream that follows a
//! script, all on virtual time, and everything decided by a seed.
//!
//! Each [`Scenario`] runs the product's own code as several instances at once, lets the store fail in one of the ways
//! in which stores fail (stale, slow, failing, lossy), crashes instances at any of their await points, writes down what
//! was asked for and what was promised, and then checks promises as plain functions over that record. A run with the
//! same seed is the same run, so a failure is looked at as often as one likes.
//!
//! ```text
//! cargo run --release -p gempool-simulation -- --seeds 10000                  # everything
//! cargo run --release -p gempool-simulation -- --scenario log --seed 4711     # one run, told line by line
//! ```
//!
//! The first command prints for each failure the second one, and so does a failing test. `cargo test` runs a hundred
//! seeds and more of each, and proves for each promise that code which breaks it is found.
//!
//! How a run is made: `world.rs` is virtual time, tasks and crashes; `store.rs` the store and its moods; `upstream.rs` a
//! small Gemini; `host.rs` what a gateway sees of them; `scenarios/` what instances do, and below it the promises.
//!
//! Nothing here knows HTTP servers, real stores or the clock; nothing of the product depends on this crate.

mod admin;
mod host;
mod outcome;
mod random;
mod scenario;
mod scenarios;
mod seeds;
mod store;
mod upstream;
mod world;

pub use outcome::{Broken, Tally};
pub use scenario::{Scenario, UnknownScenario};
pub use seeds::{Failure, Report, run_seed, run_seeds};
