//! One inbound request and what became of it.
//!
//! A request ends in one of two ways: its response was delivered whole, or its client left. In the second
//! case everything that is done for it must stop at once. Cancels nothing itself; `egress.rs` listens.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

/// Names one request in logs and in `x-request-id`: start time and number, unique per process and start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId {
    epoch: u32,
    number: u64,
}

impl RequestId {
    /// The next one. `epoch` tells runs of the process apart.
    pub fn next(epoch: u32) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        Self {
            epoch,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "gp-{:08x}-{:x}", self.epoch, self.number)
    }
}

/// Set when an instance ended by a trap or was given up; its response bodies must not look complete.
#[derive(Debug, Clone, Default)]
pub struct Broken(Arc<AtomicBool>);

impl Broken {
    /// Marks the instance. Must happen before its store is dropped, because dropping it closes the bodies.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether the instance is marked.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What the host knows about one request.
#[derive(Debug)]
pub struct RequestContext {
    id: RequestId,
    client_gone: CancellationToken,
    delivered: AtomicBool,
    instance: OnceLock<Broken>,
}

impl RequestContext {
    /// A request that has just arrived.
    pub fn new(id: RequestId) -> Arc<Self> {
        Arc::new(Self {
            id,
            client_gone: CancellationToken::new(),
            delivered: AtomicBool::new(false),
            instance: OnceLock::new(),
        })
    }

    /// Its name.
    pub fn id(&self) -> &RequestId {
        &self.id
    }

    /// Cancelled when the client left before it had the whole response.
    pub fn client_gone(&self) -> &CancellationToken {
        &self.client_gone
    }

    /// Whether nothing more can happen to it.
    pub fn is_over(&self) -> bool {
        self.delivered.load(Ordering::Relaxed) || self.client_gone.is_cancelled()
    }

    /// Notes which instance took the request.
    pub fn taken_by(&self, instance: &Broken) {
        // An instance takes a request once; a second note would be the same.
        let _ = self.instance.set(instance.clone());
    }

    /// Whether the instance that took the request broke.
    pub fn is_broken(&self) -> bool {
        self.instance.get().is_some_and(Broken::get)
    }
}

/// Held as long as somebody waits for the response. Dropping it undelivered means that the client left.
#[derive(Debug)]
pub struct Client(Arc<RequestContext>);

impl Client {
    /// The client of `context`.
    pub fn of(context: &Arc<RequestContext>) -> Self {
        Self(Arc::clone(context))
    }

    /// The request this client waits for.
    pub fn request(&self) -> &RequestContext {
        &self.0
    }

    /// Notes that the client has the whole response, so that work after it may go on.
    pub fn delivered(&self) {
        self.0.delivered.store(true, Ordering::Relaxed);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !self.0.delivered.load(Ordering::Relaxed) {
            self.0.client_gone.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_before_delivery_cancels() {
        let context = RequestContext::new(RequestId::next(1));
        let client = Client::of(&context);
        assert!(!context.is_over());
        drop(client);
        assert!(context.client_gone().is_cancelled());
    }

    #[test]
    fn leaving_after_delivery_lets_later_work_finish() {
        let context = RequestContext::new(RequestId::next(1));
        let client = Client::of(&context);
        client.delivered();
        drop(client);
        assert!(!context.client_gone().is_cancelled());
        assert!(context.is_over());
    }

    #[test]
    fn ids_differ() {
        assert_ne!(RequestId::next(1), RequestId::next(1));
    }
}
