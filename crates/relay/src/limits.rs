//! Limits of one client key, or of all clients of a pool: requests and tokens of a minute, tokens of a day.
//!
//! Counted here and in the store; between two exchanges with the store each instance knows its own part and
//! everybody's last sum. Pure: time is an argument.

use std::time::Duration;

use gempool_pool::{UnixMillis, pacific_day};
use gempool_state::usage::Usage;

use crate::failure::Failure;
use crate::rate::Count;

const MINUTE_MS: u64 = 60_000;

/// After a day's limit a client is told to come back within the hour: sooner than midnight in Los Angeles, so that a
/// limit that was raised meanwhile is noticed.
const DAY_RETRY: Duration = Duration::from_secs(3_600);

/// What may be used; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Requests a minute.
    pub(crate) requests_per_minute: Option<u64>,
    /// Tokens a minute.
    pub(crate) tokens_per_minute: Option<u64>,
    /// Tokens a day, which ends at midnight in Los Angeles.
    pub(crate) tokens_per_day: Option<u64>,
}

impl Limits {
    pub(crate) fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }
}

/// What was used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Meter {
    requests: Count,
    tokens: Count,
    day_tokens: Count,
}

/// The minute's number.
pub(crate) fn minute(now: UnixMillis) -> u64 {
    now.0 / MINUTE_MS
}

fn day(now: UnixMillis) -> u64 {
    u64::from(pacific_day(now))
}

impl Meter {
    /// Counts a request, if there is room for it. Tokens are counted when they are known, so that requests which are
    /// under way at the same time may exceed a limit together.
    ///
    /// # Errors
    /// [`Failure::Limited`], `whose` names the owner of the limit.
    pub(crate) fn admit(
        &mut self,
        limits: &Limits,
        whose: &str,
        now: UnixMillis,
    ) -> Result<(), Failure> {
        let next_minute = Duration::from_millis(MINUTE_MS.saturating_sub(now.0 % MINUTE_MS));
        let used = [
            (
                "requests of a minute",
                self.requests.in_window(minute(now)),
                limits.requests_per_minute,
                next_minute,
            ),
            (
                "tokens of a minute",
                self.tokens.in_window(minute(now)),
                limits.tokens_per_minute,
                next_minute,
            ),
            (
                "tokens of a day",
                self.day_tokens.in_window(day(now)),
                limits.tokens_per_day,
                DAY_RETRY,
            ),
        ];
        for (what, used, limit, retry_after) in used {
            if limit.is_some_and(|limit| used >= limit) {
                return Err(Failure::Limited {
                    limit: format!("{whose} {what}"),
                    retry_after,
                });
            }
        }
        self.requests.add(minute(now), 1);
        Ok(())
    }

    /// Counts tokens of an answer.
    pub(crate) fn spend(&mut self, tokens: u64, now: UnixMillis) {
        self.tokens.add(minute(now), tokens);
        self.day_tokens.add(day(now), tokens);
    }

    /// Notes that a request with so many tokens was handed over to be stored.
    pub(crate) fn record(&mut self, tokens: u64, now: UnixMillis) {
        self.requests.record(minute(now), 1);
        self.tokens.record(minute(now), tokens);
        self.day_tokens.record(day(now), tokens);
    }

    /// Takes in the store's sum of a minute; `waiting` of what was handed over is not in it.
    pub(crate) fn learn_minute(&mut self, minute: u32, sum: &Usage, waiting: &Usage) {
        let minute = u64::from(minute);
        self.requests.learn(minute, sum.requests, waiting.requests);
        self.tokens.learn(minute, sum.tokens, waiting.tokens);
    }

    /// The same for a day.
    pub(crate) fn learn_day(&mut self, day: u32, sum: &Usage, waiting: &Usage) {
        let day = u64::from(day);
        self.day_tokens.learn(day, sum.tokens, waiting.tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_262_400_000);

    fn limited(admitted: Result<(), Failure>) -> Option<String> {
        match admitted {
            Ok(()) => None,
            Err(failure) => Some(failure.to_error().message),
        }
    }

    #[test]
    fn each_limit_closes_when_it_is_reached_and_opens_with_the_next_window() {
        let of = |requests, tokens, day| Limits {
            requests_per_minute: requests,
            tokens_per_minute: tokens,
            tokens_per_day: day,
        };
        for (limits, expected) in [
            (of(Some(2), None, None), "requests of a minute"),
            (of(None, Some(100), None), "tokens of a minute"),
            (of(None, None, Some(100)), "tokens of a day"),
        ] {
            let mut meter = Meter::default();
            for _ in 0..2 {
                assert!(meter.admit(&limits, "its", NOW).is_ok());
                meter.spend(50, NOW);
            }
            let told = limited(meter.admit(&limits, "its", NOW)).unwrap();
            assert!(told.contains(expected), "{told}");
            let next_day = NOW.saturating_add(Duration::from_secs(86_400));
            assert!(meter.admit(&limits, "its", next_day).is_ok());
        }
    }

    #[test]
    fn what_other_instances_used_counts() {
        let limits = Limits {
            requests_per_minute: Some(10),
            ..Limits::default()
        };
        let mut meter = Meter::default();
        assert!(meter.admit(&limits, "its", NOW).is_ok());
        meter.record(0, NOW);
        let sum = Usage {
            requests: 10,
            ..Usage::default()
        };
        let minute = u32::try_from(minute(NOW)).unwrap();
        meter.learn_minute(minute, &sum, &Usage::default());
        assert!(meter.admit(&limits, "its", NOW).is_err());
    }
}
