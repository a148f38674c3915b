//! Native host of gempool: runs the gateway and the admin component on wasmtime.
//!
//! Knows HTTP, instances, limits, storage and shutdown. Deliberately knows nothing of OpenAI, Gemini, keys
//! or pools: that is the gateway's business, the same on every host.

pub mod accept;
pub mod body;
pub mod cancel;
pub mod cli;
pub mod components;
pub mod config;
pub mod connection;
pub mod demo;
pub mod egress;
pub mod engine;
pub mod errors;
pub mod handle;
pub mod instance;
pub mod lane;
pub mod limits;
pub mod logs;
pub mod manage;
pub mod manifest;
pub mod master_key;
pub mod serve;
pub mod shutdown;
pub mod upstream;
pub mod variables;
pub mod wasi;
