//! Who looks on: readers during the edits, and the comparison of all readers after them.

use std::rc::Rc;

use super::office::Unseen;
use super::view::View;
use super::{Scene, promises};
use crate::outcome::Broken;
use crate::store::Weather;

/// How often a reader looks.
const LOOKS_EVERY_MS: u64 = 700;

/// Readers that are compared in the end.
const READERS: usize = 3;

/// Looks at everything again and again: no reader ever sees half an edit, nor misses one that is old.
pub(crate) async fn watch(scene: Rc<Scene>, until: u64) {
    let office = (scene.open)(&scene, scene.new_instance());
    while scene.world.now() < until && scene.broken.borrow().is_none() {
        let wait = scene.world.random().between(1, LOOKS_EVERY_MS);
        scene.world.sleep(wait).await;
        let begun = scene.world.now();
        let view = match office.view().await {
            Ok(view) => view,
            Err(unseen) => {
                scene.blame(told_of_damage(&scene, &unseen));
                continue;
            }
        };
        scene.count("views");
        let records = scene.records.borrow();
        scene.blame(promises::whole(&view, &records));
        if scene.weather == Weather::Strong && !scene.stalls {
            scene.blame(promises::seen(&view, &records, begun));
        }
    }
}

/// A store that hides the present may hide a document that something points to; elsewhere that is damage.
fn told_of_damage(scene: &Scene, unseen: &Unseen) -> Result<(), Broken> {
    match unseen {
        Unseen::Damaged(details) if scene.weather != Weather::Stale => {
            Err(Broken::new("what is stored can be read", details))
        }
        Unseen::Damaged(_) | Unseen::Store(_) => Ok(()),
    }
}

/// Folds what is left and lets several readers tell what they see.
pub(crate) async fn compare(scene: &Rc<Scene>) {
    let opened = |_| (scene.open)(scene, scene.new_instance());
    let offices: Vec<_> = (0..READERS).map(opened).collect();
    let folds = offices.iter().map(|office| office.fold());
    let folded = futures::future::join_all(folds).await;
    if let Some(error) = folded.into_iter().find_map(Result::err) {
        scene.blame(Err(Broken::new("a good store can be folded", error)));
        return;
    }
    let mut views: Vec<View> = Vec::new();
    for office in &offices {
        match office.view().await {
            Ok(view) => views.push(view),
            Err(unseen) => {
                scene.blame(Err(Broken::new(
                    "a good store can be read",
                    format!("{unseen:?}"),
                )));
                return;
            }
        }
    }
    let rule = promises::Rule::of(scene.weather);
    let records = scene.records.borrow();
    scene.blame(promises::converged(&views));
    for view in &views {
        scene.blame(promises::whole(view, &records));
        scene.blame(promises::kept(view, &records, rule));
        scene.blame(promises::contended(
            view,
            &scene.stage.shared,
            &records,
            rule,
        ));
    }
}
