//! What every end-to-end test stands on: a simulator, a running `gempool`, a plain client.
//!
//! Nothing here knows what an answer should look like; claims live in the test modules.

pub(crate) mod chat;
pub(crate) mod client;
pub(crate) mod command;
pub(crate) mod manage;
pub(crate) mod output;
pub(crate) mod patience;
pub(crate) mod process;
pub(crate) mod product;
pub(crate) mod raw_tcp;
pub(crate) mod scene;
pub(crate) mod secrets;
pub(crate) mod transcript;
pub(crate) mod upstream;
