//! Work that several requests want at the same time is done once: by the one that came first, while the others look
//! again from time to time whether it is done.
//!
//! They look instead of being woken because each request is a task of its own to some hosts, and no task there may wake
//! another one or go on with what it began (wit-bindgen 0.57 without `inter-task-wakeup` ends the instance). It does not
//! know what the work is, and keeps no result: whoever works leaves it where the others look.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use crate::gateway::Gateway;
use crate::ports::Clock;

/// Between two looks: a read of a store takes about as long.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// Names of the work that is under way.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    running: Rc<RefCell<BTreeSet<String>>>,
}

/// The right to do one piece of work. It ends with this value, also when whoever works leaves.
#[derive(Debug)]
pub(crate) struct Flight {
    running: Rc<RefCell<BTreeSet<String>>>,
    name: String,
}

impl Flights {
    /// The right to do the work of this name, unless somebody is doing it.
    pub(crate) fn enter(&self, name: &str) -> Option<Flight> {
        let is_new = self.running.borrow_mut().insert(name.to_owned());
        is_new.then(|| Flight {
            running: Rc::clone(&self.running),
            name: name.to_owned(),
        })
    }

    /// Does `work` unless it is done, or somebody else is doing it: then that is waited for.
    pub(crate) async fn once<E>(
        &self,
        clock: &(impl Clock + ?Sized),
        name: &str,
        is_done: impl Fn() -> bool,
        work: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        loop {
            if is_done() {
                return Ok(());
            }
            if let Some(_flight) = self.enter(name) {
                return work.await;
            }
            clock.sleep(LOOK_EVERY).await;
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.running.borrow_mut().remove(&self.name);
    }
}

impl Gateway {
    /// [`Flights::once`] on this instance's clock.
    pub(crate) async fn once<E>(
        &self,
        name: &str,
        is_done: impl Fn() -> bool,
        work: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        self.flights.once(&*self.host, name, is_done, work).await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::future::join;

    use super::*;
    use crate::fakes::FakeHost;

    #[test]
    fn two_who_want_the_same_at_once_cost_it_once() {
        let host = FakeHost::new([]);
        let flights = Flights::default();
        let done = Cell::new(0);
        let ask = || {
            let work = async {
                host.sleep(Duration::from_secs(1)).await;
                done.set(done.get() + 1);
                Ok::<(), ()>(())
            };
            flights.once(&*host, "page", || done.get() > 0, work)
        };
        assert_eq!(host.run(join(ask(), ask())), (Ok(()), Ok(())));
        assert_eq!(done.get(), 1);
        assert_eq!(host.run(ask()), Ok(()));
        assert_eq!(done.get(), 1);
    }

    #[test]
    fn work_that_fails_or_whose_client_leaves_is_done_by_the_next() {
        let host = FakeHost::new([]);
        let flights = Flights::default();
        let failed = flights.once(&*host, "page", || false, async { Err(1) });
        assert_eq!(host.run(failed), Err(1));
        let left = flights.enter("page");
        assert!(left.is_some() && flights.enter("page").is_none());
        drop(left);
        assert!(flights.enter("page").is_some());
    }
}
