//! End-to-end tests: the real components in the real `gempool` binary against the Gemini simulator.
//!
//! `cargo xtask test` builds what is needed and sets `GEMPOOL_BIN` and `GEMPOOL_PYTHON`. There is one
//! module per route or trait of the whole; what pure crates can show is shown there, not here. Nothing
//! sleeps and nothing has a fixed port, so tests run side by side in any order.

// Clippy's allowances for tests reach functions under `cfg(test)`, which an integration test is only
// when it says so; hence the attribute on every module.
#[cfg(test)]
mod admin_pages;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod chat_stream;
#[cfg(test)]
mod chat_unary;
#[cfg(test)]
mod client_libraries;
#[cfg(test)]
mod dialects;
#[cfg(test)]
mod disconnect;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod five_systems;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod health;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod long_answers;
#[cfg(test)]
mod models;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod shared_store;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod smuggling;
#[cfg(test)]
mod spin_manifest;
#[cfg(test)]
mod status;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod support;
#[cfg(test)]
mod thought_signatures;
#[cfg(test)]
mod upstream_errors;
