//! How many instances of a component a thread has, and who waits for one.
//!
//! `ProxyHandler` starts an instance for each request that finds the others momentarily busy, so sixteen
//! requests in one read would make sixteen instances, each with its own caches. Most are not needed a moment
//! later. Here a new instance first lets the existing ones take what they can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Turns of the thread's other tasks that a new instance waits for the existing ones to take the requests.
/// One turn lets each of them run once; a few, because one takes a request at a time.
const PATIENCE_TURNS: usize = 32;
/// Longest wait for a free place when all instances are in use.
const MAX_WAIT_FOR_PLACE: Duration = Duration::from_secs(5);

/// Instances and waiting requests of one component on one thread.
#[derive(Debug)]
pub struct Crowd {
    /// Places for instances of the whole process.
    places: Arc<Semaphore>,
    per_instance: usize,
    alive: AtomicUsize,
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
            waiting: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
        })
    }

    /// A request arrives: it waits until an instance takes it, and runs until its response is delivered.
    pub fn arrive(self: &Arc<Self>) -> (Waiting, Running) {
        self.waiting.fetch_add(1, Relaxed);
        self.running.fetch_add(1, Relaxed);
        (Waiting(Arc::clone(self)), Running(Arc::clone(self)))
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
        tokio::time::timeout(MAX_WAIT_FOR_PLACE, place)
            .await
            .ok()?
            .ok()
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
    }

    /// Whether the component could do without it.
    pub(super) fn is_surplus(&self) -> bool {
        self.0.alive.load(Relaxed) > 1
    }
}

/// A request that no instance has taken yet.
#[derive(Debug)]
pub struct Waiting(Arc<Crowd>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Relaxed);
    }
}

/// A request whose response is not delivered yet.
#[derive(Debug)]
pub struct Running(Arc<Crowd>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn first_request_gets_an_instance_at_once() {
        run(async {
            let crowd = Crowd::new(Arc::new(Semaphore::new(2)), 16);
            let _request = crowd.arrive();
            assert!(crowd.place().await.is_some());
        });
    }

    #[test]
    fn an_instance_is_not_made_when_others_take_the_requests_meanwhile() {
        run(async {
            let crowd = Crowd::new(Arc::new(Semaphore::new(2)), 16);
            let _member = crowd.join();
            let (waiting, _running) = crowd.arrive();
            let taken = async { drop(waiting) };
            let (place, ()) = tokio::join!(crowd.place(), taken);
            assert!(place.is_none());
        });
    }

    #[test]
    fn a_full_crowd_grows_and_a_stuck_one_too() {
        run(async {
            let crowd = Crowd::new(Arc::new(Semaphore::new(8)), 1);
            let _member = crowd.join();
            let _first = crowd.arrive();
            assert!(
                crowd.place().await.is_some(),
                "stuck: nobody took the request"
            );
            let _second = crowd.arrive();
            assert!(
                crowd.place().await.is_some(),
                "full: more requests than room"
            );
        });
    }

    #[test]
    fn without_a_free_place_it_gives_up() {
        run(async {
            let places = Arc::new(Semaphore::new(0));
            // As if the time for waiting were over.
            places.close();
            let crowd = Crowd::new(places, 16);
            let _request = crowd.arrive();
            assert!(crowd.place().await.is_none());
        });
    }

    #[test]
    fn last_instance_is_not_surplus() {
        let crowd = Crowd::new(Arc::new(Semaphore::new(2)), 16);
        let (first, second) = (crowd.join(), crowd.join());
        assert!(first.is_surplus());
        second.left();
        assert!(!first.is_surplus());
    }
}
