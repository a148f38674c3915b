//! Who can run.
//!
//! A lock is here because wakers are `Sync` by contract; nobody ever waits for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use crate::random::Random;

#[derive(Default)]
pub(super) struct Ready {
    queue: Mutex<Vec<Arc<Wakes>>>,
}

struct Wakes {
    number: u64,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Ready {
    pub(super) fn waker(ready: &Arc<Self>, number: u64) -> Waker {
        Waker::from(Arc::new(Wakes {
            number,
            queued: AtomicBool::new(false),
            ready: Arc::clone(ready),
        }))
    }

    /// Takes out one that can run, any one.
    pub(super) fn take(&self, random: &Random) -> Option<u64> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.is_empty() {
            return None;
        }
        let chosen = random.index(queue.len());
        let task = queue.swap_remove(chosen);
        task.queued.store(false, Ordering::Relaxed);
        Some(task.number)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, Ordering::Relaxed) {
            let ready = Arc::clone(&self.ready);
            ready
                .queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(self);
        }
    }
}
