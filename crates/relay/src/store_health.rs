//! Whether the store may be asked: after a failure it is left alone for a while, so that an outage costs one request
//! one wait, and not every request.
//!
//! Pure: time is an argument. What is served meanwhile is `directory.rs`' to know.

use std::cell::Cell;
use std::time::Duration;

use gempool_pool::UnixMillis;
use gempool_state::ports::STORE_PATIENCE;

/// How long a store that failed is not asked. Some hosts hang callers for minutes after a restart of their Redis
/// (measured 118 s on Spin 4.1); ten seconds lose little when it was a moment only.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// The same for an instance that has nothing to serve meanwhile: its requests are refused until the store has answered, so
/// it looks again as soon as one wait is over.
const LEFT_ALONE_WITH_NOTHING: Duration = STORE_PATIENCE;

/// What an instance does without the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    /// It serves what it read before.
    Serves,
    /// It has read nothing yet, or too long ago.
    HasNothing,
}

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

    pub(crate) fn failed(&self, now: UnixMillis, meanwhile: Meanwhile) {
        let left_alone = match meanwhile {
            Meanwhile::Serves => LEFT_ALONE,
            Meanwhile::HasNothing => LEFT_ALONE_WITH_NOTHING,
        };
        self.away_until.set(Some(now.saturating_add(left_alone)));
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
        health.failed(at(1_000), Meanwhile::Serves);
        assert!(!health.may_ask(at(10_999)) && health.is_away());
        assert!(health.may_ask(at(11_000)) && health.is_away());
        health.answered();
        assert!(health.may_ask(at(11_000)) && !health.is_away());
    }

    #[test]
    fn who_has_nothing_to_serve_looks_again_soon() {
        let health = StoreHealth::default();
        health.failed(UnixMillis(1_000), Meanwhile::HasNothing);
        assert!(!health.may_ask(UnixMillis(1_499)));
        assert!(health.may_ask(UnixMillis(1_500)));
    }

    #[test]
    fn a_clock_that_went_back_does_not_lock_the_store_out() {
        let health = StoreHealth::default();
        health.failed(UnixMillis(1_000_000), Meanwhile::Serves);
        assert!(health.may_ask(UnixMillis(5)));
    }
}
