//! One lane: a thread with its own runtime, instances and upstream connections.
//!
//! A request never leaves the thread that accepted its connection, so nothing on its way is contended. Only
//! the counts of places and the store are shared. Accepts nothing itself; `accept.rs` hands it connections.

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wasmtime::Engine;
use wasmtime_wasi_http::handler::{ProxyHandler, ProxyPre};

use crate::connection::Protocol;
use crate::handle::Handler;
use crate::instance::crowd::Crowd;
use crate::instance::{InstanceState, Means, Nursery};
use crate::limits::Limits;
use crate::manifest::{Manifest, Part, Routes};
use crate::upstream::Upstream;
use crate::upstream::origins::Origins;
use crate::variables::Variables;

/// What all lanes are made from.
pub struct Plan {
    /// The engine.
    pub engine: Engine,
    /// The gateway, ready to be instantiated.
    pub gateway: Arc<ProxyPre<InstanceState>>,
    /// The admin component, ready to be instantiated.
    pub admin: Arc<ProxyPre<InstanceState>>,
    /// What components may use.
    pub manifest: Manifest,
    /// Which path goes where.
    pub routes: Arc<Routes>,
    /// All variables; each component gets those that the manifest grants.
    pub variables: Variables,
    /// The store.
    pub store: Arc<dyn gempool_kv::Store>,
    /// Where each variable that holds an address leads, for those that a component may be granted.
    pub origins: Origins,
    /// All limits.
    pub limits: Limits,
    /// Places for requests of the process.
    pub requests: Arc<Semaphore>,
    /// Places for instances of the process.
    pub instances: Arc<Semaphore>,
    /// Tells runs of the process apart.
    pub epoch: u32,
}

impl Plan {
    fn nursery(&self, part: Part, upstream: &Upstream, drain: &CancellationToken) -> Nursery {
        let grants = self.manifest.grants(part);
        let means = Means {
            part,
            variables: Arc::new(self.variables.granted(&grants)),
            labels: grants.stores.into(),
            store: Arc::clone(&self.store),
            origins: self.origins.of(&grants.upstreams),
            upstream: upstream.clone(),
            drain: drain.clone(),
        };
        let pre = match part {
            Part::Gateway => &self.gateway,
            Part::Admin => &self.admin,
        };
        let limits = &self.limits;
        let crowd = Crowd::new(
            Arc::clone(&self.instances),
            limits.instance.instance_requests.into(),
        );
        Nursery::new(
            &self.engine,
            Arc::clone(pre),
            means,
            (&limits.instance, &limits.upstream),
            crowd,
        )
    }

    fn handler(&self, drain: &CancellationToken) -> Handler {
        let upstream = Upstream::new(&self.limits.upstream);
        Handler {
            routes: Arc::clone(&self.routes),
            gateway: ProxyHandler::new(self.nursery(Part::Gateway, &upstream, drain)),
            admin: ProxyHandler::new(self.nursery(Part::Admin, &upstream, drain)),
            places: Arc::clone(&self.requests),
            limits: self.limits.client.clone(),
            epoch: self.epoch,
        }
    }
}

/// How long a stopping host waits for its instances after the last answer: they flush within a second, and what a store
/// that is away does not take is lost anyway.
const MAX_FLUSH: Duration = Duration::from_secs(3);

/// A connection on its way to a lane, with its place among all connections.
pub struct Accepted {
    /// The socket, not blocking.
    pub stream: TcpStream,
    /// Given back when the connection ends.
    pub place: OwnedSemaphorePermit,
}

/// The accepting side's handle on a lane.
pub struct Lane {
    connections: mpsc::UnboundedSender<Accepted>,
    open: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl Lane {
    /// Starts lane number `index`. After `drain`, connections end when their requests are answered; the lane
    /// ends when the last one did.
    ///
    /// # Errors
    ///
    /// If no thread or runtime can be made.
    pub fn start(index: usize, plan: &Arc<Plan>, drain: CancellationToken) -> anyhow::Result<Self> {
        // Bounded by the places for connections, of which each item holds one.
        let (connections, queue) = mpsc::unbounded_channel();
        let open = Arc::new(AtomicUsize::new(0));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (plan, counted) = (Arc::clone(plan), Arc::clone(&open));
        let thread = std::thread::Builder::new()
            .name(format!("gempool-lane-{index}"))
            .spawn(move || runtime.block_on(run(&plan, queue, &counted, drain)))?;
        Ok(Self {
            connections,
            open,
            thread,
        })
    }

    /// How many connections it has.
    pub fn load(&self) -> usize {
        self.open.load(Relaxed)
    }

    /// Gives it a connection.
    pub fn take(&self, accepted: Accepted) {
        self.open.fetch_add(1, Relaxed);
        if self.connections.send(accepted).is_err() {
            tracing::error!("a lane ended early; connection dropped");
        }
    }

    /// Closes its queue and hands out its thread to wait for.
    pub fn close(self) -> JoinHandle<()> {
        self.thread
    }
}

async fn run(
    plan: &Plan,
    mut queue: mpsc::UnboundedReceiver<Accepted>,
    open: &Arc<AtomicUsize>,
    drain: CancellationToken,
) {
    let handler = Arc::new(plan.handler(&drain));
    let protocol = Protocol::new(&plan.limits.client);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = queue.recv() => match accepted {
                Some(accepted) => {
                    let task = serve(accepted, protocol.clone(), Arc::clone(&handler), Open(Arc::clone(open)), drain.clone());
                    connections.spawn(task);
                }
                None => break,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    while connections.join_next().await.is_some() {}
    // What instances have learned and counted since their last flush goes to the store first.
    let gateway = handler.gateway.state().crowd();
    if tokio::time::timeout(MAX_FLUSH, gateway.emptied())
        .await
        .is_err()
    {
        tracing::warn!("instances were still at work when the host stopped");
    }
}

/// Counts a connection as open until dropped.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

async fn serve(
    accepted: Accepted,
    protocol: Protocol,
    handler: Arc<Handler>,
    _open: Open,
    drain: CancellationToken,
) {
    let Accepted {
        stream,
        place: _place,
    } = accepted;
    let stream = match tokio::net::TcpStream::from_std(stream) {
        Ok(stream) => stream,
        Err(error) => {
            tracing::warn!(%error, "cannot serve a connection");
            return;
        }
    };
    let answer = move |request, active| {
        let handler = Arc::clone(&handler);
        async move { handler.answer(request, active).await }
    };
    protocol.serve(stream, drain, answer).await;
}
