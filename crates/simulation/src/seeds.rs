//! Runs seeds, many at a time, and keeps those that broke a promise.
//!
//! Threads share nothing but the next seed: each run is a world of its own on one thread.

use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::outcome::{Broken, Tally};
use crate::scenario::Scenario;
use crate::world::{Seen, Tracing};

/// Failures kept of one scenario: one is enough to work with, a few show whether they are one fault.
const MOST_FAILURES: usize = 5;

/// A seed that broke a promise.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Of which scenario.
    pub scenario: Scenario,
    /// Which seed.
    pub seed: u64,
    /// How.
    pub broken: Broken,
}

impl Failure {
    /// What shows it again.
    pub fn command(&self) -> String {
        let Self { scenario, seed, .. } = self;
        format!("cargo run --release -p gempool-simulation -- --scenario {scenario} --seed {seed}")
    }
}

/// What many seeds of one scenario came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The first failures.
    pub failures: Vec<Failure>,
    /// How many seeds failed.
    pub failed: u64,
    /// How much happened, in all seeds together.
    pub tally: Tally,
}

/// Runs one seed and tells, line by line, what happened.
pub fn run_seed(scenario: Scenario, seed: u64) -> (Result<Tally, Broken>, Vec<String>) {
    guarded(scenario, seed, Tracing::On)
}

/// Runs these seeds of one scenario on that many threads.
pub fn run_seeds(scenario: Scenario, seeds: Range<u64>, threads: usize) -> Report {
    let next = AtomicU64::new(seeds.start);
    let report = Mutex::new(Report::default());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let (result, _) = guarded(scenario, seed, Tracing::Off);
                    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
                    report.take(scenario, seed, result);
                }
            });
        }
    });
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Threads finish in any order; the report of the same seeds is the same report.
    report.failures.sort_by_key(|failure| failure.seed);
    report.failures.truncate(MOST_FAILURES);
    report
}

impl Report {
    fn take(&mut self, scenario: Scenario, seed: u64, result: Result<Tally, Broken>) {
        match result {
            Ok(tally) => self.tally.merge(&tally),
            Err(broken) => {
                self.failed = self.failed.saturating_add(1);
                self.failures.push(Failure {
                    scenario,
                    seed,
                    broken,
                });
            }
        }
    }
}

/// A panic in the product is a broken promise like any other, and must name its seed, too.
fn guarded(scenario: Scenario, seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
    catch_unwind(AssertUnwindSafe(|| scenario.run(seed, tracing))).unwrap_or_else(|panic| {
        let broken = Broken::new("nothing panics", panic_text(panic.as_ref()));
        (Err(broken), Seen::new())
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a text").to_owned()
}
