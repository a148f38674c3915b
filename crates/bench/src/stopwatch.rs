//! The clock of the measurements.

use std::time::{Duration, Instant, UNIX_EPOCH};

/// Time since a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "measuring time is what this crate is for"
        )]
        let started = Instant::now();
        Self { started }
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.started.elapsed()
    }
}

/// Today in UTC, as YYYY-MM-DD.
pub(crate) fn today() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the page says when it was measured"
    )]
    let now = std::time::SystemTime::now();
    let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map(|now| now.strftime("%Y-%m-%d").to_string())
        .unwrap_or_default()
}
