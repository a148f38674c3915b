//! What components can import, as this host implements it.
//!
//! WASI 0.2 (which Rust's standard library uses) and 0.3 come from wasmtime; HTTP calls are wrapped,
//! and Spin's key-value and variables and WASI's counters are ours. No files, no sockets, no environment.

pub mod bindings;
pub mod counters;
pub mod http;
pub mod key_value;
pub mod output;
pub mod variables;

use wasmtime::component::Linker;

use crate::instance::InstanceState;

/// Adds all imports to `linker`.
///
/// # Errors
///
/// If two interfaces clash, which a test would show.
pub fn link(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi::p3::add_to_linker(linker)?;
    http::link(linker)?;
    key_value::link(linker)?;
    counters::link(linker)?;
    variables::link(linker)
}
