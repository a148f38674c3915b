//! The gateway component: where a client's request enters.
//!
//! [`router`] names the route, [`auth`] lets the client in, [`routes`] calls a use case of
//! `gempool-relay`, [`respond`] writes the answer. Nothing here translates bytes or chooses keys, and
//! only `host/`, with the component's export in it, knows that the host is a WASI 0.3 one; an edge for another kind
//! of host needs its own `host/` and calls [`app::App::respond`] just the same.

pub mod app;
pub mod auth;
pub mod intake;
pub mod origin;
pub mod refusal;
pub mod request_body;
pub mod respond;
pub mod router;
pub mod routes;

/// Only on wasm: the name of the component's export is not one that a native linker accepts.
#[cfg(target_arch = "wasm32")]
mod host;

#[cfg(test)]
mod tests;
