//! `spin:key-value` over the host's store.
//!
//! Which labels a component may open is the manifest's to say; durability is the store's.

use std::sync::Arc;

use wasmtime::component::{
    Access, Accessor, FutureReader, HasSelf, Linker, Resource, ResourceTableError, StreamReader,
};

use super::bindings::spin::key_value::key_value::{self, Error};
use crate::instance::InstanceState;
use gempool_kv::{Store, StoreError};

/// Handles to stores that one instance may hold open; one per request in flight is plenty.
const MAX_OPEN_STORES: usize = 1024;

/// An open store: its label and its backend.
#[derive(Debug, Clone)]
pub struct OpenStore {
    pub(super) label: Arc<str>,
    pub(super) backend: Arc<dyn Store>,
}

/// Adds the interface.
///
/// # Errors
///
/// If it is there already.
pub fn link(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    key_value::add_to_linker::<_, HasSelf<_>>(linker, |state| state)
}

type Answer<T> = wasmtime::Result<Result<T, Error>>;
/// A component's handle of an open store.
pub(super) type Handle = Resource<OpenStore>;

impl key_value::Host for InstanceState {}
impl key_value::HostStore for InstanceState {}

impl key_value::HostStoreWithStore<InstanceState> for HasSelf<InstanceState> {
    async fn open(store: &Accessor<InstanceState, Self>, label: String) -> Answer<Handle> {
        store.with(|mut access| {
            Ok(match open(access.get(), &label)? {
                Ok(handle) => Ok(handle),
                Err(Refusal::Denied) => Err(Error::AccessDenied),
                Err(Refusal::TooMany) => Err(Error::StoreTableFull),
            })
        })
    }

    async fn get(
        store: &Accessor<InstanceState, Self>,
        handle: Handle,
        name: String,
    ) -> Answer<Option<Vec<u8>>> {
        let open = opened(store, &handle)?;
        Ok(open.backend.get(&open.label, &name).await.map_err(refusal))
    }

    async fn set(
        store: &Accessor<InstanceState, Self>,
        handle: Handle,
        name: String,
        value: Vec<u8>,
    ) -> Answer<()> {
        let open = opened(store, &handle)?;
        Ok(open
            .backend
            .set(&open.label, &name, value)
            .await
            .map_err(refusal))
    }

    async fn delete(
        store: &Accessor<InstanceState, Self>,
        handle: Handle,
        name: String,
    ) -> Answer<()> {
        let open = opened(store, &handle)?;
        Ok(open
            .backend
            .delete(&open.label, &name)
            .await
            .map_err(refusal))
    }

    async fn exists(
        store: &Accessor<InstanceState, Self>,
        handle: Handle,
        name: String,
    ) -> Answer<bool> {
        let open = opened(store, &handle)?;
        Ok(open
            .backend
            .exists(&open.label, &name)
            .await
            .map_err(refusal))
    }

    /// Lists a snapshot: nothing is locked while the component reads it, so it may use the store meanwhile.
    async fn get_keys(
        store: &Accessor<InstanceState, Self>,
        handle: Handle,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), Error>>)> {
        let open = opened(store, &handle)?;
        let (names, result) = match open.backend.names(&open.label).await {
            Ok(names) => (names, Ok(())),
            Err(error) => (Vec::new(), Err(refusal(error))),
        };
        store.with(|mut access| {
            let names = StreamReader::new(&mut access, names)?;
            let result =
                FutureReader::new(&mut access, async move { wasmtime::error::Ok(result) })?;
            Ok((names, result))
        })
    }

    fn drop(mut store: Access<'_, InstanceState, Self>, handle: Handle) -> wasmtime::Result<()> {
        close(store.get(), handle)
    }
}

/// Why a store was not opened.
pub(super) enum Refusal {
    /// The manifest does not name the label.
    Denied,
    /// The instance holds as many as it may.
    TooMany,
}

/// Opens a store for an instance.
pub(super) fn open(
    state: &mut InstanceState,
    label: &str,
) -> wasmtime::Result<Result<Handle, Refusal>> {
    if !state.may_open(label) {
        return Ok(Err(Refusal::Denied));
    }
    if state.open_stores >= MAX_OPEN_STORES {
        return Ok(Err(Refusal::TooMany));
    }
    let open = OpenStore {
        label: label.into(),
        backend: Arc::clone(state.store()),
    };
    match state.table.push(open) {
        Ok(handle) => {
            state.open_stores += 1;
            Ok(Ok(handle))
        }
        Err(ResourceTableError::Full) => Ok(Err(Refusal::TooMany)),
        Err(error) => Err(error.into()),
    }
}

/// Closes it.
pub(super) fn close(state: &mut InstanceState, handle: Handle) -> wasmtime::Result<()> {
    state.table.delete(handle)?;
    state.open_stores = state.open_stores.saturating_sub(1);
    Ok(())
}

fn opened(
    store: &Accessor<InstanceState, HasSelf<InstanceState>>,
    handle: &Handle,
) -> wasmtime::Result<OpenStore> {
    store.with(|mut access| Ok(access.get().table.get(handle)?.clone()))
}

/// Logs what the operator should know and tells the component the kind.
fn refusal(error: StoreError) -> Error {
    Error::Other(noted(&error))
}

/// The text of an error, logged as it deserves.
pub(super) fn noted(error: &StoreError) -> String {
    match error {
        StoreError::Failed(_)
        | StoreError::Full
        | StoreError::Busy
        | StoreError::ReadOnly(_)
        | StoreError::Denied => tracing::error!(%error, "key-value call failed"),
        StoreError::Name
        | StoreError::ValueTooLarge
        | StoreError::TooManyNames
        | StoreError::WrongKind
        | StoreError::Overflow => tracing::debug!(%error, "key-value call refused"),
    }
    error.to_string()
}
