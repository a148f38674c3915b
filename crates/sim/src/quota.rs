//! Request quotas, counted per project and model as Google does.
//!
//! It takes the time as an argument, counts admitted requests only, and keeps one count per project
//! and model that was asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::named_error::NamedError;

/// Length of the per-minute window, in milliseconds.
const MINUTE_MS: u64 = 60_000;

/// Pairs of project and model that are counted; beyond it, requests are admitted uncounted.
const MAX_COUNTED: usize = 100_000;

/// Daily quotas begin again at midnight there:
/// <https://ai.google.dev/gemini-api/docs/rate-limits> (read November 2026).
static PACIFIC: TimeZone = jiff::tz::get!("America/Los_Angeles");

/// How many requests a project may make of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    model: Option<String>,
    per_minute: Option<u64>,
    per_day: Option<u64>,
}

impl Quota {
    /// A quota on every model that has no quota of its own.
    pub fn any_model() -> Self {
        Self::default()
    }

    /// A quota on one model, given without `models/`.
    pub fn model(model: impl Into<String>) -> Self {
        Self {
            model: Some(model.into()),
            ..Self::default()
        }
    }

    /// Requests per minute; 0 means that the tier has no access.
    #[must_use]
    pub fn per_minute(mut self, requests: u64) -> Self {
        self.per_minute = Some(requests);
        self
    }

    /// Requests per day, which begins at midnight Pacific; 0 means that the tier has no access.
    #[must_use]
    pub fn per_day(mut self, requests: u64) -> Self {
        self.per_day = Some(requests);
        self
    }
}

/// A refused request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) error: NamedError,
    pub(crate) limit: u64,
    /// Seconds until the quota is free again; Google's small wrong number for daily ones.
    pub(crate) retry_s: Option<f64>,
}

/// All quotas and what was used of them.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    quotas: Vec<Quota>,
    used: Mutex<HashMap<(String, String), Used>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Used {
    minute_began_ms: u64,
    in_minute: u64,
    day: Option<Date>,
    in_day: u64,
}

impl Quotas {
    pub(crate) fn new(quotas: Vec<Quota>) -> Self {
        Self {
            quotas,
            used: Mutex::default(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.quotas.is_empty()
    }

    /// Counts a request, unless it is over a quota.
    pub(crate) fn admit(&self, project: &str, model: &str, now_ms: u64) -> Result<(), Refusal> {
        let own = self
            .quotas
            .iter()
            .find(|quota| quota.model.as_deref() == Some(model));
        let general = || self.quotas.iter().find(|quota| quota.model.is_none());
        let Some(quota) = own.or_else(general) else {
            return Ok(());
        };
        if quota.per_minute == Some(0) || quota.per_day == Some(0) {
            return Err(Refusal {
                error: NamedError::LimitZero,
                limit: 0,
                retry_s: None,
            });
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MAX_COUNTED {
            return Ok(());
        }
        let used = used
            .entry((project.to_owned(), model.to_owned()))
            .or_default();
        used.admit(quota, now_ms)
    }

    /// Forgets what was used.
    pub(crate) fn clear(&self) {
        self.used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl Used {
    fn admit(&mut self, quota: &Quota, now_ms: u64) -> Result<(), Refusal> {
        if now_ms.saturating_sub(self.minute_began_ms) >= MINUTE_MS {
            self.minute_began_ms = now_ms;
            self.in_minute = 0;
        }
        let today = pacific_date(now_ms);
        if self.day != today {
            self.day = today;
            self.in_day = 0;
        }
        if let Some(limit) = quota.per_day.filter(|limit| self.in_day >= *limit) {
            return Err(Refusal {
                error: NamedError::QuotaDay,
                limit,
                retry_s: None,
            });
        }
        if let Some(limit) = quota.per_minute.filter(|limit| self.in_minute >= *limit) {
            let left_ms = MINUTE_MS - now_ms.saturating_sub(self.minute_began_ms);
            let left = std::time::Duration::from_millis(left_ms);
            return Err(Refusal {
                error: NamedError::RateLimitedMinute,
                limit,
                retry_s: Some(left.as_secs_f64()),
            });
        }
        self.in_minute += 1;
        self.in_day += 1;
        Ok(())
    }
}

fn pacific_date(now_ms: u64) -> Option<Date> {
    let now = jiff::Timestamp::from_millisecond(i64::try_from(now_ms).ok()?).ok()?;
    Some(PACIFIC.to_datetime(now).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 07:59:00 UTC is 23:59 on the day before in Los Angeles.
    const BEFORE_MIDNIGHT_MS: u64 = 1_795_247_940_000;

    #[test]
    fn a_minute_after_the_first_request_the_minute_quota_is_free_again() {
        let quotas = Quotas::new(vec![Quota::any_model().per_minute(2)]);
        let start = BEFORE_MIDNIGHT_MS;
        assert!(quotas.admit("p", "m", start).is_ok());
        assert!(quotas.admit("p", "m", start + 1_000).is_ok());
        let refusal = quotas.admit("p", "m", start + 20_000).unwrap_err();
        assert_eq!(refusal.error, NamedError::RateLimitedMinute);
        assert_eq!((refusal.limit, refusal.retry_s), (2, Some(40.0)));
        assert!(quotas.admit("p", "m", start + 60_000).is_ok());
    }

    #[test]
    fn the_day_quota_is_free_again_at_midnight_pacific() {
        let quotas = Quotas::new(vec![Quota::any_model().per_day(1)]);
        assert!(quotas.admit("p", "m", BEFORE_MIDNIGHT_MS).is_ok());
        let refusal = quotas.admit("p", "m", BEFORE_MIDNIGHT_MS + 59_999);
        assert_eq!(refusal.unwrap_err().error, NamedError::QuotaDay);
        assert!(quotas.admit("p", "m", BEFORE_MIDNIGHT_MS + 60_000).is_ok());
    }

    #[test]
    fn projects_and_models_are_counted_apart() {
        let quotas = Quotas::new(vec![
            Quota::any_model().per_minute(1),
            Quota::model("closed").per_day(0),
            Quota::model("open"),
        ]);
        assert!(quotas.admit("p", "m", 0).is_ok());
        assert!(quotas.admit("p", "m", 0).is_err());
        assert!(quotas.admit("q", "m", 0).is_ok());
        assert!(quotas.admit("p", "n", 0).is_ok());
        assert!(quotas.admit("p", "open", 0).is_ok());
        assert!(quotas.admit("p", "open", 0).is_ok());
        let closed = quotas.admit("p", "closed", 0).unwrap_err();
        assert_eq!(closed.error, NamedError::LimitZero);
    }
}
