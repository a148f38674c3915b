//! Editors at work on one store, all at once, while instances crash and the store misbehaves.
//!
//! Each editor edits things of its own and things that all share, through the product's own log; readers look on.
//! What was asked and what was answered is the record (`record.rs`), what must hold is in `promises.rs`. Marks,
//! counters and requests are other scenarios.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::outcome::{Broken, Tally};
use crate::random::Chance;
use crate::store::{Store, Temper, Weather};
use crate::world::{InstanceId, START_MS, Seen, Tracing, World};

mod editor;
mod objects;
mod office;
mod promises;
mod reader;
mod record;
mod stage;
mod view;

use editor::Editor;
use office::Open;
use record::Record;
use stage::Stage;

/// Editors at once: as many admins as a team may have at work.
const EDITORS: usize = 8;

/// How long edits go on, at most; faults of the store fall into this time.
const BUSY_MS: u64 = 40_000;

/// How long after it every write has landed and every reader sees the present: longer than the slowest write (8 s)
/// and the oldest view (30 s).
const QUIET_MS: u64 = 60_000;

/// The kinds of stores on which no edit may be lost. A store that forgets what it acknowledged loses edits, too, and
/// nobody can help it.
const WEATHERS: [Weather; 3] = [Weather::Strong, Weather::Slow, Weather::Failing];

/// How often a run has a pool of many pages: they cost time.
const LARGE: Chance = Chance::per_mille(80);

/// What an admin's call waits for the store, which is longer than a request's: nobody stands in line behind it.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a run is made of, beside its seed.
struct Setup {
    open: Open,
    weathers: &'static [Weather],
    large: Chance,
}

impl Setup {
    fn of_product(weathers: &'static [Weather]) -> Self {
        Self {
            open: Box::new(office::product),
            weathers,
            large: LARGE,
        }
    }
}

/// Everything that the actors of one run share.
struct Scene {
    world: World,
    store: Store,
    weather: Weather,
    /// Whether instances stand still now and then.
    stalls: bool,
    open: Open,
    stage: Stage,
    records: RefCell<Vec<Record>>,
    lives: RefCell<u32>,
    broken: RefCell<Option<Broken>>,
    tally: RefCell<Tally>,
}

impl Scene {
    /// A new life for whoever needs one.
    fn new_instance(&self) -> InstanceId {
        let mut lives = self.lives.borrow_mut();
        *lives = lives.saturating_add(1);
        InstanceId(*lives)
    }

    /// The first broken promise is the one to look at; later ones may follow from it.
    fn blame(&self, result: Result<(), Broken>) {
        if let Err(broken) = result {
            self.world.note(|| format!("BROKEN {broken}"));
            let store = format!("{:?} store, {}", self.weather, broken.details);
            let broken = Broken::new(broken.promise, store);
            self.broken.borrow_mut().get_or_insert(broken);
        }
    }

    fn count(&self, what: &'static str) {
        self.tally.borrow_mut().count(what);
    }
}

/// Runs one seed on the product, on a store that shows everybody the present.
pub(crate) fn run(seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
    run_with(seed, tracing, Setup::of_product(&WEATHERS))
}

/// The same on a store that shows the past (FLT-41).
pub(crate) fn run_stale(seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
    run_with(seed, tracing, Setup::of_product(&[Weather::Stale]))
}

/// Runs one seed on whatever makes edits.
fn run_with(seed: u64, tracing: Tracing, setup: Setup) -> (Result<Tally, Broken>, Seen) {
    let world = World::new(seed, tracing);
    let random = world.random().fork();
    let weather = *random.pick(setup.weathers).unwrap_or(&Weather::Strong);
    let scene = Rc::new(Scene {
        store: Store::new(&world, Temper::strong()),
        weather,
        stalls: random.below(3) == 0,
        open: setup.open,
        stage: Stage::new(&random, setup.large),
        records: RefCell::new((0..EDITORS).map(|_| Record::default()).collect()),
        lives: RefCell::new(0),
        broken: RefCell::new(None),
        tally: RefCell::default(),
        world: world.clone(),
    });
    world.note(|| format!("{weather:?} store"));
    let ended = world.run(act(Rc::clone(&scene))).map_err(Broken::from);
    let result = ended.and_then(|()| scene.broken.take().map_or(Ok(()), Err));
    let result = result.map(|()| scene.tally.take());
    (result, world.trace())
}

async fn act(scene: Rc<Scene>) {
    if let Err(error) = scene.stage.set_up(&scene).await {
        scene.blame(Err(Broken::new("a good store takes edits", error)));
        return;
    }
    let random = scene.world.random().fork();
    let busy_until = scene.world.now().saturating_add(BUSY_MS);
    let temper = Temper::of(scene.weather, &random, scene.world.now(), busy_until);
    scene.world.note(|| format!("{temper:?}"));
    scene.store.set_temper(temper);
    if scene.stalls {
        scene.world.stall(Chance::per_mille(2), 15_000);
    }
    let pace_ms = *random.pick(&[0, 50, 1_500]).unwrap_or(&0);
    let editors = (0..EDITORS).map(|number| Editor::new(&scene, number, pace_ms).work(busy_until));
    let readers = (0..2).map(|_| reader::watch(Rc::clone(&scene), busy_until));
    futures::join!(
        futures::future::join_all(editors),
        futures::future::join_all(readers)
    );
    scene.world.stall(Chance::NEVER, 0);
    scene.world.sleep(QUIET_MS).await;
    scene.store.set_temper(Temper::strong());
    // Views of the past end with the temper; a fold that is on its way ends with the time.
    scene.world.sleep(QUIET_MS).await;
    reader::compare(&scene).await;
    scene.blame(promises::of_store(&scene.store));
    let (documents, counters) = scene.store.size();
    let mut tally = scene.tally.borrow_mut();
    tally.add("store calls", scene.store.calls());
    tally.add("documents left", documents as u64);
    tally.add("counters left", counters as u64);
    tally.add(
        "virtual seconds",
        scene.world.now().saturating_sub(START_MS) / 1_000,
    );
}

#[cfg(test)]
mod tests;
