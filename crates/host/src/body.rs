//! The bodies on the client's side: [`request`] bounds what comes in, [`response`] guards what goes out.
//!
//! Bodies on the upstream's side are in `upstream.rs`.

pub mod request;
pub mod response;
