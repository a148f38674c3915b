//! Virtual time: stands still until it is moved, and wakes whoever waited for the moment that it is moved to.
//!
//! It decides nothing; the host's loop moves it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Virtual time.
#[derive(Debug, Default)]
pub(super) struct Time {
    pub(super) now: Cell<u64>,
    /// Who waits until when. Some combinators poll only what was woken, so wakers are kept.
    timers: RefCell<BTreeMap<(u64, u64), Option<Waker>>>,
    made: Cell<u64>,
}

impl Time {
    /// Jumps to the next timer; false when there is none.
    pub(super) fn advance(&self) -> bool {
        let now = self.now.get();
        let next = self
            .timers
            .borrow()
            .keys()
            .map(|(at, _)| *at)
            .find(|at| *at > now);
        let Some(next) = next else {
            return false;
        };
        self.now.set(next);
        for ((at, _), waker) in self.timers.borrow_mut().iter_mut() {
            if *at <= next
                && let Some(waker) = waker.take()
            {
                waker.wake();
            }
        }
        true
    }
}

/// Resolves at a moment of virtual time.
pub(super) struct Timer {
    time: Rc<Time>,
    key: (u64, u64),
}

impl Timer {
    pub(super) fn after(time: &Rc<Time>, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let number = time.made.get();
        time.made.set(number.wrapping_add(1));
        let key = (time.now.get().saturating_add(millis), number);
        time.timers.borrow_mut().insert(key, None);
        Self {
            time: Rc::clone(time),
            key,
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.time.now.get() >= self.key.0 {
            return Poll::Ready(());
        }
        let mut timers = self.time.timers.borrow_mut();
        timers.insert(self.key, Some(cx.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.time.timers.borrow_mut().remove(&self.key);
    }
}
