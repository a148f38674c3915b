//! Files, caches and batches: what Google keeps for a project, and gives to no other.
//!
//! Everything is in memory and knows its time from the caller. It keeps no bytes of files: only what is said
//! about them. Texts are Google's where a public bug report has them (read November 2026); "no recording" marks
//! ours.

mod batches;
mod caches;
mod files;
mod page;
mod path;
mod uploads;
mod use_of;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::google_error::GoogleError;
use crate::hash;
use crate::render;
use crate::reply::{Reply, Shape};
use batches::Batch;
use caches::Cache;
use files::File;
use uploads::Upload;

pub(crate) use path::{Kind, Resource};

/// Things of one kind that are kept at most: what a test makes, many times over.
const MAX_KEPT: usize = 10_000;

/// Letters of ids, as Google's have them.
const ID_LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// All that is kept.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    files: Drawer<File>,
    caches: Drawer<Cache>,
    batches: Drawer<Batch>,
    uploads: BTreeMap<String, Upload>,
    made: u64,
}

/// Things of one kind, by project and id.
#[derive(Debug)]
struct Drawer<T>(BTreeMap<(String, String), T>);

impl<T> Default for Drawer<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// A request about resources.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) project: &'a str,
    pub(crate) resource: &'a Resource,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) now_ms: u64,
    /// Answers one request of a batch: the model's name and the body.
    pub(crate) generate: &'a dyn Fn(batches::Of, &str, &Value) -> Result<Value, GoogleError>,
}

pub(crate) use batches::Of as BatchOf;

type Answered = Result<Reply, GoogleError>;

impl Shelf {
    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    /// The project that began an upload; its id is all that Google asks for.
    pub(crate) fn project_of_upload(&self, id: &str) -> Option<String> {
        let kept = self.lock();
        kept.uploads.get(id).map(|upload| upload.project.clone())
    }

    /// The answer.
    pub(crate) fn answer(&self, asked: Asked<'_>) -> Reply {
        let mut kept = self.lock();
        let answered = match asked.resource {
            Resource::Upload(None) => uploads::begin(&mut kept, asked),
            Resource::Upload(Some(id)) => uploads::go_on(&mut kept, id, asked),
            Resource::List(kind) => page::list(&mut kept, *kind, asked),
            Resource::Get(kind, id) => get(&mut kept, *kind, id, asked),
            Resource::Delete(kind, id) => delete(&mut kept, *kind, id, asked),
            Resource::CreateCache => caches::create(&mut kept, asked),
            Resource::UpdateCache(id) => caches::update(&mut kept, id, asked),
            Resource::StartBatch(of, model) => batches::start(&mut kept, *of, model, asked),
            Resource::CancelBatch(id) => batches::cancel(&mut kept, id, asked),
        };
        answered.unwrap_or_else(|error| Reply::error(&error, Shape::Unary))
    }

    /// Checks what a body mentions and says how many tokens its cache holds.
    ///
    /// # Errors
    /// What is not the project's, not ready, or made for another model.
    pub(crate) fn check_use(
        &self,
        project: &str,
        model: &str,
        body: &Value,
        now_ms: u64,
    ) -> Result<u64, GoogleError> {
        use_of::check(&mut self.lock(), project, model, body, now_ms)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn new_id(&mut self, length: usize) -> String {
        self.made += 1;
        hash::characters(hash::split_mix(self.made), ID_LETTERS, length)
    }
}

impl<T> Drawer<T> {
    fn get(&mut self, project: &str, id: &str) -> Option<&mut T> {
        self.0.get_mut(&(project.to_owned(), id.to_owned()))
    }

    /// # Errors
    /// One that is there already, or a drawer that is full.
    fn put(&mut self, project: &str, id: &str, thing: T) -> Result<&mut T, GoogleError> {
        let key = (project.to_owned(), id.to_owned());
        if self.0.contains_key(&key) {
            return Err(GoogleError::new(
                409,
                "ALREADY_EXISTS",
                "Requested entity already exists",
            ));
        }
        if self.0.len() >= MAX_KEPT {
            // No recording.
            return Err(GoogleError::new(
                429,
                "RESOURCE_EXHAUSTED",
                "Too many resources.",
            ));
        }
        Ok(self.0.entry(key).or_insert(thing))
    }

    fn remove(&mut self, project: &str, id: &str) -> Option<T> {
        self.0.remove(&(project.to_owned(), id.to_owned()))
    }

    fn of<'a>(&'a self, project: &'a str) -> impl Iterator<Item = (&'a str, &'a T)> {
        let mine = self
            .0
            .iter()
            .filter(move |((owner, _), _)| owner == project);
        mine.map(|((_, id), thing)| (id.as_str(), thing))
    }
}

fn get(kept: &mut Kept, kind: Kind, id: &str, asked: Asked<'_>) -> Answered {
    match kind {
        Kind::File => {
            let file = files::find(kept, id, asked)?;
            let answer = document(&file.describe(id));
            // It is ready when it is looked at again.
            file.finish();
            Ok(answer)
        }
        Kind::Cache => Ok(document(&caches::find(kept, id, asked)?.describe(id))),
        Kind::Batch => {
            let batch = batches::find(kept, id, asked)?;
            batch.run(asked);
            Ok(document(&batch.describe(id)))
        }
    }
}

fn delete(kept: &mut Kept, kind: Kind, id: &str, asked: Asked<'_>) -> Answered {
    match kind {
        Kind::File => {
            files::find(kept, id, asked)?;
            kept.files.remove(asked.project, id);
        }
        Kind::Cache => {
            caches::find(kept, id, asked)?;
            kept.caches.remove(asked.project, id);
        }
        Kind::Batch => {
            batches::find(kept, id, asked)?;
            kept.batches.remove(asked.project, id);
        }
    }
    Ok(document(&Map::new()))
}

fn document(value: &impl Serialize) -> Reply {
    Reply::document(render::document(value))
}

/// As Google writes times.
fn time(ms: u64) -> String {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.to_string()
}
