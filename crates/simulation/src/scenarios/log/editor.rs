//! One editor: an admin who edits, is told what became of it, and goes on, over many lives of its instance.

use std::rc::Rc;

use gempool_pool::{ApiKey, KeyId};
use gempool_state::{Change, KeyPatch, PoolId};

use super::Scene;
use super::objects::{Deed, Object};
use super::office::Office;
use super::record::{Answer, OwnEdit, SharedEdit};
use super::stage::{self, Shared};
use super::view::View;
use crate::random::{Chance, Random};
use crate::world::InstanceId;

/// Edits of one editor in one run.
const EDITS: u64 = 12;

/// How often an instance is going to crash soon.
const CRASHES: Chance = Chance::per_mille(150);

/// Within how many polls. An edit takes about a hundred.
const FUSE_POLLS: u64 = 200;

/// Objects of one editor, most of the time: few enough that each gets several edits.
const OBJECTS: usize = 4;

pub(crate) struct Editor {
    scene: Rc<Scene>,
    number: usize,
    pace_ms: u64,
    random: Random,
    instance: InstanceId,
    office: Rc<dyn Office>,
}

impl Editor {
    pub(crate) fn new(scene: &Rc<Scene>, number: usize, pace_ms: u64) -> Self {
        let instance = scene.new_instance();
        Self {
            number,
            pace_ms,
            random: scene.world.random().fork(),
            instance,
            office: (scene.open)(scene, instance),
            scene: Rc::clone(scene),
        }
    }

    /// Edits until its work is done or the time is over.
    pub(crate) async fn work(mut self, busy_until: u64) {
        for edit in 0..EDITS {
            let pause = self.random.between(0, self.pace_ms);
            self.scene.world.sleep(pause).await;
            if self.scene.world.now() >= busy_until {
                return;
            }
            if self.random.happens(CRASHES) {
                let polls = self.random.below(FUSE_POLLS);
                self.scene.world.light_fuse(self.instance, polls);
            }
            if self.random.below(3) == 0 {
                self.edit_shared(edit).await;
            } else {
                self.edit_own(edit).await;
            }
        }
    }

    async fn edit_own(&mut self, edit: u64) {
        let Some((object, deed, change)) = self.choose(edit) else {
            return;
        };
        let described = format!("editor {} {deed:?} on object {object}", self.number);
        // On record before it begins: a reader may see it before its editor hears of it.
        let position = self
            .scene
            .records
            .borrow_mut()
            .get_mut(self.number)
            .map(|record| {
                record.own.push(OwnEdit {
                    object,
                    deed,
                    answer: Answer::Unknown,
                    answered_at: u64::MAX,
                });
                record.own.len().saturating_sub(1)
            });
        let answer = self.ask(change).await;
        self.told(&described, answer);
        let mut records = self.scene.records.borrow_mut();
        let record = records.get_mut(self.number);
        if let Some(edit) = record.zip(position).and_then(|(it, at)| it.own.get_mut(at)) {
            edit.answer = answer;
            edit.answered_at = self.scene.world.now();
        }
    }

    fn told(&self, described: &str, answer: Answer) {
        self.scene.world.note(|| format!("{described}: {answer:?}"));
        self.scene.count(match answer {
            Answer::Acknowledged => "edits acknowledged",
            Answer::Logged => "edits logged only",
            Answer::Conflict { .. } => "edits in conflict",
            Answer::Refused => "edits refused",
            Answer::Unknown => "edits of unknown outcome",
        });
    }

    /// Makes the change on the editor's instance; who crashes is told nothing.
    async fn ask(&mut self, change: Change) -> Answer {
        let office = Rc::clone(&self.office);
        let asked = async move { office.edit(change).await };
        let answer = self.scene.world.spawn_on(self.instance, asked).await;
        answer.unwrap_or_else(|_| {
            self.come_back();
            Answer::Unknown
        })
    }

    fn come_back(&mut self) {
        self.scene.count("crashes");
        self.instance = self.scene.new_instance();
        self.office = (self.scene.open)(&self.scene, self.instance);
    }

    /// What to do next with something of one's own.
    fn choose(&self, edit: u64) -> Option<(usize, Deed, Change)> {
        let mut records = self.scene.records.borrow_mut();
        let objects = &mut records.get_mut(self.number)?.objects;
        if objects.len() < OBJECTS {
            let object = self.invent(objects.len())?;
            let (deed, change) = self.begin(&object, edit)?;
            objects.push(object);
            return Some((objects.len().saturating_sub(1), deed, change));
        }
        let position = self.random.index(objects.len());
        let object = objects.get(position)?.clone();
        let (deed, change) = match self.random.below(4) {
            0 => self.begin(&object, edit)?,
            1 => (Deed::Remove, removal(&object)),
            _ => self.go_on(&object, edit)?,
        };
        Some((position, deed, change))
    }

    fn invent(&self, position: usize) -> Option<Object> {
        let pool = self.random.pick(&self.scene.stage.pools)?.clone();
        let owner = u8::try_from(self.number).ok()?;
        Some(match position {
            0 => Object::Pool(format!("own-{owner}").parse().ok()?),
            1 => Object::Client(stage::client_id(owner, 0)),
            _ => Object::Group {
                pool,
                keys: self.keys(&format!("{position}"), 4),
            },
        })
    }

    fn keys(&self, name: &str, most: u64) -> Vec<ApiKey> {
        let count = self.random.between(1, most);
        let named = |n| stage::key(&format!("{}-{name}-{n}", self.number));
        (0..count).filter_map(named).collect()
    }

    fn token(&self, edit: u64) -> String {
        format!("edit-{}-{edit}", self.number)
    }

    /// Makes it, or makes it anew.
    fn begin(&self, object: &Object, edit: u64) -> Option<(Deed, Change)> {
        let token = self.token(edit);
        Some(match object {
            Object::Group { pool, keys } => (Deed::Add, stage::add_keys(pool, keys)),
            Object::Client(id) => {
                let pool = self.scene.stage.pools.first()?;
                let record = Box::new(stage::client(*id, pool, &token));
                (Deed::Put(token), Change::PutClient { record, base: None })
            }
            Object::Pool(id) => {
                let mut config = stage::new_pool(id);
                config.description.clone_from(&token);
                let config = Box::new(config);
                (Deed::Put(token), Change::PutPool { config, base: None })
            }
        })
    }

    /// Changes what may be there.
    fn go_on(&self, object: &Object, edit: u64) -> Option<(Deed, Change)> {
        let token = self.token(edit);
        Some(match object {
            Object::Group { pool, keys } => {
                let change = Change::EditKeys {
                    pool: pool.clone(),
                    ids: keys.iter().map(KeyId::of).collect(),
                    patch: KeyPatch {
                        note: Some(token.clone()),
                        ..KeyPatch::default()
                    },
                    base: None,
                };
                (Deed::Note(token), change)
            }
            Object::Client(_) => self.begin(object, edit)?,
            Object::Pool(id) => self.insert(id, edit)?,
        })
    }

    /// Puts a key or a client key into one's own pool.
    fn insert(&self, pool: &PoolId, edit: u64) -> Option<(Deed, Change)> {
        if self.random.below(2) == 0 {
            let keys = self.keys(&format!("own-{edit}"), 1);
            let id = KeyId::of(keys.first()?).to_string();
            return Some((Deed::Insert(id), stage::add_keys(pool, &keys)));
        }
        let owner = u8::try_from(self.number).ok()?;
        let number = u8::try_from(edit).ok()?.saturating_add(1);
        let id = stage::client_id(owner, number);
        let record = Box::new(stage::client(id, pool, "inside"));
        let change = Change::PutClient { record, base: None };
        Some((Deed::Insert(id.to_string()), change))
    }

    async fn edit_shared(&mut self, edit: u64) {
        let position = self.random.index(self.scene.stage.shared.len());
        let Some(target) = self.scene.stage.shared.get(position).cloned() else {
            return;
        };
        let token = self.token(edit);
        let (office, scene) = (Rc::clone(&self.office), Rc::clone(&self.scene));
        let written = token.clone();
        let prepare = async move {
            let view = office.view().await.ok()?;
            rewrite(&scene, &view, &target, &written)
        };
        // In two steps: what was asked must be on record even if nobody hears the answer.
        let prepared = self.scene.world.spawn_on(self.instance, prepare).await;
        let (base, change) = match prepared {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return,
            Err(_) => return self.come_back(),
        };
        let described = format!(
            "editor {} {token} on shared {position} of {base}",
            self.number
        );
        let answer = self.ask(change).await;
        self.told(&described, answer);
        if let Some(record) = self.scene.records.borrow_mut().get_mut(self.number) {
            record.shared.push(SharedEdit {
                object: position,
                base,
                token,
                answer,
            });
        }
    }
}

fn removal(object: &Object) -> Change {
    match object {
        Object::Group { pool, keys } => Change::RemoveKeys {
            pool: pool.clone(),
            ids: keys.iter().map(KeyId::of).collect(),
        },
        Object::Client(id) => Change::DeleteClient { id: *id },
        Object::Pool(pool) => Change::DeletePool {
            pool: pool.clone(),
            base: None,
        },
    }
}

/// The change of something shared, made of what was seen, with the stamp that was seen.
fn rewrite(scene: &Scene, view: &View, target: &Shared, token: &str) -> Option<(u64, Change)> {
    match target {
        Shared::Pool(id) => {
            let mut config = view.pools.get(id)?.config.clone();
            config.allowed_models.push(token.to_owned());
            let base = config.stamp;
            Some((base, stage::put_pool(config, base)))
        }
        Shared::Client(id) => {
            let seen = view.clients.get(id);
            let base = seen.map_or(0, |record| record.stamp);
            let pool = scene.stage.pools.first()?;
            let record = Box::new(stage::client(*id, pool, token));
            let change = Change::PutClient {
                record,
                base: Some(base),
            };
            Some((base, change))
        }
        Shared::Key(pool, id) => {
            let base = view.pools.get(pool)?.keys.get(id)?.stamp;
            let change = Change::EditKeys {
                pool: pool.clone(),
                ids: vec![*id],
                patch: KeyPatch {
                    note: Some(token.to_owned()),
                    ..KeyPatch::default()
                },
                base: Some(base),
            };
            Some((base, change))
        }
    }
}
