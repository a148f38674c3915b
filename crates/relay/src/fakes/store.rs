//! The scripted host's store: documents and counters in memory, which can fail or fall silent.
//!
//! Every write is seen by every later read: stores that are slower to agree are the simulation's affair.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;

use super::FakeHost;
use super::time::Timer;
use crate::ports::{Counters, DocumentStore, STORE_PATIENCE, StoreUnavailable};

impl FakeHost {
    /// How many documents were read so far.
    pub fn reads(&self) -> usize {
        self.read.borrow().len()
    }

    /// The outcome of a store call: done at once, failed, or given up after the time that real hosts' adapters wait.
    fn store_call<T: 'static>(
        &self,
        call: impl FnOnce() -> T,
    ) -> LocalBoxFuture<'_, Result<T, StoreUnavailable>> {
        self.store_calls.set(self.store_calls.get() + 1);
        if self.store_silent.get() {
            let timer = Timer::after(&Rc::clone(&self.time), STORE_PATIENCE);
            let given_up = |()| Err(StoreUnavailable("silent".to_owned()));
            return timer.map(given_up).boxed_local();
        }
        let result = if self.store_away.get() {
            Err(StoreUnavailable("away".to_owned()))
        } else {
            Ok(call())
        };
        async { result }.boxed_local()
    }
}

impl Counters for FakeHost {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        self.store_call(|| {
            let mut counters = self.counters.borrow_mut();
            let sum = counters.entry(name.to_owned()).or_default();
            *sum = sum.saturating_add(delta);
            *sum
        })
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.store_call(|| {
            self.counters.borrow_mut().remove(name);
        })
    }
}

impl DocumentStore for FakeHost {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        self.read.borrow_mut().push(name.to_owned());
        self.store_call(|| self.documents.borrow().get(name).cloned())
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.store_call(|| {
            let mut documents = self.documents.borrow_mut();
            documents.insert(name.to_owned(), document);
        })
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.store_call(|| {
            self.documents.borrow_mut().remove(name);
        })
    }
}
