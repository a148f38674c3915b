//! The running simulator, seen from a socket: shapes, refusals, quotas, scripts, faults, records.
//!
//! What can be shown without a socket is shown beside the code.

// Clippy's allowances for tests reach functions under `cfg(test)`, which an integration test is only
// when it says so; hence the attribute on every module.
#[cfg(test)]
mod agents;
#[cfg(test)]
mod client;
#[cfg(test)]
mod control;
#[cfg(test)]
mod embeddings;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod media;
#[cfg(test)]
mod methods;
#[cfg(test)]
mod quotas;
#[cfg(test)]
mod records;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod streams;
