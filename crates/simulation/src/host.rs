//! One instance's outside world: clock, store, upstream, log, and work that goes on beside requests.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use gempool_relay::ports::{
    Clock, Counters, DocumentStore, Log, Rng, Spawn, StoreUnavailable, Unreachable,
    UpstreamRequest, UpstreamResponse,
};

use crate::store::Port;
use crate::upstream::Upstream;
use crate::world::{InstanceId, World};

pub(crate) struct Host {
    pub(crate) id: InstanceId,
    pub(crate) world: World,
    pub(crate) port: Port,
    pub(crate) upstream: Upstream,
    /// Lines of all instances.
    pub(crate) log: Rc<RefCell<Vec<String>>>,
}

impl Clock for Host {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.world.now())
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.world.sleep(milliseconds).boxed_local()
    }
}

impl gempool_relay::ports::Upstream for Host {
    fn send(
        &self,
        request: UpstreamRequest<'_>,
    ) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
        self.upstream.send(self.id, &request)
    }
}

impl Log for Host {
    fn warn(&self, line: &str) {
        self.world.note(|| format!("{:?} warns: {line}", self.id));
        self.log.borrow_mut().push(line.to_owned());
    }
}

impl Spawn for Host {
    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        let _ends_by_itself = self.world.spawn_on(self.id, work);
    }
}

impl Rng for Host {
    fn next_u64(&self) -> u64 {
        self.port.next_u64()
    }
}

impl DocumentStore for Host {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        self.port.get(name)
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.port.set(name, document)
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.port.delete(name)
    }
}

impl Counters for Host {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        self.port.add(name, delta)
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.port.forget(name)
    }
}
