//! Whole gateways: clients, several instances that crash, one store, one upstream with bad times, and an admin.
//!
//! What is asked, sent upstream and answered is written down, and promises about all of it are in `promises.rs`. How bad
//! a run is says its plan (`plan.rs`). Bytes of the dialects are not looked at beyond whether an answer is whole.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::admin::Admin;
use crate::host::Host;
use crate::outcome::{Broken, Tally};
use crate::random::Chance;
use crate::store::{Store, Temper};
use crate::upstream::Upstream;
use crate::world::{InstanceId, Seen, Tracing, World};

mod clients;
mod decisions;
mod place;
mod plan;
mod promises;
mod stage;

use clients::Request;
use decisions::Decision;
use place::Place;
use plan::Plan;

/// How long after the last request everything has ended: longer than three attempts of a minute each, and a stream of
/// five.
const QUIET_MS: u64 = 600_000;

/// How old what a reader sees can be.
const OLDEST_VIEW_MS: u64 = 30_000;

/// What an admin's call waits for the store.
const ADMINS_PATIENCE: Duration = Duration::from_secs(3);

/// Makes the outside world of an instance what it is for its gateway.
type Outfit = Box<dyn Fn(Host) -> Rc<dyn gempool_relay::ports::Host>>;

/// Everything that the actors of one run share.
struct Scene {
    world: World,
    plan: Plan,
    outfit: Outfit,
    store: Store,
    upstream: Upstream,
    places: RefCell<Vec<Rc<Place>>>,
    /// Every life of every instance, and when it ended.
    ended: RefCell<Vec<(InstanceId, Option<u64>)>>,
    requests: RefCell<Vec<Request>>,
    decisions: RefCell<Vec<Decision>>,
    log: Rc<RefCell<Vec<String>>>,
    tally: RefCell<Tally>,
    lives: Cell<u32>,
    starts_at: Cell<u64>,
    store_calls_before: Cell<u64>,
}

impl Scene {
    fn new_instance(&self) -> InstanceId {
        self.lives.set(self.lives.get().saturating_add(1));
        InstanceId(self.lives.get())
    }

    fn count(&self, what: &'static str) {
        self.tally.borrow_mut().count(what);
    }

    fn admin(&self) -> Admin {
        let port = self.store.port(self.new_instance(), ADMINS_PATIENCE);
        Admin::new(&self.world, port)
    }
}

/// Runs one seed.
pub(crate) fn run(seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
    run_with(seed, tracing, Box::new(|host| Rc::new(host)))
}

fn run_with(seed: u64, tracing: Tracing, outfit: Outfit) -> (Result<Tally, Broken>, Seen) {
    let world = World::new(seed, tracing);
    let plan = Plan::draw(&world.random().fork());
    world.note(|| format!("{plan:?}"));
    let scene = Rc::new(Scene {
        store: Store::new(&world, Temper::strong()),
        upstream: Upstream::new(
            &world,
            plan.accounts(world.now().saturating_add(OLDEST_VIEW_MS)),
            plan.mood(),
        ),
        plan,
        outfit,
        places: RefCell::default(),
        ended: RefCell::default(),
        requests: RefCell::default(),
        decisions: RefCell::default(),
        log: Rc::default(),
        tally: RefCell::default(),
        lives: Cell::new(0),
        starts_at: Cell::new(world.now()),
        store_calls_before: Cell::new(0),
        world: world.clone(),
    });
    let ended = world.run(act(Rc::clone(&scene))).map_err(Broken::from);
    let result = ended.flatten().map(|()| scene.tally.take());
    let told = |broken: Broken| {
        let details = format!(
            "{:?} with a {:?} store, {}",
            scene.plan.profile, scene.plan.weather, broken.details
        );
        Broken::new(broken.promise, details)
    };
    (result.map_err(told), world.trace())
}

async fn act(scene: Rc<Scene>) -> Result<(), Broken> {
    let world = &scene.world;
    stage::set_up(&scene)
        .await
        .map_err(|error| Broken::new("a good store takes edits", error))?;
    // So that no reader sees the time before there was anything.
    world.sleep(OLDEST_VIEW_MS).await;
    let random = world.random().fork();
    let start = world.now();
    scene.starts_at.set(start);
    scene.store_calls_before.set(scene.store.calls());
    let until = start.saturating_add(scene.plan.busy_ms);
    scene
        .store
        .set_temper(scene.plan.temper(&random, start, until));
    if scene.plan.stalls {
        world.stall(Chance::per_mille(1), 5_000);
    }
    for _ in 0..scene.plan.instances {
        place::open(&scene, until);
    }
    world.spawn(decisions::take(Rc::clone(&scene)));
    world.spawn(plan::change_moods(Rc::clone(&scene)));
    clients::ask_until(&scene, until).await;
    world.stall(Chance::NEVER, 0);
    world.sleep(QUIET_MS).await;
    scene.tell();
    promises::all(&scene)
}

impl Scene {
    fn tell(&self) {
        let mut tally = self.tally.borrow_mut();
        let calls = self.upstream.calls();
        tally.add("upstream calls", calls.len() as u64);
        let store_calls = self.store.calls();
        tally.add(
            "store calls",
            store_calls.saturating_sub(self.store_calls_before.get()),
        );
        tally.add("log lines", self.log.borrow().len() as u64);
        for call in calls {
            tally.count(call.told.name());
        }
        for request in self.requests.borrow().iter() {
            tally.count("requests");
            tally.count(request.outcome.name());
        }
    }
}

#[cfg(test)]
mod tests;
