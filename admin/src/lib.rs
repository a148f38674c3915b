//! The admin component: the web page of gempool, embedded at build time and served as static files.
//!
//! It knows no key, no pool and no setting, and reads no request body: what the page shows, the page
//! asks of the gateway. Beside what Rust's standard library brings along it imports nothing but
//! `wasi:http`. It does not compress at run time, does not answer range requests (a `Range` header is
//! ignored and the whole file is sent) and does not emit `Access-Control-*`, so no other origin can
//! read it.
//!
//! [`respond::respond`] is the whole behavior, over [`http`] types, and runs natively in tests;
//! the entry point exists only on `wasm32`.

pub mod caching;
pub mod encoding;
pub mod path;
pub mod respond;
pub mod security;
pub mod site;

/// Entry point of the component: answers one request from the embedded files.
#[cfg(target_arch = "wasm32")]
#[spin_sdk::http_service]
async fn handle(
    request: spin_sdk::http::Request,
) -> http::Response<spin_sdk::http::FullBody<bytes::Bytes>> {
    respond::respond(&site::EMBEDDED, &request)
        .map(|body| spin_sdk::http::FullBody::new(bytes::Bytes::from_static(body)))
}
