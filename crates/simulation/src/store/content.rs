//! What the store holds, with as much of its past as a stale reader may see.
//!
//! Every call lands at one moment; what happens on the way is not its business.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// One call.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Get(String),
    Set(String, Rc<[u8]>),
    Delete(String),
    Add(String, i64),
    Forget(String),
}

impl Call {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Get(name)
            | Self::Set(name, _)
            | Self::Delete(name)
            | Self::Add(name, _)
            | Self::Forget(name) => name,
        }
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self, Self::Get(_))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Get(name) => write!(formatter, "get {name}"),
            Self::Set(name, document) => write!(formatter, "set {name} ({} B)", document.len()),
            Self::Delete(name) => write!(formatter, "delete {name}"),
            Self::Add(name, delta) => write!(formatter, "add {delta} to {name}"),
            Self::Forget(name) => write!(formatter, "forget {name}"),
        }
    }
}

/// What a call came to.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    Document(Option<Rc<[u8]>>),
    Sum(i64),
    Done,
}

impl Reply {
    pub(super) fn into_document(self) -> Option<Vec<u8>> {
        match self {
            Self::Document(document) => document.map(|bytes| bytes.to_vec()),
            Self::Sum(_) | Self::Done => None,
        }
    }

    pub(super) fn into_sum(self) -> i64 {
        match self {
            Self::Sum(sum) => sum,
            Self::Document(_) | Self::Done => 0,
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(None) => write!(formatter, "none"),
            Self::Document(Some(document)) => write!(formatter, "{} B", document.len()),
            Self::Sum(sum) => write!(formatter, "{sum}"),
            Self::Done => write!(formatter, "done"),
        }
    }
}

/// Documents and counters.
#[derive(Default)]
pub(super) struct Content {
    documents: BTreeMap<String, Vec<Version>>,
    counters: BTreeMap<String, i64>,
}

struct Version {
    since: u64,
    document: Option<Rc<[u8]>>,
}

impl Content {
    /// Lands a call. What nobody can see any more, `stale_ms` being the oldest view, is forgotten.
    pub(super) fn apply(&mut self, call: &Call, now: u64, stale_ms: u64) -> Reply {
        match call {
            Call::Get(name) => return Reply::Document(self.at(name, now)),
            Call::Set(name, document) => {
                self.put(name, Some(Rc::clone(document)), now, stale_ms);
            }
            Call::Delete(name) => self.put(name, None, now, stale_ms),
            Call::Add(name, delta) => {
                let sum = self.counters.entry(name.clone()).or_default();
                *sum = sum.saturating_add(*delta);
                return Reply::Sum(*sum);
            }
            Call::Forget(name) => {
                self.counters.remove(name);
            }
        }
        Reply::Done
    }

    fn put(&mut self, name: &str, document: Option<Rc<[u8]>>, now: u64, stale_ms: u64) {
        let versions = self.documents.entry(name.to_owned()).or_default();
        versions.push(Version {
            since: now,
            document,
        });
        let oldest_view = now.saturating_sub(stale_ms);
        let outdated = versions
            .iter()
            .rposition(|version| version.since <= oldest_view)
            .unwrap_or(0);
        versions.drain(..outdated);
    }

    /// The document as it was then.
    pub(super) fn at(&self, name: &str, then: u64) -> Option<Rc<[u8]>> {
        let versions = self.documents.get(name)?;
        let seen = versions.iter().rfind(|version| version.since <= then)?;
        seen.document.clone()
    }

    #[cfg(test)]
    pub(super) fn newest(&self, name: &str) -> Option<Vec<u8>> {
        self.at(name, u64::MAX).map(|document| document.to_vec())
    }

    pub(super) fn names_with(&self, bytes: &[u8]) -> Vec<String> {
        let holds = |document: &Rc<[u8]>| {
            bytes.is_empty() || document.windows(bytes.len()).any(|window| window == bytes)
        };
        let found = self.documents.iter().filter(|(_, versions)| {
            let newest = versions.last().and_then(|last| last.document.as_ref());
            newest.is_some_and(holds)
        });
        found.map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn size(&self) -> (usize, usize) {
        let living =
            |versions: &&Vec<Version>| versions.last().is_some_and(|last| last.document.is_some());
        let documents = self.documents.values().filter(living).count();
        (documents, self.counters.len())
    }
}
