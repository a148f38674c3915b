//! What a request asks of a pool, and what it gets: a key, a page to load first, or a reason.
//!
//! Only values; how they come about is `choose.rs`.

use std::time::Duration;

use crate::egress::EgressIndex;
use crate::key::ApiKey;
use crate::key_id::KeyId;
use crate::time::UnixMillis;
use crate::wait::WaitCause;

/// What one attempt of a request needs. Model names are those sent upstream, without `models/`; the caller makes sure
/// that one model has one name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// The model.
    pub model: &'a str,
    /// Keys that this request has tried already: none of them is chosen.
    pub tried: &'a [KeyId],
    /// The only key that can serve it, because a file or a cache is this key's.
    pub only: Option<KeyId>,
    /// Whether the key's project must be known to pay: Google may train on what is sent to others.
    pub paid_only: bool,
    /// Digest of the conversation's head; counts where the policy asks for affinity.
    pub conversation: Option<u64>,
    /// Input tokens, about: for quotas of tokens.
    pub tokens: u64,
    /// How long the request would wait for a key: the policy for emergencies applies only where none returns within.
    pub patience: Duration,
}

/// What [`crate::Pool::select`] answers.
#[derive(Clone, Debug)]
pub enum Choice {
    /// This key. Report what came of it to [`crate::Pool::record`].
    Key(Selected),
    /// Load this page ([`crate::Pool::load`]), then ask again.
    Page(usize),
    /// There is none.
    None(NoKey),
}

/// The key that serves the next request.
#[derive(Clone, Debug)]
pub struct Selected {
    /// For the list of tried keys, and for what is reported of it.
    pub id: KeyId,
    /// The key itself, so that the pool need not be borrowed while the request is under way.
    pub key: ApiKey,
    /// Whether this is the trial request after a cooling.
    pub probe: bool,
    /// Which way the request takes.
    pub egress: EgressIndex,
}

/// What a report is about: one use of a key.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The key.
    pub id: KeyId,
    /// The way it took.
    pub egress: EgressIndex,
    /// The model of the request.
    pub model: &'a str,
}

impl Selected {
    /// The use of this key for this model.
    #[must_use]
    pub fn attempt<'a>(&self, model: &'a str) -> Attempt<'a> {
        Attempt {
            id: self.id,
            egress: self.egress,
            model,
        }
    }
}

/// Why there is no key for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// The pool has no keys.
    #[error("the pool has no keys")]
    Empty,
    /// The only key that can serve the request is not in the pool any more.
    #[error("the key that owns the resource is no longer in the pool")]
    Gone,
    /// Keys are usable, but this request has tried each of them.
    #[error("every usable key has been tried")]
    AllTried,
    /// No key will work until somebody acts: each is dead or disabled.
    #[error("every key of the pool is dead or disabled")]
    AllDead,
    /// The request may only go out with a key that is paid for, and none of those is known that works.
    #[error("no working key of the pool is known to be paid for")]
    NonePaid,
    /// Keys will be usable again without anybody acting.
    #[error("every key is cooling")]
    AllCooling {
        /// When the first of them is; `now` if not all pages could be looked at, so that it is worth asking again.
        soonest: UnixMillis,
        /// Why that one has to wait.
        cause: WaitCause,
    },
    /// The model is overloaded for everybody.
    #[error("the model is overloaded")]
    ModelBackoff {
        /// When to try again.
        until: UnixMillis,
    },
    /// Google refuses every egress.
    #[error("every egress is refused for now")]
    EgressBackoff {
        /// When to try again.
        until: UnixMillis,
    },
    /// Google has refused the model to several different keys for good, and to none it has not.
    #[error("no key of the pool may use the model")]
    NoSuchModel {
        /// When to ask again.
        until: UnixMillis,
    },
}
