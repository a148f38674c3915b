//! A store in memory for tests, which counts its calls and fails where a test says so.
//!
//! It is the strong model: a finished write is seen by every later read.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;

use crate::ports::{Counters, DocumentStore, StoreUnavailable};

/// What one call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It works.
    Works,
    /// It fails and changes nothing.
    Fails,
    /// It is carried out, but the caller hears of a failure.
    WorksUnheard,
}

/// The store.
#[derive(Default)]
pub(crate) struct ScriptedStore {
    documents: RefCell<BTreeMap<String, Vec<u8>>>,
    counters: RefCell<BTreeMap<String, i64>>,
    /// Outcomes of the next calls, the last one first; when it is empty, calls work.
    pub(crate) script: RefCell<Vec<Outcome>>,
    /// Calls so far.
    pub(crate) calls: Cell<usize>,
    /// Calls that have begun and not ended, and the most there ever were.
    under_way: Cell<usize>,
    pub(crate) most_under_way: Cell<usize>,
    /// Documents to be put in place of the one that is written next, as a racing writer does.
    pub(crate) overwrite_next: RefCell<Vec<Option<Vec<u8>>>>,
}

impl ScriptedStore {
    pub(crate) fn document(&self, name: &str) -> Option<Vec<u8>> {
        self.documents.borrow().get(name).cloned()
    }

    pub(crate) fn put(&self, name: &str, document: Vec<u8>) {
        self.documents
            .borrow_mut()
            .insert(name.to_owned(), document);
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.documents.borrow().keys().cloned().collect()
    }

    pub(crate) fn counters(&self) -> BTreeMap<String, i64> {
        self.counters.borrow().clone()
    }

    fn call<'a, T: 'a>(
        &'a self,
        name: &str,
        work: impl FnOnce() -> T + 'a,
    ) -> LocalBoxFuture<'a, Result<T, StoreUnavailable>> {
        let fit = name.len() <= 64
            && name.starts_with("gp1:")
            && name.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:_-".contains(&byte)
            });
        assert!(fit, "unfit name: {name}");
        async move {
            self.calls.set(self.calls.get() + 1);
            self.under_way.set(self.under_way.get() + 1);
            let most = self.most_under_way.get().max(self.under_way.get());
            self.most_under_way.set(most);
            yield_once().await;
            self.under_way.set(self.under_way.get() - 1);
            let outcome = self.script.borrow_mut().pop().unwrap_or(Outcome::Works);
            match outcome {
                Outcome::Works => Ok(work()),
                Outcome::Fails => Err(StoreUnavailable("scripted".to_owned())),
                Outcome::WorksUnheard => {
                    work();
                    Err(StoreUnavailable("scripted, but done".to_owned()))
                }
            }
        }
        .boxed_local()
    }
}

/// Lets others run in the middle of a call.
async fn yield_once() {
    let mut yielded = false;
    futures::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            std::task::Poll::Ready(())
        } else {
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        }
    })
    .await;
}

impl DocumentStore for ScriptedStore {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        let key = name.to_owned();
        self.call(name, move || self.document(&key))
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        assert!(document.len() <= 64 * 1024, "{name} is too large");
        let key = name.to_owned();
        self.call(name, move || {
            let other = self.overwrite_next.borrow_mut().pop().flatten();
            self.put(&key, other.unwrap_or(document));
        })
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let key = name.to_owned();
        self.call(name, move || {
            self.documents.borrow_mut().remove(&key);
        })
    }
}

impl Counters for ScriptedStore {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        let key = name.to_owned();
        self.call(name, move || {
            let mut counters = self.counters.borrow_mut();
            let sum = counters.entry(key).or_default();
            *sum += delta;
            *sum
        })
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let key = name.to_owned();
        self.call(name, move || {
            self.counters.borrow_mut().remove(&key);
        })
    }
}

/// Runs a future that waits for this store only.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..1_000_000 {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("the future waits for something else than the store");
}
