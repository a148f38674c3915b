//! The handle of a running simulator.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::builder::SimBuilder;
use crate::record::RecordedRequest;
use crate::script::{Script, ScriptError};
use crate::serve;
use crate::service::World;

/// A running simulator. It ends, connections included, when this is dropped.
pub struct Sim {
    address: SocketAddr,
    world: Arc<World>,
    acceptor: JoinHandle<()>,
    stop: DropGuard,
}

impl Sim {
    /// A simulator with any key, the usual models and no script.
    pub fn builder() -> SimBuilder {
        SimBuilder::default()
    }

    pub(crate) fn spawn(listener: TcpListener, world: Arc<World>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let acceptor = tokio::spawn(serve::accept(listener, Arc::clone(&world), stop.clone()));
        Ok(Self {
            address,
            world,
            acceptor,
            stop: stop.drop_guard(),
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// `http://ADDR`, to be used in place of `https://generativelanguage.googleapis.com`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was sent, in order of arrival. At most the latest 10,000.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world.log().all()
    }

    /// Sets another script; its counts begin at 0.
    ///
    /// # Errors
    /// [`ScriptError`] for one that is not usable; the old one stays.
    pub fn set_script<S>(&self, script: S) -> Result<(), ScriptError>
    where
        S: TryInto<Script>,
        ScriptError: From<S::Error>,
    {
        self.world.rules().replace(script.try_into()?);
        Ok(())
    }

    /// Forgets script, records, used quotas and what projects keep.
    pub fn clear(&self) {
        self.world.clear();
    }

    /// The first record that the predicate accepts, as soon as there is one, or `None` after
    /// `timeout`.
    pub async fn wait_for(
        &self,
        predicate: impl FnMut(&RecordedRequest) -> bool,
        timeout: Duration,
    ) -> Option<RecordedRequest> {
        self.world.log().wait_for(predicate, timeout).await
    }

    /// Ends it, connections included, and waits until it has ended.
    pub async fn shutdown(self) {
        drop(self.stop);
        // It can only have ended by itself or by a panic, which its own output has told.
        let _ = self.acceptor.await;
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sim")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
