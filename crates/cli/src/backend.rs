//! The store of this machine behind the ports of the state, with the operating system's randomness.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_kv::{Store, StoreError};
use gempool_state::ports::{Counters, DocumentStore, Rng, StoreUnavailable};

/// The label under which the gateway keeps everything.
const LABEL: &str = "default";

/// An open store.
pub struct Backend {
    store: Arc<dyn Store>,
}

impl Backend {
    /// Over an open store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }
}

impl DocumentStore for Backend {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        let name = name.to_owned();
        async move { self.store.get(LABEL, &name).await.map_err(unavailable) }.boxed_local()
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let name = name.to_owned();
        async move {
            let written = self.store.set(LABEL, &name, document).await;
            written.map_err(unavailable)
        }
        .boxed_local()
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let name = name.to_owned();
        async move { self.store.delete(LABEL, &name).await.map_err(unavailable) }.boxed_local()
    }
}

impl Counters for Backend {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        let name = name.to_owned();
        async move {
            let sum = self.store.increment(LABEL, &name, delta).await;
            sum.map_err(unavailable)
        }
        .boxed_local()
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.delete(name)
    }
}

impl Rng for Backend {
    /// # Panics
    /// Never on a system that runs: without randomness nothing may be sealed, and there is nothing to fall back to.
    fn next_u64(&self) -> u64 {
        #[expect(
            clippy::expect_used,
            reason = "a machine without randomness must not make keys; there is nothing to fall back to"
        )]
        getrandom::u64().expect("the operating system gives random bytes")
    }
}

fn unavailable(error: StoreError) -> StoreUnavailable {
    StoreUnavailable(error.to_string())
}
