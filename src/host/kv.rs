//! The host's key-value store behind the document port, with bounded waits.
//!
//! Only `get` and `set` of whole documents: no listing and no compare-and-swap, which deadlock or lie on
//! some hosts. A store that does not answer in time is away, not empty.

use std::cell::OnceCell;
use std::future::Future;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::{Either, LocalBoxFuture, select};
use gempool_relay::ports::{STORE_PATIENCE, StoreUnavailable};
use spin_sdk::key_value;

/// The default store, opened at first use and kept: opening costs a round trip on some hosts.
#[derive(Default)]
pub(super) struct Store {
    open: OnceCell<Rc<key_value::Store>>,
}

impl Store {
    /// A document.
    pub(super) fn get(
        &self,
        name: String,
    ) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        bounded(async move {
            let store = self.opened().await?;
            store.get(name).await.map_err(unavailable)
        })
        .boxed_local()
    }

    /// Replaces a document.
    pub(super) fn set(
        &self,
        name: String,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        bounded(async move {
            let store = self.opened().await?;
            store.set(name, document).await.map_err(unavailable)
        })
        .boxed_local()
    }

    /// Removes a document.
    pub(super) fn delete(&self, name: String) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        bounded(async move {
            let store = self.opened().await?;
            store.delete(name).await.map_err(unavailable)
        })
        .boxed_local()
    }

    async fn opened(&self) -> Result<Rc<key_value::Store>, StoreUnavailable> {
        if let Some(store) = self.open.get() {
            return Ok(Rc::clone(store));
        }
        let store = key_value::Store::open_default()
            .await
            .map_err(unavailable)?;
        Ok(Rc::clone(self.open.get_or_init(|| Rc::new(store))))
    }
}

pub(super) async fn bounded<T>(
    operation: impl Future<Output = Result<T, StoreUnavailable>>,
) -> Result<T, StoreUnavailable> {
    let operation = std::pin::pin!(operation);
    match select(operation, super::clock::sleep(STORE_PATIENCE)).await {
        Either::Left((result, _)) => result,
        Either::Right(((), _)) => Err(StoreUnavailable(format!(
            "no answer within {} ms",
            STORE_PATIENCE.as_millis()
        ))),
    }
}

fn unavailable(error: key_value::Error) -> StoreUnavailable {
    StoreUnavailable(error.to_string())
}
