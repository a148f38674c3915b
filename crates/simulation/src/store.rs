//! The one store that all instances share, and each instance's way to it.
//!
//! A write is on its way for a while, lands, and is acknowledged on the way back: who crashes or loses patience in
//! between does not know what became of it, and it may land long after. What goes wrong, and how often, is the
//! [`Temper`]'s to say. It keeps the promises of `gempool_state::ports`, and notes who breaks the rules for names and
//! sizes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use gempool_state::ports::{Counters, DocumentStore, Rng, StoreUnavailable};

use crate::random::Random;
use crate::world::{InstanceId, World};

mod content;
mod rules;
mod temper;

use content::{Call, Content, Reply};
use temper::Fate;
pub(crate) use temper::{Outage, Temper, Weather};

/// The store. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Store(Rc<Shared>);

struct Shared {
    world: World,
    content: RefCell<Content>,
    temper: RefCell<Temper>,
    calls: Cell<u64>,
    breaches: RefCell<Vec<String>>,
}

/// One instance's way to the store.
#[derive(Clone)]
pub(crate) struct Port {
    store: Store,
    instance: InstanceId,
    /// How long it waits for an answer.
    patience_ms: u64,
    random: Rc<Random>,
}

impl Store {
    pub(crate) fn new(world: &World, temper: Temper) -> Self {
        Self(Rc::new(Shared {
            world: world.clone(),
            content: RefCell::default(),
            temper: RefCell::new(temper),
            calls: Cell::new(0),
            breaches: RefCell::default(),
        }))
    }

    /// The store as this instance reaches it.
    pub(crate) fn port(&self, instance: InstanceId, patience: Duration) -> Port {
        Port {
            store: self.clone(),
            instance,
            patience_ms: u64::try_from(patience.as_millis()).unwrap_or(u64::MAX),
            random: Rc::new(self.0.world.random().fork()),
        }
    }

    /// From now on it behaves like this.
    pub(crate) fn set_temper(&self, temper: Temper) {
        self.0.temper.replace(temper);
    }

    /// Calls so far, answered or not.
    pub(crate) fn calls(&self) -> u64 {
        self.0.calls.get()
    }

    /// What broke the rules so far, and how.
    pub(crate) fn breaches(&self) -> Vec<String> {
        self.0.breaches.borrow().clone()
    }

    /// How many documents and counters it holds.
    pub(crate) fn size(&self) -> (usize, usize) {
        self.0.content.borrow().size()
    }

    /// Names of the documents that it holds and that contain these bytes.
    pub(crate) fn documents_with(&self, bytes: &[u8]) -> Vec<String> {
        self.0.content.borrow().names_with(bytes)
    }

    /// Names of the documents that begin like this.
    pub(crate) fn documents_named(&self, prefix: &str) -> Vec<String> {
        let mut names = self.documents_with(b"");
        names.retain(|name| name.starts_with(prefix));
        names
    }

    /// A document as it is, without a call.
    #[cfg(test)]
    fn look(&self, name: &str) -> Option<Vec<u8>> {
        self.0.content.borrow().newest(name)
    }

    fn land(&self, call: &Call, instance: InstanceId) -> Reply {
        let now = self.0.world.now();
        let stale_ms = self.0.temper.borrow().stale_ms;
        let reply = self.0.content.borrow_mut().apply(call, now, stale_ms);
        self.0
            .world
            .note(|| format!("{instance:?} {call} -> {reply}"));
        reply
    }
}

impl Port {
    async fn call(&self, call: Call) -> Result<Reply, StoreUnavailable> {
        let shared = Rc::clone(&self.store.0);
        let world = &shared.world;
        shared.calls.set(shared.calls.get().saturating_add(1));
        shared.breaches.borrow_mut().extend(rules::breach(&call));
        world.pause().await;
        let fate = shared
            .temper
            .borrow()
            .fate(&call, world.now(), self.patience_ms, &self.random);
        match fate {
            Fate::Answers { there, back } => {
                let reply = self.deliver(call, there).await?;
                world.sleep(back).await;
                world.pause().await;
                Ok(reply)
            }
            Fate::Vanishes { there, back } => {
                world.sleep(there.saturating_add(back)).await;
                world.note(|| format!("{:?} {call} vanishes", self.instance));
                Ok(Reply::Done)
            }
            Fate::Fails { after } => {
                world.sleep(after).await;
                world.note(|| format!("{:?} {call} fails", self.instance));
                Err(StoreUnavailable("scripted: failed".to_owned()))
            }
            Fate::LandsUnheard { there, heard } => {
                let _unheard = self.send_off(call.clone(), there);
                world.sleep(heard).await;
                world.note(|| format!("{:?} {call} fails, or will have landed", self.instance));
                Err(StoreUnavailable("scripted: no answer in time".to_owned()))
            }
        }
    }

    /// Lands the call in `there` milliseconds, as a rule even if the caller is gone by then.
    async fn deliver(&self, call: Call, there: u64) -> Result<Reply, StoreUnavailable> {
        let goes_with_its_caller = self.random.below(4) == 0;
        if call.is_read() || goes_with_its_caller {
            self.store.0.world.sleep(there).await;
            return Ok(self.land(&call));
        }
        self.send_off(call, there)
            .await
            .map_err(|_| StoreUnavailable("the run is over".to_owned()))
    }

    fn send_off(&self, call: Call, there: u64) -> oneshot::Receiver<Reply> {
        let (done, landed) = oneshot::channel();
        let (port, world) = (self.clone(), self.store.0.world.clone());
        self.store.0.world.spawn(async move {
            world.sleep(there).await;
            // The caller may be gone; the write lands all the same.
            let _unheard = done.send(port.land(&call));
        });
        landed
    }

    fn land(&self, call: &Call) -> Reply {
        if let Call::Get(name) = call {
            return self.read(name);
        }
        self.store.land(call, self.instance)
    }

    /// What a reader sees may be old, and older than what it saw before.
    fn read(&self, name: &str) -> Reply {
        let shared = &self.store.0;
        let stale_ms = shared.temper.borrow().stale_ms;
        let seen_at = shared.world.now().saturating_sub(match stale_ms {
            0 => 0,
            // Most replicas are nearly up to date, and one may be far behind.
            _ if self.random.below(2) == 0 => 0,
            longest => self.random.between(0, longest),
        });
        let reply = Reply::Document(shared.content.borrow().at(name, seen_at));
        shared.world.note(|| {
            let age = shared.world.now().saturating_sub(seen_at);
            format!("{:?} get {name} ({age} ms old) -> {reply}", self.instance)
        });
        reply
    }
}

impl DocumentStore for Port {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        let call = Call::Get(name.to_owned());
        async move { self.call(call).await.map(Reply::into_document) }.boxed_local()
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let call = Call::Set(name.to_owned(), Rc::from(document));
        async move { self.call(call).await.map(drop) }.boxed_local()
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let call = Call::Delete(name.to_owned());
        async move { self.call(call).await.map(drop) }.boxed_local()
    }
}

impl Counters for Port {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        let call = Call::Add(name.to_owned(), delta);
        async move { self.call(call).await.map(Reply::into_sum) }.boxed_local()
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let call = Call::Forget(name.to_owned());
        async move { self.call(call).await.map(drop) }.boxed_local()
    }
}

impl Rng for Port {
    fn next_u64(&self) -> u64 {
        self.random.next()
    }
}

#[cfg(test)]
mod tests;
