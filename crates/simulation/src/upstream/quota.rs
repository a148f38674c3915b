//! How much a project may ask for: requests of a minute and of a day in Los Angeles, for each model.

use std::collections::BTreeMap;

use gempool_pool::{UnixMillis, pacific_day};

use super::Account;

/// What Google allows a project for one model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    pub(crate) minute: u64,
    pub(crate) day: u64,
}

/// Which one is used up.
pub(super) enum Refusal {
    Minute { left_ms: u64 },
    Day,
}

/// What was used, by project, model and window.
#[derive(Default)]
pub(super) struct Windows {
    minutes: BTreeMap<(u32, String, u64), u64>,
    days: BTreeMap<(u32, String, u32), u64>,
}

const MINUTE_MS: u64 = 60_000;

impl Windows {
    /// Takes one request out of the quotas. A refused one costs nothing.
    pub(super) fn take(&mut self, account: &Account, model: &str, now: u64) -> Result<(), Refusal> {
        let day = pacific_day(UnixMillis(now));
        let of_day = self
            .days
            .entry((account.project, model.to_owned(), day))
            .or_default();
        if *of_day >= account.quota.day {
            return Err(Refusal::Day);
        }
        let minute = now / MINUTE_MS;
        let of_minute = (account.project, model.to_owned(), minute);
        let of_minute = self.minutes.entry(of_minute).or_default();
        if *of_minute >= account.quota.minute {
            let left_ms = MINUTE_MS.saturating_sub(now % MINUTE_MS);
            return Err(Refusal::Minute { left_ms });
        }
        *of_day = of_day.saturating_add(1);
        *of_minute = of_minute.saturating_add(1);
        Ok(())
    }
}
