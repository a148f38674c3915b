//! `spin:variables`: values gathered at the start, filtered by the manifest.
//!
//! Reads no environment; `variables.rs` at the crate's root did.

use wasmtime::component::{Accessor, HasSelf, Linker};

use super::bindings::spin::variables::variables::{self, Error};
use crate::instance::InstanceState;
use crate::variables::Missing;

/// Adds the interface.
///
/// # Errors
///
/// If it is there already.
pub fn link(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    variables::add_to_linker::<_, HasSelf<_>>(linker, |state| state)
}

impl variables::Host for InstanceState {}

impl variables::HostWithStore<InstanceState> for HasSelf<InstanceState> {
    async fn get(
        store: &Accessor<InstanceState, Self>,
        name: String,
    ) -> wasmtime::Result<Result<String, Error>> {
        Ok(
            store.with(|mut access| match access.get().variables().get(&name) {
                Ok(value) => Ok(value.to_owned()),
                Err(Missing::Invalid) => Err(Error::InvalidName(name)),
                Err(Missing::Undefined) => Err(Error::Undefined(name)),
            }),
        )
    }
}
