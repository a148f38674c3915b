//! How many retries an instance may add to the load it admits: a fifth of it, plus ten a second.
//!
//! Pure: time is an argument. It does not decide whether a failure is worth a retry.

use gempool_pool::UnixMillis;

/// Share of a retry that each admitted request earns, in thousandths. A fifth is linkerd's default
/// (<https://linkerd.io/2/tasks/configuring-retries/>, read 2026-11).
const EARNED_PER_REQUEST: u64 = 200;
/// Retries a second that are always allowed, in thousandths a millisecond: ten a second, same source.
const EARNED_PER_MS: u64 = 10;
/// Price of one retry, in thousandths.
const PRICE: u64 = 1_000;
/// Most that can be saved: ten seconds of the floor, linkerd's window (same source).
const SAVED_MAX: u64 = 100 * PRICE;

/// What a new instance has: one second of the floor.
const SAVED_AT_FIRST: u64 = 10 * PRICE;

/// A token bucket in thousandths of a retry.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    saved: u64,
    updated: UnixMillis,
}

impl RetryBudget {
    /// The budget of a new instance: a second of the floor. With ten, as an old one may have saved, many instances that
    /// are born in a storm would together make it worse.
    pub(crate) fn new(now: UnixMillis) -> Self {
        Self {
            saved: SAVED_AT_FIRST,
            updated: now,
        }
    }

    /// Counts an admitted request.
    pub(crate) fn earn(&mut self) {
        self.saved = self.saved.saturating_add(EARNED_PER_REQUEST).min(SAVED_MAX);
    }

    /// Pays for one retry; false means that there is no budget and nothing was taken.
    pub(crate) fn pay(&mut self, now: UnixMillis) -> bool {
        // A clock that went back earns nothing and loses nothing.
        let elapsed = now.0.saturating_sub(self.updated.0);
        self.updated = now;
        self.saved = self
            .saved
            .saturating_add(elapsed.saturating_mul(EARNED_PER_MS))
            .min(SAVED_MAX);
        if self.saved < PRICE {
            return false;
        }
        self.saved -= PRICE;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_pays_for_at_most_a_fifth_of_its_requests_and_the_floor() {
        let mut budget = RetryBudget::new(UnixMillis(0));
        while budget.pay(UnixMillis(0)) {}
        let mut retries = 0;
        for request in 0..10_000_u64 {
            budget.earn();
            // 10,000 requests in ten seconds.
            retries += u64::from(budget.pay(UnixMillis(request)));
        }
        assert!((2_000..=2_000 + 100).contains(&retries), "{retries}");
    }

    #[test]
    fn a_quiet_instance_earns_ten_a_second() {
        let mut budget = RetryBudget::new(UnixMillis(0));
        while budget.pay(UnixMillis(0)) {}
        assert!(!budget.pay(UnixMillis(99)));
        assert!(budget.pay(UnixMillis(199)));
    }

    #[test]
    fn a_clock_that_goes_back_neither_earns_nor_panics() {
        let mut budget = RetryBudget::new(UnixMillis(1_000_000));
        while budget.pay(UnixMillis(1_000_000)) {}
        assert!(!budget.pay(UnixMillis(5)));
        assert!(!budget.pay(UnixMillis(6)));
    }
}
