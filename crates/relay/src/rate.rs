//! One count in one window of time, shared with other instances: what was counted here, and the sum that the store
//! last told.
//!
//! Pure: which window it is comes in as an argument. What follows from a limit that is reached is the caller's.

/// A count of the current window. Windows are numbered (minutes, days); a new number starts from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    window: u64,
    /// Sum of everybody at the last exchange with the store.
    shared: u64,
    /// Counted here since.
    here: u64,
}

impl Count {
    /// Everybody's count, as far as it is known here.
    pub(crate) fn in_window(&self, window: u64) -> u64 {
        if self.window == window {
            self.shared.saturating_add(self.here)
        } else {
            0
        }
    }

    /// Counts `amount` in `window`. Windows that are over are forgotten; a clock that went back counts in the
    /// window that it shows.
    pub(crate) fn add(&mut self, window: u64, amount: u64) {
        if self.window != window {
            *self = Self {
                window,
                ..Self::default()
            };
        }
        self.here = self.here.saturating_add(amount);
    }

    /// The store's sum for `window` is `sum`, and `added` of what was counted here is in it.
    pub(crate) fn learn(&mut self, window: u64, sum: u64, added: u64) {
        if self.window == window {
            self.here = self.here.saturating_sub(added);
            self.shared = sum;
        }
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
        // While two of three are on their way, another one comes.
        count.add(7, 1);
        count.learn(7, 10, 3);
        assert_eq!(count.in_window(7), 11);
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
