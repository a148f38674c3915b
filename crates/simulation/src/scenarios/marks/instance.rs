//! One instance: what it knows of keys, and its round once a second.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use gempool_pool::{KeyId, Mark};
use gempool_state::ports::STORE_PATIENCE;

use super::Scene;
use super::board::{Board, Place};
use crate::outcome::Broken;
use crate::store::Port;
use crate::world::InstanceId;

/// A round of flushing and refreshing: the gateway does either at most once a second.
const ROUND_MS: u64 = 1_000;

pub(crate) struct Instance {
    id: InstanceId,
    port: Port,
    board: Rc<dyn Board>,
    known: RefCell<BTreeMap<KeyId, Mark>>,
    /// Marks of one's own that have not been seen to hold, by page.
    unsettled: RefCell<BTreeMap<usize, Vec<Mark>>>,
    bits: u8,
    /// From when on it has been able to know what the store says.
    pub(crate) ready_at: Cell<Option<u64>>,
    ended_at: Cell<Option<u64>>,
}

impl Instance {
    pub(crate) fn new(scene: &Scene, id: InstanceId) -> Self {
        Self {
            id,
            port: scene.store.port(id, STORE_PATIENCE),
            board: (scene.open)(),
            known: RefCell::default(),
            unsettled: RefCell::default(),
            bits: scene.bits,
            ready_at: Cell::new(None),
            ended_at: Cell::new(None),
        }
    }

    pub(crate) fn id(&self) -> InstanceId {
        self.id
    }

    /// It has crashed.
    pub(crate) fn end(&self, now: u64) {
        self.ended_at.set(Some(now));
    }

    pub(crate) fn lives(&self) -> bool {
        self.ended_at.get().is_none()
    }

    pub(crate) fn knows(&self, key: KeyId) -> Option<Mark> {
        self.known.borrow().get(&key).cloned()
    }

    /// Takes in what an answer said.
    pub(crate) fn learn(&self, mark: &Mark) {
        self.take_in(std::slice::from_ref(mark));
        let page = mark.key.page(self.bits);
        let mut unsettled = self.unsettled.borrow_mut();
        unsettled.entry(page).or_default().push(mark.clone());
    }

    fn take_in(&self, marks: &[Mark]) {
        let mut known = self.known.borrow_mut();
        for mark in marks {
            match known.get_mut(&mark.key) {
                Some(before) => before.merge(mark),
                None => drop(known.insert(mark.key, mark.clone())),
            }
        }
    }

    /// Writes and reads once a second until the end.
    pub(crate) async fn rounds(self: Rc<Self>, scene: Rc<Scene>, end: u64) {
        while scene.world.now() < end {
            let mut all_read = true;
            for page in 0..1_usize << self.bits {
                all_read &= self.round(&scene, page).await;
            }
            if all_read && self.ready_at.get().is_none() {
                self.ready_at.set(Some(scene.world.now()));
            }
            scene.world.sleep(ROUND_MS).await;
        }
    }

    /// One page. Whether the store was there.
    async fn round(&self, scene: &Scene, page: usize) -> bool {
        let place = Place {
            port: self.port.clone(),
            pool: scene.pool.clone(),
            bits: self.bits,
            page,
        };
        let mine = self
            .unsettled
            .borrow()
            .get(&page)
            .cloned()
            .unwrap_or_default();
        let posted = if mine.is_empty() {
            self.board.read(place).await
        } else {
            self.board.write(place, mine.clone(), scene.now()).await
        };
        let Ok(posted) = posted else {
            return false;
        };
        if let Some(damage) = posted.damage {
            scene.blame(Err(Broken::new("what is stored can be read", damage)));
        }
        self.take_in(&posted.marks);
        if posted.held {
            self.settle(scene, page, &mine);
        }
        true
    }

    /// These marks need not be written again. Those that came meanwhile do.
    fn settle(&self, scene: &Scene, page: usize, held: &[Mark]) {
        scene.count("marks that held");
        if let Some(marks) = self.unsettled.borrow_mut().get_mut(&page) {
            marks.drain(..held.len().min(marks.len()));
        }
    }
}
