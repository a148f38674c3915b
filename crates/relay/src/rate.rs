//! One count in one window of time, shared with other instances: what was counted here, and what the others have added
//! to the store's sum.
//!
//! Pure: which window it is comes in as an argument. What follows from a limit that is reached is the caller's.

/// A count of the current window. Windows are numbered (minutes, days); a new number starts from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    window: u64,
    /// Counted here: at once, so that a limit closes before the store has heard of it.
    here: u64,
    /// The part of it that was handed over to be stored.
    recorded: u64,
    /// What others had stored at the last exchange.
    others: u64,
}

impl Count {
    /// Everybody's count, as far as it is known here.
    pub(crate) fn in_window(&self, window: u64) -> u64 {
        if self.window == window {
            self.others.saturating_add(self.here)
        } else {
            0
        }
    }

    /// Counts `amount` in `window`. Windows that are over are forgotten; a clock that went back counts in the
    /// window that it shows.
    pub(crate) fn add(&mut self, window: u64, amount: u64) {
        let count = self.of(window);
        count.here = count.here.saturating_add(amount);
    }

    /// Notes that `amount` was handed over to be stored as used in `window`.
    pub(crate) fn record(&mut self, window: u64, amount: u64) {
        let count = self.of(window);
        count.recorded = count.recorded.saturating_add(amount);
    }

    /// The store's sum for `window` is `sum`; of what was handed over here, `waiting` is not in it yet.
    pub(crate) fn learn(&mut self, window: u64, sum: u64, waiting: u64) {
        if self.window == window {
            let mine = self.recorded.saturating_sub(waiting);
            // Sums only grow, so that an answer which comes late changes nothing.
            self.others = self.others.max(sum.saturating_sub(mine));
        }
    }

    fn of(&mut self, window: u64) -> &mut Self {
        if self.window != window {
            *self = Self {
                window,
                ..Self::default()
            };
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_here_and_elsewhere_add_up() {
        let mut count = Count::default();
        count.add(7, 3);
        assert_eq!(count.in_window(7), 3);
        count.record(7, 2);
        // One of the two is stored, and seven of others.
        count.learn(7, 8, 1);
        assert_eq!(count.in_window(7), 10);
        count.learn(7, 5, 1);
        assert_eq!(count.in_window(7), 10, "an older sum changes nothing");
    }

    #[test]
    fn a_new_window_starts_from_zero_and_news_of_an_old_one_change_nothing() {
        let mut count = Count::default();
        count.add(7, 3);
        assert_eq!(count.in_window(8), 0);
        count.add(8, 1);
        count.learn(7, 100, 3);
        assert_eq!(count.in_window(8), 1);
    }
}
