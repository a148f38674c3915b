//! The command line over a store: pools, keys, client keys, doctor.
//!
//! It edits the same state as the gateway, through the same log, while gateways run or not. It serves nothing; the
//! native host does, and reads the flags that name the store.

pub mod args;
pub mod backend;
mod clients;
mod clock;
mod doctor;
mod export;
mod formats;
mod keys;
mod known;
mod output;
mod pools;
mod probe;
mod progress;
mod session;
mod usage;

pub use args::Command;
pub use gempool_state::MasterKey;
pub use session::{Place, run};
