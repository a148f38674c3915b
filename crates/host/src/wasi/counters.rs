//! `wasi:keyvalue` over the host's store, as far as counters go.
//!
//! The interface is synchronous: while `increment` lasts, nothing else in its instance moves. So it is given up
//! after `PATIENCE`. Values are `key_value.rs`' business; they wait without stopping anybody.

use std::time::Duration;

use wasmtime::component::{HasSelf, Linker};

use super::bindings::wasi::keyvalue::atomics;
use super::bindings::wasi::keyvalue::store::{self, Error};
use super::key_value::{self, Handle, Refusal, noted};
use crate::instance::InstanceState;
use gempool_kv::StoreError;

/// Longest standstill of an instance for one call. The gateway waits up to 500 ms for a store.
const PATIENCE: Duration = Duration::from_millis(400);

/// Adds the two interfaces.
///
/// # Errors
///
/// If they are there already.
pub fn link(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    store::add_to_linker::<_, HasSelf<_>>(linker, |state| state)?;
    atomics::add_to_linker::<_, HasSelf<_>>(linker, |state| state)
}

impl store::Host for InstanceState {
    fn open(&mut self, label: String) -> wasmtime::Result<Result<Handle, Error>> {
        Ok(match key_value::open(self, &label)? {
            Ok(handle) => Ok(handle),
            Err(Refusal::Denied) => Err(Error::AccessDenied),
            Err(Refusal::TooMany) => Err(Error::Other("too many open stores".to_owned())),
        })
    }
}

impl store::HostBucket for InstanceState {
    fn drop(&mut self, handle: Handle) -> wasmtime::Result<()> {
        key_value::close(self, handle)
    }
}

impl atomics::Host for InstanceState {
    async fn increment(
        &mut self,
        handle: Handle,
        name: String,
        delta: i64,
    ) -> wasmtime::Result<Result<i64, Error>> {
        let open = self.table.get(&handle)?.clone();
        let sum = tokio::time::timeout(PATIENCE, open.backend.increment(&open.label, &name, delta))
            .await
            .unwrap_or_else(|_| {
                Err(StoreError::Failed(format!(
                    "no sum within {} ms",
                    PATIENCE.as_millis()
                )))
            });
        Ok(sum.map_err(|error| Error::Other(noted(&error))))
    }
}
