//! A point in time as the pool sees it.
//!
//! It never reads a clock: the caller does, once per request.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. Every value is valid, also the absurd ones a broken clock gives.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixMillis(pub u64);

impl UnixMillis {
    /// This much later; stops at the end of time instead of wrapping. Fractions of a millisecond are dropped.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// How long after `earlier` this is; zero if it is not later.
    #[must_use]
    pub fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Whether this still lies ahead of `now` and within `horizon` of it.
    ///
    /// A stored time further ahead than anything the pool ever sets can only come from a clock that has since been
    /// set back. Such a time counts as past, so that a jump costs one wasted call rather than a key lost for years.
    #[must_use]
    pub fn is_ahead_within(self, now: Self, horizon: Duration) -> bool {
        self > now && self <= now.saturating_add(horizon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_stops_at_both_ends_of_time() {
        assert_eq!(
            UnixMillis(u64::MAX).saturating_add(Duration::MAX),
            UnixMillis(u64::MAX)
        );
        assert_eq!(
            UnixMillis(5).saturating_since(UnixMillis(9)),
            Duration::ZERO
        );
        assert_eq!(
            UnixMillis(9).saturating_since(UnixMillis(5)),
            Duration::from_millis(4)
        );
    }

    #[test]
    fn a_time_beyond_the_horizon_counts_as_past() {
        let horizon = Duration::from_millis(10);
        for (at, ahead) in [
            (99, false),
            (100, false),
            (101, true),
            (110, true),
            (111, false),
        ] {
            assert_eq!(
                UnixMillis(at).is_ahead_within(UnixMillis(100), horizon),
                ahead,
                "{at}"
            );
        }
    }
}
