//! All keys of a pool with the states that instances have noted, for listing and testing them.
//!
//! It reads and changes nothing.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use gempool_pool::{KeyId, KeyRecord, Mark};
use gempool_state::{PoolId, Root, load_pool_keys, read_marks};

use crate::args::State;
use crate::clock;
use crate::output::remark;
use crate::session::Session;

/// All keys of a pool with what instances know of them.
pub(crate) struct Known {
    pub(crate) records: Vec<KeyRecord>,
    marks: HashMap<KeyId, Mark>,
}

impl Known {
    /// Reads them.
    pub(crate) async fn load(session: &Session, pool: &PoolId, root: &Root) -> Result<Self> {
        let whole = load_pool_keys(&session.backend, &session.vault, root).await?;
        for damaged in &whole.damaged {
            remark(&format!("some keys cannot be read: {damaged}"));
        }
        let mut records = whole.records;
        records.sort_by_key(|record| (record.added_at, record.stamp));
        let pages: BTreeSet<usize> = records
            .iter()
            .map(|record| record.id().page(root.keys.bits))
            .collect();
        let mut marks = HashMap::new();
        for page in pages {
            let read = read_marks(&session.backend, pool, root.keys.bits, page).await?;
            marks.extend(read.marks.into_iter().map(|mark| (mark.key, mark)));
        }
        Ok(Self { records, marks })
    }

    /// What instances know of a key, if it is of its present life.
    pub(crate) fn mark(&self, record: &KeyRecord) -> Option<&Mark> {
        let mark = self.marks.get(&record.id())?;
        (mark.generation >= record.generation).then_some(mark)
    }

    /// A key's state and why.
    pub(crate) fn state(&self, record: &KeyRecord) -> (State, String) {
        if record.disabled {
            return (State::Disabled, String::new());
        }
        let now = clock::now();
        let Some(mark) = self.mark(record) else {
            return (State::Ready, String::new());
        };
        if let Some(cause) = mark.dead {
            return (State::Dead, name_of(&cause));
        }
        let coolings: Vec<String> = mark
            .coolings
            .iter()
            .filter(|cooling| cooling.until > now)
            .map(|cooling| {
                format!(
                    "{} {} for {} s",
                    cooling.model.as_deref().unwrap_or("all models"),
                    name_of(&cooling.cause),
                    cooling.until.saturating_since(now).as_secs()
                )
            })
            .collect();
        if coolings.is_empty() {
            (State::Ready, String::new())
        } else {
            (State::Cooling, coolings.join(", "))
        }
    }
}

/// A cause as its documents call it.
pub(crate) fn name_of(cause: &impl serde::Serialize) -> String {
    match serde_json::to_value(cause) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
