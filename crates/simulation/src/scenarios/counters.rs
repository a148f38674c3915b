//! Instances count requests and tokens, and add them to shared sums once a second, through the product's counters.
//!
//! What was counted, what a crash took along and what a failed call left in doubt is written down beside it, and the
//! sums must agree. Limits that are made of sums are no part of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gempool_pool::{ApiKey, KeyId, UnixMillis};
use gempool_state::ports::STORE_PATIENCE;

use crate::outcome::{Broken, Tally};
use crate::random::Chance;
use crate::store::{Port, Store, Temper, Weather};
use crate::world::{InstanceId, Seen, Tracing, World};

mod account;
mod promises;
mod till;

use account::{Account, Count};
use till::{Open, Request, Till};

/// A round of flushing: the gateway does it at most once a second.
const ROUND_MS: u64 = 1_000;

/// How long after the last request everything is added: a few rounds, and the slowest way.
const QUIET_MS: u64 = 30_000;

/// From the start of virtual time, noon in Greenwich, to shortly before midnight in Los Angeles.
const TO_MIDNIGHT_MS: u64 = 20 * 3_600_000 - 15_000;

/// Subject of counting: the pool. The others are client keys, from 1 on.
const POOL: usize = 0;

/// Client keys.
const CLIENTS: usize = 3;

/// Everything that the actors of one run share.
struct Scene {
    world: World,
    store: Store,
    weather: Weather,
    stalls: bool,
    crashes: bool,
    pace_ms: u64,
    until: Cell<u64>,
    keys: Vec<KeyId>,
    open: Open,
    account: RefCell<Account>,
    tally: RefCell<Tally>,
    lives: Cell<u32>,
}

/// Runs one seed on the product.
pub(crate) fn run(seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
    run_with(seed, tracing, till::product)
}

/// Runs one seed on whatever counts.
fn run_with(seed: u64, tracing: Tracing, open: Open) -> (Result<Tally, Broken>, Seen) {
    let world = World::new(seed, tracing);
    let random = world.random().fork();
    let keys = (0..2).map(|n| ApiKey::new(format!("AIza-simulated-{n}")));
    let scene = Rc::new(Scene {
        store: Store::new(&world, Temper::strong()),
        weather: *random.pick(&Weather::ALL).unwrap_or(&Weather::Strong),
        stalls: random.below(4) == 0,
        crashes: random.below(2) == 0,
        pace_ms: *random.pick(&[10, 300, 20_000]).unwrap_or(&300),
        until: Cell::new(0),
        keys: keys.flatten().map(|key| KeyId::of(&key)).collect(),
        open,
        account: RefCell::new(Account::new(CLIENTS.saturating_add(1))),
        tally: RefCell::default(),
        lives: Cell::new(0),
        world: world.clone(),
    });
    let ended = world.run(act(Rc::clone(&scene))).map_err(Broken::from);
    let result = ended.flatten().map(|()| scene.tally.take());
    (result, world.trace())
}

async fn act(scene: Rc<Scene>) -> Result<(), Broken> {
    let world = &scene.world;
    let random = world.random().fork();
    // Of a day that is over nobody is told the sum any more: what a failed call added to it would not be known.
    if scene.is_calm() && random.below(3) == 0 {
        world.sleep(TO_MIDNIGHT_MS).await;
    }
    // Few requests take long, so that minutes come and go.
    let busy_ms = scene.pace_ms.saturating_mul(60).max(30_000);
    let until = world.now().saturating_add(busy_ms);
    scene.until.set(until);
    let temper = Temper::of(scene.weather, &random, world.now(), until);
    world.note(|| format!("{:?} store: {temper:?}", scene.weather));
    scene.store.set_temper(temper);
    if scene.stalls {
        world.stall(Chance::per_mille(5), 10_000);
    }
    let places = (0..random.between(1, 8)).map(|_| serve(Rc::clone(&scene)));
    futures::future::join_all(places).await;
    // Before anybody reads: reading a counter makes one where there is none.
    promises::of_store(&scene)?;
    scene.store.set_temper(Temper::strong());
    count_once_more(&scene).await;
    let reader = scene.store.port(scene.new_instance(), STORE_PATIENCE);
    for subject in POOL..=CLIENTS {
        let read = till::total(scene.open, &reader, subject, scene.now()).await?;
        let account = scene.account.borrow();
        promises::conserved(&account, subject)?;
        if scene.is_calm() && !scene.crashes && !scene.stalls {
            promises::readable(&account, subject, read)?;
        }
    }
    let mut tally = scene.tally.borrow_mut();
    tally.add("store calls", scene.store.calls());
    let account = scene.account.borrow();
    tally.add("requests", account.recorded(POOL).requests);
    tally.add("requests lost with crashes", account.lost(POOL).requests);
    tally.add("requests in doubt", account.doubted(POOL).requests);
    Ok(())
}

impl Scene {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.world.now())
    }

    /// Whether every call of the store has an outcome that its caller hears of.
    fn is_calm(&self) -> bool {
        matches!(
            self.weather,
            Weather::Strong | Weather::Stale | Weather::Lossy
        )
    }

    fn new_instance(&self) -> InstanceId {
        self.lives.set(self.lives.get().saturating_add(1));
        InstanceId(self.lives.get())
    }
}

/// Whoever adds to a sum hears it: one more request of each client makes the last sums known.
async fn count_once_more(scene: &Scene) {
    let id = scene.new_instance();
    let till = (scene.open)();
    for client in POOL.saturating_add(1)..=CLIENTS {
        let request = Request {
            client,
            key: None,
            tokens: 1,
        };
        take(scene, id, till.as_ref(), &request);
    }
    let port = scene.store.port(id, STORE_PATIENCE);
    flush_once(scene, id, till.as_ref(), &port).await;
}

/// One place of the deployment: an instance, and after each crash another one.
async fn serve(scene: Rc<Scene>) {
    let random = scene.world.random().fork();
    let end = scene.until.get().saturating_add(QUIET_MS);
    while scene.world.now() < end {
        let id = scene.new_instance();
        let till = (scene.open)();
        if scene.crashes && scene.world.now() < scene.until.get() {
            scene.world.light_fuse(id, random.below(1_500));
        }
        let requests = take_requests(Rc::clone(&scene), id, Rc::clone(&till));
        let _ends_by_itself = scene.world.spawn_on(id, requests);
        let flushes = flush(Rc::clone(&scene), id, till, end);
        if scene.world.spawn_on(id, flushes).await.is_err() {
            scene.tally.borrow_mut().count("crashes");
            scene.account.borrow_mut().crash(id);
        }
    }
}

async fn take_requests(scene: Rc<Scene>, id: InstanceId, till: Rc<dyn Till>) {
    let random = scene.world.random().fork();
    loop {
        let pause = random.between(1, scene.pace_ms.saturating_mul(2));
        scene.world.sleep(pause).await;
        if scene.world.now() >= scene.until.get() {
            return;
        }
        let client = random.index(CLIENTS).saturating_add(1);
        let request = Request {
            client,
            key: random.pick(&scene.keys).copied(),
            tokens: random.between(1, 5_000),
        };
        take(&scene, id, till.as_ref(), &request);
    }
}

fn take(scene: &Scene, id: InstanceId, till: &dyn Till, request: &Request) {
    till.record(request, scene.now());
    let count = Count {
        requests: 1,
        tokens: request.tokens,
    };
    let mut account = scene.account.borrow_mut();
    account.record(id, POOL, count);
    account.record(id, request.client, count);
}

async fn flush(scene: Rc<Scene>, id: InstanceId, till: Rc<dyn Till>, end: u64) {
    let port = scene.store.port(id, STORE_PATIENCE);
    while scene.world.now() < end {
        scene.world.sleep(ROUND_MS).await;
        flush_once(&scene, id, till.as_ref(), &port).await;
    }
}

async fn flush_once(scene: &Scene, id: InstanceId, till: &dyn Till, port: &Port) {
    scene.account.borrow_mut().begin_flush(id);
    let flushed = till.flush(port, scene.now()).await;
    scene.world.note(|| format!("{id:?} flushed: {flushed:?}"));
    let mut account = scene.account.borrow_mut();
    for (subject, day, sum) in flushed.sums {
        account.hear(subject, day, sum);
    }
    account.end_flush(id, flushed.worked);
}

#[cfg(test)]
mod tests;
