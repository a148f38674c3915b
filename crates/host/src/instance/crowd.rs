//! How many instances of a component a thread has, and who waits for one.
//!
//! `ProxyHandler` starts an instance for each request that finds all others busy at that very moment: a
//! hundred requests in one read would make a hundred instances, each with its own caches. So requests are let
//! in as far as the living instances have room, and new instances are made one after another. An instance
//! that turns out not to be needed is not made.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Turns of the thread's other tasks that a new instance waits for the existing ones to take the requests.
/// One turn lets each of them run once; a few, because one takes a request at a time.
const PATIENCE_TURNS: usize = 32;
/// Longest wait for room when all instances are in use. Clients give up after 10 s and more.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Instances and waiting requests of one component on one thread.
#[derive(Debug)]
pub struct Crowd {
    /// Places for instances of the whole process.
    places: Arc<Semaphore>,
    per_instance: usize,
    alive: AtomicUsize,
    /// Requests that were let in to have an instance made for them; one at a time.
    founding: AtomicUsize,
    /// Something changed that may make room.
    changed: Notify,
    waiting: AtomicUsize,
    running: AtomicUsize,
}

impl Crowd {
    /// Nobody yet. `per_instance` requests fit into one instance.
    pub fn new(places: Arc<Semaphore>, per_instance: usize) -> Arc<Self> {
        Arc::new(Self {
            places,
            per_instance,
            alive: AtomicUsize::new(0),
            founding: AtomicUsize::new(0),
            changed: Notify::new(),
            waiting: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
        })
    }

    /// A request arrives. It is let in when an instance has room or shall be made for it; `None`, if that
    /// takes too long. It waits until an instance takes it, and runs until its response is delivered.
    pub async fn arrive(self: &Arc<Self>) -> Option<(Waiting, Running)> {
        tokio::time::timeout(MAX_WAIT, self.let_in()).await.ok()
    }

    async fn let_in(self: &Arc<Self>) -> (Waiting, Running) {
        let mut changed = pin!(self.changed.notified());
        loop {
            changed.as_mut().enable();
            let room = self.running.load(Relaxed) < self.alive.load(Relaxed) * self.per_instance;
            if room || self.founding.load(Relaxed) == 0 {
                let founds = !room;
                self.founding.fetch_add(usize::from(founds), Relaxed);
                self.waiting.fetch_add(1, Relaxed);
                self.running.fetch_add(1, Relaxed);
                let crowd = Arc::clone(self);
                return (Waiting { crowd, founds }, Running(Arc::clone(self)));
            }
            changed.as_mut().await;
            changed.set(self.changed.notified());
        }
    }

    /// Resolves when no instance lives.
    pub async fn emptied(&self) {
        let mut changed = pin!(self.changed.notified());
        loop {
            changed.as_mut().enable();
            if self.alive.load(Relaxed) == 0 {
                return;
            }
            changed.as_mut().await;
            changed.set(self.changed.notified());
        }
    }

    /// How many instances live.
    pub(super) fn alive(&self) -> usize {
        self.alive.load(Relaxed)
    }

    fn has_room(&self) -> bool {
        self.running.load(Relaxed) <= self.alive.load(Relaxed) * self.per_instance
    }

    /// A place for a new instance, or `None` if the existing ones took all requests or none gets free.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        for _ in 0..PATIENCE_TURNS {
            if !self.has_room() {
                break;
            }
            tokio::task::yield_now().await;
            if self.waiting.load(Relaxed) == 0 {
                return None;
            }
        }
        let place = Arc::clone(&self.places).acquire_owned();
        tokio::time::timeout(MAX_WAIT, place).await.ok()?.ok()
    }

    pub(super) fn join(self: &Arc<Self>) -> Arc<Member> {
        self.alive.fetch_add(1, Relaxed);
        Arc::new(Member(Arc::clone(self)))
    }
}

/// One living instance.
#[derive(Debug)]
pub(super) struct Member(Arc<Crowd>);

impl Member {
    /// It ended.
    pub(super) fn left(&self) {
        self.0.alive.fetch_sub(1, Relaxed);
        self.0.changed.notify_waiters();
    }

    /// Whether the component could do without it.
    pub(super) fn is_surplus(&self) -> bool {
        self.0.alive.load(Relaxed) > 1
    }
}

/// A request that no instance has taken yet.
#[derive(Debug)]
pub struct Waiting {
    crowd: Arc<Crowd>,
    founds: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.crowd.waiting.fetch_sub(1, Relaxed);
        if self.founds {
            // Either there is an instance with room now, or the next one has to try.
            self.crowd.founding.fetch_sub(1, Relaxed);
            self.crowd.changed.notify_waiters();
        }
    }
}

/// A request whose response is not delivered yet.
#[derive(Debug)]
pub struct Running(Arc<Crowd>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Relaxed);
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::future::BoxFuture;

    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    fn crowd(places: usize, per_instance: usize) -> Arc<Crowd> {
        Crowd::new(Arc::new(Semaphore::new(places)), per_instance)
    }

    #[test]
    fn first_request_gets_an_instance_at_once() {
        run(async {
            let crowd = crowd(2, 16);
            let _request = crowd.arrive().await.unwrap();
            assert!(crowd.place().await.is_some());
        });
    }

    #[test]
    fn an_instance_is_not_made_when_others_take_the_requests_meanwhile() {
        run(async {
            let crowd = crowd(2, 16);
            let _member = crowd.join();
            let (waiting, _running) = crowd.arrive().await.unwrap();
            let taken = async { drop(waiting) };
            let (place, ()) = tokio::join!(crowd.place(), taken);
            assert!(place.is_none());
        });
    }

    #[test]
    fn an_instance_is_made_when_the_others_are_stuck() {
        run(async {
            let crowd = crowd(2, 16);
            let _member = crowd.join();
            let _request = crowd.arrive().await.unwrap();
            assert!(crowd.place().await.is_some());
        });
    }

    /// Lets in as many of `callers` as may enter now.
    fn enter(callers: &mut Vec<BoxFuture<'_, (Waiting, Running)>>) -> Vec<(Waiting, Running)> {
        let mut entered = Vec::new();
        callers.retain_mut(|caller| {
            let entry = caller.as_mut().now_or_never();
            let stays = entry.is_none();
            entered.extend(entry);
            stays
        });
        entered
    }

    #[test]
    fn a_burst_founds_one_instance_at_a_time_and_fills_it() {
        let crowd = crowd(8, 4);
        let mut callers: Vec<_> = (0..8).map(|_| crowd.let_in().boxed()).collect();
        let founder = enter(&mut callers);
        assert_eq!(founder.len(), 1);
        assert_eq!(enter(&mut callers).len(), 0);

        let _first = crowd.join();
        let (waiting, _running): (Vec<_>, Vec<_>) = founder.into_iter().unzip();
        drop(waiting);
        // Three more fit into the first instance, and the fourth founds the second.
        let second = enter(&mut callers);
        assert_eq!(second.len(), 4);
        assert_eq!(callers.len(), 3);

        drop(second);
        assert_eq!(enter(&mut callers).len(), 3);
    }

    #[test]
    fn without_a_free_place_it_gives_up() {
        run(async {
            let places = Arc::new(Semaphore::new(0));
            // As if the time for waiting were over.
            places.close();
            let crowd = Crowd::new(places, 16);
            let _request = crowd.arrive().await.unwrap();
            assert!(crowd.place().await.is_none());
        });
    }

    #[test]
    fn last_instance_is_not_surplus() {
        let crowd = crowd(2, 16);
        let (first, second) = (crowd.join(), crowd.join());
        assert!(first.is_surplus());
        second.left();
        assert!(!first.is_surplus());
    }
}
