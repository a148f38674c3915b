//! Virtual time and the tasks that live in it: one thread, and a seed that decides who runs next.
//!
//! Time stands still while anything can run and jumps to the next timer when nothing can, so an hour takes no time
//! and a run with the same seed is the same run. Tasks belong to instances, and a crash drops all of one instance at
//! once, at any of its await points. It knows neither stores nor upstreams.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

use crate::random::{Chance, Random};

mod ready;
mod timer;
mod trace;

use ready::Ready;
pub(crate) use timer::Timer;
use trace::Trace;
pub(crate) use trace::{Seen, Tracing};

/// Start of virtual time: 2026-11-21T12:00:00Z, a day with nothing special at midnight Pacific.
pub(crate) const START_MS: u64 = 1_795_262_400_000;

/// Polls after which a run counts as one that never comes to rest. The longest good run makes about a twentieth.
const MOST_POLLS: u64 = 20_000_000;

/// Virtual time after which a run counts as one that never ends: longer than anything that a scenario waits for.
const LONGEST_RUN: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// One life of one instance: who comes back after a crash is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InstanceId(pub(crate) u32);

/// Why a run did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stuck {
    /// Nothing can run, and no timer is set.
    #[error("waits for ever: nothing can run and no timer is set")]
    ForEver,
    /// Something runs and runs.
    #[error("does not come to rest within {MOST_POLLS} polls")]
    Restless,
    /// Something waits and waits.
    #[error("does not end within {} days of virtual time", LONGEST_RUN.as_secs() / 86_400)]
    TooLong,
}

/// A handle to the one world of a run.
#[derive(Clone)]
pub(crate) struct World(Rc<Inside>);

struct Inside {
    now: Cell<u64>,
    random: Random,
    tasks: RefCell<BTreeMap<u64, Task>>,
    made: Cell<u64>,
    ready: Arc<Ready>,
    timers: RefCell<BTreeMap<(u64, u64), Option<Waker>>>,
    /// Polls that an instance has left to live.
    fuses: RefCell<BTreeMap<InstanceId, u64>>,
    /// How often, and how long at most, a task of an instance stands still although it could run.
    stall: Cell<(Chance, u64)>,
    trace: Trace,
}

struct Task {
    owner: Option<InstanceId>,
    waker: Waker,
    /// Not there while it is polled.
    work: Option<LocalBoxFuture<'static, ()>>,
}

impl World {
    pub(crate) fn new(seed: u64, tracing: Tracing) -> Self {
        Self(Rc::new(Inside {
            now: Cell::new(START_MS),
            random: Random::new(seed),
            tasks: RefCell::default(),
            made: Cell::new(0),
            ready: Arc::default(),
            timers: RefCell::default(),
            fuses: RefCell::default(),
            stall: Cell::new((Chance::NEVER, 0)),
            trace: Trace::new(tracing),
        }))
    }

    /// Unix milliseconds.
    pub(crate) fn now(&self) -> u64 {
        self.0.now.get()
    }

    /// What the seed decides.
    pub(crate) fn random(&self) -> &Random {
        &self.0.random
    }

    /// Resolves once, `milliseconds` from now.
    pub(crate) fn sleep(&self, milliseconds: u64) -> Timer {
        let number = self.number();
        let key = (self.now().saturating_add(milliseconds), number);
        self.0.timers.borrow_mut().insert(key, None);
        Timer::new(Rc::clone(&self.0), key)
    }

    /// Lets somebody else run, or not, as the seed wants it.
    pub(crate) async fn pause(&self) {
        while self.0.random.happens(Chance::per_mille(400)) {
            let mut waited = false;
            futures::future::poll_fn(|context| {
                if waited {
                    return Poll::Ready(());
                }
                waited = true;
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
    }

    /// From now on, a task of an instance that could run stands still with this chance, for up to this long: a
    /// frozen process, a stolen processor.
    pub(crate) fn stall(&self, chance: Chance, milliseconds: u64) {
        self.0.stall.set((chance, milliseconds));
    }

    /// Runs work that no crash ends: the outside of the instances.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        self.add(None, Box::pin(work));
    }

    /// Runs work of an instance. What it comes to arrives at the receiver, which is canceled if the instance crashes.
    pub(crate) fn spawn_on<T: 'static>(
        &self,
        owner: InstanceId,
        work: impl Future<Output = T> + 'static,
    ) -> oneshot::Receiver<T> {
        let (done, outcome) = oneshot::channel();
        let work = async move {
            // Nobody has to wait for it.
            let _unheard = done.send(work.await);
        };
        self.add(Some(owner), Box::pin(work));
        outcome
    }

    fn add(&self, owner: Option<InstanceId>, work: LocalBoxFuture<'static, ()>) {
        let number = self.number();
        let waker = Ready::waker(&self.0.ready, number);
        waker.wake_by_ref();
        let task = Task {
            owner,
            waker,
            work: Some(work),
        };
        self.0.tasks.borrow_mut().insert(number, task);
    }

    fn number(&self) -> u64 {
        let number = self.0.made.get();
        self.0.made.set(number.wrapping_add(1));
        number
    }

    /// The instance crashes when it has been polled that often.
    pub(crate) fn light_fuse(&self, instance: InstanceId, polls: u64) {
        self.0.fuses.borrow_mut().insert(instance, polls);
    }

    /// Ends everything of this instance, now.
    pub(crate) fn crash(&self, instance: InstanceId) {
        self.0
            .trace
            .note(self.now(), || format!("{instance:?} crashes"));
        self.0.fuses.borrow_mut().remove(&instance);
        let mut ended = Vec::new();
        self.0.tasks.borrow_mut().retain(|_, task| {
            let lives = task.owner != Some(instance);
            if !lives {
                ended.extend(task.work.take());
            }
            lives
        });
        // Dropping a future may wake or spawn others: nothing is borrowed by now.
        drop(ended);
    }

    /// How many tasks of this instance have not ended.
    pub(crate) fn tasks_of(&self, instance: InstanceId) -> usize {
        let tasks = self.0.tasks.borrow();
        let owned = tasks.values().filter(|task| task.owner == Some(instance));
        owned.count()
    }

    /// Writes down what happened, if somebody reads it.
    pub(crate) fn note(&self, what: impl FnOnce() -> String) {
        self.0.trace.note(self.now(), what);
    }

    /// What was written down.
    pub(crate) fn trace(&self) -> Seen {
        self.0.trace.take()
    }

    /// Runs the world until `script` ends, and ends it: whatever still runs is dropped.
    pub(crate) fn run<T: 'static>(
        &self,
        script: impl Future<Output = T> + 'static,
    ) -> Result<T, Stuck> {
        let (done, mut outcome) = oneshot::channel();
        self.spawn(async move {
            let _unheard = done.send(script.await);
        });
        let result = self.turn(&mut outcome);
        let rest = std::mem::take(&mut *self.0.tasks.borrow_mut());
        // Tasks hold the world that holds them: without this no run would ever be freed.
        drop(rest);
        result
    }

    fn turn<T>(&self, outcome: &mut oneshot::Receiver<T>) -> Result<T, Stuck> {
        let end =
            START_MS.saturating_add(u64::try_from(LONGEST_RUN.as_millis()).unwrap_or(u64::MAX));
        let mut polls = 0_u64;
        loop {
            while let Some(number) = self.0.ready.take(&self.0.random) {
                self.poll(number);
                if let Ok(Some(result)) = outcome.try_recv() {
                    return Ok(result);
                }
                polls = polls.saturating_add(1);
                if polls > MOST_POLLS {
                    return Err(Stuck::Restless);
                }
            }
            if !self.advance() {
                return Err(Stuck::ForEver);
            }
            if self.now() > end {
                return Err(Stuck::TooLong);
            }
        }
    }

    fn poll(&self, number: u64) {
        let Some((owner, waker, mut work)) = self.lift(number) else {
            return;
        };
        if let Some(instance) = owner {
            if self.burns_down(instance) {
                drop(work);
                self.crash(instance);
                return;
            }
            if self.stands_still(number, &waker) {
                self.put_back(number, work);
                return;
            }
        }
        let mut context = Context::from_waker(&waker);
        if work.as_mut().poll(&mut context).is_ready() {
            self.0.tasks.borrow_mut().remove(&number);
        } else {
            self.put_back(number, work);
        }
    }

    /// Takes a task's work out, because what is polled may spawn, wake and crash.
    fn lift(
        &self,
        number: u64,
    ) -> Option<(Option<InstanceId>, Waker, LocalBoxFuture<'static, ()>)> {
        let mut tasks = self.0.tasks.borrow_mut();
        let task = tasks.get_mut(&number)?;
        Some((task.owner, task.waker.clone(), task.work.take()?))
    }

    fn put_back(&self, number: u64, work: LocalBoxFuture<'static, ()>) {
        // Whoever crashed meanwhile has no task any more.
        if let Some(task) = self.0.tasks.borrow_mut().get_mut(&number) {
            task.work = Some(work);
        }
    }

    fn burns_down(&self, instance: InstanceId) -> bool {
        let mut fuses = self.0.fuses.borrow_mut();
        let Some(left) = fuses.get_mut(&instance) else {
            return false;
        };
        let burnt = *left == 0;
        *left = left.saturating_sub(1);
        burnt
    }

    fn stands_still(&self, number: u64, waker: &Waker) -> bool {
        let (chance, longest) = self.0.stall.get();
        if chance == Chance::NEVER || !self.0.random.happens(chance) {
            return false;
        }
        let until = self.now().saturating_add(self.0.random.between(1, longest));
        self.note(|| {
            format!(
                "task {number} stands still until {}",
                until.saturating_sub(START_MS)
            )
        });
        self.0
            .timers
            .borrow_mut()
            .insert((until, self.number()), Some(waker.clone()));
        true
    }

    /// Jumps to the next timer; false when there is none.
    fn advance(&self) -> bool {
        let mut timers = self.0.timers.borrow_mut();
        let Some((&(at, _), _)) = timers.first_key_value() else {
            return false;
        };
        self.0.now.set(self.now().max(at));
        while let Some(entry) = timers.first_entry() {
            if entry.key().0 > at {
                break;
            }
            if let Some(waker) = entry.remove() {
                waker.wake();
            }
        }
        true
    }
}

#[cfg(test)]
mod tests;
