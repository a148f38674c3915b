//! What must hold of marks.

use std::rc::Rc;

use super::Scene;
use super::instance::Instance;
use super::learned::{Learned, covers};
use crate::outcome::Broken;
use crate::store::{Store, Weather};

/// How soon everybody knows, on a store that hides nothing, what one learned: a round to write and a round to read,
/// and the way.
const KNOWN_WITHIN_MS: u64 = 2_000 + 100;

/// The same where writers raced: the one whose write was undone notices in its next round. Three times in a row have
/// not been seen in 100,000 seeds.
const KNOWN_AFTER_RACES_MS: u64 = KNOWN_WITHIN_MS + 3 * 1_100;

/// How long something learned is inspected: what has been kept as long as this is looked at in the end.
const INSPECTED_FOR_MS: u64 = 2 * KNOWN_AFTER_RACES_MS;

/// What one inspection finds.
pub(crate) fn inspect(scene: &Scene) -> Result<(), Broken> {
    let instances = scene.instances.borrow();
    let living: Vec<&Rc<Instance>> = instances.iter().filter(|it| it.lives()).collect();
    let oldest = scene.world.now().saturating_sub(INSPECTED_FOR_MS);
    let all = scene.learned.borrow();
    for learned in all.iter().rev().take_while(|learned| learned.at >= oldest) {
        let Some(teacher) = living.iter().find(|it| it.id() == learned.by) else {
            // Whoever crashed may have taken it along.
            continue;
        };
        if !knows(scene, teacher, learned) {
            let details = format!("{:?} no longer knows {learned:?}", teacher.id());
            return Err(Broken::new("nobody forgets what it learned", details));
        }
        if scene.weather == Weather::Strong && !scene.stalls {
            known_by_all(scene, &living, learned)?;
        }
    }
    Ok(())
}

fn known_by_all(scene: &Scene, living: &[&Rc<Instance>], learned: &Learned) -> Result<(), Broken> {
    let now = scene.world.now();
    let age = now.saturating_sub(learned.at);
    if age < KNOWN_WITHIN_MS {
        return Ok(());
    }
    for instance in living {
        let is_ready = instance
            .ready_at
            .get()
            .is_some_and(|at| at.max(learned.at).saturating_add(KNOWN_WITHIN_MS) <= now);
        if !is_ready || knows(scene, instance, learned) {
            continue;
        }
        if age >= KNOWN_AFTER_RACES_MS {
            let details = format!(
                "{:?} does not know {learned:?} after {age} ms",
                instance.id()
            );
            return Err(Broken::new(
                "everybody knows within 2 s, or after races soon",
                details,
            ));
        }
        scene.count("late because writers raced");
    }
    Ok(())
}

fn knows(scene: &Scene, instance: &Instance, learned: &Learned) -> bool {
    covers(
        instance.knows(learned.mark.key).as_ref(),
        &learned.mark,
        scene.now(),
    )
}

/// What is left for an instance that starts now.
pub(crate) async fn at_the_end(scene: &Rc<Scene>) -> Result<(), Broken> {
    let newcomer = Rc::new(Instance::new(scene, scene.new_instance()));
    let soon = scene.world.now().saturating_add(1);
    Rc::clone(&newcomer).rounds(Rc::clone(scene), soon).await;
    let instances = scene.instances.borrow();
    let is_steady = scene.weather == Weather::Strong && !scene.stalls;
    for learned in scene.learned.borrow().iter() {
        let lives = instances
            .iter()
            .any(|it| it.lives() && it.id() == learned.by);
        if !lives || is_of_an_earlier_life(scene, learned) || knows(scene, &newcomer, learned) {
            continue;
        }
        if is_steady {
            let details = format!("a new instance does not know {learned:?}");
            return Err(Broken::new(
                "marks outlive the instance that learned them",
                details,
            ));
        }
        scene.count("marks that a later writer undid");
    }
    Ok(())
}

/// What was learned of an earlier life counts no more, even if nothing of the later one is left in the store: the
/// key's own record says which life it is.
fn is_of_an_earlier_life(scene: &Scene, learned: &Learned) -> bool {
    let generations = scene.generations.borrow();
    let mut lives = scene.keys.iter().zip(generations.iter());
    lives.any(|(key, life)| *key == learned.mark.key && *life > learned.mark.generation)
}

/// Names, sizes and kinds are those that every store takes.
pub(crate) fn of_store(store: &Store) -> Result<(), Broken> {
    match store.breaches().into_iter().next() {
        None => Ok(()),
        Some(breach) => Err(Broken::new("every store takes what is written", breach)),
    }
}
