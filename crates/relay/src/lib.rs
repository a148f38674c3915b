//! Use cases of the gateway: take a client's request, choose a key, call Gemini, answer.
//!
//! Everything here is async and host-free. What the outside world must offer is in [`ports`]; what is
//! pure lives below, in `gempool-translate` (bytes) and `gempool-pool` (keys). This crate reads no
//! clock, opens no socket and knows no SDK; it never decides an HTTP route.

mod allow_list;
mod attempt;
mod body;
mod client_keys;
mod conversation;
mod error_body;
mod exchange;
mod failure;
mod fault;
mod gateway;
mod head;
mod lease;
mod models;
pub mod ports;
mod rate;
mod resources;
mod retry_budget;
mod scrub;
mod settings;
mod signatures;
mod status;
mod store_health;
mod upload;
mod upstream_url;

#[cfg(any(test, feature = "fakes"))]
pub mod fakes;
#[cfg(test)]
mod tests;

pub use body::{Body, BodyError};
pub use client_keys::{ClientId, ClientKeys};
pub use exchange::{Borrowed, OwnedExchange, Reply, exchange};
pub use failure::Failure;
pub use gateway::Gateway;
pub use models::{MODELS_FRESH_FOR, models};
pub use resources::{
    NewUpload, Owned, ResourceReply, ResourceRequest, continue_upload, resource, upload,
};
pub use settings::{EgressSetting, Settings, SettingsError, Switch, VARIABLES, Variable};
pub use status::{Health, health, status};
pub use upload::{
    UploadCommand, UploadHead, UploadHeaders, UploadId, UploadProtocol, UploadStatus,
};
