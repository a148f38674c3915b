//! `wasi:http`: wasmtime's implementation, except that each outgoing call knows its inbound request.
//!
//! Policy is in `egress.rs`.

use std::sync::Arc;

use wasmtime::AsContextMut as _;
use wasmtime::component::{Accessor, HasData, Linker, Resource};
use wasmtime_wasi_http::p3::bindings::http::{client, types};
use wasmtime_wasi_http::{WasiHttp, WasiHttpCtxView, WasiHttpView as _};

use crate::cancel::RequestContext;
use crate::instance::InstanceState;

/// Implements `wasi:http/client`.
pub struct Client;

impl HasData for Client {
    type Data<'a> = WasiHttpCtxView<'a>;
}

/// Adds `wasi:http/types` and `wasi:http/client`.
///
/// # Errors
///
/// If they are there already.
pub fn link(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    types::add_to_linker::<_, WasiHttp>(linker, InstanceState::http)?;
    client::add_to_linker::<_, Client>(linker, InstanceState::http)
}

impl client::HostWithStore<InstanceState> for Client {
    async fn send(
        store: &Accessor<InstanceState, Self>,
        request: Resource<types::Request>,
    ) -> Result<Resource<types::Response>, wasmtime_wasi::TrappableError<types::ErrorCode>> {
        store
            .with(|mut access| {
                let mut store = access.as_context_mut();
                let caller = caller(&mut store)?;
                // Taken by `Egress::send_request`, which `send` below calls before it first waits.
                store.data_mut().egress().set_caller(caller);
                wasmtime::error::Ok(())
            })
            .map_err(wasmtime_wasi::TrappableError::trap)?;
        let http = store.with_getter::<WasiHttp>(InstanceState::http);
        <WasiHttp as client::HostWithStore<InstanceState>>::send(&http, request).await
    }
}

/// The inbound request whose task makes the current call: the root of the call stack. A call that a component
/// makes for several requests at once belongs to the one whose task sends it.
fn caller(
    store: &mut wasmtime::StoreContextMut<'_, InstanceState>,
) -> wasmtime::Result<Option<Arc<RequestContext>>> {
    let root = store.async_call_stack()?.last();
    Ok(root.and_then(|task| store.data().request(task)))
}
