//! One file per endpoint: parse, call the use case, render. No rules live here.

pub mod chat_completed;
pub mod contribution;
pub mod exchange;
pub mod health;
pub mod key_count;
pub mod models;
pub mod resources;
pub mod status;
pub mod uploads;
