//! Instances tell each other which keys cool and which are dead, through the product's documents of marks.
//!
//! Each instance does what the gateway does once a second: it writes what it has learned until that has held, or else
//! reads what others have. What a pool makes of marks, and when requests cause them, is no part of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gempool_pool::{ApiKey, KeyId, Mark, UnixMillis};
use gempool_state::PoolId;

use crate::outcome::{Broken, Tally};
use crate::random::{Chance, Random};
use crate::store::{Store, Temper, Weather};
use crate::world::{InstanceId, Seen, Tracing, World};

mod board;
mod instance;
mod learned;
mod promises;

use board::Open;
use instance::Instance;
use learned::Learned;

/// How long instances learn new things.
const BUSY_MS: u64 = 30_000;

/// How long after it everything has landed and been read: the oldest view (30 s), and some rounds.
const QUIET_MS: u64 = 45_000;

/// How often promises are checked.
const INSPECTED_EVERY_MS: u64 = 400;

/// Keys of the pool.
const KEYS: u64 = 24;

/// Everything that the actors of one run share.
struct Scene {
    world: World,
    store: Store,
    weather: Weather,
    stalls: bool,
    /// A time between two things that one instance learns, on average.
    pace_ms: u64,
    pool: PoolId,
    bits: u8,
    keys: Vec<KeyId>,
    /// Lives of keys: an admin who revives one begins the next.
    generations: RefCell<Vec<u32>>,
    open: Open,
    instances: RefCell<Vec<Rc<Instance>>>,
    learned: RefCell<Vec<Learned>>,
    broken: RefCell<Option<Broken>>,
    tally: RefCell<Tally>,
    lives: Cell<u32>,
}

impl Scene {
    fn blame(&self, result: Result<(), Broken>) {
        if let Err(broken) = result {
            self.world.note(|| format!("BROKEN {broken}"));
            self.broken.borrow_mut().get_or_insert(broken);
        }
    }

    fn count(&self, what: &'static str) {
        self.tally.borrow_mut().count(what);
    }

    fn now(&self) -> UnixMillis {
        UnixMillis(self.world.now())
    }

    fn new_instance(&self) -> InstanceId {
        self.lives.set(self.lives.get().saturating_add(1));
        InstanceId(self.lives.get())
    }
}

/// Runs one seed on the product.
pub(crate) fn run(seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
    run_with(seed, tracing, &Weather::ALL, board::product)
}

/// Runs one seed on whatever keeps marks.
fn run_with(
    seed: u64,
    tracing: Tracing,
    weathers: &[Weather],
    open: Open,
) -> (Result<Tally, Broken>, Seen) {
    let world = World::new(seed, tracing);
    let scene = scene(&world, weathers, open);
    let Some(scene) = scene else {
        let broken = Broken::new("the stage can be set", "a name was refused");
        return (Err(broken), world.trace());
    };
    let scene = Rc::new(scene);
    world.note(|| format!("{:?} store, {} bits", scene.weather, scene.bits));
    let ended = world.run(act(Rc::clone(&scene))).map_err(Broken::from);
    let result = ended.and_then(|()| scene.broken.take().map_or(Ok(()), Err));
    let result = result.map(|()| scene.tally.take());
    (result, world.trace())
}

fn scene(world: &World, weathers: &[Weather], open: Open) -> Option<Scene> {
    let random = world.random().fork();
    let keys = (0..KEYS).map(|n| ApiKey::new(format!("AIza-simulated-{n}")));
    let keys: Vec<KeyId> = keys.flatten().map(|key| KeyId::of(&key)).collect();
    Some(Scene {
        store: Store::new(world, Temper::strong()),
        weather: *random.pick(weathers)?,
        stalls: random.below(4) == 0,
        pace_ms: *random.pick(&[200, 1_000, 10_000])?,
        pool: "simulated".parse().ok()?,
        bits: *random.pick(&[0, 0, 1, 2])?,
        generations: RefCell::new(vec![0; keys.len()]),
        keys,
        open,
        instances: RefCell::default(),
        learned: RefCell::default(),
        broken: RefCell::new(None),
        tally: RefCell::default(),
        lives: Cell::new(0),
        world: world.clone(),
    })
}

async fn act(scene: Rc<Scene>) {
    let random = scene.world.random().fork();
    let busy_until = scene.world.now().saturating_add(BUSY_MS);
    let temper = Temper::of(scene.weather, &random, scene.world.now(), busy_until);
    scene.world.note(|| format!("{temper:?}"));
    scene.store.set_temper(temper);
    if scene.stalls {
        scene.world.stall(Chance::per_mille(5), 10_000);
    }
    let end = busy_until.saturating_add(QUIET_MS);
    let places = random.between(2, 12);
    for _ in 0..places {
        scene.world.spawn(serve(Rc::clone(&scene), busy_until, end));
    }
    while scene.world.now() < end {
        scene.world.sleep(INSPECTED_EVERY_MS).await;
        if scene.world.now() >= busy_until {
            scene.world.stall(Chance::NEVER, 0);
        }
        scene.blame(promises::inspect(&scene));
        if scene.broken.borrow().is_some() {
            return;
        }
    }
    scene.blame(promises::at_the_end(&scene).await);
    scene.blame(promises::of_store(&scene.store));
    let mut tally = scene.tally.borrow_mut();
    tally.add("store calls", scene.store.calls());
}

/// One place of the deployment: an instance, and after each crash another one.
async fn serve(scene: Rc<Scene>, busy_until: u64, end: u64) {
    let random = scene.world.random().fork();
    // Instances do not start at the same moment, so that their rounds do not fall together.
    scene.world.sleep(random.below(1_000)).await;
    while scene.world.now() < end {
        let id = scene.new_instance();
        let instance = Rc::new(Instance::new(&scene, id));
        if scene.world.now() < busy_until && random.below(4) == 0 {
            scene.world.light_fuse(id, random.below(600));
        }
        scene.instances.borrow_mut().push(Rc::clone(&instance));
        let rounds = Rc::clone(&instance).rounds(Rc::clone(&scene), end);
        let learning = learn(Rc::clone(&scene), Rc::clone(&instance), busy_until);
        let _ends_with_the_instance = scene.world.spawn_on(id, learning);
        let outcome = scene.world.spawn_on(id, rounds).await;
        if outcome.is_err() {
            scene.count("crashes");
            instance.end(scene.world.now());
        }
        scene.world.sleep(random.below(500)).await;
    }
}

/// Requests that come to an instance now and then teach it something of a key.
async fn learn(scene: Rc<Scene>, instance: Rc<Instance>, until: u64) {
    let random = scene.world.random().fork();
    loop {
        let pause = random.between(1, scene.pace_ms.saturating_mul(2));
        scene.world.sleep(pause).await;
        if scene.world.now() >= until {
            return;
        }
        let position = random.index(scene.keys.len());
        let Some(mark) = lesson(&scene, &random, position) else {
            continue;
        };
        scene
            .world
            .note(|| format!("{:?} learns {mark:?}", instance.id()));
        scene.count("marks learned");
        instance.learn(&mark);
        scene.learned.borrow_mut().push(Learned {
            mark,
            by: instance.id(),
            at: scene.world.now(),
        });
    }
}

/// What one answer of the upstream says of a key.
fn lesson(scene: &Scene, random: &Random, position: usize) -> Option<Mark> {
    let mut generations = scene.generations.borrow_mut();
    let generation = generations.get_mut(position)?;
    if random.below(40) == 0 {
        // An admin has revived the key, and whoever speaks of it knows.
        *generation = generation.saturating_add(1);
    }
    let key = *scene.keys.get(position)?;
    Some(learned::mark(random, key, *generation, scene.world.now()))
}

#[cfg(test)]
mod tests;
