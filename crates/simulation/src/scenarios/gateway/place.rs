//! One place of the deployment: an instance with a gateway, and after each crash another one.

use std::cell::RefCell;
use std::rc::Rc;

use gempool_relay::{Gateway, Settings};
use gempool_state::ports::STORE_PATIENCE;

use super::Scene;
use super::plan::SECOND_EGRESS;
use crate::admin::master_key;
use crate::host::Host;
use crate::world::InstanceId;

/// Within how many polls an instance that is going to crash does.
const FUSE_POLLS: u64 = 1_500;

pub(crate) struct Place {
    now: RefCell<Option<(InstanceId, Rc<Gateway>)>>,
}

impl Place {
    /// The instance that lives there.
    pub(crate) fn instance(&self) -> Option<(InstanceId, Rc<Gateway>)> {
        self.now.borrow().clone()
    }
}

/// Opens a place, which lives until it crashes for the last time.
pub(crate) fn open(scene: &Rc<Scene>, until: u64) {
    let place = Rc::new(Place {
        now: RefCell::new(None),
    });
    place.begin(scene, until);
    scene.places.borrow_mut().push(Rc::clone(&place));
}

impl Place {
    /// Begins a life here.
    fn begin(self: &Rc<Self>, scene: &Rc<Scene>, until: u64) {
        let id = scene.new_instance();
        let host = Host {
            id,
            world: scene.world.clone(),
            port: scene.store.port(id, STORE_PATIENCE),
            upstream: scene.upstream.clone(),
            log: Rc::clone(&scene.log),
        };
        let Ok(settings) = settings(scene.plan.egresses) else {
            return;
        };
        let gateway = Gateway::new(settings, (scene.outfit)(host));
        self.now.replace(Some((id, gateway)));
        scene.ended.borrow_mut().push((id, None));
        let is_over = scene.world.now() >= until;
        if !scene.plan.crashes || is_over || scene.world.random().below(2) == 0 {
            return;
        }
        scene
            .world
            .light_fuse(id, scene.world.random().below(FUSE_POLLS));
        // Whoever waits for something that never comes hears of the crash.
        let crash = scene.world.spawn_on(id, std::future::pending::<()>());
        let (place, scene) = (Rc::clone(self), Rc::clone(scene));
        let world = scene.world.clone();
        world.spawn(async move {
            let _canceled = crash.await;
            place.end(&scene, id);
            scene
                .world
                .sleep(scene.world.random().between(1, 3_000))
                .await;
            place.begin(&scene, until);
        });
    }

    fn end(&self, scene: &Scene, id: InstanceId) {
        scene.count("crashes");
        self.now.replace(None);
        let mut ended = scene.ended.borrow_mut();
        if let Some((_, at)) = ended.iter_mut().find(|(life, _)| *life == id) {
            *at = Some(scene.world.now());
        }
    }
}

fn settings(has_second_egress: bool) -> Result<Settings, gempool_relay::SettingsError> {
    Settings::parse(|name| match name {
        "gemini_base_url" => Some("https://one.test".to_owned()),
        "egress_2_url" if has_second_egress => Some(format!("https://{SECOND_EGRESS}")),
        "master_key" => Some(master_key().expose_hex()),
        _ => None,
    })
}
