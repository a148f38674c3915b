//! A moment that somebody waits for.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::Inside;

/// Resolves at its time; dropping it forgets the time.
pub(crate) struct Timer {
    world: Rc<Inside>,
    key: (u64, u64),
}

impl Timer {
    pub(super) fn new(world: Rc<Inside>, key: (u64, u64)) -> Self {
        Self { world, key }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.world.now.get() >= self.key.0 {
            return Poll::Ready(());
        }
        let waker = Some(context.waker().clone());
        self.world.timers.borrow_mut().insert(self.key, waker);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.world.timers.borrow_mut().remove(&self.key);
    }
}
