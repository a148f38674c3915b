//! The gateway component: where a client's request enters.
//!
//! [`router`] names the route, [`auth`] lets the client in, [`routes`] calls a use case of
//! `gempool-relay`, [`respond`] writes the answer. Nothing here translates bytes or chooses keys, and
//! only `host/` and the entry point below know that the host is a WASI 0.3 one; an edge for another kind
//! of host needs its own `host/` and calls [`app::App::respond`] just the same.

pub mod app;
pub mod auth;
pub mod refusal;
pub mod request_body;
pub mod respond;
pub mod router;
pub mod routes;

#[cfg(target_arch = "wasm32")]
mod host;

#[cfg(test)]
mod tests;

/// The component's export. Only on wasm: the export's name is not one that a native linker accepts.
#[cfg(target_arch = "wasm32")]
#[spin_sdk::http_service]
async fn handle(request: spin_sdk::http::Request) -> http::Response<gempool_relay::Body> {
    host::app().await.respond(request).await
}
