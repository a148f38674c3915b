//! Growing waits: the shared pause of a model that is overloaded, and the pause of one request between attempts.
//!
//! Keys have no part in it: an overloaded model is overloaded for every key (see `cooling.rs` for what keys do).

use std::time::Duration;

use crate::time::UnixMillis;

/// First pause of a model. Overload passes in seconds more often than not, so the first pause is one that a waiting
/// client does not mind.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Longest pause of a model before jitter: a model that recovers is found within half a minute.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Jitter added to a pause of a model, as a share of it: instances that failed together do not return together.
const PAUSE_JITTER_DIVISOR: u32 = 4;

/// Upper bound of the first wait between two attempts of one request.
const FIRST_RETRY_WAIT: Duration = Duration::from_millis(500);

/// Upper bound of any wait between two attempts of one request: a client is waiting.
const LONGEST_RETRY_WAIT: Duration = Duration::from_secs(4);

/// How long one request waits before its next attempt, when its last one failed through nobody's fault.
///
/// Full jitter: anything from zero to 0.5, 1, 2, 4 s for `attempt` 1, 2, 3, 4 and later; `attempt` is the number of
/// attempts already made.
#[must_use]
pub fn retry_delay(attempt: u32, random: u64) -> Duration {
    let bound = doubled(
        FIRST_RETRY_WAIT,
        attempt.saturating_sub(1),
        LONGEST_RETRY_WAIT,
    );
    fraction(bound, random)
}

/// `base` doubled `times` times, at most `limit`.
pub(crate) fn doubled(base: Duration, times: u32, limit: Duration) -> Duration {
    let factor = 1_u32.checked_shl(times).unwrap_or(u32::MAX);
    base.saturating_mul(factor).min(limit)
}

/// A part of `whole`, from zero up to but not including it, evenly spread over `random`. Whole milliseconds.
pub(crate) fn fraction(whole: Duration, random: u64) -> Duration {
    let part = (whole.as_millis() * u128::from(random)) >> u64::BITS;
    Duration::from_millis(u64::try_from(part).unwrap_or(u64::MAX))
}

/// The pause all requests for one model share, because the model (not a key) failed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ModelBackoff {
    /// Faults in a row, waves of simultaneous ones counted once.
    faults: u32,
    until: UnixMillis,
}

impl ModelBackoff {
    /// When requests may go again, or `None` if now.
    pub(crate) fn until(&self, now: UnixMillis) -> Option<UnixMillis> {
        let longest = LONGEST_PAUSE + LONGEST_PAUSE / PAUSE_JITTER_DIVISOR;
        self.until
            .is_ahead_within(now, longest)
            .then_some(self.until)
    }

    /// Notes a fault. Requests that were under way when the pause began fail in one wave, so only a fault after a
    /// pause makes the next one longer.
    pub(crate) fn note_fault(&mut self, now: UnixMillis, random: u64) {
        if self.until(now).is_some() {
            return;
        }
        let pause = doubled(FIRST_PAUSE, self.faults, LONGEST_PAUSE);
        let jitter = fraction(pause / PAUSE_JITTER_DIVISOR, random);
        self.faults = self.faults.saturating_add(1);
        self.until = now.saturating_add(pause + jitter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_000_000);

    #[test]
    fn the_pause_doubles_to_thirty_seconds_and_jitter_adds_less_than_a_quarter() {
        for random in [0, u64::MAX] {
            let mut backoff = ModelBackoff::default();
            let mut now = START;
            for seconds in [1_u64, 2, 4, 8, 16, 30, 30] {
                backoff.note_fault(now, random);
                let until = backoff.until(now).unwrap();
                let pause = until.saturating_since(now);
                let least = Duration::from_secs(seconds);
                assert!(
                    pause >= least && pause < least * 5 / 4,
                    "{seconds} {pause:?}"
                );
                now = until;
                assert_eq!(backoff.until(now), None);
            }
        }
    }

    #[test]
    fn faults_of_one_wave_count_once() {
        let mut backoff = ModelBackoff::default();
        for _ in 0..100 {
            backoff.note_fault(START, 0);
        }
        assert_eq!(backoff.until(START), Some(UnixMillis(START.0 + 1000)));
    }

    #[test]
    fn a_clock_set_back_ends_the_pause() {
        let mut backoff = ModelBackoff::default();
        backoff.note_fault(START, 0);
        assert_eq!(backoff.until(UnixMillis(0)), None);
    }

    #[test]
    fn a_request_waits_at_random_up_to_a_growing_bound() {
        for (attempt, bound) in [
            (0, 500),
            (1, 500),
            (2, 1000),
            (3, 2000),
            (4, 4000),
            (99, 4000),
        ] {
            assert_eq!(retry_delay(attempt, 0), Duration::ZERO);
            assert_eq!(
                retry_delay(attempt, u64::MAX),
                Duration::from_millis(bound - 1),
                "{attempt}"
            );
        }
    }
}
