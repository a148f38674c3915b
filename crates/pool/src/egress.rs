//! Egresses: the addresses that requests leave from, which of them a key uses, and which are refused for a while.
//!
//! It knows no addresses, only names: what an egress is made of (base URL, headers) is its user's. One [`Egresses`]
//! serves all pools of an instance. How long one backs off is `egress/back_off.rs`.

mod back_off;

use sha2::{Digest as _, Sha256};

use crate::key_id::KeyId;
use crate::time::UnixMillis;
use crate::verdict::{EgressCause, Retry, Verdict};

use back_off::BackOff;

/// Most egresses. Each is a set of variables that somebody typed; a handful is usual.
pub const MAX_EGRESSES: usize = 64;

/// Separates the digest of a name from every other digest.
const DOMAIN: &[u8] = b"gempool egress\0";

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

/// Whom a refusal is laid to that several keys of one address got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
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
    /// Its part of the rendezvous hash: instances that know the same names choose alike, in whatever order.
    seed: u64,
    back_off: BackOff,
}

impl Egress {
    fn new(name: String) -> Self {
        let mut digest = Sha256::new();
        digest.update(DOMAIN);
        digest.update(&name);
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self {
            name,
            seed: u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            back_off: BackOff::default(),
        }
    }
}

impl Default for Egresses {
    fn default() -> Self {
        Self {
            all: vec![Egress::new("default".to_owned())],
        }
    }
}

impl Egresses {
    /// Egresses of these names, none of them backing off. An [`EgressIndex`] is the place in this list.
    ///
    /// # Errors
    /// [`InvalidEgresses`] if there are none, too many, or two of one name.
    pub fn new(names: Vec<String>) -> Result<Self, InvalidEgresses> {
        if names.is_empty() {
            return Err(InvalidEgresses::None);
        }
        if names.len() > MAX_EGRESSES {
            return Err(InvalidEgresses::TooMany { count: names.len() });
        }
        let mut all: Vec<Egress> = Vec::with_capacity(names.len());
        for name in names {
            if all.iter().any(|egress| egress.name == name) {
                return Err(InvalidEgresses::Twice { name });
            }
            all.push(Egress::new(name));
        }
        Ok(Self { all })
    }

    /// The names, in the order of their indexes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|egress| egress.name.as_str())
    }

    /// The egress of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<EgressIndex> {
        self.indexed()
            .find_map(|(index, egress)| (egress.name == name).then_some(index))
    }

    /// The egress that a key uses now: the one it is pinned to, or one that its id chooses among those that do not
    /// back off (rendezvous hash: only the keys of an egress that backs off move, and they come back).
    ///
    /// `None` if the key has to wait: its pinned egress backs off or is unknown ([`Self::find`] tells), or all do.
    #[must_use]
    pub fn of(&self, pinned: Option<&str>, key: KeyId, now: UnixMillis) -> Option<EgressIndex> {
        if let Some(name) = pinned {
            let index = self.find(name)?;
            return self.until(index, now).is_none().then_some(index);
        }
        let key = u64::from_be_bytes(key.to_bytes());
        self.indexed()
            .filter(|(_, egress)| egress.back_off.until(now).is_none())
            .max_by_key(|(_, egress)| mixed(key ^ egress.seed))
            .map(|(index, _)| index)
    }

    /// When this egress may be used again; `None` if now.
    #[must_use]
    pub fn until(&self, index: EgressIndex, now: UnixMillis) -> Option<UnixMillis> {
        self.all.get(index.get())?.back_off.until(now)
    }

    /// When the first egress may be used again, if all back off: what a client's `Retry-After` says then.
    #[must_use]
    pub fn all_until(&self, now: UnixMillis) -> Option<UnixMillis> {
        // An egress that may be used now makes the whole answer `None`.
        let untils: Option<Vec<_>> = self
            .all
            .iter()
            .map(|egress| egress.back_off.until(now))
            .collect();
        untils?.into_iter().min()
    }

    /// Notes that an answer refused the address itself ([`Verdict::Egress`]): 10 minutes for its country, a minute
    /// and growing for the "Sorry" page.
    pub fn note_refused(
        &mut self,
        index: EgressIndex,
        cause: EgressCause,
        now: UnixMillis,
        random: u64,
    ) {
        if let Some(egress) = self.all.get_mut(index.get()) {
            egress.back_off.note_refused(cause, now, random);
        }
    }

    /// Notes a 429 without details ([`crate::CoolingCause::Unexplained`]), and says whom to blame: three different
    /// keys within 5 seconds, without a success between them, blame the egress. Ask *before* the verdict is applied
    /// to the key.
    pub fn note_unexplained_429(
        &mut self,
        index: EgressIndex,
        key: KeyId,
        now: UnixMillis,
        random: u64,
    ) -> Blame {
        self.all.get_mut(index.get()).map_or(Blame::Key, |egress| {
            egress.back_off.note_unexplained_429(key, now, random)
        })
    }

    /// Notes that a key is restricted to other places or services ([`crate::CoolingCause::KeyRestricted`]), and says
    /// whom to blame: three different keys within a minute, without a success between them, blame the egress. Ask
    /// *before* the verdict is applied to the key.
    pub fn note_restricted(
        &mut self,
        index: EgressIndex,
        key: KeyId,
        now: UnixMillis,
        random: u64,
    ) -> Blame {
        self.all.get_mut(index.get()).map_or(Blame::Key, |egress| {
            egress.back_off.note_restricted(key, now, random)
        })
    }

    /// Notes a broken connection ([`Verdict::Network`]): three within 5 seconds, without a success between them, make
    /// the egress back off, so that its keys go another way. With a single egress there is none, and nothing happens.
    pub fn note_broken(&mut self, index: EgressIndex, now: UnixMillis, random: u64) {
        if self.all.len() < 2 {
            return;
        }
        if let Some(egress) = self.all.get_mut(index.get()) {
            egress.back_off.note_broken(now, random);
        }
    }

    /// Notes a usable answer: suspicion ends, and the next back-off starts short again. During a back-off it proves
    /// nothing, because it was asked for before.
    pub fn note_success(&mut self, index: EgressIndex, now: UnixMillis) {
        if let Some(egress) = self.all.get_mut(index.get()) {
            egress.back_off.note_success(now);
        }
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

    fn indexed(&self) -> impl Iterator<Item = (EgressIndex, &Egress)> {
        (0..=u8::MAX).map(EgressIndex).zip(&self.all)
    }
}

/// Spreads what differs in a few bits over all of them: the finalizer of `MurmurHash3`
/// (<https://github.com/aappleby/smhasher/wiki/MurmurHash3>).
fn mixed(mut value: u64) -> u64 {
    value ^= value >> 33;
    value = value.wrapping_mul(0xff51_afd7_ed55_8ccd);
    value ^= value >> 33;
    value = value.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ (value >> 33)
}

#[cfg(test)]
mod tests;
