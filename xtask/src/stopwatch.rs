//! The one place of this program that reads a clock: how long a step took.
//!
//! Measures for people only; nothing is decided by it.

use std::time::{Duration, Instant};

/// A running measurement.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(
        clippy::disallowed_methods,
        reason = "a build tool reports how long its steps took; no product code runs here"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start, as `12.3 s`.
    pub(crate) fn read(&self) -> String {
        format_seconds(self.0.elapsed())
    }
}

fn format_seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
