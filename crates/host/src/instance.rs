//! Component instances: their state, how they are made, how long they live, how they end.
//!
//! wasmtime's `ProxyHandler` hands requests to instances and makes new ones; here is what it asks. Knows
//! nothing of connections; requests come from `handle.rs`.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use wasmtime::component::{GuestTaskId, ResourceTable};
use wasmtime::{Engine, Store, StoreContextMut, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::handler::{self, HandlerState, ProxyPre, ShouldAccept, WorkerState};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::cancel::{Broken, RequestContext};
use crate::egress::Egress;
use crate::limits::{InstanceLimits, UpstreamLimits};
use crate::manifest::Part;
use crate::upstream::Upstream;
use crate::upstream::origin::Origin;
use crate::variables::Variables;
use crate::wasi::output::Output;

mod cpu;
pub mod crowd;
mod expiration;

use cpu::CpuBudget;
use crowd::{Crowd, Waiting};
pub use expiration::Expiration;

/// What an instance may use, the same for all instances of a component on a thread.
#[derive(Debug, Clone)]
pub struct Means {
    /// Which component.
    pub part: Part,
    /// Values of its variables.
    pub variables: Arc<Variables>,
    /// Labels it may open.
    pub labels: Arc<[String]>,
    /// The store behind the labels.
    pub store: Arc<dyn gempool_kv::Store>,
    /// The origins it may call.
    pub origins: Arc<[Origin]>,
    /// The thread's client.
    pub upstream: Upstream,
    /// Set when the process ends, and its instances with it.
    pub drain: CancellationToken,
}

/// The host's state of one instance.
pub struct InstanceState {
    pub(crate) table: ResourceTable,
    pub(crate) open_stores: usize,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    egress: Egress,
    means: Means,
    memory: StoreLimits,
    requests: HashMap<GuestTaskId, Arc<RequestContext>>,
    _place: OwnedSemaphorePermit,
}

impl InstanceState {
    fn new(means: &Means, memory_bytes: usize, place: OwnedSemaphorePermit) -> Self {
        let output = Output::of(means.part);
        Self {
            table: ResourceTable::new(),
            open_stores: 0,
            wasi: WasiCtx::builder()
                .stdout(output.clone())
                .stderr(output)
                .build(),
            http: WasiHttpCtx::new(),
            egress: Egress::new(means.upstream.clone(), Arc::clone(&means.origins)),
            means: means.clone(),
            memory: StoreLimitsBuilder::new().memory_size(memory_bytes).build(),
            requests: HashMap::new(),
            _place: place,
        }
    }

    /// The request that the root task `task` handles.
    pub(crate) fn request(&self, task: GuestTaskId) -> Option<Arc<RequestContext>> {
        self.requests.get(&task).cloned()
    }

    pub(crate) fn egress(&mut self) -> &mut Egress {
        &mut self.egress
    }

    pub(crate) fn variables(&self) -> &Variables {
        &self.means.variables
    }

    pub(crate) fn store(&self) -> &Arc<dyn gempool_kv::Store> {
        &self.means.store
    }

    pub(crate) fn may_open(&self, label: &str) -> bool {
        self.means.labels.iter().any(|known| known == label)
    }
}

impl WasiView for InstanceState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for InstanceState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut self.egress,
        }
    }
}

/// Makes instances of one component on one thread.
pub struct Nursery {
    engine: Engine,
    pre: Arc<ProxyPre<InstanceState>>,
    means: Means,
    limits: InstanceLimits,
    response_limit: std::time::Duration,
    crowd: Arc<Crowd>,
}

/// No instance was made, for one of the reasons a client need not know.
#[derive(Debug, thiserror::Error)]
#[error("not needed any more")]
struct NotNeeded;

impl Nursery {
    /// Makes instances from `pre` with `means`, as many as `crowd` has room for.
    pub fn new(
        engine: &Engine,
        pre: Arc<ProxyPre<InstanceState>>,
        means: Means,
        limits: (&InstanceLimits, &UpstreamLimits),
        crowd: Arc<Crowd>,
    ) -> Self {
        let (instance, upstream) = limits;
        Self {
            engine: engine.clone(),
            pre,
            means,
            limits: instance.clone(),
            // A response's headers may wait for one upstream call after another, within the total of each.
            response_limit: upstream.total_ms + upstream.first_byte_ms,
            crowd,
        }
    }

    /// Who waits for an instance and how many there are.
    pub fn crowd(&self) -> &Arc<Crowd> {
        &self.crowd
    }
}

impl HandlerState for Nursery {
    type StoreData = InstanceState;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(
        &self,
    ) -> wasmtime::Result<handler::Instance<InstanceState, Expiration, Worker>> {
        let Some(place) = self.crowd.place().await else {
            return Err(NotNeeded.into());
        };
        let state = InstanceState::new(&self.means, self.limits.memory_bytes(), place);
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory);
        let budget = CpuBudget::new(self.limits.cpu_ms);
        budget.watch(&mut store);
        let proxy = self.pre.instantiate_async(&mut store).await?;
        let member = self.crowd.join();
        tracing::debug!(
            component = self.means.part.name(),
            instances = self.crowd.alive(),
            "instance started"
        );
        Ok(handler::Instance {
            store,
            proxy,
            view: InstanceState::http,
            expiration: Expiration::new(
                budget,
                member.clone(),
                self.limits.instance_idle_ms,
                self.response_limit,
                self.means.drain.clone(),
            ),
            state: Worker {
                part: self.means.part,
                drain: self.means.drain.clone(),
                broken: Broken::default(),
                max_requests: self.limits.instance_requests.into(),
                response_limit: self.response_limit,
                member,
            },
        })
    }
}

/// Requests that have their answer and go on in an instance beside those that wait for one: the gateway flushes what it
/// has learned, reads its state again, keeps signatures. How many wait for an answer is the crowd's to say; without
/// these places every flush would make a new instance where all others are in use.
const AFTER_ANSWERS: usize = 8;

/// What goes with a request on its way to an instance.
#[derive(Debug)]
pub struct Ticket {
    /// The request.
    pub request: Arc<RequestContext>,
    /// Its place in the queue; dropped when an instance takes it.
    pub waiting: Waiting,
}

/// What `ProxyHandler` asks about one running instance.
pub struct Worker {
    part: Part,
    drain: CancellationToken,
    broken: Broken,
    max_requests: usize,
    response_limit: std::time::Duration,
    member: Arc<crowd::Member>,
}

impl WorkerState for Worker {
    type StoreData = InstanceState;
    type RequestData = Ticket;

    fn should_accept_request(&self, concurrent: usize, _total: usize) -> ShouldAccept {
        if concurrent < self.max_requests + AFTER_ANSWERS {
            ShouldAccept::Yes
        } else {
            ShouldAccept::No
        }
    }

    fn on_request_start(
        &self,
        mut store: StoreContextMut<'_, InstanceState>,
        ticket: Ticket,
        task: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        let request = ticket.request;
        request.taken_by(&self.broken);
        let requests = &mut store.data_mut().requests;
        // Ids are slots and used again, so the map stays as small as the most tasks at a time; this keeps
        // contexts of ended requests from lingering in it.
        if requests.len() >= 2 * self.max_requests {
            requests.retain(|_, request| !request.is_over());
        }
        requests.insert(task, request);
        Box::pin(tokio::time::sleep(self.response_limit))
    }

    fn drop(&self, store: Store<InstanceState>, result: Result<(), wasmtime::Error>) {
        if let Err(error) = result {
            // Before the store, whose end closes the response bodies.
            self.broken.set();
            let requests: Vec<_> = store
                .data()
                .requests
                .values()
                .filter(|request| !request.is_over())
                .map(|request| request.id().to_string())
                .collect();
            if !(requests.is_empty() && self.drain.is_cancelled()) {
                let (component, error) = (self.part.name(), format!("{error:#}"));
                tracing::error!(component, ?requests, error, "instance ended");
            }
        }
        self.member.left();
        drop(store);
    }
}
