//! Whether the store may be asked: after a failure it is left alone for a while, so that an outage costs one request
//! one wait, and not every request.
//!
//! Pure: time is an argument. What is served meanwhile is `directory.rs`' to know.

use std::cell::Cell;
use std::time::Duration;

use gempool_pool::UnixMillis;

/// How long a store that failed is not asked. Some hosts hang callers for minutes after a restart of their Redis
/// (measured 118 s on Spin 4.1); ten seconds lose little when it was a moment only.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// A breaker.
#[derive(Debug, Default)]
pub(crate) struct StoreHealth {
    /// Until when it is left alone; `None` while it answers.
    away_until: Cell<Option<UnixMillis>>,
}

impl StoreHealth {
    /// Whether a call may be tried now.
    pub(crate) fn may_ask(&self, now: UnixMillis) -> bool {
        let away = self.away_until.get();
        away.is_none_or(|until| !until.is_ahead_within(now, LEFT_ALONE))
    }

    /// Whether the last call failed.
    pub(crate) fn is_away(&self) -> bool {
        self.away_until.get().is_some()
    }

    pub(crate) fn answered(&self) {
        self.away_until.set(None);
    }

    pub(crate) fn failed(&self, now: UnixMillis) {
        self.away_until.set(Some(now.saturating_add(LEFT_ALONE)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_followed_by_ten_seconds_of_rest() {
        let health = StoreHealth::default();
        let at = UnixMillis;
        assert!(health.may_ask(at(0)) && !health.is_away());
        health.failed(at(1_000));
        assert!(!health.may_ask(at(10_999)) && health.is_away());
        assert!(health.may_ask(at(11_000)) && health.is_away());
        health.answered();
        assert!(health.may_ask(at(11_000)) && !health.is_away());
    }

    #[test]
    fn a_clock_that_went_back_does_not_lock_the_store_out() {
        let health = StoreHealth::default();
        health.failed(UnixMillis(1_000_000));
        assert!(health.may_ask(UnixMillis(5)));
    }
}
