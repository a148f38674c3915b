//! Midnight in Los Angeles, when Google's daily quotas return.
//!
//! The zone's rules are compiled in: a component has no time zone database to read.

use std::time::Duration;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::time::UnixMillis;

/// Quotas per day reset at midnight Pacific time: <https://ai.google.dev/gemini-api/docs/rate-limits>, November 2026.
static PACIFIC: TimeZone = jiff::tz::get!("America/Los_Angeles");

/// A day, for times that no calendar holds.
const DAY: Duration = Duration::from_hours(24);

/// The first midnight in Los Angeles after `now`; a day from now if `now` is outside the calendar (a broken clock).
pub(crate) fn next_midnight(now: UnixMillis) -> UnixMillis {
    PacificDay::at(now).end
}

/// The number of the day in Los Angeles: days since 1970-01-01 there, zero before. It names the windows of daily
/// counters.
#[must_use]
pub fn pacific_day(now: UnixMillis) -> u32 {
    PacificDay::at(now).number
}

/// A day in Los Angeles. Finding it costs a look into the calendar, so whoever asks often keeps the last one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PacificDay {
    /// See [`pacific_day`].
    pub(crate) number: u32,
    start: UnixMillis,
    /// The midnight after it.
    pub(crate) end: UnixMillis,
}

impl PacificDay {
    pub(crate) fn at(now: UnixMillis) -> Self {
        Self::in_calendar(now).unwrap_or_else(|| Self {
            number: u32::try_from(now.0 / DAY.as_secs() / 1000).unwrap_or(u32::MAX),
            start: now,
            end: now.saturating_add(DAY),
        })
    }

    pub(crate) fn contains(&self, time: UnixMillis) -> bool {
        (self.start..self.end).contains(&time)
    }

    fn in_calendar(now: UnixMillis) -> Option<Self> {
        let now = Timestamp::from_millisecond(i64::try_from(now.0).ok()?).ok()?;
        let now = now.to_zoned(PACIFIC.clone());
        let start = now.start_of_day().ok()?;
        let end = now.tomorrow().ok()?.start_of_day().ok()?;
        let days = date(1970, 1, 1).until(now.date()).ok()?.get_days();
        Some(Self {
            number: u32::try_from(days).unwrap_or_default(),
            start: millis(&start),
            end: millis(&end),
        })
    }
}

/// Zero for the hours before 1970 that Los Angeles had when the count began.
fn millis(time: &Zoned) -> UnixMillis {
    UnixMillis(u64::try_from(time.timestamp().as_millisecond()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> UnixMillis {
        UnixMillis(
            text.parse::<Timestamp>()
                .unwrap()
                .as_millisecond()
                .try_into()
                .unwrap(),
        )
    }

    #[test]
    fn finds_the_next_midnight_also_on_days_of_23_and_25_hours() {
        for (now, midnight) in [
            ("2026-07-01T12:00:00Z", "2026-07-02T07:00:00Z"),
            ("2026-01-01T12:00:00Z", "2026-01-02T08:00:00Z"),
            // The day clocks go forward: it has 23 hours, its first midnight is in winter time.
            ("2026-03-08T07:59:59.999Z", "2026-03-08T08:00:00Z"),
            ("2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"),
            ("2026-03-08T10:00:00Z", "2026-03-09T07:00:00Z"),
            // The day clocks go back: it has 25 hours.
            ("2026-11-01T06:59:59Z", "2026-11-01T07:00:00Z"),
            ("2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"),
            ("2026-11-01T09:30:00Z", "2026-11-02T08:00:00Z"),
            // New Year, and a leap day.
            ("2026-12-31T23:00:00Z", "2027-01-01T08:00:00Z"),
            ("2028-02-29T09:00:00Z", "2028-03-01T08:00:00Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T08:00:00Z"),
            // Far beyond the tabulated years, the rule still holds.
            ("2099-07-01T12:00:00Z", "2099-07-02T07:00:00Z"),
        ] {
            assert_eq!(next_midnight(millis(now)), millis(midnight), "{now}");
        }
    }

    #[test]
    fn days_are_numbered_by_the_calendar_of_los_angeles() {
        for (now, number) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T08:00:00Z", 0),
            ("1970-01-02T07:59:59.999Z", 0),
            ("1970-01-02T08:00:00Z", 1),
            ("2026-11-01T06:59:59.999Z", 20_757),
            ("2026-11-01T07:00:00Z", 20_758),
            ("2026-11-02T07:59:59.999Z", 20_758),
            ("2026-11-02T08:00:00Z", 20_759),
        ] {
            let now = millis(now);
            assert_eq!(pacific_day(now), number);
            assert!(PacificDay::at(now).contains(now));
        }
    }

    #[test]
    fn a_time_no_calendar_holds_gives_a_day() {
        assert_eq!(next_midnight(UnixMillis(u64::MAX)), UnixMillis(u64::MAX));
        let far = UnixMillis(1 << 60);
        assert_eq!(next_midnight(far).saturating_since(far), DAY);
    }
}
