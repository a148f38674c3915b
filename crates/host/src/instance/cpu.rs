//! How long an instance computes without a pause.
//!
//! Every tick it yields to the thread's other tasks; after its budget it traps. Time spent waiting is free.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use wasmtime::{Store, Trap, UpdateDeadline};

use crate::engine::TICK;

/// Ticks used since the instance last had nothing to do.
#[derive(Debug, Clone)]
pub(super) struct CpuBudget {
    used: Arc<Used>,
    most: u32,
}

#[derive(Debug, Default)]
struct Used {
    ticks: AtomicU32,
    yielded: AtomicBool,
}

impl CpuBudget {
    pub(super) fn new(limit: Duration) -> Self {
        let most = limit.as_millis().div_ceil(TICK.as_millis());
        Self {
            used: Arc::default(),
            most: u32::try_from(most).unwrap_or(u32::MAX),
        }
    }

    /// Counts the ticks of `store` from now on.
    pub(super) fn watch<T>(&self, store: &mut Store<T>) {
        store.set_epoch_deadline(1);
        let budget = self.clone();
        store.epoch_deadline_callback(move |_| {
            if budget.tick() {
                Ok(UpdateDeadline::Yield(1))
            } else {
                Err(Trap::Interrupt.into())
            }
        });
    }

    /// One tick passed while computing; false if that was the last of the budget.
    fn tick(&self) -> bool {
        self.used.yielded.store(true, Relaxed);
        self.used.ticks.fetch_add(1, Relaxed) < self.most
    }

    /// The instance does not run at this moment: either because it yielded, or because it waits, which gives
    /// it its whole budget again.
    pub(super) fn paused(&self) {
        if !self.used.yielded.swap(false, Relaxed) {
            self.used.ticks.store(0, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_counts_across_yields_and_starts_again_after_a_wait() {
        let budget = CpuBudget::new(Duration::from_millis(30));
        for _ in 0..3 {
            assert!(budget.tick());
            budget.paused();
        }
        assert!(!budget.tick());
        budget.paused();
        budget.paused();
        assert!(budget.tick());
    }

    #[test]
    fn a_part_of_a_tick_counts_as_one() {
        let budget = CpuBudget::new(Duration::from_millis(1));
        assert!(budget.tick());
        assert!(!budget.tick());
    }
}
