//! Use cases of the gateway: take a client's request, choose a key, call Gemini, answer.
//!
//! Everything here is async and host-free. What the outside world must offer is in [`ports`]; what is
//! pure lives below, in `gempool-translate` (bytes) and `gempool-pool` (keys). This crate reads no
//! clock, opens no socket and knows no SDK; it never decides an HTTP route.

mod access;
mod allow_list;
mod attempt;
mod body;
mod choice;
mod client;
mod client_keys;
mod contribution;
mod contribution_account;
mod conversation;
mod directory;
mod error_body;
mod exchange;
mod failure;
mod fault;
mod flush;
mod gateway;
mod head;
mod identify;
mod lease;
mod limits;
mod models;
mod pages;
mod pool_facts;
mod pool_runtime;
pub mod ports;
mod rate;
mod refresh;
mod resources;
mod retry_budget;
mod scrub;
mod settings;
mod signatures;
mod single_flight;
mod status;
mod store_health;
mod summary;
mod upload;
mod upstream_url;
mod uses;

#[cfg(any(test, feature = "fakes"))]
pub mod fakes;
#[cfg(test)]
mod tests;

pub use body::{Body, BodyError};
pub use client::Client;
pub use client_keys::{ClientId, ClientKeys};
pub use contribution_account::{Account, Counts, contribution, key_count, withdraw};
pub use exchange::{Borrowed, OwnedExchange, Reply, exchange};
pub use failure::Failure;
pub use gateway::Gateway;
pub use identify::Presented;
pub use models::{MODELS_FRESH_FOR, models};
pub use resources::{
    NewUpload, Owned, ResourceReply, ResourceRequest, UploadTicket, continue_upload, resource,
    upload,
};
pub use settings::{EgressSetting, Settings, SettingsError, Switch, VARIABLES, Variable};
pub use status::{Health, health, status};
pub use upload::{
    UploadCommand, UploadHead, UploadHeaders, UploadId, UploadProtocol, UploadStatus,
};
