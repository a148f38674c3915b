//! What this instance has learned goes to the store: marks of keys, summaries, use. After answers, at most once a
//! second, and never two at a time.
//!
//! A flush that does not happen, because the instance ends or the store is away, loses marks that cost a wasted call
//! each, and counts of a second at most.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use gempool_pool::UnixMillis;
use gempool_state::{Stored, write_marks};

use crate::access::Unread;
use crate::gateway::Gateway;
use crate::pool_runtime::PoolRuntime;

/// Between two flushes of an instance (design: at most one a second).
const INTERVAL: Duration = Duration::from_secs(1);
/// Between an answer and its flush: the answer's bytes go first, and what comes with other answers goes along.
const DELAY: Duration = Duration::from_millis(50);
/// Flushes after the last news at which marks are looked at again, because another instance may have overwritten them.
const CHECKS_MAX: u32 = 5;

/// Where the instance's flushing is.
#[derive(Debug, Default)]
pub(crate) struct Flushing {
    /// Whether one is planned or under way.
    planned: Cell<bool>,
    /// Whether something happened since the last one began.
    has_news: Cell<bool>,
    last: Cell<Option<UnixMillis>>,
}

/// Ends the plan also when the task is dropped before its end.
struct Plan(Rc<Gateway>);

impl Drop for Plan {
    fn drop(&mut self) {
        self.0.flushing.planned.set(false);
    }
}

impl Gateway {
    /// Plans a flush, unless one is.
    pub(crate) fn flush_soon(self: &Rc<Self>) {
        self.flushing.has_news.set(true);
        if self.flushing.planned.replace(true) {
            return;
        }
        let plan = Plan(Rc::clone(self));
        self.host
            .spawn(async move { plan.0.flush_until_done().await }.boxed_local());
    }

    async fn flush_until_done(self: &Rc<Self>) {
        let mut checks = 0;
        while checks < CHECKS_MAX {
            let since = self.flushing.last.get().map_or(INTERVAL, |last| {
                let now = self.host.now();
                Duration::from_millis(now.0.abs_diff(last.0))
            });
            let wait = INTERVAL.saturating_sub(since).max(DELAY);
            self.host.sleep(wait).await;
            let had_news = self.flushing.has_news.replace(false);
            self.flushing.last.set(Some(self.host.now()));
            match self.flush().await {
                // What is not written waits for the next answer: by then the store may be back.
                Err(Unread::Away | Unread::Damaged) => return,
                Ok(Stored::Before | Stored::Not) if !self.flushing.has_news.get() => return,
                Ok(_) => {}
            }
            checks = if had_news { 0 } else { checks + 1 };
        }
    }

    /// Writes everything. [`Stored::Now`] if marks were written that should be looked at again.
    async fn flush(self: &Rc<Self>) -> Result<Stored, Unread> {
        let mut stored = Stored::Before;
        for pool in self.pools() {
            if self.flush_marks(&pool).await? == Stored::Now {
                stored = Stored::Now;
            }
        }
        self.flush_use().await?;
        Ok(stored)
    }

    /// Writes news, and looks again at what was written last: another writer may have read before and written after.
    async fn flush_marks(&self, pool: &PoolRuntime) -> Result<Stored, Unread> {
        let bits = pool.page_bits();
        let mut unchecked = pool.unchecked_marks.take();
        for (page, marks) in pool.keys.borrow_mut().changed_marks(self.host.now()) {
            unchecked.entry(page).or_default().extend(marks);
        }
        let mut stored = Stored::Before;
        while let Some((page, marks)) = unchecked.pop_first() {
            let now = self.host.now();
            let write = write_marks(self.documents(), &pool.id, bits, page, &marks, now);
            let written = match self.ask_store(write).await {
                Ok(written) => written,
                Err(unread) => {
                    unchecked.insert(page, marks);
                    pool.unchecked_marks.replace(unchecked);
                    return Err(unread);
                }
            };
            let now = self.host.now();
            let mut keys = pool.keys.borrow_mut();
            keys.merge_marks(page, &written.marks, now);
            if written.stored == Stored::Now {
                stored = Stored::Now;
                keys.marks_written(page, now);
                pool.unchecked_marks.borrow_mut().insert(page, marks);
            }
        }
        if bits > 0 && stored == Stored::Now {
            self.write_summary(pool).await?;
        }
        Ok(stored)
    }
}
